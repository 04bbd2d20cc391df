//! Evaluating CQL over a few records.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salus_fuzz::cql::evaluate(text));
