//! Libraries: header, definitions, statements (Developer's Guide §1).

use super::{Comment, Expr, Name, Span, TypeSpecifier};

/// A library.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// `library …`, if it has a name.
    pub header: Option<Header>,
    /// What it defines, in the order of the text.
    pub items: Vec<Item>,
    /// Comments after the last definition.
    pub comments: Box<[Comment]>,
    /// All of it.
    pub span: Span,
}

impl PartialEq for Library {
    fn eq(&self, other: &Library) -> bool {
        self.header == other.header && self.items == other.items
    }
}

/// `library name version '…'`
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name.
    pub name: QualifiedName,
    /// Its version.
    pub version: Option<Name>,
    /// The comments before it.
    pub comments: Box<[Comment]>,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Header {
    fn eq(&self, other: &Header) -> bool {
        self.name == other.name && self.version == other.version
    }
}

/// Names with dots between them, at least one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QualifiedName {
    /// The names.
    pub parts: Vec<Name>,
}

impl QualifiedName {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match (self.parts.first(), self.parts.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::default(),
        }
    }

    /// The last name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.parts.last().map_or("", |name| &name.text)
    }

    /// The names before the last one.
    #[must_use]
    pub fn qualifiers(&self) -> &[Name] {
        self.parts.split_last().map_or(&[], |(_, before)| before)
    }
}

/// Something that a library defines.
#[derive(Debug, Clone)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Who may use it. Always public for what cannot be private.
    pub access: Access,
    /// The comments before it, and those inside it that belong to none of its expressions.
    pub comments: Box<[Comment]>,
    /// Where it stands, comments left out.
    pub span: Span,
}

impl PartialEq for Item {
    fn eq(&self, other: &Item) -> bool {
        self.kind == other.kind && self.access == other.access
    }
}

/// Who may use a definition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// Everyone.
    #[default]
    Public,
    /// Only the library itself.
    Private,
}

/// What a definition is.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// `using model version '…' called name`
    Using {
        /// The model.
        model: QualifiedName,
        /// Its version.
        version: Option<Name>,
        /// What it is called here, if not by its name.
        called: Option<Name>,
    },
    /// `include library version '…' called name`
    Include {
        /// The library.
        library: QualifiedName,
        /// Its version.
        version: Option<Name>,
        /// What it is called here, if not by its name.
        called: Option<Name>,
    },
    /// `codesystem name: 'id' version '…'`
    CodeSystem {
        /// Its name.
        name: Name,
        /// Its URI.
        id: Name,
        /// Its version.
        version: Option<Name>,
    },
    /// `valueset name: 'id' version '…' codesystems { … }`
    ValueSet {
        /// Its name.
        name: Name,
        /// Its URI.
        id: Name,
        /// Its version.
        version: Option<Name>,
        /// The code systems it is to be expanded with.
        code_systems: Vec<QualifiedName>,
    },
    /// `code name: 'id' from system display '…'`
    Code {
        /// Its name.
        name: Name,
        /// What it is.
        code: CodeRef,
    },
    /// `concept name: { code, … } display '…'`
    Concept {
        /// Its name.
        name: Name,
        /// Its codes.
        codes: Vec<QualifiedName>,
        /// How it is shown.
        display: Option<Name>,
    },
    /// `parameter name Type default expression`
    Parameter {
        /// Its name.
        name: Name,
        /// Its type; that of the default if not said.
        ty: Option<TypeSpecifier>,
        /// Its value if none is given.
        default: Option<Expr>,
    },
    /// `context name`
    Context(QualifiedName),
    /// `define name: expression`
    Define {
        /// Its name.
        name: Name,
        /// What it is.
        expr: Expr,
    },
    /// `define function name(…): …`
    Function(Box<Function>),
    /// What could not be read; there is a diagnostic for it.
    Error,
}

/// A code in a code system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRef {
    /// The code.
    pub id: Name,
    /// Its system.
    pub system: QualifiedName,
    /// How it is shown.
    pub display: Option<Name>,
}

/// `define fluent function name(operands) returns Type: body`
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Whether it can be called on its first operand: `operand.name(…)`.
    pub fluent: bool,
    /// Its name.
    pub name: Name,
    /// Its operands.
    pub operands: Vec<Operand>,
    /// The type of its result; that of the body if not said.
    pub returns: Option<TypeSpecifier>,
    /// What it does; nothing here if it is `external`.
    pub body: Option<Expr>,
}

/// An operand of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeSpecifier,
}

impl ItemKind {
    /// The name that it gives to something, if it is one that others can use.
    #[must_use]
    pub fn name(&self) -> Option<&Name> {
        match self {
            ItemKind::CodeSystem { name, .. }
            | ItemKind::ValueSet { name, .. }
            | ItemKind::Code { name, .. }
            | ItemKind::Concept { name, .. }
            | ItemKind::Parameter { name, .. }
            | ItemKind::Define { name, .. } => Some(name),
            ItemKind::Function(function) => Some(&function.name),
            ItemKind::Using { model, called, .. } => called.as_ref().or(model.parts.last()),
            ItemKind::Include {
                library, called, ..
            } => called.as_ref().or(library.parts.last()),
            ItemKind::Context(_) | ItemKind::Error => None,
        }
    }
}

/// The tags of block comments: `@name: value`, up to the next tag or the end of the comment.
pub fn tags(comments: &[Comment]) -> impl Iterator<Item = (&str, String)> {
    comments
        .iter()
        .filter(|comment| !comment.is_line())
        .flat_map(|comment| {
            let inside = comment.text.trim_start_matches("/*").trim_end_matches("*/");
            inside.split('@').skip(1).filter_map(|tag| {
                let end = tag.find([':', ' ', '\n', '\r', '\t']).unwrap_or(tag.len());
                let (name, rest) = tag.split_at_checked(end)?;
                let words: Vec<&str> = rest
                    .trim_start_matches(':')
                    .split_whitespace()
                    .filter(|word| *word != "*")
                    .collect();
                let is_name =
                    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
                is_name.then(|| (name, words.join(" ")))
            })
        })
}
