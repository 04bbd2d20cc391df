//! `salus history TYPE/ID`: the versions of one resource.

use std::sync::Arc;

use clap::Args;
use salus_engine::OnRows;
use salus_engine::format::{Format, TableStyle, write};
use salus_lake::catalog::At;

use crate::app::Outcome;
use crate::clock;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::lake::{self, Look};
use crate::work::Work;

/// Arguments of `salus history`.
#[derive(Debug, Args)]
#[command(
    after_help = "The version that counts now: salus export TYPE. What is listed here was replaced, came \
    later than a newer one, or was deleted."
)]
pub struct History {
    /// The resource, for instance Patient/123
    #[arg(value_name = "TYPE/ID", value_parser = parse_reference)]
    resource: Reference,
    /// With the resources themselves, as NDJSON
    #[arg(long)]
    json: bool,
}

/// A resource by type and id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reference {
    /// Its type.
    pub resource_type: String,
    /// Its id.
    pub id: String,
}

/// `Patient/123`.
pub fn parse_reference(text: &str) -> Result<Reference, String> {
    match text.split_once('/') {
        Some((resource_type, id)) if !resource_type.is_empty() && !id.is_empty() => Ok(Reference {
            resource_type: resource_type.to_owned(),
            id: id.to_owned(),
        }),
        _ => Err("give type and id, for instance Patient/123".to_owned()),
    }
}

impl History {
    /// Lists the versions; exit code 1 if there are none.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let lake = Arc::new(lake::open(&work, settings)?);
        let look = Look {
            as_of: clock::today(),
            at: At::Latest,
            rows_max: None,
            on_rows: OnRows::Fail,
        };
        let session = lake::session(&work, settings, &lake, look)?;
        let answer = work.wait(session.sql(&self.query()))?;
        let format = if self.json {
            Format::Ndjson
        } else {
            Format::Table
        };
        let mut text = Vec::new();
        write(&answer, format, &TableStyle::default(), &mut text)?;
        let found = answer.rows() > 0;
        if found {
            face.data(&String::from_utf8_lossy(&text))?;
        } else {
            let Reference { resource_type, id } = &self.resource;
            face.talk(&format!("No earlier version of {resource_type}/{id}"));
        }
        drop(session);
        work.end();
        Ok(if found {
            Outcome::Done
        } else {
            Outcome::Findings
        })
    }

    fn query(&self) -> String {
        let quoted = |text: &str| text.replace('\'', "''");
        let resource = if self.json { ", h.resource" } else { "" };
        format!(
            "SELECT h.version, h.last_updated, h.cause, h.replaced_by_load, h.load, s.name AS source, \
             h.offset AS source_offset{resource} \
             FROM salus.history h LEFT JOIN salus.sources s ON s.source = h.source \
             WHERE h.type = '{}' AND h.id = '{}' ORDER BY h.last_updated, h.load",
            quoted(&self.resource.resource_type),
            quoted(&self.resource.id),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::parse_reference;

    #[test]
    fn a_resource_is_named_by_type_and_id() {
        assert_eq!(parse_reference("Patient/1").unwrap().id, "1");
        assert!(parse_reference("Patient").is_err());
        assert!(parse_reference("/1").is_err());
    }
}
