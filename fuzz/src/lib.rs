//! What must hold for any input: the properties that the fuzz targets hold against what the fuzzer invents, and an
//! ordinary test (`crates/fhirpath/tests/fuzz_seeds.rs`) against the kept seeds.

pub mod fhirpath;
