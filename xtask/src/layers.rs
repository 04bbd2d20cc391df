//! `cargo xtask layers`: dependencies point one way (ARCHITECTURE.md, invariants 1 to 3).
//!
//! ```text
//! base ─► values fhir hl7v2 ─► columns ─► lexis terminology fhirpath cql views
//!      ─► lake ─► engine ─► jobs ─► report ─► cli server
//! ```

mod metadata;

use std::path::Path;

use self::metadata::{Metadata, MetadataError};
use crate::say;

/// Why the check could not run or says no.
#[derive(Debug, thiserror::Error)]
pub enum LayersError {
    /// Cargo could not tell the dependencies.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Some dependencies point the wrong way.
    #[error("{} dependencies break the layers:\n{}", faults.len(), faults.join("\n"))]
    Broken {
        /// One sentence for each.
        faults: Vec<String>,
    },
}

/// A layer: who is in it, and whether its crates may know each other.
struct Layer {
    name: &'static str,
    crates: &'static [&'static str],
    among_themselves: bool,
}

const LAYERS: &[Layer] = &[
    Layer {
        name: "base",
        crates: &["base"],
        among_themselves: false,
    },
    Layer {
        name: "model",
        crates: &["values", "fhir", "hl7v2"],
        among_themselves: false,
    },
    Layer {
        name: "columns",
        crates: &["columns"],
        among_themselves: false,
    },
    Layer {
        name: "language",
        crates: &["lexis", "terminology", "fhirpath", "cql", "views"],
        among_themselves: true,
    },
    Layer {
        name: "lake",
        crates: &["lake"],
        among_themselves: false,
    },
    Layer {
        name: "engine",
        crates: &["engine"],
        among_themselves: false,
    },
    Layer {
        name: "job",
        crates: &[
            "quality",
            "safety",
            "cost",
            "access",
            "outbreak",
            "chronic",
            "paperwork",
        ],
        among_themselves: false,
    },
    Layer {
        name: "report",
        crates: &["report"],
        among_themselves: false,
    },
    Layer {
        name: "edge",
        crates: &["cli", "server", "cluster"],
        among_themselves: true,
    },
];

/// Crates beside the layers, and the only crates of ours they may know.
const TOOLS: &[(&str, &[&str])] = &[("synth", &["base"])];

/// Crates without code, which only choose features of outside crates; everybody may name them.
const FEATURES: &[&str] = &["unify"];

/// Packages that work on the project and are no part of it.
const WORKSHOP: &[&str] = &["xtask", "salus-bench"];

/// Outside crates that only some of ours may name as a dependency: (crate, who may).
const RESERVED: &[(&str, &[&str])] = &[
    ("object_store", &["lake"]),
    ("sqlx", &["lake"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("indicatif", &["cli"]),
    ("miette", &["cli"]),
    ("rustyline", &["cli"]),
    ("axum", &["server"]),
    ("hyper", &["server"]),
];

/// Layers up to and including `language` build without these, anywhere in their tree.
const HEAVY: &[&str] = &["tokio", "datafusion", "axum", "sqlx", "object_store"];

/// Dependencies that are only there because another crate of the workspace asks for a feature: cargo's metadata
/// knows one set of features for all. `cargo build -p` of a light crate goes without. (from, to)
const BY_OTHERS: &[(&str, &str)] = &[("parquet", "tokio"), ("parquet", "object_store")];

/// Checks the workspace at `root`.
pub fn run(root: &Path) -> Result<(), LayersError> {
    let metadata = Metadata::read(root)?;
    let faults = faults(&metadata);
    if !faults.is_empty() {
        return Err(LayersError::Broken { faults });
    }
    say(&format!(
        "layers: {} crates, all dependencies point one way",
        metadata.members().count()
    ));
    Ok(())
}

fn faults(metadata: &Metadata) -> Vec<String> {
    let mut faults = Vec::new();
    for member in metadata
        .members()
        .filter(|member| !WORKSHOP.contains(member))
    {
        let Some(short) = member.strip_prefix("salus-") else {
            faults.push(format!("`{member}` does not begin with `salus-`"));
            continue;
        };
        if FEATURES.contains(&short) {
            continue;
        }
        let Some(place) = Place::of(short) else {
            faults.push(format!(
                "`{short}` has no layer: give it one in xtask/src/layers.rs"
            ));
            continue;
        };
        for dependency in metadata.direct(member) {
            if let Some(other) = dependency.strip_prefix("salus-") {
                faults.extend(place.fault(short, other));
            }
            faults.extend(reserved_fault(short, dependency));
        }
        if place.is_light() {
            faults.extend(heavy_faults(metadata, member, short));
        }
    }
    faults
}

fn reserved_fault(short: &str, dependency: &str) -> Option<String> {
    let (_, allowed) = RESERVED.iter().find(|(name, _)| *name == dependency)?;
    (!allowed.contains(&short)).then(|| {
        format!(
            "`{short}` depends on `{dependency}`, which only {} may",
            allowed.join(", ")
        )
    })
}

fn heavy_faults(metadata: &Metadata, member: &str, short: &str) -> Vec<String> {
    let tree = metadata.tree(member, BY_OTHERS);
    HEAVY
        .iter()
        .filter(|heavy| tree.contains(**heavy))
        .map(|heavy| format!("`{short}` must stay light but `{heavy}` is in its tree"))
        .collect()
}

/// Where a crate stands.
enum Place {
    Layer(usize),
    Tool(&'static [&'static str]),
}

impl Place {
    fn of(short: &str) -> Option<Self> {
        if let Some((_, known)) = TOOLS.iter().find(|(name, _)| *name == short) {
            return Some(Self::Tool(known));
        }
        LAYERS
            .iter()
            .position(|layer| layer.crates.contains(&short))
            .map(Self::Layer)
    }

    fn is_light(&self) -> bool {
        match self {
            Self::Tool(_) => true,
            Self::Layer(rank) => LAYERS.iter().take(3).len() > *rank,
        }
    }

    /// Why a crate at this place must not depend on the crate `other`.
    fn fault(&self, short: &str, other: &str) -> Option<String> {
        match (self, Self::of(other)?) {
            (Self::Tool(known), _) => (!known.contains(&other))
                .then(|| format!("`{short}` is a tool and must not depend on `{other}`")),
            (Self::Layer(rank), Self::Tool(_)) => (LAYERS.len() - 1 != *rank)
                .then(|| format!("`{short}` depends on the tool `{other}`: only edges may")),
            (Self::Layer(rank), Self::Layer(below)) => {
                let fine = below < *rank
                    || below == *rank && LAYERS.get(below).is_some_and(|one| one.among_themselves);
                (!fine).then(|| {
                    let (own, its) = (layer_name(*rank), layer_name(below));
                    format!("`{short}` ({own}) must not depend on `{other}` ({its})")
                })
            }
        }
    }
}

fn layer_name(rank: usize) -> &'static str {
    LAYERS.get(rank).map_or("nowhere", |layer| layer.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_keeps_its_layers() {
        let metadata = Metadata::read(&crate::root()).unwrap();
        assert_eq!(faults(&metadata), Vec::<String>::new());
    }

    #[test]
    fn a_dependency_that_points_upwards_is_named() {
        let fault = Place::of("lake").unwrap().fault("lake", "engine");
        assert_eq!(
            fault.unwrap(),
            "`lake` (lake) must not depend on `engine` (engine)"
        );
    }

    #[test]
    fn jobs_do_not_know_each_other_but_languages_may() {
        assert!(
            Place::of("cost")
                .unwrap()
                .fault("cost", "quality")
                .is_some()
        );
        assert!(
            Place::of("cql")
                .unwrap()
                .fault("cql", "terminology")
                .is_none()
        );
    }

    #[test]
    fn the_generator_knows_only_base_and_only_edges_know_it() {
        assert!(Place::of("synth").unwrap().fault("synth", "fhir").is_some());
        assert!(
            Place::of("report")
                .unwrap()
                .fault("report", "synth")
                .is_some()
        );
        assert!(Place::of("cli").unwrap().fault("cli", "synth").is_none());
    }

    #[test]
    fn only_the_lake_names_the_object_store() {
        assert!(reserved_fault("engine", "object_store").is_some());
        assert!(reserved_fault("lake", "object_store").is_none());
    }
}
