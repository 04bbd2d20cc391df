//! Expressions over a table of the lake, straight over its columns.

use std::io::{BufWriter, Write};
use std::sync::Arc;

use salus_base::Place;
use salus_columns::Rows;
use salus_engine::OnRows;
use salus_fhir::schema::{TypeId, r4};
use salus_lake::catalog::At;

use super::evaluate::{Job, Tally};
use super::lake_host::{LakeHost, Resolved};
use crate::app::Outcome;
use crate::clock;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::lake::{self, Look};
use crate::work::Work;

/// Evaluates on every resource of a type.
pub fn evaluate(
    face: &Face,
    settings: &Settings,
    job: &Job<'_>,
    table: &str,
    at: &At,
) -> Result<Outcome, CliError> {
    let resource = type_named(table)?;
    let work = Work::start(face)?;
    let lake = Arc::new(lake::open(&work, settings)?);
    let look = Look {
        as_of: clock::today(),
        at: at.clone(),
        rows_max: None,
        on_rows: OnRows::Fail,
    };
    let session = lake::session(&work, settings, &lake, look)?;
    let query = format!("SELECT * FROM \"{table}\"");
    let mut stream = work.wait(session.sql_stream(&query))?;
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout());
    let mut tally = Tally::default();
    while let Some(batch) = work.wait(stream.next())? {
        let rows = Rows::new(resource, &batch).map_err(CliError::Rows)?;
        let resolved = Resolved::new();
        let host = LakeHost::new(&work, &session, job.terminology.as_ref(), &resolved);
        let environment = job.environment(&host)?;
        for row in 0..rows.len() {
            let place = Place::in_file(format!("{table} in the lake"));
            let element = rows.element(row);
            job.record(face, &mut out, element, &environment, &place, &mut tally)?;
        }
    }
    out.flush().map_err(CliError::Stdout)?;
    drop(stream);
    drop(session);
    work.end();
    Ok(match tally.failed {
        0 => Outcome::Done,
        _ => Outcome::Findings,
    })
}

/// The resource type of this name.
pub fn type_named(name: &str) -> Result<TypeId, CliError> {
    r4().resource(name).ok_or_else(|| CliError::UnknownType {
        name: name.to_owned(),
        nearest: salus_base::suggest::closest(name, r4().resources().map(|ty| ty.name)),
    })
}
