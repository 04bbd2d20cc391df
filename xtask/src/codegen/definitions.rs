//! Reads the slim definition files: one JSON resource a line, gzip.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::CodegenError;

/// A StructureDefinition, only what the tables keep.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Structure {
    pub name: String,
    pub kind: String,
    #[serde(default)]
    pub r#abstract: bool,
    pub base_definition: Option<String>,
    pub derivation: Option<String>,
    pub snapshot: Snapshot,
}

/// The snapshot view of a StructureDefinition.
#[derive(Deserialize)]
pub struct Snapshot {
    pub element: Vec<ElementDefinition>,
}

/// One element of a snapshot.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementDefinition {
    pub path: String,
    pub min: u16,
    pub max: String,
    #[serde(default, rename = "type")]
    pub types: Vec<ElementType>,
    pub content_reference: Option<String>,
    pub base: Option<Base>,
    pub binding: Option<Binding>,
    #[serde(default)]
    pub is_modifier: bool,
    #[serde(default)]
    pub is_summary: bool,
}

/// Where an element was first defined.
#[derive(Deserialize)]
pub struct Base {
    pub path: String,
}

/// One allowed type of an element.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementType {
    pub code: String,
    #[serde(default)]
    pub target_profile: Vec<String>,
    #[serde(default)]
    pub extension: Vec<TypeExtension>,
}

/// An extension on a type: `structuredefinition-fhir-type` says the FHIR type behind a System type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TypeExtension {
    pub url: String,
    pub value_url: Option<String>,
}

/// A binding to a value set.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Binding {
    pub strength: String,
    pub value_set: Option<String>,
}

/// A SearchParameter.
#[derive(Deserialize)]
pub struct SearchParameter {
    pub version: String,
    pub code: String,
    pub base: Vec<String>,
    #[serde(rename = "type")]
    pub kind: String,
    pub expression: Option<String>,
    #[serde(default)]
    pub target: Vec<String>,
}

/// A CompartmentDefinition.
#[derive(Deserialize)]
pub struct Compartment {
    pub code: String,
    pub resource: Vec<CompartmentResource>,
}

/// The parameters that put one resource type into a compartment.
#[derive(Deserialize)]
pub struct CompartmentResource {
    pub code: String,
    #[serde(default)]
    pub param: Vec<String>,
}

/// All StructureDefinitions of a file that define a type (profiles such as SimpleQuantity do not).
pub fn structures(path: &Path) -> Result<Vec<Structure>, CodegenError> {
    // The npm package adds these of R4B and R5 to R4.
    const NOT_R4: [&str; 2] = ["SubscriptionStatus", "MetadataResource"];
    let mut all: Vec<Structure> = read(path, "StructureDefinition")?;
    all.retain(|s| !NOT_R4.contains(&s.name.as_str()));
    Ok(all
        .into_iter()
        .filter(|s| s.derivation.as_deref() != Some("constraint"))
        .collect())
}

/// Each type after its base, else in the given order: readers can inherit as they go.
pub fn bases_first(mut waiting: Vec<Structure>) -> Vec<Structure> {
    let mut sorted: Vec<Structure> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let known: HashSet<String> = sorted.iter().map(|s| s.name.clone()).collect();
        let has_base = |s: &Structure| {
            let base = s
                .base_definition
                .as_deref()
                .and_then(|url| url.rsplit('/').next());
            base.is_none_or(|base| known.contains(base))
        };
        let (ready, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(has_base);
        if ready.is_empty() {
            sorted.extend(later);
            break;
        }
        sorted.extend(ready);
        waiting = later;
    }
    sorted
}

/// All SearchParameters of a file.
pub fn search_parameters(path: &Path) -> Result<Vec<SearchParameter>, CodegenError> {
    // The npm package adds one of a later version (of DeviceDefinition.classification).
    let mut all: Vec<SearchParameter> = read(path, "SearchParameter")?;
    all.retain(|p| p.version == "4.0.1");
    Ok(all)
}

/// All CompartmentDefinitions of a file.
pub fn compartments(path: &Path) -> Result<Vec<Compartment>, CodegenError> {
    read(path, "CompartmentDefinition")
}

/// Every resource of type `resource` in the file.
fn read<T: DeserializeOwned>(path: &Path, resource: &str) -> Result<Vec<T>, CodegenError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        resource_type: String,
    }
    let failed = |source| CodegenError::Read {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut out = Vec::new();
    for (index, line) in BufReader::new(flate2::read::GzDecoder::new(file))
        .lines()
        .enumerate()
    {
        let line = line.map_err(failed)?;
        let wrong = |source| CodegenError::Definition {
            path: path.to_owned(),
            line: index + 1,
            source,
        };
        let head: Head = serde_json::from_str(&line).map_err(wrong)?;
        if head.resource_type == resource {
            out.push(serde_json::from_str(&line).map_err(wrong)?);
        }
    }
    Ok(out)
}
