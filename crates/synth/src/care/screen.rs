//! Screening for cancer other than of the colon.

use super::Care;
use crate::agenda::Event;
use crate::calendar::Moment;
use crate::chart::EncounterIndex;
use crate::content::VisitKind;

/// Chance that mammography is done at a visit when it is due: calibrated so that about 76 % of women of 50–74 have
/// one within two years (NHIS 2021).
const MAMMOGRAPHY: f64 = 0.95;
/// The same for cervical cytology: calibrated to 73 % up to date (NHIS 2021).
const CYTOLOGY: f64 = 0.80;
/// PSA test within a year, men of 55–69: about a third (NHIS 2018).
const PSA: f64 = 0.36;

impl<'w> Care<'w> {
    /// Mammography, cervical cytology and PSA when they are due.
    pub(super) fn screen_cancers(&mut self, encounter: EncounterIndex, age: f64) {
        if self.chart.person.plant.is_some() {
            return;
        }
        if self.chart.person.female {
            self.screen_women(encounter, 1.0, age);
        } else if (55.0..70.0).contains(&age) && self.chance.happens(PSA) {
            self.due(encounter, "psa", 330);
            let raised = self.last.get("psa").is_some_and(|&psa| psa >= 4.0);
            let day = self.start(encounter).day;
            if raised && self.health.has("prostate-cancer/preclinical", day) {
                self.found("prostate-cancer", encounter);
            }
        }
    }

    /// A gynaecological check-up: pressure, weight, and what screening is due.
    pub(super) fn womens_visit(&mut self, at: Moment) {
        let Some(encounter) = self.open(VisitKind::AdultWellness, at, Some("Z01.419")) else {
            return;
        };
        let age = self.chart.person.age(at.day);
        self.record_problems(encounter);
        self.vitals(encounter);
        self.take_smoking(encounter);
        self.screen_women(encounter, 1.4, age);
        self.vaccinate(encounter);
    }

    /// Mammography and cytology; at other visits than preventive ones less often, by a factor.
    pub(super) fn screen_women(&mut self, encounter: EncounterIndex, factor: f64, age: f64) {
        if self.chart.person.plant.is_some() || !self.chart.person.female {
            return;
        }
        let likely = factor * self.chart.person.engagement;
        if (40.0..75.0).contains(&age) && self.chance.happens(MAMMOGRAPHY * likely) {
            self.mammogram(encounter);
        }
        if (21.0..66.0).contains(&age) && self.chance.happens(CYTOLOGY * likely) {
            self.cytology(encounter);
        }
    }

    fn mammogram(&mut self, encounter: EncounterIndex) {
        let Some(kind) = self.world.content.study("mammogram") else {
            return;
        };
        if self.studied(&kind.id, encounter, 660) {
            return;
        }
        let day = self.start(encounter).day;
        let there = self.health.has("breast-cancer/preclinical", day);
        // Sensitivity 87 %, recall of the healthy 9 % (Lehman 2017, Radiology 283:49).
        let hit = there && self.chance.happens(0.87);
        let recalled = self.chance.happens(0.09);
        let conclusion = match (hit, recalled) {
            (true, _) => "BI-RADS 4: suspicious abnormality. Biopsy recommended.",
            (false, true) => "BI-RADS 0: incomplete. Additional imaging recommended.",
            (false, false) => "BI-RADS 1: negative. Routine screening.",
        };
        self.report_study(encounter, kind, conclusion);
        if hit {
            self.found("breast-cancer", encounter);
        }
    }

    fn cytology(&mut self, encounter: EncounterIndex) {
        if !self.studied("cytology", encounter, 1020) {
            self.study(encounter, "cytology");
        }
    }

    /// A cancer found before it was felt: it is local, told some weeks later, and referred at once.
    fn found(&mut self, disease: &str, encounter: EncounterIndex) {
        let day = self.start(encounter).day + self.chance.between(10, 35);
        let mut chance = self.chance.clone();
        self.health.advance(disease, "local", day, &mut chance);
        let _moved = self.chance.unit();
        let at = Moment {
            day: day + 2,
            minute: 600,
        };
        self.agenda.add(at, Event::FollowUp);
    }
}
