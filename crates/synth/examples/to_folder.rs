//! Writes a generated set into a folder: one NDJSON file per type and `truth.json`.
//!
//! `cargo run -p salus-synth --example to_folder -- FOLDER [PATIENTS [YEARS [SEED]]]`
#![expect(clippy::print_stderr, reason = "an example talks to its user")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use salus_synth::{Options, Sink, SinkError, generate};

struct Folder {
    path: PathBuf,
    files: BTreeMap<&'static str, BufWriter<File>>,
}

impl Sink for Folder {
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        if !self.files.contains_key(resource_type) {
            let file = File::create(self.path.join(format!("{resource_type}.ndjson")))?;
            self.files
                .insert(resource_type, BufWriter::with_capacity(1 << 20, file));
        }
        if let Some(file) = self.files.get_mut(resource_type) {
            file.write_all(line.as_bytes())?;
            file.write_all(b"\n")?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(
        arguments
            .next()
            .ok_or("usage: to_folder FOLDER [PATIENTS [YEARS [SEED]]]")?,
    );
    let mut options = Options::default();
    if let Some(patients) = arguments.next() {
        options.patients = patients.parse()?;
    }
    if let Some(years) = arguments.next() {
        options.years = years.parse()?;
    }
    if let Some(seed) = arguments.next() {
        options.seed = seed.parse()?;
    }
    std::fs::create_dir_all(&path)?;
    let mut folder = Folder {
        path: path.clone(),
        files: BTreeMap::new(),
    };
    let truth = generate(&options, &mut folder)?;
    for file in folder.files.values_mut() {
        file.flush()?;
    }
    serde_json::to_writer_pretty(File::create(path.join("truth.json"))?, &truth)?;
    eprintln!(
        "{} resources in {}",
        truth.counts.values().sum::<u64>(),
        path.display()
    );
    Ok(())
}
