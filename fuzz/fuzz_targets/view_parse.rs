//! Reading, checking and compiling views as JSON, and running those that compile.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salus_fuzz::views::parse(text));
