//! `salus cql fmt`: the one layout that all libraries have.

use std::path::{Path, PathBuf};

use clap::Args;
use salus_base::Place;
use salus_cql::syntax;

use super::check::{count, gather, paths};
use crate::app::Outcome;
use crate::error::CliError;
use crate::face::Face;
use crate::panel::Excerpt;

/// Arguments of `salus cql fmt`.
#[derive(Debug, Args)]
#[command(
    after_help = "A library that cannot be read is left as it is. `-` formats standard input to standard output."
)]
pub struct Fmt {
    /// Libraries, folders whose libraries (*.cql) are formatted, or `-`
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Write nothing; exit code 1 if a library has another layout
    #[arg(long)]
    check: bool,
}

impl Fmt {
    /// Formats.
    pub fn run(self, face: &Face) -> Result<Outcome, CliError> {
        if matches!(self.paths.as_slice(), [only] if only.as_os_str() == "-") {
            return of_stdin(face);
        }
        let mut files = Vec::new();
        for path in &self.paths {
            gather(path, &mut files)?;
        }
        if files.is_empty() {
            return Err(CliError::NoLibraries {
                paths: paths(&self.paths),
            });
        }
        let (mut changed, mut unreadable) = (0, 0);
        for file in &files {
            let text = read(file)?;
            match formatted(face, &file.display().to_string(), &text) {
                None => unreadable += 1,
                Some(new) if new != text => {
                    changed += 1;
                    face.data(&file.display().to_string())?;
                    if !self.check {
                        write(file, &new)?;
                    }
                }
                Some(_) => {}
            }
        }
        face.talk(&format!(
            "{}, {} {}",
            count(files.len(), "library", "libraries"),
            changed,
            match self.check {
                true => "to be formatted",
                false => "formatted",
            }
        ));
        Ok(match (self.check && changed > 0) || unreadable > 0 {
            true => Outcome::Findings,
            false => Outcome::Done,
        })
    }
}

fn of_stdin(face: &Face) -> Result<Outcome, CliError> {
    let text = std::io::read_to_string(std::io::stdin()).map_err(|source| CliError::ReadFile {
        path: "-".into(),
        source,
    })?;
    match formatted(face, "standard input", &text) {
        Some(text) => face.data(&text).map(|()| Outcome::Done),
        None => Ok(Outcome::Findings),
    }
}

/// The library in its layout; `None` of one that cannot be read: what is wrong is shown.
fn formatted(face: &Face, name: &str, text: &str) -> Option<String> {
    let parsed = syntax::parse(text);
    for error in &parsed.diagnostics {
        let span = error.span();
        let excerpt = Excerpt {
            name,
            text,
            start: span.start as usize,
            end: span.end as usize,
        };
        let found = error
            .diagnostic()
            .at(Place::in_file(name).byte(span.start.into()));
        face.trouble_at(&found, Some(excerpt));
    }
    parsed
        .diagnostics
        .is_empty()
        .then(|| parsed.library.to_string())
}

fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|source| CliError::ReadFile {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    std::fs::write(path, text).map_err(|source| CliError::WriteFile {
        path: path.to_owned(),
        source,
    })
}
