//! Vital signs, laboratory panels, scores: the latent body seen through noise.

use super::Care;
use crate::calendar::Day;
use crate::chart::{EncounterIndex, Observation, Report, Value};
use crate::content::{Panel, PlantKind};
use crate::health::{creatinine_for, egfr_from};
use crate::json::Fixed;
use crate::person::Smoking;

impl<'w> Care<'w, '_> {
    /// Blood pressure, weight and what goes with them at a planned visit.
    pub(super) fn vitals(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        let age = self.chart.person.age(day);
        if age >= 3.0 {
            self.pressure(encounter, 8.0);
        }
        // A slow drift of weight, and the scale's noise.
        let drift = 1.0 + 0.02 * (f64::from(day) / 211.0 + self.chart.person.bmi).sin();
        let bmi = self.chart.person.bmi_at(age) * drift;
        let height = self.chart.person.height_at(age).max(44.0);
        let weight = bmi * (height / 100.0).powi(2) + self.chance.normal(0.0, 0.25);
        self.take(encounter, "weight", weight);
        let growing = age < 18.0;
        if growing || self.chance.happens(0.3) {
            self.take(encounter, "height", height);
        }
        if age >= 2.0 && self.chance.happens(0.75) {
            self.take(encounter, "bmi", weight / (height / 100.0).powi(2));
        }
        if growing || self.chance.happens(0.4) {
            let pulse = 72.0 + (18.0 - age).max(0.0) * 2.4;
            let pulse = self.chance.normal(pulse, 9.0);
            self.take(encounter, "pulse", pulse);
        }
    }

    /// Vital signs in acute illness.
    pub(super) fn acute_vitals(
        &mut self,
        encounter: EncounterIndex,
        fever: bool,
        breathless: bool,
    ) {
        let Some(visit) = self.chart.encounters.get(encounter) else {
            return;
        };
        if visit.visit.class == "VR" {
            return;
        }
        let emergency = visit.visit.class != "AMB";
        let day = visit.start.day;
        let age = self.chart.person.age(day);
        let temperature = if fever {
            self.chance.normal(38.6, 0.45).max(38.0)
        } else {
            self.chance.normal(36.8, 0.25)
        };
        self.take(encounter, "temperature", temperature);
        if age >= 3.0 {
            self.pressure(encounter, 11.0);
        }
        if emergency || self.chance.happens(0.4) {
            let fast = if fever { 16.0 } else { 4.0 };
            let pulse = self
                .chance
                .normal(74.0 + (18.0 - age).max(0.0) * 2.6 + fast, 11.0);
            self.take(encounter, "pulse", pulse);
        }
        if breathless || emergency {
            let low = if breathless { 2.0 } else { 0.0 };
            let saturation = (97.6 - low - self.chance.normal(0.0, 1.3).abs()).max(78.0);
            self.take(encounter, "saturation", saturation);
        }
        if emergency {
            let rate = 16.0 + (12.0 - age).max(0.0) * 1.1 + if breathless { 4.0 } else { 0.0 };
            let rate = self.chance.normal(rate, 2.0);
            self.take(encounter, "respiration", rate.max(8.0));
        }
    }

    fn pressure(&mut self, encounter: EncounterIndex, noise: f64) {
        let day = self.start(encounter).day;
        let medicines = self.level("hypertension", day);
        let person = &self.chart.person;
        let systolic = self.health.systolic(person, day, medicines);
        let diastolic = self.health.diastolic(person, day, medicines);
        let shared = self.chance.normal(0.0, noise);
        let systolic = systolic + shared;
        let diastolic = diastolic + 0.45 * shared + self.chance.normal(0.0, 0.5 * noise);
        let systolic = Fixed::round(systolic.clamp(70.0, 228.0), 0);
        let most = systolic.value() - 18.0;
        let diastolic = Fixed::round(diastolic.clamp(38.0, 128.0).min(most), 0);
        self.last.insert("systolic", systolic.value());
        self.last.insert("diastolic", diastolic.value());
        let value = Value::Pressure(systolic.units, diastolic.units);
        self.put(encounter, "blood-pressure", value);
    }

    /// Tobacco smoking status (SNOMED CT, as US Core's value set names it).
    pub(super) fn take_smoking(&mut self, encounter: EncounterIndex) {
        let (code, display) = match self.chart.person.smoking {
            Smoking::Never => ("266919005", "Never smoked tobacco"),
            Smoking::Former => ("8517006", "Ex-smoker"),
            Smoking::Current => ("449868002", "Current every day smoker"),
        };
        self.put(encounter, "smoking", Value::Coded(code, display));
    }

    /// A faecal immunochemical test (SNOMED CT qualifier values).
    pub(super) fn take_stool_test(&mut self, encounter: EncounterIndex, positive: bool) {
        let (code, display) = if positive {
            ("10828004", "Positive (qualifier value)")
        } else {
            ("260385009", "Negative (qualifier value)")
        };
        self.put(encounter, "stool-blood", Value::Coded(code, display));
    }

    /// Lipids, sugar and mood of adults without the condition, at wellness visits.
    pub(super) fn adult_screening(&mut self, encounter: EncounterIndex, age: f64) {
        let screening = &self.world.content.prevention.depression_screening;
        let mood = self.chance.happens(screening.share);
        if mood && age >= f64::from(screening.from_age) {
            self.due(encounter, "phq9", 300);
        }
        if age >= 40.0 && self.chance.happens(0.6) {
            self.due(encounter, "lipids", 700);
        }
        if age >= 40.0 && self.chance.happens(0.5) {
            self.due(encounter, "basic-metabolic", 500);
        }
        if age >= 40.0 && self.chart.person.bmi >= 27.0 && self.chance.happens(0.35) {
            self.due(encounter, "hba1c", 900);
        }
    }

    /// Panels that the active conditions ask for.
    pub(super) fn labs_due(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        let keeps = 0.5 + 0.45 * self.chart.person.engagement;
        let health = self.health;
        for episode in health.episodes.iter().filter(|e| e.active(day)) {
            for lab in &episode.condition.lab {
                if self.chance.happens(keeps) {
                    self.due(encounter, &lab.measure, lab.every_days);
                }
            }
        }
        let on_warfarin = self
            .chart
            .orders
            .iter()
            .any(|o| o.medicine.id == "warfarin-5" && o.running(day));
        if on_warfarin {
            self.due(encounter, "inr", 30);
        }
    }

    fn due(&mut self, encounter: EncounterIndex, panel: &str, every_days: i32) {
        let day = self.start(encounter).day;
        let Some(panel) = self.world.content.panel(panel) else {
            return;
        };
        let last = self.drawn.get(panel.id.as_str());
        if last.is_none_or(|last| day - last >= every_days - every_days / 6)
            && !self.skipped(panel, day)
        {
            self.draw_panel(encounter, panel, 1.0);
        }
    }

    /// Whether a plant says that this panel was not drawn.
    fn skipped(&self, panel: &Panel, day: Day) -> bool {
        let Some(plant) = self
            .chart
            .person
            .plant
            .filter(|p| p.kind == PlantKind::CareGap)
        else {
            return false;
        };
        let days = plant.make.skip_days.unwrap_or(0);
        plant.make.skip_panel.as_deref() == Some(panel.id.as_str()) && day > self.world.end - days
    }

    /// Draws all members; `kidney` below 1 stands for acute injury.
    pub(super) fn draw_panel(&mut self, encounter: EncounterIndex, panel: &'w Panel, kidney: f64) {
        let day = self.start(encounter).day;
        self.drawn.insert(&panel.id, day);
        let first = self.chart.observations.len();
        if panel.id == "lipids" {
            self.lipids(encounter, day);
        } else if panel.id == "spirometry" {
            self.spirometry(encounter, day);
        } else {
            for member in &panel.members {
                let value = self.value_of(member, day, kidney);
                if let Some(value) = value {
                    self.take(encounter, member, value);
                }
            }
        }
        let count = self.chart.observations.len() - first;
        if panel.report.is_some() {
            self.chart.reports.push(Report {
                panel,
                first,
                count,
            });
        }
    }

    fn value_of(&mut self, measure: &str, day: Day, kidney: f64) -> Option<f64> {
        let person = &self.chart.person;
        let diabetic = self.health.has("diabetes", day);
        Some(match measure {
            "hba1c" => {
                let level = self.level("diabetes", day);
                (self.health.hba1c(day, level) + self.chance.normal(0.0, 0.25)).clamp(4.2, 15.5)
            }
            "glucose" => {
                let hba1c = self.health.hba1c(day, self.level("diabetes", day));
                // Average glucose of ADAG (Nathan 2008), a little lower when fasting.
                let mean = (28.7 * hba1c - 46.7) * if diabetic { 0.97 } else { 0.92 };
                (mean
                    * self
                        .chance
                        .log_normal(1.0, if diabetic { 0.18 } else { 0.08 }))
                .max(52.0)
            }
            "creatinine" => {
                let latent = self.health.egfr(person, day) * kidney;
                let seen = (latent * self.chance.log_normal(1.0, 0.05)).clamp(5.0, 135.0);
                creatinine_for(seen, self.adult_age(day), self.chart.person.female)
                    .clamp(0.25, 14.0)
            }
            "egfr" => {
                if self.chart.person.age(day) < 18.0 {
                    return None;
                }
                let creatinine = self.last.get("creatinine").copied()?;
                egfr_from(creatinine, self.adult_age(day), self.chart.person.female)
            }
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
                (self.health.albuminuria(day) * self.chance.log_normal(1.0, 0.3)).clamp(2.0, 4500.0)
            }
            "phq9" => {
                let treated = self.treated_days("depression", day);
                let latent = self.health.phq9(day, treated);
                (latent + self.chance.normal(0.0, 1.4)).clamp(0.0, 27.0)
            }
            "hemoglobin" => {
                let egfr = self.health.egfr(person, day);
                let low = ((45.0 - egfr) * 0.07).max(0.0);
                let mean = if person.female { 13.4 } else { 14.9 };
                self.chance.normal(mean - low, 1.0).clamp(5.5, 18.5)
            }
            "leukocytes" => self.chance.log_normal(8.4, 0.32),
            "inr" => self.chance.normal(2.45, 0.55).clamp(0.9, 6.5),
            "nt-probnp" => self.chance.log_normal(950.0, 0.9).min(35_000.0),
            "ejection-fraction" => self.ejection_fraction(),
            "tsh" => self.chance.log_normal(2.3, 0.55),
            _ => return None,
        })
    }

    /// The equation is for adults; children get the value of an 18-year-old's formula scaled by size.
    fn adult_age(&self, day: Day) -> f64 {
        f64::from(crate::calendar::age_years(self.chart.person.birth, day)).max(18.0)
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

    fn lipids(&mut self, encounter: EncounterIndex, day: Day) {
        let statin = self
            .chart
            .orders
            .iter()
            .any(|o| o.medicine.class.as_deref() == Some("statin") && o.running(day));
        let ldl = (self.health.ldl(day, statin) * self.chance.log_normal(1.0, 0.08)).max(25.0);
        let hdl = (self.health.hdl() * self.chance.log_normal(1.0, 0.06)).max(18.0);
        let triglycerides =
            (self.health.triglycerides() * self.chance.log_normal(1.0, 0.2)).clamp(35.0, 900.0);
        // Friedewald 1972: the three and the total belong together.
        let total = ldl.round() + hdl.round() + (triglycerides.round() / 5.0);
        self.take(encounter, "cholesterol", total);
        self.take(encounter, "hdl", hdl);
        if triglycerides < 400.0 {
            self.take(encounter, "ldl", ldl);
        }
        self.take(encounter, "triglycerides", triglycerides);
    }

    fn spirometry(&mut self, encounter: EncounterIndex, day: Day) {
        let person = &self.chart.person;
        let (age, height) = (person.age(day), person.height_at(person.age(day)));
        // Linear shape of Hankinson 1999 for adults, in litres.
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

    /// Writes a number in the measure's digits and remembers it.
    fn take(&mut self, encounter: EncounterIndex, id: &str, value: f64) {
        let Some(measure) = self.world.content.measure(id) else {
            return;
        };
        let fixed = Fixed::round(value, measure.digits);
        self.last.insert(&measure.id, fixed.value());
        self.put(encounter, id, Value::Number(fixed));
    }

    fn put(&mut self, encounter: EncounterIndex, id: &str, value: Value) {
        let Some(measure) = self.world.content.measure(id) else {
            return;
        };
        let flaws = &self.world.content.visits.flaws;
        let at = self.start(encounter).plus_minutes(6);
        let (undated, unitless) = (
            self.flaws.happens(flaws.observation_without_date),
            self.flaws.happens(flaws.observation_without_unit),
        );
        // What a plant rests on is without flaws.
        let sound = self.chart.person.plant.is_some();
        self.chart.observations.push(Observation {
            measure,
            at,
            encounter,
            value,
            undated: undated && !sound,
            unitless: unitless && !sound && matches!(value, Value::Number(_)),
        });
    }
}
