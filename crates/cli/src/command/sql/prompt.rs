//! The prompt: a line editor with history, statements that end with `;`, and a few commands with `\`.

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;
use salus_engine::Session;
use salus_engine::format::Format;

use super::help;
use super::statements::first;
use crate::command::history_file;
use crate::command::output::{Output, Wanted, parse_format};
use crate::error::CliError;
use crate::face::{Face, Ink};
use crate::work::Work;

/// Runs the prompt until the user leaves.
pub fn run(face: &Face, work: &Work, session: &Session, output: Output) -> Result<(), CliError> {
    let mut editor = DefaultEditor::new().map_err(CliError::prompt)?;
    let history = history_file::path("history");
    if let Some(path) = &history {
        // No history yet is no trouble.
        let _ = editor.load_history(path);
    }
    greet(face, session);
    let mut prompt = Prompt {
        face,
        work,
        session,
        output,
        pending: String::new(),
    };
    let ended = prompt.run(&mut editor);
    if let Some(path) = &history {
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = editor.save_history(path);
    }
    ended
}

fn greet(face: &Face, session: &Session) {
    let (snapshot, as_of) = (session.snapshot(), session.as_of());
    face.talk(&format!(
        "Snapshot {snapshot}, as of {as_of}. A query ends with `;`. \\d lists tables, \\h helps, \\q leaves."
    ));
}

struct Prompt<'p> {
    face: &'p Face,
    work: &'p Work,
    session: &'p Session,
    output: Output,
    /// Lines of a statement that has not ended.
    pending: String,
}

impl Prompt<'_> {
    fn run(&mut self, editor: &mut DefaultEditor) -> Result<(), CliError> {
        loop {
            let sign = if self.pending.is_empty() {
                "salus> "
            } else {
                "   ...> "
            };
            match editor.readline(sign) {
                Ok(line) => {
                    if !line.trim().is_empty() {
                        let _ = editor.add_history_entry(line.as_str());
                    }
                    if !self.line(&line)? {
                        return Ok(());
                    }
                }
                Err(ReadlineError::Interrupted) => self.pending.clear(),
                Err(ReadlineError::Eof) => return Ok(()),
                Err(error) => return Err(CliError::prompt(error)),
            }
        }
    }

    /// Takes one line; `false` ends the prompt.
    fn line(&mut self, line: &str) -> Result<bool, CliError> {
        if self.pending.is_empty()
            && let Some(command) = line.trim().strip_prefix('\\')
        {
            return self.command(command);
        }
        if self.pending.is_empty() && line.trim().is_empty() {
            return Ok(true);
        }
        self.pending.push_str(line);
        self.pending.push('\n');
        while let (statement, Some(rest)) = first(&self.pending) {
            let (statement, rest) = (statement.trim().to_owned(), rest.trim_start().to_owned());
            self.pending = rest;
            if !statement.is_empty() {
                self.answer(&statement)?;
            }
        }
        Ok(true)
    }

    /// A failed query is shown and the prompt goes on; only a closed output ends it.
    fn answer(&self, statement: &str) -> Result<(), CliError> {
        let job = self.output.answer(self.face, self.session, statement);
        match self.work.wait_or_interrupt(job) {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) if error.is_broken_pipe() => Err(error),
            Some(Err(error)) => {
                self.face.trouble(&error.diagnostic());
                Ok(())
            }
            None => {
                self.face.talk(&self.face.ink(Ink::Warn, "stopped"));
                Ok(())
            }
        }
    }

    fn command(&mut self, command: &str) -> Result<bool, CliError> {
        let (word, argument) = command
            .split_once(char::is_whitespace)
            .unwrap_or((command, ""));
        let argument = argument.trim().trim_end_matches(';');
        match (word, argument) {
            ("q", _) => return Ok(false),
            ("d", "") => self.face.data(&help::tables(self.session))?,
            ("d", name) => self.face.data(&help::columns(self.session, name))?,
            ("dv", _) => self.face.data(&help::views(self.session))?,
            ("f", name) => self.format(name),
            ("h" | "?", _) => self.face.data(help::COMMANDS)?,
            (other, _) => self
                .face
                .talk(&format!("there is no `\\{other}`; \\h lists what there is")),
        }
        Ok(true)
    }

    fn format(&mut self, name: &str) {
        match parse_format(name) {
            Ok(Wanted::This(Format::Parquet)) => {
                self.face
                    .talk("Parquet is for files: salus sql -o FILE.parquet 'SELECT …'");
            }
            Ok(Wanted::This(format)) => self.output.set_format(format),
            Ok(Wanted::Auto) => self.output.set_format(Format::Table),
            Err(words) => self.face.talk(&words),
        }
    }
}
