//! Holds generated records against published figures and prints the table.
//!
//! `cargo run --release -p salus-synth --example check -- [PATIENTS [YEARS [SEED]]]`
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use std::error::Error;

use salus_synth::{Options, check};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut options = Options {
        patients: 4000,
        ..Options::default()
    };
    if let Some(patients) = arguments.next() {
        options.patients = patients.parse()?;
    }
    if let Some(years) = arguments.next() {
        options.years = years.parse()?;
    }
    if let Some(seed) = arguments.next() {
        options.seed = seed.parse()?;
    }
    println!("{}", check(&options)?);
    Ok(())
}
