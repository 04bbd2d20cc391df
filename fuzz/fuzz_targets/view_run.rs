//! Running views in every way.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salus_fuzz::views::run(text));
