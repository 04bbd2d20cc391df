//! The functions that make FHIR short to ask about, each over whole columns at once.
//!
//! | Function | Gives |
//! |---|---|
//! | `fhir_date(text)` | the calendar day as written; a partial date gives its first day |
//! | `fhir_datetime(text)` | the instant in UTC; a partial date gives its start |
//! | `age_years(birth, at)` | completed years |
//! | `plus_days(time, days)` | the time that many days later |
//! | `reference_id(text, 'Patient')` | the id a reference points to, if of that type |
//! | `reference_type(text)` | the type a reference points to |
//! | `conditional_key(text, 'Patient')` | the `system|value` of `Patient?identifier=…` |
//! | `identifier_keys(identifier)` | a list of `system|value`, one per identifier |
//! | `codings(concept)` | a list of `{index, system, code, display}`, never empty |
//! | `coding_code(concept, 'system')` | the first code of that system |
//! | `concept_code(concept)`, `concept_text(concept)` | the first code; the best words |
//! | `extension_text(extension, 'url'[, 'part'])` | an extension's value as text |
//! | `extension_number(extension, 'url'[, 'part'])` | an extension's value as a number |
//! | `concept_or(concept, concept)` | the first that is there |
//! | `numbered(list)` | the list with each item as `{index, item}` |
//! | `identifier_value(identifier, 'system')` | the identifier of that system |
//! | `adjudication_amounts(adjudication)` | `{submitted, allowed, paid, patient_paid, noncovered}` |
//! | `claim_amounts(total, adjudication, item, payment)` | the same for a whole claim |
//! | `billed_amounts(total, item)` | the same for a claim not yet adjudicated |
//! | `as_of()` | the day the session looks from |
//! | `survivor(patient)` | the patient that a merged patient lives on in |
//! | `source_name(salus_source)` | the file a row came from |

mod amounts;
mod codings;
pub(crate) mod dates;
mod extensions;
mod function;
mod nested;
mod references;
mod session;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

pub(crate) use nested::Text;
pub(crate) use session::{Survivors, as_of, source_name, survivor};

/// The functions that are the same in every session.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    let functions = dates::functions()
        .into_iter()
        .chain(references::functions())
        .chain(codings::functions())
        .chain(extensions::functions())
        .chain(amounts::functions());
    functions
        .map(|function| Arc::new(ScalarUDF::from(function)))
        .collect()
}
