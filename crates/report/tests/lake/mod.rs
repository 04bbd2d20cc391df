//! A small lake of records written by hand, and a report over it.

use std::sync::Arc;

use jiff::civil::date;
use salus_base::{Cancel, Limits};
use salus_engine::{Principal, QueryLimits, Session};
use salus_lake::Lake;
use salus_lake::catalog::At;
use salus_lake::ingest::{LoadRequest, Silent, load};
use salus_lake::location::Location;
use salus_report::scoreboard::{Answer, Fraction, Scoreboard};
use salus_report::{Explanation, Period, Request, explain, run};
use tokio::runtime::Runtime;

/// The last day of the period in all tests.
pub fn as_of() -> jiff::civil::Date {
    date(2026, 6, 30)
}

/// Records, in a lake that goes away with them.
pub struct Records {
    folder: tempfile::TempDir,
    lines: Vec<String>,
    runtime: Runtime,
}

impl Records {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            lines: Vec::new(),
            runtime: Runtime::new().unwrap(),
        }
    }

    pub fn add(&mut self, record: serde_json::Value) -> &mut Self {
        self.lines.push(record.to_string());
        self
    }

    fn session(&self) -> Session {
        let path = self.folder.path().join("records.ndjson");
        std::fs::write(&path, self.lines.join("\n")).unwrap();
        let location = Location::resolve(&self.folder.path().join("lake"), None, None).unwrap();
        let lake = self
            .runtime
            .block_on(Lake::open_or_create(&location, "2026-07-01T00:00:00Z"))
            .unwrap();
        let (inputs, _) = salus_lake::source::discover(&[path.display().to_string()]).unwrap();
        let request = LoadRequest {
            inputs,
            command: "test".to_owned(),
            workers: 1,
            limits: Limits::default(),
            cancel: Cancel::new(),
            clock: &|| "2026-07-01T00:00:00Z".to_owned(),
        };
        load(&lake, &request, &Silent).unwrap();
        let session = Session::open(
            Arc::new(lake),
            Principal::LocalOwner,
            as_of(),
            At::Latest,
            QueryLimits::default(),
        );
        self.runtime.block_on(session).unwrap()
    }

    /// The scoreboard of these indicators, all when none is named.
    pub fn report(&self, only: &[&str]) -> Scoreboard {
        let session = self.session();
        let request = Request {
            only: only.iter().map(|&id| id.to_owned()).collect(),
            ..Request::year_ending(as_of(), "as asked")
        };
        self.runtime.block_on(run(&session, &request)).unwrap()
    }

    /// The answer of one indicator.
    pub fn answer(&self, id: &str) -> Answer {
        self.report(&[id]).sections[0].findings[0].answer.clone()
    }

    /// Numerator, denominator and unknown of a share.
    pub fn share(&self, id: &str) -> (u64, u64, u64) {
        match self.answer(id) {
            Answer::Share(share) => {
                let Fraction {
                    numerator,
                    denominator,
                    unknown,
                    ..
                } = share.total;
                (numerator, denominator, unknown)
            }
            other => panic!("{id} is no share: {other:?}"),
        }
    }

    pub fn explain(&self, id: &str) -> Explanation {
        let session = self.session();
        self.runtime
            .block_on(explain(&session, Period::year_ending(as_of()), id, 100))
            .unwrap()
    }
}
