//! Values of laboratory tests and lung function: latent value, medicine, noise.

use super::Care;
use crate::calendar::{Day, age_years};
use crate::chance::interpolate;
use crate::chart::EncounterIndex;
use crate::health::{creatinine_for, egfr_from};
use crate::json::Fixed;

impl Care<'_, '_> {
    /// A value of a measure on a day; `kidney` below 1 stands for acute kidney injury.
    pub(super) fn value_of(&mut self, measure: &str, day: Day, kidney: f64) -> Option<f64> {
        Some(match measure {
            "hba1c" => {
                let level = self.level("diabetes", day);
                (self.health.hba1c(day, level) + self.chance.normal(0.0, 0.25)).clamp(4.2, 15.5)
            }
            "glucose" => self.glucose(day),
            "creatinine" => self.creatinine(day, kidney),
            "egfr" => self.egfr(day)?,
            "potassium" => {
                let high = if self.health.has("ckd", day) {
                    0.35
                } else {
                    0.0
                };
                self.chance.normal(4.2 + high, 0.35).clamp(2.6, 6.8)
            }
            "sodium" => self.chance.normal(139.5, 2.4),
            "uacr" => {
                let latent = self.health.albuminuria(day);
                (latent * self.chance.log_normal(1.0, 0.3)).clamp(2.0, 4500.0)
            }
            "phq9" => {
                let treated = self.treated_days("depression", day);
                let latent = self.health.phq9(day, treated);
                (latent + self.chance.normal(0.0, 1.4)).clamp(0.0, 27.0)
            }
            "hemoglobin" => self.hemoglobin(day),
            "leukocytes" => self.chance.log_normal(8.4, 0.32),
            "inr" => self.chance.normal(2.45, 0.55).clamp(0.9, 6.5),
            "nt-probnp" => self.chance.log_normal(950.0, 0.9).min(35_000.0),
            "ejection-fraction" => self.ejection_fraction(),
            "tsh" => self.chance.log_normal(2.3, 0.55),
            _ => return None,
        })
    }

    /// Average glucose of ADAG (Nathan 2008, Diabetes Care 31:1473), a little lower when fasting.
    fn glucose(&mut self, day: Day) -> f64 {
        let hba1c = self.health.hba1c(day, self.level("diabetes", day));
        let (share, noise) = if self.health.has("diabetes", day) {
            (0.97, 0.18)
        } else {
            (0.92, 0.08)
        };
        let mean = (28.7 * hba1c - 46.7) * share;
        (mean * self.chance.log_normal(1.0, noise)).max(52.0)
    }

    /// The creatinine that gives the latent eGFR; of children, by age (CALIPER, Colantonio 2012).
    fn creatinine(&mut self, day: Day, kidney: f64) -> f64 {
        let person = &self.chart.person;
        let age = person.age(day);
        let noise = self.chance.log_normal(1.0, 0.05);
        if age < 18.0 {
            let typical = interpolate(&[[0.5, 0.25], [5.0, 0.38], [12.0, 0.56], [18.0, 0.82]], age);
            return typical / noise / kidney;
        }
        let seen = (self.health.egfr(person, day) * kidney * noise).clamp(5.0, 135.0);
        creatinine_for(seen, self.whole_age(day), person.female).clamp(0.25, 14.0)
    }

    /// From the creatinine as it was written, so that the two agree. The equation is for adults.
    fn egfr(&self, day: Day) -> Option<f64> {
        let person = &self.chart.person;
        let creatinine = self
            .last
            .get("creatinine")
            .filter(|_| person.age(day) >= 18.0)?;
        Some(egfr_from(*creatinine, self.whole_age(day), person.female))
    }

    fn whole_age(&self, day: Day) -> f64 {
        f64::from(age_years(self.chart.person.birth, day))
    }

    /// Lower in children and women, and where the kidney fails.
    fn hemoglobin(&mut self, day: Day) -> f64 {
        let person = &self.chart.person;
        let low = ((45.0 - self.health.egfr(person, day)) * 0.07).max(0.0);
        let adult = if person.female { 13.4 } else { 14.9 };
        let mean = interpolate(
            &[[0.5, 11.6], [6.0, 12.6], [12.0, 13.3], [18.0, adult]],
            person.age(day),
        );
        self.chance.normal(mean - low, 1.0).clamp(5.5, 18.5)
    }

    /// Reduced or preserved, by the code of the heart failure.
    fn ejection_fraction(&mut self) -> f64 {
        let failure = self
            .health
            .episodes
            .iter()
            .find(|e| e.condition.id == "heart-failure");
        let reduced = failure.is_some_and(|e| e.code == "I50.22");
        let mean = if reduced { 33.0 } else { 57.0 };
        self.chance.normal(mean, 6.0).clamp(12.0, 72.0)
    }

    /// The four of a lipid panel belong together by Friedewald's formula (1972).
    pub(super) fn lipids(&mut self, encounter: EncounterIndex, day: Day) {
        let statin = |o: &crate::chart::Order<'_>| o.medicine.class.as_deref() == Some("statin");
        let on_statin = self
            .chart
            .orders
            .iter()
            .any(|o| statin(o) && o.running(day));
        let ldl = (self.health.ldl(day, on_statin) * self.chance.log_normal(1.0, 0.08)).max(25.0);
        let hdl = (self.health.hdl() * self.chance.log_normal(1.0, 0.06)).max(18.0);
        let triglycerides =
            (self.health.triglycerides() * self.chance.log_normal(1.0, 0.2)).clamp(35.0, 900.0);
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
        let copd = self.health.has("copd", day);
        let fvc = fvc * if copd { 0.86 } else { 1.0 };
        let fvc = (fvc * self.chance.log_normal(1.0, 0.06)).max(0.9);
        let share = self.health.fev1_fvc(day) + self.chance.normal(0.0, 0.015);
        let (fvc, fev1) = (Fixed::round(fvc, 2), Fixed::round(fvc * share, 2));
        self.take(encounter, "fev1", fev1.value());
        self.take(encounter, "fvc", fvc.value());
        self.take(encounter, "fev1-fvc", 100.0 * fev1.value() / fvc.value());
    }
}
