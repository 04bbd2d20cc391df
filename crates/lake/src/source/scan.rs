//! A small JSON scanner: finds where a value ends, and sees that brackets, commas, colons and
//! strings are in order.
//!
//! It takes bytes in pieces of any size, never looks back and keeps no more than a few words of
//! state, so a value of any length and depth can be passed over. What numbers and escapes look
//! like it leaves to the parser that reads the resource.

use std::fmt;

/// How many levels the scanner knows by kind. Below that it only counts; the limit for a resource
/// is far less, so such depth is refused anyway.
const LEVELS_KNOWN: u32 = 128;

/// The scan of one value.
#[derive(Debug, Clone)]
pub(super) struct ValueScan {
    state: State,
    depth: u32,
    deepest: u32,
    /// One bit a level, the innermost lowest: set for an object, clear for an array.
    objects: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Scalar,
    String(After),
    Escape(After),
    /// Deeper than [`LEVELS_KNOWN`].
    Deep,
    Done,
}

/// What a string is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Key,
    Value,
    Deep,
}

/// What a piece of text brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The value ended; so many bytes of the piece belong to it.
    Done(usize),
    /// The piece ended first.
    More,
    /// Not JSON, at this byte of the piece.
    Broken(usize, Fault),
}

/// Why text is not well-formed JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Something else was to come.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What was to come.
        expected: &'static str,
        /// What came.
        found: Found,
    },
    /// A line end inside a string.
    #[error("a line end inside a string")]
    LineEndInString,
    /// A member's name of more bytes than any name has.
    #[error("a name longer than {max} bytes")]
    NameTooLong {
        /// The limit in bytes.
        max: usize,
    },
    /// The end of the text in the middle of a value.
    #[error("the text ends where {expected} is expected")]
    End {
        /// What was to come.
        expected: &'static str,
    },
}

/// A byte, to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found(pub u8);

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            b'\n' => f.write_str("a line end"),
            printable @ b' '..=b'~' => write!(f, "`{}`", char::from(printable)),
            other => write!(f, "byte 0x{other:02x}"),
        }
    }
}

impl ValueScan {
    /// A scan that expects a value.
    pub(super) fn new() -> Self {
        Self {
            state: State::Value,
            depth: 0,
            deepest: 0,
            objects: 0,
        }
    }

    /// How deep the value is nested: 0 for a string, 1 for `{}`, 2 for `[{}]`.
    pub(super) fn deepest(&self) -> u32 {
        self.deepest
    }

    /// Takes the next piece.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Step {
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(&byte) = rest.first() else {
                return Step::More;
            };
            match self.state {
                State::String(after) => match in_string(rest) {
                    InString::More => return Step::More,
                    InString::LineEnd(n) => return Step::Broken(at + n, Fault::LineEndInString),
                    InString::Escape(n) => {
                        at += n;
                        self.state = State::Escape(after);
                    }
                    InString::End(n) => {
                        at += n;
                        self.string_ended(after);
                    }
                },
                State::Escape(after) => {
                    at += 1;
                    self.state = State::String(after);
                }
                State::Scalar => match rest.iter().position(|byte| !is_scalar(*byte)) {
                    None => return Step::More,
                    Some(n) => {
                        at += n;
                        self.value_ended();
                    }
                },
                State::Deep => {
                    at += 1;
                    self.deep(byte);
                }
                State::Done => return Step::Done(at),
                _ if is_space(byte) => at += blanks(rest),
                _ => match self.structure(byte) {
                    Ok(()) => at += 1,
                    Err(fault) => return Step::Broken(at, fault),
                },
            }
            if self.state == State::Done {
                return Step::Done(at);
            }
        }
    }

    /// Says that the text is at its end: a number at its very end is complete, else it is broken.
    pub(super) fn end(&self) -> Result<(), Fault> {
        if self.state == State::Done || (self.state == State::Scalar && self.depth == 0) {
            return Ok(());
        }
        Err(Fault::End {
            expected: self.expected(),
        })
    }

    fn structure(&mut self, byte: u8) -> Result<(), Fault> {
        use State::{Colon, CommaOrEnd, Key, KeyOrEnd, Scalar, Value, ValueOrEnd};
        match (self.state, byte) {
            (Key | KeyOrEnd, b'"') => self.state = State::String(After::Key),
            (Colon, b':') => self.state = Value,
            (Value | ValueOrEnd, b'"') => self.state = State::String(After::Value),
            (CommaOrEnd, b',') => self.state = if self.in_object() { Key } else { Value },
            (Value | ValueOrEnd, b'{') => self.open(true),
            (Value | ValueOrEnd, b'[') => self.open(false),
            (KeyOrEnd, b'}') | (ValueOrEnd, b']') => self.close(),
            (CommaOrEnd, b'}') if self.in_object() => self.close(),
            (CommaOrEnd, b']') if !self.in_object() => self.close(),
            (Value | ValueOrEnd, b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => self.state = Scalar,
            _ => {
                let expected = self.expected();
                return Err(Fault::Unexpected {
                    expected,
                    found: Found(byte),
                });
            }
        }
        Ok(())
    }

    fn deep(&mut self, byte: u8) {
        match byte {
            b'"' => self.state = State::String(After::Deep),
            b'{' | b'[' => {
                self.depth = self.depth.saturating_add(1);
                self.deepest = self.deepest.max(self.depth);
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth <= LEVELS_KNOWN {
                    self.state = State::CommaOrEnd;
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, object: bool) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if self.depth > LEVELS_KNOWN {
            self.state = State::Deep;
            return;
        }
        self.objects = self.objects << 1 | u128::from(object);
        self.state = if object {
            State::KeyOrEnd
        } else {
            State::ValueOrEnd
        };
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.objects >>= 1;
        self.value_ended();
    }

    fn string_ended(&mut self, after: After) {
        match after {
            After::Key => self.state = State::Colon,
            After::Value => self.value_ended(),
            After::Deep => self.state = State::Deep,
        }
    }

    fn value_ended(&mut self) {
        self.state = if self.depth == 0 {
            State::Done
        } else {
            State::CommaOrEnd
        };
    }

    fn in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    fn expected(&self) -> &'static str {
        match self.state {
            State::Value => "a value",
            State::ValueOrEnd => "a value or `]`",
            State::Key => "a name in double quotes",
            State::KeyOrEnd => "a name in double quotes or `}`",
            State::Colon => "`:`",
            State::CommaOrEnd if self.in_object() => "`,` or `}`",
            State::CommaOrEnd => "`,` or `]`",
            State::String(_) | State::Escape(_) => "the end of a string",
            State::Scalar | State::Deep | State::Done => "the end of a value",
        }
    }
}

enum InString {
    More,
    End(usize),
    Escape(usize),
    LineEnd(usize),
}

fn in_string(bytes: &[u8]) -> InString {
    // Most strings of FHIR are short: a call that pays off for long ones comes second.
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
    let near = bytes.get(..NEAR_BYTES).unwrap_or(bytes);
    let at = near.iter().position(ends).or_else(|| {
        let far = bytes.get(NEAR_BYTES..)?;
        memchr::memchr3(b'"', b'\\', b'\n', far).map(|at| NEAR_BYTES + at)
    });
    let Some(at) = at else { return InString::More };
    match bytes.get(at) {
        Some(b'"') => InString::End(at + 1),
        Some(b'\\') => InString::Escape(at + 1),
        _ => InString::LineEnd(at),
    }
}

/// How far a string is looked through byte by byte.
const NEAR_BYTES: usize = 16;

/// How much white space `bytes` begins with.
pub(super) fn blanks(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| !is_space(*byte))
        .unwrap_or(bytes.len())
}

fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// Whether `byte` is white space in JSON.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Result<usize, String> {
        let mut scan = ValueScan::new();
        match scan.feed(text.as_bytes()) {
            Step::Done(n) => Ok(n),
            Step::More => scan
                .end()
                .map(|()| text.len())
                .map_err(|fault| fault.to_string()),
            Step::Broken(at, fault) => Err(format!("{at}: {fault}")),
        }
    }

    fn by_bytes(text: &str) -> Result<usize, String> {
        let mut scan = ValueScan::new();
        for (at, byte) in text.bytes().enumerate() {
            match scan.feed(&[byte]) {
                Step::Done(n) => return Ok(at + n),
                Step::More => {}
                Step::Broken(_, fault) => return Err(format!("{at}: {fault}")),
            }
        }
        scan.end()
            .map(|()| text.len())
            .map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_value_ends_where_it_ends_however_it_is_cut() {
        let texts = [
            ("{}", 2),
            ("[] x", 2),
            (r#"{"a":[1,{"b":"}\"]"}],"c":null} ,"#, 31),
            (r#""a\\" "#, 5),
            ("12 ", 2),
            ("-1.5e3", 6),
            ("true,", 4),
        ];
        for (text, end) in texts {
            assert_eq!(whole(text), Ok(end), "{text}");
            assert_eq!(by_bytes(text), Ok(end), "{text}");
        }
    }

    #[test]
    fn broken_text_is_told_with_its_place() {
        let texts = [
            (
                r#"{"a":1,}"#,
                "7: expected a name in double quotes, found `}`",
            ),
            ("[1 2]", "3: expected `,` or `]`, found `2`"),
            (
                "{'a':1}",
                "1: expected a name in double quotes or `}`, found `'`",
            ),
            ("[NaN]", "1: expected a value or `]`, found `N`"),
            (r#"{"a"}"#, "4: expected `:`, found `}`"),
            (r#"{"a":1]"#, "6: expected `,` or `}`, found `]`"),
            ("[\"a\n\"]", "3: a line end inside a string"),
            (
                r#"{"a":"b"#,
                "the text ends where the end of a string is expected",
            ),
            (
                r#"{"a":1"#,
                "the text ends where the end of a value is expected",
            ),
        ];
        for (text, words) in texts {
            assert_eq!(whole(text), Err(words.to_owned()), "{text}");
            assert_eq!(by_bytes(text), Err(words.to_owned()), "{text}");
        }
    }

    #[test]
    fn any_depth_is_passed_over_and_counted() {
        let levels = 100_000;
        let text = format!(
            "{}{}{}",
            "[{\"a\":".repeat(levels),
            "1",
            "}]".repeat(levels)
        );
        let mut scan = ValueScan::new();
        assert_eq!(scan.feed(text.as_bytes()), Step::Done(text.len()));
        assert_eq!(scan.deepest() as usize, 2 * levels);
    }
}
