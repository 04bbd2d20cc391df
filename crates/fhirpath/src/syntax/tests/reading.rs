//! What texts mean.

use super::*;

fn groups(text: &str, expected: &str) {
    assert_eq!(grouped(&tree(text)), expected, "{text}");
}

#[test]
fn operators_bind_as_the_specification_orders_them() {
    groups("-a.b * c", "(-a.b) * c");
    groups("- -1 + +2", "(-(-1)) + (+2)");
    groups("-1.convertsToInteger()", "-1.convertsToInteger()");
    groups("a + b * c - d", "(a + (b * c)) - d");
    groups("a & b + c", "(a & b) + c");
    groups("a div b mod c", "(a div b) mod c");
    groups("a + b is Integer", "(a + b) is Integer");
    groups("1 | 1 is Integer", "1 | (1 is Integer)");
    groups("1 > 2 is Boolean", "1 > (2 is Boolean)");
    groups("a | b < c | d", "(a | b) < (c | d)");
    groups("a = b < c", "a = (b < c)");
    groups("a = b = c", "(a = b) = c");
    groups("a in b = c", "a in (b = c)");
    groups("a contains b ~ c", "a contains (b ~ c)");
    groups("a and b in c", "a and (b in c)");
    groups("a or b and c xor d", "(a or (b and c)) xor d");
    groups(
        "a implies b or c implies d",
        "(a implies (b or c)) implies d",
    );
    groups("a !~ b and c != d", "(a !~ b) and (c != d)");
    groups("a <= b and c >= d", "(a <= b) and (c >= d)");
}

#[test]
fn parentheses_group_and_leave_no_trace() {
    groups("(a + b) * c", "(a + b) * c");
    groups("((a))", "a");
    groups("(a | b).c[0].d()", "(a | b).c[0].d()");
}

#[test]
fn what_follows_a_type_belongs_to_the_test() {
    groups("a is Quantity.not()", "(a is Quantity).not()");
    groups("a is FHIR.Quantity.not()", "(a is FHIR.Quantity).not()");
    groups("a as Quantity | b", "(a as Quantity) | b");
    groups("a is FHIR.Patient.contact", "a is FHIR.Patient.contact");
    groups("(a as Quantity).unit", "(a as Quantity).unit");
    groups("a as Quantity[0]", "(a as Quantity)[0]");
}

#[test]
fn keywords_are_names_where_they_can_be() {
    groups("as.is.contains.in", "as.is.contains.in");
    groups("contains contains in", "contains contains in");
    groups("a.is(Quantity).as(Quantity)", "a.is(Quantity).as(Quantity)");
    groups(
        "'a'.contains('b') and c contains d",
        "'a'.contains('b') and (c contains d)",
    );
    groups("text.div.exists()", "text.div.exists()");
    groups("div.exists()", "div.exists()");
    groups("Timing.repeat.day", "Timing.repeat.day");
    groups("a.`and`.`true`", "a.and.true");
    groups("is is is", "is is is");
}

#[test]
fn names_in_backticks_lose_them_and_their_escapes() {
    groups(
        r"`Patient`.`given name`.`a\`b\\\u0041`",
        r"Patient.given name.a`b\A",
    );
    let variable = |text: &str| match tree(text).kind {
        ExprKind::Variable { name } => name.text,
        other => panic!("{other:?}"),
    };
    assert_eq!(&*variable("%context"), "context");
    assert_eq!(&*variable("%`vs-name`"), "vs-name");
    assert_eq!(&*variable(r"%'it\'s'"), "it's");
    assert_eq!(&*variable("% sct"), "sct");
}

#[test]
fn texts_lose_their_quotes_and_escapes() {
    let text = |written: &str| match tree(written).kind {
        ExprKind::Literal(Literal::String(text)) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        &*text(r#"'\\\/\f\r\n\t\"\`\'\u002a'"#),
        "\\/\u{c}\r\n\t\"`'*"
    );
    assert_eq!(&*text("''"), "");
    assert_eq!(&*text("'A\n\tB'"), "A\n\tB");
    assert_eq!(&*text(r"'\ud83d\ude00 \p \u12'"), "😀 p u12");
    assert_eq!(
        &*text("'ä // no comment /* none */'"),
        "ä // no comment /* none */"
    );
}

#[test]
fn comments_and_lines_are_space() {
    groups("2 + 2 // one\n// two + 4\n", "2 + 2");
    groups("/* a\n+2 */ 2 /* inline $@%^+ * */ + 2", "2 + 2");
    groups("2 // comment\r/ 2", "2 / 2");
    groups("a/**/.b/***/", "a.b");
}

#[test]
fn numbers_are_integers_longs_and_decimals() {
    let literal = |text: &str| match tree(text).kind {
        ExprKind::Literal(literal) => (literal.type_name(), literal.to_string()),
        other => panic!("{other:?}"),
    };
    assert_eq!(literal("007"), ("Integer", "7".into()));
    assert_eq!(literal("2147483647"), ("Integer", "2147483647".into()));
    assert_eq!(literal("-2147483648"), ("Integer", "-2147483648".into()));
    assert_eq!(literal("5L"), ("Long", "5L".into()));
    assert_eq!(
        literal("-9223372036854775808L"),
        ("Long", "-9223372036854775808L".into())
    );
    assert_eq!(literal("1.10"), ("Decimal", "1.10".into()));
    assert_eq!(
        literal("1234567890987654321.0"),
        ("Decimal", "1234567890987654321.0".into())
    );
    groups("5.abs()", "5.abs()");
    groups("1.0.abs()", "1.0.abs()");
}

#[test]
fn dates_and_times_are_as_precise_as_they_are_written() {
    let literal = |text: &str| match tree(text).kind {
        ExprKind::Literal(literal) => (literal.type_name(), literal.to_string()),
        other => panic!("{other:?}"),
    };
    for (type_name, text) in [
        ("Date", "@2015"),
        ("Date", "@2015-02"),
        ("Date", "@2015-02-04"),
        ("DateTime", "@2015T"),
        ("DateTime", "@2015-02T"),
        ("DateTime", "@2015-02-04T"),
        ("DateTime", "@2015-02-04T14"),
        ("DateTime", "@2015-02-04T14:34"),
        ("DateTime", "@2015-02-04T14:34:28"),
        ("DateTime", "@2015-02-04T14:34:28.123"),
        ("DateTime", "@2015-02-04T14:34:28Z"),
        ("DateTime", "@2015-02-04T14+10:00"),
        ("DateTime", "@2015-02-04T14:34-05:30"),
        ("Time", "@T14"),
        ("Time", "@T14:34"),
        ("Time", "@T14:34:28"),
        ("Time", "@T14:34:28.123"),
    ] {
        assert_eq!(literal(text), (type_name, text.into()));
    }
    groups("@2015-02.is(Date)", "@2015-02.is(Date)");
    groups("@2015T.is(DateTime)", "@2015T.is(DateTime)");
    groups("@2015-1", "@2015 - 1");
}

#[test]
fn quantities_have_calendar_or_ucum_units() {
    let literal = |text: &str| match tree(text).kind {
        ExprKind::Literal(literal) => (literal.type_name(), literal.to_string()),
        other => panic!("{other:?}"),
    };
    for text in [
        "10.1 'mg'",
        "10 'mg'",
        "4 days",
        "1 year",
        "3 milliseconds",
        "1 '[s]'",
        "6 'mm[Hg]'",
    ] {
        assert_eq!(literal(text), ("Quantity", text.into()));
    }
    groups("4 days.convertsToQuantity()", "4 days.convertsToQuantity()");
    groups("@2015 + 1 year - 2 months", "(@2015 + 1 year) - 2 months");
    groups("1.year", "1.year");
}

#[test]
fn the_special_variables_may_follow_a_dot() {
    groups("$this + $index + $total", "($this + $index) + $total");
    groups("a.$this", "$this");
}

#[test]
fn a_descending_key_is_a_negated_one() {
    groups(
        "name.sort(family desc, given.first() asc)",
        "name.sort(-family, given.first())",
    );
    groups("sort(a + b desc)", "sort(-(a + b))");
    groups("name.sort(desc)", "name.sort(desc)");
}

#[test]
fn spans_cover_what_was_written() {
    let text = "(name | other).where( use = 'x' ).given[0]";
    let expr = tree(text);
    assert_eq!(expr.span.of(text), text);
    let ExprKind::Item { on, .. } = &expr.kind else {
        panic!("{expr:?}")
    };
    assert_eq!(on.span.of(text), "(name | other).where( use = 'x' ).given");
    let ExprKind::Member { on: Some(on), name } = &on.kind else {
        panic!("{on:?}")
    };
    assert_eq!(name.span.of(text), "given");
    let ExprKind::Call {
        on: Some(on),
        arguments,
        ..
    } = &on.kind
    else {
        panic!("{on:?}")
    };
    assert_eq!(on.span.of(text), "name | other");
    assert_eq!(arguments[0].span.of(text), "use = 'x'");
}

#[test]
fn a_type_is_read_from_an_argument() {
    let of = |text: &str| tree(text).as_type().map(|ty| ty.to_string());
    assert_eq!(of("Quantity").as_deref(), Some("Quantity"));
    assert_eq!(of("FHIR.`Patient`").as_deref(), Some("FHIR.Patient"));
    assert_eq!(
        of("FHIR.Patient.contact").as_deref(),
        Some("FHIR.Patient.contact")
    );
    assert_eq!(of("Quantity()"), None);
    assert_eq!(of("'Quantity'"), None);
}

#[test]
fn the_tree_as_json_has_kinds_and_places() {
    let json = serde_json::to_value(tree("a.b(1) is FHIR.X")).unwrap();
    let expected = serde_json::json!({
        "kind": "typeTest", "operator": "is", "start": 0, "end": 16,
        "operand": {
            "kind": "call", "name": "b", "start": 0, "end": 6,
            "on": {"kind": "member", "name": "a", "start": 0, "end": 1},
            "arguments": [{"kind": "literal", "type": "Integer", "value": "1", "start": 4, "end": 5}]
        },
        "ty": {"namespace": "FHIR", "name": "X"}
    });
    assert_eq!(json, expected);
}
