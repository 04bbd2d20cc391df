//! The examples of docs/synth.md are read by the same code as the content: the page cannot rot.

use crate::check::Figure;
use crate::content::Disease;
use crate::epidemic::Scenario;

const PAGE: &str = include_str!("../../../docs/synth.md");

/// The blocks fenced as `toml KIND`.
fn blocks(kind: &str) -> Vec<&'static str> {
    let fence = format!("```toml {kind}\n");
    let parts = PAGE.split(fence.as_str()).skip(1);
    parts.filter_map(|p| p.split("```").next()).collect()
}

#[derive(serde::Deserialize)]
struct Figures {
    figure: Vec<Figure>,
}

#[test]
fn the_worked_disease_is_a_disease() {
    let found = blocks("disease");
    assert_eq!(found.len(), 1);
    let disease: Disease = toml::from_str(found[0]).unwrap();
    assert_eq!((disease.id.as_str(), disease.state.len()), ("psoriasis", 2));
    for one in &disease.moves {
        assert!(disease.knows(&one.from) && disease.knows(&one.to));
    }
}

#[test]
fn the_worked_figure_is_a_figure_and_the_scenario_a_scenario() {
    let figures: Figures = toml::from_str(blocks("figure")[0]).unwrap();
    assert_eq!(figures.figure.len(), 1);
    let scenario = Scenario::parse(blocks("scenario")[0]).unwrap();
    assert_eq!(scenario.outbreak.len(), 2);
}
