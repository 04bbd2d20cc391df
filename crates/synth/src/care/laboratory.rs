//! Values of laboratory tests and lung function: latent value, medicine, noise.

use super::Care;
use crate::calendar::{Day, age_years};
use crate::chance::interpolate;
use crate::chart::{EncounterIndex, Order};
use crate::health::{Taken, creatinine_for, egfr_from};
use crate::json::Fixed;

impl<'w> Care<'w> {
    /// Medicines that are being taken on a day.
    pub(super) fn taken(&self, day: Day) -> Vec<Taken<'w>> {
        let orders = &self.chart.orders;
        let running = orders.iter().filter(|o| o.running(day) && !o.never_filled);
        running
            .map(|o| {
                let same = |p: &&Order<'_>| p.medicine.ingredient == o.medicine.ingredient;
                let first = orders.iter().find(same).map_or(day, |p| p.authored.day);
                Taken {
                    medicine: o.medicine,
                    days: day - first,
                }
            })
            .filter(|taken| !taken.medicine.effect.is_empty())
            .collect()
    }

    /// The latent value of a measure on a day, with medicines and without noise.
    pub(super) fn latent(&self, measure: &str, day: Day, taken: &[Taken<'_>]) -> Option<f64> {
        let measure = self.world.content.measure(measure)?;
        Some(self.health.latent(measure, &self.chart.person, day, taken))
    }

    /// The value as it is measured.
    pub(super) fn measured(&mut self, measure: &str, day: Day, taken: &[Taken<'_>]) -> Option<f64> {
        let known = self.world.content.measure(measure)?;
        let latent = self.health.latent(known, &self.chart.person, day, taken);
        let usual = &known.usual;
        let seen = if usual.log {
            latent * self.chance.log_normal(1.0, usual.within)
        } else {
            latent + self.chance.normal(0.0, usual.within)
        };
        Some(seen.clamp(usual.low, usual.high))
    }

    /// A value of a measure on a day; `kidney` below 1 stands for acute kidney injury.
    pub(super) fn value_of(
        &mut self,
        measure: &str,
        day: Day,
        kidney: f64,
        taken: &[Taken<'_>],
    ) -> Option<f64> {
        match measure {
            "glucose" => Some(self.glucose(day, taken)),
            "creatinine" => Some(self.creatinine(day, kidney, taken)),
            "egfr" => self.egfr(day),
            "urea-nitrogen" => Some(self.measured(measure, day, taken)? / kidney),
            // The red cell indices follow from haemoglobin and cell size.
            "hematocrit" => Some(self.seen("hemoglobin")? * 2.98),
            "erythrocytes" => Some(self.seen("hemoglobin")? * 29.8 / self.cell_size(day)),
            "mcv" => Some(self.cell_size(day)),
            "mch" => Some(self.cell_size(day) * 0.3356),
            "mchc" => Some(33.56 + self.chance.normal(0.0, 0.3)),
            "rdw" => {
                let low = (12.0 - self.seen("hemoglobin")?).max(0.0);
                Some(self.measured(measure, day, taken)? + 1.1 * low)
            }
            // Scores are whole numbers; noise may not lead below nothing.
            _ => self.measured(measure, day, taken),
        }
    }

    fn seen(&self, measure: &str) -> Option<f64> {
        self.last.get(measure).copied()
    }

    /// Mean cell volume: small where iron is lacking.
    fn cell_size(&self, day: Day) -> f64 {
        let usual = self.latent("mcv", day, &[]).unwrap_or(89.0);
        let low = if self.health.has("iron-deficiency", day) {
            13.0
        } else {
            0.0
        };
        usual - low
    }

    /// Average glucose of ADAG (Nathan 2008, Diabetes Care 31:1473), a little lower when fasting.
    fn glucose(&mut self, day: Day, taken: &[Taken<'_>]) -> f64 {
        let hba1c = self.latent("hba1c", day, taken).unwrap_or(5.4);
        let (share, noise) = if self.health.has("diabetes", day) {
            (0.97, 0.18)
        } else {
            (0.92, 0.08)
        };
        let mean = (28.7 * hba1c - 46.7) * share;
        (mean * self.chance.log_normal(1.0, noise)).max(52.0)
    }

    /// The creatinine that gives the latent eGFR; of children, by age (CALIPER, Colantonio 2012).
    fn creatinine(&mut self, day: Day, kidney: f64, taken: &[Taken<'_>]) -> f64 {
        let age = self.chart.person.age(day);
        let noise = self.chance.log_normal(1.0, 0.05);
        if age < 18.0 {
            let typical = interpolate(&[[0.5, 0.25], [5.0, 0.38], [12.0, 0.56], [18.0, 0.82]], age);
            return typical / noise / kidney;
        }
        let latent = self.latent("egfr", day, taken).unwrap_or(90.0);
        let seen = (latent * kidney * noise).clamp(5.0, 135.0);
        let female = self.chart.person.female;
        creatinine_for(seen, self.whole_age(day), female).clamp(0.25, 14.0)
    }

    /// From the creatinine as it was written, so that the two agree. The equation is for adults.
    fn egfr(&self, day: Day) -> Option<f64> {
        let person = &self.chart.person;
        let adult = person.age(day) >= 18.0;
        let creatinine = self.seen("creatinine").filter(|_| adult)?;
        Some(egfr_from(creatinine, self.whole_age(day), person.female))
    }

    fn whole_age(&self, day: Day) -> f64 {
        f64::from(age_years(self.chart.person.birth, day))
    }

    /// The four of a lipid panel belong together by Friedewald's formula (1972).
    pub(super) fn lipids(&mut self, encounter: EncounterIndex, day: Day, taken: &[Taken<'_>]) {
        let mut get = |measure: &str| self.measured(measure, day, taken).unwrap_or(100.0);
        let (ldl, hdl, triglycerides) = (get("ldl"), get("hdl"), get("triglycerides"));
        let total = ldl.round() + hdl.round() + (triglycerides.round() / 5.0);
        self.take(encounter, "cholesterol", total);
        self.take(encounter, "hdl", hdl);
        if triglycerides < 400.0 {
            self.take(encounter, "ldl", ldl);
        }
        self.take(encounter, "triglycerides", triglycerides);
    }

    /// Vital capacity by the linear shape of Hankinson 1999 (AJRCCM 159:179), in litres.
    pub(super) fn spirometry(&mut self, encounter: EncounterIndex, day: Day) {
        let person = &self.chart.person;
        let (age, height) = (person.age(day), person.height_at(person.age(day)));
        let fvc = if person.female {
            0.044 * height - 0.024 * age - 2.6
        } else {
            0.056 * height - 0.026 * age - 3.7
        };
        let share = self.measured("fev1-fvc", day, &[]).unwrap_or(79.0) / 100.0;
        // Air that is trapped is missing from the vital capacity.
        let fvc = fvc * if share < 0.65 { 0.86 } else { 1.0 };
        let fvc = (fvc * self.chance.log_normal(1.0, 0.06)).max(0.9);
        let (fvc, fev1) = (Fixed::round(fvc, 2), Fixed::round(fvc * share, 2));
        self.take(encounter, "fev1", fev1.value());
        self.take(encounter, "fvc", fvc.value());
        self.take(encounter, "fev1-fvc", 100.0 * fev1.value() / fvc.value());
    }
}
