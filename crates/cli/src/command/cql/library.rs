//! A library that was read, with all that it includes, and what is wrong with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use salus_base::{Diagnostic, Severity};
use salus_cql::elm;
use salus_cql::evaluate::Failure;
use salus_cql::model::{ModelError, Models};
use salus_cql::program::{ElmPlace, Program, ProgramError};
use salus_cql::resolve::{Found, LibraryName, NoSources, Options, Problem, Sources, translate};

use super::folders::{Folders, Places, Source, elm_of, ending, header};
use crate::error::CliError;
use crate::face::Face;
use crate::panel::Excerpt;

/// A library, and where what it includes came from.
#[derive(Debug)]
pub struct Library {
    /// Its file.
    pub path: PathBuf,
    /// Where included libraries and models came from.
    pub folders: Folders,
    /// The library in ELM.
    pub main: Arc<elm::Library>,
    /// What it includes, directly or not.
    pub included: Vec<Arc<elm::Library>>,
    /// What is wrong with its text.
    pub problems: Vec<Problem>,
}

impl Library {
    /// Reads a library and what it includes.
    pub fn read(path: &Path, places: &Places, options: &Options) -> Result<Self, CliError> {
        let text = std::fs::read_to_string(path).map_err(|source| CliError::ReadFile {
            path: path.to_owned(),
            source,
        })?;
        let folders = Folders::of(places, path)?;
        if ending(path) != "cql" {
            return Self::of_elm(path, folders, &text);
        }
        let text: Arc<str> = text.into();
        folders.keep(&header(&text).0, path, &text);
        let translation = translate(&text, &folders, options);
        Ok(Self {
            path: path.to_owned(),
            folders,
            main: translation.library,
            included: translation.included,
            problems: translation.problems,
        })
    }

    fn of_elm(path: &Path, folders: Folders, text: &str) -> Result<Self, CliError> {
        let main = elm_of(path, text).map_err(|source| CliError::Elm {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        let main = Arc::new(main);
        let included = included(&main, &folders);
        Ok(Self {
            path: path.to_owned(),
            folders,
            main,
            included,
            problems: Vec::new(),
        })
    }

    /// The texts that were read, and what is wrong with each: the library's own first, then those that it includes.
    pub fn problems(&self, options: &Options) -> Vec<(Source, Vec<Problem>)> {
        let all = self.folders.texts().into_iter();
        all.map(|source| {
            let problems = match source.file == self.path {
                true => self.problems.clone(),
                false => translate(&source.text, &self.folders, options).problems,
            };
            (source, problems)
        })
        .collect()
    }

    /// Shows what is wrong with the library, and the errors of those that it includes.
    fn show_problems(&self, face: &Face, options: &Options) -> Tally {
        let mut tally = Tally::default();
        for (source, problems) in self.problems(options) {
            let is_main = source.file == self.path;
            for problem in &problems {
                if is_main || problem.severity() == Severity::Error {
                    tally.count(problem.severity());
                    show(face, &source, problem);
                }
            }
        }
        tally
    }

    /// The library, ready to run; what keeps it from that is shown.
    pub fn program(&self, face: &Face, options: &Options) -> Result<Program, CliError> {
        self.require_sound(face, options)?;
        let models = self.required_models()?;
        self.compile(&models).map_err(|errors| {
            for error in &errors {
                self.show_at(face, &error.diagnostic(), Some(&error.place));
            }
            self.refused(errors.len())
        })
    }

    /// Shows what is wrong with the text, and refuses to go on if that leaves no ELM that can run.
    pub fn require_sound(&self, face: &Face, options: &Options) -> Result<(), CliError> {
        match self.show_problems(face, options).errors {
            0 => Ok(()),
            errors => Err(self.refused(errors)),
        }
    }

    /// Links and compiles.
    pub fn compile(&self, models: &Models) -> Result<Program, Vec<ProgramError>> {
        let included: Vec<&elm::Library> = self.included.iter().map(|one| &**one).collect();
        Program::new(&self.main, &included, models)
    }

    /// The models that the libraries use, as a failure of the command if they are not there.
    pub fn required_models(&self) -> Result<Models, CliError> {
        self.models().map_err(|source| CliError::CqlModel {
            path: self.path.clone(),
            source: Box::new(source),
        })
    }

    /// The models that the libraries use. One that is missing was told when the library was translated; of ELM its
    /// types are not known, and the compiler says so.
    fn models(&self) -> Result<Models, ModelError> {
        let mut models = Models::new()?;
        for library in std::iter::once(&self.main).chain(&self.included) {
            for using in library.definitions("usings") {
                let name = using.text("localIdentifier").unwrap_or_default();
                if name == "System" || models.get(name).is_some() {
                    continue;
                }
                let model = self.folders.model(name, using.text("version"));
                let model = model.or_else(|_| self.folders.model(name, None));
                if let Ok(model) = model {
                    // What the model requires is carried by Salus, or its types are not known.
                    let _ = models.add(model);
                }
            }
        }
        Ok(models)
    }

    /// Shows a failure of an evaluation where it happened.
    pub fn show_failure(&self, face: &Face, failure: &Failure) {
        self.show_at(face, &failure.diagnostic(), failure.place.as_ref());
    }

    /// Shows a diagnostic with the words of the library that it is about.
    pub fn show_at(&self, face: &Face, found: &Diagnostic, place: Option<&ElmPlace>) {
        let source = place.and_then(|place| self.folders.text_of(&place.library));
        let words = source.as_ref().and_then(|source| {
            let (start, end) = offsets(&source.text, place?.locator.as_deref()?)?;
            Some((source.file.display().to_string(), source, start, end))
        });
        let excerpt = words.as_ref().map(|(name, source, start, end)| Excerpt {
            name,
            text: &source.text,
            start: *start,
            end: *end,
        });
        face.trouble_at(found, excerpt);
    }

    fn refused(&self, problems: usize) -> CliError {
        CliError::CqlLibrary {
            path: self.path.clone(),
            problems,
        }
    }
}

/// How many problems there are.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Tally {
    /// Counts one.
    pub fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            _ => self.warnings += 1,
        }
    }
}

/// Shows a problem with the words that it is about.
pub fn show(face: &Face, source: &Source, problem: &Problem) {
    let file = source.file.display().to_string();
    let excerpt = Excerpt {
        name: &file,
        text: &source.text,
        start: problem.span.start as usize,
        end: problem.span.end as usize,
    };
    face.trouble_at(&problem.diagnostic(&file), Some(excerpt));
}

/// The bytes of a locator: `3:5-3:12`, lines and columns from 1, the last one included.
pub fn offsets(text: &str, locator: &str) -> Option<(usize, usize)> {
    let (from, to) = locator.split_once('-').unwrap_or((locator, locator));
    let start = offset(text, from)?;
    let last = offset(text, to)?;
    let width = text.get(last..)?.chars().next().map_or(0, char::len_utf8);
    Some((start, last + width))
}

fn offset(text: &str, place: &str) -> Option<usize> {
    let (line, column) = place.split_once(':')?;
    let (line, column) = (line.parse::<usize>().ok()?, column.parse::<usize>().ok()?);
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines
        .by_ref()
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let line = lines.next()?;
    let within = line.char_indices().map(|(at, _)| at);
    let within = within.chain([line.len()]).nth(column.checked_sub(1)?)?;
    Some(before + within)
}

/// What a library of ELM includes, directly or not. What is not there is told when the program is linked.
fn included(main: &Arc<elm::Library>, sources: &dyn Sources) -> Vec<Arc<elm::Library>> {
    let mut all: Vec<Arc<elm::Library>> = Vec::new();
    let mut waiting = vec![Arc::clone(main)];
    while let Some(library) = waiting.pop() {
        for include in library.definitions("includes") {
            let name = name_of(include);
            let is_known = |one: &Arc<elm::Library>| {
                one.identifier().id == &*name.name
                    && one.identifier().version == name.version.as_deref()
            };
            if all.iter().any(is_known) {
                continue;
            }
            let found = match sources.library(&name) {
                Ok(Found::Elm(library)) => vec![library],
                Ok(Found::Text(text)) => {
                    let found = translate(&text, sources, &Options::bare());
                    found.included.into_iter().chain([found.library]).collect()
                }
                Err(_) => carried(&name),
            };
            waiting.extend(found.iter().cloned());
            all.extend(found);
        }
    }
    all
}

/// A library that Salus carries: `FHIRHelpers`.
fn carried(name: &LibraryName) -> Vec<Arc<elm::Library>> {
    let version = name.version.as_ref();
    let version = version.map_or_else(String::new, |version| format!(" version '{version}'"));
    let model = "using FHIR version '4.0.1'";
    let text = format!("library Asks {model} include \"{}\"{version}", name.name);
    translate(&text, &NoSources, &Options::bare()).included
}

fn name_of(include: &elm::Node) -> LibraryName {
    let path = include.text("path").unwrap_or_default();
    let (namespace, name) = match path.rsplit_once('/') {
        Some((namespace, name)) => (Some(namespace.into()), name),
        None => (None, path),
    };
    LibraryName {
        namespace,
        name: name.into(),
        version: include.text("version").map(Into::into),
    }
}

#[cfg(test)]
mod tests {
    use super::offsets;

    #[test]
    fn a_locator_names_bytes_of_the_text() {
        let text = "a\n  äbc d\n";
        assert_eq!(offsets(text, "2:3-2:5"), Some((4, 8)));
        assert_eq!(offsets(text, "1:1-1:1"), Some((0, 1)));
        assert_eq!(offsets(text, "9:1-9:1"), None);
    }
}
