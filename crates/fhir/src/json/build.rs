//! Builds the tape: a strict JSON parser (RFC 8259) that keeps positions only.

use super::JsonError;
use super::tape::{Entry, Kind, SIZE_BYTES_MAX, narrow, wide};
use super::text;

pub(super) fn build(text: &str, depth_max: usize) -> Result<Vec<Entry>, JsonError> {
    let size_bytes = text.len() as u64;
    if size_bytes > SIZE_BYTES_MAX {
        return Err(JsonError::TooLong {
            size_bytes,
            size_bytes_max: SIZE_BYTES_MAX,
        });
    }
    // Records have about an entry for every ten bytes.
    let tape = Vec::with_capacity(text.len() / 10 + 8);
    let mut builder = Builder {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tape,
        keys: Vec::new(),
    };
    builder.value(depth_max, depth_max)?;
    builder.space();
    match builder.peek() {
        None => Ok(builder.tape),
        Some(_) => Err(JsonError::Trailing {
            offset: builder.offset(),
        }),
    }
}

struct Builder<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    tape: Vec<Entry>,
    /// The keys of the object being closed; kept to spare allocations.
    keys: Vec<Entry>,
}

impl Builder<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn offset(&self) -> u64 {
        self.at as u64
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn unexpected(&self, expected: &'static str) -> JsonError {
        match self.peek() {
            Some(found) => JsonError::UnexpectedByte {
                offset: self.offset(),
                found,
                expected,
            },
            None => JsonError::UnexpectedEnd {
                offset: self.offset(),
            },
        }
    }

    fn take(&mut self, wanted: u8, expected: &'static str) -> Result<(), JsonError> {
        if self.peek() != Some(wanted) {
            return Err(self.unexpected(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// `depth` levels of arrays and objects are left: recursion is bounded by it.
    fn value(&mut self, depth: usize, depth_max: usize) -> Result<(), JsonError> {
        self.space();
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{' | b'[') if depth == 0 => Err(JsonError::TooDeep {
                offset: self.offset(),
                depth_max,
            }),
            Some(b'{') => self.object(depth - 1, depth_max),
            Some(b'[') => self.array(depth - 1, depth_max),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Kind::True),
            Some(b'f') => self.word("false", Kind::False),
            Some(b'n') => self.word("null", Kind::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let next = narrow(self.tape.len() + 1);
        self.tape.push(Entry {
            kind,
            start: narrow(start),
            end: narrow(end),
            next,
        });
    }

    /// Ends the array or object whose entry is at `index`.
    fn close(&mut self, index: usize) {
        let next = narrow(self.tape.len());
        if let Some(entry) = self.tape.get_mut(index) {
            entry.end = narrow(self.at);
            entry.next = next;
        }
    }

    fn word(&mut self, word: &'static str, kind: Kind) -> Result<(), JsonError> {
        let start = self.at;
        for letter in word.bytes() {
            self.take(letter, word)?;
        }
        self.push(kind, start, self.at);
        Ok(())
    }

    fn string(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        let start = self.at;
        let mut kind = Kind::Plain;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let plain = rest
                .iter()
                .position(|b| matches!(b, b'"' | b'\\' | 0..=0x1F));
            self.at += plain.unwrap_or(rest.len());
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    kind = Kind::Escaped;
                    let escape = text::escape(self.bytes.get(self.at..).unwrap_or_default());
                    let wrong = JsonError::BadEscape {
                        offset: self.offset(),
                    };
                    self.at += escape.ok_or(wrong)?.size_bytes;
                }
                Some(_) => {
                    return Err(JsonError::ControlCharacter {
                        offset: self.offset(),
                    });
                }
                None => {
                    return Err(JsonError::UnexpectedEnd {
                        offset: self.offset(),
                    });
                }
            }
        }
        self.push(kind, start, self.at);
        self.at += 1;
        Ok(())
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        let wrong = JsonError::BadNumber {
            offset: self.offset(),
        };
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        let digits = self.digits();
        if digits == 0 || (leading_zero && digits > 1) {
            return Err(wrong);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(wrong);
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(wrong);
            }
        }
        self.push(Kind::Number, start, self.at);
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    fn array(&mut self, depth: usize, depth_max: usize) -> Result<(), JsonError> {
        let index = self.tape.len();
        self.push(Kind::Array, self.at, self.at);
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            self.close(index);
            return Ok(());
        }
        loop {
            self.value(depth, depth_max)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.unexpected("`,` or `]`")),
            }
        }
        self.at += 1;
        self.close(index);
        Ok(())
    }

    fn object(&mut self, depth: usize, depth_max: usize) -> Result<(), JsonError> {
        let index = self.tape.len();
        self.push(Kind::Object, self.at, self.at);
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.close(index);
            return Ok(());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a key"));
            }
            self.string()?;
            self.space();
            self.take(b':', "`:`")?;
            self.value(depth, depth_max)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.unexpected("`,` or `}`")),
            }
        }
        self.at += 1;
        self.close(index);
        self.keys_are_unique(index)
    }

    /// Looks for a key that stands twice in the object whose entry is at `index`.
    fn keys_are_unique(&mut self, index: usize) -> Result<(), JsonError> {
        self.keys.clear();
        let mut at = index + 1;
        while let Some(key) = self.tape.get(at) {
            self.keys.push(*key);
            let value = self.tape.get(wide(key.next));
            at = value.map_or(usize::MAX, |value| wide(value.next));
        }
        match self.duplicate() {
            None => Ok(()),
            Some(key) => Err(JsonError::DuplicateKey {
                offset: u64::from(key.start.saturating_sub(1)),
                key: text::unescape(self.slice(key)).into_owned(),
            }),
        }
    }

    fn duplicate(&mut self) -> Option<Entry> {
        const PAIRWISE_MAX: usize = 24;
        let (text, escaped) = (self.text, self.keys.iter().any(|k| k.kind == Kind::Escaped));
        let name = |key: &Entry| text.get(wide(key.start)..wide(key.end)).unwrap_or("");
        if self.keys.len() <= PAIRWISE_MAX && !escaped {
            let mut rest = self.keys.as_slice();
            while let Some((last, before)) = rest.split_last() {
                if before.iter().any(|k| name(k) == name(last)) {
                    return Some(*last);
                }
                rest = before;
            }
            return None;
        }
        let value = |key: &Entry| text::unescape(name(key));
        self.keys
            .sort_by(|a, b| value(a).cmp(&value(b)).then(a.start.cmp(&b.start)));
        let mut pairs = self.keys.windows(2);
        pairs.find_map(|pair| match pair {
            [a, b] if value(a) == value(b) => Some(*b),
            _ => None,
        })
    }

    fn slice(&self, entry: Entry) -> &str {
        self.text
            .get(wide(entry.start)..wide(entry.end))
            .unwrap_or("")
    }
}
