//! Vital signs, laboratory panels, scores: the latent body seen through noise.

use super::Care;
use crate::calendar::Day;
use crate::chance::interpolate;
use crate::chart::{Asked, EncounterIndex, Observation, Report, Request, Value};
use crate::content::{Panel, PlantKind, names};
use crate::health::Taken;
use crate::json::Fixed;
use crate::person::Smoking;

impl<'w> Care<'w> {
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
        let weight = weight + self.weight_beside(day);
        self.take(encounter, "weight", weight);
        let growing = age < 18.0;
        if growing || self.chance.happens(0.3) {
            self.take(encounter, "height", height);
        }
        if age < 2.0 {
            // Shape of the CDC growth charts' median.
            let head = interpolate(
                &[
                    [0.0, 35.0],
                    [0.25, 40.5],
                    [0.5, 43.2],
                    [1.0, 46.2],
                    [2.0, 48.8],
                ],
                age,
            );
            let head = head + self.chance.normal(0.0, 0.6);
            self.take(encounter, "head", head);
        }
        if age >= 2.0 && self.chance.happens(0.75) {
            self.take(encounter, "bmi", weight / (height / 100.0).powi(2));
        }
        if growing || self.chance.happens(0.4) {
            self.take_usual(encounter, "pulse", 0.0);
        }
    }

    /// What a child to come and medicines add to the weight, in kilograms. The heavy gain less.
    fn weight_beside(&self, day: Day) -> f64 {
        let Some(measure) = self.world.content.measure("weight") else {
            return 0.0;
        };
        let person = &self.chart.person;
        let gain = |weeks| interpolate(&measure.usual.pregnancy, weeks);
        let less = interpolate(
            &[[18.0, 1.1], [25.0, 1.0], [30.0, 0.75], [40.0, 0.5]],
            person.bmi,
        );
        let child = person.weeks_pregnant(day).map_or(0.0, gain) * less;
        let taken = self.taken(day);
        let of_weight = |taken: &Taken<'w>| {
            let effects = taken.medicine.effect.iter();
            let own: f64 = effects
                .filter(|e| e.measure == measure.id)
                .map(|e| {
                    e.add * (f64::from(taken.days) / f64::from(e.full_after_days)).clamp(0.0, 1.0)
                })
                .sum();
            own * self.health.adherence
        };
        child + taken.iter().map(of_weight).sum::<f64>()
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
        let heat = if fever {
            self.chance.normal(1.9, 0.45).max(1.3)
        } else {
            0.0
        };
        self.take_usual(encounter, "temperature", heat);
        if age >= 3.0 {
            self.pressure(encounter, 11.0);
        }
        if emergency || self.chance.happens(0.6) {
            self.take_usual(encounter, "pulse", if fever { 18.0 } else { 5.0 });
        }
        if breathless || emergency || self.chance.happens(0.3) {
            let low = match (breathless, emergency) {
                (true, true) => -1.5 - self.chance.exponential(1.4),
                (true, false) => -0.3 - self.chance.exponential(0.6),
                (false, _) => 0.0,
            };
            self.take_usual(encounter, "saturation", low);
        }
        if emergency {
            self.take_usual(encounter, "respiration", if breathless { 4.5 } else { 0.5 });
            if age >= 5.0 {
                self.take_usual(encounter, "pain", if fever { 0.0 } else { 2.0 });
            }
        }
    }

    /// A measure as the person usually has it, and `more`.
    pub(super) fn take_usual(&mut self, encounter: EncounterIndex, measure: &str, more: f64) {
        let day = self.start(encounter).day;
        let taken = self.taken(day);
        if let Some(value) = self.measured(measure, day, &taken) {
            let limits = self.world.content.measure(measure).map(|m| &m.usual);
            let (low, high) = limits.map_or((f64::MIN, f64::MAX), |u| (u.low, u.high));
            self.take(encounter, measure, (value + more).clamp(low, high));
        }
    }

    pub(super) fn pressure(&mut self, encounter: EncounterIndex, noise: f64) {
        let day = self.start(encounter).day;
        let taken = self.taken(day);
        let (Some(systolic), Some(diastolic)) = (
            self.latent("systolic", day, &taken),
            self.latent("diastolic", day, &taken),
        ) else {
            return;
        };
        let shared = self.chance.normal(0.0, noise);
        let systolic = systolic + shared;
        let diastolic = diastolic + 0.45 * shared + self.chance.normal(0.0, 0.5 * noise);
        let mut systolic = Fixed::round(systolic.clamp(70.0, 228.0), 0);
        // By hand, people read round numbers.
        if self.chance.happens(0.12) {
            systolic = Fixed::round((systolic.value() / 10.0).round() * 10.0, 0);
        }
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

    /// A faecal immunochemical test.
    pub(super) fn take_stool_test(&mut self, encounter: EncounterIndex, positive: bool) {
        self.take_presence(encounter, "stool-blood", positive);
    }

    /// A test that finds something or not (SNOMED CT qualifier values).
    pub(super) fn take_presence(&mut self, encounter: EncounterIndex, test: &str, positive: bool) {
        let (code, display) = if positive {
            ("10828004", "Positive (qualifier value)")
        } else {
            ("260385009", "Negative (qualifier value)")
        };
        self.put(encounter, test, Value::Coded(code, display));
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
        let day = self.start(encounter).day;
        let metabolic = self.drawn.get("basic-metabolic") == Some(&day);
        if age >= 40.0 && self.chance.happens(0.5) && !metabolic {
            let panel = if self.chance.happens(0.6) {
                "comprehensive-metabolic"
            } else {
                "basic-metabolic"
            };
            self.due(encounter, panel, 500);
        }
        if age >= 30.0 && self.chance.happens(0.45) {
            self.due(encounter, "blood-count", 600);
        }
        if age >= 40.0 && self.chart.person.bmi >= 27.0 && self.chance.happens(0.35) {
            self.due(encounter, "hba1c", 900);
        }
    }

    /// Panels that the active conditions ask for.
    pub(super) fn labs_due(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        let keeps = 0.5 + 0.45 * self.chart.person.engagement;
        let mut wanted = Vec::new();
        for (active, _) in self.told(day) {
            for lab in &active.disease.lab {
                if names(&lab.state, active.state) && self.chance.happens(keeps) {
                    let panel = self.world.content.panel(&lab.panel);
                    let members = panel.map_or(0, |p| p.members.len());
                    wanted.push((members, lab));
                }
            }
        }
        // A large panel first: it spares the smaller ones that it holds.
        wanted.sort_by_key(|(members, _)| std::cmp::Reverse(*members));
        for (_, lab) in wanted {
            self.due(encounter, &lab.panel, lab.every_days);
        }
        let on_warfarin = self
            .chart
            .orders
            .iter()
            .any(|o| o.medicine.ingredient == "warfarin" && o.running(day));
        if on_warfarin {
            self.due(encounter, "inr", 35);
        }
    }

    pub(super) fn due(&mut self, encounter: EncounterIndex, panel: &str, every_days: i32) {
        let day = self.start(encounter).day;
        let Some(panel) = self.world.content.panel(panel) else {
            return;
        };
        let last = self.last_drawn(panel);
        if last.is_none_or(|last| day - last >= every_days - every_days / 6)
            && !self.skipped(panel, day)
        {
            self.draw_panel(encounter, panel, 1.0);
        }
    }

    /// When a panel, or a larger one that holds it, was drawn last.
    fn last_drawn(&self, panel: &Panel) -> Option<Day> {
        let holds = |id: &str| {
            let other = self.world.content.panel(id);
            other.is_some_and(|o| panel.members.iter().all(|m| o.members.contains(m)))
        };
        let drawn = self.drawn.iter();
        drawn.filter(|(id, _)| holds(id)).map(|(_, day)| *day).max()
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
        let taken = self.taken(day);
        if panel.id == "lipids" {
            self.lipids(encounter, day, &taken);
        } else if panel.id == "spirometry" {
            self.spirometry(encounter, day);
        } else {
            for member in &panel.members {
                let value = self.value_of(member, day, kidney, &taken);
                if let Some(value) = value {
                    self.take(encounter, member, value);
                }
            }
        }
        let count = self.chart.observations.len() - first;
        if panel.report.is_some() {
            let reason = self.chart.encounters.get(encounter).and_then(|e| e.reason);
            self.chart.requests.push(Request {
                asked: Asked::Panel(panel, self.chart.reports.len()),
                encounter,
                reason,
                done: true,
            });
            self.chart.reports.push(Report {
                panel,
                first,
                count,
            });
        }
    }

    /// Writes a number in the measure's digits and remembers it.
    pub(super) fn take(&mut self, encounter: EncounterIndex, id: &str, value: f64) {
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
        let at = self.clock.unwrap_or(at);
        let (undated, unitless) = (
            self.flaws.happens(flaws.observation_without_date),
            self.flaws.happens(flaws.observation_without_unit),
        );
        // What a plant rests on is without flaws.
        let sound = self.chart.person.plant.is_some();
        let other_unit = self.flaws.unit();
        let variant = measure.variant.first().filter(|v| other_unit < v.share);
        self.chart.observations.push(Observation {
            measure,
            at,
            encounter,
            value,
            undated: undated && !sound,
            unitless: unitless && !sound && matches!(value, Value::Number(_)),
            variant: variant.filter(|_| matches!(value, Value::Number(_))),
            mislabelled: false,
            void: false,
            amended: None,
        });
    }
}
