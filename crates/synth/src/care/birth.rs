//! Pregnancy, birth and being born.

use super::Care;
use crate::calendar::{Day, Moment};
use crate::chart::{EncounterIndex, Vaccination, Vaccine};
use crate::content::VisitKind;

/// ICD-10-CM: supervision of normal pregnancy by trimester.
const TRIMESTERS: [&str; 3] = ["Z34.91", "Z34.92", "Z34.93"];

impl<'w> Care<'w> {
    /// A visit in pregnancy: the code of the trimester, pressure and weight, and what is due in the week.
    pub(super) fn prenatal(&mut self, at: Moment, week: i32, due: Day) {
        let trimester = usize::from(week >= 14) + usize::from(week >= 28);
        let code = TRIMESTERS.get(trimester).copied().unwrap_or("Z34.90");
        let Some(encounter) = self.open(VisitKind::Prenatal, at, Some(code)) else {
            return;
        };
        self.record_problems(encounter);
        self.stop_for_pregnancy(encounter);
        self.expecting(encounter, code, due);
        self.vitals(encounter);
        match week {
            8 | 12 => {
                self.due(encounter, "blood-count", 200);
                self.due(encounter, "urinalysis", 60);
                if week == 8 {
                    self.take_presence(encounter, "hepatitis-b-antigen", false);
                }
            }
            20 => {
                self.due(encounter, "urinalysis", 60);
                self.study(encounter, "fetal-ultrasound");
            }
            24 | 28 => self.sugar_challenge(encounter, due),
            _ => self.due(encounter, "urinalysis", 60),
        }
        self.vaccinate(encounter);
    }

    /// The pregnancy on the list of diagnoses, once, until the birth.
    fn expecting(&mut self, encounter: EncounterIndex, code: &'w str, due: Day) {
        let known =
            |p: &crate::chart::Problem<'_>| TRIMESTERS.contains(&p.code) && p.recorded > due - 280;
        if self.chart.problems.iter().any(known) {
            return;
        }
        self.diagnose(encounter, code);
        if let Some(problem) = self.chart.problems.last_mut() {
            problem.abatement = (due <= self.world.end).then_some(due);
        }
    }

    /// One-hour glucose challenge; above 140 mg/dL a third have gestational diabetes (ACOG 190).
    fn sugar_challenge(&mut self, encounter: EncounterIndex, due: Day) {
        self.due(encounter, "glucose-challenge", 200);
        let value = self.last.get("glucose-challenge").copied();
        let already = self
            .chart
            .problems
            .iter()
            .any(|p| p.code == "O24.410" && p.recorded > due - 280);
        if value.is_some_and(|v| v >= 140.0) && !already && self.chance.happens(0.4) {
            self.diagnose(encounter, "O24.410");
            if let Some(problem) = self.chart.problems.last_mut() {
                problem.abatement = (due <= self.world.end).then_some(due);
            }
            self.refer_to(encounter, "diabetes self-management education", "O24.410");
        }
    }

    /// Six weeks after birth: pressure, mood, haemoglobin.
    pub(super) fn postpartum(&mut self, at: Moment) {
        let Some(encounter) = self.open(VisitKind::FollowUp, at, Some("Z39.2")) else {
            return;
        };
        self.record_problems(encounter);
        self.vitals(encounter);
        self.due(encounter, "phq9", 60);
        if self.chance.happens(0.4) {
            self.due(encounter, "blood-count", 60);
        }
        self.treat(encounter);
    }

    /// Born in hospital: a stay of two days, weight and length, the first vaccine.
    pub(super) fn newborn(&mut self, at: Moment) {
        let Some(admission) = self.world.content.admission("newborn") else {
            return;
        };
        let before = self.chart.encounters.len();
        self.stay(at, admission, false, None);
        if self.chart.encounters.len() == before {
            return;
        }
        self.take_size(before);
        let schedule = self.world.content.prevention.immunization.iter();
        let first = schedule.into_iter().find(|v| v.cvx == "08");
        let accepted = self.prevention.accepts_first(first);
        if let (Some(vaccine), true) = (first, accepted) {
            self.chart.immunizations.push(Vaccination {
                vaccine: Vaccine::Scheduled(vaccine),
                at: at.plus_minutes(300),
                encounter: before,
            });
        }
    }

    fn take_size(&mut self, encounter: EncounterIndex) {
        let weight = self.chance.normal(3.3, 0.5).clamp(1.4, 5.2);
        self.take(encounter, "weight", weight);
        let length = self.chance.normal(50.0, 2.2);
        self.take(encounter, "height", length);
        let head = self.chance.normal(34.5, 1.3);
        self.take(encounter, "head", head);
    }
}
