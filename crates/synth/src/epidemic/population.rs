//! The reference population: households of the region's size, age and place, of a fixed number.

use super::mixing::Place;
use super::reference::Household;
use super::stream;
use crate::chance::Chance;
use crate::content::Content;

/// Households in the reference population: enough for smooth curves, few enough to take no time.
const HOUSEHOLDS: usize = 8000;

/// Share of households with 1, 2, … members: Census Bureau, Current Population Survey 2022, table HH-4.
const SIZES: [f64; 6] = [0.29, 0.345, 0.15, 0.125, 0.058, 0.032];

/// The areas of the region.
pub(super) fn places(content: &Content) -> Vec<Place> {
    let areas = content.region.area.iter();
    areas
        .map(|area| Place {
            at: (area.latitude, area.longitude),
            population: area.population,
        })
        .collect()
}

/// The households: a function of region, ages and seed.
pub(super) fn households(content: &Content, places: &[Place], seed: u64) -> Vec<Household> {
    let mut chance = stream(seed, "population", 0);
    (0..HOUSEHOLDS)
        .map(|_| {
            let area = chance.weighted_index(places.iter().map(|p| p.population));
            Household {
                area: area.unwrap_or(0),
                ages: ages(content, &mut chance),
            }
        })
        .collect()
}

/// Ages of a household: one or two adults, and who lives with them.
fn ages(content: &Content, chance: &mut Chance) -> Vec<f64> {
    let size = chance.weighted_index(SIZES.into_iter()).unwrap_or(0) + 1;
    let family = size > 2;
    let head = if family {
        drawn(content, (25.0, 58.0), chance)
    } else {
        // Small households are those of the old: 4 of 10 (same table).
        let old = chance.happens(0.4);
        let bounds = if old { (65.0, 98.0) } else { (20.0, 65.0) };
        drawn(content, bounds, chance)
    };
    let mut ages = vec![head];
    if size > 1 && chance.happens(0.85) {
        ages.push((head + chance.normal(0.0, 4.0)).clamp(18.0, 98.0));
    }
    while ages.len() < size {
        let minor = chance.happens(if family { 0.68 } else { 0.3 });
        ages.push(if minor {
            drawn(content, (0.0, 18.0), chance)
        } else {
            drawn(content, (18.0, 30.0), chance)
        });
    }
    ages
}

/// An age of the region's pyramid within bounds.
fn drawn(content: &Content, (from, to): (f64, f64), chance: &mut Chance) -> f64 {
    let overlap = |low: i32, high: i32| (f64::from(low).max(from), f64::from(high + 1).min(to));
    let bands = &content.people.age;
    let chosen = chance.weighted(bands, |band| {
        let (low, high) = overlap(band.from, band.to);
        band.share * (high - low).max(0.0) / f64::from(band.to + 1 - band.from)
    });
    let (low, high) = chosen.map_or((from, to), |band| overlap(band.from, band.to));
    low + chance.unit() * (high - low).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_population_has_the_age_shape_of_the_region() {
        let content = Content::embedded().unwrap();
        let places = places(&content);
        let all = households(&content, &places, 42);
        let ages: Vec<f64> = all.iter().flat_map(|h| h.ages.iter().copied()).collect();
        let share = |from: f64, to: f64| {
            let there = ages.iter().filter(|&&age| age >= from && age < to).count();
            there as f64 / ages.len() as f64
        };
        for (from, to, expected) in [(0.0, 18.0, 0.217), (18.0, 65.0, 0.608), (65.0, 99.0, 0.175)] {
            let found = share(from, to);
            assert!((found / expected - 1.0).abs() < 0.2, "{from}: {found}");
        }
    }
}
