//! What the types do, area by area, as sentences.

#![cfg(test)]
#![expect(
    clippy::string_slice,
    reason = "a test that cuts a letter in two breaks, and says so"
)]

mod decimal;
mod interval;
mod quantity;
mod temporal;
mod value;
