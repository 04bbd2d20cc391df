//! Membership in value sets and code systems, by a terminology that is made up.

use std::sync::Arc;

use salus_values::{Code, Concept, CountedUnit, Date, Precision};

use super::{Value, boolean, scene};
use crate::operators::{
    EvaluationError, Scene, Terminology, TerminologyError, Vocabulary, clinical, conversion,
};

/// Knows one value set, with a code that two systems have, and one code system in which `a` is above `b`.
struct Made;

fn missing<T>(what: &'static str, id: &Arc<str>) -> Result<T, TerminologyError> {
    Err(TerminologyError::Missing {
        what,
        id: Arc::clone(id),
        nearest: None,
    })
}

impl Terminology for Made {
    fn expand(&self, value_set: &Vocabulary) -> Result<Arc<[Code]>, TerminologyError> {
        match &*value_set.id {
            "http://vs" => Ok([
                Code::new("1", "http://a"),
                Code::new("2", "http://a"),
                Code::new("2", "http://b"),
            ]
            .into()),
            _ => missing("value set", &value_set.id),
        }
    }

    fn in_value_set(&self, code: &Code, value_set: &Vocabulary) -> Result<bool, TerminologyError> {
        let codes = self.expand(value_set)?;
        Ok(codes.iter().any(|known| known.equivalent(code)))
    }

    fn in_code_system(
        &self,
        code: &Code,
        code_system: &Vocabulary,
    ) -> Result<bool, TerminologyError> {
        let of_it = code
            .system
            .as_deref()
            .is_none_or(|system| *system == *code_system.id);
        Ok(of_it && matches!(&*code.code, "a" | "b"))
    }

    fn subsumes(
        &self,
        ancestor: &Code,
        descendant: &Code,
    ) -> Result<Option<bool>, TerminologyError> {
        if ancestor.system != descendant.system {
            return Ok(None);
        }
        let is =
            ancestor.code == descendant.code || (&*ancestor.code, &*descendant.code) == ("a", "b");
        Ok(Some(is))
    }
}

fn vocabulary(id: &str) -> Vocabulary {
    Vocabulary {
        id: id.into(),
        version: None,
        name: None,
        code_systems: Arc::new([]),
    }
}

fn code(code: &str, system: &str) -> Value {
    Value::Code(Arc::new(Code::new(code, system)))
}

fn concept(codes: &[(&str, &str)]) -> Value {
    let codes = codes.iter().map(|(code, system)| Code::new(code, system));
    Value::Concept(Arc::new(Concept {
        codes: codes.collect(),
        display: None,
    }))
}

#[test]
fn codes_concepts_and_lists_are_in_a_value_set_when_one_code_is() {
    let scene = Scene {
        terminology: &Made,
        ..scene()
    };
    let is_in =
        |value: &Value| clinical::in_value_set(value, &vocabulary("http://vs"), &scene).unwrap();
    assert_eq!(is_in(&code("1", "http://a")), boolean(true));
    assert_eq!(is_in(&code("1", "http://b")), boolean(false));
    let mixed = concept(&[("9", "http://a"), ("2", "http://b")]);
    assert_eq!(is_in(&mixed), boolean(true));
    assert_eq!(is_in(&concept(&[])), boolean(false));
    assert_eq!(is_in(&Value::list([Value::Null, mixed])), boolean(true));
    assert_eq!(is_in(&Value::Null), boolean(false));
    assert_eq!(is_in(&Value::string("1")), boolean(true));
    assert_eq!(is_in(&Value::string("7")), boolean(false));
}

#[test]
fn a_text_that_two_systems_have_as_a_code_is_refused() {
    let scene = Scene {
        terminology: &Made,
        ..scene()
    };
    let found = clinical::in_value_set(&Value::string("2"), &vocabulary("http://vs"), &scene);
    assert!(matches!(found, Err(EvaluationError::BadOperand { .. })));
}

#[test]
fn a_value_set_that_is_missing_is_an_error_with_its_name_and_never_empty() {
    let found = clinical::in_value_set(&code("1", "http://a"), &vocabulary("http://vs"), &scene());
    let diagnostic = found.unwrap_err().diagnostic();
    assert_eq!(diagnostic.code.as_str(), "SAL-CQL-0065");
    let words = format!("{diagnostic:?}");
    assert!(words.contains("http://vs"), "{words}");
    assert!(
        clinical::expand_value_set::<std::convert::Infallible>(&vocabulary("http://vs"), &scene())
            .is_err()
    );
    // What is null is in nothing, wherever that is.
    let null = clinical::in_value_set(&Value::Null, &vocabulary("http://vs"), &scene());
    assert_eq!(null.unwrap(), boolean(false));
}

#[test]
fn a_code_is_in_a_code_system_by_itself_or_by_its_text() {
    let scene = Scene {
        terminology: &Made,
        ..scene()
    };
    let is_in =
        |value: &Value| clinical::in_code_system(value, &vocabulary("http://s"), &scene).unwrap();
    assert_eq!(is_in(&code("a", "http://s")), boolean(true));
    assert_eq!(is_in(&code("a", "http://other")), boolean(false));
    assert_eq!(is_in(&Value::string("b")), boolean(true));
    assert_eq!(is_in(&Value::Null), boolean(false));
}

#[test]
fn subsumption_is_unknown_between_systems_and_known_as_soon_as_one_pair_is() {
    let scene = Scene {
        terminology: &Made,
        ..scene()
    };
    let subsumes = |a: &Value, b: &Value| clinical::subsumes(a, b, &scene).unwrap();
    let (a, b) = (code("a", "s"), code("b", "s"));
    assert_eq!(subsumes(&a, &b), boolean(true));
    assert_eq!(subsumes(&b, &a), boolean(false));
    assert_eq!(
        clinical::subsumed_by(&b, &a, &scene).unwrap(),
        boolean(true)
    );
    assert_eq!(subsumes(&a, &code("b", "t")), Value::Null);
    assert_eq!(subsumes(&a, &Value::Null), Value::Null);
    let both = concept(&[("b", "t"), ("b", "s")]);
    assert_eq!(subsumes(&a, &both), boolean(true));
}

#[test]
fn an_age_is_of_today_for_dates_and_uncertain_for_partial_ones() {
    let scene = scene();
    let born = |text: &str| Value::Date(Date::parse(text).unwrap());
    let years = CountedUnit::Of(Precision::Year);
    let age = |text: &str| clinical::calculate_age(&born(text), years, &scene).unwrap();
    assert_eq!(age("2000-03-15"), Value::Integer(24));
    assert_eq!(age("2000-03-16"), Value::Integer(23));
    assert_eq!(format!("{:?}", age("2000")), "Interval[23, 24]");
    assert_eq!(age("2001-03"), age("2001-03"));
    let hours = CountedUnit::Of(Precision::Hour);
    let moment = conversion::to_date_time(&born("2024-03-15"), &scene).unwrap();
    let aged = clinical::calculate_age(&moment, hours, &scene).unwrap();
    assert_eq!(format!("{aged:?}"), "Interval[-11, 12]");
}
