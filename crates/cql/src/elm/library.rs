//! Libraries.

use super::error::ElmError;
use super::kind::Kind;
use super::node::{Field, Node};
use super::{read, write, xml};

/// A library in ELM.
#[derive(Debug, Clone, PartialEq)]
pub struct Library {
    /// The document: an object with the field `library`, and what else it may have.
    document: Node,
    /// What an accessor answers with when the document has no library; it always has one.
    empty: Node,
}

/// What a library or model is called, and in which version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VersionedIdentifier<'l> {
    /// The namespace.
    pub system: Option<&'l str>,
    /// The name.
    pub id: &'l str,
    /// The version.
    pub version: Option<&'l str>,
}

impl Default for Library {
    /// A library without anything.
    fn default() -> Library {
        Library::new(Node::part(Kind::Library))
    }
}

impl Library {
    /// A library of this node, which must be a [`Kind::Library`].
    #[must_use]
    pub fn new(library: Node) -> Library {
        let mut document = Node::part(Kind::Unknown).with("library", library);
        settle(&mut document);
        Library {
            document,
            empty: Node::part(Kind::Library),
        }
    }

    /// Reads ELM JSON.
    ///
    /// # Errors
    /// [`ElmError`] when the text is no JSON, has no `library`, or is too long or nested too deep.
    pub fn from_json(text: &str) -> Result<Library, ElmError> {
        Library::of_document(read::document(text)?)
    }

    /// Reads ELM XML. The text of the CQL in `annotation`s is not kept; all else is what the JSON of the same library
    /// has.
    ///
    /// # Errors
    /// [`ElmError`] when the text is no XML, is of another kind, or is too long or nested too deep.
    pub fn from_xml(text: &str) -> Result<Library, ElmError> {
        Library::of_document(xml::document(text)?)
    }

    fn of_document(document: Field) -> Result<Library, ElmError> {
        let Field::Node(mut document) = document else {
            return Err(ElmError::NotALibrary);
        };
        settle(&mut document);
        document.node("library").ok_or(ElmError::NotALibrary)?;
        Ok(Library {
            document: *document,
            empty: Node::part(Kind::Library),
        })
    }

    /// ELM JSON, without spaces.
    #[must_use]
    pub fn to_json(&self) -> String {
        write::compact(&self.document)
    }

    /// ELM JSON for people to read: one field to a line.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        write::pretty(&self.document)
    }

    /// The library itself.
    #[must_use]
    pub fn node(&self) -> &Node {
        self.document.node("library").unwrap_or(&self.empty)
    }

    /// Its name and version.
    #[must_use]
    pub fn identifier(&self) -> VersionedIdentifier<'_> {
        let identifier = self.node().node("identifier").unwrap_or(&self.empty);
        VersionedIdentifier {
            system: identifier.text("system"),
            id: identifier.text("id").unwrap_or_default(),
            version: identifier.text("version"),
        }
    }

    /// The definitions of a part: `usings`, `includes`, `parameters`, `codeSystems`, `valueSets`, `codes`, `concepts`,
    /// `contexts`, `statements`.
    pub fn definitions(&self, part: &str) -> impl DoubleEndedIterator<Item = &Node> {
        let part = self.node().node(part).unwrap_or(&self.empty);
        part.nodes("def")
    }

    /// The expressions and functions that it defines, in their order.
    pub fn statements(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.definitions("statements")
    }

    /// The expression of this name; a function is none.
    #[must_use]
    pub fn statement(&self, name: &str) -> Option<&Node> {
        self.statements()
            .find(|def| def.text("name") == Some(name) && def.kind() == Kind::ExpressionDef)
    }
}

fn settle(document: &mut Node) {
    if let Some(Field::Node(library)) = document.field_mut("library") {
        library.settle(Kind::Library);
    }
}
