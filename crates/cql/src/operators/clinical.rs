//! Clinical operators (CQL 1.5.3 §9.B "Clinical Operators"): ages, and membership in value sets and code systems.
//!
//! A value set or code system that terminology does not have is an error, never an empty set.

use std::sync::Arc;

use salus_values::{Code, CountedUnit, Precision};

use super::date_time::duration_between;
use super::{
    EvaluationError, Outcome, Record, Scene, TerminologyError, Value, Vocabulary, wrong_operands,
};

/// `CalculateAgeInYears(birth date)` and so on: the age today if a Date is given, now if a DateTime is; not certain
/// when the birth date is not known precisely enough. Null of null.
pub fn calculate_age<N: Record>(
    birth_date: &Value<N>,
    unit: CountedUnit,
    scene: &Scene<'_>,
) -> Outcome<N> {
    let is_of_dates = !matches!(unit, CountedUnit::Of(unit) if unit > Precision::Day);
    let as_of = match birth_date {
        Value::Date(_) if is_of_dates => Value::Date(scene.now.date()),
        _ => Value::DateTime(scene.now),
    };
    calculate_age_at(birth_date, &as_of, unit, scene)
}

/// `CalculateAgeInYearsAt(birth date, as of)` and so on: [`duration_between`].
pub fn calculate_age_at<N: Record>(
    birth_date: &Value<N>,
    as_of: &Value<N>,
    unit: CountedUnit,
    scene: &Scene<'_>,
) -> Outcome<N> {
    duration_between(birth_date, as_of, unit, scene)
}

/// `code in value set`, of a text, a code, a concept or a list of any of them: whether one is in it. False of null.
///
/// # Errors
/// When the value set is missing or cannot be expanded; for a text that is a code of several systems in it.
pub fn in_value_set<N: Record>(
    code: &Value<N>,
    value_set: &Vocabulary,
    scene: &Scene<'_>,
) -> Outcome<N> {
    Membership {
        operator: "InValueSet",
        of_code: &|code| scene.terminology.in_value_set(code, value_set),
        of_text: &|text| text_in_value_set(text, value_set, scene),
    }
    .of(code)
    .map(Value::Boolean)
}

/// A text is a code of whichever system, if there is only one.
fn text_in_value_set(
    text: &str,
    value_set: &Vocabulary,
    scene: &Scene<'_>,
) -> Result<bool, EvaluationError> {
    let codes = scene
        .terminology
        .expand(value_set)
        .map_err(|source| terminology("InValueSet", source))?;
    let mut systems = codes
        .iter()
        .filter(|code| &*code.code == text)
        .map(|code| code.system.as_deref());
    let Some(first) = systems.next() else {
        return Ok(false);
    };
    match systems.all(|system| system == first) {
        true => Ok(true),
        false => Err(EvaluationError::BadOperand {
            operator: "InValueSet",
            value: text.into(),
            reason: "is a code of several code systems in the value set: say of which",
        }),
    }
}

/// `code in code system`, of a text, a code, a concept or a list of any of them: whether one is in it. False of null.
///
/// # Errors
/// When the code system is missing.
pub fn in_code_system<N: Record>(
    code: &Value<N>,
    code_system: &Vocabulary,
    scene: &Scene<'_>,
) -> Outcome<N> {
    Membership {
        operator: "InCodeSystem",
        of_code: &|code| scene.terminology.in_code_system(code, code_system),
        of_text: &|text| {
            let code = Code {
                code: text.into(),
                system: None,
                version: None,
                display: None,
            };
            scene
                .terminology
                .in_code_system(&code, code_system)
                .map_err(|source| terminology("InCodeSystem", source))
        },
    }
    .of(code)
    .map(Value::Boolean)
}

/// Whether a value is in a set of codes.
struct Membership<'m> {
    operator: &'static str,
    of_code: &'m dyn Fn(&Code) -> Result<bool, TerminologyError>,
    of_text: &'m dyn Fn(&str) -> Result<bool, EvaluationError>,
}

impl Membership<'_> {
    fn of<N: Record>(&self, value: &Value<N>) -> Result<bool, EvaluationError> {
        let of_code =
            |code: &Code| (self.of_code)(code).map_err(|source| terminology(self.operator, source));
        match value {
            Value::Null => Ok(false),
            Value::String(text) => (self.of_text)(text),
            Value::Code(code) => of_code(code),
            Value::Concept(concept) => any(concept.codes.iter(), of_code),
            Value::List(items) => any(items.iter(), |item| self.of(item)),
            other => wrong_operands(self.operator, &[other]),
        }
    }
}

fn any<T>(
    items: impl Iterator<Item = T>,
    is: impl Fn(T) -> Result<bool, EvaluationError>,
) -> Result<bool, EvaluationError> {
    for item in items {
        if is(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn terminology(operator: &'static str, source: TerminologyError) -> EvaluationError {
    EvaluationError::Terminology {
        operator,
        source: Box::new(source),
    }
}

/// `ExpandValueSet(value set)`: its codes.
///
/// # Errors
/// When it is missing or cannot be expanded.
pub fn expand_value_set<N: Record>(value_set: &Vocabulary, scene: &Scene<'_>) -> Outcome<N> {
    let codes = scene
        .terminology
        .expand(value_set)
        .map_err(|source| terminology("ExpandValueSet", source))?;
    let codes = codes.iter().map(|code| Value::Code(Arc::new(code.clone())));
    Ok(Value::list(codes))
}

/// `Subsumes(left, right)`, of codes or concepts: whether the left means all that the right does, or the same. Of
/// concepts, whether a code of the left subsumes one of the right. Null when either is null, or terminology cannot
/// tell.
///
/// # Errors
/// When the code system is missing or has no hierarchy.
pub fn subsumes<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    subsumption("Subsumes", left, right, scene)
}

/// `SubsumedBy(left, right)`: [`subsumes`], the other way round.
///
/// # Errors
/// As for [`subsumes`].
pub fn subsumed_by<N: Record>(left: &Value<N>, right: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    subsumption("SubsumedBy", right, left, scene)
}

fn subsumption<N: Record>(
    operator: &'static str,
    ancestor: &Value<N>,
    descendant: &Value<N>,
    scene: &Scene<'_>,
) -> Outcome<N> {
    if ancestor.is_null() || descendant.is_null() {
        return Ok(Value::Null);
    }
    let (Some(ancestors), Some(descendants)) = (codes(ancestor), codes(descendant)) else {
        return wrong_operands(operator, &[ancestor, descendant]);
    };
    let mut found = Some(false);
    for ancestor in ancestors {
        for descendant in descendants {
            let subsumes = scene
                .terminology
                .subsumes(ancestor, descendant)
                .map_err(|source| terminology(operator, source))?;
            found = salus_values::logic::or(found, subsumes);
        }
    }
    Ok(found.into())
}

/// The codes of a code or concept.
fn codes<N: Record>(value: &Value<N>) -> Option<&[Code]> {
    match value {
        Value::Code(code) => Some(std::slice::from_ref(&**code)),
        Value::Concept(concept) => Some(&concept.codes),
        _ => None,
    }
}
