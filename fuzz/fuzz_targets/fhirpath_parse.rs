//! Reading, printing and typing FHIRPath.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salus_fuzz::fhirpath::parse(text));
