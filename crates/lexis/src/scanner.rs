//! Stepping through a text, word by word.

use salus_base::suggest;

use crate::literal::Written;
use crate::mistake::Mistake;
use crate::span::Span;

/// Where the reading of a text is, and what was wrong up to there.
#[derive(Debug, Clone)]
pub struct Scanner<'t> {
    text: &'t str,
    /// The next byte; always at the start of a character.
    at: usize,
    mistakes: Vec<Mistake>,
}

/// What a `$` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
}

impl<'t> Scanner<'t> {
    /// At the start of a text, which must be shorter than 4 GiB.
    #[must_use]
    pub fn new(text: &'t str) -> Scanner<'t> {
        Scanner {
            text,
            at: 0,
            mistakes: Vec::new(),
        }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The next byte.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// What was wrong, in the order in which it was found.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// As [`Scanner::mistakes`], at the end.
    #[must_use]
    pub fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes
    }

    /// Says what is wrong.
    pub fn report(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    /// The text from here on.
    #[must_use]
    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// A byte ahead.
    #[must_use]
    pub fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// From a byte that was passed to here.
    #[must_use]
    pub fn since(&self, start: usize) -> Span {
        Span::new(
            u32::try_from(start).unwrap_or(u32::MAX),
            u32::try_from(self.at).unwrap_or(u32::MAX),
        )
    }

    /// Steps over so many bytes, which are whole characters.
    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Steps over the bytes that are wanted.
    pub fn take_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.at += 1;
        }
    }

    /// Steps over these characters and over comments, each of which is shown.
    pub fn skip_space(&mut self, space: &[char], mut comment: impl FnMut(Span)) {
        loop {
            let rest = self.rest();
            let skipped = rest.len() - rest.trim_start_matches(space).len();
            let start = self.at;
            if skipped > 0 {
                self.at += skipped;
            } else if rest.starts_with("//") {
                self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                comment(self.since(start));
            } else if rest.starts_with("/*") {
                if self.skip_comment() {
                    comment(self.since(start));
                }
            } else {
                return;
            }
        }
    }

    fn skip_comment(&mut self) -> bool {
        let start = self.at;
        self.at += 2;
        if let Some(end) = self.rest().find("*/") {
            self.at += end + 2;
            return true;
        }
        self.at = self.text.len();
        self.unterminated("comment", "*/", start);
        false
    }

    fn unterminated(&mut self, what: &'static str, end: &'static str, start: usize) {
        let span = self.since(start);
        self.report(Mistake::Unterminated { what, end, span });
    }

    /// Steps over `5`, `5.0` or `5L`.
    pub fn number(&mut self) -> Written {
        self.take_while(|byte| byte.is_ascii_digit());
        if self.is_fraction() {
            self.at += 1;
            self.take_while(|byte| byte.is_ascii_digit());
        } else if self.peek(0) == Some(b'L') {
            self.at += 1;
            return Written::LongNumber;
        }
        Written::Number
    }

    /// Steps over what stands between two of this delimiter (`'`, `"`, `` ` ``), them included; `false` when it does not
    /// end, which is said with `what` it is.
    pub fn delimited(&mut self, delimiter: u8, what: &'static str) -> bool {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek(0) {
                Some(b'\\') => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                Some(byte) if byte == delimiter => {
                    self.at += 1;
                    return true;
                }
                Some(_) => self.at += self.rest().chars().next().map_or(1, char::len_utf8),
                None => {
                    let end = match delimiter {
                        b'\'' => "'",
                        b'"' => "\"",
                        _ => "`",
                    };
                    self.unterminated(what, end, start);
                    return false;
                }
            }
        }
    }

    /// Steps over `@` with a date, a date and time, or a time; `None` when it is none, which is said. What the digits
    /// mean is checked when the literal is made.
    pub fn temporal(&mut self) -> Option<Written> {
        let start = self.at;
        self.at += 1;
        if self.peek(0) == Some(b'T') {
            self.at += 1;
            return self.time(start);
        }
        if !self.digits(4) {
            return self.no_date(start, "Date");
        }
        if self.after(b'-', 2) {
            self.after(b'-', 2);
        }
        if self.peek(0) != Some(b'T') {
            return Some(Written::Date);
        }
        self.at += 1;
        if self.time_of_day() {
            self.offset();
        }
        Some(Written::DateTime)
    }

    fn time(&mut self, start: usize) -> Option<Written> {
        if !self.time_of_day() {
            return self.no_date(start, "Time");
        }
        let offset = self.at;
        if self.offset() {
            let span = self.since(offset);
            self.report(Mistake::TimeWithOffset { span });
            return None;
        }
        Some(Written::Time)
    }

    fn no_date(&mut self, start: usize, type_name: &'static str) -> Option<Written> {
        self.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':'));
        let span = self.since(start);
        self.report(Mistake::NoSuchDate {
            text: span.of(self.text).to_owned(),
            type_name,
            span,
        });
        None
    }

    /// `14`, `14:30`, `14:30:15`, `14:30:15.123`.
    fn time_of_day(&mut self) -> bool {
        if !self.digits(2) {
            return false;
        }
        if self.after(b':', 2) && self.after(b':', 2) && self.is_fraction() {
            self.at += 1;
            self.take_while(|byte| byte.is_ascii_digit());
        }
        true
    }

    fn is_fraction(&self) -> bool {
        self.peek(0) == Some(b'.') && self.peek(1).is_some_and(|byte| byte.is_ascii_digit())
    }

    /// `Z`, `+01:00`, `-05:00`.
    fn offset(&mut self) -> bool {
        let start = self.at;
        if self.peek(0) == Some(b'Z') && !self.peek(1).is_some_and(is_name_part) {
            self.at += 1;
            return true;
        }
        if (self.after(b'+', 2) || self.after(b'-', 2)) && self.after(b':', 2) {
            return true;
        }
        self.at = start;
        false
    }

    /// Steps over exactly this many digits.
    fn digits(&mut self, count: usize) -> bool {
        let all = (0..count).all(|n| self.peek(n).is_some_and(|byte| byte.is_ascii_digit()));
        self.at += if all { count } else { 0 };
        all
    }

    /// Steps over `mark` and this many digits.
    fn after(&mut self, mark: u8, count: usize) -> bool {
        if self.peek(0) != Some(mark) {
            return false;
        }
        self.at += 1;
        let all = self.digits(count);
        self.at -= usize::from(!all);
        all
    }

    /// Steps over `$` and a name; `None` when it is none of the three, which is said.
    pub fn special(&mut self) -> Option<Special> {
        let start = self.at;
        self.at += 1;
        self.take_while(is_name_part);
        let span = self.since(start);
        match span.of(self.text) {
            "$this" => Some(Special::This),
            "$index" => Some(Special::Index),
            "$total" => Some(Special::Total),
            other => {
                let name = other.trim_start_matches('$').to_owned();
                self.report(Mistake::UnknownSpecial {
                    suggestion: suggest::closest(&name, ["this", "index", "total"]),
                    name,
                    span,
                });
                None
            }
        }
    }

    /// Steps over the first of these symbols that is here; what the language has instead of one of another language is
    /// said. `None` when it is none of them, which is said too.
    pub fn symbol<K: Copy>(
        &mut self,
        symbols: &[(&'static str, K, Option<&'static str>)],
    ) -> Option<K> {
        let start = self.at;
        let known = symbols
            .iter()
            .find(|(symbol, _, _)| self.rest().starts_with(symbol));
        if let Some((found, kind, instead)) = known {
            self.at += found.len();
            if let Some(instead) = instead {
                let span = self.since(start);
                self.report(Mistake::Foreign {
                    found,
                    instead,
                    span,
                });
            }
            return Some(*kind);
        }
        let character = self.rest().chars().next().unwrap_or_default();
        self.at += character.len_utf8();
        let span = self.since(start);
        self.report(Mistake::UnknownCharacter { character, span });
        None
    }
}

/// Whether a name can start with this byte.
#[must_use]
pub const fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// Whether a name can go on with this byte.
#[must_use]
pub const fn is_name_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text begins with, and what of it was read.
    fn temporal(text: &str) -> (Option<Written>, &str) {
        let mut scanner = Scanner::new(text);
        let found = scanner.temporal();
        (found, scanner.since(0).of(text))
    }

    #[test]
    fn dates_and_times_end_with_the_last_part_that_is_one() {
        assert_eq!(temporal("@2015-02-3"), (Some(Written::Date), "@2015-02"));
        assert_eq!(
            temporal("@2015-02-04T14:30+01:00."),
            (Some(Written::DateTime), "@2015-02-04T14:30+01:00")
        );
        assert_eq!(temporal("@2015T.x"), (Some(Written::DateTime), "@2015T"));
        assert_eq!(
            temporal("@T14:30:15.1 "),
            (Some(Written::Time), "@T14:30:15.1")
        );
        assert_eq!(temporal("@T14Z"), (None, "@T14Z"));
        assert_eq!(temporal("@soon-1 "), (None, "@soon-1"));
    }

    #[test]
    fn what_does_not_end_is_said_from_its_start_on() {
        let text = "  'it\\'s";
        let mut scanner = Scanner::new(text);
        scanner.skip_space(&[' '], |_| {});
        assert!(!scanner.delimited(b'\'', "text"));
        let said = Mistake::Unterminated {
            what: "text",
            end: "'",
            span: Span::new(2, 8),
        };
        assert_eq!(scanner.mistakes(), [said]);
    }

    #[test]
    fn comments_are_shown_and_stepped_over_with_the_space_around_them() {
        let text = " /* a */ // b\n5L";
        let mut scanner = Scanner::new(text);
        let mut comments = Vec::new();
        scanner.skip_space(&[' ', '\n'], |span| comments.push(span.of(text)));
        assert_eq!(comments, ["/* a */", "// b"]);
        assert_eq!(
            (scanner.number(), scanner.rest()),
            (Written::LongNumber, "")
        );
    }

    #[test]
    fn symbols_of_other_languages_are_read_as_what_stands_for_them() {
        const SYMBOLS: [(&str, u8, Option<&str>); 2] = [("==", 1, Some("`=`")), ("=", 1, None)];
        let mut scanner = Scanner::new("===\u{e4}");
        assert_eq!(scanner.symbol(&SYMBOLS), Some(1));
        assert_eq!(scanner.symbol(&SYMBOLS), Some(1));
        assert_eq!(scanner.symbol(&SYMBOLS), None);
        assert_eq!((scanner.rest(), scanner.mistakes().len()), ("", 2));
    }
}
