//! A compiled expression: a tree of steps in which every name is bound.

use std::sync::{Arc, OnceLock};

use regex::Regex;
use salus_fhir::schema::TypeId;
use salus_values::Value;

use super::specifier::TypeSpecifier;
use crate::functions::FunctionId;
use crate::syntax::{BinaryOperator, Span};

/// A literal: no node can stand in one.
pub(crate) type Literal = Value<std::convert::Infallible>;

/// One step with its place in the expression.
#[derive(Debug)]
pub(crate) struct Step {
    pub kind: StepKind,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) enum StepKind {
    /// `{}`
    Empty,
    Literal(Literal),
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    Variable(Variable),
    /// `on.name`; without `on` of `$this`.
    Member {
        on: Option<Box<Step>>,
        name: Box<str>,
    },
    /// A leading identifier that may name the type of `$this`: `Patient` in `Patient.name`.
    TypeOrMember {
        ty: TypeId,
        name: Box<str>,
    },
    Call(Box<CallStep>),
    /// `on[index]`
    Item {
        on: Box<Step>,
        index: Box<Step>,
    },
    /// `-operand`, `+operand`
    Polarity {
        negative: bool,
        operand: Box<Step>,
    },
    Binary {
        operator: BinaryOperator,
        left: Box<Step>,
        right: Box<Step>,
    },
    /// `operand is type`
    Is {
        operand: Box<Step>,
        ty: TypeSpecifier,
    },
    /// `operand as type`
    As {
        operand: Box<Step>,
        ty: TypeSpecifier,
    },
    /// The argument of `is()`, `as()` and `ofType()`.
    Type(TypeSpecifier),
}

/// What `%name` stands for.
#[derive(Debug)]
pub(crate) enum Variable {
    Context,
    Resource,
    RootResource,
    /// `%ucum`, `%sct`, `%loinc`, `%vs-…`, `%ext-…`: a URL that is the same everywhere.
    Constant(Arc<str>),
    /// `%terminologies`, `%factory`: variables that FHIR defines and that have no value here.
    NoValue,
    /// One of the environment's, or of `defineVariable`.
    Named(Box<str>),
}

/// A call of a function.
#[derive(Debug)]
pub(crate) struct CallStep {
    /// What it is called on; without it on `$this`.
    pub on: Option<Step>,
    pub function: FunctionId,
    pub name: &'static str,
    pub arguments: Vec<Step>,
    /// The regular expression of `matches` and its kin as it was when it was first needed: nearly always a literal.
    pub pattern: OnceLock<(Box<str>, Regex)>,
}

/// Code systems that have a name in every environment.
const CODE_SYSTEMS: [(&str, &str); 3] = [
    ("ucum", "http://unitsofmeasure.org"),
    ("sct", "http://snomed.info/sct"),
    ("loinc", "http://loinc.org"),
];

impl Variable {
    /// What a name after `%` stands for.
    pub(super) fn named(name: &str) -> Variable {
        match name {
            "context" => return Variable::Context,
            "resource" => return Variable::Resource,
            "rootResource" => return Variable::RootResource,
            "terminologies" | "factory" => return Variable::NoValue,
            _ => {}
        }
        let code_system = CODE_SYSTEMS.iter().find(|(known, _)| *known == name);
        if let Some((_, url)) = code_system {
            return Variable::Constant(Arc::from(*url));
        }
        let url = match (name.strip_prefix("vs-"), name.strip_prefix("ext-")) {
            (Some(id), _) => format!("http://hl7.org/fhir/ValueSet/{id}"),
            (_, Some(id)) => format!("http://hl7.org/fhir/StructureDefinition/{id}"),
            (None, None) => return Variable::Named(name.into()),
        };
        Variable::Constant(Arc::from(url))
    }

    /// Whether `defineVariable` may not use a name.
    pub(crate) fn is_reserved(name: &str) -> bool {
        !matches!(Variable::named(name), Variable::Named(_))
    }
}
