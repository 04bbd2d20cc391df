//! Bounds, and the wish to stop.

use std::time::Instant;

use salus_base::Cancel;
use salus_cql::evaluate::{Evaluation, Failure, JsonDocuments, JsonRecords, Limits};

use super::support::{
    alias, define, integer, integers, library, operator, program, query, reference, scene, text,
};

fn limited(statements: &str, limits: Limits) -> Result<String, Box<Failure>> {
    let program = program(&library("Main", statements), &[]).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene()).limits(limits);
    evaluation.define("X").map(|value| format!("{value:?}"))
}

fn code(statements: &str, limits: Limits) -> String {
    let failure = limited(statements, limits).unwrap_err();
    failure.diagnostic().code.to_string()
}

/// A cross product of so many pairs.
fn product() -> String {
    let hundred: Vec<i32> = (0..100).collect();
    let source = integers(&hundred);
    let inner = query(&source, "Y", "");
    let names = ["A", "B", "C"].map(|name| format!(r#"{{"alias":"{name}","expression":{inner}}}"#));
    let sum = operator("Add", &[&alias("A"), &alias("B")]);
    let result = format!(r#","return":{{"distinct":false,"expression":{sum}}}"#);
    define(
        "X",
        "Unfiltered",
        &format!(
            r#"{{"type":"Query","source":[{}]{result}}}"#,
            names.join(",")
        ),
    )
}

#[test]
fn steps_are_bounded() {
    let limits = Limits {
        steps_max: 100_000,
        ..Limits::default()
    };
    assert_eq!(code(&product(), limits), "SAL-CQL-0130");
    let enough = Limits {
        steps_max: 10,
        ..Limits::default()
    };
    assert_eq!(
        limited(&define("X", "Unfiltered", &integer(1)), enough).unwrap(),
        "1"
    );
}

#[test]
fn lists_and_texts_are_bounded() {
    let limits = Limits {
        items_max: 1_000,
        ..Limits::default()
    };
    assert_eq!(code(&product(), limits), "SAL-CQL-0132");
    let limits = Limits {
        memory_bytes_max: 10_000,
        ..Limits::default()
    };
    assert_eq!(code(&product(), limits), "SAL-CQL-0132");
    let mut statements = vec![define("T0", "Unfiltered", &text("0123456789"))];
    for number in 1..40 {
        let before = reference("ExpressionRef", &format!("T{}", number - 1));
        let twice = operator("Concatenate", &[&before, &before]);
        statements.push(define(&format!("T{number}"), "Unfiltered", &twice));
    }
    statements.push(define(
        "X",
        "Unfiltered",
        &reference("ExpressionRef", "T39"),
    ));
    assert_eq!(
        code(&statements.join(","), Limits::default()),
        "SAL-CQL-0132"
    );
}

#[test]
fn a_chain_of_many_defines_is_refused_and_a_long_one_is_not() {
    let chain = |length: usize| {
        let mut statements = vec![define("D0", "Unfiltered", &integer(1))];
        for number in 1..length {
            let before = reference("ExpressionRef", &format!("D{}", number - 1));
            let next = operator("Add", &[&before, &integer(1)]);
            statements.push(define(&format!("D{number}"), "Unfiltered", &next));
        }
        let last = reference("ExpressionRef", &format!("D{}", length - 1));
        statements.push(define("X", "Unfiltered", &last));
        statements.join(",")
    };
    assert_eq!(limited(&chain(900), Limits::default()).unwrap(), "900");
    assert_eq!(code(&chain(20_000), Limits::default()), "SAL-CQL-0131");
}

#[test]
fn who_asks_to_stop_is_heard() {
    let limits = Limits::default();
    limits.cancel.cancel();
    assert_eq!(code(&product(), limits), "SAL-CQL-0134");
    let cancel = Cancel::new();
    let limits = Limits {
        cancel: cancel.clone(),
        ..Limits::default()
    };
    let stopper = std::thread::spawn(move || cancel.cancel());
    let _ = limited(&product(), limits);
    stopper.join().unwrap();
}

#[test]
fn time_is_bounded() {
    let limits = Limits {
        deadline: Some(Instant::now()),
        ..Limits::default()
    };
    assert_eq!(code(&product(), limits), "SAL-CQL-0133");
}

#[test]
fn an_expression_nests_as_deep_as_elm_may() {
    let mut sum = integer(1);
    for _ in 0..300 {
        sum = operator("Add", &[&sum, &integer(1)]);
    }
    let statements = define("X", "Unfiltered", &sum);
    assert_eq!(limited(&statements, Limits::default()).unwrap(), "301");
}

#[test]
fn lists_in_lists_are_bounded() {
    let total = r#"{"type":"QueryLetRef","name":"T"}"#;
    let hundreds: Vec<i32> = (0..100).collect();
    let (rows, inner) = (integers(&hundreds), super::support::list(&[total]));
    let rest = format!(
        r#","aggregate":{{"identifier":"T","expression":{inner},"starting":{}}}"#,
        integer(0)
    );
    let deep = define("X", "Unfiltered", &query(&rows, "R", &rest));
    let limits = |nesting_max| Limits {
        nesting_max,
        ..Limits::default()
    };
    assert_eq!(code(&deep, limits(50)), "SAL-CQL-0131");
    assert!(limited(&deep, limits(100)).is_ok());
    let statements = [
        define("A", "Unfiltered", &nested_lists(30)),
        define(
            "X",
            "Unfiltered",
            &super::support::list(&[&reference("ExpressionRef", "A")]),
        ),
    ];
    assert_eq!(code(&statements.join(","), limits(30)), "SAL-CQL-0131");
}

fn nested_lists(levels: usize) -> String {
    (0..levels).fold(integer(1), |inner, _| super::support::list(&[&inner]))
}

#[test]
fn a_library_of_many_defines_is_compiled_in_the_time_of_its_length() {
    let started = Instant::now();
    let all: Vec<String> = (0..100_000)
        .map(|number| define(&format!("D{number}"), "Unfiltered", &integer(number)))
        .collect();
    let all = library("Main", &all.join(","));
    let program = program(&all, &[]).unwrap();
    assert_eq!(program.defines().count(), 100_000);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
