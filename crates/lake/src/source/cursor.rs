//! Walking over JSON text that lies in memory: members of objects and items of arrays, each seen
//! once and without a tree.

use std::borrow::Cow;
use std::ops::Range;

use super::scan::{Fault, Found, Step, ValueScan, is_space};

/// Where and why the text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken {
    /// Byte of the text.
    pub(super) at: usize,
    pub(super) fault: Fault,
}

/// A value that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passed {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// Its depth: 0 for a string, 1 for `{}`.
    pub(super) depth: u32,
}

/// A place in JSON text.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8], at: usize) -> Self {
        Self { text, at }
    }

    /// Where the cursor stands.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Bytes of the text that `range` marks.
    pub(super) fn slice(&self, range: &Range<usize>) -> &'a [u8] {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Where the next byte that is no white space lies, and which it is.
    pub(super) fn peek(&mut self) -> Option<(usize, u8)> {
        while let Some(&byte) = self.text.get(self.at) {
            if !is_space(byte) {
                return Some((self.at, byte));
            }
            self.at += 1;
        }
        None
    }

    /// Passes over one value.
    pub(super) fn pass(&mut self) -> Result<Passed, Broken> {
        let start = self.peek().map_or(self.at, |(at, _)| at);
        let mut scan = ValueScan::new();
        let end = match scan.feed(self.text.get(start..).unwrap_or_default()) {
            Step::Done(length) => start + length,
            Step::Broken(at, fault) => {
                return Err(Broken {
                    at: start + at,
                    fault,
                });
            }
            Step::More => {
                let at = self.text.len();
                scan.end().map_err(|fault| Broken { at, fault })?;
                at
            }
        };
        self.at = end;
        Ok(Passed {
            range: start..end,
            depth: scan.deepest(),
        })
    }

    /// Passes over one value that does not matter.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        self.pass().map(|_| ())
    }

    /// Passes over a value and gives its text if it is a string.
    pub(super) fn string(&mut self) -> Result<Option<Cow<'a, str>>, Broken> {
        let passed = self.pass()?;
        Ok(self.string_at(&passed.range))
    }

    /// The text of the value at `range` if it is a string.
    pub(super) fn string_at(&self, range: &Range<usize>) -> Option<Cow<'a, str>> {
        string_of(self.slice(range))
    }

    /// Sees that nothing comes any more.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("nothing more")),
        }
    }

    /// Walks over the members of an object. `visit` gets each name as written, between the
    /// quotes, and must pass over the value.
    pub(super) fn members(
        &mut self,
        mut visit: impl FnMut(&mut Self, &'a [u8]) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.expect(b'{', "`{`")?;
        if self.took(b'}') {
            return Ok(());
        }
        loop {
            if !matches!(self.peek(), Some((_, b'"'))) {
                return Err(self.unexpected("a name in double quotes"));
            }
            let name = self.pass()?.range;
            self.expect(b':', "`:`")?;
            visit(self, self.slice(&(name.start + 1..name.end - 1)))?;
            if self.took(b'}') {
                return Ok(());
            }
            self.expect(b',', "`,` or `}`")?;
        }
    }

    /// Walks over the items of an array. `visit` must pass over the item.
    pub(super) fn items(
        &mut self,
        mut visit: impl FnMut(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.expect(b'[', "`[`")?;
        if self.took(b']') {
            return Ok(());
        }
        loop {
            visit(self)?;
            if self.took(b']') {
                return Ok(());
            }
            self.expect(b',', "`,` or `]`")?;
        }
    }

    fn took(&mut self, wanted: u8) -> bool {
        let is_wanted = matches!(self.peek(), Some((_, byte)) if byte == wanted);
        self.at += usize::from(is_wanted);
        is_wanted
    }

    fn expect(&mut self, wanted: u8, expected: &'static str) -> Result<(), Broken> {
        if self.took(wanted) {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    fn unexpected(&mut self, expected: &'static str) -> Broken {
        let fault = match self.peek() {
            Some((_, found)) => Fault::Unexpected {
                expected,
                found: Found(found),
            },
            None => Fault::End { expected },
        };
        Broken { at: self.at, fault }
    }
}

/// The text of a JSON string; nothing if `json` is none, or its escapes or UTF-8 are wrong.
pub(super) fn string_of(json: &[u8]) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if memchr::memchr(b'\\', inner).is_none() {
        return std::str::from_utf8(inner).ok().map(Cow::Borrowed);
    }
    serde_json::from_slice(json).ok().map(Cow::Owned)
}

/// The `resourceType` of the object that `json` begins with, if it has one before it breaks off.
pub(super) fn resource_type(json: &[u8]) -> Option<Cow<'_, str>> {
    let mut found = None;
    let mut cursor = Cursor::new(json, 0);
    // Stops at the first `resourceType`, by an error that nobody sees.
    let stop = Broken {
        at: 0,
        fault: Fault::LineEndInString,
    };
    let _ = cursor.members(|cursor, name| {
        if name == b"resourceType" {
            found = cursor.string()?;
            return Err(stop);
        }
        cursor.skip()
    });
    found
}

/// Whether the object that `json` begins with, and that breaks off, is a Bundle: it says so, or says
/// nothing yet and has entries (where members are sorted, `entry` comes before `resourceType`).
pub(super) fn was_to_be_bundle(json: &[u8]) -> bool {
    let (mut resource_type, mut has_entries) = (None, false);
    // The text breaks off somewhere; what was seen before counts.
    let _ = Cursor::new(json, 0).members(|cursor, name| match name {
        b"resourceType" => {
            resource_type = cursor.string()?;
            Ok(())
        }
        b"entry" => {
            has_entries = matches!(cursor.peek(), Some((_, b'[')));
            cursor.skip()
        }
        _ => cursor.skip(),
    });
    resource_type.map_or(has_entries, |name| name == "Bundle")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_type_is_found_wherever_it_stands() {
        let of = |text: &'static str| resource_type(text.as_bytes()).map(Cow::into_owned);
        assert_eq!(
            of(r#"{"resourceType":"Patient"}"#).as_deref(),
            Some("Patient")
        );
        assert_eq!(
            of(r#" { "a" : [ ] , "resourceType" : "Bun\u0064le" "#).as_deref(),
            Some("Bundle")
        );
        assert_eq!(of(r#"{"a":{"resourceType":"Patient"}}"#), None);
        assert_eq!(of(r#"{"resourceType":1}"#), None);
        assert_eq!(of("[]"), None);
    }

    #[test]
    fn members_and_items_break_where_the_text_does() {
        let walk = |text: &str| {
            Cursor::new(text.as_bytes(), 0)
                .members(|cursor, _| cursor.items(Cursor::skip))
                .map_err(|broken| format!("{}: {}", broken.at, broken.fault))
        };
        assert_eq!(walk(r#"{ "a" : [ 1 , 2 ] , "b":[] }"#), Ok(()));
        assert_eq!(walk("{}"), Ok(()));
        assert_eq!(
            walk(r#"{"a":[1,]}"#),
            Err("8: expected a value, found `]`".to_owned())
        );
        assert_eq!(
            walk(r#"{"a":[1}"#),
            Err("7: expected `,` or `]`, found `}`".to_owned())
        );
        assert_eq!(
            walk(r#"{"a":[]"#),
            Err("7: the text ends where `,` or `}` is expected".to_owned())
        );
        assert_eq!(
            walk(r#"{a:1}"#),
            Err("1: expected a name in double quotes, found `a`".to_owned())
        );
    }
}
