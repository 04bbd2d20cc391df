//! Terminology from files, and how FHIRPath asks it.

use salus_fhir::json::Resource;
use salus_fhirpath::{HostCode, HostError};
use salus_terminology::{Added, Canonical, Terminology, TerminologyError};

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

const NONE: HostError = HostError::Unsupported {
    reason: "no terminology is loaded; name files with ValueSet and CodeSystem resources with `--terminology`",
};

/// `memberOf()`: whether one of the codes is in the value set.
pub fn member_of(
    terminology: Option<&Terminology>,
    codes: &[HostCode],
    value_set: &str,
) -> Result<Option<bool>, HostError> {
    let terminology = terminology.ok_or(NONE)?;
    let set = terminology
        .expand(&Canonical::parse(value_set))
        .map_err(failed)?;
    let is_member = |code: &HostCode| match &code.system {
        Some(system) => terminology.is_member(&set, system, &code.code),
        // A bare code is a member if the set has it in any system.
        None => set.iter().any(|id| {
            terminology
                .name(id)
                .is_some_and(|(_, known)| known == code.code)
        }),
    };
    Ok(Some(codes.iter().any(is_member)))
}

/// `subsumes()` and `subsumedBy()`.
pub fn subsumes(
    terminology: Option<&Terminology>,
    general: &HostCode,
    special: &HostCode,
) -> Result<Option<bool>, HostError> {
    let terminology = terminology.ok_or(NONE)?;
    match (&general.system, &special.system) {
        (Some(system), Some(other)) if system == other => terminology
            .subsumes(system, &general.code, &special.code)
            .map(Some)
            .map_err(failed),
        (Some(_), Some(_)) => Ok(Some(false)),
        _ => Ok(None),
    }
}

fn failed(error: TerminologyError) -> HostError {
    HostError::Failed {
        cause: error.to_string(),
    }
}
