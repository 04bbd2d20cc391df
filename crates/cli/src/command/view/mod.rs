//! `salus view run|validate|create|list|show|drop`: SQL-on-FHIR ViewDefinitions.

mod register;
mod resource_lines;
mod run;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use salus_base::{Diagnostic, Severity};
use salus_views::{CompiledView, ViewDefinition};

use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, Ink};

/// Arguments of `salus view`.
#[derive(Debug, Args)]
#[command(
    after_help = "ViewDefinitions are those of SQL on FHIR v2 (sql-on-fhir.org): JSON that says which elements of which \
    resources become which columns."
)]
pub struct View {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make the table of a view, from the lake or straight from files
    Run(run::Run),
    /// Say all that is wrong with views
    Validate {
        /// Files with a ViewDefinition each
        #[arg(required = true, value_name = "VIEW.json")]
        views: Vec<PathBuf>,
    },
    /// Register a view in the lake, to be used in `salus sql` like a table
    Create {
        /// Its name in queries
        name: String,
        /// The file with the ViewDefinition
        #[arg(value_name = "VIEW.json")]
        view: PathBuf,
        /// Take the place of a view of the same name
        #[arg(long)]
        replace: bool,
    },
    /// List the registered views
    List,
    /// Write the definition of a registered view
    Show {
        /// Its name
        name: String,
    },
    /// Take a view out of the register; earlier snapshots keep it
    Drop {
        /// Its name
        name: String,
    },
}

impl View {
    /// Does it.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        match self.action {
            Action::Run(run) => run.run(face, settings),
            Action::Validate { views } => validate(face, &views),
            Action::Create {
                name,
                view,
                replace,
            } => register::create(face, settings, &name, &view, replace),
            Action::List => register::list(face, settings),
            Action::Show { name } => register::show(face, settings, &name),
            Action::Drop { name } => register::remove(face, settings, &name),
        }
    }
}

/// Exit code 1 if any view has an error.
fn validate(face: &Face, views: &[PathBuf]) -> Result<Outcome, CliError> {
    let mut wrong = 0;
    for path in views {
        let text = read(path)?;
        let found = salus_views::validate(&text);
        show(face, path, &found);
        let is_wrong = found.iter().any(|one| one.severity == Severity::Error);
        wrong += usize::from(is_wrong);
        let verdict = match is_wrong {
            true => face.ink_data(Ink::Warn, "not valid"),
            false => face.ink_data(Ink::Good, "valid"),
        };
        face.data(&format!("{}: {verdict}", path.display()))?;
    }
    Ok(match wrong {
        0 => Outcome::Done,
        _ => Outcome::Findings,
    })
}

/// The text and the compiled view of a file; what is wrong with it is shown first.
fn compile(face: &Face, path: &Path) -> Result<(String, CompiledView), CliError> {
    let text = read(path)?;
    let compiled = ViewDefinition::parse(&text).and_then(|view| CompiledView::compile(&view));
    compiled
        .map_err(|found| {
            show(face, path, &found);
            CliError::View {
                path: path.to_owned(),
                problems: found.len(),
            }
        })
        .map(|view| (text, view))
}

/// Shows what was found, at the file that the user named.
fn show(face: &Face, path: &Path, found: &[Diagnostic]) {
    for one in found {
        let mut one = one.clone();
        if let Some(place) = &mut one.place {
            place.source = path.display().to_string();
        }
        face.trouble(&one);
    }
}

fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|source| CliError::ReadFile {
        path: path.to_owned(),
        source,
    })
}
