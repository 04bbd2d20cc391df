//! The official CQL test suite, as far as its expressions are operators on System types: a small reader of expressions
//! (`expression.rs`) applies this crate to the operands. The whole suite is the CQL crate's.

#![cfg(test)]
#![expect(
    clippy::string_slice,
    reason = "a test that cuts a letter in two breaks, and says so"
)]

mod evaluate;
mod expression;
mod operators;

use std::fs;
use std::path::Path;

use evaluate::{Outcome, evaluate};
use salus_values::{Grain, SameNode, Value};

/// Tests whose expectation is not this crate's to meet, each with the reason.
const EXCLUDED: [(&str, &str); 6] = [
    (
        "TestInNullBoundaries",
        "`Interval[null, null]` has no point type: what it means is the translator's",
    ),
    (
        "TestOverlapsNull",
        "as above; with a type, the interval has all values and overlaps",
    ),
    ("TestOverlapsAfterNull", "as above"),
    ("TestUnionNull", "as above"),
    ("TestExceptNull", "as above"),
    (
        "DateTimeDurationBetweenUncertainInterval",
        "says [17, 44] of what DateTimeDurationBetweenUncertainAdd, …Subtract and …Multiply say [16, 44]",
    ),
];

/// Files whose operators this crate has.
const FILES: [&str; 8] = [
    "CqlArithmeticFunctionsTest.xml",
    "CqlComparisonOperatorsTest.xml",
    "CqlDateTimeOperatorsTest.xml",
    "CqlIntervalOperatorsTest.xml",
    "CqlListOperatorsTest.xml",
    "CqlLogicalOperatorsTest.xml",
    "CqlTypeOperatorsTest.xml",
    "CqlTypesTest.xml",
];

#[test]
fn the_official_suite_agrees_about_operators_on_system_types() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/cql-tests/tests");
    if !folder.exists() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{} is missing: it comes with the project's shared data",
            folder.display()
        );
        return;
    }
    let (mut passed, mut failures, mut unread) = (0, Vec::new(), Vec::new());
    for file in FILES {
        let xml = fs::read_to_string(folder.join(file)).unwrap();
        for test in tests(&xml) {
            if EXCLUDED.iter().any(|(name, _)| *name == test.name) {
                continue;
            }
            match (evaluate(&test.expression), evaluate(&test.output)) {
                (Outcome::Is(found), Outcome::Is(expected)) if same(&found, &expected) => {
                    passed += 1
                }
                (Outcome::Is(found), Outcome::Is(expected)) => failures.push(format!(
                    "{}: {} is {found:?}, expected {expected:?}",
                    test.name, test.expression
                )),
                (_, _) => unread.push(format!("{}: {}", test.name, test.expression)),
            }
        }
    }
    if std::env::var_os("SHOW_UNREAD").is_some() {
        println!("{}", unread.join("\n"));
    }
    println!(
        "passed {passed}, failed {}, not read {}",
        failures.len(),
        unread.len()
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(
        passed >= 1040,
        "only {passed} tests were understood; the reader has become worse"
    );
}

fn same(found: &Value<()>, expected: &Value<()>) -> bool {
    match (found, expected) {
        (Value::Null, Value::Null) => true,
        (Value::List(found), Value::List(expected)) => {
            found.len() == expected.len()
                && found
                    .iter()
                    .zip(expected.iter())
                    .all(|(found, expected)| same(found, expected))
        }
        (Value::Interval(found), Value::Interval(expected)) => {
            same(&found.start(), &expected.start()) && same(&found.end(), &expected.end())
        }
        _ => found.equal(expected, &Grain::default(), &SameNode) == Some(true) || found == expected,
    }
}

struct Test {
    name: String,
    expression: String,
    output: String,
}

/// The valid tests of a file. (Invalid ones are about errors, which this crate has none of.)
fn tests(xml: &str) -> Vec<Test> {
    let text = |body: &str, tag: &str| {
        let start = body.find(&format!("<{tag}"))?;
        let body = &body[start..];
        let body = &body[body.find('>')? + 1..];
        let text = &body[..body.find(&format!("</{tag}>"))?];
        Some(unescape(text.trim()))
    };
    xml.split("<test ")
        .skip(1)
        .filter_map(|test| {
            let test = test.split("</test>").next()?;
            if test.contains("invalid=") {
                return None;
            }
            let name = test.split("name=\"").nth(1)?.split('"').next()?.to_owned();
            Some(Test {
                name,
                expression: text(test, "expression")?,
                output: text(test, "output")?,
            })
        })
        .collect()
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}
