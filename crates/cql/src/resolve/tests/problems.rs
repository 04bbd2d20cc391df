//! What is wrong with a library, in words.

use salus_base::Severity;

use super::*;

/// The problems of an expression: severity, code, message and help, one to a line.
fn problems(expression: &str) -> String {
    problems_of(&format!("library Test define X: {expression}"))
}

fn problems_of(text: &str) -> String {
    let translation = translate(text, &NoSources, &Options::default());
    let lines: Vec<String> = translation
        .problems
        .iter()
        .map(|problem| {
            let said = problem.diagnostic("Test");
            let help = said.help.unwrap_or_default();
            let word = if said.severity == Severity::Error {
                "error"
            } else {
                "warning"
            };
            format!("{word} {}: {} ({help})", said.code, said.message)
        })
        .collect();
    lines.join("\n")
}

#[test]
fn an_operator_that_nothing_takes_names_both_types_and_what_there_is() {
    assert_eq!(
        problems("1 / 'a'"),
        "error SAL-CQL-0040: /: there is nothing that takes (Integer, String) (there are: (Decimal, Decimal) -> \
         Decimal; (Quantity, Quantity) -> Quantity)"
    );
}

#[test]
fn all_mistakes_of_a_library_come_at_once() {
    let found = problems_of(
        "library Test
         define A: 1 + 'a'
         define B: { Abs('x'), Foo(1), if 5 then 1 else 2 }
         define C: Interval[true, false]
         define D: Tuple { a: 1, a: 2 }
         define E: A + 1",
    );
    let codes: Vec<&str> = found
        .lines()
        .filter_map(|line| line.split([' ', ':']).nth(1))
        .collect();
    assert_eq!(
        codes,
        [
            "SAL-CQL-0040",
            "SAL-CQL-0040",
            "SAL-CQL-0048",
            "SAL-CQL-0042",
            "SAL-CQL-0049",
            "SAL-CQL-0050"
        ]
    );
}

#[test]
fn a_function_with_a_slip_in_its_name_is_suggested() {
    assert_eq!(
        problems("Colaesce(1, 2)"),
        "error SAL-CQL-0048: there is no function `Colaesce` (did you mean `Coalesce`?)"
    );
    assert_eq!(
        problems("({1}).frist()"),
        "error SAL-CQL-0048: there is no function `frist` (did you mean `first`?)"
    );
}

#[test]
fn a_call_that_could_mean_several_names_them() {
    assert_eq!(
        problems("(null as Choice<Date, Time>) + (null as Quantity)"),
        "error SAL-CQL-0041: +: (Choice<Date, Time>, Quantity) could be taken in 2 ways (say which with `as`: (Date, \
         Quantity) -> Date; (Time, Quantity) -> Time)"
    );
}

#[test]
fn a_cast_that_never_succeeds_is_refused() {
    assert_eq!(
        problems("5 as String"),
        "error SAL-CQL-0053: an Integer is never a String (convert it with `convert … to …`, or take the cast away)"
    );
    assert_eq!(problems("(5 as Any) as String"), "");
    assert_eq!(problems("(null as Choice<Integer, String>) as String"), "");
}

#[test]
fn codes_compared_with_equal_are_warned_of() {
    let codes = "codesystem S: 's' code A: 'a' from S code B: 'b' from S";
    assert_eq!(
        problems_of(&format!("library Test {codes} define X: A = B")),
        "warning SAL-CQL-0058: `=` compares how codes are shown and the versions of their systems, too (write `~`, \
         which compares code and system)"
    );
    assert_eq!(
        problems_of(&format!("library Test {codes} define X: A ~ B")),
        ""
    );
}

#[test]
fn a_comparison_with_null_is_warned_of() {
    let warned = "warning SAL-CQL-0059: what is compared with null has null as result (write `is null` or `is not null`)";
    assert_eq!(problems("1 = null"), warned);
    assert_eq!(problems("null > 1"), warned);
    assert_eq!(problems("1 ~ null"), "");
    assert_eq!(problems("1 is null"), "");
}

#[test]
fn cases_that_can_never_be_are_warned_of() {
    let warned = "warning SAL-CQL-0052: this case can never be (take it away, or move it up)";
    assert_eq!(
        problems("case when true then 1 when 1 = 1 then 2 else 3 end"),
        warned
    );
    assert_eq!(problems("case when false then 1 else 3 end"), warned);
    assert_eq!(
        problems("case 1 when 2 then 1 when 2 then 3 else 4 end"),
        warned
    );
    assert_eq!(problems("case 1 when null then 1 else 4 end"), warned);
    assert_eq!(
        problems("case true when false then 1 when true then 2 else 4 end"),
        ""
    );
}

#[test]
fn branches_of_unrelated_types_make_a_choice() {
    let translation = translate(
        "library Test define X: if true then 1 else 'a' define Y: X + 1",
        &NoSources,
        &Options::bare(),
    );
    assert!(translation.problems.is_empty());
    let type_of = |name: &str| {
        let node = translation
            .library
            .statement(name)
            .unwrap()
            .node("expression")
            .unwrap();
        node.text("resultTypeName").map(str::to_owned)
    };
    assert_eq!(type_of("X"), None);
    assert_eq!(
        type_of("Y").as_deref(),
        Some("{urn:hl7-org:elm-types:r1}Integer")
    );
}

#[test]
fn weeks_are_no_part_of_a_date() {
    assert_eq!(
        problems("week from @2014-01-01"),
        "error SAL-CQL-0047: a date or time has no weeks (compare by day, or count `weeks between`)"
    );
    assert_eq!(problems("weeks between @2014-01-01 and @2014-02-01"), "");
}

#[test]
fn lists_stand_for_their_items_only_when_that_is_allowed() {
    let text = "library Test define X: {1} + 1";
    let strict = translate(text, &NoSources, &Options::default());
    assert_eq!(strict.problems.len(), 1);
    let options = Options {
        list_demotion: true,
        ..Options::default()
    };
    let lenient = translate(text, &NoSources, &options);
    let problems: Vec<String> = lenient
        .problems
        .iter()
        .map(|one| one.code().to_string())
        .collect();
    assert_eq!(problems, ["SAL-CQL-0044"]);
    assert_eq!(lenient.problems[0].severity(), Severity::Warning);
    let sum = lenient
        .library
        .statement("X")
        .unwrap()
        .node("expression")
        .unwrap();
    let kinds: Vec<&str> = sum.operands().map(|node| node.kind().name()).collect();
    assert_eq!(kinds, ["SingletonFrom", "Literal"]);
}

#[test]
fn a_constant_of_the_environment_is_a_parameter_of_its_name() {
    assert_eq!(
        problems("%today"),
        "error SAL-CQL-0111: there is no constant `%today` (define a parameter of this name: `parameter \"%today\" …`)"
    );
    assert_eq!(
        problems_of("library Test parameter \"%today\" Date define X: %today + 1 day"),
        ""
    );
}
