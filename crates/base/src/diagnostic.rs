//! One finding, in words a person can act on: code, place, cause and help.

use std::fmt;

use serde::Serialize;

use crate::Code;

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something was not done.
    Error,
    /// It was done, but the result deserves a look.
    Warning,
    /// A hint that makes the next run better.
    Advice,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        })
    }
}

/// Where a diagnostic points to.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Place {
    /// The file (or table, or setting) as the user knows it.
    pub source: String,
    /// Bytes from the start of the decompressed source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Element path within the resource, for instance `Patient.birthDate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl Place {
    /// A place that is a whole file.
    pub fn in_file(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            offset: None,
            path: None,
        }
    }

    /// The same place, narrowed to a byte offset in the decompressed source.
    #[must_use]
    pub fn byte(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// The same place, narrowed to an element.
    #[must_use]
    pub fn element(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if let Some(offset) = self.offset {
            write!(f, ", byte {offset}")?;
        }
        if let Some(path) = &self.path {
            write!(f, ", {path}")?;
        }
        Ok(())
    }
}

/// One finding. Every error enum of Salus gives one with `fn diagnostic(&self) -> Diagnostic`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Diagnostic {
    /// The stable name, explained at length by `salus explain CODE`.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What happened: one lower-case sentence without a full stop, user's text in backticks.
    pub message: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Why, when the message alone does not tell: often the words of the operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What the user can do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic of the given severity with only a message.
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            place: None,
            cause: None,
            help: None,
        }
    }

    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// An advice.
    pub fn advice(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Advice, message)
    }

    /// The same finding with its place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same finding with its cause.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// The same finding with what the user can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if let Some(place) = &self.place {
            write!(f, " ({place})")?;
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Place, Severity};
    use crate::Code;

    #[test]
    fn one_line_names_code_place_and_cause() {
        let found = Diagnostic::warning(Code::new("SAL-SRC-0001"), "cannot read `a.ndjson`")
            .at(Place::in_file("a.ndjson").byte(7).element("Patient.name"))
            .because("disk on fire")
            .help("use another disk");
        let line =
            "SAL-SRC-0001: cannot read `a.ndjson` (a.ndjson, byte 7, Patient.name): disk on fire";
        assert_eq!(found.to_string(), line);
        assert_eq!(found.severity.to_string(), "warning");
    }

    #[test]
    fn severities_order_from_bad_to_mild() {
        assert!(Severity::Error < Severity::Warning && Severity::Warning < Severity::Advice);
    }
}
