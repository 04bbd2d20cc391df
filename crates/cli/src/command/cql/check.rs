//! `salus cql check`: all mistakes of libraries, in one run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use salus_base::Severity;
use salus_cql::program::ProgramError;
use salus_cql::resolve::{Options, Problem};
use serde::Serialize;

use super::folders::{Places, Source};
use super::library::{Library, Tally, show};
use crate::app::Outcome;
use crate::error::CliError;
use crate::face::Face;

/// Arguments of `salus cql check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 1 means that there are errors; warnings alone are no reason for one."
)]
pub struct Check {
    /// Libraries, or folders whose libraries (*.cql) are checked
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    places: Places,
    /// One JSON object for each mistake, on standard output
    #[arg(long)]
    json: bool,
}

/// What is being checked, and what was found so far.
struct Run<'r> {
    face: &'r Face,
    check: &'r Check,
    /// Files whose problems were shown.
    seen: BTreeSet<PathBuf>,
    tally: Tally,
}

impl Check {
    /// Checks.
    pub fn run(self, face: &Face) -> Result<Outcome, CliError> {
        let mut files = Vec::new();
        for path in &self.paths {
            gather(path, &mut files)?;
        }
        if files.is_empty() {
            return Err(CliError::NoLibraries {
                paths: paths(&self.paths),
            });
        }
        let mut run = Run {
            face,
            check: &self,
            seen: BTreeSet::new(),
            tally: Tally::default(),
        };
        for file in &files {
            run.file(file)?;
        }
        let Tally { errors, warnings } = run.tally;
        face.talk(&format!(
            "{} checked: {}, {}",
            count(files.len(), "library", "libraries"),
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings"),
        ));
        Ok(match errors {
            0 => Outcome::Done,
            _ => Outcome::Findings,
        })
    }
}

impl Run<'_> {
    fn file(&mut self, path: &Path) -> Result<(), CliError> {
        let options = Options {
            locators: true,
            ..Options::bare()
        };
        let library = Library::read(path, &self.check.places, &options)?;
        let mut errors = 0;
        for (source, problems) in library.problems(&options) {
            let is_new = self.seen.insert(source.file.clone());
            for problem in &problems {
                errors += usize::from(problem.severity() == Severity::Error);
                if is_new {
                    self.problem(&source, problem)?;
                }
            }
        }
        match errors {
            0 => self.compiled(&library),
            _ => Ok(()),
        }
    }

    fn problem(&mut self, source: &Source, problem: &Problem) -> Result<(), CliError> {
        self.tally.count(problem.severity());
        if !self.check.json {
            show(self.face, source, problem);
            return Ok(());
        }
        let file = source.file.display().to_string();
        let found = problem.diagnostic(&file);
        let (line, column) = problem.span.line_column(&source.text);
        self.line(&Line {
            file: &file,
            line: Some(line),
            column: Some(column),
            found: &found,
        })
    }

    /// What only the compiler sees.
    fn compiled(&mut self, library: &Library) -> Result<(), CliError> {
        let models = library.required_models()?;
        let errors: Vec<ProgramError> = library.compile(&models).err().unwrap_or_default();
        for error in errors {
            self.tally.count(Severity::Error);
            let found = error.diagnostic();
            match self.check.json {
                false => library.show_at(self.face, &found, Some(&error.place)),
                true => self.line(&Line {
                    file: &library.path.display().to_string(),
                    line: None,
                    column: None,
                    found: &found,
                })?,
            }
        }
        Ok(())
    }

    fn line(&self, line: &Line<'_>) -> Result<(), CliError> {
        let json = serde_json::to_string(line).map_err(CliError::Json)?;
        self.face.data(&json)
    }
}

/// A mistake as JSON.
#[derive(Serialize)]
struct Line<'l> {
    file: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(flatten)]
    found: &'l salus_base::Diagnostic,
}

/// The libraries under a path: the file itself, or every `*.cql` in a folder and those below it, by name.
pub fn gather(path: &Path, into: &mut Vec<PathBuf>) -> Result<(), CliError> {
    gather_ending(path, "cql", into)
}

/// The files of this ending under a path.
pub fn gather_ending(path: &Path, ending: &str, into: &mut Vec<PathBuf>) -> Result<(), CliError> {
    let unreadable = |source| CliError::ReadFile {
        path: path.to_owned(),
        source,
    };
    if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        into.push(path.to_owned());
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?.path());
    }
    entries.sort();
    for entry in entries {
        let is_wanted = entry.extension().is_some_and(|found| found == ending);
        // A link to a folder may lead back here.
        if is_wanted || entry.is_dir() && !entry.is_symlink() {
            gather_ending(&entry, ending, into)?;
        }
    }
    Ok(())
}

/// `1 error`, `2 errors`
pub fn count(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Paths as the user gave them.
pub fn paths(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    shown.join(" ")
}
