//! DataFusion's errors, sorted into the five ways that callers tell apart.

use std::error::Error;

use arrow::error::ArrowError;
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use salus_base::suggest;
use salus_lake::scan::ScanError;
use salus_lake::store::{StoreError, store_error_of};
use salus_views::ViewError;

use crate::error::{EngineError, Limit, Refusal};

/// The text is no SQL.
pub(super) fn while_parsing(error: DataFusionError) -> EngineError {
    match root(&error) {
        DataFusionError::SQL(parser, _) => {
            let message = parser.to_string();
            let message = message.trim_start_matches("sql parser error: ").to_owned();
            EngineError::refused(Refusal::Syntax { message })
        }
        _ => while_planning(error),
    }
}

/// The query was refused, or the lake gave way, before it ran.
pub(super) fn while_planning(error: DataFusionError) -> EngineError {
    let root = root(&error);
    if let DataFusionError::SchemaError(why, _) = root {
        return EngineError::refused(schema_refusal(why));
    }
    match root {
        DataFusionError::Plan(message)
        | DataFusionError::NotImplemented(message)
        | DataFusionError::Configuration(message)
        | DataFusionError::Execution(message) => {
            let message = message.clone();
            EngineError::refused(Refusal::Plan { message })
        }
        DataFusionError::SQL(parser, _) => EngineError::refused(Refusal::Syntax {
            message: parser.to_string(),
        }),
        DataFusionError::ArrowError(arrow, _) => {
            let message = arrow.to_string();
            EngineError::refused(Refusal::Plan { message })
        }
        _ => while_running(error),
    }
}

/// The query stopped while it ran.
pub(super) fn while_running(error: DataFusionError) -> EngineError {
    if is_corrupt(&error) {
        return EngineError::Corrupt {
            source: Box::new(error),
        };
    }
    let error = match external::<ViewError>(error) {
        Ok(source) => return EngineError::refused(Refusal::Record { source }),
        Err(error) => error,
    };
    let error = match external::<EngineError>(error) {
        Ok(own) => return *own,
        Err(error) => error,
    };
    match root(&error) {
        DataFusionError::ResourcesExhausted(message) => {
            let limit = Limit::Memory {
                message: message.clone(),
            };
            EngineError::LimitHit { limit }
        }
        DataFusionError::Execution(message) | DataFusionError::Plan(message) => {
            let message = message.clone();
            EngineError::refused(Refusal::Compute { message })
        }
        DataFusionError::ArrowError(arrow, _) if is_about_values(arrow) => {
            let message = arrow.to_string();
            EngineError::refused(Refusal::Compute { message })
        }
        DataFusionError::ObjectStore(_)
        | DataFusionError::ParquetError(_)
        | DataFusionError::IoError(_) => EngineError::Lake {
            source: Box::new(error),
        },
        _ => EngineError::Bug {
            what: "the query engine",
            source: Box::new(error),
        },
    }
}

/// The error of our own that an operator passed on, taken out of it; else the error as it was.
fn external<E: Error + Send + Sync + 'static>(
    error: DataFusionError,
) -> Result<Box<E>, DataFusionError> {
    match error {
        DataFusionError::External(inner) => {
            inner.downcast::<E>().map_err(DataFusionError::External)
        }
        DataFusionError::Context(words, inner) => {
            external(*inner).map_err(|inner| DataFusionError::Context(words, Box::new(inner)))
        }
        other => Err(other),
    }
}

fn root(error: &DataFusionError) -> &DataFusionError {
    match error {
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => root(inner),
        DataFusionError::Shared(inner) => root(inner),
        DataFusionError::Collection(all) => all.first().map_or(error, root),
        _ => error,
    }
}

fn schema_refusal(why: &SchemaError) -> Refusal {
    let SchemaError::FieldNotFound {
        field,
        valid_fields,
    } = why
    else {
        return Refusal::Plan {
            message: why.to_string(),
        };
    };
    let mut known: Vec<String> = valid_fields
        .iter()
        .map(|known| known.name.clone())
        .collect();
    known.dedup();
    let name = field.name.clone();
    let suggestion = suggest::closest(&name, known.iter().map(String::as_str)).map(str::to_owned);
    Refusal::UnknownColumn {
        name,
        suggestion,
        known,
    }
}

fn is_about_values(error: &ArrowError) -> bool {
    use ArrowError as E;
    matches!(
        error,
        E::CastError(_)
            | E::ComputeError(_)
            | E::DivideByZero
            | E::ArithmeticOverflow(_)
            | E::ParseError(_)
            | E::InvalidArgumentError(_)
    )
}

/// Whether a store or a scan found that a file is not what was written.
fn is_corrupt(error: &(dyn Error + 'static)) -> bool {
    use StoreError as E;
    let store = store_error_of(error);
    let by_store = matches!(
        store,
        Some(E::Missing { .. } | E::Length { .. } | E::Changed { .. } | E::Unknown { .. })
    );
    by_store || (store.is_none() && scan_error_of(error).is_some())
}

fn scan_error_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a ScanError> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
