//! Visits: wellness, follow-up, acute illness, outbreak cases, planted visits.

use super::Care;
use crate::calendar::{Day, Moment};
use crate::chart::EncounterIndex;
use crate::content::{Illness, Occasion, Order, OrderStatus, Outbreak, Panel, VisitKind};
use crate::epidemic::{Infection, Severity};

impl<'w> Care<'w> {
    pub(super) fn wellness(&mut self, at: Moment) {
        let age = self.chart.person.age(at.day);
        let kind = if age < 18.0 {
            VisitKind::ChildWellness
        } else {
            VisitKind::AdultWellness
        };
        let Some(encounter) = self.open(kind, at, None) else {
            return;
        };
        self.record_problems(encounter);
        self.vitals(encounter);
        self.labs_due(encounter);
        if age >= 18.0 {
            self.take_smoking(encounter);
            self.adult_screening(encounter, age);
            self.screen_cancers(encounter, age);
        }
        self.treat(encounter);
        self.vaccinate(encounter);
        self.screen_colorectal(encounter);
        if age >= 18.0 {
            self.needless(encounter, Occasion::Wellness);
        }
    }

    pub(super) fn follow_up(&mut self, at: Moment) {
        let Some(reason) = self.follow_up_reason(at.day) else {
            return;
        };
        let remote = self.chance.happens(0.18);
        let kind = if remote {
            VisitKind::Telehealth
        } else {
            VisitKind::FollowUp
        };
        let Some(encounter) = self.open(kind, at, Some(reason)) else {
            return;
        };
        self.record_problems(encounter);
        if !remote {
            self.vitals(encounter);
            self.labs_due(encounter);
            self.vaccinate(encounter);
        }
        self.treat(encounter);
        self.screen_colorectal(encounter);
        let age = self.chart.person.age(at.day);
        if age >= 18.0 && !remote {
            self.screen_women(encounter, 0.6, age);
        }
    }

    /// The code of one of the diseases that are followed up.
    fn follow_up_reason(&mut self, day: Day) -> Option<&'w str> {
        let told = self.told(day).into_iter();
        let followed = told.filter(|(active, _)| active.state.visit_every_days > 0);
        // What must be seen often is what people come for.
        let weighted: Vec<(&'w str, f64)> = followed
            .map(|(active, code)| (code, f64::from(active.state.visit_every_days).powi(-2)))
            .collect();
        let chosen = self.chance.weighted(&weighted, |(_, weight)| *weight);
        chosen.map(|(code, _)| *code)
    }

    pub(super) fn illness(&mut self, at: Moment, illness: &'w Illness, place: VisitKind) {
        let code = self.chance.weighted(&illness.codes, |(_, weight)| *weight);
        let Some((code, _)) = code else { return };
        let Some(encounter) = self.acute(at, code, place, illness.acuity) else {
            return;
        };
        let fitting: Vec<&str> = illness.complaints_of(code).collect();
        let complaint = self.chance.pick(&fitting).copied();
        self.complains(encounter, complaint);
        let feverish = self.chance.happens(illness.fever_share);
        self.acute_vitals(encounter, feverish, illness.syndrome == "respiratory");
        if place == VisitKind::Emergency && self.chance.happens(0.45) {
            self.panel_by_id(encounter, "emergency-bloods");
        }
        self.look(encounter, illness, code);
        if self.chance.happens(illness.medicine_share_for(code)) {
            self.prescribe_acute(encounter, &illness.medicines);
        }
        self.needless(encounter, Occasion::Illness);
    }

    /// What the patient says, as it is typed at the desk: sometimes in capitals, sometimes mistyped.
    fn complains(&mut self, encounter: EncounterIndex, complaint: Option<&str>) {
        let (capitals, mistyped) = (self.chance.happens(0.25), self.chance.happens(0.06));
        let at = self.chance.between(1, 12);
        let Some(mut text) = complaint.map(str::to_owned) else {
            return;
        };
        if capitals {
            text = text.to_uppercase();
        }
        if mistyped {
            let mut letters: Vec<char> = text.chars().collect();
            let at = usize::try_from(at)
                .unwrap_or(1)
                .min(letters.len().max(2) - 2);
            if at + 1 < letters.len() {
                letters.swap(at, at + 1);
            }
            let swapped: String = letters.into_iter().collect();
            text = swapped.trim().to_owned();
        }
        if let Some(visit) = self.chart.encounters.get_mut(encounter) {
            visit.complaint = Some(text);
        }
    }

    /// A case of what goes around.
    pub(super) fn infection(&mut self, at: Moment, infection: Infection, place: VisitKind) {
        let Some(pathogen) = self.world.epidemics.pathogens.get(infection.pathogen) else {
            return;
        };
        if self.spared_by_vaccine(infection.exposed, pathogen.course.vaccine_effect) {
            let mut cases = self.chart.infections.iter_mut();
            if let Some((case, _)) = cases.find(|(case, _)| *case == infection) {
                case.severity = Severity::Home;
            }
            return;
        }
        // Bronchiolitis is a disease of the first two years.
        let infant = self.chart.person.age(at.day) < 2.5;
        let code = self.chance.weighted(&pathogen.codes, |(code, weight)| {
            if code.starts_with("J21") && !infant {
                0.0
            } else {
                *weight
            }
        });
        let Some((code, _)) = code else { return };
        let content = &self.world.content;
        let admission = pathogen
            .admission
            .as_deref()
            .and_then(|id| content.admission(id));
        let encounter = match (place, admission) {
            (VisitKind::Inpatient, Some(admission)) => {
                let before = self.chart.encounters.len();
                self.stay(at, admission, false, None);
                let Some(visit) = self.chart.encounters.get_mut(before) else {
                    return;
                };
                visit.secondary.push(code);
                before
            }
            (VisitKind::Inpatient, None) => return,
            _ => match self.acute(at, code, place, pathogen.acuity) {
                Some(encounter) => encounter,
                None => return,
            },
        };
        let complaint = pathogen.complaints.get(infection.complaint);
        self.complains(encounter, complaint.map(|(text, _)| text.as_str()));
        let case = self
            .chart
            .infections
            .iter_mut()
            .find(|(i, _)| *i == infection);
        if let Some((_, seen)) = case {
            *seen = Some(encounter);
        }
        if place != VisitKind::Inpatient {
            let feverish = self.chance.happens(pathogen.fever_share);
            self.acute_vitals(encounter, feverish, pathogen.syndrome == "respiratory");
            if self.chance.happens(pathogen.medicine_share) {
                self.prescribe_acute(encounter, &pathogen.medicines);
            }
        }
        if let Some((test, share)) = &pathogen.test
            && self.chance.happens(*share)
        {
            self.test_for(encounter, test);
        }
    }

    /// A rapid test misses one in five (sensitivity about 80 %); what it misses a test for RNA finds.
    fn test_for(&mut self, encounter: EncounterIndex, test: &str) {
        let rapid = test.strip_suffix("-antigen");
        let positive = rapid.is_none() || self.chance.happens(0.82);
        self.take_presence(encounter, test, positive);
        if let (Some(agent), false) = (rapid, positive) {
            self.take_presence(encounter, &format!("{agent}-rna"), true);
        }
    }

    pub(super) fn outbreak(&mut self, at: Moment, outbreak: &'w Outbreak, place: VisitKind) {
        let code = self.chance.weighted(&outbreak.codes, |(_, weight)| *weight);
        let Some((code, _)) = code else { return };
        let Some(encounter) = self.acute(at, code, place, [0.45, 0.5, 0.05]) else {
            return;
        };
        let complaint = self
            .chance
            .pick(&["vomiting", "N/V/D", "stomach cramps, diarrhea"]);
        self.complains(encounter, complaint.copied());
        let feverish = self.chance.happens(0.3);
        self.acute_vitals(encounter, feverish, false);
        self.chart.outbreak_cases.push((encounter, &outbreak.id));
    }

    fn acute(
        &mut self,
        at: Moment,
        code: &'w str,
        place: VisitKind,
        acuity: [f64; 3],
    ) -> Option<EncounterIndex> {
        let encounter = self.open(place, at, Some(code))?;
        let level = self.chance.weighted_index(acuity.into_iter()).unwrap_or(0);
        if let Some(visit) = self.chart.encounters.get_mut(encounter) {
            visit.level = 3 + u8::try_from(level).unwrap_or(0);
        }
        self.record_problems(encounter);
        self.diagnose(encounter, code);
        Some(encounter)
    }

    /// A visit that exists for a plant: its reason, the order, and what the plant needs measured.
    pub(super) fn planted(&mut self, at: Moment, order: Option<&'w Order>) {
        let Some(plant) = self.chart.person.plant else {
            return;
        };
        let own = order.and_then(|o| o.reason.as_deref());
        let reason = own.or(plant.make.reason.as_deref());
        let fallback = self.follow_up_reason(at.day).unwrap_or("Z00.00");
        let kind = if order.is_some() || reason.is_none() {
            VisitKind::FollowUp
        } else {
            VisitKind::Problem
        };
        let reason = reason.unwrap_or(fallback);
        let Some(encounter) = self.open(kind, at, Some(reason)) else {
            return;
        };
        if let (Some(order), Some(visit)) = (order, self.chart.encounters.get_mut(encounter)) {
            visit.duplicate = order.on_duplicate;
        }
        self.record_problems(encounter);
        if own.is_some() || plant.make.reason.is_some() {
            self.diagnose(encounter, reason);
        }
        self.vitals(encounter);
        if plant.make.egfr.is_some() {
            self.panel_by_id(encounter, "basic-metabolic");
        } else {
            self.labs_due(encounter);
        }
        if let Some(order) = order {
            self.order_planted(encounter, order);
        }
    }

    fn order_planted(&mut self, encounter: EncounterIndex, order: &'w Order) {
        let Some(medicine) = self.world.content.medicine(&order.medicine) else {
            return;
        };
        let supply = order.supply_days.unwrap_or(medicine.days);
        let reason = self.chart.encounters.get(encounter).and_then(|e| e.reason);
        self.write_order(encounter, medicine, supply, None, reason);
        if let Some(written) = self.chart.orders.last_mut() {
            written.planted = true;
            written.status = order.status;
            if order.status == OrderStatus::Stopped {
                written.stopped = Some(written.authored.day + supply);
            }
        }
    }

    fn panel_by_id(&mut self, encounter: EncounterIndex, id: &str) {
        let panel: Option<&'w Panel> = self.world.content.panel(id);
        if let Some(panel) = panel {
            self.draw_panel(encounter, panel, 1.0);
        }
    }
}
