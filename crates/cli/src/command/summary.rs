//! What a load came to, in a few lines.

use std::fmt::Write as _;
use std::time::Duration;

use salus_lake::ingest::{LoadSummary, TypeCounts};

use crate::config::Settings;
use crate::face::{Face, Ink, bytes, thousands};
use crate::lake;

const HEADINGS: [&str; 5] = ["loaded", "updated", "unchanged", "older", "deleted"];

/// The summary as text.
pub fn text(face: &Face, loaded: &LoadSummary, took: Duration) -> String {
    let mut text = headline(loaded, took);
    if !loaded.types.is_empty() {
        text.push('\n');
        text.push_str(&table(face, loaded));
    }
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    line(String::new());
    for (note, count) in &loaded.notes {
        line(format!("{} × {note}", thousands(*count)));
    }
    if loaded.rest_elements > 0 {
        line(format!(
            "{} elements that R4 does not know in this form are kept as they came (column salus_rest)",
            thousands(loaded.rest_elements)
        ));
    }
    if loaded.quarantined + loaded.quarantined_before > 0 {
        line(face.ink_data(Ink::Warn, &quarantined(loaded)));
    }
    line(match loaded.snapshot {
        Some(snapshot) => format!("Snapshot {snapshot}, load {}", loaded.load),
        None => format!("Nothing new: the lake is as it was (load {})", loaded.load),
    });
    text
}

/// What can be typed next; talk, not data.
pub fn next(face: &Face, settings: &Settings, loaded: &LoadSummary) {
    let lake = lake::flags(settings);
    if loaded.stopped {
        face.talk(
            "\nStopped. What was committed stays; the same command again goes on from there.",
        );
        return;
    }
    let mut words = format!("\nNext: salus report{lake}\n      salus sql{lake}");
    if loaded.quarantined + loaded.quarantined_before > 0 {
        words.push_str(&format!("\n      salus quarantine list{lake}"));
    }
    face.talk(&words);
}

/// One line: how much, how long, how fast.
fn headline(loaded: &LoadSummary, took: Duration) -> String {
    let millis = took.as_millis().max(1);
    let per_second = |count: u64| {
        u64::try_from(u128::from(count).saturating_mul(1000) / millis).unwrap_or(u64::MAX)
    };
    let sources = match loaded.sources {
        1 => "1 source".to_owned(),
        count => format!("{} sources", thousands(count)),
    };
    let size = if loaded.bytes == loaded.bytes_decompressed {
        bytes(loaded.bytes)
    } else {
        format!(
            "{} ({} of JSON)",
            bytes(loaded.bytes),
            bytes(loaded.bytes_decompressed)
        )
    };
    format!(
        "Read {sources}, {size}, {} resources in {}.{} s: {} resources/s, {}/s\n",
        thousands(loaded.resources),
        millis / 1000,
        millis % 1000 / 100,
        thousands(per_second(loaded.resources)),
        bytes(per_second(loaded.bytes_decompressed)),
    )
}

fn table(face: &Face, loaded: &LoadSummary) -> String {
    let total = "all";
    let names = loaded.types.keys().map(String::len);
    let width = names.max().unwrap_or(0).max(total.len());
    let mut text = format!("{:width$}", "");
    for heading in HEADINGS {
        let _ = write!(text, "{heading:>12}");
    }
    text = face.ink_data(Ink::Faint, &text);
    text.push('\n');
    let mut row = |name: &str, counts: &TypeCounts| {
        let _ = write!(text, "{name:width$}");
        let cells = [
            counts.loaded,
            counts.updated,
            counts.unchanged,
            counts.older,
            counts.deleted,
        ];
        for cell in cells {
            let _ = write!(
                text,
                "{:>12}",
                if cell == 0 {
                    "·".to_owned()
                } else {
                    thousands(cell)
                }
            );
        }
        text.push('\n');
    };
    for (name, counts) in &loaded.types {
        row(name, counts);
    }
    if loaded.types.len() > 1 {
        row(total, &loaded.total());
    }
    text
}

fn quarantined(loaded: &LoadSummary) -> String {
    let new = match loaded.quarantined {
        1 => "1 piece of input went into quarantine".to_owned(),
        count => format!("{} pieces of input went into quarantine", thousands(count)),
    };
    match loaded.quarantined_before {
        0 => new,
        before => format!("{new}, {} were there before", thousands(before)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use salus_lake::ingest::{LoadSummary, TypeCounts};

    use crate::app::When;
    use crate::face::Face;

    #[test]
    fn a_summary_counts_by_type_and_says_what_is_in_quarantine() {
        let counts = TypeCounts {
            loaded: 1_200,
            updated: 3,
            ..TypeCounts::default()
        };
        let types = BTreeMap::from([
            ("Observation".to_owned(), counts),
            (
                "Patient".to_owned(),
                TypeCounts {
                    unchanged: 7,
                    ..TypeCounts::default()
                },
            ),
        ]);
        let loaded = LoadSummary {
            load: 2,
            snapshot: Some(5),
            types,
            quarantined: 2,
            resources: 1_212,
            bytes: 100_000,
            bytes_decompressed: 1_000_000,
            sources: 2,
            ..LoadSummary::default()
        };
        let face = Face::new(When::Never, false);
        insta::assert_snapshot!(super::text(&face, &loaded, Duration::from_millis(1_500)));
    }
}
