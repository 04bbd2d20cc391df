//! `salus conformance fhirpath|views DIR`: official test suites, run on the user's own machine.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
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
    let Some(path) = path else { return Ok(()) };
    let json = serde_json::to_string_pretty(report).map_err(CliError::Json)?;
    std::fs::write(path, json + "\n").map_err(|source| CliError::WriteFile {
        path: path.to_owned(),
        source,
    })
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> CliError {
    CliError::Suite(Box::new(error))
}
