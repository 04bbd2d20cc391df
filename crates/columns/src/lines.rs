//! Lines of NDJSON in memory, and what type of resource a line holds, without reading it.

use crate::cursor::{Cursor, JsonError};
use crate::structure::Structure;

/// One line, without its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Byte offset of the line in the text.
    pub offset: usize,
    /// The line.
    pub bytes: &'a [u8],
}

/// The lines of a text, those that hold only white space left out. The last one need not end.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Lines<'a> {
    /// The lines of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        while !self.bytes.is_empty() {
            let offset = self.offset;
            let end = memchr::memchr(b'\n', self.bytes);
            let (line, rest) = self
                .bytes
                .split_at_checked(end.map_or(self.bytes.len(), |end| end + 1))?;
            (self.bytes, self.offset) = (rest, offset + line.len());
            let bytes = line.trim_ascii_end();
            if !bytes.trim_ascii_start().is_empty() {
                return Some(Line { offset, bytes });
            }
        }
        None
    }
}

/// Where the last line that ends in `bytes` ends: what follows is to be read again with what comes next.
/// `None` when no line ends.
#[must_use]
pub fn last_line_end(bytes: &[u8]) -> Option<usize> {
    memchr::memrchr(b'\n', bytes).map(|at| at + 1)
}

/// The `resourceType` of a JSON text, as it stands there: R4 may not know it. `None` when it is no object that has
/// one, or has one that is no string. Nearly always it is the first key, and nothing else is looked at; what comes
/// before it is passed over by its strings and brackets.
///
/// # Errors
/// When the text is found not to be JSON before the type is.
pub fn resource_type<'s>(
    text: &'s str,
    scratch: &'s mut String,
) -> Result<Option<&'s str>, JsonError> {
    if let Some(name) = first_resource_type(text) {
        return Ok(Some(name));
    }
    let mut structure = Structure::default();
    structure.read(text.as_bytes());
    resource_type_among(text, &structure, scratch)
}

/// The type wherever it stands, in a text whose strings and brackets are known.
pub(crate) fn resource_type_among<'s>(
    text: &'s str,
    structure: &Structure,
    scratch: &'s mut String,
) -> Result<Option<&'s str>, JsonError> {
    let mut cursor = Cursor::new(text);
    if cursor.peek() != b'{' {
        return Ok(None);
    }
    cursor.expect(b'{')?;
    let mut first = true;
    loop {
        let is_type = match cursor.next_key(first, scratch)? {
            None => return Ok(None),
            Some(key) => key == "resourceType",
        };
        first = false;
        if is_type {
            return match cursor.peek() {
                b'"' => cursor.string(scratch).map(Some),
                _ => Ok(None),
            };
        }
        cursor.skip(structure)?;
    }
}

/// The type where it stands first and without escapes.
#[inline]
pub(crate) fn first_resource_type(text: &str) -> Option<&str> {
    let after = text
        .strip_prefix("{\"resourceType\":\"")
        .or_else(|| text.strip_prefix("{\"resourceType\": \""))?;
    let end = after
        .bytes()
        .position(|byte| !byte.is_ascii_alphanumeric())?;
    let (name, rest) = after.split_at_checked(end)?;
    rest.starts_with('"').then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor::JsonFault;

    #[test]
    fn lines_have_their_offsets_and_empty_ones_are_left_out() {
        let lines: Vec<_> = Lines::new(b"{\"a\":1}\r\n\n  \n{}\nlast").collect();
        let offsets: Vec<_> = lines.iter().map(|line| line.offset).collect();
        let texts: Vec<_> = lines.iter().map(|line| line.bytes).collect();
        assert_eq!(offsets, [0, 13, 16]);
        assert_eq!(texts, [b"{\"a\":1}".as_slice(), b"{}", b"last"]);
        assert_eq!(last_line_end(b"a\nb\nc"), Some(4));
        assert_eq!(last_line_end(b"abc"), None);
    }

    #[test]
    fn the_type_is_found_wherever_it_stands() {
        let mut scratch = String::new();
        for (text, name) in [
            (r#"{"resourceType":"Patient","id":"#, Some("Patient")),
            (r#"{"resourceType": "Patient"}"#, Some("Patient")),
            (
                r#" { "id" : "a\"}", "x": {"resourceType": "No", "y": ["}"]}, "resourceType" : "Patient""#,
                Some("Patient"),
            ),
            (r#"{"resource\u0054ype":"P\u0061tient"}"#, Some("Patient")),
            (r#"{"resourceType":5}"#, None),
            (r#"{"id":"a"}"#, None),
            (r#"[{"resourceType":"Patient"}]"#, None),
            ("", None),
        ] {
            assert_eq!(resource_type(text, &mut scratch).unwrap(), name, "{text}");
        }
        let error = resource_type(r#"{"id":"a"#, &mut scratch).unwrap_err();
        assert_eq!(error.fault, JsonFault::End);
    }
}
