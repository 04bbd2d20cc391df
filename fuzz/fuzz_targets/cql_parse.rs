//! Reading and printing CQL.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salus_fuzz::cql::parse(text));
