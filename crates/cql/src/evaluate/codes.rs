//! The codes of values and records, and whether they are wanted.

use salus_fhir::schema::{self, Kind};
use salus_fhir::view::ElementView;
use salus_values::{Code, Value};

use super::element::Element;
use super::property;
use super::records::CodeFilter;
use super::step::wrong_type;
use super::{Item, Outcome};
use crate::operators::{EvaluationError, Terminology, TerminologyError};
use crate::program::{Path, PathStep};

/// The codes that a value has: a code, a concept, a text, or a list of them.
pub(super) fn codes_of<V: ElementView>(value: &Item<V>, into: &mut Vec<Code>) -> Outcome<()> {
    match value {
        Value::Null => {}
        Value::Code(code) => into.push(Code::clone(code)),
        Value::Concept(concept) => into.extend(concept.codes.iter().cloned()),
        Value::String(text) => into.push(bare(text)),
        Value::List(items) => {
            for item in items.iter() {
                codes_of(item, into)?;
            }
        }
        Value::Node(Element::Record(node)) => {
            each_code(node, &mut |code| into.push(code));
        }
        other => return Err(wrong_type("a code", "a Code, Concept or String", other)),
    }
    Ok(())
}

fn bare(code: &str) -> Code {
    Code {
        code: code.into(),
        system: None,
        version: None,
        display: None,
    }
}

pub(super) fn code_filter<V: ElementView>(codes: &Item<V>) -> Outcome<CodeFilter> {
    if let Value::Node(Element::ValueSet(known)) = codes {
        return Ok(CodeFilter::ValueSet(known.clone()));
    }
    let mut found = Vec::new();
    codes_of(codes, &mut found)?;
    Ok(CodeFilter::Codes(found))
}

/// Gives the codes of an element: of a CodeableConcept, a Coding, or a primitive, whose system nobody says.
pub(super) fn each_code<V: ElementView>(element: &V, give: &mut dyn FnMut(Code)) {
    let ty = schema::r4().get(element.type_id());
    match (ty.name, ty.kind) {
        ("CodeableConcept", _) => {
            element.children("coding", &mut |coding| coding_code(&coding, give))
        }
        ("Coding", _) => coding_code(element, give),
        (_, Kind::Primitive(_)) => {
            if let Some(Value::String(text)) = property::primitive(element) {
                give(bare(&text));
            }
        }
        _ => {}
    }
}

fn coding_code<V: ElementView>(coding: &V, give: &mut dyn FnMut(Code)) {
    let word = |name: &str| match property::named(coding, name) {
        Value::Node(node) => match node.value() {
            Some(Value::String(text)) => Some(Box::from(&*text)),
            _ => None,
        },
        _ => None,
    };
    if let Some(code) = word("code") {
        give(Code {
            code,
            system: word("system"),
            version: None,
            display: None,
        });
    }
}

/// Calls `visit` for every element that a path leads to from a record.
pub(super) fn each_element<V: ElementView>(
    node: &V,
    steps: &[PathStep],
    visit: &mut dyn FnMut(&V),
) {
    let Some((first, rest)) = steps.split_first() else {
        visit(node);
        return;
    };
    let mut found: Vec<V> = Vec::new();
    node.children(&first.name, &mut |child| found.push(child));
    for child in &found {
        each_element(child, rest, visit);
    }
}

/// Whether a record has one of the codes.
pub(super) fn has_code<V: ElementView>(
    node: &V,
    path: &Path,
    filter: &CodeFilter,
    terminology: &dyn Terminology,
) -> Outcome<bool> {
    let mut codes = Vec::new();
    each_element(node, &path.steps, &mut |element| {
        each_code(element, &mut |code| codes.push(code));
    });
    for code in &codes {
        if filter
            .has(code, terminology)
            .map_err(|source| unanswered("Retrieve", source))?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

impl CodeFilter {
    /// Whether a code is wanted. A code without a system is wanted when its code is, of whichever system.
    ///
    /// # Errors
    /// When the value set is missing or cannot be expanded.
    pub fn has(
        &self,
        code: &Code,
        terminology: &dyn Terminology,
    ) -> Result<bool, TerminologyError> {
        match self {
            CodeFilter::ValueSet(value_set) => terminology.in_value_set(code, value_set),
            CodeFilter::Codes(codes) => Ok(codes.iter().any(|wanted| {
                let unsaid = wanted.system.is_none() || code.system.is_none();
                wanted.code == code.code && (unsaid || wanted.system == code.system)
            })),
        }
    }
}

pub(super) fn unanswered(operator: &'static str, source: TerminologyError) -> Box<super::Failure> {
    EvaluationError::Terminology {
        operator,
        source: Box::new(source),
    }
    .into()
}
