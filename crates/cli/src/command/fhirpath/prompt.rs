//! The prompt: one expression after another over the same records.

use std::io::{BufWriter, Write};

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;
use salus_base::Place;
use salus_fhir::json::Document;
use salus_fhir::view::JsonElement;

use super::evaluate::{Job, Tally};
use super::files::FileHost;
use super::show::Style;
use super::{Fhirpath, expression, table};
use crate::app::Outcome;
use crate::command::{history_file, records, terminology};
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, thousands};
use crate::work::Work;

const HELP: &str = "\
EXPRESSION   evaluates it
\\n  \\p        next record, previous record
\\a  \\t        how the last expression is read, which types it can have
\\s           what each step of the last expression returned
\\all         the last expression over all records
\\h           this
\\q           leave (so does Ctrl-D)
";

/// Records that the prompt holds at most; more are not looked at.
const RECORDS_MAX: usize = 100_000;

/// Runs the prompt until the user leaves.
pub fn run(face: &Face, settings: &Settings, options: &Fhirpath) -> Result<Outcome, CliError> {
    let records = match &options.table {
        Some(table) => of_table(face, settings, table, options)?,
        None => of_files(face, settings, &options.files)?,
    };
    let mut prompt = Prompt {
        face,
        options,
        terminology: terminology::load(face, settings, &options.terminology)?,
        records,
        at: 0,
        last: String::new(),
    };
    prompt.greet();
    let mut editor = DefaultEditor::new().map_err(CliError::prompt)?;
    let history = history_file::path("fhirpath-history");
    if let Some(path) = &history {
        // No history yet is no trouble.
        let _ = editor.load_history(path);
    }
    let ended = prompt.run(&mut editor);
    if let Some(path) = &history {
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = editor.save_history(path);
    }
    ended.map(|()| Outcome::Done)
}

/// A record that is held, and where it came from.
struct Held {
    text: String,
    place: Place,
}

fn of_files(face: &Face, settings: &Settings, files: &[String]) -> Result<Vec<Held>, CliError> {
    let mut held = Vec::new();
    if files.is_empty() {
        return Ok(held);
    }
    let work = Work::start(face)?;
    let mut passed_over = 0;
    records::for_each(face, &settings.limits, &work.cancel, files, &mut |record| {
        if held.len() < RECORDS_MAX {
            held.push(Held {
                text: record.text.to_owned(),
                place: Place::in_file(record.source).byte(record.offset),
            });
        } else {
            passed_over += 1;
        }
        Ok(())
    })?;
    work.end();
    if passed_over > 0 {
        face.talk(&format!(
            "The first {} records; {} more are not at the prompt",
            thousands(RECORDS_MAX as u64),
            thousands(passed_over)
        ));
    }
    Ok(held)
}

fn of_table(
    face: &Face,
    settings: &Settings,
    table: &str,
    options: &Fhirpath,
) -> Result<Vec<Held>, CliError> {
    table::type_named(table)?;
    let work = Work::start(face)?;
    let lake = crate::lake::open(&work, settings)?;
    let request = salus_lake::export::ExportRequest {
        types: vec![table.to_owned()],
        patients: Vec::new(),
        form: salus_lake::Form::Resolved,
    };
    let mut held = Vec::new();
    let mut sink = |_: &str, json: &str| {
        if held.len() < RECORDS_MAX {
            held.push(Held {
                text: json.to_owned(),
                place: Place::in_file(format!("{table} in the lake")),
            });
        }
        Ok(())
    };
    let done = work.wait(async {
        let view = lake.catalog().view(options.at.clone()).await?;
        salus_lake::export::export(&lake, &view, &request, &work.cancel, &mut sink).await
    });
    done?;
    work.end();
    Ok(held)
}

struct Prompt<'p> {
    face: &'p Face,
    options: &'p Fhirpath,
    terminology: Option<salus_terminology::Terminology>,
    records: Vec<Held>,
    at: usize,
    last: String,
}

impl Prompt<'_> {
    fn greet(&self) {
        let count = thousands(self.records.len() as u64);
        self.face.talk(&format!(
            "{count} records. An expression is evaluated on the one at hand. \\n goes on, \\h helps, \\q leaves."
        ));
    }

    fn run(&mut self, editor: &mut DefaultEditor) -> Result<(), CliError> {
        loop {
            let sign = format!("{}> ", self.name());
            match editor.readline(&sign) {
                Ok(line) => {
                    let line = line.trim();
                    if !line.is_empty() {
                        let _ = editor.add_history_entry(line);
                    }
                    if !self.line(line)? {
                        return Ok(());
                    }
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(()),
                Err(error) => return Err(CliError::prompt(error)),
            }
        }
    }

    /// `Type/id` of the record at hand.
    fn name(&self) -> String {
        let document = self
            .records
            .get(self.at)
            .map(|held| Document::parse(&held.text));
        match &document {
            Some(Ok(document)) => JsonElement::resource(document).map_or_else(
                || "fhirpath".to_owned(),
                |element| super::show::name(&element),
            ),
            _ => "fhirpath".to_owned(),
        }
    }

    /// Takes one line; `false` ends the prompt.
    fn line(&mut self, line: &str) -> Result<bool, CliError> {
        let shown = match line {
            "" => Ok(()),
            "\\q" => return Ok(false),
            "\\h" | "\\?" => self.face.data(HELP),
            "\\n" => {
                self.at = (self.at + 1).min(self.records.len().saturating_sub(1));
                Ok(())
            }
            "\\p" => {
                self.at = self.at.saturating_sub(1);
                Ok(())
            }
            "\\a" => expression::tree(self.face, &self.last).map(|_| ()),
            "\\t" => expression::types(self.face, &self.last, self.context()).map(|_| ()),
            "\\s" => self.evaluate(Style::Steps, false),
            "\\all" => self.evaluate(Style::Values, true),
            other if other.starts_with('\\') => {
                self.face
                    .talk(&format!("there is no `{other}`; \\h lists what there is"));
                Ok(())
            }
            text => {
                text.clone_into(&mut self.last);
                self.evaluate(Style::Values, false)
            }
        };
        match shown {
            Err(error) if error.is_broken_pipe() => Err(error),
            // What is wrong was shown already, or is shown now; the prompt goes on.
            Err(CliError::Expression { .. }) => Ok(true),
            Err(error) => {
                self.face.trouble(&error.diagnostic());
                Ok(true)
            }
            Ok(()) => Ok(true),
        }
    }

    /// The type of the record at hand.
    fn context(&self) -> Option<&str> {
        let held = self.records.get(self.at)?;
        let document = Document::parse(&held.text).ok()?;
        let element = JsonElement::resource(&document)?;
        let ty = salus_fhir::view::ElementView::type_id(&element);
        Some(salus_fhir::schema::r4().get(ty).name)
    }

    fn evaluate(&self, style: Style, all: bool) -> Result<(), CliError> {
        let program = expression::compile(self.face, &self.last)?;
        let job = Job::new(&program, style, &self.options.variables, None)?;
        let host = FileHost {
            terminology: self.terminology.as_ref(),
        };
        let mut out = BufWriter::new(std::io::stdout());
        let mut tally = Tally::default();
        let at_hand = self.at..self.at + 1;
        let records = match all {
            true => self.records.as_slice(),
            false => self.records.get(at_hand).unwrap_or_default(),
        };
        for held in records {
            let Ok(document) = Document::parse(&held.text) else {
                continue;
            };
            let Some(resource) = JsonElement::resource(&document) else {
                continue;
            };
            let environment = job.environment(&host)?;
            job.record(
                self.face,
                &mut out,
                resource,
                &environment,
                &held.place,
                &mut tally,
            )?;
        }
        out.flush().map_err(CliError::Stdout)
    }
}
