//! From ELM JSON to nodes.
//!
//! A reader of our own and not serde's, for two reasons: ELM of long chains of `or` nests deeper than the 128 levels
//! that serde_json allows, and numbers are to be written as they were read.

use super::error::ElmError;
use super::node::{Field, Node};
use super::{BYTES_MAX, DEPTH_MAX};

/// Reads a whole document.
pub(super) fn document(text: &str) -> Result<Field, ElmError> {
    if text.len() > BYTES_MAX {
        return Err(ElmError::TooLong {
            bytes: text.len(),
            bytes_max: BYTES_MAX,
        });
    }
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let field = reader.field()?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(field),
        Some(_) => Err(reader.expected("the end of the document")),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn expected(&self, expected: &'static str) -> ElmError {
        ElmError::NotJson {
            expected,
            byte: self.at,
        }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over a byte after spaces, if it is there.
    fn accept(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn field(&mut self) -> Result<Field, ElmError> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.deeper(Self::object),
            Some(b'[') => self.deeper(Self::list),
            Some(b'"') => self.string().map(Field::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn deeper(
        &mut self,
        read: fn(&mut Self) -> Result<Field, ElmError>,
    ) -> Result<Field, ElmError> {
        if self.depth == DEPTH_MAX {
            return Err(ElmError::TooDeep {
                depth_max: DEPTH_MAX,
                byte: self.at,
            });
        }
        self.depth += 1;
        self.at += 1;
        let field = read(self)?;
        self.depth -= 1;
        Ok(field)
    }

    fn object(&mut self) -> Result<Field, ElmError> {
        let mut fields: Vec<(Box<str>, Field)> = Vec::new();
        if self.accept(b'}') {
            return Ok(Field::Node(Box::new(Node::of_fields(fields))));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.expected("the name of a field in double quotes"));
            }
            let name = self.string()?;
            if !self.accept(b':') {
                return Err(self.expected("`:`"));
            }
            let field = self.field()?;
            // Of two fields of one name the last one counts, as everywhere.
            fields.retain(|(other, _)| *other != name);
            fields.push((name, field));
            if self.accept(b'}') {
                return Ok(Field::Node(Box::new(Node::of_fields(fields))));
            }
            if !self.accept(b',') {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    fn list(&mut self) -> Result<Field, ElmError> {
        let mut fields = Vec::new();
        if self.accept(b']') {
            return Ok(Field::List(fields));
        }
        loop {
            fields.push(self.field()?);
            if self.accept(b']') {
                return Ok(Field::List(fields));
            }
            if !self.accept(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn word(&mut self) -> Result<Field, ElmError> {
        let words = [
            ("true", Field::Boolean(true)),
            ("false", Field::Boolean(false)),
            ("null", Field::Null),
        ];
        for (word, field) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(field);
            }
        }
        Err(self.expected("a value"))
    }

    /// A number by the grammar of JSON, kept as written.
    fn number(&mut self) -> Result<Field, ElmError> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        Ok(Field::Number(text.into()))
    }

    fn digits(&mut self) -> Result<(), ElmError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => Err(self.expected("a digit")),
        }
    }

    /// A text, at its opening quote. serde_json resolves its escapes.
    fn string(&mut self) -> Result<Box<str>, ElmError> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
                None => return Err(self.expected("`\"` at the end of a text")),
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(quoted).map_err(|_| ElmError::NotJson {
            expected: "a text without control characters and with valid escapes",
            byte: start,
        })
    }
}
