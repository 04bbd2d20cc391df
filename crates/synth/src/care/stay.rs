//! Hospital stays and readmissions.

use super::Care;
use crate::agenda::Event;
use crate::calendar::{Day, Moment};
use crate::chart::{EncounterIndex, Procedure, ProcedureCode, Stay};
use crate::content::{Admission, VisitKind};

impl<'w> Care<'w> {
    pub(super) fn stay(
        &mut self,
        at: Moment,
        admission: &'w Admission,
        planned: bool,
        after: Option<EncounterIndex>,
    ) {
        if self.too_soon_after_birth(admission, at.day) {
            return;
        }
        let Some(encounter) = self.open(VisitKind::Inpatient, at, Some(&admission.code)) else {
            return;
        };
        let nights = self.nights(admission);
        let through_emergency = !planned && self.chance.happens(admission.emergency_share);
        let dies = self.chance.happens(self.risk_of_death(admission, at.day));
        let discharge = if dies {
            "exp"
        } else {
            self.discharge(at.day, nights)
        };
        let end = Moment {
            day: at.day + nights,
            minute: self.chance.between(60, 108) * 10,
        };
        // A stay that outlasts the data is still open.
        let running = end.day > self.world.end;
        let last = if running { self.world.end } else { end.day };
        if let Some(visit) = self.chart.encounters.get_mut(encounter) {
            visit.end = if running {
                Moment {
                    day: last,
                    minute: 1439,
                }
            } else {
                end
            };
            visit.open = running;
            visit.secondary = admission.secondary.iter().map(String::as_str).collect();
            visit.stay = Some(Stay {
                admission,
                planned,
                through_emergency,
                readmission_of: after,
                discharge: if running { "" } else { discharge },
            });
        }
        self.busy_until = Some(end);
        self.record_problems(encounter);
        self.diagnose(encounter, &admission.code);
        self.in_hospital(encounter, admission);
        if dies && !running {
            self.chart.person.death = Some(end.day);
        } else if !running {
            self.maybe_readmit(encounter, admission, planned, end);
        }
    }

    /// Nobody gives birth twice within ten months.
    fn too_soon_after_birth(&self, admission: &Admission, day: Day) -> bool {
        let birth = is_birth;
        let mut stays = self.chart.encounters.iter();
        birth(admission)
            && stays.any(|e| {
                e.stay.as_ref().is_some_and(|s| birth(s.admission)) && day - e.start.day < 300
            })
    }

    fn nights(&mut self, admission: &Admission) -> Day {
        #[expect(clippy::cast_possible_truncation, reason = "nights in hospital")]
        let nights = self
            .chance
            .log_normal(admission.days_mean * 0.87, 0.55)
            .round() as Day;
        nights.clamp(1, 30)
    }

    fn risk_of_death(&self, admission: &Admission, day: Day) -> f64 {
        let age = self.chart.person.age(day);
        admission.death * if age >= 80.0 { 0.9 } else { 0.6 }
    }

    /// Home, or a nursing facility for the old after a long stay (FHIR discharge-disposition codes).
    fn discharge(&mut self, day: Day, nights: Day) -> &'static str {
        let age = self.chart.person.age(day);
        if age < 18.0 {
            return "home";
        }
        let nursing = match (age >= 80.0, nights >= 6) {
            (true, true) => 0.55,
            (true, false) => 0.25,
            (false, true) => 0.15,
            (false, false) => 0.03,
        };
        let draw = self.chance.unit();
        if draw < nursing {
            "snf"
        } else if draw < nursing + 0.05 {
            "rehab"
        } else if draw < nursing + 0.06 {
            "aadvice"
        } else {
            "home"
        }
    }

    /// Vital signs, bloods and procedures of the stay.
    fn in_hospital(&mut self, encounter: EncounterIndex, admission: &'w Admission) {
        let septic = matches!(admission.id.as_str(), "sepsis" | "pneumonia");
        let breathless = matches!(
            admission.id.as_str(),
            "copd" | "heart-failure" | "pneumonia"
        );
        if admission.id == "newborn" {
            return;
        }
        self.acute_vitals(encounter, septic, breathless);
        let injured = matches!(
            admission.id.as_str(),
            "sepsis" | "kidney-injury" | "heart-failure"
        );
        let kidney = if injured {
            0.45 + 0.4 * self.chance.unit()
        } else {
            1.0
        };
        let before = self.last.clone();
        let first = if is_birth(admission) {
            "blood-count"
        } else {
            "emergency-bloods"
        };
        if let Some(panel) = self.world.content.panel(first) {
            self.draw_panel(encounter, panel, kidney);
        }
        self.ward_days(encounter, kidney);
        // Values of an acute illness do not stage a chronic disease.
        self.last = before;
        let day = self.start(encounter).day;
        for (code, display) in &admission.procedures {
            let code = ProcedureCode::Pcs(code, display);
            let day = day + self.chance.between(0, 1);
            self.chart.procedures.push(Procedure {
                code,
                day,
                encounter: Some(encounter),
            });
        }
    }

    /// Vital signs every day of a stay, bloods on most; an injured kidney recovers.
    fn ward_days(&mut self, encounter: EncounterIndex, kidney: f64) {
        let Some(visit) = self.chart.encounters.get(encounter) else {
            return;
        };
        let (from, to) = (visit.start, visit.end);
        let birth = visit.stay.as_ref().is_some_and(|s| is_birth(s.admission));
        for day in from.day + 1..=to.day.min(from.day + 9) {
            let minute = 380 + self.chance.between(0, 50);
            let at = Moment { day, minute };
            if at >= to {
                break;
            }
            self.clock = Some(at);
            self.pressure(encounter, 9.0);
            for measure in ["pulse", "temperature", "respiration", "saturation"] {
                self.take_usual(encounter, measure, 0.0);
            }
            let share = f64::from(day - from.day) / 4.0;
            let kidney = (kidney + (1.0 - kidney) * share).min(1.0);
            let panel = self.world.content.panel("ward-bloods").filter(|_| !birth);
            if let Some(panel) = panel
                && self.chance.happens(0.75)
            {
                self.draw_panel(encounter, panel, kidney);
            }
        }
        self.clock = None;
    }

    /// Within 30 days of discharge some come back: chemotherapy as planned, others because they must.
    fn maybe_readmit(
        &mut self,
        encounter: EncounterIndex,
        admission: &'w Admission,
        planned: bool,
        end: Moment,
    ) {
        let cycle = admission.id == "chemotherapy";
        if !self.chance.happens(admission.readmission) {
            return;
        }
        let content = &self.world.content;
        let days = if cycle {
            self.chance.between(14, 22)
        } else {
            self.chance.between(2, 29)
        };
        let again = if cycle || self.chance.happens(0.55) {
            Some(admission)
        } else {
            let causes = [
                "sepsis",
                "pneumonia",
                "urinary",
                "kidney-injury",
                "gi-bleed",
            ];
            let cause = self.chance.pick(&causes).copied();
            content
                .admissions
                .iter()
                .find(|a| Some(a.id.as_str()) == cause)
        };
        let Some(again) = again.filter(|a| cycle || !a.planned && a.id != "delivery") else {
            return;
        };
        let at = Moment {
            day: end.day + days,
            minute: self.chance.between(0, 1439),
        };
        let event = Event::Stay {
            admission: again,
            planned: planned && cycle,
            after: Some(encounter),
        };
        self.agenda.add(at, event);
    }
}

/// Whether a stay is for giving birth.
fn is_birth(admission: &Admission) -> bool {
    matches!(admission.id.as_str(), "delivery" | "cesarean")
}
