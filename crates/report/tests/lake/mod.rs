//! A small lake of records written by hand, and a report over it.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::cell::OnceCell;
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

/// Records, in a lake that goes away with them.
pub struct Records {
    /// The last day of the period.
    pub as_of: jiff::civil::Date,
    folder: tempfile::TempDir,
    lines: Vec<String>,
    lake: OnceCell<Arc<Lake>>,
    runtime: Runtime,
}

impl Records {
    pub fn new() -> Self {
        Self {
            as_of: date(2026, 6, 30),
            folder: tempfile::tempdir().unwrap(),
            lines: Vec::new(),
            lake: OnceCell::new(),
            runtime: Runtime::new().unwrap(),
        }
    }

    pub fn add(&mut self, record: serde_json::Value) -> &mut Self {
        self.lines.push(record.to_string());
        self
    }

    /// Adds lines of NDJSON as they are.
    pub fn add_lines(&mut self, lines: &str) {
        self.lines.extend(lines.lines().map(str::to_owned));
    }

    /// The lake, loaded when it is first looked at.
    fn lake(&self) -> Arc<Lake> {
        let lake = self.lake.get_or_init(|| Arc::new(self.load()));
        Arc::clone(lake)
    }

    fn load(&self) -> Lake {
        let path = self.folder.path().join("records.ndjson");
        std::fs::write(&path, self.lines.join("\n")).unwrap();
        let location = Location::resolve(&self.folder.path().join("lake"), None, None).unwrap();
        let lake = Lake::open_or_create(&location, "2026-07-01T00:00:00Z");
        let lake = self.runtime.block_on(lake).unwrap();
        let (inputs, _) = salus_lake::source::discover(&[path.display().to_string()]).unwrap();
        let request = LoadRequest {
            inputs,
            command: "test".to_owned(),
            workers: 2,
            limits: Limits::default(),
            layout: salus_lake::ingest::Layout::default(),
            cancel: Cancel::new(),
            clock: &|| "2026-07-01T00:00:00Z".to_owned(),
        };
        load(&lake, &request, &Silent).unwrap();
        lake
    }

    fn session(&self) -> Session {
        let limits = QueryLimits::default();
        let session = Session::open(
            self.lake(),
            Principal::LocalOwner,
            self.as_of,
            At::Latest,
            limits,
        );
        self.runtime.block_on(session).unwrap()
    }

    /// The scoreboard of these indicators, all when none is named.
    pub fn report(&self, only: &[&str]) -> Scoreboard {
        let session = self.session();
        let request = Request {
            only: only.iter().map(|&id| id.to_owned()).collect(),
            ..Request::year_ending(self.as_of, "as asked")
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
            .block_on(explain(&session, Period::year_ending(self.as_of), id, 100))
            .unwrap()
    }
}
