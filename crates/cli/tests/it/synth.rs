//! A health system that does not exist, as files and straight into the lake.

use crate::room::Room;

const SMALL: [&str; 5] = ["synth", "--patients", "12", "--years", "1"];

#[test]
fn the_same_records_come_as_files_and_straight_into_the_lake() {
    let room = Room::new();
    let made = room.salus(&[&SMALL[..], &["-o", "county", "--hl7v2"]].concat());
    assert_eq!(made.code, 0, "{}", made.talk);
    assert!(room.path("county/truth/states.parquet").is_file());
    assert!(
        room.path("county/hl7v2")
            .read_dir()
            .unwrap()
            .next()
            .is_some()
    );
    let by_file = room.salus(&["load", "county/*.ndjson", "--lake", "by-file"]);
    assert_eq!(by_file.code, 0, "{}", by_file.talk);
    let at_once = room.salus(&[&SMALL[..], &["--load", "--lake", "at-once"]].concat());
    assert_eq!(at_once.code, 0, "{}", at_once.talk);
    let exported = |lake: &str| {
        let ran = room.salus(&["export", "--lake", lake]);
        let mut lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let records = exported("by-file");
    assert!(records.len() > 500, "{}", records.len());
    assert!(records == exported("at-once"), "the lakes differ");
}

#[test]
fn where_the_records_go_must_be_said() {
    let room = Room::new();
    let ran = room.salus(&SMALL);
    assert_eq!(ran.code, 2);
    assert!(ran.talk.contains("--output <DIR>|--load"), "{}", ran.talk);
}

#[test]
fn records_are_held_against_published_figures() {
    let room = Room::new();
    let ran = room.salus(&["synth", "check", "--patients", "20", "--years", "1"]);
    // Twenty people meet few figures; that they are held is what counts here.
    assert!(matches!(ran.code, 0 | 1), "{}", ran.talk);
    let last = ran.out.lines().last().unwrap();
    assert!(last.contains("figures within 20 %"), "{last}");
}
