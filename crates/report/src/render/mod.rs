//! The scoreboard for eyes and machines: terminal text, one HTML file, JSON.

mod chart;
mod headline;
mod html;
mod numbers;
mod terminal;

pub use html::html;
pub use terminal::{Colour, terminal};

use crate::{ReportError, Scoreboard};

/// The scoreboard as indented JSON, by the schema that it names.
///
/// # Errors
///
/// When a number is not finite, which the runner does not let happen.
pub fn json(scoreboard: &Scoreboard) -> Result<String, ReportError> {
    serde_json::to_string_pretty(scoreboard).map_err(|source| ReportError::Json { source })
}
