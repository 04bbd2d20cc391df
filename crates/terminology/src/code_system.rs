//! A code system as its resource says it (R4 codesystem.html).

use foldhash::{HashMap, HashSet};
use salus_fhir::json::Node;

use crate::code_set::CodeSet;
use crate::codes::{CodeId, Codes, SystemId};
use crate::error::TerminologyError;

/// How much of the code system the resource holds (`CodeSystem.content`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// All concepts.
    Complete,
    /// Some, or none: "all codes of this system" cannot be answered from it.
    Partial,
}

/// A property of a concept beside code and display.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// The property's code: `inactive`, `parent`, `COMPONENT`.
    pub code: Box<str>,
    /// Its value.
    pub value: PropertyValue,
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyValue {
    /// A code of the same system.
    Code(CodeId),
    /// A code of another system, or any other value, as its text.
    Text(Box<str>),
}

/// One version of a code system.
#[derive(Debug)]
pub struct CodeSystem {
    /// Its URL.
    pub url: Box<str>,
    /// Its business version.
    pub version: Option<Box<str>>,
    /// How much of it is here.
    pub content: Content,
    system: SystemId,
    /// In the order of the resource.
    concepts: Vec<CodeId>,
    all: CodeSet,
    displays: HashMap<CodeId, Box<str>>,
    /// The properties that the system says it has.
    declared: Vec<Box<str>>,
    properties: HashMap<CodeId, Vec<Property>>,
    children: HashMap<CodeId, Vec<CodeId>>,
    parents: HashMap<CodeId, Vec<CodeId>>,
}

/// How deeply concepts may be nested in a resource: the JSON view refuses more than 64 levels of any kind.
const NESTING_MAX: usize = 64;

impl CodeSystem {
    /// Reads a `CodeSystem` resource.
    pub(crate) fn read(root: Node<'_>, codes: &mut Codes) -> Result<Self, TerminologyError> {
        let text = |name: &str| root.get(name).and_then(|node| node.string());
        let Some(url) = text("url").filter(|url| !url.is_empty()) else {
            return Err(TerminologyError::NoUrl {
                resource: "CodeSystem",
                id: text("id").unwrap_or_default().into(),
            });
        };
        let system = codes.system(&url);
        if root.get("caseSensitive").and_then(|node| node.boolean()) == Some(false) {
            codes.fold_case(system);
        }
        let mut read = Self {
            url: url.as_ref().into(),
            version: text("version").map(|version| version.as_ref().into()),
            content: match text("content").as_deref() {
                Some("complete") => Content::Complete,
                _ => Content::Partial,
            },
            system,
            concepts: Vec::new(),
            all: CodeSet::default(),
            displays: HashMap::default(),
            declared: declared(root),
            properties: HashMap::default(),
            children: HashMap::default(),
            parents: HashMap::default(),
        };
        read.concepts(root, None, NESTING_MAX, codes);
        read.relate();
        Ok(read)
    }

    fn concepts(
        &mut self,
        holder: Node<'_>,
        parent: Option<CodeId>,
        depth: usize,
        codes: &mut Codes,
    ) {
        let Some(list) = holder.get("concept").filter(|_| depth > 0) else {
            return;
        };
        for concept in list.items() {
            let Some(code) = concept.get("code").and_then(|node| node.string()) else {
                continue;
            };
            let id = codes.intern(self.system, &code);
            self.concepts.push(id);
            self.all.insert(id);
            if let Some(display) = concept.get("display").and_then(|node| node.string()) {
                self.displays.insert(id, display.as_ref().into());
            }
            let properties = self.properties_of(concept, codes);
            if !properties.is_empty() {
                self.properties.insert(id, properties);
            }
            if let Some(parent) = parent {
                self.link(parent, id);
            }
            self.concepts(concept, Some(id), depth - 1, codes);
        }
    }

    fn properties_of(&self, concept: Node<'_>, codes: &mut Codes) -> Vec<Property> {
        let Some(list) = concept.get("property") else {
            return Vec::new();
        };
        let read = |node: Node<'_>| -> Option<Property> {
            let code = node.get("code")?.string()?;
            let value = node.choice("value")?;
            let value = match value.type_name {
                "code" => PropertyValue::Code(codes.intern(self.system, &value.node.string()?)),
                "Coding" => {
                    let coding = value.node;
                    let system = coding.get("system").and_then(|node| node.string());
                    let code = coding.get("code")?.string()?;
                    PropertyValue::Text(match system {
                        Some(system) => format!("{system}|{code}").into(),
                        None => code.as_ref().into(),
                    })
                }
                _ => PropertyValue::Text(match value.node.string() {
                    Some(text) => text.as_ref().into(),
                    None => value.node.raw().into(),
                }),
            };
            Some(Property {
                code: code.as_ref().into(),
                value,
            })
        };
        list.items().filter_map(read).collect()
    }

    /// Adds the hierarchy that is said by `parent` and `child` properties.
    fn relate(&mut self) {
        let mut links = Vec::new();
        for (concept, properties) in &self.properties {
            for property in properties {
                match (&*property.code, &property.value) {
                    ("parent", PropertyValue::Code(parent)) => links.push((*parent, *concept)),
                    ("child", PropertyValue::Code(child)) => links.push((*concept, *child)),
                    _ => {}
                }
            }
        }
        links.sort_unstable();
        for (parent, child) in links {
            self.link(parent, child);
        }
    }

    fn link(&mut self, parent: CodeId, child: CodeId) {
        let children = self.children.entry(parent).or_default();
        if !children.contains(&child) {
            children.push(child);
            self.parents.entry(child).or_default().push(parent);
        }
    }

    /// The concepts, in the order of the resource.
    pub fn concepts_in_order(&self) -> &[CodeId] {
        &self.concepts
    }

    /// Whether the code is a concept of this version.
    pub fn has(&self, code: CodeId) -> bool {
        self.all.contains(code)
    }

    /// What people call the concept.
    pub fn display(&self, code: CodeId) -> Option<&str> {
        self.displays.get(&code).map(|display| &**display)
    }

    /// The properties of a concept.
    pub fn properties(&self, code: CodeId) -> &[Property] {
        self.properties.get(&code).map_or(&[], Vec::as_slice)
    }

    /// Whether the system declares the property, or any concept has it.
    pub fn has_property(&self, name: &str) -> bool {
        let declared = self.declared.iter().any(|code| &**code == name);
        let mut all = self.properties.values().flatten();
        declared || all.any(|property| &*property.code == name)
    }

    /// Whether the concept is marked as no longer to be used: `inactive` true, or `status` retired or inactive.
    pub fn is_inactive(&self, code: CodeId) -> bool {
        self.properties(code).iter().any(|property| {
            let text = match &property.value {
                PropertyValue::Text(text) => text,
                PropertyValue::Code(_) => return false,
            };
            matches!(
                (&*property.code, &**text),
                ("inactive", "true") | ("status", "retired" | "inactive")
            )
        })
    }

    /// The concepts just below.
    pub fn children(&self, code: CodeId) -> &[CodeId] {
        self.children.get(&code).map_or(&[], Vec::as_slice)
    }

    /// The concepts just above.
    pub fn parents(&self, code: CodeId) -> &[CodeId] {
        self.parents.get(&code).map_or(&[], Vec::as_slice)
    }

    /// All concepts below, at any depth. A circle in the hierarchy is walked once.
    pub fn descendants(&self, code: CodeId) -> HashSet<CodeId> {
        reach(code, |code| self.children(code))
    }

    /// All concepts above, at any height.
    pub fn ancestors(&self, code: CodeId) -> HashSet<CodeId> {
        reach(code, |code| self.parents(code))
    }
}

/// `CodeSystem.property.code`.
fn declared(root: Node<'_>) -> Vec<Box<str>> {
    let list = root.get("property");
    let items = list.into_iter().flat_map(|list| list.items());
    items
        .filter_map(|node| Some(node.get("code")?.string()?.as_ref().into()))
        .collect()
}

/// All that can be reached from `start`, without `start` itself.
fn reach<'s>(start: CodeId, next: impl Fn(CodeId) -> &'s [CodeId]) -> HashSet<CodeId> {
    let mut reached = HashSet::default();
    let mut waiting = vec![start];
    while let Some(code) = waiting.pop() {
        for &other in next(code) {
            if other != start && reached.insert(other) {
                waiting.push(other);
            }
        }
    }
    reached
}
