//! Which library a name is looked for in, and what it names there.

use foldhash::{HashMap, HashSet};

use super::error::ProgramProblem;
use crate::elm::{Kind, Library, Node, VersionedIdentifier};

/// A library and what it defines, by name.
pub(super) struct Linked<'l> {
    pub library: &'l Library,
    /// `Name` or `Name|version`.
    pub title: std::sync::Arc<str>,
    /// The libraries that it includes, by the names that it knows them by.
    pub includes: HashMap<&'l str, usize>,
    pub definitions: HashMap<&'l str, u32>,
    /// The defines that other libraries do not see.
    pub private: HashSet<&'l str>,
    pub functions: HashMap<&'l str, Vec<u32>>,
    pub parameters: HashMap<&'l str, u32>,
    pub code_systems: HashMap<&'l str, &'l Node>,
    pub value_sets: HashMap<&'l str, &'l Node>,
    pub codes: HashMap<&'l str, &'l Node>,
    pub concepts: HashMap<&'l str, &'l Node>,
}

/// What is counted while libraries are linked.
#[derive(Default)]
pub(super) struct Counts {
    pub definitions: u32,
    pub functions: u32,
    pub parameters: u32,
}

impl<'l> Linked<'l> {
    pub fn new(library: &'l Library, counts: &mut Counts) -> Linked<'l> {
        let by_name = |part: &str| -> HashMap<&'l str, &'l Node> {
            let named = library.definitions(part);
            named
                .filter_map(|node| Some((node.text("name")?, node)))
                .collect()
        };
        let mut linked = Linked {
            library,
            title: title(library.identifier()).into(),
            includes: HashMap::default(),
            definitions: HashMap::default(),
            private: HashSet::default(),
            functions: HashMap::default(),
            parameters: HashMap::default(),
            code_systems: by_name("codeSystems"),
            value_sets: by_name("valueSets"),
            codes: by_name("codes"),
            concepts: by_name("concepts"),
        };
        for node in library.statements() {
            let name = node.text("name").unwrap_or_default();
            if node.kind() == Kind::FunctionDef {
                let overloads = linked.functions.entry(name).or_default();
                overloads.push(counts.functions);
                counts.functions += 1;
            } else if !linked.definitions.contains_key(name) {
                linked.definitions.insert(name, counts.definitions);
                if node.text("accessLevel") == Some("Private") {
                    linked.private.insert(name);
                }
                counts.definitions += 1;
            }
        }
        for node in library.definitions("parameters") {
            let name = node.text("name").unwrap_or_default();
            linked.parameters.entry(name).or_insert_with(|| {
                counts.parameters += 1;
                counts.parameters - 1
            });
        }
        linked
    }
}

/// `Name` or `Name|version`.
pub(super) fn title(identifier: VersionedIdentifier<'_>) -> String {
    match identifier.version {
        Some(version) => format!("{}|{version}", identifier.id),
        None => identifier.id.to_owned(),
    }
}

/// The library that an `IncludeDef` means, among those that are given.
pub(super) fn included<'l>(
    include: &Node,
    libraries: &[&'l Library],
) -> Result<&'l Library, ProgramProblem> {
    let path = include.text("path").unwrap_or_default();
    let version = include.text("version");
    let is_named = |library: &&&Library| {
        let identifier = library.identifier();
        // A path is a name, after its namespace when there is one.
        let qualified = path.rsplit_once('/').is_some_and(|(system, name)| {
            name == identifier.id && identifier.system.is_none_or(|of| of == system)
        });
        identifier.id == path || qualified
    };
    let mut named = libraries.iter().filter(is_named);
    let found = named.clone().find(|library| match version {
        Some(version) => library.identifier().version == Some(version),
        None => true,
    });
    match found {
        Some(library) => Ok(library),
        None => {
            let versions: Vec<String> = named
                .by_ref()
                .map(|library| library.identifier().version.unwrap_or("(none)").to_owned())
                .collect();
            let wanted = VersionedIdentifier {
                system: None,
                id: path,
                version,
            };
            Err(ProgramProblem::NoLibrary {
                name: title(wanted),
                versions,
            })
        }
    }
}
