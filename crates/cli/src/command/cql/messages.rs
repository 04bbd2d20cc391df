//! What libraries say while they are evaluated (`Message`).

use salus_cql::operators::{Messages, Severity};

use crate::face::Face;

/// Shows messages on standard error.
pub struct Shown<'f>(pub &'f Face);

impl Messages for Shown<'_> {
    fn send(&self, severity: Severity, code: Option<&str>, text: Option<&str>) {
        self.0.talk(&spoken(severity, code, text));
    }
}

/// A message in words.
pub fn spoken(severity: Severity, code: Option<&str>, text: Option<&str>) -> String {
    let word = match severity {
        Severity::Trace => "trace",
        Severity::Message => "message",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let code = code.map_or_else(String::new, |code| format!(" {code}"));
    format!("{word}{code}: {}", text.unwrap_or_default())
}
