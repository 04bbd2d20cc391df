//! What is said of texts that are no libraries.

use super::*;

/// The mistakes of a text: place, words.
fn mistakes(diagnostics: &[SyntaxError]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|error| {
            let span = error.span();
            format!("{}-{} {error}", span.start, span.end)
        })
        .collect()
}

fn one(text: &str, expected: &str) {
    assert_eq!(
        mistakes(&parse_expr(text).diagnostics),
        [expected],
        "{text}"
    );
}

#[test]
fn a_missing_operand_is_named_where_it_is_missing() {
    one("", "0-0 expected an expression, found the end");
    one("2 + 2 /", "7-7 expected an expression, found the end");
    one("a + * b", "4-5 expected an expression, found `*`");
    one("f(a,)", "4-5 expected an expression, found `)`");
    one("a.", "2-2 expected a name after `.`, found the end");
    one("if a then b", "11-11 expected `else`, found the end");
    one(
        "case when a then b end",
        "19-22 expected `else`, found `end`",
    );
    one("a between b", "11-11 expected `and`, found the end");
    one(
        "[A] a with [B] b where c",
        "17-22 expected `such that`, found `where`",
    );
    one(
        "a is not Integer",
        "9-16 expected `null`, `true` or `false`, found `Integer`",
    );
    one(
        "Interval 1",
        "9-10 expected `[` or `(` after `Interval`, found `1`",
    );
    one(
        "from [A]",
        "8-8 expected a name for the source, found the end",
    );
}

#[test]
fn what_is_open_is_named_where_it_was_opened() {
    one("f(a", "1-2 the `(` here is not closed");
    one("{ a", "0-1 the `{` here is not closed");
    one("[A: 'x", "4-6 the text that starts here does not end");
    one("a as List<Integer", "9-10 the `<` here is not closed");
}

#[test]
fn words_of_other_languages_are_known() {
    one("a == b", "2-4 `==` is not CQL");
    one("a && b", "2-4 `&&` is not CQL");
    one("a <> b", "2-4 `<>` is not CQL");
    one("$that", "0-5 there is no `$that`");
    one("@2014-13-01", "0-11 `@2014-13-01` is no Date");
    one("@T06Z", "4-5 a time of day has no time zone");
    one("2147483648", "0-10 `2147483648` is too large for Integer");
    one("0.000000001", "0-11 `0.000000001` is too large for Decimal");
}

#[test]
fn all_mistakes_of_a_library_are_found_in_one_run() {
    let text = "library L\nusing\ndefine A: (1 + 2\ndefine B: 1 == 2\nfoo bar\ndefine C: f(1 2, 3 +) | [X\ndefine D 5\nparameter P Integer";
    let read = parse(text);
    assert_eq!(
        mistakes(&read.diagnostics),
        [
            "16-22 expected the name of a model, found `define`",
            "26-27 the `(` here is not closed",
            "45-47 `==` is not CQL",
            "50-53 expected an operator or the next definition, found `foo`",
            "72-73 expected an operator, `,` or `)`, found `2`",
            "78-79 expected an expression, found `)`",
            "82-83 the `[` here is not closed",
            "94-95 expected `:`, found `5`",
            "96-115 `parameter` stands after the first statement",
        ]
    );
    assert_eq!(read.library.items.len(), 6);
}

#[test]
fn hostile_texts_are_refused_in_bounded_time_and_depth() {
    let deep = [
        "(",
        "{",
        "-",
        "not ",
        "f(",
        "[A: ",
        "if ",
        "a.b(",
        "start of ",
        "List<",
        "Interval[",
    ];
    for text in deep.map(|open| open.repeat(10_000)) {
        let read = parse_expr(&text);
        assert!(!read.diagnostics.is_empty());
        assert!(read.expr.height() <= DEPTH_MAX + 1);
    }
    let chain = format!("a{}", " + a".repeat(10_000));
    let found = parse_expr(&chain).diagnostics;
    assert!(
        matches!(found[..], [SyntaxError::TooDeep { .. }]),
        "{found:?}"
    );
    assert!(!parse(&"a as List<".repeat(10_000)).diagnostics.is_empty());
    assert!(matches!(
        parse(&" ".repeat(TEXT_BYTES_MAX + 1)).diagnostics[..],
        [SyntaxError::TooLong { .. }]
    ));
    let many = "define A: 1\n".repeat(100_000);
    assert_eq!(parse(&many).library.items.len(), 100_000);
}

#[test]
fn each_mistake_has_a_code_with_an_explanation_and_a_help() {
    for text in [
        "#",
        "==",
        "'a",
        "a b c",
        "(",
        "99999999999",
        "@2014-13",
        "@T06Z",
        "$x",
        "'\\ud800'",
    ] {
        for error in parse_expr(text).diagnostics {
            let diagnostic = error.diagnostic();
            assert!(
                salus_base::explanation(error.code().as_str()).is_some(),
                "{diagnostic}"
            );
        }
    }
}
