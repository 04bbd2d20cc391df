//! Libraries (Developer's Guide §1).

use std::sync::Arc;

use salus_base::Diagnostic;

use super::options::Options;
use super::problem::{Mistake, Problem};
use super::sources::Sources;
use super::translator::Translator;
use crate::elm::{self, Kind, Node};
use crate::model::Models;
use crate::syntax::{self, Access, ItemKind, Span};

/// A library in ELM, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Translation {
    /// The library. When there are errors, what could be made of it.
    pub library: Arc<elm::Library>,
    /// What is wrong or looks wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

impl Translation {
    /// The problems in words, in the library of this name.
    #[must_use]
    pub fn diagnostics(&self, source: &str) -> Vec<Diagnostic> {
        let problems = self.problems.iter();
        problems.map(|problem| problem.diagnostic(source)).collect()
    }
}

/// Translates a library to ELM.
#[must_use]
pub fn translate(text: &str, _sources: &dyn Sources, options: &Options) -> Translation {
    let parsed = syntax::parse(text);
    let mut problems: Vec<Problem> = parsed
        .diagnostics
        .into_iter()
        .map(Problem::of_syntax)
        .collect();
    let models = match Models::new() {
        Ok(models) => models,
        Err(error) => {
            problems.push(Problem {
                mistake: Mistake::Model(error),
                span: Span::default(),
            });
            let library = Arc::new(elm::Library::new(Node::part(Kind::Library)));
            return Translation { library, problems };
        }
    };
    let mut translator = Translator::new(text, &models, *options);
    let node = translator.library(&parsed.library);
    problems.append(&mut translator.problems);
    problems.sort_by_key(|problem| problem.span.start);
    Translation {
        library: Arc::new(elm::Library::new(node)),
        problems,
    }
}

impl Translator<'_> {
    fn library(&mut self, tree: &syntax::Library) -> Node {
        let mut identifier = Node::part(Kind::VersionedIdentifier);
        if let Some(header) = &tree.header {
            identifier.set("id", header.name.name());
            if let Some(version) = &header.version {
                identifier.set("version", &*version.text);
            }
        }
        let schema = Node::part(Kind::VersionedIdentifier)
            .with("id", "urn:hl7-org:elm")
            .with("version", "r1");
        let using = Node::part(Kind::UsingDef)
            .with("localIdentifier", "System")
            .with("uri", "urn:hl7-org:elm-types:r1");
        let mut statements = Vec::new();
        for item in &tree.items {
            if let ItemKind::Define { name, expr } = &item.kind {
                let mut def = Node::part(Kind::ExpressionDef)
                    .with("name", &*name.text)
                    .with("context", "Unfiltered")
                    .with("accessLevel", access(item.access));
                if let Some(typed) = self.expression(expr) {
                    self.mark(&mut def, &typed.ty, item.span);
                    def.set("expression", typed.node);
                }
                statements.push(def);
            }
        }
        Node::part(Kind::Library)
            .with("identifier", identifier)
            .with("schemaIdentifier", schema)
            .with("usings", Node::part(Kind::Defs).with("def", vec![using]))
            .with("statements", Node::part(Kind::Defs).with("def", statements))
    }
}

fn access(access: Access) -> &'static str {
    match access {
        Access::Public => "Public",
        Access::Private => "Private",
    }
}
