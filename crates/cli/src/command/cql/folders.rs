//! Where included libraries and models are looked for: folders of files.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use salus_cql::elm;
use salus_cql::model::{Model, ModelError};
use salus_cql::resolve::{Found, LibraryName, SourceError, Sources};
use salus_cql::syntax;

use crate::error::CliError;

/// Where libraries and models are looked for, as the user says it.
#[derive(Debug, Clone, Default, Args)]
pub struct Places {
    /// A folder with libraries that are included; may be given again
    #[arg(long = "include", value_name = "DIR")]
    pub include: Vec<PathBuf>,
    /// Model info (XML) of a model that Salus does not carry; may be given again
    #[arg(long = "model", value_name = "FILE")]
    pub models: Vec<PathBuf>,
}

/// Folders with libraries, and models from files.
#[derive(Debug, Default)]
pub struct Folders {
    folders: Vec<PathBuf>,
    models: Vec<Arc<Model>>,
    texts: RefCell<Vec<Source>>,
}

/// The text of a library that was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, without its version.
    pub library: Box<str>,
    /// Its file.
    pub file: PathBuf,
    /// The text.
    pub text: Arc<str>,
}

/// How a file with a library ends.
const ENDINGS: [&str; 3] = ["cql", "json", "xml"];

impl Folders {
    /// The folder of a library, then those that the user names.
    pub fn of(places: &Places, file: &Path) -> Result<Self, CliError> {
        let own = file.parent().map(Path::to_owned).unwrap_or_default();
        let own = match own.as_os_str().is_empty() {
            true => PathBuf::from("."),
            false => own,
        };
        let models = places.models.iter().map(|path| model(path));
        Ok(Self {
            folders: std::iter::once(own)
                .chain(places.include.iter().cloned())
                .collect(),
            models: models.collect::<Result<_, _>>()?,
            texts: RefCell::default(),
        })
    }

    /// Keeps the text of a library, so that mistakes in it can be shown.
    pub fn keep(&self, library: &str, file: &Path, text: &Arc<str>) {
        let mut texts = self.texts.borrow_mut();
        if texts.iter().all(|known| known.file != file) {
            texts.push(Source {
                library: library.into(),
                file: file.to_owned(),
                text: Arc::clone(text),
            });
        }
    }

    /// The text of a library that was read: `Name` or `Name|version`.
    pub fn text_of(&self, library: &str) -> Option<Source> {
        let name = library.split('|').next().unwrap_or(library);
        let texts = self.texts.borrow();
        texts.iter().find(|known| &*known.library == name).cloned()
    }

    /// The texts that were read, in the order in which that was done.
    pub fn texts(&self) -> Vec<Source> {
        self.texts.borrow().clone()
    }

    /// The files that may hold a library of this name: `Name.cql`, `Name-1.0.json`.
    fn candidates(&self, name: &str) -> Vec<PathBuf> {
        let mut all = Vec::new();
        for folder in &self.folders {
            let mut here: Vec<PathBuf> = files(folder)
                .filter(|path| {
                    path.file_stem()
                        .is_some_and(|stem| is_named(&stem.to_string_lossy(), name))
                })
                .collect();
            here.sort_by_key(|path| (rank(path), path.clone()));
            all.append(&mut here);
        }
        all
    }

    /// The names of the libraries that there are, for "did you mean".
    fn names(&self) -> Vec<Box<str>> {
        let all = self.folders.iter().flat_map(|folder| files(folder));
        let cql = all.filter(|path| path.extension().is_some_and(|ending| ending == "cql"));
        let mut names: Vec<Box<str>> = cql
            .filter_map(|path| std::fs::read_to_string(path).ok())
            .map(|text| header(&text).0)
            .filter(|name| !name.is_empty())
            .collect();
        names.push("FHIRHelpers".into());
        names.sort();
        names.dedup();
        names
    }
}

impl Sources for Folders {
    fn library(&self, name: &LibraryName) -> Result<Found, SourceError> {
        let mut versions = Vec::new();
        for path in self.candidates(&name.name) {
            let (found, library, version) = match read(&path, name)? {
                Some(read) => read,
                None => continue,
            };
            if library != name.name {
                continue;
            }
            if name.version.is_some() && version != name.version {
                versions.push(version.unwrap_or_else(|| "(no version)".into()));
                continue;
            }
            if let Found::Text(text) = &found {
                self.keep(&name.name, &path, text);
            }
            return Ok(found);
        }
        Err(match (versions.is_empty(), &name.version) {
            (false, Some(version)) => SourceError::OtherVersion {
                name: name.name.clone(),
                version: version.clone(),
                known: versions,
            },
            _ => SourceError::NotFound {
                name: name.name.clone(),
                known: self.names(),
            },
        })
    }

    fn model(&self, name: &str, version: Option<&str>) -> Result<Arc<Model>, ModelError> {
        let fits = |model: &&Arc<Model>| {
            model.name() == name && version.is_none_or(|version| model.version() == Some(version))
        };
        match self.models.iter().find(fits) {
            Some(model) => Ok(Arc::clone(model)),
            None => Model::shared(name, version),
        }
    }
}

/// The library in a file, its name and version; `None` of JSON or XML that is no ELM.
type Read = Option<(Found, Box<str>, Option<Box<str>>)>;

fn read(path: &Path, name: &LibraryName) -> Result<Read, SourceError> {
    let unreadable = |reason: String| SourceError::Unreadable {
        name: name.name.clone(),
        reason: format!("{}: {reason}", path.display()).into(),
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    if ending(path) == "cql" {
        let (library, version) = header(&text);
        return Ok(Some((Found::Text(text.into()), library, version)));
    }
    Ok(elm_of(path, &text).ok().map(|library| {
        let identifier = library.identifier();
        let (id, version) = (identifier.id.into(), identifier.version.map(Into::into));
        (Found::Elm(Arc::new(library)), id, version)
    }))
}

/// ELM of JSON or XML, by the ending of the file.
pub fn elm_of(path: &Path, text: &str) -> Result<elm::Library, elm::ElmError> {
    match ending(path) {
        "xml" => elm::Library::from_xml(text),
        _ => elm::Library::from_json(text),
    }
}

/// The ending of a file with a library; that of CQL for any other.
pub fn ending(path: &Path) -> &'static str {
    let ending = path.extension().map(|ending| ending.to_string_lossy());
    let known = ENDINGS
        .into_iter()
        .find(|one| ending.as_deref() == Some(one));
    known.unwrap_or("cql")
}

/// Name and version of a library, by its text.
pub fn header(text: &str) -> (Box<str>, Option<Box<str>>) {
    match syntax::parse(text).library.header {
        Some(header) => (
            header.name.name().into(),
            header.version.map(|version| version.text),
        ),
        None => ("".into(), None),
    }
}

fn model(path: &Path) -> Result<Arc<Model>, CliError> {
    let text = std::fs::read_to_string(path).map_err(|source| CliError::ReadFile {
        path: path.to_owned(),
        source,
    })?;
    let model = Model::parse(&text).map_err(|source| CliError::CqlModel {
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    Ok(Arc::new(model))
}

/// The files of a folder that may hold libraries; none of a folder that cannot be read.
fn files(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| {
        let ending = path.extension().map(|ending| ending.to_string_lossy());
        ENDINGS.iter().any(|one| ending.as_deref() == Some(one))
    })
}

/// Text before ELM of the same library.
fn rank(path: &Path) -> usize {
    let ending = ending(path);
    ENDINGS.iter().position(|one| *one == ending).unwrap_or(0)
}

/// Whether a file of this stem may hold the library: its name, alone or with a version after it.
fn is_named(stem: &str, name: &str) -> bool {
    stem.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_', '.', '|']))
}
