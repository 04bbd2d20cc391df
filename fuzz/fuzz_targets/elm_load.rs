//! Loading, compiling and evaluating ELM, JSON or XML.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salus_fuzz::cql::load(text));
