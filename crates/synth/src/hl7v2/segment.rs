//! Writes the segments of HL7 v2 messages: fields by number, escapes, types.
//!
//! HL7 v2.5.1 §2.5 (delimiters), §2.7 (escape sequences), §2A (data types).

use std::fmt::Write as _;

use crate::calendar::{Day, Moment, civil};

/// The text of one message under construction.
///
/// Fields are filled in rising order; those left out stay empty, and so do those at the end of a segment.
#[derive(Debug, Default)]
pub(super) struct Segments {
    text: String,
    /// The field that the pen stands in.
    field: usize,
    offset_minutes: i32,
}

impl Segments {
    /// An empty message whose times carry the given offset from UTC.
    pub(super) fn new(offset_minutes: i32) -> Segments {
        Segments {
            text: String::with_capacity(1024),
            field: 0,
            offset_minutes,
        }
    }

    /// The text: every segment ends with a carriage return.
    pub(super) fn finish(mut self) -> String {
        self.end();
        self.text
    }

    /// Begins a segment. `MSH` also gets its delimiters (MSH-1 and MSH-2).
    pub(super) fn segment(&mut self, name: &str) -> &mut Segments {
        self.end();
        self.text.push_str(name);
        self.field = 0;
        if matches!(name, "MSH" | "FHS" | "BHS") {
            self.text.push_str("|^~\\&");
            self.field = 2;
        }
        self
    }

    fn end(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\r');
        }
    }

    /// Moves to field `number`.
    fn to(&mut self, number: usize) {
        while self.field < number {
            self.text.push('|');
            self.field += 1;
        }
    }

    /// A field with one value.
    pub(super) fn put(&mut self, number: usize, value: &str) -> &mut Segments {
        self.components(number, &[value])
    }

    /// A field with components; empty ones at the end are left out.
    pub(super) fn components(&mut self, number: usize, values: &[&str]) -> &mut Segments {
        self.to(number);
        let filled = values.iter().rposition(|v| !v.is_empty());
        for (at, value) in values.iter().enumerate() {
            if filled.is_none_or(|last| at > last) {
                break;
            }
            if at > 0 {
                self.text.push('^');
            }
            escape(value, &mut self.text);
        }
        self
    }

    /// A number.
    pub(super) fn number(&mut self, number: usize, value: impl std::fmt::Display) -> &mut Segments {
        self.to(number);
        // Writing to a String cannot fail.
        let _infallible = write!(self.text, "{value}");
        self
    }

    /// A time (DTM) with the offset from UTC.
    pub(super) fn time(&mut self, number: usize, at: Moment) -> &mut Segments {
        self.to(number);
        self.text.push_str(&time_text(at, self.offset_minutes));
        self
    }

    /// A date (DT).
    pub(super) fn date(&mut self, number: usize, day: Day) -> &mut Segments {
        self.to(number);
        self.text.push_str(&date_text(day));
        self
    }
}

/// `20261125093000-0500`.
pub(super) fn time_text(at: Moment, offset_minutes: i32) -> String {
    let sign = if offset_minutes < 0 { '-' } else { '+' };
    let offset = offset_minutes.abs();
    format!(
        "{}{:02}{:02}00{sign}{:02}{:02}",
        date_text(at.day),
        at.minute / 60,
        at.minute % 60,
        offset / 60,
        offset % 60
    )
}

/// `20261125`.
fn date_text(day: Day) -> String {
    let (year, month, date) = civil(day);
    format!("{year:04}{month:02}{date:02}")
}

/// Writes a value with the delimiters escaped and control characters as hexadecimal.
fn escape(value: &str, out: &mut String) {
    for letter in value.chars() {
        match letter {
            '\\' => out.push_str("\\E\\"),
            '|' => out.push_str("\\F\\"),
            '^' => out.push_str("\\S\\"),
            '&' => out.push_str("\\T\\"),
            '~' => out.push_str("\\R\\"),
            '\n' => out.push_str("\\.br\\"),
            control if control < ' ' => {
                // Writing to a String cannot fail.
                let _infallible = write!(out, "\\X{:02X}\\", u32::from(control));
            }
            plain => out.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::from_civil;

    #[test]
    fn fields_stand_at_their_numbers_and_segments_end_with_a_carriage_return() {
        let mut m = Segments::new(-300);
        m.segment("MSH").put(3, "LAB").put(10, "7");
        m.segment("PID")
            .number(1, 1)
            .components(3, &["17", "", "", "MRN", ""]);
        m.put(5, "");
        assert_eq!(m.finish(), "MSH|^~\\&|LAB|||||||7\rPID|1||17^^^MRN||\r");
    }

    #[test]
    fn delimiters_in_values_are_escaped() {
        let mut m = Segments::new(0);
        m.segment("OBX").put(5, "a|b^c&d~e\\f\rg\nh");
        assert_eq!(
            m.finish(),
            "OBX|||||a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\X0D\\g\\.br\\h\r"
        );
    }

    #[test]
    fn times_carry_seconds_and_offset() {
        let at = Moment {
            day: from_civil(2026, 3, 4),
            minute: 605,
        };
        assert_eq!(time_text(at, -300), "20260304100500-0500");
        assert_eq!(time_text(at, 330), "20260304100500+0530");
    }
}
