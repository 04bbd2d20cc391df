//! A census counts what records say, and figures are measured as their names promise.

use super::*;
use crate::calendar::from_civil;

fn census() -> Census {
    let mut census = Census::new(from_civil(2021, 1, 1), from_civil(2025, 12, 31));
    let mut read = |kind: &'static str, line: &str| census.read(kind, line).unwrap();
    read(
        "Patient",
        r#"{"id":"a","birthDate":"1970-01-01","gender":"female"}"#,
    );
    read(
        "Patient",
        r#"{"id":"b","birthDate":"1960-01-01","gender":"male","deceasedDateTime":"2023-01-01"}"#,
    );
    read(
        "Patient",
        r#"{"id":"a-2","birthDate":"1970-01-01","link":[{"other":{"reference":"Patient/a"},"type":"replaced-by"}]}"#,
    );
    read(
        "Patient",
        r#"{"id":"c","birthDate":"2015-06-01","gender":"male"}"#,
    );
    read(
        "Coverage",
        r#"{"id":"v","beneficiary":{"reference":"Patient/a"},"class":[{"value":"employer"}],"period":{"start":"2021-01-01"}}"#,
    );
    read(
        "Condition",
        r#"{"subject":{"reference":"Patient/a"},"category":[{"coding":[{"code":"problem-list-item"}]}],"clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"code":"E11.9"}]}}"#,
    );
    read(
        "Condition",
        r#"{"subject":{"reference":"Patient/c"},"category":[{"coding":[{"code":"problem-list-item"}]}],"clinicalStatus":{"coding":[{"code":"resolved"}]},"code":{"coding":[{"code":"E11.9"}]}}"#,
    );
    for (day, value) in [
        ("2022-03-01", 8.5),
        ("2024-03-01", 6.8),
        ("2023-03-01", 9.9),
    ] {
        read(
            "Observation",
            &format!(
                r#"{{"subject":{{"reference":"Patient/a-2"}},"code":{{"coding":[{{"code":"4548-4"}}]}},"effectiveDateTime":"{day}T08:00:00-05:00","valueQuantity":{{"value":{value},"code":"%"}}}}"#
            ),
        );
    }
    for (start, end) in [("2022-01-01", "2022-01-05"), ("2022-01-20", "2022-01-22")] {
        read(
            "Encounter",
            &format!(
                r#"{{"subject":{{"reference":"Patient/a"}},"class":{{"code":"IMP"}},"period":{{"start":"{start}T01:00:00Z","end":"{end}T01:00:00Z"}},"reasonCode":[{{"coding":[{{"code":"J10.1"}}]}}]}}"#
            ),
        );
    }
    read(
        "ExplanationOfBenefit",
        r#"{"patient":{"reference":"Patient/a"},"insurance":[{"coverage":{"reference":"Coverage/v"}}],"total":[{"category":{"coding":[{"code":"eligible"}]},"amount":{"value":6000.0}},{"category":{"coding":[{"code":"benefit"}]},"amount":{"value":3000.0}}]}"#,
    );
    census
}

fn measured(measure: Measure, whom: Whom) -> Option<f64> {
    let figure = Figure {
        what: String::new(),
        value: 1.0,
        unit: String::new(),
        source: String::new(),
        measure,
        whom,
    };
    census().report(&[figure]).rows[0].found
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&w| w.to_owned()).collect()
}

#[test]
fn prevalence_counts_active_problems_of_the_living() {
    let problem = || Measure::Problem {
        codes: words(&["E11"]),
    };
    assert_eq!(measured(problem(), Whom::default()), Some(50.0));
    let women = Whom {
        sex: Some("female".to_owned()),
        ..Whom::default()
    };
    assert_eq!(measured(problem(), women), Some(100.0));
    let old = Whom {
        from: 80.0,
        ..Whom::default()
    };
    assert_eq!(
        measured(problem(), old),
        None,
        "nobody is no figure, not zero"
    );
}

#[test]
fn the_last_value_counts_and_a_duplicate_record_is_its_person() {
    let loinc = words(&["4548-4"]);
    let mean = Measure::ValueMean {
        loinc: loinc.clone(),
        ucum: "%".to_owned(),
    };
    assert_eq!(measured(mean, Whom::default()), Some(6.8));
    let other_unit = Measure::ValueMean {
        loinc,
        ucum: "mmol/mol".to_owned(),
    };
    assert_eq!(measured(other_unit, Whom::default()), None);
}

#[test]
fn stays_rates_and_money_have_their_denominators() {
    assert_eq!(measured(Measure::StayDays, Whom::default()), Some(3.0));
    assert_eq!(measured(Measure::Readmission, Whom::default()), Some(50.0));
    let visits = Measure::Visits {
        classes: words(&["IMP"]),
        reasons: Vec::new(),
    };
    // Five years of a, two of b, five of c.
    let rate = measured(visits, Whom::default()).unwrap();
    assert!((rate - 2.0 / 12.0 * 100.0).abs() < 0.2, "{rate}");
    let allowed = Measure::Allowed {
        plans: words(&["employer"]),
    };
    let monthly = measured(allowed, Whom::default()).unwrap();
    assert!((monthly - 100.0).abs() < 0.5, "{monthly}");
    assert_eq!(measured(Measure::Uninsured, Whom::default()), Some(50.0));
}

#[test]
fn seasons_are_counted_from_july() {
    let peak = Measure::PeakWeek {
        reasons: words(&["J10"]),
    };
    let week = measured(peak, Whom::default()).unwrap();
    assert!((25.0..30.0).contains(&week), "{week}");
    let months = Measure::MonthShare {
        reasons: words(&["J1"]),
        months: vec![1],
    };
    assert_eq!(measured(months, Whom::default()), Some(100.0));
}

#[test]
fn every_embedded_figure_parses_and_has_a_source() {
    let figures = figure::embedded().unwrap();
    assert!(figures.len() > 60);
    for figure in figures {
        assert!(
            figure.value > 0.0 && !figure.source.is_empty(),
            "{}",
            figure.what
        );
    }
}

#[test]
fn the_table_marks_what_is_off_and_sums_up() {
    let row = |found: f64| Row {
        what: "Asthma".to_owned(),
        expected: 8.0,
        found: Some(found),
        unit: "%".to_owned(),
        of: 900.0,
        source: "NHIS".to_owned(),
    };
    let report = Report::new(vec![row(8.5), row(12.0)], 900);
    let text = report.to_string();
    assert!(
        text.contains("+50 % !") && text.contains("+6 %  "),
        "{text}"
    );
    assert!(text.ends_with("1 of 2 figures within 20 % (50 %), measured on 900 people"));
}
