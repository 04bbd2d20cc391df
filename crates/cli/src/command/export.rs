//! `salus export`: every resource as the JSON that it came as.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use salus_lake::Form;
use salus_lake::catalog::At;
use salus_lake::export::{ExportRequest, export};
use salus_lake::{Lake, LakeError};

use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, thousands};
use crate::lake::{self, parse_at};
use crate::work::Work;

/// Arguments of `salus export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Resource types [default: all]
    #[arg(value_name = "TYPE")]
    types: Vec<String>,
    /// Only what belongs to this patient; may be given again
    #[arg(long, value_name = "ID")]
    patient: Vec<String>,
    /// Write TYPE.ndjson files into this folder instead of NDJSON on standard output
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// With references resolved and ids given, as the lake knows it; not equal to what came
    #[arg(long)]
    resolved: bool,
    /// As the lake was: number of a snapshot, or a time
    #[arg(long, value_name = "SNAPSHOT", default_value = "latest", value_parser = parse_at)]
    at: At,
}

impl Export {
    /// Writes them out.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = lake::open(&work, settings)?;
        let request = ExportRequest {
            types: self.types,
            patients: self.patient,
            form: if self.resolved {
                Form::Resolved
            } else {
                Form::AsLoaded
            },
        };
        let counts = match &self.output {
            Some(folder) => to_folder(&work, &lake, self.at, &request, folder),
            None => to_stdout(&work, &lake, self.at, &request),
        };
        work.end();
        let all: u64 = counts?.values().sum();
        let place = self
            .output
            .map_or(String::new(), |folder| format!(" to {}", folder.display()));
        face.talk(&format!("Exported {} resources{place}", thousands(all)));
        Ok(Outcome::Done)
    }
}

fn write(
    work: &Work,
    lake: &Lake,
    at: At,
    request: &ExportRequest,
    sink: &mut dyn FnMut(&str, &str) -> io::Result<()>,
) -> Result<BTreeMap<String, u64>, CliError> {
    let counts: Result<_, LakeError> = work.wait(async {
        let view = lake.catalog().view(at).await?;
        export(lake, &view, request, &work.cancel, sink).await
    });
    Ok(counts?)
}

fn to_stdout(
    work: &Work,
    lake: &Lake,
    at: At,
    request: &ExportRequest,
) -> Result<BTreeMap<String, u64>, CliError> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let counts = write(work, lake, at, request, &mut |_, json| {
        out.write_all(json.as_bytes())?;
        out.write_all(b"\n")
    })?;
    out.flush().map_err(CliError::Stdout)?;
    Ok(counts)
}

fn to_folder(
    work: &Work,
    lake: &Lake,
    at: At,
    request: &ExportRequest,
    folder: &Path,
) -> Result<BTreeMap<String, u64>, CliError> {
    let failed = |path: &Path, source| CliError::WriteFile {
        path: path.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    let mut files: BTreeMap<String, BufWriter<File>> = BTreeMap::new();
    let counts = write(work, lake, at, request, &mut |resource_type, json| {
        if !files.contains_key(resource_type) {
            let file = File::create(folder.join(format!("{resource_type}.ndjson")))?;
            files.insert(
                resource_type.to_owned(),
                BufWriter::with_capacity(1 << 16, file),
            );
        }
        let Some(file) = files.get_mut(resource_type) else {
            return Ok(());
        };
        file.write_all(json.as_bytes())?;
        file.write_all(b"\n")
    })?;
    for file in files.values_mut() {
        file.flush().map_err(|source| failed(folder, source))?;
    }
    Ok(counts)
}
