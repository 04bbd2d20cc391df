//! Messages reach whoever listens, and errors end the evaluation.

use std::cell::RefCell;

use super::{Value, boolean, scene};
use crate::operators::{
    EvaluationError, Messages, Outcome, Scene, Severity, arithmetic, interval, list, message, text,
};

#[derive(Default)]
struct Heard(RefCell<Vec<(Severity, String)>>);

impl Messages for Heard {
    fn send(&self, severity: Severity, _: Option<&str>, text: Option<&str>) {
        let text = text.unwrap_or("nothing").to_owned();
        self.0.borrow_mut().push((severity, text));
    }
}

fn say(heard: &Heard, condition: &Value, severity: &Value) -> Outcome<std::convert::Infallible> {
    let scene = Scene {
        messages: heard,
        ..scene()
    };
    let said = message::Message {
        condition,
        code: &Value::string("100"),
        severity,
        text: &Value::string("careful"),
    };
    message::message(&Value::Integer(1), &said, &scene)
}

#[test]
fn a_message_is_sent_when_its_condition_is_true_and_the_source_comes_back() {
    let heard = Heard::default();
    for (condition, severity) in [
        (boolean(true), Value::string("Warning")),
        (boolean(true), Value::Null),
        (boolean(false), Value::string("Error")),
        (Value::Null, Value::string("Error")),
    ] {
        assert_eq!(
            say(&heard, &condition, &severity).unwrap(),
            Value::Integer(1)
        );
    }
    assert_eq!(
        heard.0.into_inner(),
        [
            (Severity::Warning, "careful".to_owned()),
            (Severity::Message, "careful".to_owned())
        ]
    );
}

#[test]
fn an_error_ends_the_evaluation_with_its_text() {
    let heard = Heard::default();
    let error = say(&heard, &boolean(true), &Value::string("Error")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the library stopped with the message: careful"
    );
    assert!(heard.0.borrow().is_empty());
    assert!(say(&heard, &boolean(true), &Value::string("Loud")).is_err());
}

#[test]
fn every_failure_has_its_code_and_words() {
    let scene = scene();
    let one = Value::Integer(1);
    let failures: [(Outcome<std::convert::Infallible>, &str, &str); 5] = [
        (
            arithmetic::add(&one, &boolean(true), &scene),
            "SAL-CQL-0060",
            "Add is not defined for Integer, Boolean",
        ),
        (
            interval::interval(Value::Integer(5), true, Value::Integer(3), true, &scene),
            "SAL-CQL-0061",
            "Interval: Interval[5, 3] starts after it ends",
        ),
        (
            list::singleton_from(&Value::list([one.clone(), one]), &scene),
            "SAL-CQL-0062",
            "a single element is wanted, but the list has 2",
        ),
        (
            text::matches(&Value::string("a"), &Value::string("("), &scene),
            "SAL-CQL-0063",
            "`(` is no regular expression",
        ),
        (
            interval::expand(
                &Value::interval(salus_values::Interval::closed(
                    Value::Integer(0),
                    Value::Integer(2_000_000),
                )),
                &Value::Null,
                &scene,
            ),
            "SAL-CQL-0064",
            "Expand would give more than 1000000 items",
        ),
    ];
    for (failure, code, words) in failures {
        let error: EvaluationError = failure.unwrap_err();
        assert_eq!(error.code().as_str(), code);
        assert_eq!(error.diagnostic().message, words);
    }
}

#[test]
fn what_an_operator_gives_is_no_larger_than_six_words() {
    assert!(size_of::<Outcome<std::convert::Infallible>>() <= 64);
}
