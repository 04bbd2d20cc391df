//! The scoreboard on paper: terminal, page and JSON of a hand-made health system.

#![cfg(test)]

use salus_report::content::{Indicator, indicators};
use salus_report::scoreboard::{
    Answer, Citation, Day, Finding, Fraction, Group, Line, Median, Population, Ranked, Ranking,
    Rate, RateGroup, Scoreboard, Section, Series, Share,
};
use salus_report::{Colour, Period, ears, html, json, terminal};

mod fixture;

fn scoreboard() -> Scoreboard {
    fixture::scoreboard(&indicators().unwrap())
}

#[test]
fn the_terminal_shows_every_kind_of_answer() {
    insta::assert_snapshot!(terminal(&scoreboard(), 100, Colour::Off));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [80, 100] {
        let text = terminal(&scoreboard(), width, Colour::Off);
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= width, "{widest} columns on {width}");
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = terminal(&scoreboard(), 100, Colour::Off);
    let mut painted = terminal(&scoreboard(), 100, Colour::On);
    for code in ["1", "2", "1;36", "0"] {
        painted = painted.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(painted, plain);
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let page = html(&scoreboard()).unwrap();
    for forbidden in [
        "<script", "<link", "<img", "<iframe", "@import", "url(", " src=", "onload",
    ] {
        assert!(!page.contains(forbidden), "the page holds {forbidden}");
    }
}

#[test]
fn the_page_shows_every_indicator_with_its_definition() {
    let (page, board) = (html(&scoreboard()).unwrap(), scoreboard());
    for finding in board.sections.iter().flat_map(|section| &section.findings) {
        assert!(
            page.contains(&format!("id=\"{}\"", finding.id)),
            "{} is missing",
            finding.id
        );
        assert!(page.contains(&format!("--explain {}", finding.id)));
    }
    assert_eq!(
        page.matches("<dt>Source</dt>").count(),
        indicators().unwrap().len()
    );
}

#[test]
fn text_from_the_records_cannot_become_markup() {
    let mut board = scoreboard();
    for finding in board
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.findings)
    {
        if let Answer::Ranking(ranking) = &mut finding.answer {
            ranking.rows[0].label = "<b onclick=steal()>Boston</b>".to_owned();
        }
    }
    let page = html(&board).unwrap();
    assert!(!page.contains("<b onclick"));
    assert!(page.contains("&lt;b onclick"));
}

#[test]
fn json_names_its_schema_and_keeps_numerator_and_denominator() {
    let value: serde_json::Value = serde_json::from_str(&json(&scoreboard()).unwrap()).unwrap();
    assert_eq!(value["schema"], "salus.scoreboard/1");
    assert_eq!(value["period"]["end"], "2026-06-30");
    let first = &value["sections"][0]["findings"][0];
    assert_eq!(first["id"], "bp-control");
    assert_eq!(first["answer"]["status"], "share");
    assert_eq!(first["answer"]["total"]["numerator"], 141);
    assert_eq!(first["answer"]["total"]["denominator"], 226);
}
