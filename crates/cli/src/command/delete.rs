//! `salus delete TYPE/ID…`: a resource is no longer in the lake; its last version stays in the history.

use std::io::Write;

use clap::Args;
use salus_lake::source::{Input, InputKind};
use serde_json::json;

use crate::app::Outcome;
use crate::command::history::{Reference, parse_reference};
use crate::command::load::Job;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, thousands};
use crate::lake;
use crate::work::Work;

/// Arguments of `salus delete`.
#[derive(Debug, Args)]
#[command(
    after_help = "The last version stays in the history (salus history TYPE/ID) and in older snapshots."
)]
pub struct Delete {
    /// The resources, for instance Observation/123
    #[arg(required = true, value_name = "TYPE/ID", value_parser = parse_reference)]
    resources: Vec<Reference>,
}

impl Delete {
    /// Deletes them, as a load of a Bundle of deletions would; exit code 1 if one was not there.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = lake::open(&work, settings)?;
        let file = self.bundle()?;
        let input = Input {
            name: "salus delete".to_owned(),
            kind: InputKind::File(file.path.clone()),
            size_bytes: None,
        };
        let names: Vec<String> = self
            .resources
            .iter()
            .map(|one| format!("{}/{}", one.resource_type, one.id))
            .collect();
        let job = Job {
            command: format!("salus delete {}", names.join(" ")),
            inputs: vec![input],
            workers: Some(1),
            layout: salus_lake::ingest::Layout::default(),
        };
        let (loaded, _) = job.run(face, settings, &lake, &work.cancel)?;
        work.end();
        let deleted = loaded.total().deleted;
        let asked = self.resources.len() as u64;
        face.data(&format!(
            "Deleted {} of {}",
            thousands(deleted),
            thousands(asked)
        ))?;
        Ok(if deleted == asked {
            Outcome::Done
        } else {
            Outcome::Findings
        })
    }

    /// A Bundle with an entry `DELETE` for each, in a file that goes away by itself.
    fn bundle(&self) -> Result<Scratch, CliError> {
        let entries: Vec<_> = self
            .resources
            .iter()
            .map(|one| {
                let url = format!("{}/{}", one.resource_type, one.id);
                json!({ "request": { "method": "DELETE", "url": url } })
            })
            .collect();
        let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
        Scratch::write("delete.json", bundle.to_string().as_bytes())
    }
}

/// A file in the system's temporary folder that goes away by itself.
pub struct Scratch {
    /// Where it is.
    pub path: std::path::PathBuf,
}

impl Scratch {
    /// Writes it; nobody else can read it.
    pub fn write(name: &str, bytes: &[u8]) -> Result<Self, CliError> {
        let path = std::env::temp_dir().join(format!("salus-{}-{name}", std::process::id()));
        let failed = |source| CliError::WriteFile {
            path: path.clone(),
            source,
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(failed)?;
        let scratch = Self { path: path.clone() };
        file.write_all(bytes).map_err(failed)?;
        Ok(scratch)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
