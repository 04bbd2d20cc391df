//! What can go wrong while generating: a sink that fails, content that does not fit, options out of range.

use salus_base::{Code, Diagnostic};

use crate::epidemic::ScenarioError;

/// The code of everything that stops generation.
const STOPPED: Code = Code::new("SAL-CLI-0014");

/// The error of a [`Sink`](crate::Sink): whatever the place that takes the lines reports.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Why generation stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// The sink refused a line; nothing after it was written.
    #[error("the sink refused a line of `{resource_type}`")]
    Sink {
        /// The resource type of the refused line.
        resource_type: &'static str,
        /// What the sink said.
        #[source]
        source: SinkError,
    },
    /// A content file is not the TOML that this version expects.
    #[error("content file `{file}` does not have the expected shape")]
    Content {
        /// Path under `content/synth`, or which given file.
        file: &'static str,
        /// What the parser said, with line and column.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A content file names something that no other file defines.
    #[error("`{place}` names the {kind} `{name}`, which no content file defines")]
    Unknown {
        /// What kind of thing is named: medicine, measure, panel, condition, area …
        kind: &'static str,
        /// The name that was not found.
        name: String,
        /// Which entry names it.
        place: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// Diseases change each other's rates in a circle, so that none can be drawn first.
    #[error("diseases wait for each other: {}", waiting.join(", "))]
    Circle {
        /// Their ids, and those that wait for them.
        waiting: Vec<String>,
    },
    /// A content table that may not be empty is.
    #[error("content table `{table}` is empty")]
    Empty {
        /// Name of the table.
        table: &'static str,
    },
    /// The scenario file cannot be used.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// An option lies outside the range that makes sense.
    #[error("option `{option}` is {value}, allowed are {allowed}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// The value that was given.
        value: i64,
        /// The allowed range, in words.
        allowed: &'static str,
    },
}

impl SynthError {
    /// The error as it is shown to a person.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        if let Self::Scenario(error) = self {
            return error.diagnostic();
        }
        let found = Diagnostic::error(STOPPED, self.to_string());
        let found = match std::error::Error::source(self) {
            Some(source) => found.because(source),
            None => found,
        };
        match self {
            Self::Sink { .. } => {
                found.help("make room or choose another folder, then run it again")
            }
            Self::Option {
                option, allowed, ..
            } => found.help(format!("`{option}` may be {allowed}")),
            Self::Scenario(_) => found,
            Self::Unknown {
                near: Some(near), ..
            } => found.help(format!("did you mean `{near}`?")),
            // The embedded files are tested: it is a file that was given.
            Self::Content { .. } | Self::Unknown { .. } | Self::Empty { .. } => {
                found.help("docs/synth.md shows a file that works, and where each name is defined")
            }
            Self::Circle { .. } => {
                found.help("take `also` or `needs` out of one of them, so that one comes first")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_out_of_range_is_worded_with_what_is_allowed() {
        let error = SynthError::Option {
            option: "years",
            value: 0,
            allowed: "1 to 40",
        };
        assert_eq!(
            error.diagnostic().to_string(),
            "SAL-CLI-0014: option `years` is 0, allowed are 1 to 40"
        );
        assert_eq!(
            error.diagnostic().help.as_deref(),
            Some("`years` may be 1 to 40")
        );
    }
}
