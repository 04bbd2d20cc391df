//! ORU R01: laboratory results (HL7 v2.5.1 chapter 7).

use super::adt::AUTHORITY;
use super::segment::Segments;
use super::{Event, Feed};
use crate::calendar::Moment;
use crate::chart::{Observation, Value};

const RESULT: Event = Event {
    application: "LAB",
    code: "ORU",
    trigger: "R01",
    structure: "ORU_R01",
    profile: &["PHLabReport-NoAck", "", "2.16.840.1.114222.4.10.3", "ISO"],
};

/// Minutes from sample to result where nothing else is said, as in DiagnosticReport.issued.
const TURNAROUND_MINUTES: i32 = 180;

impl Feed<'_, '_> {
    /// One message for each panel or single result.
    pub(super) fn results(&mut self) {
        let mut reports = self.chart.reports.iter().peekable();
        let mut at = 0;
        while let Some(observation) = self.chart.observations.get(at) {
            while reports.next_if(|r| r.first < at).is_some() {}
            let report = reports.next_if(|r| r.first == at);
            let count = report.map_or(1, |r| r.count.max(1));
            if observation.measure.category == "laboratory" && !observation.void {
                let panel = report.map(|r| r.panel);
                let code = panel.and_then(|p| p.report.as_deref());
                let display = panel.and_then(|p| p.report_display.as_deref());
                let ordered = code
                    .zip(display)
                    .unwrap_or((&observation.measure.loinc, &observation.measure.display));
                self.result(at, count, ordered, None);
                let amended = self.chart.observations.iter().skip(at).take(count);
                let newest = amended.filter_map(|o| o.amended).map(|a| a.at).max();
                if newest.is_some() {
                    self.result(at, count, ordered, newest);
                }
            }
            at += count;
        }
    }

    /// The report of a panel or of one result; `corrected`: sent again then, with what was wrong put right.
    fn result(
        &mut self,
        first: usize,
        count: usize,
        (code, display): (&str, &str),
        corrected: Option<Moment>,
    ) {
        let Some(observation) = self.chart.observations.get(first) else {
            return;
        };
        let index = observation.encounter;
        let Some(encounter) = self.chart.encounters.get(index) else {
            return;
        };
        let issued = corrected.unwrap_or(observation.at.plus_minutes(TURNAROUND_MINUTES));
        self.send(
            &RESULT,
            issued.plus_minutes(2),
            encounter.facility,
            |feed, m| {
                let record = feed.record(index);
                feed.pid(m, &record, feed.chart.on_duplicate(Some(index)), issued);
                let visit = crate::emit::ids::encounter(&feed.chart.person.id, index);
                m.segment("PV1").number(1, 1).put(2, "O");
                m.components(19, &[&visit, "", "", AUTHORITY, "VN"]);
                let filler = crate::emit::ids::observation(&feed.chart.person.id, first);
                m.segment("OBR").number(1, 1);
                m.components(3, &[&filler, "LAB"])
                    .components(4, &[code, display, "LN"]);
                if !observation.undated {
                    m.time(7, observation.at);
                }
                let status = if corrected.is_some() { "C" } else { "F" };
                m.time(22, issued).put(25, status);
                let results = feed.chart.observations.iter().skip(first).take(count);
                for (at, result) in results.enumerate() {
                    match (result.amended, corrected) {
                        (Some(amended), None) => {
                            obx(m, at + 1, &result.as_sent_first(amended), issued, "F");
                        }
                        (Some(_), Some(_)) => obx(m, at + 1, result, issued, "C"),
                        (None, _) => obx(m, at + 1, result, issued, "F"),
                    }
                }
            },
        );
    }
}

fn obx(m: &mut Segments, number: usize, result: &Observation<'_>, issued: Moment, status: &str) {
    let measure = result.measure;
    let kind = match result.value {
        Value::Number(_) => "NM",
        Value::Pressure(..) => "ST",
        Value::Coded(..) => "CWE",
    };
    m.segment("OBX").number(1, number).put(2, kind);
    m.components(3, &[&measure.loinc, &measure.display, "LN"]);
    match result.value {
        Value::Number(value) => {
            m.put(5, &value.to_string());
            if !result.unitless {
                m.components(6, &[&measure.ucum, "", "UCUM"]);
            }
        }
        Value::Pressure(upper, lower) => {
            m.put(5, &format!("{upper}/{lower}"));
        }
        Value::Coded(code, display) => {
            m.components(5, &[code, display, "SCT"]);
        }
    }
    m.put(11, status);
    if !result.undated {
        m.time(14, result.at);
    }
    m.time(19, issued);
}
