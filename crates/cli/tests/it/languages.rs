//! FHIRPath and SQL-on-FHIR views as a user meets them: over files, over the lake, wrong ones too.

use serde_json::Value;

use crate::room::{Ran, Room};

/// Systolic pressures above a bound, one row each.
const PRESSURES: &str = r#"{
  "resourceType": "ViewDefinition", "name": "pressures", "status": "active", "resource": "Observation",
  "constant": [{"name": "code", "valueCode": "8480-6"}],
  "select": [{"column": [
    {"name": "id", "path": "getResourceKey()"},
    {"name": "patient", "path": "subject.getReferenceKey(Patient)"},
    {"name": "value", "path": "value.ofType(Quantity).value", "type": "decimal"},
    {"name": "day", "path": "effective.ofType(dateTime)", "type": "dateTime"}
  ]}],
  "where": [{"path": "code.coding.exists(code = %code)"}]
}"#;

fn lines(ran: &Ran) -> Vec<&str> {
    ran.out.lines().collect()
}

fn with_view() -> Room {
    let room = Room::with_records();
    room.write("pressures.json", PRESSURES);
    room
}

#[test]
fn an_expression_gives_one_line_per_item_over_files_and_over_the_lake() {
    let room = Room::with_records();
    let expression = "Observation.value.ofType(Quantity).value";
    let files = room.salus(&["fhirpath", expression, "records.ndjson"]);
    assert_eq!(lines(&files), ["151.0", "128"], "{}", files.talk);
    // A line that is no JSON is a finding.
    assert_eq!(files.code, 1);
    let lake = room.salus(&["fhirpath", expression, "--table", "Observation"]);
    assert_eq!(lake.code, 0, "{}", lake.talk);
    let mut found = lines(&lake);
    found.sort_unstable();
    assert_eq!(found, ["128", "151.0"], "the digits of a decimal stay");
}

#[test]
fn references_are_followed_in_the_lake() {
    let room = Room::with_records();
    let ran = room.salus(&[
        "fhirpath",
        "iif(subject.resolve().gender = 'female', id)",
        "--table",
        "Observation",
    ]);
    assert_eq!((ran.code, lines(&ran)), (0, vec!["o1"]), "{}", ran.talk);
}

#[test]
fn json_says_which_record_gave_what_of_which_type() {
    let room = Room::with_records();
    let ran = room.salus(&["fhirpath", "birthDate", "--table", "Patient", "--json"]);
    let first: Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    assert_eq!(first["result"][0]["type"], "FHIR.date");
    assert!(first["resource"].as_str().unwrap().starts_with("Patient/"));
}

#[test]
fn an_expression_explains_itself() {
    let room = Room::with_records();
    room.write(
        "ann.json",
        r#"{"resourceType":"Patient","id":"ann","name":[{"use":"official","given":["Ann","Maria"]},{"given":["Annie"]}]}"#,
    );
    let words = "name.where(use = 'official').given.first()";
    let types = room.salus(&["fhirpath", "--types", "--context", "Patient", words]);
    let steps = room.salus(&["fhirpath", "--explain", words, "ann.json"]);
    let tree = room.salus(&["fhirpath", "--ast", "a + 1"]);
    let all = [&types, &steps, &tree].map(|ran| {
        assert_eq!(ran.code, 0, "{}", ran.talk);
        ran.out.as_str()
    });
    room.assert("fhirpath_explained", &all.join("---\n"));
}

#[test]
fn wrong_expressions_are_shown_where_they_are_wrong() {
    let room = Room::with_records();
    let unread = room.salus(&["fhirpath", "name.where(use == 'x'", "records.ndjson"]);
    let function = room.salus(&["fhirpath", "name.frist()", "records.ndjson"]);
    let path = room.salus(&["fhirpath", "--types", "Patient.nam.given"]);
    let single = room.salus(&["fhirpath", "(1 | 2).single()"]);
    assert_eq!(
        [unread.code, function.code, path.code, single.code],
        [2, 2, 1, 1]
    );
    let all = [&unread, &function, &path, &single].map(|ran| ran.talk.as_str());
    room.assert("fhirpath_wrong", &all.join("---\n"));
}

#[test]
fn membership_is_asked_of_terminology_that_is_given() {
    let room = Room::with_records();
    room.write(
        "codes.json",
        r#"{"resourceType":"ValueSet","url":"http://a.example/bp","compose":{"include":[
            {"system":"http://loinc.org","concept":[{"code":"8480-6"}]}]}}"#,
    );
    let words = "code.memberOf('http://a.example/bp')";
    let without = room.salus(&["fhirpath", words, "--table", "Observation"]);
    assert_eq!(without.code, 1);
    assert!(without.talk.contains("--terminology"), "{}", without.talk);
    let with = room.salus(&[
        "fhirpath",
        words,
        "--table",
        "Observation",
        "--terminology",
        "codes.json",
    ]);
    assert_eq!(
        (with.code, lines(&with)),
        (0, vec!["true", "true"]),
        "{}",
        with.talk
    );
}

#[test]
fn a_view_gives_the_same_table_from_files_and_from_the_lake() {
    let room = with_view();
    let run = |from: &[&str]| {
        let words = [&["view", "run", "pressures.json", "--format", "csv"], from].concat();
        let ran = room.salus(&words);
        let mut lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
        lines.get_mut(1..).unwrap().sort();
        (ran.code, lines)
    };
    let (code, lake) = run(&[]);
    assert_eq!(code, 0);
    assert_eq!(
        lake,
        [
            "id,patient,value,day",
            "o1,ann,151,2026-03-01",
            "o2,bob,128,2026-04-01T10:00:00+02:00"
        ]
    );
    // Two lines are left out: one is no JSON, one is of no type that there is.
    let (code, files) = run(&["--from", "records.ndjson"]);
    assert_eq!((code, files), (3, lake));
}

#[test]
fn a_registered_view_is_a_table_until_it_is_dropped() {
    let room = with_view();
    let made = room.salus(&["view", "create", "pressures", "pressures.json"]);
    assert_eq!(made.code, 0, "{}", made.talk);
    let asked = room.salus(&[
        "sql",
        "SELECT p.id, v.value FROM pressures v JOIN patients p ON p.id = v.patient ORDER BY 1",
    ]);
    assert_eq!(
        lines(&asked),
        ["id,value", "ann,151", "bob,128"],
        "{}",
        asked.talk
    );
    let twice = room.salus(&["view", "create", "pressures", "pressures.json"]);
    let taken = room.salus(&["view", "create", "patients", "pressures.json"]);
    let odd = room.salus(&["view", "create", "my view", "pressures.json"]);
    assert_eq!([twice.code, taken.code, odd.code], [2, 2, 2]);
    let replaced = room.salus(&["view", "create", "pressures", "pressures.json", "--replace"]);
    assert_eq!(replaced.code, 0, "{}", replaced.talk);
    let shown = room.salus(&["view", "show", "pressures"]);
    assert_eq!(shown.out.trim(), PRESSURES);
    assert_eq!(room.salus(&["view", "drop", "pressures"]).code, 0);
    let gone = room.salus(&["sql", "SELECT * FROM pressures"]);
    let all = [&made, &twice, &taken, &odd, &gone].map(|ran| ran.talk.as_str());
    room.assert("view_registered", &all.join("---\n"));
}

#[test]
fn a_wrong_view_is_told_all_that_is_wrong_with_it() {
    let room = Room::with_records();
    room.write(
        "wrong.json",
        r#"{"resourceType":"ViewDefinition","status":"active","resource":"Patiend","select":[{"column":[
            {"name":"id","path":"id"},{"name":"id","path":"brthDate"},{"name":"1st","path":"name.given.frist()"}]}]}"#,
    );
    let ran = room.salus(&["view", "validate", "wrong.json"]);
    assert_eq!(ran.code, 1);
    room.assert("view_wrong", &format!("{}---\n{}", ran.out, ran.talk));
}

#[test]
fn suites_run_and_their_failures_are_shown() {
    let room = Room::new();
    room.write(
        "paths/tests-a.xml",
        r#"<tests name="a"><group name="g">
            <test name="right"><expression>1 + 1</expression><output type="integer">2</output></test>
            <test name="wrong"><expression>1 + 1</expression><output type="integer">3</output></test>
        </group></tests>"#,
    );
    room.write(
        "views/a.json",
        r#"{"title": "a", "resources": [{"resourceType": "Patient", "id": "p"}], "tests": [
            {"title": "right", "view": {"resource": "Patient", "status": "active", "select": [
                {"column": [{"name": "id", "path": "id", "type": "id"}]}]}, "expect": [{"id": "p"}]},
            {"title": "wrong", "view": {"resource": "Patient", "status": "active", "select": [
                {"column": [{"name": "id", "path": "id", "type": "id"}]}]}, "expect": [{"id": "q"}]}]}"#,
    );
    let paths = room.salus(&["conformance", "fhirpath", "paths"]);
    let views = room.salus(&["conformance", "views", "views", "--report", "report.json"]);
    assert_eq!(
        (paths.code, views.code),
        (1, 1),
        "{}{}",
        paths.talk,
        views.talk
    );
    let report = std::fs::read_to_string(room.path("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["a.json"]["tests"][0]["result"]["passed"], true);
    assert_eq!(report["a.json"]["tests"][1]["result"]["passed"], false);
    room.assert("conformance", &format!("{}---\n{}", paths.out, views.out));
}
