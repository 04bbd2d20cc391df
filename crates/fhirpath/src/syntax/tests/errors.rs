//! What is said of texts that are no expressions.

use super::*;

/// The mistakes of a text: code, place, words.
fn mistakes(text: &str) -> Vec<String> {
    parse(text)
        .diagnostics
        .iter()
        .map(|error| {
            let span = error.span();
            format!("{}-{} {error}", span.start, span.end)
        })
        .collect()
}

fn one(text: &str, expected: &str) {
    assert_eq!(mistakes(text), [expected], "{text}");
}

#[test]
fn a_missing_operand_is_named_where_it_is_missing() {
    one("2 + 2 /", "7-7 expected an expression, found the end");
    one("", "0-0 expected an expression, found the end");
    one("a + * b", "4-5 expected an expression, found `*`");
    one("f(a,)", "4-5 expected an expression, found `)`");
    one("and b", "0-3 expected an expression, found `and`");
    one("a[]", "2-3 expected an expression, found `]`");
    one("a.", "2-2 expected a name after `.`, found the end");
    one("a.0", "2-3 expected a name after `.`, found `0`");
    one("a is (B)", "5-6 expected a type, found `(`");
    one(
        "%",
        "1-1 expected the name of a variable after `%`, found the end",
    );
}

#[test]
fn what_is_too_much_is_named() {
    one(
        "name given",
        "5-10 expected an operator or the end, found `given`",
    );
    one("a)", "1-2 expected an operator or the end, found `)`");
    one("f(a b)", "4-5 expected an operator, `,` or `)`, found `b`");
    one("{1}", "1-2 expected `}`, found `1`");
    one("a, b", "1-2 expected an operator or the end, found `,`");
}

#[test]
fn what_is_open_is_named_where_it_was_opened() {
    one("f(a", "1-2 the `(` here is not closed");
    one("a[0", "1-2 the `[` here is not closed");
    one("{", "0-1 the `{` here is not closed");
    one(
        "a.where(b = 'x)",
        "12-15 the text that starts here does not end",
    );
    one(
        "`a",
        "0-2 the name in backticks that starts here does not end",
    );
    one(
        "2 + 2 /* not finished",
        "6-21 the comment that starts here does not end",
    );
}

#[test]
fn words_of_other_languages_are_told_apart() {
    one("a == b", "2-4 `==` is not FHIRPath");
    one("a && b", "2-4 `&&` is not FHIRPath");
    one("!a", "0-1 `!` is not FHIRPath");
    one("a = \"x\"", "4-7 `\"` is not FHIRPath");
    one("a § b", "2-4 `§` has no meaning in FHIRPath");
    one("$that", "0-5 there is no `$that`");
    let help = |text: &str| parse(text).diagnostics[0].diagnostic().help.unwrap();
    assert_eq!(help("$thiss"), "did you mean `$this`?");
    assert_eq!(help("a <> b"), "write `!=`");
}

#[test]
fn numbers_and_dates_that_do_not_exist_are_refused() {
    one("2147483648", "0-10 `2147483648` is too large for Integer");
    one(
        "-2147483648.abs()",
        "1-11 `2147483648` is too large for Integer",
    );
    one(
        "9223372036854775808L",
        "0-20 `9223372036854775808L` is too large for Long",
    );
    one("@2015-13", "0-8 `@2015-13` is no Date");
    one("@2015-02-30", "0-11 `@2015-02-30` is no Date");
    one("@2015-02-04T25", "0-14 `@2015-02-04T25` is no DateTime");
    one("@T14:60", "0-7 `@T14:60` is no Time");
    one("@201", "0-4 `@201` is no Date");
    one("@Tx", "0-3 `@Tx` is no Time");
    one(
        "@T14:34:28Z.is(Time)",
        "10-11 a time of day has no time zone",
    );
    one(
        "@T14:34:28+10:00.is(Time)",
        "10-16 a time of day has no time zone",
    );
    one(r"'\ud83d'", "1-7 `\\ud83d` is half of a surrogate pair");
}

#[test]
fn several_mistakes_are_found_in_one_run() {
    assert_eq!(
        mistakes("f(a +) or b == g[@2015-13 + ]"),
        [
            "5-6 expected an expression, found `)`",
            "12-14 `==` is not FHIRPath",
            "17-25 `@2015-13` is no Date",
            "28-29 expected an expression, found `]`",
        ]
    );
}

#[test]
fn mistakes_have_code_place_and_help() {
    let found = parse("2 + 2 /").diagnostics[0].diagnostic();
    assert_eq!(
        found.to_string(),
        "SAL-FHIRPATH-0004: expected an expression, found the end (expression, byte 7)"
    );
    assert!(found.help.is_some());
}

#[test]
fn there_is_an_end_to_mistakes_depth_and_length() {
    assert!(mistakes(&"a b ".repeat(1_000)).len() <= 20);
    let deep = mistakes(&"(".repeat(10_000));
    assert!(
        deep.iter().any(|m| m.ends_with("deeper than 256 levels")),
        "{deep:?}"
    );
    for text in [
        "-".repeat(10_000) + "1",
        "a".to_owned() + &".b".repeat(10_000),
        "1".to_owned() + &" + 1".repeat(10_000),
        "f(".repeat(10_000) + &")".repeat(10_000),
        "a[".repeat(10_000),
        "{".repeat(10_000),
    ] {
        assert!(!mistakes(&text).is_empty());
    }
    let long = mistakes(&" ".repeat(TEXT_BYTES_MAX + 1));
    assert_eq!(
        long,
        ["0-65537 the expression has 65537 bytes, more than 65536"]
    );
    tree(&("a".to_owned() + &".b".repeat(DEPTH_MAX - 1)));
}
