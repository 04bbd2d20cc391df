//! The world that patients live in: the window of time, places, staff and payers.

use crate::agenda::exposure_day;
use crate::calendar::{Day, YEAR_DAYS, civil, date_text, day_of, from_civil};
use crate::chance::{Chance, Purpose};
use crate::content::{Content, Facility, FacilityKind, Plan, Plant, StaffRole};
use crate::epidemic::Epidemics;
use crate::error::SynthError;
use crate::generate::Options;
use crate::truth::{About, OutbreakTruth, Truth};

/// Everything that patients share. Made once, read by all.
#[derive(Debug)]
pub struct World {
    /// What the content files say.
    pub content: Content,
    /// The seed of every stream.
    pub seed: u64,
    /// First day of the records.
    pub start: Day,
    /// Last day of the records ("today").
    pub end: Day,
    /// Staff of all facilities.
    pub staff: Vec<Practitioner>,
    /// Prefix of every id, so that sets of different seeds can live in one lake.
    pub prefix: String,
    /// What goes around.
    pub epidemics: Epidemics,
}

/// A practitioner.
#[derive(Debug)]
pub struct Practitioner {
    /// Number from 1, part of the id.
    pub number: usize,
    /// Index of the facility.
    pub facility: usize,
    /// What they do.
    pub role: StaffRole,
    /// Specialty: SNOMED CT code and display.
    pub specialty: (String, String),
    /// What people are referred to that they see to.
    pub serves: Vec<String>,
    /// Family and given name.
    pub name: (String, String),
    /// `female` or `male`.
    pub gender: &'static str,
}

impl World {
    /// Reads the content and makes places and staff.
    ///
    /// # Errors
    /// [`SynthError::Option`] for options out of range; errors of the content.
    pub fn new(options: &Options) -> Result<World, SynthError> {
        options.check()?;
        let content = Content::of(options.region.as_deref(), &options.diseases)?;
        let end = day_of(options.end_date);
        let (year, month, day) = civil(end);
        let start = from_civil(year - i32::try_from(options.years).unwrap_or(1), month, day) + 1;
        let mut chance = Chance::new(options.seed, 0, Purpose::World);
        let staff = staff(&content, &mut chance);
        let prefix = format!("s{}", options.seed);
        let scenario = options.scenario.as_deref();
        let epidemics = Epidemics::simulate(&content, options.seed, (start, end), scenario)?;
        Ok(World {
            epidemics,
            content,
            seed: options.seed,
            start,
            end,
            staff,
            prefix,
        })
    }

    /// The truth before the first patient: options, window, planted outbreaks.
    #[must_use]
    pub fn truth(&self, options: &Options) -> Truth {
        let outbreaks = self.content.outbreaks.iter().map(|o| OutbreakTruth {
            outbreak: o.id.clone(),
            syndrome: o.syndrome.clone(),
            postal_code: o.area.clone(),
            exposure_date: date_text(exposure_day(o, self.end)),
            weeks: Vec::new(),
            why: o.why.clone(),
            cases: Vec::new(),
        });
        let planted = self.epidemics.outbreaks.iter().map(|p| OutbreakTruth {
            outbreak: p.outbreak.id.clone(),
            syndrome: self.epidemics.syndrome(p).to_owned(),
            postal_code: p.outbreak.area.clone(),
            exposure_date: date_text(p.day),
            why: p.outbreak.why.clone(),
            ..OutbreakTruth::default()
        });
        Truth {
            about: About {
                generator: "salus-synth",
                version: env!("CARGO_PKG_VERSION"),
                patients: options.patients,
                years: options.years,
                seed: options.seed,
                start_date: date_text(self.start),
                end_date: date_text(self.end),
            },
            outbreaks: outbreaks.chain(planted).collect(),
            ..Truth::default()
        }
    }

    /// Length of the window in years.
    #[must_use]
    pub fn years(&self) -> f64 {
        f64::from(self.end - self.start + 1) / YEAR_DAYS
    }

    /// Whether a day lies in the window.
    #[must_use]
    pub fn holds(&self, day: Day) -> bool {
        (self.start..=self.end).contains(&day)
    }

    /// The plant that patient `number` carries: the first that matches. None in a window under two
    /// years: plants reach back that far.
    #[must_use]
    pub fn plant(&self, number: u64) -> Option<&Plant> {
        if self.years() < 1.99 {
            return None;
        }
        self.content.plants.iter().find(|p| p.is_in(number))
    }

    /// The facility of an index.
    #[must_use]
    pub fn facility(&self, index: usize) -> Option<&Facility> {
        self.content.region.facility.get(index)
    }

    /// The plan of an id.
    #[must_use]
    pub fn plan(&self, id: &str) -> Option<&Plan> {
        self.content.coverage.plan.iter().find(|p| p.id == id)
    }

    /// Facilities of a kind with their index, nearest to a point first.
    #[must_use]
    pub fn nearest(&self, kind: FacilityKind, at: (f64, f64)) -> Vec<usize> {
        let mut found: Vec<(usize, f64)> = self
            .content
            .region
            .facility
            .iter()
            .enumerate()
            .filter(|(_, f)| f.kind == kind)
            .map(|(index, f)| (index, distance_km(at, (f.latitude, f.longitude))))
            .collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found.into_iter().map(|(index, _)| index).collect()
    }

    /// A specialist for a referral or an operation, with the facility: one who serves it, else a surgeon.
    pub fn specialist(&self, to: &str, chance: &mut Chance) -> Option<(usize, usize)> {
        let to = to.to_lowercase();
        let serves = |p: &&Practitioner| p.serves.iter().any(|own| to.starts_with(own.as_str()));
        let mut fitting: Vec<&Practitioner> = self.staff.iter().filter(serves).collect();
        if fitting.is_empty() {
            let surgeons = self.staff.iter().filter(|p| p.role == StaffRole::Surgery);
            fitting.extend(surgeons);
        }
        let one = chance.pick(&fitting)?;
        Some((one.facility, one.number))
    }

    /// One of the staff of a facility in a role.
    pub fn someone(&self, facility: usize, role: StaffRole, chance: &mut Chance) -> usize {
        let here: Vec<usize> = self
            .staff
            .iter()
            .filter(|p| p.facility == facility && p.role == role)
            .map(|p| p.number)
            .collect();
        chance.pick(&here).copied().unwrap_or(1)
    }
}

/// Great-circle distance in kilometres (haversine, mean earth radius 6371 km).
#[must_use]
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (d_lat, d_lon) = (lat_b - lat_a, (b.1 - a.1).to_radians());
    let h = (d_lat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (d_lon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

fn staff(content: &Content, chance: &mut Chance) -> Vec<Practitioner> {
    let names = &content.people.names;
    let mut all = Vec::new();
    for (facility, place) in content.region.facility.iter().enumerate() {
        for kind in content
            .region
            .staff
            .iter()
            .filter(|s| s.facility_kind == place.kind)
        {
            for _ in 0..kind.count {
                let female = chance.happens(0.5);
                let given = chance.pick(if female { &names.female } else { &names.male });
                let family = chance.pick(&names.family);
                all.push(Practitioner {
                    number: all.len() + 1,
                    facility,
                    role: kind.role,
                    specialty: (kind.specialty_code.clone(), kind.specialty.clone()),
                    serves: kind.serves.clone(),
                    name: (
                        family.cloned().unwrap_or_default(),
                        given.cloned().unwrap_or_default(),
                    ),
                    gender: if female { "female" } else { "male" },
                });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_about_111_km() {
        assert!((distance_km((40.0, -70.0), (41.0, -70.0)) - 111.2).abs() < 0.2);
    }
}
