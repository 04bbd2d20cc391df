//! `cargo xtask tidy`: what rustfmt and clippy do not look at. Also runs as a test.

use std::path::Path;
use std::process::Command;

use crate::say;

/// Characters in one line of Rust; rustfmt keeps code below, but breaks neither comments nor strings. A line that holds
/// a string is its author's to break, and records in tests are as long as they are.
const LINE_CHARS_MAX: usize = 120;
/// Bytes of one committed file, unless it is listed in [`BIG`].
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Folders whose files may be bigger: tables of data, each with its notice.
const BIG: &[&str] = &["crates/fhir/src/r4/", "content/"];
/// Endings of the files that people write and read.
const SOURCES: &[&str] = &["rs", "toml", "sql", "sh", "md"];

/// Why the sources are not tidy.
#[derive(Debug, thiserror::Error)]
pub enum TidyError {
    /// Git did not list the files.
    #[error("cannot list the files with `git ls-files`")]
    List(#[source] std::io::Error),
    /// A listed file could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Relative to the root.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// There are faults.
    #[error("{} places are not tidy:\n{}", faults.len(), faults.join("\n"))]
    Untidy {
        /// `file:line: what`.
        faults: Vec<String>,
    },
}

/// Checks every file of the repository at `root`, committed or about to be.
pub fn run(root: &Path) -> Result<(), TidyError> {
    let files = files(root)?;
    let mut faults = Vec::new();
    for path in &files {
        let full = root.join(path);
        let read = |source| TidyError::Read {
            path: path.clone(),
            source,
        };
        let bytes = std::fs::metadata(&full).map_err(read)?.len();
        if bytes > FILE_BYTES_MAX && !BIG.iter().any(|folder| path.starts_with(folder)) {
            faults.push(format!("{path}: {bytes} bytes: too big to commit"));
        }
        if path.ends_with(".snap.new") || path.ends_with(".pending-snap") {
            faults.push(format!("{path}: a snapshot that nobody accepted"));
        }
        if is_source(path) {
            let text = std::fs::read_to_string(&full).map_err(read)?;
            faults.extend(look(path, &text));
        }
    }
    if !faults.is_empty() {
        return Err(TidyError::Untidy { faults });
    }
    say(&format!("tidy: {} files", files.len()));
    Ok(())
}

fn files(root: &Path) -> Result<Vec<String>, TidyError> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "--deduplicate",
        ])
        .current_dir(root)
        .output()
        .map_err(TidyError::List)?;
    let listed = String::from_utf8_lossy(&output.stdout);
    let there = listed.lines().filter(|path| root.join(path).is_file());
    Ok(there.map(str::to_owned).collect())
}

fn is_source(path: &str) -> bool {
    path == ".ci/run"
        || path
            .rsplit_once('.')
            .is_some_and(|(_, ending)| SOURCES.contains(&ending))
}

/// The faults of one file, as `path:line: what`.
fn look(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let rust = path.ends_with(".rs");
    if rust && !text.starts_with("//!") {
        faults.push(format!(
            "{path}:1: does not begin with `//!`: say what the file is for"
        ));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        faults.push(format!("{path}: the last line has no line end"));
    }
    for (number, line) in (1..).zip(text.lines()) {
        let mut fault = |what: &str| faults.push(format!("{path}:{number}: {what}"));
        if rust && !line.contains('"') && line.chars().count() > LINE_CHARS_MAX {
            fault("longer than 120 characters");
        }
        if line.contains('\t') {
            fault("holds a tab");
        }
        if line.ends_with([' ', '\t']) {
            fault("ends with a space");
        }
        if has_loose_todo(line) {
            fault("a to-do without the number of its issue: write `(#12)` behind the word");
        }
    }
    faults
}

/// Whether the line holds one of the words below without `(#` behind it.
fn has_loose_todo(line: &str) -> bool {
    // In two pieces, so that this file does not find itself.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    words.iter().any(|word| {
        line.split(word)
            .skip(1)
            .any(|behind| !behind.starts_with("(#"))
            && !line.contains(&format!("`{word}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        if let Err(error) = run(&crate::root()) {
            panic!("{error}");
        }
    }

    #[test]
    fn each_fault_names_its_line() {
        let found = look(
            "a.rs",
            &format!("fn a() {{}} \n// {} later\n\tb", concat!("TO", "DO")),
        );
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(
            found
                .iter()
                .any(|fault| fault == "a.rs:1: ends with a space"),
            "{found:?}"
        );
        assert!(
            found.iter().any(|fault| fault == "a.rs:3: holds a tab"),
            "{found:?}"
        );
    }

    #[test]
    fn a_to_do_with_its_issue_is_fine() {
        assert!(!has_loose_todo(&format!(
            "// {}(#12): later",
            concat!("TO", "DO")
        )));
    }
}
