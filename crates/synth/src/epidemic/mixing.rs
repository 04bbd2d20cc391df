//! Who meets whom: contacts between ages, and between areas.

use serde::Deserialize;

use crate::world::distance_km;

/// How many age groups: 0–4, 5–17, 18–44, 45–64, 65–74, 75 and older.
pub const AGE_GROUPS: usize = 6;

/// First age of each group after the first.
const BOUNDS: [f64; AGE_GROUPS - 1] = [5.0, 18.0, 45.0, 65.0, 75.0];

/// The age group of an age in years.
#[must_use]
pub fn age_group(age: f64) -> usize {
    BOUNDS.iter().filter(|&&bound| age >= bound).count()
}

/// The first age in years that no longer belongs to the group of `age`; infinite for the last.
#[must_use]
pub fn group_ends_at(age: f64) -> f64 {
    BOUNDS
        .iter()
        .copied()
        .find(|&bound| age < bound)
        .unwrap_or(f64::INFINITY)
}

/// Contacts a day between ages, and how much of them stay in one's own area.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contacts {
    /// Where the figures come from.
    pub source: String,
    /// Row: age group of a person; column: age group of those whom they meet outside the home.
    pub contacts_per_day: [[f64; AGE_GROUPS]; AGE_GROUPS],
    /// Share of contacts with people of one's own area.
    pub own_area_share: f64,
    /// Distance in kilometres over which contacts with other areas fall to 1/e.
    pub reach_km: f64,
    /// Contacts on a weekend day or holiday, relative to a working day.
    pub weekend_factor: f64,
    /// Contacts of those aged 5–17 during school holidays, relative to term.
    pub school_holiday_factor: f64,
}

/// An area where people live.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Latitude and longitude of its middle, in degrees.
    pub at: (f64, f64),
    /// People who live there.
    pub population: f64,
}

/// How many other areas people of one area go to.
const NEIGHBOURS: usize = 8;

/// For each area the areas where its people have contacts, with shares that sum to 1: its own, and the
/// nearest by gravity (population × e^(−distance/reach)).
#[must_use]
pub fn coupling(places: &[Place], contacts: &Contacts) -> Vec<Vec<(usize, f64)>> {
    let row = |from: usize, here: &Place| {
        let mut others: Vec<(usize, f64)> = places
            .iter()
            .enumerate()
            .filter(|&(to, _)| to != from)
            .map(|(to, there)| {
                let far = distance_km(here.at, there.at) / contacts.reach_km.max(0.1);
                (to, there.population * (-far).exp())
            })
            .collect();
        others.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        others.truncate(NEIGHBOURS);
        let total: f64 = others.iter().map(|&(_, pull)| pull).sum();
        let own = if total > 0.0 {
            contacts.own_area_share
        } else {
            1.0
        };
        let mut shares = vec![(from, own)];
        if total > 0.0 {
            let away = others
                .into_iter()
                .map(|(to, pull)| (to, (1.0 - own) * pull / total));
            shares.extend(away);
        }
        shares
    };
    places
        .iter()
        .enumerate()
        .map(|(from, here)| row(from, here))
        .collect()
}

/// The dominant eigenvalue of the matrix `contacts × susceptibility`: how contact-rich the
/// population is, so that transmission can be scaled to a wanted reproduction number.
#[must_use]
pub fn dominant(contacts: &Contacts, susceptibility: &[f64; AGE_GROUPS]) -> f64 {
    let mut vector = [1.0; AGE_GROUPS];
    let mut value = 0.0;
    for _ in 0..60 {
        let mut next = [0.0; AGE_GROUPS];
        for ((to, row), own) in next
            .iter_mut()
            .zip(&contacts.contacts_per_day)
            .zip(susceptibility)
        {
            *to = own * row.iter().zip(&vector).map(|(c, v)| c * v).sum::<f64>();
        }
        value = next.iter().copied().fold(0.0, f64::max);
        if value <= 0.0 {
            return 0.0;
        }
        vector = next.map(|x| x / value);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contacts() -> Contacts {
        Contacts {
            source: String::new(),
            contacts_per_day: [[1.0; AGE_GROUPS]; AGE_GROUPS],
            own_area_share: 0.7,
            reach_km: 10.0,
            weekend_factor: 0.8,
            school_holiday_factor: 0.5,
        }
    }

    #[test]
    fn age_groups_begin_at_their_bounds() {
        assert_eq!(age_group(4.99), 0);
        assert_eq!(age_group(5.0), 1);
        assert_eq!(age_group(80.0), 5);
        assert_eq!(group_ends_at(20.0), 45.0);
        assert!(group_ends_at(75.0).is_infinite());
    }

    #[test]
    fn contacts_of_an_area_sum_to_one_and_favour_the_near() {
        let place = |latitude, population| Place {
            at: (latitude, -70.0),
            population,
        };
        let rows = coupling(
            &[place(40.0, 1e4), place(40.1, 1e4), place(41.0, 1e4)],
            &contacts(),
        );
        for row in &rows {
            assert!((row.iter().map(|&(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
        }
        assert_eq!(rows[0][0], (0, 0.7));
        assert_eq!(rows[0][1].0, 1);
        let alone = coupling(&[place(40.0, 1e4)], &contacts());
        assert_eq!(alone, [vec![(0, 1.0)]]);
    }

    #[test]
    fn the_dominant_value_of_ones_is_the_number_of_groups() {
        let value = dominant(&contacts(), &[1.0; AGE_GROUPS]);
        assert!((value - 6.0).abs() < 1e-9);
    }
}
