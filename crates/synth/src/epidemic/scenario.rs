//! Scenario files: outbreaks that are planted, of a given size, place, week and pathogen.

use serde::Deserialize;

use super::pathogen::Pathogen;
use crate::calendar::{Day, from_civil, weekday};
use crate::content::Content;
use salus_base::{Code, Diagnostic};

const WRONG: Code = Code::new("SAL-SYNTH-0011");

/// What is wrong with a scenario file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// It is not the TOML that scenarios are written in.
    #[error("the scenario does not have the expected shape")]
    Shape {
        /// What the parser said, with line and column.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// It names something that does not exist.
    #[error("outbreak `{outbreak}` names the {kind} `{name}`, which does not exist")]
    Unknown {
        /// Which outbreak.
        outbreak: String,
        /// `pathogen`, `area` or `ICD-10-CM code`.
        kind: &'static str,
        /// The name.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A value makes no sense.
    #[error("outbreak `{outbreak}`: `{field}` is {value}, {rule}")]
    Value {
        /// Which outbreak.
        outbreak: String,
        /// Name of the field.
        field: &'static str,
        /// The value.
        value: f64,
        /// What it must be, in words.
        rule: &'static str,
    },
    /// Of two fields exactly one must be given.
    #[error("outbreak `{outbreak}` must have exactly one of `{one}` and `{other}`")]
    OneOf {
        /// Which outbreak.
        outbreak: String,
        /// A field.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
}

impl ScenarioError {
    /// The error as it is shown to a person.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let found = Diagnostic::error(WRONG, self.to_string());
        match self {
            Self::Shape { source } => found.because(source.as_ref()),
            Self::Unknown {
                near: Some(near), ..
            } => found.help(format!("did you mean `{near}`?")),
            Self::Unknown { .. } | Self::Value { .. } | Self::OneOf { .. } => {
                found.help("docs/synth.md explains scenario files")
            }
        }
    }
}

/// A scenario file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Name in words.
    #[serde(default)]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub why: String,
    /// The outbreaks.
    #[serde(default)]
    pub outbreak: Vec<Outbreak>,
}

/// How an outbreak goes through people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutbreakKind {
    /// Everybody is infected on one day by one source (a meal, a well), and then their households.
    PointSource,
    /// It passes from person to person for weeks.
    Propagated,
}

/// An outbreak of a scenario.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbreak {
    /// Id, in the truth.
    pub id: String,
    /// How it goes through people.
    pub kind: OutbreakKind,
    /// Id of the pathogen.
    pub pathogen: String,
    /// Code of the area.
    pub area: String,
    /// The day of exposure, or of the first cases.
    pub date: Option<toml::value::Datetime>,
    /// Or: so many weeks before the week in which the records end …
    pub weeks_before_end: Option<i32>,
    /// … on this day of the week, Monday 0.
    #[serde(default)]
    pub weekday: i32,
    /// Infections among all people of the area.
    pub size: Option<f64>,
    /// Or: share of the people of the area who are infected.
    pub attack_share: Option<f64>,
    /// Only people of these ages are exposed (point source).
    pub ages: Option<[f64; 2]>,
    /// First cases (propagated).
    #[serde(default = "few")]
    pub introduced: u32,
    /// Infections outside the home by one case if nobody is immune; the pathogen's own if absent.
    pub community_r: Option<f64>,
    /// Whether it may leave the area (propagated). The size counts the area alone.
    #[serde(default)]
    pub leaves_area: bool,
    /// After so many days measures are taken (propagated) …
    pub control_after_days: Option<i32>,
    /// … and transmission falls to this share.
    #[serde(default = "halved")]
    pub control_factor: f64,
    /// Share of those with symptoms who seek care; the pathogen's own if absent.
    pub seeks_care: Option<f64>,
    /// Codes of the visits; the pathogen's own if absent.
    pub codes: Option<Vec<(String, f64)>>,
    /// In words, for the truth.
    pub why: String,
}

fn few() -> u32 {
    4
}

fn halved() -> f64 {
    0.5
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// [`ScenarioError::Shape`] where it is not the TOML of a scenario.
    pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
        toml::from_str(text).map_err(|source| ScenarioError::Shape {
            source: Box::new(source),
        })
    }
}

/// An outbreak with its names resolved.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resolved {
    pub pathogen: Pathogen,
    pub area: usize,
    pub day: Day,
    /// Share of those exposed who are infected from outside the home or within it.
    pub attack_share: f64,
}

impl Outbreak {
    /// Looks up names and checks values.
    pub(super) fn resolve(
        &self,
        content: &Content,
        pathogens: &[Pathogen],
        end: Day,
    ) -> Result<Resolved, ScenarioError> {
        let area = content.region.area.iter().position(|a| a.code == self.area);
        let area = area.ok_or_else(|| {
            let codes = content.region.area.iter().map(|a| a.code.as_str());
            self.unknown("area", &self.area, codes)
        })?;
        let base = pathogens.iter().find(|p| p.id == self.pathogen);
        let base = base.ok_or_else(|| {
            let ids = pathogens.iter().map(|p| p.id.as_str());
            self.unknown("pathogen", &self.pathogen, ids)
        })?;
        let pathogen = self.shaped(base.clone(), content)?;
        let day = match (self.date, self.weeks_before_end) {
            (Some(date), None) => self.day(date)?,
            (None, Some(weeks)) => end - weekday(end) - 7 * weeks + self.weekday.clamp(0, 6),
            _ => return Err(self.one_of("date", "weeks_before_end")),
        };
        let attack_share = self.attack_share_of(content, area)?;
        Ok(Resolved {
            pathogen,
            area,
            day,
            attack_share,
        })
    }

    /// The day of a TOML date.
    fn day(&self, date: toml::value::Datetime) -> Result<Day, ScenarioError> {
        let written = date
            .date
            .ok_or_else(|| self.one_of("date", "weeks_before_end"))?;
        Ok(from_civil(
            i32::from(written.year),
            i32::from(written.month),
            i32::from(written.day),
        ))
    }

    /// The pathogen as this outbreak shows it.
    fn shaped(&self, mut pathogen: Pathogen, content: &Content) -> Result<Pathogen, ScenarioError> {
        pathogen.replaces.clear();
        if let Some(codes) = &self.codes {
            for (code, _) in codes {
                if content.display(code).is_empty() {
                    return Err(self.unknown("ICD-10-CM code", code, std::iter::empty()));
                }
            }
            pathogen.codes.clone_from(codes);
        }
        if let Some(share) = self.seeks_care {
            self.within("seeks_care", share, 0.0, 1.0)?;
            pathogen.course.seeks_care = vec![[0.0, share]];
        }
        if let Some(r) = self.community_r {
            self.within("community_r", r, 0.0, 20.0)?;
            pathogen.spread.community_r = r;
        }
        Ok(pathogen)
    }

    fn attack_share_of(&self, content: &Content, area: usize) -> Result<f64, ScenarioError> {
        let people = content.region.area.get(area).map_or(0.0, |a| a.population);
        let exposed = people * self.ages.map_or(1.0, |ages| age_share(content, ages));
        let share = match (self.size, self.attack_share) {
            (Some(size), None) => {
                self.within("size", size, 1.0, f64::INFINITY)?;
                size / exposed.max(1.0)
            }
            (None, Some(share)) => share,
            _ => return Err(self.one_of("size", "attack_share")),
        };
        if share > 0.95 || share <= 0.0 {
            let rule = "but must be above 0 and at most 0.95 of the people exposed";
            return Err(self.value("attack_share", share, rule));
        }
        Ok(share)
    }

    fn within(
        &self,
        field: &'static str,
        value: f64,
        low: f64,
        high: f64,
    ) -> Result<(), ScenarioError> {
        if (low..=high).contains(&value) {
            return Ok(());
        }
        Err(self.value(field, value, "which is out of range"))
    }

    fn value(&self, field: &'static str, value: f64, rule: &'static str) -> ScenarioError {
        ScenarioError::Value {
            outbreak: self.id.clone(),
            field,
            value,
            rule,
        }
    }

    fn one_of(&self, one: &'static str, other: &'static str) -> ScenarioError {
        ScenarioError::OneOf {
            outbreak: self.id.clone(),
            one,
            other,
        }
    }

    fn unknown<'n>(
        &self,
        kind: &'static str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> ScenarioError {
        ScenarioError::Unknown {
            outbreak: self.id.clone(),
            kind,
            name: name.to_owned(),
            near: salus_base::suggest::closest(name, known).map(str::to_owned),
        }
    }
}

/// Share of the region's people in an age range.
fn age_share(content: &Content, [from, to]: [f64; 2]) -> f64 {
    let bands = content.people.age.iter();
    bands
        .map(|band| {
            let (low, high) = (f64::from(band.from), f64::from(band.to + 1));
            let inside = (high.min(to) - low.max(from)).max(0.0);
            band.share * inside / (high - low)
        })
        .sum()
}
