//! Operators with an expression for every item.

use super::support::{NULL, integer, integers, list, operator, value};

fn scoped(kind: &str, source: &str, field: &str, body: &str) -> String {
    format!(r#"{{"type":"{kind}","source":{source},"scope":"X","{field}":{body}}}"#)
}

const CURRENT: &str = r#"{"type":"Current","scope":"X"}"#;
const ITERATION: &str = r#"{"type":"Iteration","scope":"X"}"#;
const TOTAL: &str = r#"{"type":"Total","scope":"X"}"#;

#[test]
fn filter_keeps_the_items_for_which_it_is_true() {
    let condition = operator("Greater", &[CURRENT, &integer(1)]);
    let filter = |source: &str| scoped("Filter", source, "condition", &condition);
    assert_eq!(value(&filter(&integers(&[1, 2, 3]))), "{2, 3}");
    assert_eq!(value(&filter(&list(&[NULL, &integer(2)]))), "{2}");
    assert_eq!(value(&filter(NULL)), "null");
}

#[test]
fn for_each_gives_a_value_for_every_item_and_knows_its_position() {
    let body = operator("Add", &[CURRENT, ITERATION]);
    let each = scoped("ForEach", &integers(&[5, 5, 5]), "element", &body);
    assert_eq!(value(&each), "{5, 6, 7}");
}

#[test]
fn repeat_goes_on_until_there_is_nothing_new() {
    let next = format!(
        r#"{{"type":"If","condition":{},"then":{},"else":{NULL}}}"#,
        operator("Less", &[CURRENT, &integer(4)]),
        operator("Add", &[CURRENT, &integer(1)])
    );
    let repeat = scoped("Repeat", &integers(&[1]), "element", &next);
    assert_eq!(value(&repeat), "{2, 3, 4}");
    // What gives itself again ends, too.
    let same = scoped("Repeat", &integers(&[1]), "element", CURRENT);
    assert_eq!(value(&same), "{1}");
}

#[test]
fn aggregate_carries_a_total() {
    let body = operator("Add", &[TOTAL, CURRENT]);
    let fold = scoped("Aggregate", &integers(&[1, 2, 3]), "iteration", &body).replacen(
        '{',
        &format!(r#"{{"initialValue":{},"#, integer(10)),
        1,
    );
    assert_eq!(value(&fold), "16");
}

#[test]
fn parts_of_lists_are_found_by_position() {
    let slice = |start: &str, end: &str| {
        format!(
            r#"{{"type":"Slice","source":{},"startIndex":{start},"endIndex":{end}}}"#,
            integers(&[1, 2, 3, 4])
        )
    };
    assert_eq!(value(&slice(&integer(1), &integer(3))), "{2, 3}");
    assert_eq!(value(&slice(&integer(2), NULL)), "{3, 4}");
    assert_eq!(value(&slice(&integer(2), &integer(1))), "{}");
    let end = |kind: &str, source: &str| format!(r#"{{"type":"{kind}","source":{source}}}"#);
    assert_eq!(value(&end("First", &integers(&[1, 2]))), "1");
    assert_eq!(value(&end("Last", &integers(&[1, 2]))), "2");
    assert_eq!(value(&end("First", &list(&[]))), "null");
    let index = format!(
        r#"{{"type":"IndexOf","source":{},"element":{}}}"#,
        integers(&[7, 8]),
        integer(8)
    );
    assert_eq!(value(&index), "1");
}

#[test]
fn times_pairs_tuples() {
    let tuples = |name: &str, values: &[i32]| {
        let tuples: Vec<String> = values
            .iter()
            .map(|value| {
                let element = format!(r#"{{"name":"{name}","value":{}}}"#, integer(*value));
                format!(r#"{{"type":"Tuple","element":[{element}]}}"#)
            })
            .collect();
        list(&tuples.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let times = operator("Times", &[&tuples("a", &[1, 2]), &tuples("b", &[3])]);
    assert_eq!(value(&times), r#"{{"a": 1, "b": 3}, {"a": 2, "b": 3}}"#);
}

#[test]
fn sort_orders_items_nulls_first() {
    let sort = |direction: &str| {
        format!(
            r#"{{"type":"Sort","source":{},"by":[{{"type":"ByDirection","direction":"{direction}"}}]}}"#,
            list(&[&integer(2), NULL, &integer(1)])
        )
    };
    assert_eq!(value(&sort("asc")), "{null, 1, 2}");
    assert_eq!(value(&sort("descending")), "{2, 1, null}");
}

#[test]
fn a_scope_hides_the_one_around_it() {
    let inner = scoped("ForEach", &integers(&[10, 20]), "element", CURRENT);
    let outer = scoped("ForEach", &integers(&[1, 2]), "element", &inner);
    assert_eq!(value(&outer), "{{10, 20}, {10, 20}}");
}
