//! From what the user names to the sources: files, folders, patterns and `-`.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use salus_base::{Diagnostic, Place, suggest};
use walkdir::{DirEntry, WalkDir};

use super::codes;
use super::error::SourceError;
use super::input::{Input, InputKind};

/// Finds the sources that `paths` name: a file, a folder (with all folders below, in the order of
/// the names), a pattern (`bulk/*.ndjson.gz`), or `-` for standard input. A file named twice is
/// read once.
///
/// What lies in a folder but cannot be read is told as a diagnostic and passed over.
///
/// # Errors
/// If one of `paths` itself leads nowhere or cannot be read.
pub fn discover(paths: &[String]) -> Result<(Vec<Input>, Vec<Diagnostic>), SourceError> {
    let mut found = Found::default();
    for path in paths {
        found.path(path)?;
    }
    Ok((found.inputs, found.diagnostics))
}

#[derive(Default)]
struct Found {
    inputs: Vec<Input>,
    diagnostics: Vec<Diagnostic>,
    /// Files by device and inode, with the name under which each is read.
    seen: HashMap<(u64, u64), String>,
}

impl Found {
    fn path(&mut self, path: &str) -> Result<(), SourceError> {
        if path == "-" {
            let is_new = self
                .inputs
                .iter()
                .all(|input| input.kind != InputKind::Stdin);
            if is_new {
                let name = path.to_owned();
                self.inputs.push(Input {
                    name,
                    kind: InputKind::Stdin,
                    size_bytes: None,
                });
            }
            return Ok(());
        }
        match fs::metadata(path) {
            Ok(metadata) => self.named(Path::new(path), &metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.not_there(path),
            Err(source) => Err(SourceError::Read {
                name: path.to_owned(),
                source,
            }),
        }
    }

    /// A path that the user named and that exists.
    fn named(&mut self, path: &Path, metadata: &Metadata) -> Result<(), SourceError> {
        let name = absolute(path);
        if metadata.is_dir() {
            self.folder(path);
            return Ok(());
        }
        if metadata.is_file() {
            fs::File::open(path).map_err(|source| SourceError::Read {
                name: name.clone(),
                source,
            })?;
            self.file(path, metadata);
            return Ok(());
        }
        if !is_pipe(metadata) {
            let source = io::Error::new(io::ErrorKind::InvalidInput, "neither a file nor a pipe");
            return Err(SourceError::Read { name, source });
        }
        let kind = InputKind::Pipe(path.to_owned());
        self.inputs.push(Input {
            name,
            kind,
            size_bytes: None,
        });
        Ok(())
    }

    fn not_there(&mut self, path: &str) -> Result<(), SourceError> {
        if let Ok(target) = fs::read_link(path) {
            let source = io::Error::new(
                io::ErrorKind::NotFound,
                format!("a link to `{}`, which does not exist", target.display()),
            );
            return Err(SourceError::Read {
                name: path.to_owned(),
                source,
            });
        }
        if path.contains(['*', '?', '[']) {
            return self.pattern(path);
        }
        Err(SourceError::Missing {
            path: path.to_owned(),
            closest: closest(Path::new(path)),
        })
    }

    fn pattern(&mut self, pattern: &str) -> Result<(), SourceError> {
        let paths = glob::glob(pattern).map_err(|source| SourceError::Pattern {
            pattern: pattern.to_owned(),
            source,
        })?;
        let mut matches = 0_usize;
        for path in paths {
            matches += 1;
            match path {
                Ok(path) => match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_dir() => self.folder(&path),
                    Ok(metadata) => self.in_folder(&path, &metadata),
                    Err(error) => self.unreadable(&path, &error),
                },
                Err(error) => self.unreadable(error.path(), error.error()),
            }
        }
        if matches == 0 {
            return Err(SourceError::NoMatch {
                pattern: pattern.to_owned(),
            });
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path) {
        let before = self.inputs.len() + self.diagnostics.len();
        let mut left_out = 0_usize;
        let mut lakes = Vec::new();
        let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        let wanted = entries.into_iter().filter_entry(|entry| {
            let is_hidden = entry.depth() > 0 && is_hidden(entry);
            left_out += usize::from(is_hidden);
            let is_lake = is_lake(entry);
            if is_lake {
                lakes.push(entry.path().to_owned());
            }
            !is_hidden && !is_lake
        });
        let entries: Vec<Result<DirEntry, walkdir::Error>> = wanted.collect();
        for entry in entries {
            match entry.and_then(|entry| entry.metadata().map(|metadata| (entry, metadata))) {
                Ok((_, metadata)) if metadata.is_dir() => {}
                Ok((entry, metadata)) => self.in_folder(entry.path(), &metadata),
                Err(error) => self.walk_error(folder, &error),
            }
        }
        for lake in lakes {
            self.passed_over(&lake, "is a Salus lake, not a source");
        }
        if left_out > 0 {
            let words = format!("{left_out} hidden files or folders were left out");
            self.diagnostics.push(
                Diagnostic::advice(codes::PASSED_OVER, words)
                    .at(Place::in_file(absolute(folder)))
                    .help("name a hidden file itself to load it"),
            );
        }
        if self.inputs.len() + self.diagnostics.len() == before {
            let words = "the folder holds no files";
            let place = Place::in_file(absolute(folder));
            self.diagnostics
                .push(Diagnostic::warning(codes::MISSING, words).at(place));
        }
    }

    /// Something that was found in a folder or by a pattern.
    fn in_folder(&mut self, path: &Path, metadata: &Metadata) {
        if !metadata.is_file() {
            self.passed_over(
                path,
                "is neither a file nor a folder; name it itself to read it",
            );
        } else if let Err(error) = fs::File::open(path) {
            self.unreadable(path, &error);
        } else {
            self.file(path, metadata);
        }
    }

    fn file(&mut self, path: &Path, metadata: &Metadata) {
        let name = absolute(path);
        if let Some(identity) = identity(metadata) {
            match self.seen.get(&identity) {
                // A pattern may match a folder and what is in it.
                Some(known) if *known == name => return,
                Some(known) => {
                    let words = format!("is the same file as `{known}`");
                    return self.passed_over(path, &words);
                }
                None => drop(self.seen.insert(identity, name.clone())),
            }
        }
        self.inputs.push(Input {
            name,
            kind: InputKind::File(path.to_owned()),
            size_bytes: Some(metadata.len()),
        });
    }

    fn walk_error(&mut self, folder: &Path, error: &walkdir::Error) {
        let path = error.path().unwrap_or(folder);
        if let Some(ancestor) = error.loop_ancestor() {
            let words = format!(
                "is a link back to `{}`, a folder above it",
                ancestor.display()
            );
            return self.passed_over(path, &words);
        }
        match error.io_error() {
            Some(cause)
                if cause.kind() == io::ErrorKind::NotFound && fs::read_link(path).is_ok() =>
            {
                let dangling = io::Error::new(cause.kind(), "a link to what does not exist");
                self.unreadable(path, &dangling);
            }
            Some(cause) => self.unreadable(path, cause),
            None => self.passed_over(path, "cannot be looked into"),
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let words = format!("cannot read `{}`", path.display());
        self.diagnostics.push(
            Diagnostic::error(codes::UNREADABLE, words)
                .at(Place::in_file(absolute(path)))
                .because(error),
        );
    }

    fn passed_over(&mut self, path: &Path, why: &str) {
        let words = format!("`{}` {why}", path.display());
        let place = Place::in_file(absolute(path));
        self.diagnostics
            .push(Diagnostic::warning(codes::PASSED_OVER, words).at(place));
    }
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// Whether a folder is a lake of ours: loading it into itself would never end well.
fn is_lake(entry: &DirEntry) -> bool {
    entry.file_type().is_dir()
        && entry.path().join("catalog.sqlite").is_file()
        && entry.path().join("data").is_dir()
}

/// The path that exists and looks like `path`, which does not.
fn closest(path: &Path) -> Option<String> {
    let absent: PathBuf = path
        .ancestors()
        .take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists())
        .last()?
        .to_owned();
    let folder = absent.parent()?;
    let shown = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut names: Vec<String> = fs::read_dir(shown)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    let name = absent.file_name()?.to_str()?;
    let closest = suggest::closest(name, names.iter().map(String::as_str))?;
    Some(folder.join(closest).display().to_string())
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo() || metadata.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}
