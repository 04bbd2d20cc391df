//! Why a view that compiles could not give its rows.

use std::fmt;

use arrow::error::ArrowError;
use salus_base::{Diagnostic, Place};
use salus_fhirpath::EvaluationError;

use crate::definition::PathText;
use crate::problem::{self, code};

/// The resource at which a run stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its `id`, where it has one.
    pub id: Option<String>,
    /// Where it stands in the input.
    pub place: RecordPlace,
}

/// Where a resource stands in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordPlace {
    /// Its position among the resources, from 0.
    Row(usize),
    /// The byte at which its line starts.
    Byte(u64),
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.id, self.place) {
            (Some(id), _) => write!(f, "the resource `{id}`"),
            (None, RecordPlace::Row(row)) => write!(f, "resource number {}", row + 1),
            (None, RecordPlace::Byte(offset)) => write!(f, "the resource at byte {offset}"),
        }
    }
}

/// Why a view that compiles could not give its rows. A run ends at the first.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// A column has several values and is no collection.
    #[error("the column `{column}` has {count} values in {record}")]
    SeveralValues {
        /// The column's name.
        column: String,
        /// The column's path.
        path: Box<PathText>,
        /// How many values there are.
        count: usize,
        /// Where it was found.
        record: Box<Record>,
    },
    /// A value is not of the column's type.
    #[error("the column `{column}` is of type {wanted}, but its path gives {found} in {record}")]
    Misfit {
        /// The column's name.
        column: String,
        /// The column's path.
        path: Box<PathText>,
        /// The type that the column has.
        wanted: String,
        /// The type of the value.
        found: String,
        /// Where it was found.
        record: Box<Record>,
    },
    /// A condition of the view is neither true nor false.
    #[error("`where` gives {found}, not a Boolean, in {record}")]
    NotBoolean {
        /// The condition.
        path: Box<PathText>,
        /// What it gives.
        found: String,
        /// Where it was found.
        record: Box<Record>,
    },
    /// A path could not be evaluated.
    #[error("the path `{}` cannot be evaluated in {record}", path.text)]
    Evaluation {
        /// The path.
        path: Box<PathText>,
        /// Why not.
        #[source]
        source: Box<EvaluationError>,
        /// Where it was found.
        record: Box<Record>,
    },
    /// One resource gives more rows than a view may make of it.
    #[error("{record} gives more than {rows_max} rows")]
    TooManyRows {
        /// The limit.
        rows_max: usize,
        /// The resource.
        record: Box<Record>,
    },
    /// The resources of one batch give more rows than can be held together.
    #[error("one batch of resources gives more than {rows_max} rows")]
    BatchTooLarge {
        /// The limit.
        rows_max: usize,
    },
    /// A `repeat` goes deeper than any resource is nested.
    #[error("`repeat` goes deeper than {depth_max} levels in {record}")]
    TooDeep {
        /// The paths that are repeated.
        path: Box<PathText>,
        /// The limit.
        depth_max: usize,
        /// The resource.
        record: Box<Record>,
    },
    /// A resource is no JSON, or no resource.
    #[error("resource number {} cannot be read", row + 1)]
    Json {
        /// Its position among the resources, from 0.
        row: usize,
        /// Why not.
        #[source]
        source: salus_fhir::json::JsonError,
    },
    /// A batch is not one of resources as the lake lays them out.
    #[error("the columns of the batch are not those of resources")]
    Batch(#[source] salus_columns::WriteError),
    /// Reading the input failed.
    #[error("reading the input failed at byte {offset}")]
    Read {
        /// How much had been read.
        offset: u64,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Arrow refused columns.
    #[error("the columns of the view cannot be built")]
    Output(#[from] ArrowError),
    /// Whoever takes the rows could not.
    #[error("the rows could not be taken")]
    Sink(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ViewError {
    /// The same as a finding, with the place in the view.
    pub fn diagnostic(&self) -> Diagnostic {
        let at = |code, path: &PathText| problem::error(code, &path.at, self.to_string());
        let say = |code| Diagnostic::error(code, self.to_string());
        match self {
            ViewError::SeveralValues { path, .. } => at(code::SEVERAL_VALUES, path).help(
                "set `\"collection\": true`, take one value with `first()`, or make a row of each with `forEach`",
            ),
            ViewError::Misfit { path, wanted, .. } => at(code::VALUE_MISFIT, path).help(format!(
                "let the path give {wanted}, with `ofType(…)` or a conversion such as `toString()`, or change the column's `type`"
            )),
            ViewError::NotBoolean { path, .. } => at(code::WHERE_NOT_BOOLEAN, path)
                .help("compare with something, or ask `exists()`"),
            ViewError::Evaluation { path, source, .. } => at(code::EVALUATION, path).because(source),
            ViewError::TooDeep { path, .. } => at(code::LIMIT, path),
            ViewError::TooManyRows { .. } | ViewError::BatchTooLarge { .. } => say(code::LIMIT)
                .help("selects beside each other multiply their rows: split the view"),
            ViewError::Json { source, .. } => say(code::INPUT).because(source),
            ViewError::Batch(source) => say(code::INPUT).because(source),
            ViewError::Read { source, offset } => {
                let found = Diagnostic::error(code::INPUT, self.to_string()).because(source);
                found.at(Place::in_file("input").byte(*offset))
            }
            ViewError::Output(source) => {
                Diagnostic::error(code::OUTPUT, self.to_string()).because(source)
            }
            ViewError::Sink(source) => {
                Diagnostic::error(code::OUTPUT, self.to_string()).because(source)
            }
        }
    }
}
