//! Translating CQL to ELM and compiling it.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salus_fuzz::cql::translate(text));
