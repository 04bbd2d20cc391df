//! The same care as an HL7 v2.5.1 feed: ADT A01, A03, A04, A08, A40 and ORU R01.
//!
//! An encounter is announced when it begins (A01 for a stay, else A04), updated when a diagnosis is there
//! (A08), and closed with discharge and final diagnoses (A03; visits to a clinic end with the A08). Laboratory
//! results follow when they are reported (ORU R01). A person with two records is merged (A40). The shape
//! of the visit messages is that of the PHIN Messaging Guide for Syndromic Surveillance 2.0: chief complaint in
//! PV2-3 and in OBX 8661-1, age in OBX 21612-7.
//!
//! What it does not do: orders (ORM, OML), vaccinations (VXU), schedules (SIU), billing (DFT).

mod adt;
mod batch;
mod oru;
mod segment;

use crate::calendar::{Day, Moment};
use crate::chart::Chart;
use crate::emit::ids;
use crate::world::World;

pub use batch::{batch_begin, batch_end};

use segment::Segments;

/// A message of the feed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    /// When it was sent, in minutes of the county's own time since 1970-01-01.
    pub sent_minutes: i64,
    /// The message; each segment ends with a carriage return.
    pub text: String,
}

impl Message {
    /// Year and month in which it was sent.
    #[must_use]
    pub fn month(&self) -> (i32, i32) {
        let day = Day::try_from(self.sent_minutes.div_euclid(1440)).unwrap_or(0);
        let (year, month, _) = crate::calendar::civil(day);
        (year, month)
    }
}

/// All messages about a patient, in order of time.
pub(crate) fn messages(world: &World, chart: &Chart<'_>, into: &mut Vec<Message>) {
    let first = into.len();
    let mut feed = Feed {
        world,
        chart,
        sent: 0,
        into,
    };
    for index in 0..chart.encounters.len() {
        feed.visit(index);
    }
    feed.results();
    feed.merge();
    // Stable: messages of one minute keep the order in which things happen.
    if let Some(mine) = into.get_mut(first..) {
        mine.sort_by_key(|m| m.sent_minutes);
    }
}

/// Writes the messages of one chart.
struct Feed<'a, 'w> {
    world: &'a World,
    chart: &'a Chart<'w>,
    /// Messages so far, part of the control id.
    sent: u32,
    into: &'a mut Vec<Message>,
}

impl Feed<'_, '_> {
    /// Sends a message at a time: header, then what `body` writes. Nothing is sent after the last
    /// day of the records.
    fn send(
        &mut self,
        event: &Event,
        at: Moment,
        facility: usize,
        body: impl FnOnce(&Self, &mut Segments),
    ) {
        self.sent += 1;
        if at.day > self.world.end {
            return;
        }
        let mut m = Segments::new(self.world.content.region.utc_offset_minutes);
        let place = self.world.facility(facility).map_or("", |f| f.id.as_str());
        m.segment("MSH")
            .put(3, event.application)
            .components(4, &[place, &npi_text(facility), "NPI"])
            .put(5, "SALUS")
            .put(6, &self.world.content.region.county)
            .time(7, at)
            .components(9, &[event.code, event.trigger, event.structure])
            .put(10, &format!("{}.{}", self.chart.person.id, self.sent))
            .put(11, "P")
            .put(12, "2.5.1")
            .components(21, event.profile);
        body(self, &mut m);
        self.into.push(Message {
            sent_minutes: i64::from(at.day) * 1440 + i64::from(at.minute),
            text: m.finish(),
        });
    }

    /// The medical record number that an encounter stands under.
    fn record(&self, encounter: usize) -> String {
        let id = &self.chart.person.id;
        if self.chart.on_duplicate(Some(encounter)) {
            ids::duplicate(id)
        } else {
            id.clone()
        }
    }
}

/// What kind of message.
struct Event {
    application: &'static str,
    code: &'static str,
    trigger: &'static str,
    structure: &'static str,
    profile: &'static [&'static str],
}

/// The made-up NPI of a facility, as in its Organization.
fn npi_text(facility: usize) -> String {
    format!("9{:09}", 800_000_000 + facility)
}

#[cfg(test)]
mod tests;
