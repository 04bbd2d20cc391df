//! Terminology from files.

use salus_fhir::json::Resource;
use salus_terminology::{Added, Terminology};

use crate::command::records;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, thousands};
use crate::work::Work;

/// Loads the ValueSets, CodeSystems and manifests under the paths; `None` without paths.
pub fn load(
    face: &Face,
    settings: &Settings,
    paths: &[String],
) -> Result<Option<Terminology>, CliError> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut terminology = Terminology::default();
    let mut added = 0;
    let work = Work::start(face)?;
    records::for_each(face, &settings.limits, &work.cancel, paths, &mut |record| {
        let place = salus_base::Place::in_file(record.source).byte(record.offset);
        let resource = match Resource::parse(record.text) {
            Ok(resource) => resource,
            Err(error) => {
                face.trouble(&error.diagnostic().at(place));
                return Ok(());
            }
        };
        match terminology.add(&resource) {
            Ok(Added::Nothing) => {}
            Ok(_) => added += 1,
            Err(error) => face.trouble(&error.diagnostic().at(place)),
        }
        Ok(())
    })?;
    work.end();
    face.talk(&format!("Terminology: {} resources", thousands(added)));
    Ok(Some(terminology))
}
