//! Bounds, hosts and observers: what surrounds an evaluation.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use salus_fhir::json::Document;
use salus_fhir::view::JsonElement;
use salus_fhirpath::{
    Environment, EvaluationError, Host, HostCode, HostError, Limits, Observed, Observer, Program,
};
use salus_values::Value;
use support::{answer, environment, words};

type Element<'t> = JsonElement<'t>;

fn refused(expression: &str, limits: Limits) -> EvaluationError {
    let program = Program::compile(expression).unwrap();
    let environment: Environment<'_, Element<'_>> = environment().limits(limits);
    program.evaluate_on(&[], &environment).unwrap_err()
}

#[test]
fn an_expression_that_would_run_for_ever_is_stopped() {
    let limits = Limits {
        steps_max: 10_000,
        ..Limits::default()
    };
    let error = refused("(1).repeat($this + 1)", limits);
    assert!(
        matches!(
            error,
            EvaluationError::TooManySteps {
                steps_max: 10_000,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(error.code().as_str(), "SAL-FHIRPATH-0112");
}

#[test]
fn collections_and_texts_cannot_grow_without_bound() {
    let limits = Limits {
        items_max: 100,
        ..Limits::default()
    };
    let error = refused("(1 | 2).repeatAll($this)", limits);
    assert!(
        matches!(error, EvaluationError::TooLarge { size_max: 100, .. }),
        "{error}"
    );
    let limits = Limits {
        text_bytes_max: 1_000,
        ..Limits::default()
    };
    let error = refused(
        "(1|2|3|4|5|6|7|8|9).aggregate($total.replace('', 'xxxxxxxxxx'), 'a')",
        limits,
    );
    assert!(
        matches!(
            error,
            EvaluationError::TooLarge {
                size_max: 1_000,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn the_deepest_tree_that_can_be_read_is_evaluated_on_a_small_stack() {
    let deep = format!("1{}", "+1".repeat(250));
    let evaluate = move || support::value(&deep);
    let thread = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(evaluate)
        .unwrap();
    assert_eq!(thread.join().unwrap(), "251");
}

struct Hospital<'t> {
    organization: Element<'t>,
}

impl<'t> Host<Element<'t>> for Hospital<'t> {
    fn resolve(&self, reference: &str, _: Option<&Element<'t>>) -> Option<Element<'t>> {
        (reference == "Organization/1").then_some(self.organization)
    }

    fn member_of(&self, codes: &[HostCode], value_set: &str) -> Result<Option<bool>, HostError> {
        match value_set {
            "http://a.example/vs" => Ok(Some(codes.iter().any(|code| code.code == "a"))),
            _ => Err(HostError::Failed {
                cause: "no such value set".to_owned(),
            }),
        }
    }

    fn subsumes(&self, general: &HostCode, special: &HostCode) -> Result<Option<bool>, HostError> {
        Ok(Some(special.code.starts_with(&general.code)))
    }
}

#[test]
fn a_host_answers_what_the_record_does_not_say() {
    let organization =
        Document::parse(r#"{"resourceType": "Organization", "id": "1", "name": "Org"}"#).unwrap();
    let text = r#"{"resourceType": "Condition", "subject": {"reference": "Organization/1"},
        "code": {"coding": [{"system": "s", "code": "b"}, {"system": "s", "code": "a"}]}}"#;
    let condition = Document::parse(text).unwrap();
    let host = Hospital {
        organization: JsonElement::resource(&organization).unwrap(),
    };
    let environment: Environment<'_, Element<'_>> = environment().host(&host);
    let focus = JsonElement::resource(&condition).unwrap();
    let of = |expression: &str| answer(expression, |program| program.evaluate(focus, &environment));
    assert_eq!(of("subject.resolve().name"), "Org");
    assert_eq!(of("code.memberOf('http://a.example/vs')"), "true");
    assert_eq!(
        of("code.coding.first().memberOf('http://a.example/vs')"),
        "false"
    );
    assert_eq!(
        of("code.memberOf('http://b.example/vs')"),
        "SAL-FHIRPATH-0110"
    );
    assert_eq!(of("'ab'.subsumedBy('a')"), "true");
    assert_eq!(of("'a'.subsumedBy('ab')"), "false");
}

#[derive(Default)]
struct Steps {
    text: String,
    seen: Vec<String>,
    traced: Vec<String>,
}

impl Observer<Element<'_>> for Steps {
    fn step(&mut self, step: Observed<'_, Element<'_>>) {
        self.seen.push(format!(
            "{} = {}",
            step.span.of(&self.text),
            words(step.result)
        ));
    }

    fn trace(&mut self, name: &str, items: &[Value<Element<'_>>]) {
        self.traced.push(format!("{name}: {}", words(items)));
    }
}

#[test]
fn an_observer_sees_what_each_step_returns_inner_steps_first() {
    let document = Document::parse(
        r#"{"resourceType": "Patient", "name": [{"use": "usual", "given": ["Ada"]}]}"#,
    )
    .unwrap();
    let patient = Value::Node(JsonElement::resource(&document).unwrap());
    let text = "name.where(use = 'usual').given.trace('g', length())";
    let mut steps = Steps {
        text: text.to_owned(),
        ..Steps::default()
    };
    Program::compile(text)
        .unwrap()
        .observe(&[patient], &environment(), &mut steps)
        .unwrap();
    let expected = [
        r#"name = {"use": "usual", "given": ["Ada"]}"#,
        "use = usual",
        "'usual' = usual",
        "use = 'usual' = true",
        r#"name.where(use = 'usual') = {"use": "usual", "given": ["Ada"]}"#,
        "name.where(use = 'usual').given = Ada",
        "'g' = g",
        "length() = 3",
        "name.where(use = 'usual').given.trace('g', length()) = Ada",
    ];
    assert_eq!(steps.seen, expected);
    assert_eq!(steps.traced, ["g: 3"]);
}

#[test]
fn what_is_wrong_has_a_place_a_code_and_help() {
    let program = Program::compile("name.given.startsWith('A')").unwrap();
    let document =
        Document::parse(r#"{"resourceType": "Patient", "name": [{"given": ["A", "B"]}]}"#).unwrap();
    let patient = JsonElement::resource(&document).unwrap();
    let error = program.evaluate(patient, &environment()).unwrap_err();
    assert_eq!(
        error.span().of(program.text()),
        "name.given.startsWith('A')"
    );
    assert_eq!(
        error.diagnostic().message,
        "the input of `startsWith()` is one item, but there are 2"
    );
    assert!(error.diagnostic().help.unwrap().contains("first()"));
}
