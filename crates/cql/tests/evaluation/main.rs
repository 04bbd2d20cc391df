//! Programs of hand-made ELM, evaluated.

#![cfg(test)]

mod context;
mod hostile;
mod limits;
mod link;
mod lists;
mod measure;
mod queries;
mod retrieves;
mod support;
mod values;
