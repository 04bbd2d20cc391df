//! What the user sees: data on stdout, talk on stderr, colour where it is wanted.

use std::env;
use std::io::{self, IsTerminal, Write};

use salus_base::{Diagnostic, Severity};

use crate::app::When;
use crate::error::CliError;
use crate::panel::{self, Excerpt};

/// Columns where no terminal tells.
const WIDTH_DEFAULT: usize = 100;
/// Columns of the widest text; longer lines are hard to read.
const WIDTH_MAX: usize = 160;

/// The two streams and how to use them.
#[derive(Clone, Debug)]
pub struct Face {
    quiet: bool,
    color_out: bool,
    color_err: bool,
    terminal_out: bool,
    terminal_err: bool,
    width: usize,
}

impl Face {
    /// Looks at the streams and at `NO_COLOR`, `TERM` and `COLUMNS`.
    pub fn new(color: When, quiet: bool) -> Self {
        let (terminal_out, terminal_err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let wanted = |terminal: bool| match color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !is_set("NO_COLOR") && !is_dumb(),
        };
        Self {
            quiet,
            color_out: wanted(terminal_out),
            color_err: wanted(terminal_err),
            terminal_out,
            terminal_err,
            width: width(),
        }
    }

    /// Whether data may be coloured.
    pub fn color_out(&self) -> bool {
        self.color_out
    }

    /// Whether somebody looks at the data on a terminal.
    pub fn terminal_out(&self) -> bool {
        self.terminal_out
    }

    /// Whether somebody looks at the talk on a terminal and wants it.
    pub fn lively(&self) -> bool {
        self.terminal_err && !self.quiet && !is_dumb()
    }

    /// Columns to write in.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Writes data. A text that does not end in a line end gets one.
    pub fn data(&self, text: &str) -> Result<(), CliError> {
        let mut out = io::stdout().lock();
        let line_end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        out.write_all(text.as_bytes())
            .and_then(|()| out.write_all(line_end.as_bytes()))
            .and_then(|()| out.flush())
            .map_err(CliError::Stdout)
    }

    /// Writes data that need not be text, as it is.
    pub fn data_bytes(&self, bytes: &[u8]) -> Result<(), CliError> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)
            .and_then(|()| out.flush())
            .map_err(CliError::Stdout)
    }

    /// Says something on stderr, unless the user wants quiet.
    pub fn talk(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// Shows a diagnostic on stderr; in quiet, only errors.
    pub fn trouble(&self, found: &Diagnostic) {
        self.trouble_at(found, None);
    }

    /// Shows a diagnostic on stderr with the words that it is about; in quiet, only errors.
    pub fn trouble_at(&self, found: &Diagnostic, excerpt: Option<Excerpt<'_>>) {
        if !self.quiet || found.severity == Severity::Error {
            let _ = write!(
                io::stderr(),
                "{}",
                panel::render(found, excerpt, self.width, self.color_err)
            );
        }
    }

    /// `text` in the given ink, for stderr.
    pub fn ink(&self, ink: Ink, text: &str) -> String {
        if self.color_err {
            ink.paint(text)
        } else {
            text.to_owned()
        }
    }

    /// `text` in the given ink, for stdout.
    pub fn ink_data(&self, ink: Ink, text: &str) -> String {
        if self.color_out {
            ink.paint(text)
        } else {
            text.to_owned()
        }
    }
}

/// The few ways in which words stand out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ink {
    /// Headings.
    Strong,
    /// What matters less.
    Faint,
    /// It went well.
    Good,
    /// Have a look.
    Warn,
    /// It is not so.
    Bad,
}

impl Ink {
    fn paint(self, text: &str) -> String {
        let code = match self {
            Self::Strong => 1,
            Self::Faint => 2,
            Self::Good => 32,
            Self::Warn => 33,
            Self::Bad => 31,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// The width of the terminal: `COLUMNS` if it is set, else what the terminal says.
fn width() -> usize {
    let told = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let seen = || comfy_table::Table::new().width().map(usize::from);
    told.or_else(seen)
        .unwrap_or(WIDTH_DEFAULT)
        .clamp(40, WIDTH_MAX)
}

/// `1234567` as `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in the unit a person would choose: `532 B`, `1.2 GB` (powers of 1,000).
pub fn bytes(count: u64) -> String {
    const UNITS: &[&str] = &["kB", "MB", "GB", "TB", "PB"];
    if count < 1000 {
        return format!("{count} B");
    }
    // A figure for people: three digits are enough.
    let mut value = count as f64;
    let mut unit = "";
    for next in UNITS {
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = next;
    }
    if value < 99.95 {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, thousands};

    #[test]
    fn numbers_get_a_comma_every_three_digits() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }

    #[test]
    fn bytes_get_the_unit_that_keeps_them_short() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_000), "1.0 kB");
        assert_eq!(bytes(123_456_789), "123 MB");
        assert_eq!(bytes(2_500_000_000), "2.5 GB");
    }
}
