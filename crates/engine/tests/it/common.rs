//! A lake made for one test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use salus_base::{Cancel, Limits};
use salus_engine::{Answer, EngineError, Principal, QueryLimits, Session};
use salus_lake::Lake;
use salus_lake::catalog::At;
use salus_lake::ingest::{LoadRequest, LoadSummary, Silent, load};
use salus_lake::location::Location;
use tokio::runtime::Runtime;

/// A lake in a folder that goes away with it.
pub struct TestLake {
    pub folder: tempfile::TempDir,
    pub lake: Arc<Lake>,
    pub runtime: Runtime,
}

impl TestLake {
    /// An empty lake.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let location = Location::resolve(&folder.path().join("lake"), None, None).unwrap();
        std::fs::create_dir_all(folder.path().join("lake")).unwrap();
        let lake = runtime
            .block_on(Lake::open_or_create(&location, "2026-01-01T00:00:00Z"))
            .unwrap();
        Self {
            folder,
            lake: Arc::new(lake),
            runtime,
        }
    }

    /// A lake of these lines of NDJSON.
    pub fn of(lines: &[&str]) -> Self {
        let lake = Self::new();
        lake.load_lines("records.ndjson", lines);
        lake
    }

    /// Loads lines, as a file of this name.
    pub fn load_lines(&self, name: &str, lines: &[&str]) -> LoadSummary {
        let path = self.folder.path().join(name);
        std::fs::write(&path, lines.join("\n")).unwrap();
        self.load(&[&path])
    }

    /// Loads files and folders.
    pub fn load(&self, paths: &[&Path]) -> LoadSummary {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let (inputs, _) = salus_lake::source::discover(&paths).unwrap();
        let request = LoadRequest {
            inputs,
            command: "test".to_owned(),
            workers: 2,
            limits: Limits::default(),
            layout: salus_lake::ingest::Layout::default(),
            cancel: Cancel::new(),
            clock: &|| "2026-01-01T00:00:00Z".to_owned(),
        };
        load(&self.lake, &request, &Silent).unwrap()
    }

    /// A session as of 1 June 2021, at the newest snapshot.
    pub fn session(&self) -> Session {
        self.session_with(At::Latest, QueryLimits::default())
    }

    /// A session at a snapshot, within limits.
    pub fn session_with(&self, at: At, limits: QueryLimits) -> Session {
        let day = jiff::civil::date(2021, 6, 1);
        let lake = Arc::clone(&self.lake);
        self.runtime
            .block_on(Session::open(lake, Principal::LocalOwner, day, at, limits))
            .unwrap()
    }

    /// The answer to a query in a new session.
    pub fn sql(&self, text: &str) -> Result<Answer, EngineError> {
        let session = self.session();
        self.runtime.block_on(session.sql(text))
    }

    /// The answer as CSV.
    pub fn csv(&self, text: &str) -> String {
        csv(&self.sql(text).unwrap())
    }
}

/// An answer as CSV.
pub fn csv(answer: &Answer) -> String {
    use salus_engine::format::{Format, TableStyle, write};
    let mut out = Vec::new();
    write(answer, Format::Csv, &TableStyle::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The folder `../shared` beside the repository; `None` (after a word) where it is missing.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    if full.exists() {
        return Some(full);
    }
    let in_ci = option_env!("CI") == Some("true") || std::env::var("CI").as_deref() == Ok("true");
    assert!(
        !in_ci,
        "{} is missing: put the shared data beside the repository",
        full.display()
    );
    None
}
