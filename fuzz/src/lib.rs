//! What must hold for any input: the properties that the fuzz targets hold against what the fuzzer invents, and
//! ordinary tests (`fuzz_seeds.rs` of the crates) against the kept seeds.

pub mod cql;
pub mod fhirpath;
pub mod views;
