//! A value set as its resource says it (R4 valueset.html).

use salus_fhir::json::Node;

use crate::canonical::Canonical;
use crate::code_set::CodeSet;
use crate::codes::{CodeId, Codes, SystemId};
use crate::error::TerminologyError;
use crate::filter::Filter;

/// One version of a value set.
#[derive(Debug)]
pub struct ValueSet {
    /// Its URL.
    pub url: Box<str>,
    /// Its business version.
    pub version: Option<Box<str>>,
    /// What people call it: `title`, else `name`.
    pub name: Option<Box<str>>,
    /// What it is made of.
    pub(crate) definition: Definition,
}

/// Where the members of a value set come from.
#[derive(Debug)]
pub(crate) enum Definition {
    /// The resource brought its expansion.
    Expansion(CodeSet),
    /// The resource brought a part of its expansion only.
    PartOfExpansion {
        held: u64,
        /// As the resource says, if it does.
        total: Option<u64>,
    },
    /// The resource says how to choose.
    Compose {
        include: Vec<Include>,
        exclude: Vec<Include>,
        /// `compose.inactive` is false: codes marked inactive are left out.
        only_active: bool,
    },
    /// Neither expansion nor compose.
    Nothing,
}

/// One `include` or `exclude`: what fits all of its parts.
#[derive(Debug, Clone)]
pub struct Include {
    pub(crate) system: Option<SystemId>,
    pub(crate) version: Option<Box<str>>,
    pub(crate) codes: Option<Vec<CodeId>>,
    /// `Err` holds the name of an operator that R4 does not have.
    pub(crate) filters: Vec<Result<Filter, Box<str>>>,
    pub(crate) value_sets: Vec<Canonical>,
}

impl ValueSet {
    /// Reads a `ValueSet` resource.
    pub(crate) fn read(root: Node<'_>, codes: &mut Codes) -> Result<Self, TerminologyError> {
        let text = |name: &str| -> Option<Box<str>> {
            let found = root.get(name)?.string()?;
            Some(found.as_ref().into())
        };
        let Some(url) = text("url").filter(|url| !url.is_empty()) else {
            return Err(TerminologyError::NoUrl {
                resource: "ValueSet",
                id: text("id").unwrap_or_default(),
            });
        };
        Ok(Self {
            url,
            version: text("version"),
            name: text("title").or_else(|| text("name")),
            definition: definition(root, codes),
        })
    }
}

fn definition(root: Node<'_>, codes: &mut Codes) -> Definition {
    if let Some(expansion) = root.get("expansion") {
        return read_expansion(expansion, codes);
    }
    let Some(compose) = root.get("compose") else {
        return Definition::Nothing;
    };
    let mut all = |name: &str| -> Vec<Include> {
        let list = compose.get(name);
        let items = list.into_iter().flat_map(|list| list.items());
        items.map(|node| read_include(node, codes)).collect()
    };
    Definition::Compose {
        include: all("include"),
        exclude: all("exclude"),
        only_active: compose.get("inactive").and_then(|node| node.boolean()) == Some(false),
    }
}

fn read_expansion(expansion: Node<'_>, codes: &mut Codes) -> Definition {
    let mut set = CodeSet::default();
    let mut held = 0;
    contains(expansion, codes, &mut set, &mut held);
    let total = expansion.get("total").and_then(|node| node.integer());
    let total = total.and_then(|total| u64::try_from(total).ok());
    if total.is_some_and(|total| total > held) || is_limited(expansion) {
        return Definition::PartOfExpansion { held, total };
    }
    Definition::Expansion(set)
}

/// Whether a server said that it left something out (`expansion.parameter` named `limitedExpansion`).
fn is_limited(expansion: Node<'_>) -> bool {
    let list = expansion.get("parameter");
    let mut parameters = list.into_iter().flat_map(|list| list.items());
    parameters.any(|parameter| {
        let name = parameter.get("name").and_then(|node| node.string());
        let value = parameter
            .get("valueBoolean")
            .and_then(|node| node.boolean());
        name.as_deref() == Some("limitedExpansion") && value == Some(true)
    })
}

/// Collects `contains`, nested ones too; entries that only group (`abstract`, or without a code) are no members.
fn contains(holder: Node<'_>, codes: &mut Codes, set: &mut CodeSet, held: &mut u64) {
    let Some(list) = holder.get("contains") else {
        return;
    };
    for entry in list.items() {
        *held += 1;
        let system = entry.get("system").and_then(|node| node.string());
        let code = entry.get("code").and_then(|node| node.string());
        let is_abstract = entry.get("abstract").and_then(|node| node.boolean()) == Some(true);
        if let (Some(system), Some(code), false) = (system, code, is_abstract) {
            let system = codes.system(&system);
            set.insert(codes.intern(system, &code));
        }
        contains(entry, codes, set, held);
    }
}

fn read_include(node: Node<'_>, codes: &mut Codes) -> Include {
    let text = |name: &str| node.get(name).and_then(|node| node.string());
    let system = text("system").map(|system| codes.system(&system));
    let listed = node.get("concept").and_then(|list| {
        let system = system?;
        let codes = list.items().filter_map(|concept| {
            let code = concept.get("code")?.string()?;
            Some(codes.intern(system, &code))
        });
        Some(codes.collect())
    });
    let items = |name: &str| {
        let list = node.get(name);
        list.into_iter().flat_map(|list| list.items())
    };
    Include {
        system,
        version: text("version").map(|version| version.as_ref().into()),
        codes: listed,
        filters: items("filter").map(Filter::read).collect(),
        value_sets: items("valueSet")
            .filter_map(|node| Some(Canonical::parse(&node.string()?)))
            .collect(),
    }
}
