//! What `cargo metadata` says about who depends on whom, dev-dependencies left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// Why the dependencies are not known.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// Cargo did not start.
    #[error("cannot start `cargo metadata`")]
    Start(#[source] std::io::Error),
    /// Cargo refused.
    #[error("`cargo metadata` failed: {words}")]
    Refused {
        /// What it wrote on stderr.
        words: String,
    },
    /// Cargo's answer is not the JSON of format version 1.
    #[error("`cargo metadata` wrote something unexpected")]
    Json(#[from] serde_json::Error),
}

/// The dependency graph of the workspace.
#[derive(Debug)]
pub struct Metadata {
    members: BTreeSet<String>,
    names: BTreeMap<String, String>,
    edges: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Raw {
    packages: Vec<RawPackage>,
    workspace_members: Vec<String>,
    resolve: RawResolve,
}

#[derive(Deserialize)]
struct RawPackage {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct RawResolve {
    nodes: Vec<RawNode>,
}

#[derive(Deserialize)]
struct RawNode {
    id: String,
    deps: Vec<RawDependency>,
}

#[derive(Deserialize)]
struct RawDependency {
    pkg: String,
    dep_kinds: Vec<RawKind>,
}

#[derive(Deserialize)]
struct RawKind {
    kind: Option<String>,
}

impl Metadata {
    /// Asks cargo about the workspace at `root`.
    pub fn read(root: &Path) -> Result<Self, MetadataError> {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(root)
            .output()
            .map_err(MetadataError::Start)?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(MetadataError::Refused { words });
        }
        Ok(Self::from_raw(serde_json::from_slice(&output.stdout)?))
    }

    fn from_raw(raw: Raw) -> Self {
        let names: BTreeMap<String, String> = raw
            .packages
            .into_iter()
            .map(|package| (package.id, package.name))
            .collect();
        let members = raw
            .workspace_members
            .iter()
            .filter_map(|id| names.get(id).cloned())
            .collect();
        let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for node in raw.resolve.nodes {
            let normal = node
                .deps
                .into_iter()
                .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none()));
            edges.insert(node.id, normal.map(|dependency| dependency.pkg).collect());
        }
        Self {
            members,
            names,
            edges,
        }
    }

    /// The names of the workspace's own packages.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(String::as_str)
    }

    /// The names of the packages that `package` names as normal dependencies.
    pub fn direct(&self, package: &str) -> BTreeSet<&str> {
        self.ids(package)
            .filter_map(|id| self.edges.get(id))
            .flatten()
            .filter_map(|id| self.names.get(id).map(String::as_str))
            .collect()
    }

    /// The names of all packages that `package` is built with, but for the edges `without`: (from, to).
    pub fn tree(&self, package: &str, without: &[(&str, &str)]) -> BTreeSet<&str> {
        let name = |id: &str| self.names.get(id).map_or("", String::as_str);
        let mut seen = BTreeSet::new();
        let mut todo: Vec<&String> = self.ids(package).collect();
        while let Some(id) = todo.pop() {
            if seen.insert(id) {
                let next = self.edges.get(id).into_iter().flatten();
                todo.extend(next.filter(|to| !without.contains(&(name(id), name(to)))));
            }
        }
        seen.into_iter()
            .filter_map(|id| self.names.get(id).map(String::as_str))
            .collect()
    }

    fn ids<'a>(&'a self, package: &'a str) -> impl Iterator<Item = &'a String> {
        self.names
            .iter()
            .filter(move |(_, name)| *name == package)
            .map(|(id, _)| id)
    }
}
