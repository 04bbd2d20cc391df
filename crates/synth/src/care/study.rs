//! Imaging, tracings and slides: ordered, done and reported.

use super::Care;
use crate::chart::{Asked, EncounterIndex, Request, Study};
use crate::content::{Illness, StudyKind};

impl<'w> Care<'w> {
    /// What an illness asks to be looked at; not where nobody can look.
    pub(super) fn look(&mut self, encounter: EncounterIndex, illness: &'w Illness, code: &str) {
        for looked in &illness.studies {
            let asked = code.starts_with(looked.code.as_str()) && self.in_person(encounter);
            if asked && self.chance.happens(looked.share) {
                self.study(encounter, &looked.study);
            }
        }
    }

    /// Whether a visit is in person.
    pub(super) fn in_person(&self, encounter: EncounterIndex) -> bool {
        let visit = self.chart.encounters.get(encounter);
        visit.is_some_and(|e| e.visit.class != "VR")
    }

    /// Does a study that finds what such studies find; gives back its index.
    pub(super) fn study(&mut self, encounter: EncounterIndex, id: &str) -> Option<usize> {
        let kind = self.world.content.study(id)?;
        let (says, _) = self.chance.weighted(&kind.says, |(_, weight)| *weight)?;
        Some(self.report_study(encounter, kind, says))
    }

    /// Writes down a study with its order; gives back its index.
    pub(super) fn report_study(
        &mut self,
        encounter: EncounterIndex,
        kind: &'w StudyKind,
        conclusion: &'w str,
    ) -> usize {
        let at = self.chart.studies.len();
        self.chart.studies.push(Study {
            kind,
            encounter,
            conclusion,
        });
        let reason = self.chart.encounters.get(encounter).and_then(|e| e.reason);
        self.chart.requests.push(Request {
            asked: Asked::Study(at),
            encounter,
            reason,
            done: true,
        });
        at
    }

    /// Whether a kind of study was done within days before a visit.
    pub(super) fn studied(&self, id: &str, encounter: EncounterIndex, within_days: i32) -> bool {
        let day = self.start(encounter).day;
        let mut same = self.chart.studies.iter().filter(|s| s.kind.id == id);
        same.any(|s| (0..within_days).contains(&(day - self.start(s.encounter).day)))
    }
}
