//! The walk over the definitions that are reached.

use std::sync::Arc;

use foldhash::HashSet;

use super::linked::Linked;
use super::{CodeNeeded, Codes, RecordsNeeded, Requirements, ValueSetNeeded};
use crate::elm::{Field, Kind, Node, QualifiedType};

/// What is still to be looked at, and what was found.
pub(super) struct Walk<'l> {
    linked: &'l Linked,
    reached: HashSet<(usize, Kind, &'l str)>,
    /// Nodes and the libraries that they are in: not by recursion, since definitions may be deep.
    open: Vec<(usize, &'l Node)>,
    found: Requirements,
}

impl<'l> Walk<'l> {
    pub(super) fn new(linked: &'l Linked) -> Walk<'l> {
        let mut found = Requirements::default();
        found.elements.names.insert("id".into());
        Walk {
            linked,
            reached: HashSet::default(),
            open: Vec::new(),
            found,
        }
    }

    /// Starts with definitions of the main library.
    pub(super) fn definitions(&mut self, names: Option<&[&str]>) {
        let Some(main) = self.linked.get(0) else {
            return;
        };
        for def in main.statements() {
            let name = def.text("name").unwrap_or_default();
            if names.is_none_or(|names| names.contains(&name)) {
                self.reach(0, def.kind(), name);
            }
        }
    }

    pub(super) fn finish(mut self) -> Requirements {
        while let Some((library, node)) = self.open.pop() {
            self.visit(library, node);
        }
        self.found
    }

    /// Opens the definitions of a name: of a function all of its overloads.
    fn reach(&mut self, library: usize, kind: Kind, name: &'l str) {
        if !self.reached.insert((library, kind, name)) {
            return;
        }
        let part = match kind {
            Kind::ParameterDef => "parameters",
            _ => "statements",
        };
        let linked = self.linked;
        let definitions = linked
            .get(library)
            .into_iter()
            .flat_map(|l| l.definitions(part));
        let named = definitions.filter(|def| def.kind() == kind && def.text("name") == Some(name));
        self.open.extend(named.map(|def| (library, def)));
    }

    fn visit(&mut self, library: usize, node: &'l Node) {
        let refers_to = match node.kind() {
            Kind::ExpressionRef => Some(Kind::ExpressionDef),
            Kind::FunctionRef => Some(Kind::FunctionDef),
            Kind::ParameterRef => Some(Kind::ParameterDef),
            _ => None,
        };
        if let (Some(kind), Some(name)) = (refers_to, node.text("name"))
            && let Some(target) = self.linked.target(library, node)
        {
            self.reach(target, kind, name);
        }
        match node.kind() {
            Kind::Retrieve => self.retrieve(library, node),
            Kind::ValueSetRef => {
                self.found
                    .value_sets
                    .extend(value_set(self.linked, library, node));
            }
            Kind::Property | Kind::ByColumn => self.elements(node.text("path")),
            Kind::Children | Kind::Descendents => self.found.elements.all = true,
            _ => {}
        }
        for (name, field) in node.fields() {
            // What is told of the program is no part of it.
            if !matches!(
                name,
                "annotation" | "signature" | "resultTypeSpecifier" | "operandTypeSpecifier"
            ) {
                self.open_field(library, field);
            }
        }
    }

    fn open_field(&mut self, library: usize, field: &'l Field) {
        match field {
            Field::Node(node) => self.open.push((library, node)),
            Field::List(items) => items.iter().for_each(|item| self.open_field(library, item)),
            _ => {}
        }
    }

    fn elements(&mut self, path: Option<&str>) {
        let steps = path.into_iter().flat_map(|path| path.split('.'));
        for step in steps {
            let name = step.split('[').next().unwrap_or(step);
            self.found.elements.names.insert(name.into());
        }
    }

    fn retrieve(&mut self, library: usize, node: &'l Node) {
        let filters = node.nodes("codeFilter").chain(node.nodes("dateFilter"));
        for filter in filters.chain(node.nodes("otherFilter")) {
            self.elements(filter.text("property"));
        }
        for property in [
            "codeProperty",
            "dateProperty",
            "dateLowProperty",
            "dateHighProperty",
            "idProperty",
        ] {
            self.elements(node.text(property));
        }
        let data_type = node
            .qualified("dataType")
            .unwrap_or(QualifiedType { url: "", name: "" });
        let text = |name| node.text(name).map(Arc::from);
        let records = RecordsNeeded {
            data_type: data_type.name.into(),
            template: text("templateId"),
            code_property: text("codeProperty"),
            codes: node
                .node("codes")
                .and_then(|codes| codes_of(self.linked, library, codes))
                .unwrap_or(Codes::Any),
            date_property: text("dateProperty"),
            related_context: node.node("context").is_some(),
        };
        if !self.found.records.contains(&records) {
            self.found.records.push(records);
        }
    }
}

/// The codes that an expression gives, if that can be told from the libraries alone.
fn codes_of(linked: &Linked, library: usize, node: &Node) -> Option<Codes> {
    match node.kind() {
        Kind::ExpandValueSet | Kind::ToList => codes_of(linked, library, node.operands().next()?),
        Kind::ValueSetRef => {
            let (_, def) = definition(linked, library, node, "valueSets")?;
            // With versions of code systems of the library's own it may have other codes.
            let is_plain = def.nodes("codeSystem").next().is_none();
            let set = value_set(linked, library, node).filter(|_| is_plain)?;
            Some(Codes::ValueSet {
                id: set.id,
                version: set.version,
            })
        }
        Kind::CodeRef => {
            let (at, def) = definition(linked, library, node, "codes")?;
            code(linked, at, def).map(|code| Codes::These(vec![code]))
        }
        Kind::Code => code(linked, library, node).map(|code| Codes::These(vec![code])),
        // The codes of a concept: `Property { path: "codes", source: ConceptRef }`.
        Kind::Property if node.text("path") == Some("codes") => {
            codes_of(linked, library, node.node("source")?)
        }
        Kind::ConceptRef => {
            let (at, def) = definition(linked, library, node, "concepts")?;
            all(def.nodes("code").map(|code| codes_of(linked, at, code)))
        }
        Kind::Concept => all(node
            .nodes("code")
            .map(|one| code(linked, library, one).map(|code| Codes::These(vec![code])))),
        Kind::List => all(node
            .nodes("element")
            .map(|element| codes_of(linked, library, element))),
        _ => None,
    }
}

/// The codes of all, if those of each are known and none is a value set.
fn all(parts: impl Iterator<Item = Option<Codes>>) -> Option<Codes> {
    let mut codes = Vec::new();
    for part in parts {
        match part? {
            Codes::These(more) => codes.extend(more),
            Codes::Any | Codes::ValueSet { .. } => return None,
        }
    }
    Some(Codes::These(codes))
}

fn definition<'l>(
    linked: &'l Linked,
    library: usize,
    reference: &Node,
    part: &str,
) -> Option<(usize, &'l Node)> {
    let at = linked.target(library, reference)?;
    let name = reference.text("name")?;
    let mut definitions = linked.get(at)?.definitions(part);
    let found = definitions.find(|def| def.text("name") == Some(name))?;
    Some((at, found))
}

fn value_set(linked: &Linked, library: usize, reference: &Node) -> Option<ValueSetNeeded> {
    let (_, def) = definition(linked, library, reference, "valueSets")?;
    Some(ValueSetNeeded {
        name: def.text("name")?.into(),
        id: def.text("id")?.into(),
        version: def.text("version").map(Arc::from),
    })
}

/// A code of ELM, as a definition (`id`, `codeSystem`) or in an expression (`code`, `system`).
fn code(linked: &Linked, library: usize, node: &Node) -> Option<CodeNeeded> {
    let system = node.node("codeSystem").or_else(|| node.node("system"))?;
    let (_, system) = definition(linked, library, system, "codeSystems")?;
    Some(CodeNeeded {
        system: system.text("id")?.into(),
        code: node.text("id").or_else(|| node.text("code"))?.into(),
    })
}
