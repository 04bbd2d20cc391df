//! A strict JSON cursor over text that is known to be UTF-8.
//!
//! The loader reads every resource once, straight into columns. For that it needs what a general parser
//! does not give together: the raw text of any value (decimals keep their digits, unknown elements keep
//! everything), strings borrowed when they hold no escape, and a byte offset for every fault. The grammar is
//! RFC 8259; what it forbids is an error here (control characters in strings, lone surrogates, leading zeros,
//! trailing commas, comments).

mod skip;

use thiserror::Error;

use crate::key::WrittenKey;

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{fault} at byte {at}")]
pub struct JsonError {
    /// Byte offset in the text.
    pub at: usize,
    /// What is wrong there.
    pub fault: JsonFault,
}

/// The ways in which a text can fail to be JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JsonFault {
    /// The text ends inside a value.
    #[error("the text ends inside a value")]
    End,
    /// A byte that no JSON value can have here.
    #[error("a character that JSON does not allow here")]
    Unexpected,
    /// A raw control character inside a string.
    #[error("a control character inside a string")]
    Control,
    /// An escape that JSON does not define.
    #[error("an escape that JSON does not define")]
    Escape,
    /// Half of a UTF-16 surrogate pair.
    #[error("half of a surrogate pair (`\\uD800`–`\\uDFFF` alone)")]
    Surrogate,
    /// A number not written as RFC 8259 §6 asks.
    #[error("a number that is not written as JSON asks")]
    Number,
    /// Nested deeper than the limit.
    #[error("nesting deeper than the limit")]
    Depth,
    /// The same key twice in one object.
    #[error("the same key twice in one object")]
    DuplicateKey,
    /// Text after the end of the value.
    #[error("text after the end of the value")]
    Trailing,
}

/// A place in a JSON text.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    /// The byte offset of the cursor.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// An error at the cursor.
    pub fn fail<T>(&self, fault: JsonFault) -> Result<T, JsonError> {
        Err(JsonError { at: self.at, fault })
    }

    /// Skips white space and gives the next byte without taking it; 0 at the end.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(&byte) => return byte,
                None => return 0,
            }
        }
    }

    /// Takes `byte`, after white space.
    #[inline]
    pub fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek() == byte && self.at < self.bytes.len() {
            self.at += 1;
            return Ok(());
        }
        self.fail(self.end_or_unexpected())
    }

    fn end_or_unexpected(&self) -> JsonFault {
        if self.at >= self.bytes.len() {
            JsonFault::End
        } else {
            JsonFault::Unexpected
        }
    }

    /// Checks that nothing but white space follows.
    pub fn finish(&mut self) -> Result<(), JsonError> {
        self.peek();
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            self.fail(JsonFault::Trailing)
        }
    }

    /// The text between two offsets of this cursor.
    #[inline]
    #[must_use]
    pub fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or("")
    }

    /// After `{` or a member: the next key, or `None` at `}`. `first` says which.
    #[inline]
    pub fn next_key<'s>(
        &mut self,
        first: bool,
        scratch: &'s mut String,
    ) -> Result<Option<&'s str>, JsonError>
    where
        'a: 's,
    {
        match self.peek() {
            b'}' => {
                self.at += 1;
                return Ok(None);
            }
            b',' if !first => {
                self.at += 1;
                if self.peek() != b'"' {
                    return self.fail(self.end_or_unexpected());
                }
            }
            b'"' if first => {}
            _ => return self.fail(self.end_or_unexpected()),
        }
        let key = self.string(scratch)?;
        self.expect(b':')?;
        Ok(Some(key))
    }

    /// After `{` or a member: takes the key written as `"name":`, without any white space, if that is what follows.
    #[inline]
    pub(crate) fn take_key(&mut self, first: bool, written: &WrittenKey) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let rest = match (first, rest.split_first()) {
            (true, _) => rest,
            (false, Some((b',', rest))) => rest,
            (false, _) => return false,
        };
        let found = written.begins(rest);
        if found {
            self.at += usize::from(!first) + written.len();
        }
        found
    }

    /// After `[` or an item: whether another item follows (the cursor is then on it), or `]` was taken.
    #[inline]
    pub fn next_item(&mut self, first: bool) -> Result<bool, JsonError> {
        match self.peek() {
            b']' => {
                self.at += 1;
                Ok(false)
            }
            b',' if !first => {
                self.at += 1;
                if self.peek() == b']' {
                    self.fail(JsonFault::Unexpected)
                } else {
                    Ok(true)
                }
            }
            _ if first => Ok(true),
            _ => self.fail(self.end_or_unexpected()),
        }
    }

    /// A string: borrowed from the text when it holds no escape, else decoded into `scratch`.
    #[inline]
    pub fn string<'s>(&mut self, scratch: &'s mut String) -> Result<&'s str, JsonError>
    where
        'a: 's,
    {
        self.expect(b'"')?;
        let start = self.at;
        self.at = plain_end(self.bytes, start);
        if self.bytes.get(self.at) == Some(&b'"') {
            let text = self.slice(start, self.at);
            self.at += 1;
            return Ok(text);
        }
        self.escaped_string(start, scratch)
    }

    fn escaped_string<'s>(
        &mut self,
        start: usize,
        scratch: &'s mut String,
    ) -> Result<&'s str, JsonError> {
        scratch.clear();
        let mut from = start;
        loop {
            scratch.push_str(self.slice(from, self.at));
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(scratch);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let decoded = self.escape()?;
                    scratch.push(decoded);
                }
                Some(_) => return self.fail(JsonFault::Control),
                None => return self.fail(JsonFault::End),
            }
            from = self.at;
            self.at = plain_end(self.bytes, from);
        }
    }

    /// Decodes one escape; the cursor is after the backslash.
    fn escape(&mut self) -> Result<char, JsonError> {
        let Some(&byte) = self.bytes.get(self.at) else {
            return self.fail(JsonFault::End);
        };
        self.at += 1;
        Ok(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return self.fail(JsonFault::Escape),
        })
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let high = self.hex4()?;
        if !(0xD800..0xE000).contains(&high) {
            return char::from_u32(high).map_or_else(|| self.fail(JsonFault::Escape), Ok);
        }
        let pair = self.bytes.get(self.at..self.at + 2) == Some(b"\\u".as_slice());
        if high >= 0xDC00 || !pair {
            return self.fail(JsonFault::Surrogate);
        }
        self.at += 2;
        let low = self.hex4()?;
        if !(0xDC00..0xE000).contains(&low) {
            return self.fail(JsonFault::Surrogate);
        }
        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        char::from_u32(code).map_or_else(|| self.fail(JsonFault::Surrogate), Ok)
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let Some(digits) = self.bytes.get(self.at..self.at + 4) else {
            return self.fail(JsonFault::End);
        };
        let mut code = 0;
        for &digit in digits {
            let Some(value) = char::from(digit).to_digit(16) else {
                return self.fail(JsonFault::Escape);
            };
            code = code * 16 + value;
        }
        self.at += 4;
        Ok(code)
    }

    /// A number, as it is written.
    #[inline]
    pub fn number(&mut self) -> Result<&'a str, JsonError> {
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return self.fail(JsonFault::Number),
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        if self
            .bytes
            .get(self.at)
            .is_some_and(u8::is_ascii_alphanumeric)
        {
            return self.fail(JsonFault::Number);
        }
        Ok(self.slice(start, self.at))
    }

    #[inline]
    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start {
            self.fail(JsonFault::Number)
        } else {
            Ok(())
        }
    }

    /// `true`, `false` or `null`.
    #[inline]
    pub fn word(&mut self, word: &str) -> Result<(), JsonError> {
        if self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()))
        {
            self.at += word.len();
            return Ok(());
        }
        self.fail(self.end_or_unexpected())
    }

    /// Checks and passes over one value and gives its text. `depth_left` is how many levels it may nest.
    pub fn raw_value(
        &mut self,
        depth_left: usize,
        scratch: &mut String,
    ) -> Result<&'a str, JsonError> {
        let first = self.peek();
        let start = self.at;
        match first {
            b'{' | b'[' if depth_left == 0 => return self.fail(JsonFault::Depth),
            b'{' => self.pass_object(depth_left, scratch)?,
            b'[' => self.pass_array(depth_left, scratch)?,
            b'"' => {
                self.string(scratch)?;
            }
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'n' => self.word("null")?,
            b'-' | b'0'..=b'9' => {
                self.number()?;
            }
            _ => return self.fail(self.end_or_unexpected()),
        }
        Ok(self.slice(start, self.at))
    }

    fn pass_object(&mut self, depth_left: usize, scratch: &mut String) -> Result<(), JsonError> {
        self.at += 1;
        let mut keys: Vec<(u64, String)> = Vec::new();
        let mut first = true;
        while let Some(key) = self.next_key(first, scratch)? {
            let hash = twox_hash::XxHash3_64::oneshot(key.as_bytes());
            if keys.iter().any(|(seen, name)| *seen == hash && name == key) {
                return self.fail(JsonFault::DuplicateKey);
            }
            keys.push((hash, key.to_owned()));
            first = false;
            self.raw_value(depth_left - 1, scratch)?;
        }
        Ok(())
    }

    fn pass_array(&mut self, depth_left: usize, scratch: &mut String) -> Result<(), JsonError> {
        self.at += 1;
        let mut first = true;
        while self.next_item(first)? {
            first = false;
            self.raw_value(depth_left - 1, scratch)?;
        }
        Ok(())
    }
}

/// The offset of the first byte at or after `from` that a plain string run cannot hold: a quote, a backslash
/// or a control character. Eight bytes at a time.
#[inline]
fn plain_end(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let mut at = from;
    while let Some(Ok(word)) = bytes.get(at..at + 8).map(<[u8; 8]>::try_from) {
        let word = u64::from_le_bytes(word);
        let quote = word ^ (ONES * u64::from(b'"'));
        let slash = word ^ (ONES * u64::from(b'\\'));
        let found = (quote.wrapping_sub(ONES) & !quote)
            | (slash.wrapping_sub(ONES) & !slash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let found = found & HIGHS;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            return at;
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw(text: &str) -> Result<String, JsonError> {
        let mut cursor = Cursor::new(text);
        let value = cursor.raw_value(64, &mut String::new())?.to_owned();
        cursor.finish()?;
        Ok(value)
    }

    #[test]
    fn what_json_forbids_is_refused_with_its_place() {
        let cases = [
            ("", JsonFault::End),
            ("[1,]", JsonFault::Unexpected),
            ("{\"a\":1,}", JsonFault::Unexpected),
            ("{\"a\" 1}", JsonFault::Unexpected),
            ("01", JsonFault::Number),
            ("1.", JsonFault::Number),
            ("NaN", JsonFault::Unexpected),
            ("'a'", JsonFault::Unexpected),
            ("\"a\nb\"", JsonFault::Control),
            ("\"\\x\"", JsonFault::Escape),
            ("\"\\ud800\"", JsonFault::Surrogate),
            ("{\"a\":1,\"a\":2}", JsonFault::DuplicateKey),
            ("1 2", JsonFault::Trailing),
            ("[1 2]", JsonFault::Unexpected),
            ("\"abc", JsonFault::End),
        ];
        for (text, fault) in cases {
            let Err(error) = raw(text) else {
                panic!("{text} was taken")
            };
            assert_eq!(error.fault, fault, "{text}");
        }
        assert_eq!(raw(&"[".repeat(70)).unwrap_err().fault, JsonFault::Depth);
    }

    #[test]
    fn strings_are_decoded() {
        let mut scratch = String::new();
        let mut cursor = Cursor::new(r#""a\u00e9\ud83d\ude00\n\"z""#);
        assert_eq!(cursor.string(&mut scratch).unwrap(), "aé😀\n\"z");
    }

    proptest! {
        #[test]
        fn it_takes_and_refuses_what_serde_json_does(text in "[\\[\\]{}:,\"a1.e\\-0 \\\\ntrue]{0,24}") {
            let ours = raw(&text);
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text);
            let duplicate = matches!(&ours, Err(e) if e.fault == JsonFault::DuplicateKey);
            prop_assert!(duplicate || ours.is_ok() == theirs.is_ok(), "{text:?} {ours:?} {theirs:?}");
        }

        #[test]
        fn any_string_comes_back(text in ".{0,60}") {
            let quoted = serde_json::to_string(&text).unwrap();
            let mut scratch = String::new();
            prop_assert_eq!(Cursor::new(&quoted).string(&mut scratch).unwrap(), text);
        }

        #[test]
        fn skipping_ends_where_reading_ends(text in "[\\[\\]{}:,\"a1.e\\-0 \\\\ntrue]{0,24}") {
            if let Ok(value) = raw(&text) {
                let mut cursor = Cursor::new(&value);
                cursor.skip_unchecked().unwrap();
                prop_assert_eq!(cursor.offset(), value.len());
            }
        }
    }
}
