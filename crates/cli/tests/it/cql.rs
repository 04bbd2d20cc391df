//! CQL as a user meets it: libraries checked, translated, run, formatted; wrong ones too.

use serde_json::Value;

use crate::room::{Ran, Room};

const ADULTS: &str = r#"library Adults version '1.0'

using FHIR version '4.0.1'

valueset "Hypertension": 'http://a.example/vs/hypertension'

parameter "Measurement Period" Interval<DateTime>
  default Interval[@2025-01-01T00:00:00.000Z, @2026-01-01T00:00:00.000Z)

context Patient

define "Adult":
  AgeInYearsAt(start of "Measurement Period") >= 18

define "Pressures":
  [Observation] O
    where O.effective as dateTime during "Measurement Period"
    return O.value as Quantity

define "High":
  exists "Pressures" P
    where P > 140 'mm[Hg]'

define "Has hypertension":
  exists [Condition: "Hypertension"]

context Unfiltered

define "Patients":
  Count([Patient])
"#;

const WRONG: &str = "library Wrong
using FHIR version '4.0.1'
include Adlts called A
context Patient
define \"Y\": Patient.brthDate
define \"Z\": 1 + 'a'
define W: (1 + 2
";

const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"ann","birthDate":"1960-05-01"}},
{"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","id":"bob","birthDate":"2010-01"}},
{"fullUrl":"urn:uuid:3","resource":{"resourceType":"Observation","id":"o1","status":"final",
  "subject":{"reference":"urn:uuid:1"},"effectiveDateTime":"2025-03-01","code":{"text":"systolic pressure"},
  "valueQuantity":{"value":151.0,"unit":"mmHg","code":"mm[Hg]","system":"http://unitsofmeasure.org"}}},
{"fullUrl":"urn:uuid:4","resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"urn:uuid:1"},
  "code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003"}]}}}]}"#;

const VALUE_SET: &str = r#"{"resourceType":"ValueSet","url":"http://a.example/vs/hypertension","compose":{"include":[
{"system":"http://snomed.info/sct","concept":[{"code":"38341003"}]}]}}"#;

fn room() -> Room {
    let room = Room::new();
    room.write("Adults.cql", ADULTS);
    room.write("bundle.json", BUNDLE);
    room.write("sets/hypertension.json", VALUE_SET);
    room
}

fn both(ran: &Ran) -> String {
    format!("exit code {}\n{}---\n{}", ran.code, ran.out, ran.talk)
}

#[test]
fn all_mistakes_of_a_library_are_shown_where_they_are() {
    let room = room();
    room.write("Wrong.cql", WRONG);
    let ran = room.salus(&["cql", "check", "."]);
    assert_eq!(ran.code, 1);
    room.assert("cql_wrong", &both(&ran));
    let json = room.salus(&["cql", "check", "Wrong.cql", "--json"]);
    let lines: Vec<Value> = json
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4, "{}", json.out);
    assert_eq!(lines[1]["code"], "SAL-CQL-0026");
    assert_eq!(
        (&lines[1]["line"], &lines[1]["column"]),
        (&5.into(), &21.into())
    );
}

#[test]
fn a_library_runs_on_each_patient_of_a_bundle() {
    let room = room();
    let ran = room.salus(&[
        "cql",
        "run",
        "Adults.cql",
        "--from",
        "bundle.json",
        "--terminology",
        "sets",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    room.assert("cql_run", &ran.out);
}

#[test]
fn a_value_set_that_is_missing_is_a_failure_with_its_name_and_never_false() {
    let room = room();
    let words = [
        "cql",
        "run",
        "Adults.cql",
        "--from",
        "bundle.json",
        "--define",
        "Has hypertension",
        "--patient",
        "ann",
    ];
    let ran = room.salus(&words);
    assert_eq!(ran.code, 1);
    room.assert("cql_no_value_set", &both(&ran));
}

#[test]
fn parameters_are_cql_and_convert_to_their_type() {
    let room = room();
    let run = |parameter: &str| {
        room.salus(&[
            "cql",
            "run",
            "Adults.cql",
            "--on",
            "bundle.json",
            "--patient",
            "Patient/ann",
            "--json",
            "--define",
            "High",
            "--parameter",
            parameter,
        ])
    };
    // Days become moments: the offset is that of the evaluation.
    let before = run("Measurement Period=Interval[@2024-01-01, @2025-01-01)");
    assert_eq!(
        before.out.trim(),
        r#"{"subject":"Patient/ann","defines":{"High":false}}"#,
        "{}",
        before.talk
    );
    let after = run("Measurement Period=Interval[@2025-01-01, @2026-01-01)");
    assert_eq!(
        after.out.trim(),
        r#"{"subject":"Patient/ann","defines":{"High":true}}"#,
        "{}",
        after.talk
    );
    let wrong = [
        run("Measurement Period='2024'"),
        run("Period=1"),
        run("Measurement Period"),
    ];
    assert_eq!(wrong.each_ref().map(|ran| ran.code), [2, 2, 2]);
    room.assert("cql_parameters", &wrong.map(|ran| ran.talk).join("---\n"));
}

#[test]
fn elm_of_either_kind_runs_as_the_text_does() {
    let room = room();
    let made = room.salus(&["cql", "translate", "Adults.cql", "-o", "elm/Adults.json"]);
    assert_eq!(made.code, 2, "the folder is not there yet");
    std::fs::create_dir(room.path("elm")).unwrap();
    let made = room.salus(&["cql", "translate", "Adults.cql", "-o", "elm/Adults.json"]);
    assert_eq!(made.code, 0, "{}", made.talk);
    let run = |file: &str| {
        let ran = room.salus(&[
            "cql",
            "run",
            file,
            "--from",
            "bundle.json",
            "--terminology",
            "sets",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.talk);
        ran.out
    };
    assert_eq!(run("elm/Adults.json"), run("Adults.cql"));
    room.write(
        "elm/One.xml",
        r#"<library xmlns="urn:hl7-org:elm:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xmlns:t="urn:hl7-org:elm-types:r1"><identifier id="One"/><statements>
            <def name="X" context="Unfiltered"><expression xsi:type="Literal" valueType="t:Integer" value="1"/></def>
            </statements></library>"#,
    );
    let xml = room.salus(&["cql", "run", "elm/One.xml"]);
    assert_eq!((xml.code, xml.out.as_str()), (0, "X  1\n"), "{}", xml.talk);
    room.write("elm/none.json", "{}");
    let none = room.salus(&["cql", "run", "elm/none.json"]);
    assert_eq!(none.code, 2);
    assert!(none.talk.contains("SAL-CLI-0023"), "{}", none.talk);
}

#[test]
fn included_libraries_are_found_beside_the_library_and_in_other_folders() {
    let room = room();
    room.write(
        "common/Common.cql",
        "library Common version '2' define Two: 2",
    );
    room.write(
        "Uses.cql",
        "library Uses include Common version '2' define Four: Common.Two * 2",
    );
    let without = room.salus(&["cql", "run", "Uses.cql"]);
    assert_eq!(without.code, 2);
    assert!(
        without.talk.contains("there is no library `Common`"),
        "{}",
        without.talk
    );
    let with = room.salus(&["cql", "run", "Uses.cql", "--include", "common"]);
    assert_eq!(
        (with.code, with.out.as_str()),
        (0, "Four  4\n"),
        "{}",
        with.talk
    );
    room.write(
        "Uses.cql",
        "library Uses include Common version '3' define Four: Common.Two * 2",
    );
    let other = room.salus(&["cql", "run", "Uses.cql", "--include", "common"]);
    assert!(other.talk.contains("there are: 2"), "{}", other.talk);
}

#[test]
fn a_define_that_fails_does_not_keep_others_from_their_values() {
    let room = Room::new();
    room.write(
        "Fails.cql",
        "library Fails\ndefine One: 1\ndefine Bad: singleton from { 1, 2 }\ndefine Two: One + 1\n",
    );
    let ran = room.salus(&["cql", "run", "Fails.cql"]);
    assert_eq!(ran.code, 1);
    room.assert("cql_fails", &both(&ran));
    let unknown = room.salus(&["cql", "run", "Fails.cql", "--define", "Twoo"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.talk.contains("did you mean `Two`?"),
        "{}",
        unknown.talk
    );
}

#[test]
fn libraries_get_one_layout_and_those_that_have_it_stay() {
    let room = Room::new();
    room.write("A.cql", "library A define X:1+2");
    room.write("sub/B.cql", "library B\n\ndefine X:\n  1\n");
    let check = room.salus(&["cql", "fmt", "--check", "."]);
    assert_eq!(
        (check.code, check.out.as_str()),
        (1, "./A.cql\n"),
        "{}",
        check.talk
    );
    assert_eq!(room.salus(&["cql", "fmt", "."]).code, 0);
    let text = std::fs::read_to_string(room.path("A.cql")).unwrap();
    assert_eq!(text, "library A\n\ndefine X:\n  1 + 2\n");
    assert_eq!(room.salus(&["cql", "fmt", "--check", "."]).code, 0);
    let piped = room.salus_reading(&["cql", "fmt", "-"], "define X:1");
    assert_eq!(piped.out, "define X:\n  1\n");
}

#[test]
fn the_official_suite_runs_and_its_failures_are_shown() {
    let room = Room::new();
    room.write(
        "suite/A.xml",
        r#"<tests name="A"><group name="g">
            <test name="right"><expression>1 + 1</expression><output>2</output></test>
            <test name="wrong"><expression>1 + 1</expression><output>3</output></test>
            <test name="later" version="2.0"><expression>1</expression><output>1</output></test>
            <test name="refused"><expression invalid="true">1 + 'a'</expression></test>
        </group></tests>"#,
    );
    let ran = room.salus(&["conformance", "cql", "suite", "--report", "report.json"]);
    assert_eq!(ran.code, 1);
    room.assert("cql_conformance", &ran.out);
    let report = std::fs::read_to_string(room.path("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["testResultsSummary"]["passCount"], 2);
    room.write(
        "exclusions.txt",
        "# None.\nA/g/wrong | it is wrong | the sentence https://cql.hl7.org\n",
    );
    let excluded = room.salus(&[
        "conformance",
        "cql",
        "suite",
        "--exclusions",
        "exclusions.txt",
        "--version",
        "2.0",
    ]);
    assert_eq!(excluded.code, 0, "{}{}", excluded.out, excluded.talk);
    assert!(
        excluded.out.contains("passed 3, failed 0, skipped 1"),
        "{}",
        excluded.out
    );
}

#[test]
fn the_lake_gives_what_the_files_give() {
    let room = room();
    room.write(
        "Adults.cql",
        &ADULTS.replace(
            "context Unfiltered\n\ndefine \"Patients\":\n  Count([Patient])\n",
            "",
        ),
    );
    room.write("set.json", VALUE_SET);
    room.write("records/bundle.json", BUNDLE);
    assert_eq!(room.salus(&["load", "records"]).code, 0);
    let run = |from: &str| {
        let given = [
            "--now",
            "2026-01-01",
            "--terminology",
            "set.json",
            "--json",
            "--from",
            from,
        ];
        let ran = room.salus(&[&["cql", "run", "Adults.cql"], &given[..]].concat());
        assert_eq!(ran.code, 0, "{}", both(&ran));
        let lines = ran
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        lines.collect::<Vec<Value>>()
    };
    let (lake, files) = (run("lake"), run("records"));
    assert_eq!(lake.len(), 2);
    for define in ["Adult", "High", "Has hypertension"] {
        let of_lake = lake.iter().map(|line| &line[define]);
        let of_files = files.iter().map(|line| &line["defines"][define]);
        assert!(of_lake.eq(of_files), "{define}: {lake:?} {files:?}");
    }
}

#[test]
fn each_clause_is_explained_with_its_value_and_the_records_that_decided() {
    let room = room();
    room.write(
        "Both.cql",
        "library Both\nusing FHIR version '4.0.1'\ninclude Adults version '1.0'\ncontext Patient\n\
         define In: Adults.Adult and Adults.High and exists [Condition]\n",
    );
    let explain = |patient: &str| {
        let ran = room.salus(&[
            "cql",
            "explain",
            "Both.cql",
            "--define",
            "In",
            "--from",
            "bundle.json",
            "--patient",
            patient,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.talk);
        ran.out
    };
    let (ann, bob) = (explain("ann"), explain("bob"));
    assert!(
        ann.contains("decided by Condition/c1, Observation/o1"),
        "{ann}"
    );
    room.assert("cql_explain", &format!("{ann}---\n{bob}"));
    let coloured = room.salus(&[
        "cql",
        "explain",
        "Both.cql",
        "--define",
        "In",
        "--from",
        "bundle.json",
        "--patient",
        "bob",
        "--color",
        "always",
    ]);
    assert!(
        coloured
            .out
            .contains("\u{1b}[2mexists [Condition]\u{1b}[0m"),
        "{}",
        coloured.out
    );
    let whom = room.salus(&[
        "cql",
        "explain",
        "Both.cql",
        "--define",
        "In",
        "--from",
        "bundle.json",
    ]);
    assert_eq!(whom.code, 2);
    assert!(whom.talk.contains("--patient ID"), "{}", whom.talk);
}

const CASES: &str = "# Adults

The library is [Adults](Adults.cql), with its [value set](sets/hypertension.json).

| parameter          | value                              |
|--------------------|------------------------------------|
| Measurement Period | Interval[@2025-01-01, @2026-01-01) |

## A woman of 64 with a high pressure

```records
Patient/ann: birthDate = 1960-05-01; gender = female
Observation/o1: status = final; effectiveDateTime = 2025-03-01; valueQuantity = 151 'mm[Hg]'
```

| define           | value            |
|------------------|------------------|
| Adult            | true             |
| High             | true             |
| Pressures        | { 151 'mm[Hg]' } |
| Has hypertension | false            |
| Patients         | 1                |
";

#[test]
fn test_cases_beside_a_library_are_run_and_mismatches_are_shown() {
    let room = room();
    room.write("Adults.md", CASES);
    room.write("README.md", "# Nothing to run here\n");
    let ran = room.salus(&["cql", "test", "."]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "passed 5, failed 0\n"),
        "{}",
        ran.talk
    );
    let wrong = format!(
        "{CASES}| Hihg             | true             |\n\n## Two\n\n```fhir\n{{\"resourceType\":\"Patient\",\"id\":\"bob\",\
         \"birthDate\":\"2010-01\"}}\n{{\"resourceType\":\"Patient\",\"id\":\"eve\"}}\n```\n\n\
         | patient | define | value |\n|---|---|---|\n| bob | Adult | true |\n| eve | Adult | null |\n"
    );
    room.write("Adults.md", &wrong);
    let ran = room.salus(&["cql", "test", "Adults.md"]);
    assert_eq!(ran.code, 1);
    room.assert("cql_test", &ran.out);
    room.write(
        "Adults.md",
        "## A\n```records\nPatient/ann: brthDate = 1960\n```\n",
    );
    let unread = room.salus(&["cql", "test", "Adults.md"]);
    assert_eq!(unread.code, 2);
    room.assert("cql_test_unread", &unread.talk);
}

/// An editor's side of a talk with the language server.
struct Editor {
    child: std::process::Child,
    input: std::process::ChildStdin,
    output: std::io::BufReader<std::process::ChildStdout>,
    asked: u64,
}

impl Editor {
    fn start(room: &Room) -> Self {
        let mut command = room.command(&["cql", "lsp", "--stdio"]);
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = std::io::BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            input,
            output,
            asked: 0,
        }
    }

    fn send(&mut self, message: &Value) {
        use std::io::Write;
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        use std::io::{BufRead, Read};
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().unwrap(),
                _ => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&serde_json::json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(
            &serde_json::json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}),
        );
        let answer = self.receive();
        assert_eq!(answer["id"], id, "{answer}");
        answer["result"].clone()
    }
}

#[test]
fn an_editor_is_told_mistakes_types_definitions_and_what_could_follow() {
    use serde_json::json;
    let room = room();
    let uri = |name: &str| {
        format!(
            "file://{}",
            room.path(name).canonicalize().unwrap().display()
        )
    };
    let text = "library Uses\nusing FHIR version '4.0.1'\ninclude Adults version '1.0'\ncontext Patient\n\
                define X: Adults.High\ndefine Y: Patient.brthDate\n";
    room.write("Uses.cql", text);
    let document = json!({"uri": uri("Uses.cql")});
    let at = |line: u64, character: u64| json!({"textDocument": document, "position": {"line": line, "character": character}});
    let mut editor = Editor::start(&room);
    let hello = editor.ask("initialize", json!({"capabilities": {}}));
    assert_eq!(hello["serverInfo"]["name"], "salus");
    editor.tell("initialized", json!({}));
    editor.tell(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": uri("Uses.cql"), "languageId": "cql", "version": 1, "text": text}}),
    );
    let told = editor.receive();
    let found = &told["params"]["diagnostics"][0];
    assert_eq!(found["code"], "SAL-CQL-0026");
    assert_eq!(found["range"]["start"], json!({"line": 5, "character": 18}));
    assert!(
        found["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `birthDate`?"),
        "{found}"
    );

    let hover = editor.ask("textDocument/hover", at(4, 18));
    assert_eq!(
        hover["contents"]["value"],
        "```cql\nAdults.High: Boolean\n```"
    );
    let there = editor.ask("textDocument/definition", at(4, 18));
    assert_eq!(there["uri"], uri("Adults.cql"));
    assert_eq!(there["range"]["start"], json!({"line": 19, "character": 7}));
    let exported = editor.ask("textDocument/completion", at(4, 17));
    let labels: Vec<&str> = exported
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["label"].as_str().unwrap())
        .collect();
    assert!(
        labels.contains(&"High") && labels.contains(&"\"Has hypertension\""),
        "{labels:?}"
    );
    let elements = editor.ask("textDocument/completion", at(5, 20));
    let of_patient = |one: &Value| one["label"] == "birthDate" && one["detail"] == "FHIR.date";
    assert!(
        elements.as_array().unwrap().iter().any(of_patient),
        "{elements}"
    );

    let whole = text.replace("brthDate", "birthDate");
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri("Uses.cql"), "version": 2}, "contentChanges": [{"text": whole}]}),
    );
    assert_eq!(editor.receive()["params"]["diagnostics"], json!([]));
    let layout = editor.ask(
        "textDocument/formatting",
        json!({"textDocument": document, "options": {}}),
    );
    assert!(
        layout[0]["newText"]
            .as_str()
            .unwrap()
            .contains("define Y:\n  Patient.birthDate"),
        "{layout}"
    );
    editor.tell("textDocument/didClose", json!({"textDocument": document}));
    assert_eq!(editor.receive()["params"]["diagnostics"], json!([]));
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_commands_of_cql_have_help() {
    let room = Room::new();
    let words = ["check", "translate", "explain", "test", "fmt", "lsp"];
    for word in words {
        let ran = room.salus(&["cql", word, "--help"]);
        assert!(
            ran.out.contains(&format!("Usage: salus cql {word}")),
            "{}",
            ran.out
        );
    }
    room.assert("help-cql", &room.salus(&["cql", "-h"]).out);
    room.assert("help-cql-run", &room.salus(&["cql", "run", "-h"]).out);
}
