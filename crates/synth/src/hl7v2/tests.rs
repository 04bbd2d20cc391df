//! The feed is what an interface engine would accept, and says what the records say.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::error::SinkError;
use crate::generate::{Options, stream};
use crate::sink::Sink;
use crate::truth::Rows;

#[derive(Default)]
struct Feeds {
    messages: Vec<Message>,
    encounters: BTreeSet<String>,
}

impl Sink for Feeds {
    fn put(&mut self, resource_type: &'static str, line: &str) -> Result<(), SinkError> {
        if resource_type == "Encounter" {
            let found: serde_json::Value = serde_json::from_str(line)?;
            self.encounters
                .extend(found["id"].as_str().map(str::to_owned));
        }
        Ok(())
    }

    fn rows(&mut self, rows: &Rows) -> Result<(), SinkError> {
        self.messages.extend(rows.messages.iter().cloned());
        Ok(())
    }
}

fn feed(patients: u64) -> Feeds {
    let mut feeds = Feeds::default();
    let options = Options {
        patients,
        years: 2,
        seed: 5,
        hl7v2: true,
        ..Options::default()
    };
    stream(&options, &mut feeds).unwrap();
    feeds
}

fn segments(message: &Message) -> Vec<Vec<&str>> {
    let body = message.text.strip_suffix('\r').unwrap();
    body.split('\r').map(|s| s.split('|').collect()).collect()
}

/// Field `number` of the first segment of a name; `MSH-1` counts as a field.
fn field<'m>(message: &'m Message, name: &str, number: usize) -> &'m str {
    let shift = usize::from(name == "MSH");
    let all = segments(message);
    let found = all.iter().find(|s| s[0] == name);
    found
        .and_then(|s| s.get(number - shift).copied())
        .unwrap_or("")
}

#[test]
fn every_message_has_its_segments_in_the_order_of_the_standard() {
    for message in &feed(120).messages {
        let names: Vec<&str> = segments(message).iter().map(|s| s[0]).collect();
        assert_eq!(names[0], "MSH");
        let rank = |name: &str| {
            let order: &[&str] = match field(message, "MSH", 9) {
                "ADT^A03^ADT_A03" => &["MSH", "EVN", "PID", "PV1", "PV2", "DG1", "OBX"],
                "ADT^A40^ADT_A39" => &["MSH", "EVN", "PID", "MRG"],
                "ORU^R01^ORU_R01" => &["MSH", "PID", "PV1", "OBR", "OBX"],
                _ => &["MSH", "EVN", "PID", "PV1", "PV2", "OBX", "DG1"],
            };
            order
                .iter()
                .position(|n| *n == name)
                .unwrap_or_else(|| panic!("{name} in {message:?}"))
        };
        let ranks: Vec<usize> = names.iter().map(|n| rank(n)).collect();
        assert!(ranks.is_sorted(), "{names:?}");
        for required in ["PID", "MSH"] {
            assert!(names.contains(&required));
        }
        assert!(!field(message, "PID", 3).is_empty() && !field(message, "MSH", 10).is_empty());
        assert!(
            field(message, "MSH", 10).len() <= 20,
            "MSH-10 has at most 20 characters"
        );
    }
}

#[test]
fn control_ids_are_unique_and_times_are_those_of_the_header() {
    let feeds = feed(120);
    let ids: BTreeSet<&str> = feeds.messages.iter().map(|m| field(m, "MSH", 10)).collect();
    assert_eq!(ids.len(), feeds.messages.len());
    for message in &feeds.messages {
        let at = Moment {
            day: Day::try_from(message.sent_minutes.div_euclid(1440)).unwrap(),
            minute: i32::try_from(message.sent_minutes.rem_euclid(1440)).unwrap(),
        };
        assert_eq!(field(message, "MSH", 7), segment::time_text(at, -300));
    }
}

#[test]
fn every_encounter_of_the_records_is_announced_and_most_are_closed() {
    let feeds = feed(120);
    let mut triggers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for message in &feeds.messages {
        let visit = field(message, "PV1", 19).split('^').next().unwrap();
        triggers
            .entry(visit)
            .or_default()
            .insert(field(message, "MSH", 9));
    }
    let announced = feeds.encounters.iter().filter(|id| {
        let seen = triggers.get(id.as_str());
        seen.is_some_and(|s| s.contains("ADT^A01^ADT_A01") || s.contains("ADT^A04^ADT_A01"))
    });
    assert_eq!(announced.count(), feeds.encounters.len());
    let closed = triggers
        .values()
        .filter(|s| s.contains("ADT^A03^ADT_A03") || s.contains("ADT^A08^ADT_A01"));
    assert!(closed.count() * 100 > feeds.encounters.len() * 95);
}

#[test]
fn final_messages_carry_diagnoses_and_a_complaint() {
    let feeds = feed(120);
    let closing = feeds
        .messages
        .iter()
        .filter(|m| field(m, "EVN", 1) == "A03");
    let mut count = 0;
    for message in closing {
        assert!(!field(message, "DG1", 3).is_empty());
        assert_eq!(field(message, "DG1", 6), "F");
        assert!(field(message, "PV2", 3).starts_with('^'));
        assert!(!field(message, "PV1", 36).is_empty() && !field(message, "PV1", 45).is_empty());
        count += 1;
    }
    assert!(count > 10);
}

#[test]
fn a_person_with_two_records_is_merged_once_after_the_last_use_of_the_second() {
    // Plant `duplicate-merged`: numbers 171, 671, …
    let feeds = feed(171);
    let merges: Vec<usize> = (0..feeds.messages.len())
        .filter(|&at| field(&feeds.messages[at], "EVN", 1) == "A40")
        .collect();
    assert_eq!(merges.len(), 1);
    let merge = &feeds.messages[merges[0]];
    let replaced = field(merge, "MRG", 1).split('^').next().unwrap();
    assert_eq!(replaced, "s5p171-dup");
    assert!(field(merge, "PID", 3).starts_with("s5p171^"));
    let used = |m: &&Message| field(m, "PID", 3).starts_with("s5p171-dup^");
    let last = feeds
        .messages
        .iter()
        .filter(used)
        .map(|m| m.sent_minutes)
        .max();
    assert!(last.is_some_and(|last| last <= merge.sent_minutes + 1440));
}

#[test]
fn a_batch_is_wrapped_and_counts_its_messages() {
    assert_eq!(
        batch_begin((2026, 3)),
        "FHS|^~\\&|SALUS-SYNTH||||20260301000000+0000||2026-03\rBHS|^~\\&|SALUS-SYNTH||||20260301000000+0000||2026-03\r"
    );
    assert_eq!(batch_end(17), "BTS|17\rFTS|1\r");
}
