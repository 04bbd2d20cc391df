//! Evaluating FHIRPath on records.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salus_fuzz::fhirpath::evaluate(text));
