//! Included libraries: found, translated or read once, with those that they include.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashSet};
use salus_base::Severity;

use super::Exports;
use crate::elm::{self, Kind, Node};
use crate::model::{Model, Models};
use crate::resolve::names::NameMistake;
use crate::resolve::options::Options;
use crate::resolve::problem::{Mistake, Problem};
use crate::resolve::sources::{Found, LibraryName, SourceError, Sources};
use crate::syntax::Span;

/// How deep libraries may include each other.
const INCLUDES_MAX: usize = 32;
/// The text of the library of conversions that Salus carries, and the versions that it stands for: they differ in what
/// they have, and what they have means the same.
const HELPERS: &str = include_str!("../../helpers/FHIRHelpers.cql");
pub(super) const HELPERS_NAME: &str = "FHIRHelpers";
const HELPERS_VERSIONS: [&str; 6] = [
    "4.0.1", "4.0.001", "4.1.000", "4.2.000", "4.3.000", "4.4.000",
];

/// A library that was translated or read.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Unit {
    pub library: Arc<elm::Library>,
    pub exports: Exports,
    /// The models that its types are of.
    pub models: Vec<Arc<Model>>,
    pub included: Vec<Arc<Unit>>,
}

impl Unit {
    /// The libraries that it includes, directly or not, each once and after those that it includes itself.
    pub fn all_included(&self) -> Vec<Arc<elm::Library>> {
        let mut seen = HashSet::default();
        let mut all = Vec::new();
        self.gather(&mut seen, &mut all);
        all
    }

    fn gather(&self, seen: &mut HashSet<*const Unit>, all: &mut Vec<Arc<elm::Library>>) {
        for unit in &self.included {
            if seen.insert(Arc::as_ptr(unit)) {
                unit.gather(seen, all);
                all.push(Arc::clone(&unit.library));
            }
        }
    }
}

/// The libraries of one translation.
pub(in crate::resolve) struct Loader<'s> {
    pub sources: &'s dyn Sources,
    pub options: Options,
    /// The libraries that are being translated, each included by the one before.
    pub open: Vec<LibraryName>,
    done: HashMap<LibraryName, Result<Arc<Unit>, NameMistake>>,
}

impl<'s> Loader<'s> {
    pub fn new(sources: &'s dyn Sources, options: Options) -> Loader<'s> {
        Loader {
            sources,
            options,
            open: Vec::new(),
            done: HashMap::default(),
        }
    }

    /// The library of this name.
    pub fn load(&mut self, name: &LibraryName) -> Result<Arc<Unit>, NameMistake> {
        if let Some(done) = self.done.get(name) {
            return done.clone();
        }
        if let Some(at) = self.open.iter().position(|open| same(open, name)) {
            return Err(self.circular(at, name));
        }
        if self.open.len() >= INCLUDES_MAX {
            let depth_max = INCLUDES_MAX;
            return Err(NameMistake::IncludesTooDeep { depth_max });
        }
        let unit = self.find(name);
        self.done.insert(name.clone(), unit.clone());
        unit
    }

    fn circular(&self, at: usize, name: &LibraryName) -> NameMistake {
        let around = self.open.iter().skip(at).chain(std::iter::once(name));
        let path: Vec<&str> = around.map(|one| &*one.name).collect();
        NameMistake::CircularInclude {
            name: name.name.clone(),
            path: path.join(" → ").into(),
        }
    }

    fn find(&mut self, name: &LibraryName) -> Result<Arc<Unit>, NameMistake> {
        match self.sources.library(name) {
            Ok(Found::Elm(library)) => self.read(library).map(Arc::new),
            Ok(Found::Text(text)) => self.translate_included(name, &text).map(Arc::new),
            Err(error) => match (helpers_version(name), error) {
                (
                    Some(version),
                    SourceError::NotFound { .. } | SourceError::OtherVersion { .. },
                ) => self.helpers(version),
                (_, source) => Err(NameMistake::Library { source }),
            },
        }
    }

    fn translate_included(&mut self, name: &LibraryName, text: &str) -> Result<Unit, NameMistake> {
        self.open.push(name.clone());
        let (unit, problems) = self.translate(text);
        self.open.pop();
        let errors = |problem: &&Problem| problem.severity() == Severity::Error;
        let mut errors = problems.iter().filter(errors);
        let Some(first) = errors.next() else {
            return Ok(unit);
        };
        let (line, column) = first.span.line_column(text);
        Err(NameMistake::IncludeHasErrors {
            name: name.name.clone(),
            count: 1 + errors.count(),
            first: format!("{line}:{column}: {}", first.mistake).into(),
        })
    }

    /// A library that came as ELM, with those that it includes.
    fn read(&mut self, library: Arc<elm::Library>) -> Result<Unit, NameMistake> {
        let mut models = Models::new().map_err(unknown_model)?;
        for using in library.definitions("usings") {
            let name = using.text("localIdentifier").unwrap_or_default();
            if name == "System" {
                continue;
            }
            // A model that is written over another one has the version of that one here, so it cannot be asked for.
            let version = using.text("version");
            let model = self.sources.model(name, version);
            let model = model.or_else(|_| self.sources.model(name, None));
            models
                .add(model.map_err(unknown_model)?)
                .map_err(unknown_model)?;
        }
        let identifier = library.identifier();
        self.open.push(LibraryName {
            namespace: identifier.system.map(Into::into),
            name: identifier.id.into(),
            version: identifier.version.map(Into::into),
        });
        let includes: Vec<LibraryName> =
            library.definitions("includes").map(included_name).collect();
        let included = includes.iter().map(|name| self.load(name)).collect();
        self.open.pop();
        let included: Vec<Arc<Unit>> = Result::from_iter::<Vec<_>>(included)?;
        for model in included.iter().flat_map(|unit| &unit.models) {
            if models.get(model.name()).is_none() {
                models.add(Arc::clone(model)).map_err(unknown_model)?;
            }
        }
        Ok(Unit {
            exports: Exports::of_elm(&library, &models),
            library,
            models: models.shared().collect(),
            included,
        })
    }

    /// The library of conversions that Salus carries: translated once in each version and with each set of options.
    pub fn helpers(&mut self, version: &'static str) -> Result<Arc<Unit>, NameMistake> {
        type Known = Vec<(&'static str, Options, Arc<Unit>)>;
        static KNOWN: Mutex<Known> = Mutex::new(Vec::new());
        let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let options = self.options;
        let is_it =
            |one: &&(&'static str, Options, Arc<Unit>)| one.0 == version && one.1 == options;
        if let Some((_, _, unit)) = lock().iter().find(is_it) {
            return Ok(Arc::clone(unit));
        }
        let text = HELPERS.replacen("'4.0.1'", &format!("'{version}'"), 1);
        let name = helpers_name(Some(version));
        let unit = Arc::new(self.translate_included(&name, &text)?);
        lock().push((version, options, Arc::clone(&unit)));
        Ok(unit)
    }
}

/// The inclusion of the library of conversions, which a library needs and does not name.
pub(super) fn helpers_include(helpers: &Unit) -> Node {
    let version = helpers.library.identifier().version.unwrap_or_default();
    Node::part(Kind::IncludeDef)
        .with("localIdentifier", HELPERS_NAME)
        .with("path", HELPERS_NAME)
        .with("version", version)
}

/// A conversion is needed, and the library that makes it is not included.
pub(super) fn helpers_missing() -> Problem {
    let source = SourceError::NotFound {
        name: HELPERS_NAME.into(),
        known: Vec::new(),
    };
    Problem {
        mistake: Mistake::Name(NameMistake::Library { source }),
        span: Span::default(),
    }
}

fn unknown_model(error: crate::model::ModelError) -> NameMistake {
    NameMistake::IncludeHasErrors {
        name: "ELM".into(),
        count: 1,
        first: error.to_string().into(),
    }
}

pub(super) fn helpers_name(version: Option<&str>) -> LibraryName {
    LibraryName {
        namespace: None,
        name: HELPERS_NAME.into(),
        version: version.map(Into::into),
    }
}

/// The version of the library of conversions that is asked for, if it is one that Salus carries.
fn helpers_version(name: &LibraryName) -> Option<&'static str> {
    if &*name.name != HELPERS_NAME {
        return None;
    }
    match &name.version {
        None => Some("4.0.1"),
        Some(version) => HELPERS_VERSIONS.into_iter().find(|one| *one == &**version),
    }
}

/// Whether a library that is open is the one that is included. Without a version, any is.
fn same(open: &LibraryName, name: &LibraryName) -> bool {
    let versions = (&open.version, &name.version);
    open.name == name.name
        && match versions {
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
}

/// The name that an `IncludeDef` has: its path may begin with a namespace.
fn included_name(include: &Node) -> LibraryName {
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
