//! Libraries that include others, and what is wrong with those that cannot be linked.

use salus_cql::elm::Library;
use salus_cql::evaluate::{Evaluation, JsonDocuments, JsonRecords};

use super::support::{define, integer, library, operator, program, reference, scene, text, whole};

fn value_of(name: &str, main: &Library, includes: &[&Library]) -> String {
    let program = program(main, includes).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    format!("{:?}", evaluation.define(name).unwrap())
}

fn codes_of(main: &Library, includes: &[&Library]) -> Vec<(String, String)> {
    let errors = program(main, includes).err().unwrap_or_default();
    let diagnostics = errors.iter().map(|error| error.diagnostic());
    diagnostics
        .map(|found| (found.code.to_string(), found.message))
        .collect()
}

const OPERAND: &str = r#"{"type":"OperandRef","name":"a"}"#;

fn function(name: &str, ty: &str, body: &str) -> String {
    format!(
        r#"{{"type":"FunctionDef","name":"{name}","context":"Patient","expression":{body},
        "operand":[{{"name":"a","operandTypeSpecifier":{{"type":"NamedTypeSpecifier",
        "name":"{{urn:hl7-org:elm-types:r1}}{ty}"}}}}]}}"#
    )
}

fn call(library: &str, name: &str, operand: &str) -> String {
    let library = match library {
        "" => String::new(),
        library => format!(r#""libraryName":"{library}","#),
    };
    format!(r#"{{"type":"FunctionRef",{library}"name":"{name}","operand":[{operand}]}}"#)
}

fn main_including(version: &str, statements: &str) -> Library {
    whole(&format!(
        r#"{{"identifier":{{"id":"Main"}},"includes":{{"def":[{{"localIdentifier":"C","path":"Common"{version}}}]}},
        "statements":{{"def":[{statements}]}}}}"#
    ))
}

#[test]
fn defines_and_functions_of_included_libraries_are_found_by_their_local_name() {
    let double = function("Double", "Integer", &operator("Add", &[OPERAND, OPERAND]));
    let common = library(
        "Common",
        &[define("Seven", "Unfiltered", &integer(7)), double].join(","),
    );
    let seven = r#"{"type":"ExpressionRef","name":"Seven","libraryName":"C"}"#;
    let main = main_including(
        r#","version":"1""#,
        &define("X", "Unfiltered", &call("C", "Double", seven)),
    );
    assert_eq!(value_of("X", &main, &[&common]), "14");
}

#[test]
fn the_value_chooses_the_overload_where_elm_does_not_say() {
    let all = [
        function("Name", "Integer", &text("Integer")),
        function("Name", "String", &text("String")),
        function("Name", "Any", &text("Any")),
        define("OfInteger", "Unfiltered", &call("", "Name", &integer(1))),
        define("OfString", "Unfiltered", &call("", "Name", &text("a"))),
        define(
            "OfOther",
            "Unfiltered",
            &call("", "Name", r#"{"type":"Today"}"#),
        ),
    ];
    let main = library("Main", &all.join(","));
    assert_eq!(value_of("OfInteger", &main, &[]), r#""Integer""#);
    assert_eq!(value_of("OfString", &main, &[]), r#""String""#);
    assert_eq!(value_of("OfOther", &main, &[]), r#""Any""#);
}

#[test]
fn the_signature_chooses_the_overload_where_there_is_one() {
    let signature =
        r#"{"signature":[{"type":"NamedTypeSpecifier","name":"{urn:hl7-org:elm-types:r1}Any"}],"#;
    let call = call("", "Name", &integer(1)).replacen('{', signature, 1);
    let all = [
        function("Name", "Integer", &text("Integer")),
        function("Name", "Any", &text("Any")),
        define("X", "Unfiltered", &call),
    ];
    assert_eq!(
        value_of("X", &library("Main", &all.join(",")), &[]),
        r#""Any""#
    );
}

#[test]
fn all_problems_of_all_libraries_are_found_at_once() {
    let common = library(
        "Common",
        &define("Y", "Unfiltered", r#"{"type":"Nonsense"}"#),
    );
    let all = [
        define("Sum", "Unfiltered", &integer(1)),
        define("A", "Unfiltered", &reference("ExpressionRef", "Sun")),
        define("B", "Unfiltered", &reference("ParameterRef", "P")),
        define("C", "Unfiltered", &super::support::literal("Integer", "x")),
    ];
    let found = codes_of(&main_including("", &all.join(",")), &[&common]);
    let codes: Vec<&str> = found.iter().map(|(code, _)| &**code).collect();
    assert_eq!(
        codes,
        [
            "SAL-CQL-0101",
            "SAL-CQL-0101",
            "SAL-CQL-0106",
            "SAL-CQL-0100"
        ]
    );
    let errors = program(&main_including("", &all.join(",")), &[&common]).unwrap_err();
    let first = errors[0].diagnostic();
    assert_eq!(first.help.as_deref(), Some("did you mean `Sum`?"));
}

#[test]
fn a_missing_library_is_named_with_the_versions_that_are_there() {
    let common = library("Common", &define("Y", "Unfiltered", &integer(1)));
    let main = main_including(r#","version":"2""#, &define("X", "Unfiltered", &integer(1)));
    let errors = program(&main, &[&common]).unwrap_err();
    let found = errors[0].diagnostic();
    assert_eq!(found.code.as_str(), "SAL-CQL-0102");
    assert_eq!(
        found.message,
        "the included library `Common|2` is not there"
    );
    assert_eq!(found.help.as_deref(), Some("there is version 1"));
}

#[test]
fn defines_that_need_each_other_are_refused_with_the_way_around() {
    let all = [
        define("A", "Unfiltered", &reference("ExpressionRef", "B")),
        define("B", "Unfiltered", &reference("ExpressionRef", "A")),
    ];
    let found = codes_of(&library("Main", &all.join(",")), &[]);
    let message = "defines need each other: `A` → `B` → `A`";
    assert_eq!(found, [("SAL-CQL-0103".to_owned(), message.to_owned())]);
    let recursive = function("F", "Integer", &call("", "F", OPERAND));
    let found = codes_of(&library("Main", &recursive), &[]);
    assert_eq!(found[0].1, "defines need each other: `F` → `F`");
}

#[test]
fn libraries_that_include_each_other_are_refused() {
    let common = whole(
        r#"{"identifier":{"id":"Common"},"includes":{"def":[{"localIdentifier":"M","path":"Main"}]},"statements":{"def":[]}}"#,
    );
    let main = main_including("", &define("X", "Unfiltered", &integer(1)));
    let found = codes_of(&main, &[&common, &main]);
    assert_eq!(found[0].0, "SAL-CQL-0103");
}

#[test]
fn a_private_define_is_not_there_for_other_libraries() {
    let hidden =
        define("Y", "Unfiltered", &integer(1)).replacen('{', r#"{"accessLevel":"Private","#, 1);
    let common = library("Common", &hidden);
    let other = r#"{"type":"ExpressionRef","name":"Y","libraryName":"C"}"#;
    let main = main_including("", &define("X", "Unfiltered", other));
    assert_eq!(codes_of(&main, &[&common])[0].0, "SAL-CQL-0101");
}

#[test]
fn an_external_function_is_refused_when_it_is_called() {
    let external = r#"{"type":"FunctionDef","name":"F","external":true,"operand":[]}"#;
    let all = [
        external.to_owned(),
        define(
            "X",
            "Unfiltered",
            r#"{"type":"FunctionRef","name":"F","operand":[]}"#,
        ),
        define("Y", "Unfiltered", &integer(1)),
    ];
    let main = library("Main", &all.join(","));
    let program = program(&main, &[]).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let found = evaluation.define("X").unwrap_err().diagnostic();
    assert_eq!(found.code.as_str(), "SAL-CQL-0125");
    assert_eq!(format!("{:?}", evaluation.define("Y").unwrap()), "1");
}

#[test]
fn a_define_that_is_not_there_is_answered_with_one_that_is() {
    let main = library(
        "Main",
        &define("Initial Population", "Unfiltered", &integer(1)),
    );
    let program = program(&main, &[]).unwrap();
    let documents = JsonDocuments::new();
    let records = JsonRecords::new(&documents);
    let mut evaluation = Evaluation::new(&program, &records, scene());
    let found = evaluation
        .define("Inital Population")
        .unwrap_err()
        .diagnostic();
    assert_eq!(found.code.as_str(), "SAL-CQL-0120");
    assert_eq!(
        found.help.as_deref(),
        Some("did you mean `Initial Population`?")
    );
}

#[test]
fn a_function_that_only_follows_a_path_gives_what_it_leads_to() {
    let path = format!(r#"{{"type":"Property","path":"low","source":{OPERAND}}}"#);
    let low = function("Low", "Any", &path);
    let interval = format!(
        r#"{{"type":"Interval","low":{},"high":{}}}"#,
        integer(3),
        integer(4)
    );
    let all = [
        low,
        define("X", "Unfiltered", &call("", "Low", &interval)),
        define("Y", "Unfiltered", &call("", "Low", r#"{"type":"Null"}"#)),
    ];
    let main = library("Main", &all.join(","));
    assert_eq!(value_of("X", &main, &[]), "3");
    assert_eq!(value_of("Y", &main, &[]), "null");
}
