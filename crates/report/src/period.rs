//! The measurement period.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Serialize, Serializer};

/// The days a report is about, both ends counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Period {
    /// First day.
    #[serde(serialize_with = "iso")]
    pub start: Date,
    /// Last day, and the day as of which ages and activity are judged.
    #[serde(serialize_with = "iso")]
    pub end: Date,
}

impl Period {
    /// The 12 months that end with `as_of`.
    #[must_use]
    pub fn year_ending(as_of: Date) -> Self {
        Self {
            start: back(as_of, 1.year()).saturating_add(1.day()),
            end: as_of,
        }
    }

    /// First day of the 12 months before the period, the baseline of "worsened".
    #[must_use]
    pub fn lookback_start(&self) -> Date {
        back(self.start, 1.year())
    }

    /// A query with the period's days put in the place of `$as_of`, `$period_start`, `$period_end` and
    /// `$lookback_start`. Only dates are put in, so the text cannot change its meaning.
    pub(crate) fn bind(&self, sql: &str) -> String {
        sql.replace("$as_of", &literal(self.end))
            .replace("$period_start", &literal(self.start))
            .replace("$period_end", &literal(self.end))
            .replace("$lookback_start", &literal(self.lookback_start()))
    }
}

fn back(date: Date, span: Span) -> Date {
    date.saturating_sub(span)
}

fn literal(date: Date) -> String {
    format!("DATE '{date}'")
}

/// A date as ISO text.
pub(crate) fn iso<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Period;

    #[test]
    fn a_year_ending_today_begins_on_the_day_after_today_a_year_ago() {
        let period = Period::year_ending(date(2026, 11, 16));
        assert_eq!(period.start, date(2025, 11, 17));
        assert_eq!(period.lookback_start(), date(2024, 11, 17));
    }

    #[test]
    fn a_year_ending_on_a_leap_day_is_still_a_year() {
        let period = Period::year_ending(date(2024, 2, 29));
        assert_eq!(period.start, date(2023, 3, 1));
    }

    #[test]
    fn days_are_put_into_a_query() {
        let period = Period::year_ending(date(2026, 11, 16));
        assert_eq!(
            period.bind("date BETWEEN $period_start AND $period_end"),
            "date BETWEEN DATE '2025-11-17' AND DATE '2026-11-16'"
        );
    }
}
