//! The way from records to answers, on a small folder.

use serde_json::Value;

use crate::room::{RECORDS, Room};

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_load_says_what_came_of_it_and_what_is_next() {
    let room = Room::new();
    room.write("records.ndjson", RECORDS);
    let ran = room.salus(&["load", "records.ndjson"]);
    assert_eq!(
        ran.code, 3,
        "two pieces are in quarantine: {}{}",
        ran.out, ran.talk
    );
    room.assert("load", &format!("{}---\n{}", ran.out, ran.talk));
}

#[test]
fn the_same_records_twice_change_nothing() {
    let room = Room::with_records();
    let ran = room.salus(&["load", "--json", "records.ndjson"]);
    assert_eq!(ran.code, 3);
    let summary: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(summary["types"]["Patient"]["unchanged"], 3);
    assert_eq!(summary["types"]["Patient"]["loaded"], 0);
    assert_eq!(
        (&summary["quarantined"], &summary["quarantined_before"]),
        (&Value::from(0), &Value::from(2))
    );
    assert_eq!(summary["snapshot"], Value::Null);
}

#[test]
fn what_was_loaded_comes_out_equal() {
    let room = Room::with_records();
    let ran = room.salus(&["export", "Patient"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    let mut came = lines(
        &RECORDS
            .lines()
            .filter(|line| line.contains("\"Patient\""))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    let mut went = lines(&ran.out);
    let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
    came.sort_by_key(id);
    went.sort_by_key(id);
    assert_eq!(went, came);
    assert!(
        ran.out.contains("1.50"),
        "the digits of a decimal stay: {}",
        ran.out
    );
}

#[test]
fn an_export_to_a_folder_has_a_file_for_each_type() {
    let room = Room::with_records();
    let ran = room.salus(&["export", "-o", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    for (file, count) in [("out/Patient.ndjson", 3), ("out/Observation.ndjson", 2)] {
        assert_eq!(
            std::fs::read_to_string(room.path(file))
                .unwrap()
                .lines()
                .count(),
            count,
            "{file}"
        );
    }
}

#[test]
fn sql_answers_in_every_format() {
    let room = Room::with_records();
    let query = "select patient, value_number from observations order by patient";
    assert_eq!(
        room.salus(&["sql", query]).out,
        "patient,value_number\nann,151\nbob,128\n"
    );
    let json = room.salus(&["sql", "--format", "json", query]);
    assert_eq!(
        serde_json::from_str::<Value>(&json.out).unwrap()[0]["value_number"],
        151.0
    );
    room.assert(
        "sql-table",
        &room.salus(&["sql", "--format", "table", query]).out,
    );
    let ran = room.salus(&["sql", "-o", "answer.parquet", query]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.talk);
    assert!(
        std::fs::read(room.path("answer.parquet"))
            .unwrap()
            .starts_with(b"PAR1")
    );
    assert!(!room.path("answer.parquet.part").exists());
}

#[test]
fn a_script_of_queries_comes_from_a_file_or_a_pipe() {
    let room = Room::with_records();
    let script = "select count(*) as n from Patient; -- one; more\nselect 'a;b' as t;";
    room.write("script.sql", script);
    let expected = "n\n3\nt\na;b\n";
    assert_eq!(room.salus(&["sql", "-f", "script.sql"]).out, expected);
    assert_eq!(room.salus_reading(&["sql"], script).out, expected);
}

#[test]
fn a_query_that_fails_leaves_no_file_and_says_why() {
    let room = Room::with_records();
    let ran = room.salus(&["sql", "-o", "answer.csv", "select * from observatons"]);
    assert_eq!(ran.code, 2);
    room.assert("unknown-table", &ran.talk);
    assert!(!room.path("answer.csv").exists() && !room.path("answer.csv.part").exists());
    let ran = room.salus(&["sql", "drop table Patient"]);
    assert_eq!(ran.code, 2);
    assert!(ran.talk.contains("SAL-SQL-0004"), "{}", ran.talk);
}

#[test]
fn an_older_snapshot_can_be_asked() {
    let room = Room::with_records();
    room.write(
        "more.ndjson",
        "{\"resourceType\":\"Patient\",\"id\":\"dan\"}\n",
    );
    assert_eq!(room.salus(&["load", "more.ndjson"]).code, 0);
    let count = "select count(*) as n from Patient";
    assert_eq!(room.salus(&["sql", count]).out, "n\n4\n");
    assert_eq!(room.salus(&["sql", "--at", "1", count]).out, "n\n3\n");
    let ran = room.salus(&["snapshots"]);
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.out.lines().count(),
        4,
        "a heading, the empty lake, two loads: {}",
        ran.out
    );
    assert_eq!(room.salus(&["sql", "--at", "77", count]).code, 2);
}

#[test]
fn quarantine_gives_reason_place_and_bytes() {
    let room = Room::with_records();
    let ran = room.salus(&["quarantine", "list"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    assert_eq!(ran.out.lines().count(), 3, "{}", ran.out);
    let line = ran
        .out
        .lines()
        .find(|line| line.contains("Patiend"))
        .unwrap();
    let key = line.split(',').next().unwrap();
    let shown = room.salus(&["quarantine", "show", &key[..8]]);
    assert_eq!(shown.code, 0, "{}", shown.talk);
    assert_eq!(shown.out, "{\"resourceType\":\"Patiend\",\"id\":\"x\"}");
    assert!(shown.talk.contains("SAL-ROW-0003"), "{}", shown.talk);
    assert_eq!(room.salus(&["quarantine", "show", "nothing"]).code, 2);
}

#[test]
fn what_can_be_read_after_all_leaves_the_quarantine() {
    let room = Room::new();
    room.write("salus.toml", "[limits]\nline_bytes_max = 100\n");
    let deep = "{\"resourceType\":\"Patient\",\"id\":\"deep\",\"extension\":[{\"url\":\"a\",\"extension\":[{\"url\":\"b\",\"valueCode\":\"c\"}]}]}";
    room.write(
        "records.ndjson",
        &format!("{{\"resourceType\":\"Patient\",\"id\":\"flat\"}}\n{deep}\nnonsense\n"),
    );
    assert_eq!(room.salus(&["load", "records.ndjson"]).code, 3);
    std::fs::remove_file(room.path("salus.toml")).unwrap();
    let ran = room.salus(&["quarantine", "retry"]);
    assert_eq!(
        ran.out, "Tried 2 pieces: 1 are loaded now, 1 stay in quarantine\n",
        "{}",
        ran.talk
    );
    assert_eq!(
        room.salus(&["sql", "select id from Patient order by id"])
            .out,
        "id\ndeep\nflat\n"
    );
    assert_eq!(room.salus(&["quarantine", "list"]).out.lines().count(), 2);
    let place = "select source_offset from patients where id = 'deep'";
    assert_eq!(
        room.salus(&["sql", place]).out,
        "source_offset\n39\n",
        "it points to where it really lies"
    );
    assert_eq!(room.salus(&["doctor"]).code, 0);
}

#[test]
fn an_empty_quarantine_says_so() {
    let room = Room::new();
    room.write(
        "good.ndjson",
        "{\"resourceType\":\"Patient\",\"id\":\"dan\"}\n",
    );
    assert_eq!(room.salus(&["load", "good.ndjson"]).code, 0);
    let ran = room.salus(&["quarantine", "list"]);
    assert_eq!(
        (ran.code, ran.talk.as_str()),
        (0, "Nothing is in quarantine\n")
    );
}

#[test]
fn a_deleted_resource_is_gone_but_its_history_stays() {
    let room = Room::with_records();
    let ran = room.salus(&["delete", "Observation/o1"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "Deleted 1 of 1\n"),
        "{}",
        ran.talk
    );
    assert_eq!(
        room.salus(&["sql", "select id from Observation"]).out,
        "id\no2\n"
    );
    let history = room.salus(&["history", "--json", "Observation/o1"]);
    assert_eq!(history.code, 0, "{}", history.talk);
    assert_eq!(lines(&history.out)[0]["cause"], "deleted");
    assert_eq!(
        room.salus(&["history", "Observation/o2"]).code,
        1,
        "no earlier version is a no"
    );
    assert_eq!(
        room.salus(&["delete", "Observation/o1"]).code,
        1,
        "what is not there cannot be deleted"
    );
}

#[test]
fn a_doctor_finds_a_sound_lake_sound_and_a_damaged_one_damaged() {
    let room = Room::with_records();
    let ran = room.salus(&["doctor"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.talk);
    assert!(ran.out.contains("The lake is sound"), "{}", ran.out);
    let folder = room.path("salus-lake/data/fhir/Patient");
    let file = std::fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let ran = room.salus(&["doctor"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.talk);
    assert!(ran.talk.contains("SAL-STORE-0102"), "{}", ran.talk);
    let ran = room.salus(&["export", "Patient"]);
    assert_eq!(ran.code, 2, "a damaged file is not read");
}

#[test]
fn compacting_changes_no_answer() {
    let room = Room::with_records();
    for name in ["dan", "eve"] {
        room.write(
            "more.ndjson",
            &format!("{{\"resourceType\":\"Patient\",\"id\":\"{name}\"}}\n"),
        );
        assert_eq!(room.salus(&["load", "more.ndjson"]).code, 0);
    }
    let query = "select id from Patient order by id";
    let before = room.salus(&["sql", query]).out;
    let ran = room.salus(&["compact"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    assert!(ran.out.contains("became"), "{}", ran.out);
    assert_eq!(room.salus(&["sql", query]).out, before);
    assert_eq!(room.salus(&["doctor"]).code, 0);
}

#[test]
fn a_report_is_text_json_and_a_page() {
    let room = Room::with_records();
    let ran = room.salus(&["report", "-o", "out"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    assert!(
        ran.out.contains("QUALITY") && ran.out.contains("CHRONIC"),
        "{}",
        ran.out
    );
    let page = std::fs::read_to_string(room.path("out/salus-report.html")).unwrap();
    assert!(page.contains("</html>") && !page.contains("http-equiv=\"refresh\""));
    let json = std::fs::read_to_string(room.path("out/salus-report.json")).unwrap();
    let board: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(board["sections"].as_array().unwrap().len(), 6);
    assert_eq!(board["population"]["patients"], 3);
    let again = room.salus(&["report", "--no-files", "--format", "json"]);
    assert_eq!(
        serde_json::from_str::<Value>(&again.out).unwrap(),
        board,
        "the same lake gives the same report"
    );
}

#[test]
fn settings_come_from_flag_variable_and_file_in_this_order() {
    let room = Room::with_records();
    std::fs::rename(room.path("salus-lake"), room.path("one")).unwrap();
    room.write("salus.toml", "lake = \"one\"\n");
    let count = ["sql", "select count(*) as n from Patient"];
    assert_eq!(room.salus(&count).out, "n\n3\n");
    let by_variable = room
        .command(&count)
        .env("SALUS_LAKE", "two")
        .output()
        .unwrap();
    assert_eq!(
        by_variable.status.code(),
        Some(2),
        "the variable wins over the file"
    );
    let mut by_flag = room.command(&["--lake", "one", count[0], count[1]]);
    let by_flag = by_flag.env("SALUS_LAKE", "two").output().unwrap();
    assert_eq!(by_flag.stdout, b"n\n3\n", "the flag wins over the variable");
}

#[test]
fn quiet_keeps_data_and_errors_only() {
    let room = Room::with_records();
    let ran = room.salus(&["--quiet", "export", "Patient"]);
    assert_eq!((ran.out.lines().count(), ran.talk.as_str()), (3, ""));
    assert!(
        room.salus(&["--quiet", "sql", "select x"])
            .talk
            .contains("SAL-SQL-0003")
    );
}

#[test]
fn a_small_demo_says_what_was_planted() {
    let room = Room::new();
    let ran = room.salus(&["demo", "--patients", "60", "--years", "2"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.talk);
    assert!(
        ran.out.contains("What is true of these records"),
        "{}",
        ran.out
    );
    for file in [
        "truth.json",
        "salus-report.html",
        "records/Patient.ndjson",
        "lake/catalog.sqlite",
    ] {
        assert!(room.path("salus-demo").join(file).exists(), "{file}");
    }
    assert_eq!(
        room.salus(&["demo", "--patients", "20", "--years", "1"])
            .code,
        0,
        "a demo can be done again"
    );
    let count = room.salus(&[
        "--lake",
        "salus-demo/lake",
        "sql",
        "select count(*) >= 20 as all_there from Patient",
    ]);
    assert_eq!(count.out, "all_there\ntrue\n");
}
