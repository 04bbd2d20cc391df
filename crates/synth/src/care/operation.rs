//! Operations without a night in hospital, and the visits before operations.

use super::Care;
use crate::calendar::Moment;
use crate::chart::{Procedure, ProcedureCode};
use crate::content::{Operation, VisitKind};

impl<'w> Care<'w> {
    /// The visit before an operation, minor or major.
    pub(super) fn preoperative(&mut self, at: Moment, major: bool) {
        let Some(encounter) = self.open(VisitKind::FollowUp, at, Some("Z01.818")) else {
            return;
        };
        self.record_problems(encounter);
        self.vitals(encounter);
        self.before_operation(encounter, major);
    }

    /// The operation; an eye is operated once.
    pub(super) fn operation(&mut self, at: Moment, operation: &'w Operation) {
        let (code, display) = &operation.procedure;
        let mut before = self.chart.procedures.iter();
        if before.any(|p| matches!(p.code, ProcedureCode::Pcs(done, _) if done == code)) {
            return;
        }
        let reason = self
            .chance
            .weighted(&operation.codes, |(_, weight)| *weight);
        let Some((reason, _)) = reason else { return };
        let Some(encounter) = self.open(VisitKind::Operation, at, Some(reason)) else {
            return;
        };
        let surgeon = self
            .world
            .specialist(&operation.specialty, &mut self.chance);
        if let Some(visit) = self.chart.encounters.get_mut(encounter) {
            visit.operation = Some(operation);
            if let Some((facility, practitioner)) = surgeon {
                (visit.facility, visit.practitioner) = (facility, practitioner);
            }
        }
        self.diagnose(encounter, reason);
        self.pressure(encounter, 9.0);
        for measure in ["pulse", "saturation"] {
            self.take_usual(encounter, measure, 0.0);
        }
        self.chart.procedures.push(Procedure {
            code: ProcedureCode::Pcs(code, display),
            day: at.day,
            encounter: Some(encounter),
        });
    }
}
