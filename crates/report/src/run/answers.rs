//! How the evidence rows of an indicator become its number, one way per kind. The engine does the counting.

use super::door::{Door, Rows};
use super::series;
use crate::ReportError;
use crate::content::{Indicator, Kind, Sort};
use crate::period::Period;
use crate::scoreboard::{
    Answer, Fraction, Group, Median, Population, Ranked, Ranking, Rate, RateGroup, Share,
};

/// Asks an indicator whose needs are met.
pub(super) async fn answer(
    door: Door<'_>,
    indicator: &Indicator,
    period: &Period,
    population: Population,
) -> Result<Answer, ReportError> {
    let sql = period.bind(&indicator.sql);
    let question = Question {
        door,
        indicator,
        sql: &sql,
    };
    match indicator.definition.kind {
        Kind::Share => question.share().await,
        Kind::Rate => question.rate().await,
        Kind::Median => question.median().await,
        Kind::Ranking => question.ranking(population).await,
        Kind::Series => series::series(door, &indicator.id, &sql, period).await,
    }
}

struct Question<'a> {
    door: Door<'a>,
    indicator: &'a Indicator,
    sql: &'a str,
}

impl Question<'_> {
    async fn rows(&self, sql: &str) -> Result<Rows, ReportError> {
        self.door.rows(&self.indicator.id, sql).await
    }

    /// Whether the indicator's rows have a column. Told by the text, since every column has its name there.
    fn gives(&self, column: &str) -> bool {
        self.sql.contains(&format!(" AS {column}"))
    }

    /// Counts of subjects, all together and by stratum, in one pass. A subject is in the numerator when one of its
    /// rows says so, unknown when all rows are null.
    async fn share(&self) -> Result<Answer, ReportError> {
        let definition = &self.indicator.definition;
        let subject = if self.gives("subject") {
            "subject"
        } else {
            "patient"
        };
        let (stratum, sets) = if definition.strata {
            ("stratum", "GROUPING SETS ((stratum, subject), (subject))")
        } else {
            ("CAST(NULL AS VARCHAR)", "GROUPING SETS ((subject))")
        };
        let sql = format!(
            "SELECT together, stratum, count(*) FILTER (WHERE met IS NOT NULL) AS denominator,
                    count(*) FILTER (WHERE met) AS numerator, count(*) FILTER (WHERE met IS NULL) AS unknown
             FROM (SELECT {together} AS together, {name} AS stratum, subject, bool_or(numerator) AS met
                   FROM (SELECT {stratum} AS stratum, {subject} AS subject, numerator FROM ({sql}) AS evidence) AS flat
                   GROUP BY {sets}) AS subjects
             GROUP BY together, stratum ORDER BY together DESC, stratum",
            together = if definition.strata { "grouping(stratum)" } else { "1" },
            name = if definition.strata { "stratum" } else { "CAST(NULL AS VARCHAR)" },
            sql = self.sql
        );
        let rows = self.rows(&sql).await?;
        let mut fractions = fractions(&rows)?.into_iter();
        let Some((true, _, total)) = fractions.next() else {
            return Ok(nobody(self.indicator));
        };
        Ok(Answer::Share(Share {
            total,
            unknown_note: definition.unknown.clone(),
            groups: fractions
                .map(|(_, label, fraction)| Group { label, fraction })
                .collect(),
        }))
    }

    async fn rate(&self) -> Result<Answer, ReportError> {
        let stratum = if self.indicator.definition.strata {
            "stratum"
        } else {
            "CAST(NULL AS VARCHAR)"
        };
        let sql = format!(
            "SELECT stratum, sum(amount) AS amount, sum(exposure) AS exposure,
                    count(*) FILTER (WHERE exposure = 0) AS events,
                    count(DISTINCT CASE WHEN exposure > 0 THEN patient END) AS members
             FROM (SELECT {stratum} AS stratum, amount, exposure, patient FROM ({sql}) AS evidence) AS parts
             GROUP BY stratum ORDER BY amount DESC",
            sql = self.sql
        );
        let rows = self.rows(&sql).await?;
        let (amounts, exposures) = (rows.number("amount")?, rows.number("exposure")?);
        let scale = self.indicator.definition.scale;
        let (amount, exposure) = (amounts.iter().sum::<f64>(), exposures.iter().sum::<f64>());
        if exposure <= 0.0 {
            return Ok(nobody(self.indicator));
        }
        let strata = rows
            .text("stratum")?
            .into_iter()
            .zip(amounts)
            .zip(rows.count("events")?);
        let groups = strata.filter_map(|((label, amount), events)| {
            Some(RateGroup {
                label: label?,
                amount,
                rate: scale * amount / exposure,
                events,
            })
        });
        Ok(Answer::Rate(Rate {
            amount,
            exposure,
            rate: scale * amount / exposure,
            scale,
            members: rows.count("members")?.iter().sum(),
            groups: groups.collect(),
        }))
    }

    async fn median(&self) -> Result<Answer, ReportError> {
        let sql = format!(
            "SELECT median(amount) AS median, approx_percentile_cont(0.9) WITHIN GROUP (ORDER BY amount) AS ninetieth,
                    count(*) AS patients, sum(events) AS events
             FROM (SELECT patient, median(amount) AS amount, count(*) AS events
                   FROM ({sql}) AS evidence GROUP BY patient) AS patients",
            sql = self.sql
        );
        let rows = self.rows(&sql).await?;
        let middle = rows.maybe_number("median")?.first().copied().flatten();
        let Some(median) = middle else {
            return Ok(nobody(self.indicator));
        };
        Ok(Answer::Median(Median {
            median,
            ninetieth: rows.number("ninetieth")?.first().copied().unwrap_or(median),
            patients: rows.first_count("patients")?,
            events: rows.first_count("events")?,
        }))
    }

    async fn ranking(&self, population: Population) -> Result<Answer, ReportError> {
        let value = if self.gives("amount") {
            "sum(amount)"
        } else {
            "count(DISTINCT patient)"
        };
        let sql = format!(
            "SELECT label, CAST({value} AS DOUBLE) AS value, count(DISTINCT patient) AS patients, count(*) AS events
             FROM ({sql}) AS evidence GROUP BY label ORDER BY value DESC, label",
            sql = self.sql
        );
        let rows = self.rows(&sql).await?;
        let values = rows.number("value")?;
        let total = if self.indicator.definition.population {
            population.living as f64
        } else {
            values.iter().sum()
        };
        let counts = rows
            .count("patients")?
            .into_iter()
            .zip(rows.count("events")?);
        let labels = rows
            .text("label")?
            .into_iter()
            .map(Option::unwrap_or_default);
        let mut ranked: Vec<Ranked> = labels
            .zip(values)
            .zip(counts)
            .map(|((label, value), (patients, events))| Ranked {
                label,
                value,
                share: (total > 0.0).then(|| value / total),
                patients,
                events,
            })
            .collect();
        let more = ranked.len().saturating_sub(self.indicator.definition.limit);
        ranked.truncate(self.indicator.definition.limit);
        if self.indicator.definition.sort == Sort::Label {
            ranked.sort_by(|a, b| a.label.cmp(&b.label));
        }
        Ok(Answer::Ranking(Ranking {
            total,
            total_note: self.total_note(),
            rows: ranked,
            more: more as u64,
        }))
    }

    fn total_note(&self) -> &'static str {
        if self.indicator.definition.population {
            "living patients"
        } else if self.gives("amount") {
            "the whole amount"
        } else {
            "the registry"
        }
    }
}

/// Whether it is all together, the stratum, and its counts.
fn fractions(rows: &Rows) -> Result<Vec<(bool, String, Fraction)>, ReportError> {
    let together = rows.count("together")?.into_iter().map(|level| level > 0);
    let labels = rows
        .text("stratum")?
        .into_iter()
        .map(Option::unwrap_or_default);
    let counts = rows
        .count("numerator")?
        .into_iter()
        .zip(rows.count("denominator")?)
        .zip(rows.count("unknown")?);
    let fractions = counts
        .map(|((numerator, denominator), unknown)| Fraction::of(numerator, denominator, unknown));
    Ok(together
        .zip(labels)
        .zip(fractions)
        .map(|((together, label), fraction)| (together, label, fraction))
        .collect())
}

/// No one in the denominator: not an answer of zero.
fn nobody(indicator: &Indicator) -> Answer {
    let denominator = indicator.definition.denominator.trim_end_matches('.');
    Answer::CannotAnswer {
        reason: format!("nobody is in the denominator ({denominator})"),
    }
}
