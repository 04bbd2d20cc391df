//! Libraries: what they use and include, what they define, and in which order that is translated (Developer's Guide
//! §1).
//!
//! ```text
//!   text ─► header: models, included libraries (translated first, each once) ─► names of all definitions
//!        ─► code systems, value sets, codes, concepts ─► statements, each after those that it needs ─► ELM
//! ```

mod annotation;
mod exports;
mod header;
mod include;
mod order;
mod statement;
mod terminology;

use std::sync::Arc;

use salus_base::{Diagnostic, Severity};

use super::options::Options;
use super::problem::{Mistake, Problem};
use super::sources::{LibraryName, Sources};
use super::translator::Translator;
use crate::elm::{self, Kind, Node};
use crate::model::Models;
use crate::syntax::{self, Access, Span};

pub(super) use annotation::Place;
pub(super) use exports::{Export, Exports};
pub(super) use include::{Loader, Unit};
use include::{helpers_include, helpers_missing};
pub(super) use statement::Statements;

/// A library in ELM, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Translation {
    /// The library. When there are errors, what could be made of it.
    pub library: Arc<elm::Library>,
    /// The libraries that it includes, and those that they include, each once and before those that include it.
    pub included: Vec<Arc<elm::Library>>,
    /// What is wrong or looks wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

impl Translation {
    /// Whether the ELM is all that the text says.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.all(|problem| problem.severity() != Severity::Error)
    }

    /// The problems in words, in the library of this name.
    #[must_use]
    pub fn diagnostics(&self, source: &str) -> Vec<Diagnostic> {
        let problems = self.problems.iter();
        problems.map(|problem| problem.diagnostic(source)).collect()
    }
}

/// Translates a library, and those that it includes, to ELM.
#[must_use]
pub fn translate(text: &str, sources: &dyn Sources, options: &Options) -> Translation {
    let mut loader = Loader::new(sources, *options);
    let (unit, problems) = loader.translate(text);
    Translation {
        included: unit.all_included(),
        library: unit.library,
        problems,
    }
}

impl Loader<'_> {
    /// Translates a library with all that it includes.
    pub fn translate(&mut self, text: &str) -> (Unit, Vec<Problem>) {
        let parsed = syntax::parse(text);
        let mut problems: Vec<Problem> = parsed
            .diagnostics
            .into_iter()
            .map(Problem::of_syntax)
            .collect();
        let models = match Models::new() {
            Ok(models) => models,
            Err(error) => {
                let mistake = Mistake::Model(error);
                let span = Span::default();
                problems.push(Problem { mistake, span });
                return (Unit::default(), problems);
            }
        };
        let tree = &parsed.library;
        let name = tree.header.as_ref().map_or("", |header| header.name.name());
        // An included library is open by the name that it is included by.
        let is_open = self.open.last().is_some_and(|open| &*open.name == name);
        if !is_open {
            self.open.push(LibraryName {
                namespace: None,
                name: name.into(),
                version: None,
            });
        }
        let header = self.header(tree, models, &mut problems);
        if !is_open {
            self.open.pop();
        }
        let models = header.models;
        let mut translator = Translator::new(text, &models, self.options);
        translator.names.usings = header.usings;
        translator.names.includes = header.includes;
        translator.names.helpers.clone_from(&header.helpers);
        let node = translator.library(tree, &header.include_nodes);
        problems.append(&mut translator.problems);
        problems.sort_by_key(|problem| problem.span.start);
        let exports = Exports::of_names(name, &translator.names);
        let includes = translator.names.includes;
        let mut included: Vec<Arc<Unit>> = includes
            .into_iter()
            .filter_map(|include| include.unit)
            .collect();
        if translator.names.helpers_needed.get() {
            match header.helpers {
                Some(helpers) => included.push(helpers),
                None => problems.push(helpers_missing()),
            }
        }
        let unit = Unit {
            library: Arc::new(elm::Library::new(node)),
            exports,
            models: models.shared().collect(),
            included,
        };
        (unit, problems)
    }
}

impl<'t> Translator<'t> {
    /// The library in ELM, its parts in the order of the schema.
    fn library(&mut self, tree: &'t syntax::Library, includes: &[Node]) -> Node {
        self.define_names(tree);
        let terminology = self.terms(tree);
        let statements = self.statements(tree);
        let mut includes = includes.to_vec();
        if let Some(helpers) = &self.names.helpers
            && self.names.helpers_needed.get()
        {
            includes.push(helpers_include(helpers));
        }
        let mut node = Node::part(Kind::Library);
        node.set("annotation", vec![self.info()]);
        node.set("identifier", identifier(tree));
        let schema = Node::part(Kind::VersionedIdentifier)
            .with("id", "urn:hl7-org:elm")
            .with("version", "r1");
        node.set("schemaIdentifier", schema);
        let parts = [
            ("usings", self.using_nodes(tree)),
            ("includes", includes),
            ("parameters", statements.parameters),
            ("codeSystems", terminology.code_systems),
            ("valueSets", terminology.value_sets),
            ("codes", terminology.codes),
            ("concepts", terminology.concepts),
            ("contexts", statements.contexts),
            ("statements", statements.statements),
        ];
        for (name, defs) in parts {
            if !defs.is_empty() {
                node.set(name, Node::part(Kind::Defs).with("def", defs));
            }
        }
        node
    }

    /// Who translated it, and how.
    fn info(&self) -> Node {
        Node::new(Kind::CqlToElmInfo)
            .with("translatorName", "Salus")
            .with("translatorVersion", env!("CARGO_PKG_VERSION"))
            .with("translatorOptions", self.options.names())
            .with("signatureLevel", self.options.signatures.name())
    }
}

/// The name and version of the library.
fn identifier(tree: &syntax::Library) -> Node {
    let mut node = Node::part(Kind::VersionedIdentifier);
    if let Some(header) = &tree.header {
        node.set("id", header.name.name());
        let namespace: Vec<&str> = header
            .name
            .qualifiers()
            .iter()
            .map(|part| &*part.text)
            .collect();
        if !namespace.is_empty() {
            node.set("system", namespace.join("."));
        }
        if let Some(version) = &header.version {
            node.set("version", &*version.text);
        }
    }
    node
}

/// Who may use a definition, as ELM says it.
fn access(access: Access) -> &'static str {
    match access {
        Access::Public => "Public",
        Access::Private => "Private",
    }
}
