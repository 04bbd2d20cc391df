//! Expressions over the resources of files.

use std::io::{BufWriter, Write};

use salus_base::Place;
use salus_fhir::json::Document;
use salus_fhir::view::JsonElement;
use salus_fhirpath::{Host, HostCode, HostError};
use salus_terminology::Terminology;

use super::evaluate::{Job, Tally};
use super::terminology;
use crate::app::Outcome;
use crate::command::records;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::work::Work;

/// What answers for records in files: terminology that was loaded beside them. References are resolved within the
/// resource and its Bundle only.
pub struct FileHost<'t> {
    /// If any was loaded.
    pub terminology: Option<&'t Terminology>,
}

impl<V> Host<V> for FileHost<'_> {
    fn member_of(&self, codes: &[HostCode], value_set: &str) -> Result<Option<bool>, HostError> {
        terminology::member_of(self.terminology, codes, value_set)
    }

    fn subsumes(&self, general: &HostCode, special: &HostCode) -> Result<Option<bool>, HostError> {
        terminology::subsumes(self.terminology, general, special)
    }
}

/// Evaluates on every resource of the files; without files, on nothing.
pub fn evaluate(
    face: &Face,
    settings: &Settings,
    job: &Job<'_>,
    files: &[String],
) -> Result<Outcome, CliError> {
    let host = FileHost {
        terminology: job.terminology.as_ref(),
    };
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout());
    let mut tally = Tally::default();
    let work = Work::start(face)?;
    let mut each = |record: records::Record<'_>| {
        let place = match files {
            [] => Place::in_file(record.source),
            _ => Place::in_file(record.source).byte(record.offset),
        };
        let document = match Document::parse(record.text) {
            Ok(document) => document,
            Err(error) => {
                tally.failed += 1;
                face.trouble(&error.diagnostic().at(place));
                return Ok(());
            }
        };
        let Some(resource) = JsonElement::resource(&document) else {
            tally.failed += 1;
            return Ok(());
        };
        let environment = job.environment(&host)?;
        job.record(face, &mut out, resource, &environment, &place, &mut tally)
    };
    let passed = match files {
        [] => {
            each(records::Record {
                text: "{\"resourceType\":\"Basic\"}",
                source: "no record",
                offset: 0,
            })?;
            records::Passed::default()
        }
        files => records::for_each(face, &settings.limits, &work.cancel, files, &mut each)?,
    };
    out.flush().map_err(CliError::Stdout)?;
    work.end();
    Ok(match tally.failed + passed.bad {
        0 => Outcome::Done,
        _ => Outcome::Findings,
    })
}
