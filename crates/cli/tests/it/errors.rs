//! What goes wrong is a panel on standard error with a code, and an exit code of 2.

use crate::room::{Ran, Room};

fn assert_refused(room: &Room, name: &str, ran: &Ran) {
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.talk);
    assert_eq!(ran.out, "");
    room.assert(name, &ran.talk);
}

#[test]
fn an_unknown_command_names_the_nearest() {
    let ran = Room::new().salus(&["laod"]);
    assert_eq!(ran.code, 2);
    assert!(ran.talk.contains("'load'"), "{}", ran.talk);
}

#[test]
fn an_unknown_code_names_the_nearest() {
    let room = Room::new();
    assert_refused(
        &room,
        "unknown-code",
        &room.salus(&["explain", "SAL-CLI-1001"]),
    );
}

#[test]
fn a_misspelt_setting_names_file_and_nearest() {
    let room = Room::new();
    room.write("salus.toml", "catalogue = \"x\"\n");
    assert_refused(&room, "misspelt-setting", &room.salus(&["snapshots"]));
}

#[test]
fn a_setting_of_the_wrong_kind_names_its_line() {
    let room = Room::new();
    room.write("other.toml", "lake = \"a\"\nquiet = \"yes\"\n");
    assert_refused(
        &room,
        "wrong-setting",
        &room.salus(&["--config", "other.toml", "snapshots"]),
    );
}

#[test]
fn a_path_that_leads_nowhere_names_the_nearest() {
    let room = Room::new();
    room.write("records/patients.ndjson", "");
    assert_refused(
        &room,
        "missing-path",
        &room.salus(&["load", "records/patient.ndjson"]),
    );
    assert!(
        !room.path("salus-lake").exists(),
        "nothing is made before the paths are looked at"
    );
}

#[test]
fn without_a_lake_each_command_says_where_it_looked() {
    let room = Room::new();
    assert_refused(&room, "no-lake", &room.salus(&["sql", "select 1"]));
    for words in [
        &["report"][..],
        &["snapshots"],
        &["doctor"],
        &["export"],
        &["compact"],
        &["quarantine", "list"],
    ] {
        let ran = room.salus(words);
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(ran.talk.contains("there is no lake"), "{}", ran.talk);
    }
    assert!(!room.path("salus-lake").exists(), "asking makes no lake");
}

#[test]
fn a_password_is_never_shown() {
    let room = Room::new();
    let url = "postgres://me:tell-nobody@127.0.0.1:1/lake";
    for words in [
        &["--catalog", url, "snapshots"][..],
        &["--catalog", url, "load", "x.ndjson"],
    ] {
        room.write("x.ndjson", crate::room::RECORDS);
        let ran = room.salus(words);
        assert_eq!(ran.code, 2);
        assert!(
            !format!("{}{}", ran.out, ran.talk).contains("tell-nobody"),
            "{}",
            ran.talk
        );
    }
    let ran = room
        .command(&["--help"])
        .env("SALUS_CATALOG", url)
        .output()
        .unwrap();
    assert!(
        !String::from_utf8(ran.stdout)
            .unwrap()
            .contains("tell-nobody")
    );
}

#[test]
fn a_demo_does_not_touch_a_folder_that_is_not_its_own() {
    let room = Room::new();
    room.write("mine/lake/thesis.txt", "years of work");
    assert_refused(&room, "demo-folder", &room.salus(&["demo", "mine"]));
    assert!(room.path("mine/lake/thesis.txt").exists());
}
