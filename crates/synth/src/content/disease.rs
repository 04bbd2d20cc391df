//! A disease as a process with states: what `content/synth/diseases/*.toml` says.
//!
//! A person is `well` until a move takes them into a state; moves between states happen at rates by
//! age, sex, risk and other diseases, in continuous time. States change what is measured, what is
//! written on the problem list, how often the person is seen, which tests and medicines they get.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::clinical::{Measure, Medicine, Panel, Risk};
use crate::chance::interpolate;
use crate::check::Figure;

/// The name of the state in which there is nothing.
pub const WELL: &str = "well";

/// Ages of the tables of rates: 0 to 110.
const AGES: usize = 111;

/// A disease.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disease {
    /// Unique id; other files name it, or one of its states as `id/state`.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Where the rates come from, if not said at the move.
    pub source: String,
    /// Only these people can have it: `obese`, `female`, `male`.
    pub only: Option<String>,
    /// Counted as a registry in the truth.
    #[serde(default)]
    pub registry: bool,
    /// Share of changes from one coded state to another that reach the problem list at a visit.
    #[serde(default = "nearly_all")]
    pub noticed: f64,
    /// Its states, besides `well`.
    pub state: Vec<State>,
    /// Moves between them.
    #[serde(rename = "move")]
    pub moves: Vec<Move>,
    /// What it does to measured values.
    #[serde(default)]
    pub effect: Vec<Effect>,
    /// Panels that are drawn regularly.
    #[serde(default)]
    pub lab: Vec<Lab>,
    /// Specialists that are asked.
    #[serde(default)]
    pub referral: Vec<Referral>,
    /// Lines of treatment, in order.
    #[serde(default)]
    pub line: Vec<Line>,
    /// When treatment is stepped up; any of them.
    #[serde(default)]
    pub goal: Vec<Goal>,
    /// Chance that a visit with a value above the goal leads to a step (the rest is inertia).
    #[serde(default = "inertia")]
    pub steps_up: f64,
    /// What a file given at run time brings with it.
    #[serde(default)]
    pub brings: Brings,
}

/// What a disease needs and other files do not define.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Brings {
    /// Displays of ICD-10-CM codes.
    pub display: BTreeMap<String, String>,
    /// Medicines, as in `medicines.toml`.
    pub medicine: Vec<Medicine>,
    /// Measures, as in `measures.toml`.
    pub measure: Vec<Measure>,
    /// Panels, as in `measures.toml`.
    pub panel: Vec<Panel>,
    /// Figures that `salus synth check` holds it against, as in `expected/*.toml`.
    pub figure: Vec<Figure>,
}

fn nearly_all() -> f64 {
    0.85
}

fn inertia() -> f64 {
    0.42
}

fn one() -> f64 {
    1.0
}

fn most() -> f64 {
    0.85
}

fn yes() -> bool {
    true
}

fn well() -> String {
    WELL.to_owned()
}

/// A state of a disease.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Unique within the disease.
    pub id: String,
    /// ICD-10-CM codes with weights; none: it is not on the problem list.
    #[serde(default)]
    pub code: Vec<(String, f64)>,
    /// Share of people in it who are told; the others never get a record of it.
    #[serde(default = "one")]
    pub recorded: f64,
    /// Whether it is the disease itself (prediabetes is not diabetes).
    #[serde(default = "yes")]
    pub proper: bool,
    /// Days between follow-up visits; 0: none for it.
    #[serde(default)]
    pub visit_every_days: i32,
    /// Deaths per 1,000 person-years above the life table.
    #[serde(default)]
    pub deaths_per_1000: f64,
}

/// A move from one state to another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// From where.
    #[serde(default = "well")]
    pub from: String,
    /// To where; may be `well`.
    pub to: String,
    /// Share of people who have made this move by an age: `[age, share]`. From `well` only.
    #[serde(default)]
    pub by_age: Vec<[f64; 2]>,
    /// Moves per 1,000 person-years in the state, by age: `[age, rate]`.
    #[serde(default)]
    pub per_1000: Vec<[f64; 2]>,
    /// It happens when a latent value passes a limit instead.
    pub when: Option<Limit>,
    /// Where the rate comes from.
    #[serde(default)]
    pub source: String,
    /// Rate ratios by trait.
    #[serde(default)]
    pub risk: Risk,
    /// Rate ratios by other diseases.
    #[serde(default)]
    pub also: Vec<Also>,
    /// Diseases without which it does not happen; one is enough.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Stay in hospital (id of `admissions.toml`) that comes with it.
    pub admission: Option<String>,
    /// Illness (id of `acute.toml`) that comes with it and is seen in the emergency department.
    pub illness: Option<String>,
    /// Rate per year at each whole age, made of `by_age` or `per_1000`.
    #[serde(skip)]
    hazard: Vec<f64>,
}

/// A limit on a measure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Id of the measure.
    pub measure: String,
    /// Below this …
    pub below: Option<f64>,
    /// … or at this or above.
    pub above: Option<f64>,
}

impl Limit {
    /// Whether a value passes it.
    #[must_use]
    pub fn passed(&self, value: f64) -> bool {
        self.below.is_some_and(|limit| value < limit)
            || self.above.is_some_and(|limit| value >= limit)
    }
}

/// A rate ratio by another disease, normalised by how common that is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// `disease` or `disease/state`.
    pub disease: String,
    /// Rate ratio where it is there.
    pub factor: f64,
    /// Share of the people at risk who have it.
    #[serde(default = "sixth")]
    pub share: f64,
}

fn sixth() -> f64 {
    1.0 / 6.0
}

/// What being in a state does to a measure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Id of the measure.
    pub measure: String,
    /// In which states; none named: in all.
    #[serde(default)]
    pub state: Vec<String>,
    /// Added to the usual value.
    #[serde(default)]
    pub add: f64,
    /// The usual value is multiplied by it.
    #[serde(default = "one")]
    pub times: f64,
    /// Put in place of the usual value.
    pub level: Option<f64>,
    /// Spread of `add` or `level` between people.
    #[serde(default)]
    pub sd: f64,
    /// Added for each year since the disease began.
    #[serde(default)]
    pub per_year: f64,
    /// Spread of the logarithm of `per_year` between people.
    #[serde(default)]
    pub per_year_log_sd: f64,
    /// Years before the state begins in which the effect builds up.
    #[serde(default)]
    pub ramp_years: f64,
}

impl Effect {
    /// Whether it works in a state.
    #[must_use]
    pub fn works_in(&self, state: &State) -> bool {
        self.state.is_empty() || self.state.contains(&state.id)
    }
}

/// A panel to be drawn regularly.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lab {
    /// Id of the panel.
    pub panel: String,
    /// How often.
    pub every_days: i32,
    /// In which states; none named: in all that are proper.
    #[serde(default)]
    pub state: Vec<String>,
}

/// A specialist who is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    /// Specialty in words.
    pub to: String,
    /// How often.
    pub every_days: i32,
    /// Share of times that it is done when it is due.
    #[serde(default = "most")]
    pub share: f64,
    /// In which states; none named: in all that are proper.
    #[serde(default)]
    pub state: Vec<String>,
}

/// A line of treatment: one of these medicines is added.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Ids of the medicines to choose from.
    pub medicines: Vec<String>,
    /// Share of patients who get this line at all.
    #[serde(default = "most")]
    pub share: f64,
    /// In which states; none named: in all that are proper.
    #[serde(default)]
    pub state: Vec<String>,
    /// Whether it waits for a value above the goal (the first line never does).
    #[serde(default)]
    pub always: bool,
    /// States in which it is not begun, but goes on.
    #[serde(default)]
    pub maintain: Vec<String>,
}

/// A value at or above which treatment is stepped up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Id of the measure.
    pub measure: String,
    /// The limit.
    pub above: f64,
}

/// Whether a list of states (none named: those that are proper) names one.
#[must_use]
pub fn names(states: &[String], state: &State) -> bool {
    if states.is_empty() {
        state.proper
    } else {
        states.contains(&state.id)
    }
}

impl Disease {
    /// Ids of the diseases that change its rates.
    pub fn depends_on(&self) -> impl Iterator<Item = &str> {
        let moves = self.moves.iter();
        moves.flat_map(|one| {
            let also = one.also.iter().map(|also| &also.disease);
            let named = also.chain(&one.needs);
            named.map(|name| name.split_once('/').map_or(name.as_str(), |(id, _)| id))
        })
    }

    /// Makes the tables of rates.
    pub fn prepare(&mut self) {
        for one in &mut self.moves {
            one.prepare();
        }
    }
}

impl Move {
    fn prepare(&mut self) {
        let ages = (0..AGES).map(|age| f64::from(u32::try_from(age).unwrap_or(0)));
        self.hazard = if self.by_age.is_empty() {
            ages.map(|age| interpolate(&self.per_1000, age + 0.5) / 1000.0)
                .collect()
        } else {
            // Of those who have not moved by this birthday, the share who do by the next.
            let left = |age: f64| {
                let first = self.by_age.first().map_or(0.0, |[age, _]| *age);
                if age <= first {
                    1.0
                } else {
                    1.0 - interpolate(&self.by_age, age)
                }
            };
            ages.map(|age| (left(age) / left(age + 1.0).max(1e-9)).max(1.0).ln())
                .collect()
        };
    }

    /// Rate per year at an age in whole years, without ratios.
    #[must_use]
    pub fn rate(&self, age: usize) -> f64 {
        let last = self.hazard.last().copied().unwrap_or(0.0);
        self.hazard.get(age).copied().unwrap_or(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_by_age_become_the_rates_that_give_them_back() {
        let text = "to = 'ill'\nby_age = [[20, 0.0], [60, 0.4], [90, 0.4]]";
        let mut one: Move = toml::from_str(text).unwrap();
        one.prepare();
        let left: f64 = (0..60).map(|age| (-one.rate(age)).exp()).product();
        assert!((left - 0.6).abs() < 1e-9, "{left}");
        assert_eq!(one.rate(10), 0.0);
        assert_eq!(one.rate(75), 0.0);
    }
}
