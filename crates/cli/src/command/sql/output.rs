//! Where an answer goes, and in which format.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use salus_engine::Session;
use salus_engine::format::{Format, TableStyle, write_stream};

use crate::error::CliError;
use crate::face::{Face, thousands};

/// The format as asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wanted {
    /// Chosen by where the answer goes.
    Auto,
    /// This one.
    This(Format),
}

/// A format by its name.
pub fn parse_format(name: &str) -> Result<Wanted, String> {
    if name == "auto" {
        return Ok(Wanted::Auto);
    }
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    Format::parse(name).map(Wanted::This).ok_or_else(|| {
        let hint = salus_base::suggest::closest(name, names.iter().copied());
        let hint = hint.map_or(String::new(), |hint| format!("; did you mean `{hint}`?"));
        format!("there are auto, {}{hint}", names.join(", "))
    })
}

/// Where answers go.
#[derive(Debug)]
pub struct Output {
    format: Format,
    file: Option<PathBuf>,
    /// Rows that the screen shows; `None` where the answer does not go to a screen.
    rows_screen: Option<u64>,
    style: TableStyle,
}

impl Output {
    /// Chooses the format.
    pub fn new(
        face: &Face,
        wanted: Wanted,
        file: Option<PathBuf>,
        rows: u64,
    ) -> Result<Self, CliError> {
        let on_screen = file.is_none() && face.terminal_out();
        let by_ending = file
            .as_deref()
            .and_then(Path::extension)
            .and_then(|ending| ending.to_str());
        let format = match (wanted, on_screen) {
            (Wanted::This(format), _) => format,
            (Wanted::Auto, true) => Format::Table,
            (Wanted::Auto, false) => by_ending.and_then(Format::parse).unwrap_or(Format::Csv),
        };
        if on_screen && format == Format::Parquet {
            return Err(CliError::ParquetOnScreen);
        }
        let width = u16::try_from(face.width()).ok().filter(|_| on_screen);
        let rows_screen = (on_screen && format == Format::Table).then_some(rows);
        Ok(Self {
            format,
            file,
            rows_screen,
            style: TableStyle { width },
        })
    }

    /// Rows of one answer at most; `None` for no bound.
    pub fn rows_max(&self) -> Option<u64> {
        self.rows_screen
    }

    /// Another format from now on.
    pub fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// Answers one statement.
    pub async fn answer(
        &self,
        face: &Face,
        session: &Session,
        statement: &str,
    ) -> Result<(), CliError> {
        let mut stream = session.sql_stream(statement).await?;
        let rows = match &self.file {
            Some(path) => {
                let target = Target::create(path)?;
                let mut out = BufWriter::with_capacity(1 << 16, &target.file);
                let rows = write_stream(&mut stream, self.format, &self.style, &mut out).await?;
                let flushed = out.flush();
                drop(out);
                flushed.map_err(|source| target.failed(source))?;
                target.keep()?;
                rows
            }
            None => {
                let mut out = BufWriter::with_capacity(1 << 16, io::stdout());
                let rows = write_stream(&mut stream, self.format, &self.style, &mut out).await?;
                out.flush().map_err(CliError::Stdout)?;
                rows
            }
        };
        self.say(face, rows, stream.truncated().is_some());
        Ok(())
    }

    fn say(&self, face: &Face, rows: u64, truncated: bool) {
        let noun = if rows == 1 { "row" } else { "rows" };
        let count = thousands(rows);
        if truncated {
            face.talk(&format!(
                "The first {count} {noun}; --rows shows more, -o FILE writes all"
            ));
        } else if let Some(path) = &self.file {
            face.talk(&format!("{count} {noun} to {}", path.display()));
        } else if io::stderr().is_terminal() {
            face.talk(&format!("{count} {noun}"));
        }
    }
}

/// A file that gets its name only when it is whole.
struct Target {
    path: PathBuf,
    part: PathBuf,
    file: File,
}

impl Target {
    fn create(path: &Path) -> Result<Self, CliError> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let file = File::create(&part).map_err(|source| CliError::WriteFile {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            path: path.to_owned(),
            part,
            file,
        })
    }

    fn failed(&self, source: io::Error) -> CliError {
        CliError::WriteFile {
            path: self.path.clone(),
            source,
        }
    }

    fn keep(self) -> Result<(), CliError> {
        std::fs::rename(&self.part, &self.path).map_err(|source| self.failed(source))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // After `keep` there is nothing under this name.
        let _ = std::fs::remove_file(&self.part);
    }
}
