//! A small writer of JSON text: no tree, one buffer reused for every resource.

use std::fmt::Write as _;

use crate::calendar::{self, Day, Moment};

/// Writes one JSON object after another into the same buffer.
///
/// The writer puts commas by looking at the last byte, so members can be left out freely.
/// Keys are ours and are not escaped; values are.
#[derive(Debug, Default)]
pub struct Json {
    out: String,
    offset_minutes: i32,
}

/// A number with a fixed count of decimals: `units` × 10^-`digits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fixed {
    /// The digits without the point.
    pub units: i64,
    /// Decimals.
    pub digits: u8,
}

impl Fixed {
    /// Rounds half away from zero to `digits` decimals.
    #[must_use]
    pub fn round(value: f64, digits: u8) -> Fixed {
        let scaled = (value * 10f64.powi(i32::from(digits))).round();
        // Clinical values are far inside i64; anything else saturates.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturating by definition of `as`"
        )]
        let units = scaled as i64;
        Fixed { units, digits }
    }

    /// The value as a float, for comparisons.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "clinical values have few digits"
    )]
    pub fn value(self) -> f64 {
        self.units as f64 / 10f64.powi(i32::from(self.digits))
    }
}

impl std::fmt::Display for Fixed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Fixed { units, digits } = *self;
        let scale = 10i64.pow(u32::from(digits.min(17)));
        let sign = if units < 0 { "-" } else { "" };
        let (whole, rest) = (units.abs() / scale, units.abs() % scale);
        write!(f, "{sign}{whole}")?;
        if digits > 0 {
            write!(f, ".{rest:0width$}", width = usize::from(digits))?;
        }
        Ok(())
    }
}

impl Json {
    /// A writer for date-times at the given offset from UTC, in minutes.
    #[must_use]
    pub fn new(offset_minutes: i32) -> Json {
        Json {
            out: String::new(),
            offset_minutes,
        }
    }

    /// Exchanges the text being written with another, to write at the end of that one.
    pub fn swap(&mut self, text: &mut String) {
        std::mem::swap(&mut self.out, text);
    }

    /// Writes one object and a line end behind what is there.
    pub fn object(&mut self, body: impl FnOnce(&mut Json)) {
        self.braces(body);
        self.out.push('\n');
    }

    /// A member whose value is an object.
    pub fn obj(&mut self, key: &str, body: impl FnOnce(&mut Json)) {
        self.key(key);
        self.braces(body);
    }

    /// A member whose value is an array; fill it with [`Json::item`].
    pub fn arr(&mut self, key: &str, body: impl FnOnce(&mut Json)) {
        self.key(key);
        self.out.push('[');
        body(self);
        self.out.push(']');
    }

    /// An object in an array.
    pub fn item(&mut self, body: impl FnOnce(&mut Json)) {
        self.comma();
        self.braces(body);
    }

    /// A member whose value is an array of one object.
    pub fn one(&mut self, key: &str, body: impl FnOnce(&mut Json)) {
        self.arr(key, |j| j.item(body));
    }

    /// A text in an array.
    pub fn text_item(&mut self, value: &str) {
        self.comma();
        self.quoted(value);
    }

    /// A text in an array, made of parts.
    pub fn parts_item(&mut self, parts: &[&str]) {
        self.comma();
        self.out.push('"');
        for part in parts {
            self.escaped(part);
        }
        self.out.push('"');
    }

    /// A text member.
    pub fn str(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quoted(value);
    }

    /// A text member made of parts, without building it first.
    pub fn parts(&mut self, key: &str, parts: &[&str]) {
        self.key(key);
        self.out.push('"');
        for part in parts {
            self.escaped(part);
        }
        self.out.push('"');
    }

    /// A true or false member.
    pub fn bool(&mut self, key: &str, value: bool) {
        self.key(key);
        self.out.push_str(if value { "true" } else { "false" });
    }

    /// A whole number member.
    pub fn int(&mut self, key: &str, value: i64) {
        self.key(key);
        let _infallible = write!(self.out, "{value}");
    }

    /// A number member with fixed decimals.
    pub fn fixed(&mut self, key: &str, value: Fixed) {
        self.key(key);
        self.write_fixed(value);
    }

    /// A date member.
    pub fn date(&mut self, key: &str, day: Day) {
        self.key(key);
        self.out.push('"');
        calendar::write_date(&mut self.out, day);
        self.out.push('"');
    }

    /// A date-time member.
    pub fn date_time(&mut self, key: &str, at: Moment) {
        self.key(key);
        self.out.push('"');
        calendar::write_date_time(&mut self.out, at, self.offset_minutes);
        self.out.push('"');
    }

    /// A member whose value is an array of whole numbers.
    pub fn numbers(&mut self, key: &str, values: &[i64]) {
        self.arr(key, |j| {
            for value in values {
                j.comma();
                let _infallible = write!(j.out, "{value}");
            }
        });
    }

    fn write_fixed(&mut self, value: Fixed) {
        let _infallible = write!(self.out, "{value}");
    }

    fn key(&mut self, key: &str) {
        self.comma();
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
    }

    fn comma(&mut self) {
        if !matches!(self.out.as_bytes().last(), None | Some(b'{' | b'[')) {
            self.out.push(',');
        }
    }

    fn braces(&mut self, body: impl FnOnce(&mut Json)) {
        self.out.push('{');
        body(self);
        self.out.push('}');
    }

    fn quoted(&mut self, value: &str) {
        self.out.push('"');
        self.escaped(value);
        self.out.push('"');
    }

    fn escaped(&mut self, value: &str) {
        if !value.bytes().any(|b| b < 0x20 || b == b'"' || b == b'\\') {
            self.out.push_str(value);
            return;
        }
        for c in value.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                c if u32::from(c) < 0x20 => {
                    let _infallible = write!(self.out, "\\u{:04x}", u32::from(c));
                }
                c => self.out.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writer_puts_commas_and_escapes() {
        let mut j = Json::new(0);
        j.object(|j| {
            j.str("a", "x\"\\\n");
            j.arr("b", |j| {
                j.item(|j| j.int("c", 1));
                j.item(|_| {});
            });
            j.fixed("d", Fixed::round(-0.05, 2));
            j.parts("e", &["Patient/", "p1"]);
        });
        let mut text = String::new();
        j.swap(&mut text);
        assert_eq!(
            text.trim_end(),
            r#"{"a":"x\"\\\u000a","b":[{"c":1},{}],"d":-0.05,"e":"Patient/p1"}"#
        );
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn fixed_numbers_keep_their_digits() {
        assert_eq!(
            Fixed::round(7.05, 1),
            Fixed {
                units: 71,
                digits: 1
            }
        );
        assert_eq!(Fixed::round(1.2, 2).value(), 1.2);
    }
}
