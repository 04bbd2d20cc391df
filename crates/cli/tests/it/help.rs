//! Help, completions, explanations: what needs no lake.

use std::process::Stdio;

use crate::room::Room;

#[test]
fn help_lists_every_command_in_the_order_of_use() {
    let room = Room::new();
    let ran = room.salus(&["--help"]);
    assert_eq!((ran.code, ran.talk.as_str()), (0, ""));
    room.assert("help", &ran.out);
}

#[test]
fn every_command_has_help_of_its_own() {
    let room = Room::new();
    let words = [
        "demo",
        "load",
        "report",
        "sql",
        "export",
        "history",
        "quarantine",
        "delete",
        "snapshots",
        "doctor",
        "compact",
        "explain",
        "completions",
    ];
    for word in words {
        let ran = room.salus(&[word, "--help"]);
        assert_eq!(ran.code, 0, "{word}");
        assert!(
            ran.out.contains(&format!("Usage: salus {word}")),
            "{}",
            ran.out
        );
    }
    room.assert("help-load", &room.salus(&["load", "-h"]).out);
    room.assert("help-sql", &room.salus(&["sql", "-h"]).out);
}

#[test]
fn without_a_command_the_help_is_shown_and_the_exit_code_says_so() {
    let ran = Room::new().salus(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.talk.contains("Usage: salus"), "{}", ran.talk);
}

#[test]
fn every_code_has_an_explanation() {
    let room = Room::new();
    let list = room.salus(&["explain"]);
    assert!(list.out.lines().count() > 50);
    for line in list.out.lines() {
        let code = line.split_whitespace().next().unwrap();
        let ran = room.salus(&["explain", &code.to_lowercase()]);
        assert_eq!(ran.code, 0, "{code}");
        assert!(ran.out.starts_with(code), "{}", ran.out);
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = Room::new().salus(&["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("quarantine"), "{shell}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let room = Room::new();
    let mut command = room.command(&["explain"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn colour_comes_only_when_it_is_wanted() {
    let room = Room::new();
    assert!(
        !room
            .salus(&["explain", "SAL-CLI-0001"])
            .out
            .contains('\u{1b}')
    );
    let wanted = ["--color", "always", "explain", "SAL-CLI-0001"];
    assert!(room.salus(&wanted).out.contains('\u{1b}'));
    let ran = room
        .command(&["--color", "always", "explain", "no"])
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(
        String::from_utf8(ran.stderr).unwrap().contains('\u{1b}'),
        "a flag wins over NO_COLOR"
    );
}
