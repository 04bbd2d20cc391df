//! Batch wrappers: file and batch headers and trailers (HL7 v2.5.1 §2.10.3).

use super::segment::Segments;
use crate::calendar::{Moment, from_civil};

/// FHS and BHS of a file with the messages of one month. They carry the first day of that month, not the day
/// on which the file was made: the same options give the same bytes.
#[must_use]
pub fn batch_begin((year, month): (i32, i32)) -> String {
    let at = Moment {
        day: from_civil(year, month, 1),
        minute: 0,
    };
    let name = format!("{year:04}-{month:02}");
    let mut m = Segments::new(0);
    for segment in ["FHS", "BHS"] {
        m.segment(segment)
            .put(3, "SALUS-SYNTH")
            .time(7, at)
            .put(9, &name);
    }
    m.finish()
}

/// BTS and FTS of a file with so many messages.
#[must_use]
pub fn batch_end(messages: u64) -> String {
    let mut m = Segments::new(0);
    m.segment("BTS").number(1, messages);
    m.segment("FTS").number(1, 1);
    m.finish()
}
