//! The binary as a user meets it: words, exit codes, and the way from records to answers.

mod errors;
mod help;
mod room;
mod spine;
