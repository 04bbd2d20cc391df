//! What libraries say while they are evaluated (`Message`).

use salus_cql::operators::{Messages, Severity};

use crate::face::Face;

/// Shows messages on standard error.
pub struct Shown<'f>(pub &'f Face);

impl Messages for Shown<'_> {
    fn send(&self, severity: Severity, code: Option<&str>, text: Option<&str>) {
        let word = match severity {
            Severity::Trace => "trace",
            Severity::Message => "message",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let code = code.map_or_else(String::new, |code| format!(" {code}"));
        self.0
            .talk(&format!("{word}{code}: {}", text.unwrap_or_default()));
    }
}
