//! Queries.

use super::support::{NULL, alias, integer, integers, list, operator, query, text, value};

fn where_(condition: &str) -> String {
    format!(r#","where":{condition}"#)
}

fn return_(expression: &str, distinct: bool) -> String {
    format!(r#","return":{{"distinct":{distinct},"expression":{expression}}}"#)
}

fn greater(left: &str, right: &str) -> String {
    operator("Greater", &[left, right])
}

#[test]
fn where_keeps_the_rows_for_which_it_is_true() {
    let found = query(
        &integers(&[1, 2, 3]),
        "X",
        &where_(&greater(&alias("X"), &integer(1))),
    );
    assert_eq!(value(&found), "{2, 3}");
    let with_null = query(
        &list(&[NULL, &integer(2)]),
        "X",
        &where_(&greater(&alias("X"), &integer(1))),
    );
    assert_eq!(value(&with_null), "{2}");
}

#[test]
fn return_is_distinct_unless_it_says_all() {
    let source = integers(&[1, 1, 2]);
    let distinct = query(&source, "X", &return_(&alias("X"), true));
    assert_eq!(value(&distinct), "{1, 2}");
    let unsaid = format!(r#","return":{{"expression":{}}}"#, alias("X"));
    assert_eq!(value(&query(&source, "X", &unsaid)), "{1, 2}");
    let all = query(&source, "X", &return_(&alias("X"), false));
    assert_eq!(value(&all), "{1, 1, 2}");
}

#[test]
fn a_single_source_gives_a_single_result() {
    let double = operator("Add", &[&alias("X"), &alias("X")]);
    assert_eq!(
        value(&query(&integer(4), "X", &return_(&double, true))),
        "8"
    );
    let none = query(
        &integer(4),
        "X",
        &where_(&greater(&alias("X"), &integer(9))),
    );
    assert_eq!(value(&none), "null");
    assert_eq!(value(&query(NULL, "X", "")), "null");
}

fn from(sources: &[(&str, &str)], rest: &str) -> String {
    let sources: Vec<String> = sources
        .iter()
        .map(|(name, source)| format!(r#"{{"alias":"{name}","expression":{source}}}"#))
        .collect();
    format!(
        r#"{{"type":"Query","source":[{}]{rest}}}"#,
        sources.join(",")
    )
}

#[test]
fn several_sources_give_all_their_combinations() {
    let sum = return_(&operator("Add", &[&alias("X"), &alias("Y")]), false);
    let (some, others) = (integers(&[1, 2]), integers(&[10, 20]));
    let found = from(&[("X", &some), ("Y", &others)], &sum);
    assert_eq!(value(&found), "{11, 21, 12, 22}");
    let mixed = from(&[("X", &some), ("Y", &integer(10))], &sum);
    assert_eq!(value(&mixed), "{11, 12}");
    let single = from(&[("X", &integer(1)), ("Y", &integer(10))], &sum);
    assert_eq!(value(&single), "11");
    let rows = from(&[("X", &integers(&[1])), ("Y", &integers(&[10]))], "");
    assert_eq!(value(&rows), r#"{{"X": 1, "Y": 10}}"#);
    let empty = from(&[("X", &some), ("Y", &list(&[]))], &sum);
    assert_eq!(value(&empty), "{}");
}

#[test]
fn lets_are_evaluated_for_every_row() {
    let square = operator("Multiply", &[&alias("X"), &alias("X")]);
    let reference = r#"{"type":"QueryLetRef","name":"S"}"#;
    let rest = format!(
        r#","let":[{{"identifier":"S","expression":{square}}}]{}{}"#,
        where_(&greater(reference, &integer(3))),
        return_(reference, false)
    );
    assert_eq!(value(&query(&integers(&[1, 2, 3]), "X", &rest)), "{4, 9}");
}

#[test]
fn with_wants_a_row_that_is_related_and_without_wants_none() {
    let related = |kind: &str, source: &str| {
        let same = operator("Equal", &[&alias("X"), &alias("Y")]);
        format!(
            r#"{{"type":"Query","source":[{{"alias":"X","expression":{}}}],"relationship":[
            {{"type":"{kind}","alias":"Y","expression":{source},"suchThat":{same}}}]}}"#,
            integers(&[1, 2, 3])
        )
    };
    assert_eq!(value(&related("With", &integers(&[3, 2]))), "{2, 3}");
    assert_eq!(value(&related("Without", &integers(&[3, 2]))), "{1}");
    assert_eq!(value(&related("With", NULL)), "{}");
    assert_eq!(value(&related("Without", NULL)), "{1, 2, 3}");
}

#[test]
fn the_source_of_a_relationship_may_use_the_row() {
    let source = list(&[&operator("Add", &[&alias("X"), &integer(1)])]);
    let such_that = operator("Equal", &[&alias("Y"), &integer(3)]);
    let found = format!(
        r#"{{"type":"Query","source":[{{"alias":"X","expression":{}}}],"relationship":[
        {{"type":"With","alias":"Y","expression":{source},"suchThat":{such_that}}}]}}"#,
        integers(&[1, 2, 3])
    );
    assert_eq!(value(&found), "{2}");
}

#[test]
fn aggregate_carries_its_result_from_row_to_row() {
    let aggregate = |distinct: bool, starting: &str| {
        let total = r#"{"type":"QueryLetRef","name":"T"}"#;
        let sum = operator("Add", &[total, &alias("X")]);
        let rest = format!(
            r#","aggregate":{{"identifier":"T","distinct":{distinct},"expression":{sum}{starting}}}"#
        );
        query(&integers(&[1, 2, 2]), "X", &rest)
    };
    let starting = format!(r#","starting":{}"#, integer(100));
    assert_eq!(value(&aggregate(false, &starting)), "105");
    assert_eq!(value(&aggregate(true, &starting)), "103");
    // Without `starting` it is null, and so is what is added to it.
    assert_eq!(value(&aggregate(false, "")), "null");
}

#[test]
fn sort_goes_by_the_item_an_element_or_an_expression() {
    let tuple = |a: &str, b: i32| {
        format!(
            r#"{{"type":"Tuple","element":[{{"name":"a","value":{}}},{{"name":"b","value":{}}}]}}"#,
            text(a),
            integer(b)
        )
    };
    let source = list(&[&tuple("y", 1), &tuple("x", 2), &tuple("x", 1)]);
    let sort = |by: &str| query(&source, "X", &format!(r#","sort":{{"by":[{by}]}}"#));
    let column = |path: &str, direction: &str| {
        format!(r#"{{"type":"ByColumn","path":"{path}","direction":"{direction}"}}"#)
    };
    let by_columns = sort(&format!("{},{}", column("a", "asc"), column("b", "desc")));
    assert_eq!(
        value(&by_columns),
        r#"{{"a": "x", "b": 2}, {"a": "x", "b": 1}, {"a": "y", "b": 1}}"#
    );
    let negative = operator("Negate", &[r#"{"type":"IdentifierRef","name":"b"}"#]);
    let by_expression = sort(&format!(
        r#"{{"type":"ByExpression","direction":"ascending","expression":{negative}}}"#
    ));
    assert_eq!(
        value(&by_expression),
        r#"{{"a": "x", "b": 2}, {"a": "y", "b": 1}, {"a": "x", "b": 1}}"#
    );
}

#[test]
fn a_query_in_a_query_sees_the_names_around_it() {
    let inner = query(
        &integers(&[1, 2]),
        "Y",
        &return_(&operator("Multiply", &[&alias("X"), &alias("Y")]), false),
    );
    let outer = query(&integers(&[10, 100]), "X", &return_(&inner, false));
    assert_eq!(value(&outer), "{{10, 20}, {100, 200}}");
}

/// A list of so many tuples `{ id: 'n' }`.
fn tuples(range: std::ops::Range<i32>) -> String {
    let all: Vec<String> = range
        .map(|number| {
            let element = format!(r#"{{"name":"id","value":{}}}"#, text(&number.to_string()));
            format!(r#"{{"type":"Tuple","element":[{element}]}}"#)
        })
        .collect();
    list(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

fn id(scope: &str) -> String {
    format!(r#"{{"type":"Property","path":"id","scope":"{scope}"}}"#)
}

fn related(kind: &str, source: &str, such_that: &str) -> String {
    let query = format!(
        r#"{{"type":"Query","source":[{{"alias":"X","expression":{}}}],"relationship":[
        {{"type":"{kind}","alias":"Y","expression":{source},"suchThat":{such_that}}}],
        "return":{{"distinct":false,"expression":{}}}}}"#,
        tuples(8..12),
        id("X")
    );
    value(&query)
}

#[test]
fn what_is_equal_by_a_text_is_found_whatever_side_it_stands_on() {
    let many = tuples(0..10);
    let equal = operator("Equal", &[&id("X"), &id("Y")]);
    let turned = operator("Equal", &[&id("Y"), &id("X")]);
    for such_that in [&equal, &turned] {
        assert_eq!(related("With", &many, such_that), r#"{"8", "9"}"#);
        assert_eq!(related("Without", &many, such_that), r#"{"10", "11"}"#);
    }
    let more = operator(
        "And",
        &[
            &operator("Not", &[&operator("IsNull", &[&id("Y")])]),
            &equal,
        ],
    );
    assert_eq!(related("With", &many, &more), r#"{"8", "9"}"#);
    let never = operator("And", &[&equal, &operator("IsNull", &[&id("Y")])]);
    assert_eq!(related("With", &many, &never), "{}");
}

#[test]
fn what_is_equal_by_other_values_is_found_row_by_row() {
    let number = |scope: &str| operator("ToInteger", &[&id(scope)]);
    let equal = operator("Equal", &[&number("X"), &number("Y")]);
    assert_eq!(related("With", &tuples(0..10), &equal), r#"{"8", "9"}"#);
}

#[test]
fn a_condition_guards_the_ones_after_it() {
    // `singleton from` fails for every row; the condition before it says that it does not matter.
    let fails = operator("SingletonFrom", &[&list(&[&id("Y"), &id("Y")])]);
    let equal = operator("Equal", &[&fails, &id("X")]);
    let guarded = operator("And", &[&operator("IsNull", &[&id("Y")]), &equal]);
    assert_eq!(related("With", &tuples(0..10), &guarded), "{}");
}

#[test]
fn exists_needs_no_more_rows_than_one() {
    // The second row would fail.
    let source = list(&[&integers(&[1]), &integers(&[1, 2])]);
    let single = operator("SingletonFrom", &[&alias("X")]);
    let exists = |rest: &str| operator("Exists", &[&query(&source, "X", rest)]);
    assert_eq!(value(&exists(&return_(&single, false))), "true");
    let nothing = query(&list(&[]), "X", "");
    assert_eq!(value(&operator("Exists", &[&nothing])), "false");
    let nulls = query(&list(&[NULL, NULL]), "X", "");
    assert_eq!(value(&operator("Exists", &[&nulls])), "false");
    let later = query(&list(&[NULL, &integer(1)]), "X", "");
    assert_eq!(value(&operator("Exists", &[&later])), "true");
}
