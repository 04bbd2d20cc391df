//! What an editor asks about a library: what is wrong, what something is, where it is defined, what could stand here.
//!
//! ```
//! use salus_cql::editor::Document;
//! use salus_cql::resolve::NoSources;
//!
//! let text = "library A\ndefine One: 1\ndefine Two: One + One\n";
//! let document = Document::open(text, &NoSources);
//! assert_eq!(document.hover(37).map(|hover| hover.text), Some("One: Integer".to_owned()));
//! let target = document.definition(37).ok_or("no target")?;
//! assert_eq!(target.span(text).map(|span| span.of(text)), Some("One"));
//! # Ok::<(), &str>(())
//! ```
//!
//! Places are bytes of the text; an editor's lines and columns are for its own protocol.

mod completion;
mod node;
mod word;

use std::sync::Arc;

use crate::elm;
use crate::resolve::{LibraryName, Options, Problem, Sources, Translation, translate};
use crate::syntax::{self, ItemKind, QualifiedName, Span};

pub use completion::{Completion, CompletionKind};

/// A text that is being edited, and what is known of it.
#[derive(Debug)]
pub struct Document {
    text: Arc<str>,
    tree: syntax::Library,
    translation: Translation,
}

/// What something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The words that it is about.
    pub span: Span,
    /// Those words and their type: `Pressures: List<Quantity>`.
    pub text: String,
}

/// Where something is defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The library, when it is another one.
    pub library: Option<LibraryName>,
    /// What is defined there; the library itself if `None`.
    pub name: Option<Box<str>>,
}

impl Target {
    /// Where the definition stands in the text of its library: its name.
    #[must_use]
    pub fn span(&self, text: &str) -> Option<Span> {
        let tree = syntax::parse(text).library;
        match &self.name {
            None => Some(
                tree.header
                    .map_or(Span::new(0, 0), |header| header.name.span()),
            ),
            Some(name) => defined(&tree, name),
        }
    }
}

impl Document {
    /// Reads and translates a text.
    #[must_use]
    pub fn open(text: &str, sources: &dyn Sources) -> Document {
        Document {
            text: text.into(),
            tree: syntax::parse(text).library,
            translation: translate(text, sources, &options()),
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All that is wrong or looks wrong.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.translation.problems
    }

    /// What stands at a place, and its type.
    #[must_use]
    pub fn hover(&self, at: usize) -> Option<Hover> {
        let found = node::innermost(&self.translation.library, &self.text, at)?;
        let ty = node::type_of(found.node)?;
        let words = found.span.of(&self.text);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Hover {
            span: found.span,
            text: format!("{words}: {ty}"),
        })
    }

    /// Where the name at a place is defined: here, or in a library that is included.
    #[must_use]
    pub fn definition(&self, at: usize) -> Option<Target> {
        let word = word::at(&self.text, at)?;
        if let Some(qualifier) = word::before(&self.text, word.span)
            && let Some(library) = self.included(&qualifier.name)
        {
            return Some(Target {
                library: Some(library),
                name: Some(word.name.into()),
            });
        }
        // The name of the library in its own `include`, and what it is called here.
        if let Some(library) = self.included(&word.name) {
            return Some(Target {
                library: Some(library),
                name: None,
            });
        }
        defined(&self.tree, &word.name).map(|_| Target {
            library: None,
            name: Some(word.name.into()),
        })
    }

    /// What could stand at a place.
    #[must_use]
    pub fn completions(&self, at: usize, sources: &dyn Sources) -> Vec<Completion> {
        completion::at(self, at, sources)
    }

    /// The text in the layout that all libraries have; `None` of one that cannot be read.
    #[must_use]
    pub fn layout(&self) -> Option<String> {
        let parsed = syntax::parse(&self.text);
        parsed
            .diagnostics
            .is_empty()
            .then(|| parsed.library.to_string())
    }

    /// The library that is called this here, or is of this name.
    fn included(&self, called: &str) -> Option<LibraryName> {
        self.tree.items.iter().find_map(|item| match &item.kind {
            ItemKind::Include {
                library, version, ..
            } if item.kind.name().is_some_and(|name| &*name.text == called)
                || library.name() == called =>
            {
                Some(LibraryName {
                    namespace: None,
                    name: library.name().into(),
                    version: version.as_ref().map(|version| version.text.clone()),
                })
            }
            _ => None,
        })
    }

    fn elm(&self) -> &elm::Library {
        &self.translation.library
    }
}

/// With places and types, which is what an editor asks for.
fn options() -> Options {
    Options {
        annotations: true,
        locators: true,
        ..Options::bare()
    }
}

/// Where a name is defined.
fn defined(tree: &syntax::Library, name: &str) -> Option<Span> {
    let mut names = tree.items.iter().filter_map(|item| item.kind.name());
    names
        .find(|known| &*known.text == name)
        .map(|known| known.span)
}

/// A name as CQL writes it: in quotes where it needs them.
fn written(name: &str) -> String {
    let name = syntax::Name {
        text: name.into(),
        span: Span::default(),
    };
    QualifiedName { parts: vec![name] }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::{Found, SourceError};

    const COMMON: &str = "library Common version '1'\n\ndefine \"Is three\": 3\n";

    const TEXT: &str = "library A
using FHIR version '4.0.1'
include Common version '1' called C
valueset \"Flu\": 'http://flu'
context Patient
define Names: Patient.name
define Sick: exists [Condition: \"Flu\"]
define Three: C.\"Is three\" + 1
";

    struct One;

    impl Sources for One {
        fn library(&self, name: &LibraryName) -> Result<Found, SourceError> {
            match &*name.name {
                "Common" => Ok(Found::Text(COMMON.into())),
                _ => Err(SourceError::NotFound {
                    name: name.name.clone(),
                    known: Vec::new(),
                }),
            }
        }
    }

    fn at(words: &str) -> usize {
        TEXT.find(words).unwrap()
    }

    fn labels(text: &str) -> Vec<String> {
        let (before, after) = text.split_once('¦').unwrap();
        let whole = format!("{before}{after}");
        let document = Document::open(&whole, &One);
        let found = document.completions(before.len(), &One);
        found.into_iter().map(|one| one.label).collect()
    }

    #[test]
    fn what_stands_under_the_pointer_has_its_type() {
        let document = Document::open(TEXT, &One);
        assert_eq!(document.problems(), []);
        let hover = |words: &str| document.hover(at(words)).map(|hover| hover.text);
        assert_eq!(
            hover("exists ["),
            Some("exists [Condition: \"Flu\"]: Boolean".to_owned())
        );
        assert_eq!(
            hover("name\n"),
            Some("Patient.name: List<HumanName>".to_owned())
        );
        assert_eq!(hover("1\n"), Some("1: Integer".to_owned()));
        assert_eq!(hover("library A"), None);
    }

    #[test]
    fn names_lead_to_their_definitions_in_this_library_and_in_others() {
        let document = Document::open(TEXT, &One);
        let flu = document.definition(at("\"Flu\"]") + 2).unwrap();
        assert_eq!(flu.span(TEXT).unwrap().start as usize, at("\"Flu\":"));
        let three = document.definition(at("\"Is three\"")).unwrap();
        assert_eq!(three.library.as_ref().unwrap().name.as_ref(), "Common");
        assert_eq!(three.span(COMMON).unwrap().of(COMMON), "\"Is three\"");
        let common = document.definition(at("Common version")).unwrap();
        assert_eq!(common.span(COMMON).unwrap().of(COMMON), "Common");
        assert_eq!(document.definition(at("exists")), None);
    }

    #[test]
    fn after_a_point_stand_elements_or_what_a_library_defines() {
        let elements = labels("using FHIR version '4.0.1' context Patient define X: Patient.na¦");
        assert!(
            elements.contains(&"name".to_owned()) && elements.contains(&"birthDate".to_owned()),
            "{elements:?}"
        );
        let of_list = labels(
            "using FHIR version '4.0.1' context Patient define X: [Observation] O return O.¦ define Y: 1",
        );
        assert!(of_list.contains(&"effective".to_owned()), "{of_list:?}");
        let exported = labels("include Common version '1' called C define X: C.¦");
        assert_eq!(exported, ["\"Is three\""]);
    }

    #[test]
    fn elsewhere_stand_names_keywords_and_types_of_records() {
        let names = labels("define \"A b\": 1\ndefine Two: ¦");
        assert!(
            names.contains(&"\"A b\"".to_owned()) && names.contains(&"exists".to_owned()),
            "{names:?}"
        );
        let types = labels("using FHIR version '4.0.1' define X: [¦]");
        assert!(types.contains(&"Observation".to_owned()) && !types.contains(&"exists".to_owned()));
    }
}
