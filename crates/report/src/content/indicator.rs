//! One indicator: a SQL file whose leading comment is TOML.
//!
//! What the SQL gives depends on `kind`. Rows are always evidence, so that every number can be opened: all kinds give
//! `patient`, `evidence_type`, `evidence_id`, `date` and `detail`, and beside them
//!
//! - `share`: `numerator` (true, false, null = could not be checked), and `subject` and `stratum` where there are any;
//!   the number is subjects with true / subjects with true or false.
//! - `rate`: `amount`, `exposure`, `stratum` where there is one; `scale` × sum of amounts / sum of exposures.
//! - `median`: `amount`; the median over patients of each patient's median.
//! - `ranking`: `label`, and `amount` unless patients are counted; sums by label, largest first.
//! - `series`: `place`; patients a week by place, with EARS C2 signals.

use serde::{Deserialize, Serialize};

use super::stem;
use crate::ReportError;

/// An indicator as its file defines it.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Stable id, the file name: `bp-control`.
    pub id: String,
    /// Section id: `quality`.
    pub section: &'static str,
    /// Place within the section.
    pub order: u32,
    /// The definition, from the front matter.
    pub definition: Definition,
    /// The query, with `$as_of`, `$period_start`, `$period_end` and `$lookback_start` still in it.
    pub sql: String,
}

/// The words and rules of an indicator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    order: u32,
    /// What it is called.
    pub title: String,
    /// How rows become a number.
    pub kind: Kind,
    /// What it means, in plain words.
    pub meaning: String,
    /// Who or what is counted.
    pub numerator: String,
    /// Out of whom or what.
    pub denominator: String,
    /// Whose definition it is: name, number, year.
    pub source: String,
    /// Where that can be read.
    pub url: String,
    /// Which way is better.
    #[serde(default)]
    pub direction: Direction,
    /// Unit of a rate, median or ranking.
    #[serde(default)]
    pub unit: String,
    /// What is counted in a share, in the plural.
    #[serde(default = "patients")]
    pub subject: String,
    /// What null in `numerator` means: "… take metformin but have no eGFR on record".
    #[serde(default)]
    pub unknown: String,
    /// A rate is multiplied by this.
    #[serde(default = "one")]
    pub scale: f64,
    /// Whether the SQL has a `stratum` by which the answer is also broken down.
    #[serde(default)]
    pub strata: bool,
    /// How many rows of a ranking are shown.
    #[serde(default = "ten")]
    pub limit: usize,
    /// Order of a ranking.
    #[serde(default)]
    pub sort: Sort,
    /// Whether a ranking is shown as a share of the living patients rather than of its own total.
    #[serde(default)]
    pub population: bool,
    /// Which records count: those of the period, or all there are.
    #[serde(default)]
    pub period: Span,
    /// What must be in the records before there is an answer.
    #[serde(default)]
    pub needs: Vec<Need>,
}

/// How the rows of an indicator become its number.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Subjects in the numerator out of subjects in the denominator.
    Share,
    /// Amount per exposure.
    Rate,
    /// Median over patients.
    Median,
    /// Largest first.
    Ranking,
    /// Weekly counts with signals.
    Series,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    #[default]
    None,
}

/// Order of a ranking.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Largest first.
    #[default]
    Value,
    /// By label, for ordered stages.
    Label,
}

/// Which records count.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// Those of the measurement period.
    #[default]
    Period,
    /// All there are.
    All,
}

/// Something that must be in the records; without it the indicator says why it cannot answer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// What to look into: a view, or views joined.
    pub view: String,
    /// Which rows of it count.
    #[serde(rename = "where", default = "yes")]
    pub filter: String,
    /// Another place that would do as well.
    #[serde(default)]
    pub or_view: Option<String>,
    /// Which rows of the other place count.
    #[serde(default = "yes")]
    pub or_where: String,
    /// What to say when there is no such row, after "Cannot answer:".
    pub missing: String,
}

impl Need {
    /// Queries of which one must give a row.
    pub(crate) fn queries(&self) -> impl Iterator<Item = String> {
        let first = (self.view.as_str(), self.filter.as_str());
        let second = self
            .or_view
            .as_deref()
            .map(|view| (view, self.or_where.as_str()));
        std::iter::once(first)
            .chain(second)
            .map(|(view, filter)| format!("SELECT 1 AS one FROM {view} WHERE {filter} LIMIT 1"))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

impl Indicator {
    /// Reads one indicator file.
    pub(crate) fn parse(
        section: &'static str,
        path: &str,
        text: &str,
    ) -> Result<Self, ReportError> {
        let (front, sql) = split(path, text)?;
        let definition: Definition =
            toml::from_str(front).map_err(|cause| ReportError::Content {
                path: path.to_owned(),
                source: Box::new(cause),
            })?;
        Ok(Self {
            id: stem(path).to_owned(),
            section,
            order: definition.order,
            definition,
            sql: sql.to_owned(),
        })
    }
}

/// A table that is made once per run and that several indicators read.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Name in SQL: `report_people`.
    pub name: String,
    /// The query that makes it.
    pub sql: String,
}

impl Prepared {
    pub(crate) fn parse(path: &str, text: &str) -> Result<Self, ReportError> {
        let (_, sql) = split(path, text)?;
        let stem = stem(path);
        let name = stem.split_once('-').map_or(stem, |(_, name)| name);
        Ok(Self {
            name: name.to_owned(),
            sql: sql.to_owned(),
        })
    }
}

/// Front matter and SQL.
fn split<'a>(path: &str, text: &'a str) -> Result<(&'a str, &'a str), ReportError> {
    text.strip_prefix("/*")
        .and_then(|rest| rest.split_once("*/"))
        .ok_or_else(|| ReportError::FrontMatter {
            path: path.to_owned(),
        })
}

fn patients() -> String {
    "patients".to_owned()
}

fn yes() -> String {
    "TRUE".to_owned()
}

fn one() -> f64 {
    1.0
}

fn ten() -> usize {
    10
}
