//! The only door to the data: sessions, SQL and views over the lake.
//!
//! ```text
//! Lake ── Session(principal, as of, snapshot) ──► sql(text) ──► Answer ──► format::write
//!                 │ tables by FHIR name, views (patients, observations, …), salus.*
//!                 │ read-only, bounded memory, time and rows
//!                 └ merged patients seen as one
//! ```
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use salus_engine::{EngineError, Principal, QueryLimits, Session};
//! # async fn example(lake: Arc<salus_lake::Lake>) -> Result<(), EngineError> {
//! let day = jiff::civil::date(2026, 1, 1);
//! let at = salus_lake::catalog::At::Latest;
//! let session =
//!     Session::open(lake, Principal::LocalOwner, day, at, QueryLimits::default()).await?;
//! let answer = session.sql("SELECT sex, count(*) FROM patients GROUP BY sex").await?;
//! assert!(answer.rows() <= 4);
//! # Ok(())
//! # }
//! ```
//!
//! Invariants:
//! - Nobody reaches rows but through a [`Session`], which carries a [`Principal`].
//! - A session never writes, and sees one snapshot only.
//! - Every bound is set ([`QueryLimits`]) and passing one is a typed error ([`EngineError::LimitHit`]).
//! - Time is a parameter: the same lake, day and query give the same answer.
//!
//! What this crate does not do: print, read files, know a job.

mod answer;
mod error;
pub mod format;
mod functions;
mod limits;
mod principal;
mod session;
mod view;

pub use answer::{Answer, Truncated};
pub use error::{EngineError, Limit, Refusal};
pub use limits::{OnRows, QueryLimits};
pub use principal::Principal;
pub use session::{AnswerStream, Session, TableDoc, population};
pub use view::{ColumnDoc, ViewDoc};

/// The documentation of all views as Markdown, for `docs/views.md`.
pub fn views_markdown() -> String {
    format::views_markdown(view::all().iter().map(|view| &view.doc))
}
