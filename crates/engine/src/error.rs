//! What can go wrong with a question, in the five ways that callers tell apart.

use salus_base::{Code, Diagnostic};

const SYNTAX: Code = Code::new("SAL-SQL-0001");
const UNKNOWN_TABLE: Code = Code::new("SAL-SQL-0002");
const UNKNOWN_COLUMN: Code = Code::new("SAL-SQL-0003");
const READ_ONLY: Code = Code::new("SAL-SQL-0004");
const PLAN: Code = Code::new("SAL-SQL-0005");
const COMPUTE: Code = Code::new("SAL-SQL-0006");
const LIMIT: Code = Code::new("SAL-SQL-0007");
const CANCELLED: Code = Code::new("SAL-SQL-0008");
const CORRUPT: Code = Code::new("SAL-SQL-0009");
const WRITE: Code = Code::new("SAL-SQL-0010");
const LAKE: Code = Code::new("SAL-SQL-0011");
const VIEW: Code = Code::new("SAL-SQL-0012");
const BUG: Code = Code::new("SAL-SQL-0099");

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The question cannot be answered as it is asked.
    #[error("the query is refused")]
    Refused {
        /// Why.
        #[source]
        why: Refusal,
    },
    /// The query passed a bound.
    #[error("the query passed the limit of {limit}")]
    LimitHit {
        /// Which bound, with its value: `10000000 rows`.
        limit: Limit,
    },
    /// The caller wished to stop.
    #[error("the query was stopped")]
    Cancelled,
    /// A data file is not what was written.
    #[error("the lake's data cannot be trusted")]
    Corrupt {
        /// What the store or the scan found; names the file.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The lake could not be opened or read.
    #[error("the lake cannot be read")]
    Lake {
        /// What the lake said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The answer could not be written out.
    #[error("the answer cannot be written as {format}")]
    Write {
        /// Name of the format.
        format: &'static str,
        /// What the writer said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Something that should never happen.
    #[error("a fault in Salus: {what}")]
    Bug {
        /// Where.
        what: &'static str,
        /// What was found.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Why a question cannot be answered as it is asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The text is no SQL.
    #[error("{message}")]
    Syntax {
        /// What the parser says, with line and column.
        message: String,
    },
    /// More than one statement, or none.
    #[error("one query at a time: {found} were given")]
    NotOneQuery {
        /// Statements found.
        found: usize,
    },
    /// There is no such table or view.
    #[error("there is no table or view `{name}`")]
    UnknownTable {
        /// The name as written.
        name: String,
        /// The nearest name that exists.
        suggestion: Option<String>,
    },
    /// There is no such column.
    #[error("there is no column `{name}`")]
    UnknownColumn {
        /// The name as written.
        name: String,
        /// The nearest name that exists.
        suggestion: Option<String>,
        /// The names that exist there.
        known: Vec<String>,
    },
    /// Only reading is possible.
    #[error("only queries are possible here, the lake is changed by `salus load`")]
    ReadOnly,
    /// The name is the lake's own.
    #[error("`{name}` is a table or view of the lake")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// A registered view cannot run.
    #[error("the registered view `{name}` cannot run")]
    View {
        /// Its name.
        name: String,
        /// What is wrong with it.
        found: Vec<Diagnostic>,
    },
    /// A view stopped at a record.
    #[error("{}", source)]
    Record {
        /// At which, and why.
        source: Box<salus_views::ViewError>,
    },
    /// A define could not be evaluated for a patient.
    #[error("`{define}` cannot be evaluated for patient {patient}")]
    Evaluation {
        /// The patient's id.
        patient: String,
        /// The define.
        define: String,
        /// What happened, and where in the library.
        #[source]
        failure: Box<salus_cql::evaluate::Failure>,
    },
    /// The value of a parameter of a CQL library could not be evaluated, or is of another type.
    #[error("the parameter `{name}` cannot have this value")]
    Parameter {
        /// Its name.
        name: String,
        /// What happened.
        #[source]
        failure: Box<salus_cql::evaluate::Failure>,
    },
    /// The query does not make sense: types, arguments, grouping.
    #[error("{message}")]
    Plan {
        /// What the planner says.
        message: String,
    },
    /// The query failed on a value: a division by zero, a cast.
    #[error("{message}")]
    Compute {
        /// What the operator says.
        message: String,
    },
}

/// A bound that was passed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// Rows of the answer.
    #[error("{max} rows")]
    Rows {
        /// Rows allowed.
        max: u64,
    },
    /// Wall-clock time.
    #[error("{seconds_max} seconds")]
    Time {
        /// Seconds allowed.
        seconds_max: u64,
    },
    /// Memory (and disk to spill to).
    #[error("memory: {message}")]
    Memory {
        /// What the memory pool or the disk manager says.
        message: String,
    },
    /// Length of the query's text.
    #[error("{bytes_max} bytes of query text")]
    Text {
        /// Bytes allowed.
        bytes_max: usize,
    },
}

impl EngineError {
    /// A refusal.
    pub(crate) fn refused(why: Refusal) -> Self {
        Self::Refused { why }
    }

    /// The finding in words for people, with its code.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::Refused { why } => why.diagnostic(),
            Self::LimitHit { limit } => limit_diagnostic(limit),
            Self::Cancelled => Diagnostic::advice(CANCELLED, self.to_string()),
            Self::Corrupt { source } => corrupt_diagnostic(source.as_ref(), self.to_string()),
            Self::Lake { source } => {
                Diagnostic::error(LAKE, self.to_string()).because(chain(source.as_ref()))
            }
            Self::Write { source, .. } => {
                Diagnostic::error(WRITE, self.to_string()).because(chain(source.as_ref()))
            }
            Self::Bug { source, .. } => Diagnostic::error(BUG, self.to_string())
                .because(chain(source.as_ref()))
                .help("please report it with the query; it is not your fault"),
        }
    }
}

impl Refusal {
    fn diagnostic(&self) -> Diagnostic {
        let message = self.to_string();
        match self {
            Self::Syntax { .. } | Self::NotOneQuery { .. } => Diagnostic::error(SYNTAX, message),
            Self::UnknownTable { suggestion, .. } => Diagnostic::error(UNKNOWN_TABLE, message)
                .help(match suggestion {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "`SHOW TABLES` lists what there is".to_owned(),
                }),
            Self::UnknownColumn {
                suggestion, known, ..
            } => Diagnostic::error(UNKNOWN_COLUMN, message).help(match suggestion {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("there are {}", known.join(", ")),
            }),
            Self::ReadOnly => Diagnostic::error(READ_ONLY, message),
            Self::Plan { .. } | Self::NameTaken { .. } => Diagnostic::error(PLAN, message),
            Self::Compute { .. } => Diagnostic::error(COMPUTE, message),
            Self::View { found, .. } => {
                let found: Vec<String> = found.iter().map(ToString::to_string).collect();
                Diagnostic::error(VIEW, message)
                    .because(found.join("; "))
                    .help("replace it with `salus view create NAME VIEW.json --replace`")
            }
            Self::Record { source } => source.diagnostic(),
            Self::Evaluation { failure, .. } | Self::Parameter { failure, .. } => {
                failure.diagnostic().because(message)
            }
        }
    }
}

/// The store's own finding names the file and the place; it becomes the cause.
fn corrupt_diagnostic(source: &(dyn std::error::Error + 'static), message: String) -> Diagnostic {
    let diagnostic = Diagnostic::error(CORRUPT, message)
        .help("run `salus doctor` to see which files are damaged and what they held");
    match salus_lake::store::store_error_of(source) {
        Some(found) => {
            let place = found.diagnostic().place;
            let diagnostic = diagnostic.because(found);
            match place {
                Some(place) => diagnostic.at(place),
                None => diagnostic,
            }
        }
        None => diagnostic.because(chain(source)),
    }
}

fn limit_diagnostic(limit: &Limit) -> Diagnostic {
    let diagnostic = Diagnostic::error(LIMIT, format!("the query passed the limit of {limit}"));
    diagnostic.help(match limit {
        Limit::Rows { .. } => {
            "ask for fewer rows (`LIMIT`, a filter), or write them to a file with `-o`"
        }
        Limit::Time { .. } => "narrow the query, or allow more time",
        Limit::Memory { .. } => "narrow the query, or allow more memory",
        Limit::Text { .. } => "shorten the query",
    })
}

/// An error and what caused it, in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained() {
        let codes = [
            SYNTAX,
            UNKNOWN_TABLE,
            UNKNOWN_COLUMN,
            READ_ONLY,
            PLAN,
            COMPUTE,
            LIMIT,
            CANCELLED,
            CORRUPT,
            WRITE,
            LAKE,
            VIEW,
            BUG,
        ];
        for code in codes {
            let code = code.to_string();
            assert!(salus_base::explanation(&code).is_some(), "{code}");
        }
    }
}
