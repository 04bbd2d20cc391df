//! Screening for cancer other than of the colon, and referrals.

use super::Care;
use crate::agenda::Event;
use crate::calendar::Moment;
use crate::chart::{Asked, EncounterIndex, Request, Study};
use crate::content::names;

/// Share of women of 50–74 with a mammogram within two years 76 % (NHIS 2021); a visit a year keeps it with this
/// chance.
const MAMMOGRAPHY: f64 = 0.62;
/// Cervical cytology: 73 % up to date (NHIS 2021).
const CYTOLOGY: f64 = 0.42;
/// PSA test within a year, men of 55–69: about a third (NHIS 2018).
const PSA: f64 = 0.36;

impl<'w> Care<'w> {
    /// Mammography, cervical cytology and PSA when they are due.
    pub(super) fn screen_cancers(&mut self, encounter: EncounterIndex, age: f64) {
        if self.chart.person.plant.is_some() {
            return;
        }
        let engagement = self.chart.person.engagement;
        if self.chart.person.female {
            if (40.0..75.0).contains(&age) && self.chance.happens(MAMMOGRAPHY * engagement) {
                self.mammogram(encounter);
            }
            if (21.0..66.0).contains(&age) && self.chance.happens(CYTOLOGY * engagement) {
                self.cytology(encounter);
            }
        } else if (55.0..70.0).contains(&age) && self.chance.happens(PSA) {
            self.due(encounter, "psa", 330);
            let raised = self.last.get("psa").is_some_and(|&psa| psa >= 4.0);
            let day = self.start(encounter).day;
            if raised && self.health.has("prostate-cancer/preclinical", day) {
                self.found("prostate-cancer", encounter);
            }
        }
    }

    fn mammogram(&mut self, encounter: EncounterIndex) {
        let code = ("24606-6", "MG Breast Screening");
        if self.studied(code.0, encounter, 660) {
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
        self.chart.studies.push(Study {
            code,
            encounter,
            conclusion,
        });
        if hit {
            self.found("breast-cancer", encounter);
        }
    }

    fn cytology(&mut self, encounter: EncounterIndex) {
        let code = (
            "10524-7",
            "Microscopic observation [Identifier] in Cervix by Cyto stain",
        );
        if self.studied(code.0, encounter, 1020) {
            return;
        }
        let conclusion = if self.chance.happens(0.045) {
            "Atypical squamous cells of undetermined significance."
        } else {
            "Negative for intraepithelial lesion or malignancy."
        };
        self.chart.studies.push(Study {
            code,
            encounter,
            conclusion,
        });
    }

    fn studied(&self, loinc: &str, encounter: EncounterIndex, within_days: i32) -> bool {
        let day = self.start(encounter).day;
        let mut same = self.chart.studies.iter().filter(|s| s.code.0 == loinc);
        same.any(|s| day - self.start(s.encounter).day < within_days)
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

    /// Specialists that the states ask for.
    pub(super) fn refer(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        for (active, code) in self.told(day) {
            for referral in &active.disease.referral {
                let same =
                    |r: &&Request<'_>| matches!(r.asked, Asked::Referral(to) if to == referral.to);
                let last = self.chart.requests.iter().rev().find(same);
                let due =
                    last.is_none_or(|r| day - self.start(r.encounter).day >= referral.every_days);
                let asked = due
                    && names(&referral.state, active.state)
                    && self.chance.happens(0.5 * referral.share);
                if asked {
                    let done = self.chance.happens(0.65);
                    self.chart.requests.push(Request {
                        asked: Asked::Referral(&referral.to),
                        encounter,
                        reason: Some(code),
                        done,
                    });
                }
            }
        }
    }
}
