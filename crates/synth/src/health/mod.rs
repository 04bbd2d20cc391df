//! What a person has: the course of each disease in continuous time, and the body underneath.

mod body;
mod course;
mod kidney;

pub use body::Taken;
pub use course::{Course, Stay};
pub use kidney::{creatinine_for, egfr_from};

use body::Body;
use course::Sampling;

use crate::calendar::{Day, YEAR_DAYS};
use crate::chance::{Chance, Purpose};
use crate::content::{Disease, Measure, State};
use crate::person::Person;
use crate::world::World;

/// Diseases and the body.
#[derive(Debug)]
pub struct Health<'w> {
    /// The diseases that ever leave `well`, in the order of the content.
    pub courses: Vec<Course<'w>>,
    body: Body,
    /// Share of medicine that is taken, 0–1.
    pub adherence: f64,
}

/// The state of a disease on a day.
#[derive(Debug, Clone, Copy)]
pub struct Active<'w> {
    /// Which disease.
    pub disease: &'w Disease,
    /// Its state.
    pub state: &'w State,
    /// First day in it.
    pub from: Day,
    /// Its ICD-10-CM code, where the person has been told.
    pub code: Option<&'w str>,
}

impl<'w> Health<'w> {
    /// Draws body and diseases; diseases shorten lives.
    #[must_use]
    pub fn draw(world: &'w World, person: &mut Person<'_>) -> Health<'w> {
        let chance = &mut Chance::new(world.seed, person.number, Purpose::Health);
        let body = Body::draw(world, person, chance);
        let adherence = 0.25 + 0.62 * person.engagement + chance.normal(0.0, 0.15);
        let mut health = Health {
            courses: Vec::new(),
            body,
            adherence: adherence.clamp(0.05, 1.0),
        };
        for disease in &world.content.diseases {
            let sampling = Sampling {
                world,
                person,
                health: &health,
                disease,
            };
            if let Some(course) = sampling.course() {
                health.courses.push(course);
            }
        }
        if person.plant.is_none() {
            health.shorten(world, person, chance);
        }
        health
    }

    /// States on a day, `well` left out.
    pub fn active(&self, day: Day) -> impl Iterator<Item = Active<'w>> {
        self.courses.iter().filter_map(move |c| c.active(day))
    }

    /// Whether a disease itself (`id`) or one of its states (`id/state`) is there on a day.
    #[must_use]
    pub fn has(&self, name: &str, day: Day) -> bool {
        let (disease, state) = match name.split_once('/') {
            Some((disease, state)) => (disease, Some(state)),
            None => (name, None),
        };
        let mut active = self.active(day).filter(|a| a.disease.id == disease);
        active.any(|a| state.map_or(a.state.proper, |state| a.state.id == state))
    }

    /// The latent value of a measure, without the noise of measuring.
    #[must_use]
    pub fn latent(
        &self,
        measure: &Measure,
        person: &Person<'_>,
        day: Day,
        taken: &[Taken<'_>],
    ) -> f64 {
        let untreated = self.body.untreated(measure, person, day, &self.courses);
        body::treated(measure, untreated, taken, self.adherence)
    }

    /// Moves a disease to a state on a day, ahead of its course (found by screening).
    pub fn advance(&mut self, disease: &str, state: &str, day: Day, chance: &mut Chance) {
        let course = self.courses.iter_mut().find(|c| c.disease.id == disease);
        if let Some(course) = course {
            course.advance(state, day, chance);
        }
    }

    /// Takes a disease away on a day; what would have come later does not.
    pub fn clear(&mut self, disease: &str, day: Day) {
        let course = self.courses.iter_mut().find(|c| c.disease.id == disease);
        if let Some(course) = course {
            course.clear(day);
        }
    }

    /// Deaths above the life table.
    fn shorten(&self, world: &World, person: &mut Person<'_>, chance: &mut Chance) {
        let mut day = world.start.max(person.birth);
        while day <= world.end {
            let rate: f64 = self.active(day).map(|a| a.state.deaths_per_1000).sum();
            // Tenths of a year: states may be short.
            if rate > 0.0 && chance.happens(rate / 1000.0 / 10.0) {
                let death = day + chance.between(0, 36);
                let earlier = person.death.is_none_or(|known| death < known);
                if earlier && death <= world.end {
                    person.death = Some(death);
                }
                return;
            }
            day += 37;
        }
    }
}

/// Days of some years.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a life in days is far inside i32"
)]
fn days(years: f64) -> Day {
    (years * YEAR_DAYS) as Day
}
