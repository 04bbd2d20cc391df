//! Passing over what nobody looks at.

use super::{Cursor, JsonError, JsonFault};
use crate::structure::Structure;

impl Cursor<'_> {
    /// Passes over one value by its brackets and strings alone, without checking what is between them.
    /// For the first look at a resource, whose every byte is checked later.
    #[inline]
    pub fn skip_unchecked(&mut self) -> Result<(), JsonError> {
        let mut open = 0_usize;
        loop {
            let Some(&byte) = self.bytes.get(self.at) else {
                return self.fail(JsonFault::End);
            };
            match byte {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' if open == 0 => return self.fail(JsonFault::Unexpected),
                b'}' | b']' => {
                    open -= 1;
                    self.at += 1;
                }
                b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => {
                    self.at += 1;
                    continue;
                }
                _ => self.skip_scalar(),
            }
            if open == 0 {
                return Ok(());
            }
        }
    }

    /// As [`Cursor::skip_unchecked`], where the strings and brackets of the text are known.
    #[inline]
    pub(crate) fn skip(&mut self, structure: &Structure) -> Result<(), JsonError> {
        let end = match self.peek() {
            b'"' => structure.string_end(self.at + 1).map(|quote| quote + 1),
            b'{' | b'[' => structure.bracket_end(self.at),
            b',' | b':' | b'}' | b']' => return self.fail(JsonFault::Unexpected),
            _ => {
                self.skip_scalar();
                Some(self.at)
            }
        };
        match end {
            Some(end) if end <= self.bytes.len() => self.at = end,
            _ => {
                self.at = self.bytes.len();
                return self.fail(JsonFault::End);
            }
        }
        Ok(())
    }

    #[inline]
    fn skip_scalar(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                return;
            }
            self.at += 1;
        }
    }

    #[inline]
    fn skip_string(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(step) = memchr::memchr2(b'"', b'\\', rest) else {
                return self.fail(JsonFault::End);
            };
            self.at += step;
            if self.bytes.get(self.at) == Some(&b'"') {
                self.at += 1;
                return Ok(());
            }
            self.at += 2;
        }
    }
}
