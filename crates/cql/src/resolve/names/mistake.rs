//! Names that mean nothing, or not what they should.

use salus_base::{Code, Diagnostic, Severity};

use crate::model::Spec;
use crate::resolve::signature::shown;
use crate::resolve::sources::SourceError;

/// What is wrong, or looks wrong, with a name and what it stands for (Developer's Guide §1 and §4).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameMistake {
    /// A name that nothing has.
    #[error("there is nothing called `{name}` here")]
    Unknown {
        /// The name.
        name: Box<str>,
        /// Which it may have been meant for.
        suggestion: Option<Box<str>>,
    },
    /// A name that an included library does not define.
    #[error("the library `{library}` defines no `{name}`")]
    NotInLibrary {
        /// The library, as it is called here.
        library: Box<str>,
        /// The name.
        name: Box<str>,
        /// Which it may have been meant for.
        suggestion: Option<Box<str>>,
    },
    /// A definition that is private to another library.
    #[error("`{name}` is private to the library `{library}`")]
    Private {
        /// The library, as it is called here.
        library: Box<str>,
        /// The name.
        name: Box<str>,
    },
    /// A name that two definitions have, or two functions with the same operands.
    #[error("`{name}` is defined in line {line} already")]
    Duplicate {
        /// The name.
        name: Box<str>,
        /// The line of the definition that has it.
        line: u32,
    },
    /// A definition that needs its own result.
    #[error("`{name}` needs its own result: {path}")]
    Circular {
        /// The name.
        name: Box<str>,
        /// How: `A → B → A`.
        path: Box<str>,
    },
    /// A library that includes itself.
    #[error("the library `{name}` includes itself: {path}")]
    CircularInclude {
        /// The name.
        name: Box<str>,
        /// How: `A → B → A`.
        path: Box<str>,
    },
    /// A library that is not there.
    #[error("the included library cannot be had")]
    Library {
        /// Why.
        #[source]
        source: SourceError,
    },
    /// A library that is there and has errors.
    #[error("the library `{name}` has {count} errors, the first of them: {first}")]
    IncludeHasErrors {
        /// The library.
        name: Box<str>,
        /// How many errors.
        count: usize,
        /// The first of them.
        first: Box<str>,
    },
    /// Libraries that include each other too deep.
    #[error("libraries include each other more than {depth_max} deep")]
    IncludesTooDeep {
        /// The bound.
        depth_max: usize,
    },
    /// A type of which there is no data by itself.
    #[error("there are no records of `{ty}`")]
    NotRetrievable {
        /// The type.
        ty: Box<str>,
    },
    /// A retrieve with codes of a type that has no code.
    #[error("`{ty}` has no element that codes are compared with")]
    NoCodePath {
        /// The type.
        ty: Box<str>,
    },
    /// A retrieve whose codes are no codes.
    #[error("a retrieve cannot be filtered by what is of the type {}", shown(ty))]
    NotTerminology {
        /// The type of what stands there.
        ty: Spec,
    },
    /// A name that hides another one.
    #[error("the {what} `{name}` hides the {hidden} of the same name")]
    Hides {
        /// `alias`, `let`, `operand`, …
        what: &'static str,
        /// The name.
        name: Box<str>,
        /// What it hides.
        hidden: &'static str,
    },
    /// A fluent function that is called as another, or the other way.
    #[error("the function `{name}` is {}fluent", if *fluent { "" } else { "not " })]
    Fluent {
        /// The function.
        name: Box<str>,
        /// Whether it is fluent.
        fluent: bool,
    },
    /// An external function that does not say what it returns.
    #[error("the external function `{name}` does not say what it returns")]
    UntypedExternal {
        /// The function.
        name: Box<str>,
    },
    /// A function that returns something else than it says.
    #[error(
        "the function `{name}` says that it returns {}, and returns {}",
        shown(said),
        shown(given)
    )]
    Returns {
        /// The function.
        name: Box<str>,
        /// What it says.
        said: Spec,
        /// What it returns.
        given: Spec,
    },
    /// A parameter with neither a type nor a default.
    #[error("the parameter `{name}` has neither a type nor a default")]
    UntypedParameter {
        /// The parameter.
        name: Box<str>,
    },
    /// A default that is not known before the library is run.
    #[error("a default cannot depend on `{name}`")]
    NotConstant {
        /// What it depends on.
        name: Box<str>,
    },
    /// `sort` where there is one result.
    #[error("there is nothing to sort: {why}")]
    NothingToSort {
        /// Why not.
        why: &'static str,
    },
    /// A query without `from` where it is required.
    #[error("a query must start with `from` here")]
    NeedsFrom,
    /// An element of something that has none.
    #[error("the type {} has no elements, so no `{name}`", shown(ty))]
    NoElements {
        /// The type.
        ty: Spec,
        /// The element.
        name: Box<str>,
    },
    /// The name of a library where a value must stand.
    #[error("`{name}` is a library, not a value")]
    LibraryAsValue {
        /// The library.
        name: Box<str>,
    },
    /// An element that a profile leaves out.
    #[error("the profile `{ty}` has no `{name}`")]
    Prohibited {
        /// The profile.
        ty: Box<str>,
        /// The element.
        name: Box<str>,
    },
    /// Two versions of one model.
    #[error("the model {model} is in use in version `{used}`, so not in version `{wanted}`")]
    ModelVersions {
        /// The model.
        model: Box<str>,
        /// The version in use.
        used: Box<str>,
        /// The other one.
        wanted: Box<str>,
    },
    /// A text that says what a name in scope says.
    #[error("the text '{name}' says the same as the name of a {hidden}")]
    LooksLikeName {
        /// The text.
        name: Box<str>,
        /// What has this name.
        hidden: &'static str,
    },
    /// `$this`, `$index` or `$total` where there is none.
    #[error("there is no `{name}` here")]
    NoSpecial {
        /// Which.
        name: &'static str,
    },
    /// An element whose mapping to the data cannot be read.
    #[error("the model info maps the element `{name}` to `{target}`, which cannot be read")]
    BadTarget {
        /// The element.
        name: Box<str>,
        /// The mapping.
        target: Box<str>,
    },
    /// A code, code system or value set that a definition refers to.
    #[error("`{name}` is no {wanted}")]
    WrongKind {
        /// The name.
        name: Box<str>,
        /// What must stand there.
        wanted: &'static str,
    },
}

impl NameMistake {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            NameMistake::Hides { .. } | NameMistake::LooksLikeName { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            NameMistake::Unknown { .. } => "SAL-CQL-0073",
            NameMistake::NotInLibrary { .. } => "SAL-CQL-0074",
            NameMistake::Private { .. } => "SAL-CQL-0075",
            NameMistake::Duplicate { .. } => "SAL-CQL-0076",
            NameMistake::Circular { .. } => "SAL-CQL-0077",
            NameMistake::CircularInclude { .. } => "SAL-CQL-0078",
            NameMistake::Library { .. } => "SAL-CQL-0079",
            NameMistake::IncludeHasErrors { .. } => "SAL-CQL-0080",
            NameMistake::IncludesTooDeep { .. } => "SAL-CQL-0081",
            NameMistake::NotRetrievable { .. } => "SAL-CQL-0082",
            NameMistake::NoCodePath { .. } => "SAL-CQL-0083",
            NameMistake::NotTerminology { .. } => "SAL-CQL-0084",
            NameMistake::Hides { .. } => "SAL-CQL-0085",
            NameMistake::Fluent { .. } => "SAL-CQL-0086",
            NameMistake::UntypedExternal { .. } => "SAL-CQL-0087",
            NameMistake::Returns { .. } => "SAL-CQL-0088",
            NameMistake::UntypedParameter { .. } => "SAL-CQL-0089",
            NameMistake::NotConstant { .. } => "SAL-CQL-0090",
            NameMistake::NothingToSort { .. } => "SAL-CQL-0091",
            NameMistake::NeedsFrom => "SAL-CQL-0092",
            NameMistake::NoElements { .. } => "SAL-CQL-0093",
            NameMistake::LibraryAsValue { .. } => "SAL-CQL-0094",
            NameMistake::Prohibited { .. } => "SAL-CQL-0095",
            NameMistake::ModelVersions { .. } => "SAL-CQL-0096",
            NameMistake::LooksLikeName { .. } => "SAL-CQL-0097",
            NameMistake::NoSpecial { .. } => "SAL-CQL-0098",
            NameMistake::BadTarget { .. } => "SAL-CQL-0021",
            NameMistake::WrongKind { .. } => "SAL-CQL-0099",
        })
    }

    /// The mistake in words, with what can be done. Where it is, the caller knows.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::new(self.code(), self.severity(), self.to_string());
        let diagnostic = match std::error::Error::source(self) {
            Some(source) => diagnostic.because(source),
            None => diagnostic,
        };
        diagnostic.help(self.help())
    }

    fn help(&self) -> String {
        match self {
            NameMistake::Unknown { suggestion, .. }
            | NameMistake::NotInLibrary { suggestion, .. } => match suggestion {
                Some(name) => format!("did you mean `{name}`?"),
                None => "define it, or include the library that does".into(),
            },
            NameMistake::Library { source } => source.help(),
            NameMistake::Fluent { name, fluent: true } => {
                format!("call it on its first operand: `operand.{name}(…)`")
            }
            NameMistake::Fluent { name, .. } => {
                format!("write `{name}(operand, …)`, or `define fluent function {name}`")
            }
            other => other.fixed_help().into(),
        }
    }

    /// What to do, where that is always the same.
    fn fixed_help(&self) -> &'static str {
        match self {
            NameMistake::Private { .. } => "take `private` away there, or define it here",
            NameMistake::Duplicate { .. } => "give one of them another name",
            NameMistake::Circular { .. } => {
                "split it: what both need becomes a definition of its own"
            }
            NameMistake::CircularInclude { .. } => {
                "move what both need to a library that both include"
            }
            NameMistake::IncludeHasErrors { .. } => "check that library first: `salus cql check`",
            NameMistake::IncludesTooDeep { .. } => "include what is needed directly",
            NameMistake::NotRetrievable { .. } => {
                "retrieve the resource that it is a part of, and go on to the part"
            }
            NameMistake::NoCodePath { .. } => {
                "say which element: `[Type: element in \"Value Set\"]`"
            }
            NameMistake::NotTerminology { .. } => {
                "give a value set, a code, a concept or a list of codes"
            }
            NameMistake::Hides { .. } => "give one of them another name",
            NameMistake::UntypedExternal { .. } => "write `returns Type` before `: external`",
            NameMistake::Returns { .. } => "correct what it says, or convert what it returns",
            NameMistake::UntypedParameter { .. } => "write its type after its name",
            NameMistake::NotConstant { .. } => "write a literal, or an expression of literals",
            NameMistake::NothingToSort { .. } => "take `sort` away",
            NameMistake::NeedsFrom => "write `from` before the first source",
            NameMistake::NoElements { .. } => "take the element away",
            NameMistake::LibraryAsValue { .. } => {
                "name a definition of it: `Library.\"Definition\"`"
            }
            NameMistake::Prohibited { .. } => "use another element or another profile",
            NameMistake::ModelVersions { .. } => "use the same version everywhere",
            NameMistake::LooksLikeName { .. } => "if the name is meant, write it in double quotes",
            NameMistake::NoSpecial { .. } => {
                "it has a meaning in `where()`, `select()`, `aggregate()` and the like, and in `sort`"
            }
            NameMistake::BadTarget { .. } => "correct the attribute `target` in the model info",
            NameMistake::WrongKind { .. } => "name one, or define it",
            _ => "",
        }
    }
}
