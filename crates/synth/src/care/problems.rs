//! The problem list and encounter diagnoses.

use super::Care;
use crate::calendar::Day;
use crate::chart::{EncounterIndex, Problem};

impl<'w> Care<'w, '_> {
    /// Writes down conditions that are there and not yet on the list.
    pub(super) fn record_problems(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        let health = self.health;
        for episode in health.episodes.iter().filter(|e| e.onset <= day) {
            let id = episode.condition.id.as_str();
            if self.chart.problems.iter().any(|p| p.condition == Some(id)) {
                continue;
            }
            let code = if id == "ckd" {
                self.kidney_code(day)
            } else {
                episode.code
            };
            let before = episode.onset < self.world.start;
            let recorded = if before { episode.onset } else { day };
            let here = (!before).then_some(encounter);
            self.push_problem(Some(id), code, episode.onset, recorded, here);
            if before {
                self.treat_already(encounter, episode);
            }
        }
        self.restage_kidney(encounter, day);
    }

    /// An encounter diagnosis of an acute illness; it is over after one to three weeks.
    pub(super) fn diagnose(&mut self, encounter: EncounterIndex, code: &'w str) {
        let day = self.start(encounter).day;
        self.push_problem(None, code, day, day, Some(encounter));
        let over = day + self.chance.between(6, 21);
        let over = (over <= self.world.end).then_some(over);
        if let Some(problem) = self.chart.problems.last_mut() {
            problem.abatement = over;
        }
    }

    fn push_problem(
        &mut self,
        condition: Option<&'w str>,
        code: &'w str,
        onset: Day,
        recorded: Day,
        encounter: Option<EncounterIndex>,
    ) {
        let flaws = &self.world.content.visits.flaws;
        let (uncoded, no_onset) = (
            self.flaws.happens(flaws.condition_without_code),
            self.flaws.happens(flaws.condition_without_onset),
        );
        let sound = self.chart.person.plant.is_some() || condition.is_some();
        self.chart.problems.push(Problem {
            condition,
            code,
            onset: (sound || !no_onset).then_some(onset),
            abatement: None,
            recorded,
            encounter,
            uncoded: uncoded && !sound,
        });
    }

    /// The code of the kidney stage: by the last measured eGFR, else by the latent one.
    pub(super) fn kidney_code(&self, day: Day) -> &'w str {
        let latent = self.health.egfr(&self.chart.person, day);
        let egfr = self.last.get("egfr").copied().unwrap_or(latent);
        self.world
            .content
            .kidney_stage(egfr)
            .map_or("N18.9", |(_, stage)| stage.icd10cm.as_str())
    }

    /// A worse stage than the one on the list is often, not always, written down.
    fn restage_kidney(&mut self, encounter: EncounterIndex, day: Day) {
        let Some(&egfr) = self.last.get("egfr") else {
            return;
        };
        let Some((now, stage)) = self.world.content.kidney_stage(egfr) else {
            return;
        };
        let stages = &self.world.content.visits.kidney_stage;
        let Some(listed) = self
            .chart
            .problems
            .iter_mut()
            .rev()
            .find(|p| p.condition == Some("ckd") && p.abatement.is_none())
        else {
            return;
        };
        let before = stages
            .iter()
            .position(|s| s.icd10cm == listed.code)
            .unwrap_or(now);
        if now <= before || !self.chance.happens(0.45) {
            return;
        }
        listed.abatement = Some(day);
        self.push_problem(Some("ckd"), &stage.icd10cm, day, day, Some(encounter));
    }

    /// Conditions that were over before the end are marked so, if anyone saw the patient after.
    pub(super) fn close_problems(&mut self) {
        let last_seen = self.chart.encounters.last().map(|e| e.start.day);
        for problem in &mut self.chart.problems {
            let Some(id) = problem.condition else {
                continue;
            };
            let over = self
                .health
                .episodes
                .iter()
                .find(|e| e.condition.id == id)
                .and_then(|e| e.abatement)
                .filter(|&day| last_seen.is_some_and(|seen| day <= seen));
            if problem.abatement.is_none() {
                problem.abatement = over;
            }
        }
    }
}
