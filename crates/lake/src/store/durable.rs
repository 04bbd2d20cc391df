//! Local files that survive a power cut: file and folder are synced before anybody hears "done".

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

/// Start of the names of files that are not finished.
pub(super) const UNFINISHED: &str = ".unfinished-";

/// Makes a folder and what is missing above it, each synced into its parent. It may exist already.
///
/// # Errors
/// What the system says.
pub fn create_folder_durably(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = parent_of(folder);
    create_folder_durably(parent)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_folder(folder)?;
    sync_folder(parent)
}

/// The folders under a root that this process knows to be durable.
///
/// That a folder exists does not mean that it survives a power cut: whoever made it may not have got
/// round to syncing its parent. So each folder is synced once by every process, whoever made it.
#[derive(Debug)]
pub(super) struct Folders {
    root: PathBuf,
    durable: Mutex<HashSet<PathBuf>>,
}

impl Folders {
    pub(super) fn under(root: &Path) -> Folders {
        Folders {
            root: root.to_owned(),
            durable: Mutex::new(HashSet::new()),
        }
    }

    fn ensure(&self, folder: &Path) -> io::Result<()> {
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        if durable.contains(folder) {
            return Ok(());
        }
        create_folder_durably(folder)?;
        for between in folder.ancestors().take_while(|f| f.starts_with(&self.root)) {
            sync_folder(parent_of(between))?;
        }
        durable.insert(folder.to_owned());
        Ok(())
    }
}

/// Writes a new file under `path`: all of it is there, or nothing. Never overwrites.
///
/// # Errors
/// [`ErrorKind::AlreadyExists`] if there is a file; else what the system says. A file that was begun is
/// removed again.
pub(super) fn write_file_durably(folders: &Folders, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = parent_of(path);
    folders.ensure(folder)?;
    let unfinished = folder.join(format!("{UNFINISHED}{}", Uuid::now_v7()));
    let published = write_and_sync(&unfinished, bytes).and_then(|()| publish(&unfinished, path));
    if published.is_err() {
        // The error that matters is the one we have; what is left over is found by `doctor`.
        drop(fs::remove_file(&unfinished));
        return published;
    }
    sync_folder(folder)
}

/// Removes a file; it may be gone already.
///
/// # Errors
/// What the system says.
pub(super) fn delete_file_durably(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(parent_of(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn write_and_sync(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives a finished file its name. A hard link fails if the name is taken; where a file system knows no
/// links, the name is taken with an empty file first, which the rename then replaces.
fn publish(unfinished: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(unfinished, path) {
        Ok(()) => fs::remove_file(unfinished),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        Err(error) if is_no_links(&error) => {
            OpenOptions::new().write(true).create_new(true).open(path)?;
            fs::rename(unfinished, path)
        }
        Err(error) => Err(error),
    }
}

fn is_no_links(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unsupported | ErrorKind::PermissionDenied | ErrorKind::TooManyLinks
    )
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => Path::new("/"),
    }
}

/// All files under a folder that are finished, and those that are not, with their lengths. Links are not
/// followed.
///
/// # Errors
/// What the system says; a folder that does not exist is empty.
pub(super) fn files_under(folder: &Path) -> io::Result<Vec<(PathBuf, u64)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let entries = match fs::read_dir(&next) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push((entry.path(), entry.metadata()?.len()));
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.parquet");
        let folders = Folders::under(folder.path());
        write_file_durably(&folders, &path, b"one").unwrap();
        let error = write_file_durably(&folders, &path, b"two").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        let files = files_under(folder.path()).unwrap();
        assert_eq!(
            files,
            [(path.clone(), 3)],
            "nothing unfinished is left over"
        );
        delete_file_durably(&path).unwrap();
        delete_file_durably(&path).unwrap();
        assert!(files_under(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn a_folder_that_does_not_exist_is_empty() {
        assert!(
            files_under(Path::new("/no/such/folder"))
                .unwrap()
                .is_empty()
        );
    }
}
