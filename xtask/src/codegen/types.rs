//! The type table: every resource, data type and backbone element with its own elements.

use std::collections::HashMap;
use std::fmt::Write;

use super::CodegenError;
use super::definitions::{ElementDefinition, ElementType, Structure};

const STRUCTURE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// All types in the order of the definitions.
pub struct Types {
    types: Vec<Type>,
    by_name: HashMap<String, usize>,
}

/// One type: a row of the table.
pub struct Type {
    pub name: String,
    pub kind: &'static str,
    pub base: Option<String>,
    pub own: Vec<Element>,
}

/// One element as defined (choices not expanded).
#[derive(Clone, PartialEq)]
pub struct Element {
    /// Name without `[x]`.
    pub name: String,
    pub choice: bool,
    pub min: u16,
    pub list: bool,
    /// Type names with their reference targets.
    pub types: Vec<(String, Vec<String>)>,
    pub modifier: bool,
    pub summary: bool,
    pub binding: Option<String>,
}

impl Types {
    /// Builds the table from snapshots; inherited elements are left to the base type.
    pub fn new(structures: &[Structure]) -> Types {
        let mut types = Types {
            types: Vec::new(),
            by_name: HashMap::new(),
        };
        for structure in structures {
            types.add_structure(structure);
        }
        types.resource_typed_elements_are_open();
        types
    }

    /// The type of this name.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.by_name.get(name).and_then(|&i| self.types.get(i))
    }

    /// Names of all resource types that can be instantiated.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.types
            .iter()
            .filter(|t| t.kind == "resource")
            .map(|t| t.name.as_str())
    }

    /// The element of a type or of its base types.
    pub fn element(&self, type_name: &str, element: &str) -> Option<&Element> {
        let mut at = self.get(type_name);
        while let Some(t) = at {
            if let Some(found) = t.own.iter().find(|e| e.name == element) {
                return Some(found);
            }
            at = t.base.as_deref().and_then(|b| self.get(b));
        }
        None
    }

    /// All elements of a type, its base's first.
    pub fn elements(&self, type_name: &str) -> Vec<&Element> {
        let Some(t) = self.get(type_name) else {
            return Vec::new();
        };
        let mut all = t
            .base
            .as_deref()
            .map(|b| self.elements(b))
            .unwrap_or_default();
        all.extend(&t.own);
        all
    }

    /// Applies the hand-kept `- PATH` and `+ TYPE ELEMENT` lines.
    pub fn correct(&mut self, corrections: &str) -> Result<(), CodegenError> {
        for (index, line) in corrections.lines().enumerate() {
            let done = match line.split_once(' ') {
                Some(("-", path)) => self.remove(path),
                Some(("+", addition)) => self.add(addition),
                _ => line.starts_with('#'),
            };
            if !done {
                return Err(CodegenError::Correction {
                    line: index + 1,
                    text: line.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// False when there is no such element: the correction is no longer needed.
    fn remove(&mut self, path: &str) -> bool {
        let below = format!("{path}.");
        self.types
            .retain(|t| t.name != path && !t.name.starts_with(&below));
        self.by_name = self
            .types
            .iter()
            .enumerate()
            .map(|(i, t)| (t.name.clone(), i))
            .collect();
        let Some((parent, name)) = path.rsplit_once('.') else {
            return false;
        };
        let parent = self
            .by_name
            .get(parent)
            .and_then(|&i| self.types.get_mut(i));
        parent.is_some_and(|t| {
            let before = t.own.len();
            t.own.retain(|e| e.name != name);
            t.own.len() < before
        })
    }

    fn add(&mut self, addition: &str) -> bool {
        let element = addition
            .split_once(' ')
            .and_then(|(parent, written)| Some((parent, Element::parse(written)?)));
        let Some((parent, element)) = element else {
            return false;
        };
        let parent = self
            .by_name
            .get(parent)
            .and_then(|&i| self.types.get_mut(i));
        parent.map(|t| t.own.push(element)).is_some()
    }

    fn add_structure(&mut self, structure: &Structure) {
        let kind = match structure.kind.as_str() {
            "resource" if structure.r#abstract => "abstract",
            "resource" => "resource",
            "primitive-type" => "primitive",
            _ => "complex",
        };
        let base = structure.base_definition.as_deref().map(strip);
        let Some((root, elements)) = structure.snapshot.element.split_first() else {
            return;
        };
        self.push(Type {
            name: root.path.clone(),
            kind,
            base,
            own: Vec::new(),
        });
        for element in elements {
            if let Some(code) = element.types.first().map(|t| t.code.as_str())
                && matches!(code, "BackboneElement" | "Element")
            {
                let base = Some(code.to_owned());
                let name = element.path.clone();
                self.push(Type {
                    name,
                    kind: "backbone",
                    base,
                    own: Vec::new(),
                });
            }
            self.add_element(&structure.name, element);
        }
    }

    fn push(&mut self, t: Type) {
        self.by_name.insert(t.name.clone(), self.types.len());
        self.types.push(t);
    }

    fn add_element(&mut self, root: &str, definition: &ElementDefinition) {
        let Some((parent, name)) = definition.path.rsplit_once('.') else {
            return;
        };
        let own_root = |path: &str| path.split('.').next() == Some(root);
        let inherited = definition.base.as_ref().is_some_and(|b| !own_root(&b.path));
        // A primitive's `value` is the JSON value itself, not an element in JSON.
        let primitive_value =
            name == "value" && self.get(parent).is_some_and(|t| t.kind == "primitive");
        if inherited || primitive_value || definition.max == "0" {
            return;
        }
        let element = element(name, definition);
        if let Some(t) = self
            .by_name
            .get(parent)
            .and_then(|&i| self.types.get_mut(i))
        {
            // Primitives repeat Element's `id` without saying that it is inherited.
            if t.kind != "primitive" {
                t.own.push(element);
            }
        }
    }

    /// An element typed by a resource holds a whole resource: `Bundle.entry.response.outcome` is
    /// `Resource` in the specification, `OperationOutcome` in the npm package.
    fn resource_typed_elements_are_open(&mut self) {
        let resources: Vec<String> = self.resources().map(str::to_owned).collect();
        let elements = self.types.iter_mut().flat_map(|t| &mut t.own);
        for (name, _) in elements.flat_map(|e| &mut e.types) {
            if resources.contains(name) {
                "Resource".clone_into(name);
            }
        }
    }

    /// The table as text; the format is told in its first lines.
    pub fn render(&self) -> String {
        let mut out = String::from(HEAD);
        for t in &self.types {
            let base = t.base.as_deref().unwrap_or("-");
            let _ = writeln!(out, "= {} {} {base}", t.name, t.kind);
            for e in &t.own {
                out.push_str(&e.render());
            }
        }
        out
    }
}

const HEAD: &str = "\
# FHIR R4 (4.0.1) types. Made by `cargo xtask codegen` (HL7, CC0); do not edit.
# `= NAME KIND BASE`, then its own elements: `NAME CARDINALITY TYPES [!] [s] [=VALUESET]`
# CARDINALITY ? 0..1, 1 1..1, * 0..*, + 1..*; TYPES a|b with reference targets in ();
# ! modifier; s summary; = required binding.
";

impl Element {
    /// Reads what [`Element::render`] writes.
    fn parse(written: &str) -> Option<Element> {
        let mut words = written.split(' ');
        let name = words.next()?;
        let cardinality = words.next()?;
        let types = words
            .next()?
            .split('|')
            .map(|written| match written.split_once('(') {
                Some((name, targets)) => {
                    let targets = targets.trim_end_matches(')').split(',').map(str::to_owned);
                    (name.to_owned(), targets.collect())
                }
                None => (written.to_owned(), Vec::new()),
            });
        let types = types.collect();
        let flags: Vec<&str> = words.collect();
        Some(Element {
            name: name.trim_end_matches("[x]").to_owned(),
            choice: name.ends_with("[x]"),
            min: u16::from(matches!(cardinality, "1" | "+")),
            list: matches!(cardinality, "*" | "+"),
            types,
            modifier: flags.contains(&"!"),
            summary: flags.contains(&"s"),
            binding: flags
                .iter()
                .find_map(|f| f.strip_prefix('='))
                .map(str::to_owned),
        })
    }

    fn render(&self) -> String {
        let choice = if self.choice { "[x]" } else { "" };
        let cardinality = match (self.list, self.min) {
            (false, 0) => '?',
            (false, _) => '1',
            (true, 0) => '*',
            (true, _) => '+',
        };
        let types: Vec<String> = self
            .types
            .iter()
            .map(|(name, targets)| {
                if targets.is_empty() {
                    name.clone()
                } else {
                    format!("{name}({})", targets.join(","))
                }
            })
            .collect();
        let mut line = format!("{}{choice} {cardinality} {}", self.name, types.join("|"));
        if self.modifier {
            line.push_str(" !");
        }
        if self.summary {
            line.push_str(" s");
        }
        if let Some(url) = &self.binding {
            line.push_str(" =");
            line.push_str(url);
        }
        line.push('\n');
        line
    }
}

fn element(name: &str, definition: &ElementDefinition) -> Element {
    let types = match &definition.content_reference {
        Some(path) => vec![(path.trim_start_matches('#').to_owned(), Vec::new())],
        None => definition
            .types
            .iter()
            .map(|t| element_type(&definition.path, t))
            .collect(),
    };
    let required = definition
        .binding
        .as_ref()
        .filter(|b| b.strength == "required");
    let binding = required.and_then(|b| b.value_set.as_deref());
    Element {
        name: name.trim_end_matches("[x]").to_owned(),
        choice: name.ends_with("[x]"),
        min: definition.min,
        list: definition.max != "1",
        types,
        modifier: definition.is_modifier,
        summary: definition.is_summary,
        binding: binding.map(|url| url.split('|').next().unwrap_or(url).to_owned()),
    }
}

/// Name and targets of one type of an element. `Reference(Resource)` is written `Reference`.
fn element_type(path: &str, t: &ElementType) -> (String, Vec<String>) {
    let targets = t
        .target_profile
        .iter()
        .filter(|url| url.starts_with(STRUCTURE));
    let targets = targets
        .map(|url| strip(url))
        .filter(|name| name != "Resource")
        .collect();
    let fhir = t
        .extension
        .iter()
        .find(|e| e.url.ends_with("structuredefinition-fhir-type"));
    let name = match (t.code.as_str(), fhir.and_then(|e| e.value_url.as_deref())) {
        // 4.0.1 says `string` here in the definitions and `id` on the page; `id` is the rule.
        (_, Some(_)) if path == "Resource.id" => "id".to_owned(),
        (_, Some(fhir)) => fhir.to_owned(),
        ("BackboneElement" | "Element", _) => path.to_owned(),
        (code, _) => code.to_owned(),
    };
    (name, targets)
}

fn strip(url: &str) -> String {
    url.strip_prefix(STRUCTURE).unwrap_or(url).to_owned()
}
