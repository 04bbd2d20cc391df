//! ADT: admission, registration, update, discharge, merge (HL7 v2.5.1 chapter 3).

use super::segment::Segments;
use super::{Event, Feed};
use crate::calendar::{Moment, age_years};
use crate::chart::{Encounter, Value};
use crate::content::VisitKind;
use crate::emit::misspelled;
use crate::person::Person;

/// PHIN syndromic surveillance, no acknowledgement.
const PROFILE: &[&str] = &[
    "PH_SS-NoAck",
    "SS Sender",
    "2.16.840.1.114222.4.10.3",
    "ISO",
];

/// Name of the assigning authority of record numbers.
pub(super) const AUTHORITY: &str = "SALUS-SYNTH";

const fn adt(trigger: &'static str, structure: &'static str) -> Event {
    Event {
        application: "ADT",
        code: "ADT",
        trigger,
        structure,
        profile: PROFILE,
    }
}

const ADMIT: Event = adt("A01", "ADT_A01");
const REGISTER: Event = adt("A04", "ADT_A01");
const UPDATE: Event = adt("A08", "ADT_A01");
const DISCHARGE: Event = adt("A03", "ADT_A03");
const MERGE: Event = adt("A40", "ADT_A39");

/// How far along a visit is when a message is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Only the complaint is known.
    Arrived,
    /// A working diagnosis is there.
    Worked,
    /// Over: final diagnoses, discharge.
    Over,
}

impl Feed<'_, '_> {
    /// The messages of an encounter.
    pub(super) fn visit(&mut self, index: usize) {
        let Some(encounter) = self.chart.encounters.get(index) else {
            return;
        };
        let (start, end) = (encounter.start, encounter.end);
        // The interface engine takes a minute or two.
        let sent = start.plus_minutes(2);
        let leaves = encounter
            .stay
            .as_ref()
            .is_none_or(|s| !s.discharge.is_empty());
        match encounter.kind() {
            VisitKind::Inpatient => {
                self.adt(&ADMIT, index, sent, Stage::Arrived);
                self.adt(&UPDATE, index, start.plus_minutes(240), Stage::Worked);
            }
            VisitKind::Emergency => {
                self.adt(&REGISTER, index, sent, Stage::Arrived);
                let halfway = minutes_between(start, end) / 2;
                self.adt(
                    &UPDATE,
                    index,
                    start.plus_minutes(halfway.max(5)),
                    Stage::Worked,
                );
            }
            _ => self.adt(&REGISTER, index, sent, Stage::Arrived),
        }
        let closing = match encounter.kind() {
            VisitKind::Inpatient | VisitKind::Emergency => &DISCHARGE,
            _ => &UPDATE,
        };
        if leaves && !encounter.open {
            self.adt(closing, index, end.plus_minutes(3), Stage::Over);
        }
    }

    fn adt(&mut self, event: &Event, index: usize, at: Moment, stage: Stage) {
        let Some(encounter) = self.chart.encounters.get(index) else {
            return;
        };
        let facility = encounter.facility;
        self.send(event, at, facility, |feed, m| {
            m.segment("EVN").put(1, event.trigger).time(2, at);
            let place = feed
                .world
                .facility(facility)
                .map_or("", |f| f.name.as_str());
            m.components(7, &[place, &super::npi_text(facility), "NPI"]);
            let record = feed.record(index);
            feed.pid(m, &record, feed.chart.on_duplicate(Some(index)), at);
            feed.pv1(m, index, encounter, stage);
            feed.complaint(m, encounter);
            // Diagnoses stand behind the observations in ADT_A01 and before them in ADT_A03.
            if event.trigger == DISCHARGE.trigger {
                feed.diagnoses(m, encounter, "F");
                feed.observations(m, index, encounter, stage);
                return;
            }
            feed.observations(m, index, encounter, stage);
            match stage {
                Stage::Arrived => {}
                Stage::Worked => feed.diagnoses(m, encounter, "W"),
                Stage::Over => feed.diagnoses(m, encounter, "F"),
            }
        });
    }

    /// The merge of a duplicate record into the first, the day after it was used last.
    pub(super) fn merge(&mut self) {
        let encounters = self.chart.encounters.iter().filter(|e| e.duplicate);
        let Some(last) = encounters.max_by_key(|e| e.end) else {
            return;
        };
        let at = Moment {
            day: (last.end.day + 1).min(self.world.end),
            minute: 570,
        }
        .max(last.end.plus_minutes(10));
        let facility = last.facility;
        self.send(&MERGE, at, facility, |feed, m| {
            m.segment("EVN").put(1, "A40").time(2, at);
            feed.pid(m, &feed.chart.person.id, false, at);
            let replaced = crate::emit::ids::duplicate(&feed.chart.person.id);
            m.segment("MRG")
                .components(1, &[&replaced, "", "", AUTHORITY, "MR"]);
        });
    }

    /// PID: who.
    pub(super) fn pid(&self, m: &mut Segments, record: &str, duplicate: bool, at: Moment) {
        let person = &self.chart.person;
        let region = &self.world.content.region;
        let family = if duplicate {
            misspelled(person.family)
        } else {
            person.family.to_owned()
        };
        m.segment("PID")
            .number(1, 1)
            .components(3, &[record, "", "", AUTHORITY, "MR"])
            .components(5, &[&family, person.given, "", "", "", "", "L"])
            .date(7, person.birth)
            .put(8, if person.female { "F" } else { "M" });
        if let Some(race) = person.race {
            m.components(10, &[&race.code, &race.display, "CDCREC"]);
        }
        m.components(
            11,
            &[
                &person.line,
                "",
                &person.area.city,
                &region.state,
                &person.area.code,
                &region.country,
                "H",
                "",
                &region.county,
            ],
        )
        .components(
            13,
            &[
                "",
                "PRN",
                "PH",
                "",
                "",
                "555",
                &format!("55501{:02}", person.phone),
            ],
        );
        let language = match person.language {
            "es" => ["spa", "Spanish", "ISO6392"],
            "zh" => ["zho", "Chinese", "ISO6392"],
            _ => ["eng", "English", "ISO6392"],
        };
        m.components(15, &language);
        ethnicity(m, person);
        if let Some(death) = person.death.filter(|&death| death <= at.day) {
            m.date(29, death).put(30, "Y");
        }
    }

    /// PV1: where, with whom, since when.
    fn pv1(&self, m: &mut Segments, index: usize, encounter: &Encounter<'_>, stage: Stage) {
        let class = match encounter.kind() {
            VisitKind::Inpatient => "I",
            VisitKind::Emergency => "E",
            _ => "O",
        };
        let place = self.world.facility(encounter.facility);
        let unit = match encounter.kind() {
            VisitKind::Emergency => "ED",
            VisitKind::Inpatient => "MED",
            _ => "",
        };
        m.segment("PV1")
            .number(1, 1)
            .put(2, class)
            .components(3, &[unit, "", "", place.map_or("", |f| f.id.as_str())]);
        let stay = encounter.stay.as_ref();
        m.put(
            4,
            match stay {
                Some(stay) if stay.planned => "L",
                Some(_) => "E",
                None if class == "E" => "E",
                None => "R",
            },
        );
        if let Some(who) = practitioner(self.world, encounter.practitioner) {
            let number = format!("{}-prac-{}", self.world.prefix, who.number);
            m.components(7, &[&number, &who.name.0, &who.name.1]);
        }
        if let Some(stay) = stay {
            m.put(14, if stay.through_emergency { "7" } else { "1" });
        }
        let visit = crate::emit::ids::encounter(&self.chart.person.id, index);
        m.components(19, &[&visit, "", "", AUTHORITY, "VN"]);
        if stage == Stage::Over {
            m.put(36, disposition(stay.map_or("home", |s| s.discharge)));
        }
        m.time(44, encounter.start);
        if stage == Stage::Over {
            m.time(45, encounter.end);
        }
    }

    /// PV2-3: why they come, in words.
    fn complaint(&self, m: &mut Segments, encounter: &Encounter<'_>) {
        let text = self.complaint_text(encounter);
        if !text.is_empty() {
            m.segment("PV2").components(3, &["", text]);
        }
    }

    /// As triage wrote it, or else the reason of the visit.
    fn complaint_text<'e>(&'e self, encounter: &'e Encounter<'_>) -> &'e str {
        let reason = || self.world.content.display(encounter.reason.unwrap_or(""));
        encounter.complaint.as_deref().unwrap_or_else(reason)
    }

    /// OBX: age, complaint, and temperature once it is measured.
    fn observations(
        &self,
        m: &mut Segments,
        index: usize,
        encounter: &Encounter<'_>,
        stage: Stage,
    ) {
        let age = age_years(self.chart.person.birth, encounter.start.day);
        m.segment("OBX").number(1, 1).put(2, "NM");
        m.components(3, &["21612-7", "Age - Reported", "LN"])
            .number(5, age)
            .components(6, &["a", "year", "UCUM"])
            .put(11, "F");
        let text = self.complaint_text(encounter);
        if !text.is_empty() {
            m.segment("OBX").number(1, 2).put(2, "CWE");
            m.components(3, &["8661-1", "Chief complaint - Reported", "LN"])
                .components(5, &["", "", "", "", "", "", "", "", text])
                .put(11, "F");
        }
        let temperature = self.chart.observations.iter().find(|o| {
            o.encounter == index && o.measure.id == "temperature" && !o.undated && !o.unitless
        });
        let (Some(taken), true) = (temperature, stage != Stage::Arrived) else {
            return;
        };
        let Value::Number(value) = taken.value else {
            return;
        };
        m.segment("OBX").number(1, 3).put(2, "NM");
        m.components(3, &["8310-5", "Body temperature", "LN"])
            .put(5, &value.to_string())
            .components(6, &[&taken.measure.ucum, &taken.measure.unit, "UCUM"])
            .put(11, "F")
            .time(14, taken.at);
    }

    /// DG1: working or final diagnoses.
    fn diagnoses(&self, m: &mut Segments, encounter: &Encounter<'_>, kind: &str) {
        let codes = encounter.reason.iter().chain(&encounter.secondary);
        for (at, code) in codes.enumerate() {
            m.segment("DG1")
                .number(1, at + 1)
                .components(3, &[code, self.world.content.display(code), "I10C"])
                .put(6, kind);
        }
    }
}

fn ethnicity(m: &mut Segments, person: &Person<'_>) {
    let (code, display) = if person.hispanic {
        ("2135-2", "Hispanic or Latino")
    } else {
        ("2186-5", "Not Hispanic or Latino")
    };
    m.components(22, &[code, display, "CDCREC"]);
}

fn practitioner(world: &crate::world::World, number: usize) -> Option<&crate::world::Practitioner> {
    world.staff.get(number.checked_sub(1)?)
}

/// HL7 table 0112 (the codes of UB-04) of a FHIR discharge disposition.
fn disposition(code: &str) -> &'static str {
    match code {
        "other-hcf" => "02",
        "snf" => "03",
        "rehab" => "62",
        "psy" => "65",
        "hosp" => "50",
        "aadvice" => "07",
        "exp" => "20",
        _ => "01",
    }
}

fn minutes_between(from: Moment, to: Moment) -> i32 {
    (to.day - from.day) * 1440 + to.minute - from.minute
}
