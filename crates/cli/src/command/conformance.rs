//! `salus conformance cql|fhirpath|views DIR`: official test suites, run on the user's own machine.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use salus_cql::conformance as cql;
use salus_cql::evaluate::{JsonDocuments, JsonRecords};
use salus_cql::operators::Scene;
use salus_fhirpath::conformance::{self, Outcome as Verdict};
use salus_views::conformance as views;
use serde::Serialize;

use crate::app::Outcome;
use crate::clock;
use crate::error::CliError;
use crate::face::{Face, Ink};

/// Arguments of `salus conformance`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code 1 means that a test failed.")]
pub struct Conformance {
    #[command(subcommand)]
    suite: Suite,
}

#[derive(Debug, Subcommand)]
enum Suite {
    /// The official CQL suite: a folder with the XML files of tests/cql
    Cql(CqlSuite),
    /// HL7's FHIRPath suite: a folder with tests-*.xml and input/
    Fhirpath(Folder),
    /// The SQL-on-FHIR v2 suite: a folder of JSON files; every test runs over JSON, over columns and over NDJSON
    Views(Folder),
}

/// Where the suite is, and where the report goes.
#[derive(Debug, Args)]
struct Folder {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Write a report as JSON; of views in the suite's own format
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// The official CQL suite.
#[derive(Debug, Args)]
struct CqlSuite {
    #[command(flatten)]
    at: Folder,
    /// As which version of CQL: tests of later ones are skipped
    #[arg(long, value_name = "VERSION", default_value = "1.5", value_parser = version)]
    version: cql::Version,
    /// Tests that are not counted: `suite/group/name | reason | sentence of the specification and link` on each line
    #[arg(long, value_name = "FILE")]
    exclusions: Option<PathBuf>,
}

fn version(text: &str) -> Result<cql::Version, String> {
    cql::Version::parse(text).ok_or_else(|| "write it as `1.5`".to_owned())
}

/// Tests by what came of them.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Conformance {
    /// Runs the suite.
    pub fn run(self, face: &Face) -> Result<Outcome, CliError> {
        let count = match &self.suite {
            Suite::Cql(suite) => run_cql(face, suite)?,
            Suite::Fhirpath(folder) => run_fhirpath(face, folder)?,
            Suite::Views(folder) => run_views(face, folder)?,
        };
        face.data(&format!(
            "passed {}, failed {}, skipped {}",
            count.passed, count.failed, count.skipped
        ))?;
        Ok(match count.failed {
            0 => Outcome::Done,
            _ => Outcome::Findings,
        })
    }
}

fn run_cql(face: &Face, suite: &CqlSuite) -> Result<Count, CliError> {
    let tests = cql::Suite::read(&suite.at.folder).map_err(failed)?;
    let excluded = exclusions(suite.exclusions.as_deref())?;
    let (documents, now) = (JsonDocuments::new(), clock::moment());
    let records = JsonRecords::new(&documents);
    let options = cql::Options {
        version: suite.version,
        ..cql::Options::default()
    };
    let results = cql::run(&tests, &cql::Salus::new(Scene::at(now), &records), &options);
    let mut count = Count::default();
    for result in &results {
        let is_excluded = excluded.contains(&result.test.path());
        let (verdict, counted) = match result.outcome {
            cql::Outcome::Passed => ("passed", &mut count.passed),
            cql::Outcome::Skipped => ("skipped", &mut count.skipped),
            _ if is_excluded => ("excluded", &mut count.skipped),
            cql::Outcome::Failed | cql::Outcome::Errored => ("failed", &mut count.failed),
        };
        *counted += 1;
        // What holds in other versions only is not worth a word each.
        if matches!(verdict, "failed" | "excluded") {
            let details = [
                ("expression", result.test.expression.trim()),
                ("expected", &result.expected),
                ("got", &result.got),
            ];
            show(face, verdict, &result.test.path(), &details)?;
        }
    }
    let mut engine = cql::EngineInfo::salus();
    engine.cql_version = format!("{}.{}", suite.version.major, suite.version.minor);
    let report = cql::Report {
        engine: &engine,
        run_at: &clock::now(),
        results: &results,
    };
    let json = report.to_json().map_err(CliError::Json)?;
    write_text(suite.at.report.as_deref(), json)?;
    Ok(count)
}

/// The tests that are not counted, by their paths.
fn exclusions(file: Option<&Path>) -> Result<BTreeSet<String>, CliError> {
    let Some(path) = file else {
        return Ok(BTreeSet::new());
    };
    let text = std::fs::read_to_string(path).map_err(|source| CliError::ReadFile {
        path: path.to_owned(),
        source,
    })?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let names = lines.filter_map(|line| line.split(" | ").next());
    Ok(names.map(|name| name.trim().to_owned()).collect())
}

fn run_fhirpath(face: &Face, at: &Folder) -> Result<Count, CliError> {
    let suite = conformance::Suite::read(&at.folder).map_err(failed)?;
    let results = conformance::run(&suite, &clock::moment()).map_err(failed)?;
    let mut count = Count::default();
    for result in &results {
        match result.outcome {
            Verdict::Passed => count.passed += 1,
            Verdict::Failed => count.failed += 1,
            Verdict::Skipped => count.skipped += 1,
        }
        if result.outcome != Verdict::Passed {
            let name = format!("{} / {}", result.group, result.name);
            let verdict = match result.outcome {
                Verdict::Skipped => "skipped",
                _ => "failed",
            };
            let details = [
                ("expression", result.expression.as_str()),
                ("expected", &result.expected),
                ("got", &result.got),
            ];
            show(face, verdict, &name, &details)?;
        }
    }
    write_report(at.report.as_deref(), &results)?;
    Ok(count)
}

fn run_views(face: &Face, at: &Folder) -> Result<Count, CliError> {
    let report = views::run_folder(&at.folder, &[], &clock::moment()).map_err(failed)?;
    for file in &report.files {
        for test in &file.tests {
            let name = format!("{} / {}", file.file, test.title);
            match &test.verdict {
                views::Verdict::Passed => {}
                views::Verdict::Failed { failures } => {
                    let details: Vec<(&str, &str)> = failures
                        .iter()
                        .map(|(execution, failure)| (*execution, failure.as_str()))
                        .collect();
                    show(face, "failed", &name, &details)?;
                }
                views::Verdict::Skipped { reason } => {
                    show(face, "skipped", &name, &[("because", reason)])?;
                }
            }
        }
    }
    write_report(at.report.as_deref(), &report.to_json())?;
    Ok(Count {
        passed: report.passed(),
        failed: report.failed(),
        skipped: report.skipped(),
    })
}

fn show(face: &Face, verdict: &str, name: &str, details: &[(&str, &str)]) -> Result<(), CliError> {
    let mut text = format!("{} {name}\n", face.ink_data(Ink::Warn, verdict));
    for (what, words) in details {
        let mut lines = words.lines();
        text.push_str(&format!(
            "  {what:<10}  {}\n",
            lines.next().unwrap_or_default()
        ));
        for line in lines {
            text.push_str(&format!("  {:<10}  {line}\n", ""));
        }
    }
    face.data(&text)
}

fn write_report(path: Option<&Path>, report: &impl Serialize) -> Result<(), CliError> {
    let json = serde_json::to_string_pretty(report).map_err(CliError::Json)?;
    write_text(path, json)
}

fn write_text(path: Option<&Path>, json: String) -> Result<(), CliError> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(path, json + "\n").map_err(|source| CliError::WriteFile {
        path: path.to_owned(),
        source,
    })
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> CliError {
    CliError::Suite(Box::new(error))
}
