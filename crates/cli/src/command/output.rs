//! Where an answer goes, and in which format.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use arrow::datatypes::SchemaRef;
use salus_engine::format::{AnswerWriter, Format, TableStyle, write_stream};
use salus_engine::{AnswerStream, Session};

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
        self.stream(face, &mut stream).await
    }

    /// Writes an answer as it comes.
    pub async fn stream(&self, face: &Face, stream: &mut AnswerStream) -> Result<(), CliError> {
        let mut out = self.open()?;
        let rows = write_stream(stream, self.format, &self.style, &mut out).await?;
        out.keep()?;
        self.say(face, rows, stream.truncated().is_some());
        Ok(())
    }

    /// Writes an answer that comes from elsewhere: `fill` gives it the rows and says how many there were, and whether
    /// they were cut.
    pub fn write(
        &self,
        face: &Face,
        schema: &SchemaRef,
        fill: impl FnOnce(&mut AnswerWriter<'_>) -> Result<(u64, bool), CliError>,
    ) -> Result<(), CliError> {
        let mut out = self.open()?;
        let mut writer = AnswerWriter::new(self.format, schema, &self.style, &mut out)?;
        let (rows, truncated) = fill(&mut writer)?;
        writer.finish()?;
        out.keep()?;
        self.say(face, rows, truncated);
        Ok(())
    }

    fn open(&self) -> Result<Out, CliError> {
        let buffered = |to: Box<dyn Write + Send>| BufWriter::with_capacity(1 << 16, to);
        Ok(match &self.file {
            Some(path) => {
                let target = Target::create(path)?;
                let file = target.file.try_clone();
                let file = file.map_err(|source| target.failed(source))?;
                Out::File(target, buffered(Box::new(file)))
            }
            None => Out::Stdout(buffered(Box::new(io::stdout()))),
        })
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

/// What is written to, buffered.
enum Out {
    File(Target, BufWriter<Box<dyn Write + Send>>),
    Stdout(BufWriter<Box<dyn Write + Send>>),
}

impl Out {
    fn buffer(&mut self) -> &mut BufWriter<Box<dyn Write + Send>> {
        match self {
            Self::File(_, out) | Self::Stdout(out) => out,
        }
    }

    /// All is written: a file gets its name.
    fn keep(self) -> Result<(), CliError> {
        match self {
            Self::File(target, mut out) => {
                out.flush().map_err(|source| target.failed(source))?;
                target.keep()
            }
            Self::Stdout(mut out) => out.flush().map_err(CliError::Stdout),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.buffer().flush()
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
