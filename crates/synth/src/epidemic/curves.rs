//! The force of infection by area, age group and week: what the reference population leaves behind.

use super::mixing::{AGE_GROUPS, age_group, group_ends_at};
use crate::calendar::{Day, YEAR_DAYS, age_exact};

/// Cumulative hazard of infection from outside the home, by area, age group and week.
///
/// Within a week the hazard is constant. Hazards are per susceptible person, susceptibility by age
/// included.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    first: Day,
    weeks: usize,
    /// `weeks + 1` rising values per cell (area × age group).
    cumulative: Vec<f64>,
}

impl Curves {
    /// Curves from daily hazards by day and cell (`area × 6 + age group`), beginning on `first`.
    #[must_use]
    pub fn from_daily(first: Day, cells: usize, daily: &[Vec<f64>]) -> Curves {
        let weeks = daily.len().div_ceil(7);
        let mut cumulative = Vec::with_capacity(cells * (weeks + 1));
        for cell in 0..cells {
            let mut sum = 0.0;
            cumulative.push(sum);
            for week in daily.chunks(7) {
                let days = week.iter().filter_map(|day| day.get(cell));
                sum += days.sum::<f64>();
                cumulative.push(sum);
            }
        }
        Curves {
            first,
            weeks,
            cumulative,
        }
    }

    /// All hazards multiplied.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Curves {
        self.cumulative
            .iter_mut()
            .for_each(|value| *value *= factor);
        self
    }

    /// The hazard of one cell over the whole time.
    #[must_use]
    pub fn total(&self, area: usize, group: usize) -> f64 {
        self.at(area * AGE_GROUPS + group, self.weeks)
    }

    /// The day in `from..=until` on which the cumulative hazard since `from` passes `threshold`, for
    /// somebody born on `birth` who lives in `area`; the age groups are walked through as they age.
    #[must_use]
    pub fn passes(&self, who: Resident, from: Day, until: Day, threshold: f64) -> Option<Day> {
        let mut from = from.max(self.first).max(who.birth);
        let mut left = threshold;
        while from <= until {
            let age = age_exact(who.birth, from);
            let cell = who.area * AGE_GROUPS + age_group(age);
            let end = until.min(last_day_of_group(who.birth, age));
            let begin = self.until(cell, from);
            let here = self.until(cell, end + 1) - begin;
            if left < here {
                return Some(self.day_reaching(cell, begin + left).clamp(from, end));
            }
            left -= here;
            from = end + 1;
        }
        None
    }

    /// Cumulative hazard of a cell before a day begins.
    fn until(&self, cell: usize, day: Day) -> f64 {
        let days = usize::try_from(day - self.first).unwrap_or(0);
        let (week, rest) = (days / 7, days % 7);
        if week >= self.weeks {
            return self.at(cell, self.weeks);
        }
        let low = self.at(cell, week);
        #[expect(clippy::cast_precision_loss, reason = "0 to 6")]
        let share = rest as f64 / 7.0;
        low + (self.at(cell, week + 1) - low) * share
    }

    /// The day on which the cumulative hazard of a cell reaches a value.
    fn day_reaching(&self, cell: usize, value: f64) -> Day {
        let row = cell * (self.weeks + 1);
        let values = self.cumulative.get(row..=row + self.weeks);
        let week = values.map_or(0, |v| v.partition_point(|&x| x <= value));
        let week = week.saturating_sub(1).min(self.weeks.saturating_sub(1));
        let low = self.at(cell, week);
        let step = self.at(cell, week + 1) - low;
        let share = if step > 0.0 {
            ((value - low) / step).clamp(0.0, 0.999)
        } else {
            0.0
        };
        #[expect(clippy::cast_possible_truncation, reason = "0 to 6")]
        let within = (share * 7.0) as Day;
        self.first + Day::try_from(week * 7).unwrap_or(0) + within
    }

    fn at(&self, cell: usize, week: usize) -> f64 {
        let index = cell * (self.weeks + 1) + week;
        self.cumulative.get(index).copied().unwrap_or(0.0)
    }
}

/// Who is exposed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resident {
    /// Index of the area.
    pub area: usize,
    /// Day of birth.
    pub birth: Day,
}

/// The last day on which somebody still belongs to the age group of `age`.
fn last_day_of_group(birth: Day, age: f64) -> Day {
    let end = group_ends_at(age);
    if end.is_infinite() {
        return Day::MAX - 1;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a life in days is far inside i32"
    )]
    let days = (end * YEAR_DAYS).ceil() as Day;
    birth + days - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(hazard: f64, days: usize) -> Curves {
        Curves::from_daily(100, AGE_GROUPS, &vec![vec![hazard; AGE_GROUPS]; days])
    }

    fn adult() -> Resident {
        Resident {
            area: 0,
            birth: -12_000,
        }
    }

    #[test]
    fn a_flat_hazard_is_passed_after_threshold_over_hazard_days() {
        let curves = flat(0.01, 700);
        assert_eq!(curves.passes(adult(), 100, 799, 0.995), Some(199));
        assert_eq!(curves.passes(adult(), 150, 799, 0.995), Some(249));
        assert_eq!(curves.passes(adult(), 100, 799, 7.1), None);
    }

    #[test]
    fn ageing_changes_the_hazard_at_the_birthday() {
        let mut daily = vec![vec![0.0; AGE_GROUPS]; 700];
        daily.iter_mut().for_each(|day| day[1] = 0.01);
        let curves = Curves::from_daily(100, AGE_GROUPS, &daily);
        // Five years old on day 300: no hazard before.
        let child = Resident {
            area: 0,
            birth: 300 - 1827,
        };
        let day = curves.passes(child, 100, 799, 0.005).unwrap();
        assert!((300..=301).contains(&day), "{day}");
    }

    #[test]
    fn nobody_is_infected_before_birth() {
        let curves = flat(0.5, 700);
        let unborn = Resident {
            area: 0,
            birth: 400,
        };
        assert!(curves.passes(unborn, 100, 799, 0.1).unwrap() >= 400);
    }
}
