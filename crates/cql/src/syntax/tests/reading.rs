//! What texts are read as.

use super::*;

/// Two texts of the same tree.
fn same(text: &str, grouped: &str) {
    assert_eq!(tree(text), tree(grouped), "{text} / {grouped}");
}

#[test]
fn operators_bind_as_the_grammar_says() {
    same("a + b * c ^ d", "a + (b * (c ^ d))");
    same("-a ^ b", "(-a) ^ b");
    same("-a.b", "-(a.b)");
    same("a and b or c and d", "(a and b) or (c and d)");
    same("a or b xor c", "(a or b) xor c");
    same("a implies b or c", "a implies (b or c)");
    same("a union b intersect c", "(a union b) intersect c");
    same("a = b and c < d", "(a = b) and (c < d)");
    same("a = b < c", "a = (b < c)");
    same("not a is null", "not (a is null)");
    same("not a = b", "(not a) = b");
    same("not exists a", "not (exists a)");
    same("exists a and b", "(exists a) and b");
    same("a in b = c", "a in (b = c)");
    same("a during b = c", "(a during b) = c");
    same("a as Integer + b", "a as Integer + b");
    same("a is Integer and b", "(a is Integer) and b");
    same("a | b", "a union b");
    same("start of a + b", "(start of a) + b");
    same("start of a.b", "start of (a.b)");
    same("year from start of a", "year from (start of a)");
    same("if a then b else c and d", "if a then b else (c and d)");
    same("distinct a union b", "distinct (a union b)");
    same("cast a and b as Boolean", "cast (a and b) as Boolean");
    same("a between b and c and d", "(a between b and c) and d");
    same("days between a and b > 5", "(days between a and b) > 5");
    same("months between a and b + 1", "months between a and (b + 1)");
    same("a starts before b and c", "(a starts before b) and c");
    same("convert a to days = b", "(convert a to days) = b");
}

#[test]
fn several_ways_to_write_the_same_are_one_tree() {
    same("days between a and b", "duration in days between a and b");
    same("a included in b", "a during b");
    same("a before or on b", "a on or before b");
    same("a occurs during b", "a during b");
    same("[X] x return distinct y", "[X] x return y");
    same("[X] x aggregate all r: s", "[X] x aggregate r: s");
    same("[X] x sort by y ascending", "[X] x sort by y asc");
    same("Tuple { a: 1 }", "{ a: 1 }");
    same("`a b`", "\"a b\"");
    same("$this.\"a\"", "$this.a");
}

#[test]
fn phrases_of_time_are_read_whole() {
    for text in [
        "a starts 3 days or more before start b",
        "a ends less than 3 'd' after end b",
        "a starts 1 year or less on or after day of b",
        "a starts same day as start b",
        "a same or before b",
        "a same millisecond or after b",
        "a properly includes day of start b",
        "a starts properly during day of b",
        "a ends within 3 days of start b",
        "a starts properly within 2 hours of b",
        "a meets before day of b",
        "a overlaps after b",
        "a starts month of b",
        "a ends b",
        "a starts after start of b",
        "a starts on or before \"end\".b",
        "a in day of b",
        "a contains hour of b",
    ] {
        assert_eq!(tree(text).to_string(), text);
    }
}

#[test]
fn keywords_are_names_where_no_phrase_starts_with_them() {
    for text in [
        "x.end",
        "x.start.value",
        "x.where(true)",
        "x.exists()",
        "E.period.end > E.date",
        "{ code: 1, end: 2 }",
        "[Observation: code in \"V\"]",
        "[Observation: category ~ c]",
    ] {
        tree(text);
    }
    same("start", "\"start\"");
    same("date.value", "\"date\".value");
    same("a.\"where\"", "a.where");
}

#[test]
fn queries_take_the_clauses_that_follow_them() {
    let text =
        "[Encounter] E with [Condition] C such that exists [X] x where x.a = C.b return E.period";
    let ExprKind::Query(query) = tree(text).kind else {
        panic!("no query")
    };
    // The inner query takes `where` and `return`, as the grammar's own tool reads it.
    assert_eq!(query.relationships.len(), 1);
    assert!(query.result.is_none());
    let ExprKind::Query(query) =
        tree("from [A] a, (b) c let d: e, f: g where h return all i sort by j desc, k").kind
    else {
        panic!("no query")
    };
    assert_eq!((query.sources.len(), query.lets.len()), (2, 2));
    let Some(Sort::By(keys)) = query.sort else {
        panic!("no keys")
    };
    assert_eq!(keys.len(), 2);
}

#[test]
fn a_comma_ends_a_source_in_a_list_and_not_in_a_query() {
    let ExprKind::Call { arguments, .. } = tree("f([A] a, [B] b)").kind else {
        panic!("no call")
    };
    assert_eq!(arguments.len(), 2);
    let ExprKind::Query(query) = tree("[A] a, [B] b where a = b").kind else {
        panic!("no query")
    };
    assert_eq!(query.sources.len(), 2);
}

#[test]
fn literals_are_their_values() {
    let shown = |text: &str| match tree(text).kind {
        ExprKind::Literal(literal) => format!("{} {literal}", literal.type_name()),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown("-2147483648"), "Integer -2147483648");
    assert_eq!(shown("5L"), "Long 5L");
    assert_eq!(shown("1.10"), "Decimal 1.10");
    assert_eq!(shown("5 'mg'"), "Quantity 5 'mg'");
    assert_eq!(shown("1 : 2 'mL'"), "Ratio 1 '1' : 2 'mL'");
    assert_eq!(
        shown("@2014-01-25T14:30:14.559+01:00"),
        "DateTime @2014-01-25T14:30:14.559+01:00"
    );
    assert_eq!(shown("@T14:30"), "Time @T14:30");
    assert_eq!(shown("'it\\'s \\u0041'"), "String 'it\\'s A'");
    assert_eq!(shown("null"), "Any null");
}

#[test]
fn every_definition_of_a_library_is_read() {
    let text = "library a.\"b c\" version '1'\n\nusing FHIR version '4.0.1' called F\n\n\
        include x.Helpers version '2' called H\n\ncodesystem CS: 'urn:cs' version '3'\n\n\
        valueset VS: 'urn:vs' version '4' codesystems { CS, H.Other }\n\n\
        code C: 'c' from H.CS display 'see'\n\nconcept K: { C, H.D } display 'kay'\n\n\
        parameter P Interval<DateTime> default null\n\nparameter private_ Integer\n\ncontext F.Patient\n\n\
        define private X:\n  1\n\n\
        define fluent function f(a Choice<Integer, F.Code>, end Tuple { x List<System.Any> }) \
        returns Integer:\n  a\n\ndefine function g(): external\n";
    let library = library(text);
    assert_eq!(library.items.len(), 12);
    assert_eq!(library.items[9].access, Access::Private);
    assert_eq!(parse(&library.to_string()).library, library);
    let named: Vec<&str> = library
        .items
        .iter()
        .filter_map(|item| item.kind.name())
        .map(|name| &*name.text)
        .collect();
    assert_eq!(
        named,
        [
            "F", "H", "CS", "VS", "C", "K", "P", "private_", "X", "f", "g"
        ]
    );
}

#[test]
fn comments_stay_with_what_follows_them_and_their_tags_are_found() {
    let read = library(
        "/* Who it is about.\n@author: Jane Doe\n@pertinence: high */\ndefine A: /* one */ 1 // last\ndefine B: 2",
    );
    let found: Vec<_> = tags(&read.items[0].comments).collect();
    assert_eq!(
        found,
        [
            ("author", "Jane Doe".to_owned()),
            ("pertinence", "high".to_owned())
        ]
    );
    let ItemKind::Define { expr, .. } = &read.items[0].kind else {
        panic!("no define")
    };
    assert_eq!(&*expr.comments[0].text, "/* one */");
    assert_eq!(&*read.items[0].comments[1].text, "// last");
    assert!(read.items[1].comments.is_empty());
}

#[test]
fn places_are_those_of_the_text() {
    let text = "define A:\n  \"é\" + start of b";
    let library = library(text);
    let ItemKind::Define { expr, .. } = &library.items[0].kind else {
        panic!("no define")
    };
    let ExprKind::Binary { right, .. } = &expr.kind else {
        panic!("no sum")
    };
    assert_eq!(right.span.of(text), "start of b");
    assert_eq!(right.span.line_column(text), (2, 9));
}
