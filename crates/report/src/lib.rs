//! The six-part scoreboard: what the records say about quality, safety, cost, access, outbreaks and chronic disease.
//!
//! ```text
//!  content/indicators/*.sql ─┐                       ┌─► terminal (text)
//!  content/valuesets/*.toml ─┼─► run(session) ─► Scoreboard ─► html (one file, no network)
//!  content/knowledge/*.tsv ──┘        │              └─► json (versioned)
//!                                     └─► explain(session, id): patients, their records, file and byte offset
//! ```
//!
//! An indicator is data: one SQL file whose leading comment holds its definition (see [`content`]). This crate knows
//! no clinical fact; it counts, keeps numerator and denominator together, and says "cannot answer" with the reason
//! where the records hold too little. It never shows a zero for "no data".
//!
//! What it does not do: touch files, know the clock (the period is a parameter), print, or reach data other than
//! through a [`salus_engine::Session`]. The scoreboard is for the owner of the data: counts are not suppressed.

pub mod content;
pub mod ears;
mod error;
mod explain;
mod period;
mod render;
mod run;
pub mod scoreboard;

pub use error::ReportError;
pub use explain::{Evidence, Explanation, Outcome, PatientEvidence, explain, explanation_text};
pub use period::Period;
pub use render::{Colour, html, json, terminal};
pub use run::{Request, latest_date, run};
pub use scoreboard::Scoreboard;
