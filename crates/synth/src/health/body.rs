//! Latent values of measures: what is usual for the person, what diseases make of it, what medicines do.

use super::Course;
use crate::calendar::{Day, YEAR_DAYS};
use crate::chance::{Chance, interpolate};
use crate::content::{Measure, Medicine};
use crate::person::Person;
use crate::world::World;

/// What a person is made of.
#[derive(Debug)]
pub struct Body {
    /// How far the person lies from others, in standard deviations, by measure.
    spread: Vec<f64>,
    /// Planted kidney function: last day, eGFR on it, loss a year.
    kidney: Option<(Day, f64, f64)>,
}

/// A medicine that is being taken.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'w> {
    /// Which.
    pub medicine: &'w Medicine,
    /// For how many days.
    pub days: i32,
}

impl Body {
    /// Draws a body.
    #[must_use]
    pub fn draw(world: &World, person: &Person<'_>, chance: &mut Chance) -> Body {
        let measures = world.content.measures.iter();
        let drawn: Vec<f64> = measures.map(|_| chance.normal(0.0, 1.0)).collect();
        Body {
            spread: along(world, &drawn),
            kidney: person
                .plant
                .and_then(|p| p.make.egfr)
                .map(|[at_end, loss]| (world.end, at_end, loss)),
        }
    }

    /// The value without medicines.
    #[must_use]
    pub fn untreated(
        &self,
        measure: &Measure,
        person: &Person<'_>,
        day: Day,
        courses: &[Course<'_>],
    ) -> f64 {
        if let (Some((end, at_end, loss)), "egfr") = (self.kidney, measure.id.as_str()) {
            return (at_end - loss * f64::from(day - end) / YEAR_DAYS).clamp(6.0, 92.0);
        }
        let spread = self.spread.get(measure.number).copied().unwrap_or(0.0);
        let mut value = usual(measure, person, day, spread);
        for course in courses {
            for (effect, drawn) in course.effects(&measure.id) {
                value = course.affect(effect, drawn, value, day);
            }
        }
        let limits = &measure.usual;
        value.clamp(limits.low, limits.high)
    }
}

/// What goes along with another measure lies as far from others as that does, in part.
fn along(world: &World, drawn: &[f64]) -> Vec<f64> {
    let measures = world.content.measures.iter().zip(drawn);
    let one = |(measure, &own): (&Measure, &f64)| {
        let follows = measure.usual.follows.as_ref();
        let other = follows.and_then(|(id, with)| Some((world.content.measure(id)?, with)));
        let other = other.and_then(|(other, with)| Some((drawn.get(other.number)?, with)));
        other.map_or(own, |(other, with)| {
            with * other + (1.0 - with * with).max(0.0).sqrt() * own
        })
    };
    measures.map(one).collect()
}

/// The value that a healthy person of this age, sex and build has.
fn usual(measure: &Measure, person: &Person<'_>, day: Day, spread: f64) -> f64 {
    let usual = &measure.usual;
    let of_sex = if person.female {
        usual.female
    } else {
        usual.male
    };
    let mean = of_sex.unwrap_or(usual.mean);
    let age = if usual.by_age.is_empty() {
        0.0
    } else {
        interpolate(&usual.by_age, person.age(day))
    };
    let build = usual.per_bmi * (person.bmi - 27.0);
    let child = person
        .weeks_pregnant(day)
        .filter(|_| !usual.pregnancy.is_empty());
    let child = child.map_or(0.0, |weeks| interpolate(&usual.pregnancy, weeks));
    let value = mean + age + build + child;
    if usual.log {
        value * (usual.between * spread).exp()
    } else {
        value + usual.between * spread
    }
}

/// How much there is to do for a medicine, from nothing to somewhat more than usual.
fn room(measure: &Measure, value: f64) -> f64 {
    let usual = &measure.usual;
    let share = |to: f64| ((value - to) / usual.treated_range).clamp(0.0, 1.3);
    usual.treated_to.map_or(1.0, share)
}

/// What medicines make of a value.
#[must_use]
pub fn treated(measure: &Measure, mut value: f64, taken: &[Taken<'_>], adherence: f64) -> f64 {
    let mut so_far = 0;
    for Taken { medicine, days } in taken {
        for effect in medicine.effect.iter().filter(|e| e.measure == measure.id) {
            let full = f64::from(effect.full_after_days.max(1));
            // Each further medicine gives a little less.
            let share = [1.0, 0.85, 0.7].get(so_far).copied().unwrap_or(0.5);
            let share = share * adherence * (f64::from(*days) / full).clamp(0.0, 1.0);
            let share = share * room(measure, value);
            value = value * (1.0 - (1.0 - effect.times) * share) + effect.add * share;
            so_far += 1;
        }
    }
    value.clamp(measure.usual.low, measure.usual.high)
}
