//! The suite is read, compared and reported as it says.

use std::convert::Infallible;

use super::{
    Capability, Engine, EngineInfo, Exclusions, Invalid, Options, Outcome, Refusal, Report, Stage,
    Suite, Version, run, selected,
};
use crate::operators::Value;

const SUITE: &str = r#"<?xml version="1.0"?>
<tests name="Made" xmlns="http://hl7.org/fhirpath/tests" version="1.0">
  <capability code="decimal" value="28,8"/>
  <group name="First" version="1.5">
    <capability code="long"/>
    <test name="Same" version="1.0"><expression>1 &lt; 2</expression><output>true</output></test>
    <test name="Other"><capability code="decimal" value="8"/>
      <expression>2</expression><output> 2.0 </output></test>
    <test name="Refused"><expression invalid="syntax">refuse</expression></test>
    <test name="RefusedLate"><expression invalid="semantic">refuse late</expression></test>
    <test name="Later" version="2.0"><expression>1</expression><output>1</output></test>
    <test name="Gone" version="1.0" versionTo="1.3"><expression>1</expression><output>1</output></test>
  </group>
</tests>"#;

/// Knows what the expressions of the suite above come to.
struct Made;

impl Engine for Made {
    type Node = Infallible;

    fn evaluate(&self, expression: &str) -> Result<Value<Infallible>, Refusal> {
        let refused = |stage| {
            Err(Refusal {
                stage,
                why: "no".to_owned(),
            })
        };
        match expression {
            "1 < 2" => Ok(Value::Boolean(true)),
            "refuse" => refused(Stage::Translation),
            "refuse late" => refused(Stage::Evaluation),
            _ => Ok(Value::Integer(2)),
        }
    }
}

#[test]
fn tests_inherit_version_and_needs_from_group_and_suite() {
    let suite = Suite::parse(SUITE).unwrap();
    let need = |code: &str, value: Option<&str>| Capability {
        code: code.to_owned(),
        value: value.map(str::to_owned),
    };
    let other = &suite.tests[1];
    assert_eq!(other.path(), "Made/First/Other");
    assert_eq!(other.version, Version::parse("1.5"));
    assert_eq!(
        other.capabilities,
        [need("decimal", Some("8")), need("long", None)]
    );
    assert_eq!(suite.tests[0].version, Version::parse("1.0"));
    assert_eq!(suite.tests[2].invalid, Some(Invalid::Syntax));
}

#[test]
fn an_integer_is_not_the_decimal_that_is_expected_and_a_late_refusal_is_none() {
    let suite = Suite::parse(SUITE).unwrap();
    let results = run(&suite, &Made, &Options::default());
    let outcomes: Vec<Outcome> = results.iter().map(|result| result.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Passed,
            Outcome::Failed,
            Outcome::Passed,
            Outcome::Failed,
            Outcome::Skipped,
            Outcome::Skipped
        ]
    );
}

#[test]
fn the_report_has_the_fields_of_the_public_results() {
    let suite = Suite::parse(SUITE).unwrap();
    let results = run(&suite, &Made, &Options::default());
    let engine = EngineInfo::salus();
    let report = Report {
        engine: &engine,
        run_at: "2026-11-25T12:00:00Z",
        results: &results,
    };
    assert_eq!(report.summary(), "passed 2, failed 2, skipped 2");
    let json: serde_json::Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();
    assert_eq!(json["cqlengine"]["cqlEngine"], "Salus");
    assert_eq!(json["testResultsSummary"]["skipCount"], 2);
    assert_eq!(json["testsRunDateTime"], "2026-11-25T12:00:00Z");
    let row = &json["results"][1];
    assert_eq!(row["testStatus"], "fail");
    assert_eq!(row["testsName"], "Made");
    assert_eq!(row["groupName"], "First");
    assert_eq!(row["testName"], "Other");
    assert_eq!(row["actual"], "2");
    assert_eq!(row["expected"], "2.0");
    assert_eq!(row["invalid"], "false");
    assert_eq!(row["capabilities"][0]["value"], "8");
}

#[test]
fn expected_outputs_are_selectors_of_cql() {
    let text = |text: &str| format!("{:?}", selected::<Infallible>(text).unwrap());
    assert_eq!(text("-5.0 'g'"), "-5.0 'g'");
    assert_eq!(
        text("{{ A: 2, B: null }, Interval ( 1, null ]}"),
        "{{\"A\": 2, \"B\": null}, Interval(1, null]}"
    );
    assert!(text("Concept { codes: Code { code: '8480-6' } }").contains("8480-6"));
    assert!(selected::<Infallible>("1 + 1").is_none());
}

#[test]
fn an_exclusion_needs_a_sentence_and_fails_when_its_test_passes() {
    let suite = Suite::parse(SUITE).unwrap();
    let results = run(&suite, &Made, &Options::default());
    let wrong = |text: &str| -> Vec<String> {
        let exclusions = Exclusions::parse(text).unwrap();
        let wrong = exclusions.wrong(&results);
        wrong
            .iter()
            .map(|result| result.test.name.clone())
            .collect()
    };
    assert_eq!(wrong(""), ["Other", "RefusedLate"]);
    let other = "# why\nMade/First/Other | it is wrong | \"so\": https://cql.hl7.org\n";
    assert_eq!(wrong(other), ["RefusedLate"]);
    let same = "Made/First/Same | it is wrong | \"so\": https://cql.hl7.org\n";
    assert_eq!(wrong(same), ["Same", "Other", "RefusedLate"]);
    for text in [
        "\nMade/First/Other",
        "\nMade/First/Other | because | no link",
    ] {
        let error = Exclusions::parse(text).unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(error.diagnostic().code.as_str(), "SAL-CQL-0067");
    }
}
