//! Code systems, value sets, codes and concepts (Author's Guide §4).

use super::access;
use crate::elm::{Kind, Node};
use crate::resolve::names::{NameMistake, State, What, fixed_type};
use crate::resolve::translator::Translator;
use crate::syntax::{self, Item, ItemKind, Name, QualifiedName};

/// The definitions of a library that are of terminology, in ELM.
#[derive(Default)]
pub(super) struct Terminology {
    pub code_systems: Vec<Node>,
    pub value_sets: Vec<Node>,
    pub codes: Vec<Node>,
    pub concepts: Vec<Node>,
}

impl Translator<'_> {
    pub(super) fn terms(&mut self, tree: &syntax::Library) -> Terminology {
        let mut made = Terminology::default();
        for item in &tree.items {
            let from = self.places.len();
            match &item.kind {
                ItemKind::CodeSystem { name, id, version } => {
                    let node = Node::part(Kind::CodeSystemDef)
                        .with("name", &*name.text)
                        .with("id", &*id.text);
                    let node = versioned(node, version.as_ref());
                    let mut node = self.term(node, item, &What::CodeSystem);
                    self.annotate(&mut node, item, from);
                    made.code_systems.push(node);
                }
                ItemKind::ValueSet {
                    name,
                    id,
                    version,
                    code_systems,
                } => {
                    let node = Node::part(Kind::ValueSetDef)
                        .with("name", &*name.text)
                        .with("id", &*id.text);
                    let node = versioned(node, version.as_ref());
                    let mut node = self.term(node, item, &What::ValueSet);
                    let systems = self.term_refs(code_systems, &What::CodeSystem);
                    if !systems.is_empty() {
                        node.set("codeSystem", systems);
                    }
                    self.annotate(&mut node, item, from);
                    made.value_sets.push(node);
                }
                ItemKind::Code { name, code } => {
                    let node = Node::part(Kind::CodeDef)
                        .with("name", &*name.text)
                        .with("id", &*code.id.text);
                    let node = shown_as(node, code.display.as_ref());
                    let mut node = self.term(node, item, &What::Code);
                    if let Some(system) = self.term_ref(&code.system, &What::CodeSystem) {
                        node.set("codeSystem", system);
                    }
                    self.annotate(&mut node, item, from);
                    made.codes.push(node);
                }
                ItemKind::Concept {
                    name,
                    codes,
                    display,
                } => {
                    let node = Node::part(Kind::ConceptDef).with("name", &*name.text);
                    let node = shown_as(node, display.as_ref());
                    let mut node = self.term(node, item, &What::Concept);
                    node.set("code", self.term_refs(codes, &What::Code));
                    self.annotate(&mut node, item, from);
                    made.concepts.push(node);
                }
                _ => {}
            }
        }
        made
    }

    /// What all of them have.
    fn term(&mut self, mut node: Node, item: &Item, what: &What) -> Node {
        node.set("accessLevel", access(item.access));
        if let Some(ty) = fixed_type(what) {
            self.mark(&mut node, &ty, item.span);
        }
        node
    }

    fn term_refs(&mut self, names: &[QualifiedName], what: &What) -> Vec<Node> {
        let refs: Vec<_> = names.iter().map(|name| self.term_ref(name, what)).collect();
        refs.into_iter().flatten().collect()
    }

    /// A reference to a definition of terminology, of this library or of an included one.
    pub fn term_ref(&mut self, name: &QualifiedName, what: &What) -> Option<Node> {
        let last = name.parts.last()?;
        let library = name.qualifiers().first();
        let found = match library {
            Some(library) => {
                // A library that could not be had has been reported.
                let Some(include) = self.names.included(&library.text) else {
                    return self.unknown(library);
                };
                let unit = include.unit.clone()?;
                let export = unit.exports.get(&last.text);
                if export.is_some_and(|export| export.private) {
                    let (library, name) = (library.text.clone(), last.text.clone());
                    return self.refuse(NameMistake::Private { library, name }, last.span);
                }
                export.map(|export| export.what.clone())
            }
            None => {
                let at = self.names.named(&last.text);
                let definition = at.and_then(|at| self.names.get(at));
                definition.map(|definition| definition.what.clone())
            }
        };
        match found {
            Some(found) if found == *what => {
                let kind = match what {
                    What::Code => Kind::CodeRef,
                    _ => Kind::CodeSystemRef,
                };
                let mut node = Node::part(kind).with("name", &*last.text);
                if let Some(library) = library {
                    node.set("libraryName", &*library.text);
                }
                self.mark_place(&mut node, name.span());
                Some(node)
            }
            Some(_) => {
                let (name, wanted) = (last.text.clone(), what.word());
                self.refuse(NameMistake::WrongKind { name, wanted }, last.span)
            }
            None => self.unknown(last),
        }
    }

    /// Marks the definitions of terminology as known: they need nothing.
    pub(super) fn settle_terms(&mut self) {
        for at in 0..self.names.definitions.len() {
            let ty = self.names.get(at).and_then(|one| fixed_type(&one.what));
            if let Some(ty) = ty {
                self.names.set_state(at, State::Done(ty));
            }
        }
    }
}

fn versioned(node: Node, version: Option<&Name>) -> Node {
    match version {
        Some(version) => node.with("version", &*version.text),
        None => node,
    }
}

fn shown_as(node: Node, display: Option<&Name>) -> Node {
    match display {
        Some(display) => node.with("display", &*display.text),
        None => node,
    }
}
