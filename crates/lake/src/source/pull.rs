//! Walking over JSON that is too large to lie in memory: the same steps as [`Cursor`] makes, over a
//! window that moves.
//!
//! [`Cursor`]: super::cursor::Cursor

use super::error::SourceError;
use super::scan::{Fault, Found, Step, ValueScan, blanks};
use super::window::Window;

/// The longest name of a member that is read at the top of a Bundle.
const NAME_BYTES_MAX: usize = 64 << 10;

/// A place in a source from which JSON is taken piece by piece.
pub(super) struct Puller<'w, 'a> {
    pub(super) window: &'w mut Window<'a>,
    bytes_max: usize,
    deepest: u32,
}

/// Why it does not go on.
#[derive(Debug)]
pub(super) enum Stop {
    Source(SourceError),
    /// Not well-formed at this byte of the source.
    Broken {
        at: u64,
        fault: Fault,
    },
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

/// A value that was looked at and not yet taken.
#[derive(Debug)]
pub(super) enum Captured {
    /// It is the next `length` bytes of the window.
    Whole { length: usize, depth: u32 },
    /// It is longer than allowed. The scan has seen the first `seen` bytes.
    Long { scan: ValueScan, seen: usize },
}

impl<'w, 'a> Puller<'w, 'a> {
    /// A puller that captures values of up to `bytes_max` bytes.
    pub(super) fn new(window: &'w mut Window<'a>, bytes_max: usize) -> Self {
        Self {
            window,
            bytes_max,
            deepest: 0,
        }
    }

    /// The next byte that is no white space; what comes before it is taken.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, SourceError> {
        loop {
            let text = self.window.unread();
            let blank = blanks(text);
            let found = text.get(blank).copied();
            self.window.skip(blank);
            if found.is_some() {
                return Ok(found);
            }
            if self.window.ended() {
                return Ok(None);
            }
            self.window.fill_more()?;
        }
    }

    /// How deep the value is nested that was looked at last, as far as it was.
    pub(super) fn deepest(&self) -> u32 {
        self.deepest
    }

    /// Makes the next value lie in the window, after white space was taken.
    pub(super) fn capture(&mut self) -> Result<Captured, Stop> {
        self.capture_up_to(self.bytes_max)
    }

    fn capture_up_to(&mut self, bytes_max: usize) -> Result<Captured, Stop> {
        self.peek()?;
        let mut scan = ValueScan::new();
        let mut seen = 0;
        loop {
            let text = self.window.unread();
            let step = scan.feed(text.get(seen..).unwrap_or_default());
            self.deepest = scan.deepest();
            match step {
                Step::Done(count) if seen + count > bytes_max => {
                    // Scanned again when it is passed over.
                    return Ok(Captured::Long {
                        scan: ValueScan::new(),
                        seen: 0,
                    });
                }
                Step::Done(count) => {
                    return Ok(Captured::Whole {
                        length: seen + count,
                        depth: scan.deepest(),
                    });
                }
                Step::Broken(at, fault) => {
                    let at = self.window.offset() + (seen + at) as u64;
                    return Err(Stop::Broken { at, fault });
                }
                Step::More => seen = text.len(),
            }
            if seen > bytes_max {
                return Ok(Captured::Long { scan, seen });
            }
            if self.window.ended() {
                let at = self.window.offset() + seen as u64;
                return match scan.end() {
                    Ok(()) => Ok(Captured::Whole {
                        length: seen,
                        depth: scan.deepest(),
                    }),
                    Err(fault) => Err(Stop::Broken { at, fault }),
                };
            }
            self.window.fill_more()?;
        }
    }

    /// Takes a value that is too long to be captured; gives its length in bytes.
    pub(super) fn pass_long(&mut self, mut scan: ValueScan, seen: usize) -> Result<u64, Stop> {
        let mut length = seen as u64;
        self.window.skip(seen);
        loop {
            let text = self.window.unread();
            let at = self.window.offset();
            match scan.feed(text) {
                Step::Done(count) => {
                    self.window.skip(count);
                    return Ok(length + count as u64);
                }
                Step::Broken(n, fault) => {
                    return Err(Stop::Broken {
                        at: at + n as u64,
                        fault,
                    });
                }
                Step::More => {
                    let count = text.len();
                    length += count as u64;
                    self.window.skip(count);
                }
            }
            if self.window.ended() {
                let at = self.window.offset();
                return scan
                    .end()
                    .map(|()| length)
                    .map_err(|fault| Stop::Broken { at, fault });
            }
            self.window.fill_more()?;
        }
    }

    /// Takes the next value, whatever its length.
    pub(super) fn pass(&mut self) -> Result<(), Stop> {
        self.peek()?;
        self.pass_long(ValueScan::new(), 0).map(drop)
    }

    /// Walks over the members of the object that comes next. `visit` must take the value.
    pub(super) fn members(
        &mut self,
        mut visit: impl FnMut(&mut Self, &[u8]) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.expect(b'{', "`{`")?;
        if self.took(b'}')? {
            return Ok(());
        }
        loop {
            let name = self.name()?;
            self.expect(b':', "`:`")?;
            visit(self, &name)?;
            if self.took(b'}')? {
                return Ok(());
            }
            self.expect(b',', "`,` or `}`")?;
        }
    }

    /// Walks over the items of the array that comes next. `visit` must take the item.
    pub(super) fn items(
        &mut self,
        mut visit: impl FnMut(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.expect(b'[', "`[`")?;
        if self.took(b']')? {
            return Ok(());
        }
        loop {
            visit(self)?;
            if self.took(b']')? {
                return Ok(());
            }
            self.expect(b',', "`,` or `]`")?;
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, Stop> {
        if self.peek()? != Some(b'"') {
            return Err(self.unexpected("a name in double quotes")?);
        }
        let Captured::Whole { length, .. } = self.capture_up_to(NAME_BYTES_MAX)? else {
            let fault = Fault::NameTooLong {
                max: NAME_BYTES_MAX,
            };
            return Err(Stop::Broken {
                at: self.window.offset(),
                fault,
            });
        };
        let quoted = self
            .window
            .unread()
            .get(1..length.saturating_sub(1))
            .unwrap_or_default();
        let name = quoted.to_vec();
        self.window.skip(length);
        Ok(name)
    }

    fn took(&mut self, wanted: u8) -> Result<bool, SourceError> {
        let is_wanted = self.peek()? == Some(wanted);
        self.window.skip(usize::from(is_wanted));
        Ok(is_wanted)
    }

    fn expect(&mut self, wanted: u8, expected: &'static str) -> Result<(), Stop> {
        if self.took(wanted)? {
            Ok(())
        } else {
            Err(self.unexpected(expected)?)
        }
    }

    fn unexpected(&mut self, expected: &'static str) -> Result<Stop, SourceError> {
        let fault = match self.peek()? {
            Some(found) => Fault::Unexpected {
                expected,
                found: Found(found),
            },
            None => Fault::End { expected },
        };
        Ok(Stop::Broken {
            at: self.window.offset(),
            fault,
        })
    }
}

/// Goes on where the next document seems to begin after one that is not well-formed: at the next
/// line that begins with `{`, from byte `at` of the source on.
pub(super) fn resynchronise(window: &mut Window<'_>, at: u64) -> Result<(), SourceError> {
    // What is wrong may be the brace itself: then the line end lies before it.
    window.skip_to(at.saturating_sub(1).max(window.offset()))?;
    loop {
        let text = window.unread();
        if let Some(next) = memchr::memmem::find(text, b"\n{") {
            window.skip(next + 1);
            return Ok(());
        }
        if window.ended() {
            let count = text.len();
            window.skip(count);
            return Ok(());
        }
        // The last byte may be the line end before the brace.
        let count = text.len().saturating_sub(1);
        window.skip(count);
        window.fill_more()?;
    }
}
