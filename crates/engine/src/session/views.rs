//! Making views when a query first names them.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::catalog::view::ViewTable;
use datafusion::common::TableReference;
use datafusion::sql::parser::Statement;
use salus_base::suggest;

use super::{FHIR, SALUS, SHAPED, Session, fault};
use crate::error::{EngineError, Refusal};
use crate::view::{MERGED_PATIENTS, View, all};

/// Makes every view that the statement names, and those that they name; refuses names
/// that nothing answers to.
pub(super) async fn make_needed(
    session: &Session,
    statement: &Statement,
) -> Result<(), EngineError> {
    let references = session
        .state
        .resolve_table_references(statement)
        .map_err(fault::while_planning)?;
    let _making = session.making.lock().await;
    for reference in references {
        if is_schema(&reference, "information_schema") {
            for view in all() {
                make(session, view).await?;
            }
            continue;
        }
        if let Some(view) = wanted(session, &reference) {
            make(session, view).await?;
        }
        make_registered(session, &reference)?;
        if !known(session, &reference) {
            return Err(EngineError::refused(unknown(session, &reference)));
        }
    }
    Ok(())
}

fn is_schema(reference: &TableReference, name: &str) -> bool {
    reference
        .schema()
        .is_some_and(|schema| schema.eq_ignore_ascii_case(name))
}

fn wanted(session: &Session, reference: &TableReference) -> Option<&'static View> {
    let in_fhir = reference.schema().is_none() || is_schema(reference, FHIR);
    let missing = session.fhir.get(reference.table()).is_none();
    all()
        .iter()
        .find(|view| in_fhir && missing && view.doc.name.eq_ignore_ascii_case(reference.table()))
}

/// Makes the registered view that the reference names, if it does.
fn make_registered(session: &Session, reference: &TableReference) -> Result<(), EngineError> {
    let in_fhir = reference.schema().is_none() || is_schema(reference, FHIR);
    let name = reference.table();
    if in_fhir
        && session.fhir.get(name).is_none()
        && let Some(table) = session.registered_table(name)?
    {
        session.fhir.add(name, table);
    }
    Ok(())
}

fn known(session: &Session, reference: &TableReference) -> bool {
    let is_function = || {
        session
            .state
            .table_functions()
            .contains_key(reference.table())
    };
    if reference.schema().is_none() && is_function() {
        return true;
    }
    let names = match reference.schema().map(str::to_lowercase).as_deref() {
        None | Some(FHIR) => &session.fhir,
        Some(SALUS) => &session.salus,
        Some(SHAPED) => &session.shaped,
        Some(_) => return false,
    };
    names.get(reference.table()).is_some()
}

fn unknown(session: &Session, reference: &TableReference) -> Refusal {
    let fhir = session.fhir.all().into_iter();
    let views = all().iter().map(|view| view.doc.name.clone());
    let salus = session
        .salus
        .all()
        .into_iter()
        .map(|name| format!("{SALUS}.{name}"));
    let registered = session.registered.iter().map(|view| view.name.clone());
    let known: Vec<String> = fhir.chain(views).chain(registered).chain(salus).collect();
    let name = match reference.schema() {
        Some(schema) => format!("{schema}.{}", reference.table()),
        None => reference.table().to_owned(),
    };
    let names = || known.iter().map(String::as_str);
    let of_table = |known: &&str| known.rsplit('.').next() == Some(reference.table());
    let suggestion = names()
        .find(of_table)
        .or_else(|| suggest::closest(&name, names()))
        .or_else(|| suggest::closest(reference.table(), names()))
        .map(str::to_owned);
    Refusal::UnknownTable { name, suggestion }
}

/// Plans a view's SQL over its shaped tables and gives it its name.
async fn make(session: &Session, view: &View) -> Result<(), EngineError> {
    if session.fhir.get(&view.doc.name).is_some() {
        return Ok(());
    }
    let shaped = |table: &str| format!("{}.{table}", view.doc.name);
    for (table, schema) in &view.shapes {
        session
            .shaped
            .add(&shaped(table), session.records.shaped(table, schema));
    }
    let sql = view.sql_with(|table| match table {
        MERGED_PATIENTS => format!("{SHAPED}.{MERGED_PATIENTS}"),
        _ => format!("{SHAPED}.\"{}\"", shaped(table)),
    });
    let bug = |error| EngineError::Bug {
        what: "a view",
        source: Box::new(error),
    };
    let dialect = session.state.config_options().sql_parser.dialect;
    let statement = session
        .state
        .sql_to_statement(&sql, &dialect)
        .map_err(bug)?;
    let references = session
        .state
        .resolve_table_references(&statement)
        .map_err(bug)?;
    for reference in &references {
        if let Some(needed) = wanted(session, reference) {
            Box::pin(make(session, needed)).await?;
        }
    }
    let plan = session
        .state
        .statement_to_plan(statement)
        .await
        .map_err(bug)?;
    let table: Arc<dyn TableProvider> = Arc::new(ViewTable::new(plan, Some(sql)));
    session.fhir.add(&view.doc.name, table);
    Ok(())
}
