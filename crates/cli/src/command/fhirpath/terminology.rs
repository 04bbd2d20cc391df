//! How FHIRPath asks terminology.

use salus_fhirpath::{HostCode, HostError};
use salus_terminology::{Canonical, Terminology, TerminologyError};

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
