//! What can go wrong in a report.

use salus_base::{Code, Diagnostic, Severity};

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A content file is not valid TOML of the expected shape.
    #[error("content file `{path}` is not well formed")]
    Content {
        /// Path below `content/`.
        path: String,
        /// What the TOML reader says.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// An indicator does not begin with its definition.
    #[error("content file `{path}` does not begin with a comment that holds its definition")]
    FrontMatter {
        /// Path below `content/`.
        path: String,
    },
    /// A value set names a code system that `systems.toml` does not know.
    #[error("value set file `{path}` names the unknown code system `{key}`")]
    UnknownSystem {
        /// Path below `content/`.
        path: String,
        /// The key as written.
        key: String,
    },
    /// A line of a knowledge table has another number of fields than its header.
    #[error("knowledge table `{path}` has a wrong number of fields in line {line}")]
    Knowledge {
        /// Path below `content/`.
        path: String,
        /// Line number, from 1.
        line: usize,
    },
    /// Columns could not be put together as a table.
    #[error("columns do not make a table")]
    Columns {
        /// What Arrow says.
        #[source]
        source: arrow::error::ArrowError,
    },
    /// A query of the report failed.
    #[error("the query for `{what}` failed")]
    Query {
        /// Table or indicator that the query was for.
        what: String,
        /// What the engine says.
        #[source]
        source: Box<salus_engine::EngineError>,
    },
    /// A query passed the session's row limit, so its answer would be wrong.
    #[error("the query for `{what}` gave more rows than this session allows")]
    TooManyRows {
        /// Table or indicator that the query was for.
        what: String,
    },
    /// A query did not give a column that its kind promises.
    #[error("the query for `{what}` gives no usable column `{column}`")]
    Column {
        /// Table or indicator that the query was for.
        what: String,
        /// The missing or mistyped column.
        column: String,
    },
    /// There is no such indicator.
    #[error("there is no indicator `{id}`")]
    UnknownIndicator {
        /// The id as given.
        id: String,
        /// The known id that looks most like it.
        closest: Option<String>,
    },
    /// The HTML template failed.
    #[error("the page could not be written")]
    Template {
        /// What the template engine says.
        #[source]
        source: Box<minijinja::Error>,
    },
    /// The scoreboard could not be written as JSON.
    #[error("the scoreboard could not be written as JSON")]
    Json {
        /// What the writer says.
        #[source]
        source: serde_json::Error,
    },
}

impl ReportError {
    /// The error as it is shown to a person.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic {
            code: self.code(),
            severity: Severity::Error,
            message: self.to_string(),
            place: None,
            cause: std::error::Error::source(self).map(ToString::to_string),
            help: self.help(),
        }
    }

    fn code(&self) -> Code {
        Code::new(match self {
            Self::UnknownIndicator { .. } => "SAL-RPT-0001",
            Self::Query { .. } | Self::TooManyRows { .. } | Self::Column { .. } => "SAL-RPT-0002",
            Self::Content { .. }
            | Self::FrontMatter { .. }
            | Self::UnknownSystem { .. }
            | Self::Knowledge { .. } => "SAL-RPT-0003",
            Self::Columns { .. } | Self::Template { .. } | Self::Json { .. } => "SAL-RPT-0004",
        })
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::UnknownIndicator {
                closest: Some(closest),
                ..
            } => Some(format!("did you mean `{closest}`?")),
            Self::UnknownIndicator { closest: None, .. } => {
                Some("`salus report` shows every indicator with its id".to_owned())
            }
            Self::TooManyRows { .. } => {
                Some("raise the row limit of queries (see LIMITS.md)".to_owned())
            }
            _ => None,
        }
    }
}
