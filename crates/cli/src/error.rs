//! What can go wrong in the binary itself, and everything below it.

use std::io;
use std::path::PathBuf;

use salus_base::{Code, Diagnostic, Place};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// `salus.toml` holds a name that means nothing.
    #[error("`{name}` is not a setting")]
    UnknownSetting {
        /// The file.
        path: PathBuf,
        /// The name as written.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// `salus.toml` is not TOML, or a value is of the wrong kind.
    #[error("the settings cannot be read")]
    Settings {
        /// The file.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// What the reader of TOML says.
        message: String,
    },
    /// A file could not be read.
    #[error("cannot read `{}`", path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{}`", path.display())]
    WriteFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Standard output is closed or full.
    #[error("cannot write to standard output")]
    Stdout(#[source] io::Error),
    /// `salus explain` was asked for something that is no code.
    #[error("there is no code `{code}`")]
    UnknownCode {
        /// As written.
        code: String,
        /// The nearest code that exists.
        nearest: Option<&'static str>,
    },
    /// The threads could not be started.
    #[error("cannot start the threads that do the work")]
    Runtime(#[source] io::Error),
}

const UNKNOWN_SETTING: Code = Code::new("SAL-CLI-0001");
const SETTINGS: Code = Code::new("SAL-CLI-0002");
const READ_FILE: Code = Code::new("SAL-CLI-0003");
const WRITE_FILE: Code = Code::new("SAL-CLI-0004");
const STDOUT: Code = Code::new("SAL-CLI-0005");
const UNKNOWN_CODE: Code = Code::new("SAL-CLI-0006");
const RUNTIME: Code = Code::new("SAL-CLI-0007");

impl CliError {
    /// Whether the reader of our output went away, which is not a failure (`salus sql … | head`).
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Stdout(source) if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The words for the user.
    pub fn diagnostic(&self) -> Diagnostic {
        let say = |code| Diagnostic::error(code, self.to_string());
        match self {
            Self::UnknownSetting { path, nearest, .. } => say(UNKNOWN_SETTING)
                .at(Place::in_file(path.display().to_string()))
                .help(nearest.as_ref().map_or_else(
                    || "`salus explain SAL-CLI-0001` lists the settings".to_owned(),
                    |nearest| format!("did you mean `{nearest}`?"),
                )),
            Self::Settings {
                path,
                line,
                message,
            } => say(SETTINGS)
                .at(Place::in_file(format!("{}, line {line}", path.display())))
                .because(message),
            Self::ReadFile { source, .. } => say(READ_FILE).because(source),
            Self::WriteFile { source, .. } => say(WRITE_FILE).because(source),
            Self::Stdout(source) => say(STDOUT).because(source),
            Self::UnknownCode { nearest, .. } => say(UNKNOWN_CODE).help(nearest.map_or_else(
                || "codes look like SAL-LOAD-0003; `salus explain` lists them all".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            )),
            Self::Runtime(source) => say(RUNTIME).because(source),
        }
    }
}
