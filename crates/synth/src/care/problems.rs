//! The problem list and encounter diagnoses.

use super::Care;
use crate::calendar::Day;
use crate::chart::{EncounterIndex, Problem};
use crate::content::State;
use crate::health::Active;

impl<'w> Care<'w> {
    /// States of diseases on a day that the person knows of.
    pub(super) fn told(&self, day: Day) -> Vec<(Active<'w>, &'w str)> {
        let active = self.health.active(day);
        active.filter_map(|a| Some((a, a.code?))).collect()
    }

    /// Brings the problem list up to date: what is new, what has changed its state, what is over.
    pub(super) fn record_problems(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        if self.chart.person.second_record && self.chart.on_duplicate(Some(encounter)) {
            return;
        }
        self.close_problems(day);
        for (active, code) in self.told(day) {
            let id = active.disease.id.as_str();
            let mut problems = self.chart.problems.iter_mut().rev();
            let listed = problems.find(|p| p.condition == Some(id) && p.abatement.is_none());
            match listed {
                None => self.list(encounter, active, code, day),
                Some(old) if old.state.is_some_and(|s| s.id == active.state.id) => {}
                Some(old) => {
                    if self.chance.happens(active.disease.noticed) {
                        old.abatement = Some(day.max(old.recorded));
                        self.push_problem(Some(active), code, active.from, day, Some(encounter));
                    }
                }
            }
        }
    }

    fn list(&mut self, encounter: EncounterIndex, active: Active<'w>, code: &'w str, day: Day) {
        let before = active.from < self.world.start;
        // Older records were never typed in: what was there before stands as entered in the last years.
        let entered = self.world.start - self.chance.between(20, 2600);
        let recorded = if before {
            active.from.max(entered)
        } else {
            day
        };
        let here = (!before).then_some(encounter);
        self.push_problem(Some(active), code, active.from, recorded, here);
        if before {
            self.treat_already(encounter, active, code);
        }
    }

    /// Problems whose disease is over are closed when somebody sees the patient.
    fn close_problems(&mut self, day: Day) {
        for problem in &mut self.chart.problems {
            let Some(id) = problem.condition.filter(|_| problem.abatement.is_none()) else {
                continue;
            };
            let course = self.health.courses.iter().find(|c| c.disease.id == id);
            let stay = course.and_then(|c| c.stay(day));
            // Of a remission that nobody wrote down only the end of the disease is seen.
            let over = stay.filter(|s| {
                let silent = |state: &State| !state.proper && s.code.is_none();
                s.state
                    .is_none_or(|state| state.code.is_empty() || silent(state))
            });
            problem.abatement = over.map(|s| s.from.max(problem.recorded));
        }
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
        active: Option<Active<'w>>,
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
        let sound = self.chart.person.plant.is_some() || active.is_some();
        self.chart.problems.push(Problem {
            condition: active.map(|a| a.disease.id.as_str()),
            state: active.map(|a| a.state),
            code,
            onset: (sound || !no_onset).then_some(onset),
            abatement: None,
            recorded,
            encounter,
            uncoded: uncoded && !sound,
            refuted: false,
        });
    }
}
