//! Libraries that are made to be hard: refused or translated in bounded time and space.

use std::time::{Duration, Instant};

use super::*;

/// The codes of the errors of a library, which is translated on a thread with a stack as small as servers have.
fn codes(text: String) -> Vec<String> {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let found = thread.spawn(move || {
        let start = Instant::now();
        let translation = translate(&text, &NoSources, &Options::default());
        // Debug builds on a busy machine, too.
        assert!(start.elapsed() < Duration::from_secs(20));
        let problems = translation.problems.iter();
        let errors = problems.filter(|problem| problem.severity() == salus_base::Severity::Error);
        errors.map(|problem| problem.code().to_string()).collect()
    });
    found.unwrap().join().unwrap()
}

fn nested(times: usize, open: &str, inner: &str, close: &str) -> String {
    format!(
        "library Hostile define X: {}{inner}{}",
        open.repeat(times),
        close.repeat(times)
    )
}

#[test]
fn ten_thousand_parentheses_are_refused() {
    assert_eq!(codes(nested(10_000, "(", "1", ")")), ["SAL-CQL-0012"]);
    assert_eq!(codes(nested(10_000, "Abs(", "1", ")")), ["SAL-CQL-0012"]);
    assert_eq!(codes(nested(10_000, "{", "1", "}")), ["SAL-CQL-0012"]);
}

#[test]
fn expressions_as_deep_as_may_be_are_translated() {
    // How often it can nest depends on how many levels it has; the text is refused beyond that.
    let deepest = |text: &dyn Fn(usize) -> String| {
        let times = (1..=40).rev().map(|tenths| tenths * 10);
        times
            .map(|times| (times, codes(text(times))))
            .find(|(_, codes)| codes != &["SAL-CQL-0012"])
            .unwrap()
    };
    for (open, close) in [
        ("(1 + ", ")"),
        ("Abs(", ")"),
        ("{", "}"),
        ("if true then ", " else null"),
        ("case when true then ", " else null end"),
        ("Coalesce(2.0, ", ")"),
        ("Tuple { a: ", " }"),
        ("start of Interval[null, ", "]"),
        ("first({1}) + (", ")"),
        ("(1) A return (", ")"),
        ("singleton from (({1}) A where true return ", ")"),
    ] {
        let text = |times| nested(times, open, "1", close).replace("first({1})", "({1}).first()");
        let (times, found) = deepest(&text);
        assert!(
            found.is_empty() && times >= 30,
            "{times} times {open}: {found:?}"
        );
    }
    for link in [".where($this > 0)", " union {2.0}", " union {'a'}"] {
        let text = |times| format!("library Hostile define X: ({{1}}){}", link.repeat(times));
        let (times, found) = deepest(&text);
        assert!(
            found.is_empty() && times >= 100,
            "{times} times {link}: {found:?}"
        );
    }
}

#[test]
fn what_doubles_the_elm_with_each_level_is_refused() {
    let deep = nested(
        20,
        "(if @2014 within 3 days of ",
        "@2014",
        " then @2014 else @2015)",
    );
    assert_eq!(codes(deep), ["SAL-CQL-0046"]);
}

#[test]
fn a_choice_of_many_types_on_both_sides_is_decided_soon() {
    let types = "Choice<Boolean, Integer, Long, Decimal, String, Date, DateTime, Time, Quantity, Ratio, Code, Concept, \
        List<Integer>, List<String>, Interval<Integer>, Interval<Date>, Interval<DateTime>, Interval<Quantity>>";
    let text = format!(
        "library Hostile define A: null as {types} define B: A = A define C: A in {{A}} define D: A during A"
    );
    assert_eq!(codes(text), ["SAL-CQL-0041"]);
    let text = "library Hostile using FHIR version '4.0.1' define A: (null as FHIR.Extension).value define B: A = A \
        define C: Coalesce(A, A, A, A, A) define D: A in {A} define E: A ~ 5 define F: {A} union {5}";
    let none: [&str; 0] = [];
    assert_eq!(codes(text.to_owned()), none);
}
