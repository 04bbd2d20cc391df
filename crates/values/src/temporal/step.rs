//! The next and the previous value, at the precision of the value (CQL 1.5.3 §16 `Successor`, `Predecessor`).

use super::date::Date;
use super::date_time::DateTime;
use super::shift::Duration;
use super::time::Time;

impl Date {
    /// One later at its precision; `None` after the last.
    #[must_use]
    pub fn successor(&self) -> Option<Date> {
        self.add(&Duration::new(1, self.precision()))
    }

    /// One earlier at its precision; `None` before the first.
    #[must_use]
    pub fn predecessor(&self) -> Option<Date> {
        self.add(&Duration::new(-1, self.precision()))
    }
}

impl DateTime {
    /// One later at its precision; `None` after the last.
    #[must_use]
    pub fn successor(&self) -> Option<DateTime> {
        self.add(&Duration::new(1, self.precision()))
    }

    /// One earlier at its precision; `None` before the first.
    #[must_use]
    pub fn predecessor(&self) -> Option<DateTime> {
        self.add(&Duration::new(-1, self.precision()))
    }
}

impl Time {
    /// One later at its precision; `None` after the last of the day.
    #[must_use]
    pub fn successor(&self) -> Option<Time> {
        let next = self.add(&Duration::new(1, self.precision()))?;
        (next.millis() > self.millis()).then_some(next)
    }

    /// One earlier at its precision; `None` before the first of the day.
    #[must_use]
    pub fn predecessor(&self) -> Option<Time> {
        let previous = self.add(&Duration::new(-1, self.precision()))?;
        (previous.millis() < self.millis()).then_some(previous)
    }
}
