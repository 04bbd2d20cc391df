//! `salus fhirpath`: expressions over files or over a table of the lake, and a prompt.

mod arena;
mod evaluate;
mod expression;
mod files;
mod lake_host;
mod prompt;
mod show;
mod table;
mod terminology;

use clap::Args;
use salus_fhirpath::Program;
use salus_lake::catalog::At;

use self::evaluate::Job;
use self::show::Style;
use crate::app::Outcome;
use crate::command::terminology::load as load_terminology;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::lake::parse_at;

/// Arguments of `salus fhirpath`.
#[derive(Debug, Args)]
#[command(
    after_help = "A file may be a resource, NDJSON or a Bundle, plain or compressed; `-` is standard input. The result is \
    one line per item: the value, or JSON of what has parts.\n\
    salus fhirpath \"name.where(use = 'official').given\" patients.ndjson\n\
    salus fhirpath \"value.ofType(Quantity).value\" --table Observation"
)]
pub struct Fhirpath {
    /// The expression; at the prompt (-i) the first file
    expression: Option<String>,
    /// Files, folders, patterns or `-`
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// Every resource of this type in the lake, instead of files
    #[arg(long, value_name = "TYPE", conflicts_with = "files")]
    table: Option<String>,
    /// Show how the expression is read, as JSON
    #[arg(long, conflicts_with_all = ["types", "explain", "interactive"])]
    ast: bool,
    /// Show which types each part of the expression can have
    #[arg(long, conflicts_with_all = ["explain", "interactive"])]
    types: bool,
    /// The type that --types starts from [default: what the expression starts with]
    #[arg(long, value_name = "TYPE", requires = "types")]
    context: Option<String>,
    /// Show what each step returned
    #[arg(long)]
    explain: bool,
    /// One JSON object per resource: its name, and the items with their types
    #[arg(long, conflicts_with = "explain")]
    json: bool,
    /// A variable: NAME=VALUE, the value a FHIRPath literal or else text; may be given again
    #[arg(long = "var", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// Files with ValueSet and CodeSystem resources, for memberOf() and subsumes(); may be given again
    #[arg(long, value_name = "PATH")]
    terminology: Vec<String>,
    /// A prompt over the records
    #[arg(long, short)]
    interactive: bool,
    /// With --table: as the lake was, number of a snapshot or a time
    #[arg(long, value_name = "SNAPSHOT", default_value = "latest", value_parser = parse_at)]
    at: At,
}

impl Fhirpath {
    /// Evaluates.
    pub fn run(mut self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        if self.interactive || self.expression.is_none() {
            self.files.splice(0..0, self.expression.take());
            return prompt::run(face, settings, &self);
        }
        let text = self.expression.clone().unwrap_or_default();
        if self.ast {
            return expression::tree(face, &text);
        }
        if self.types {
            return expression::types(face, &text, self.context.as_deref());
        }
        let program = expression::compile(face, &text)?;
        let job = self.job(face, settings, &program)?;
        match &self.table {
            Some(table) => table::evaluate(face, settings, &job, table, &self.at),
            None => files::evaluate(face, settings, &job, &self.files),
        }
    }

    fn style(&self) -> Style {
        match (self.explain, self.json) {
            (true, _) => Style::Steps,
            (false, true) => Style::Json,
            (false, false) => Style::Values,
        }
    }

    fn job<'j>(
        &self,
        face: &Face,
        settings: &Settings,
        program: &'j Program,
    ) -> Result<Job<'j>, CliError> {
        Job::new(
            program,
            self.style(),
            &self.variables,
            load_terminology(face, settings, &self.terminology)?,
        )
    }
}
