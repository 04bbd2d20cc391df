//! One program over one record after another.

use std::io::{BufWriter, Stdout, Write};

use salus_base::{Diagnostic, Place};
use salus_fhir::view::ElementView;
use salus_fhirpath::{Collection, Environment, Host, Program};
use salus_terminology::Terminology;
use salus_values::{DateTime, Value};

use super::expression;
use super::show::{self, Style};
use crate::clock;
use crate::error::CliError;
use crate::face::Face;

/// What is to be done with every record.
pub struct Job<'j> {
    program: &'j Program,
    style: Style,
    now: DateTime,
    /// Name and compiled value of each variable.
    variables: Vec<(String, Variable)>,
    /// What `memberOf()` and `subsumes()` are asked of.
    pub terminology: Option<Terminology>,
}

/// The value of a variable: a literal, or the text that is none.
enum Variable {
    Literal(Box<Program>),
    Text(String),
}

/// How it went.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    /// Records that were evaluated.
    pub records: u64,
    /// Records on which the expression failed.
    pub failed: u64,
}

impl<'j> Job<'j> {
    /// A program with its variables, `NAME=VALUE` each.
    pub fn new(
        program: &'j Program,
        style: Style,
        variables: &[String],
        terminology: Option<Terminology>,
    ) -> Result<Self, CliError> {
        let variable = |text: &String| {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            let value = match Program::compile(value) {
                Ok(literal) => Variable::Literal(Box::new(literal)),
                Err(_) => Variable::Text(value.to_owned()),
            };
            (name.trim_start_matches('%').to_owned(), value)
        };
        Ok(Self {
            program,
            style,
            now: clock::moment(),
            variables: variables.iter().map(variable).collect(),
            terminology,
        })
    }

    /// The environment of all records that `host` answers for.
    pub fn environment<'e, V: ElementView>(
        &self,
        host: &'e dyn Host<V>,
    ) -> Result<Environment<'e, V>, CliError> {
        let mut environment = Environment::new(self.now).host(host);
        for (name, variable) in &self.variables {
            let value: Collection<V> = match variable {
                Variable::Text(text) => {
                    std::iter::once(Value::String(text.as_str().into())).collect()
                }
                Variable::Literal(literal) => literal
                    .evaluate_on(&[], &Environment::new(self.now))
                    .map_err(|source| CliError::Evaluation {
                        text: literal.text().to_owned(),
                        source: Box::new(source),
                    })?,
            };
            environment.set_variable(name, value);
        }
        Ok(environment)
    }

    /// Evaluates on one record and writes what it gives. A failure is shown, at the record's place.
    pub fn record<V: ElementView>(
        &self,
        face: &Face,
        out: &mut BufWriter<Stdout>,
        record: V,
        environment: &Environment<'_, V>,
        place: &Place,
        tally: &mut Tally,
    ) -> Result<(), CliError> {
        tally.records += 1;
        let mut text = String::new();
        let result = match self.style {
            Style::Steps => show::steps(self.program, record, environment, &mut text),
            Style::Values | Style::Json => {
                let name = show::name(&record);
                let found = self.program.evaluate(record, environment);
                found.map(|items| match self.style {
                    Style::Json => show::json(&name, &items, &mut text),
                    _ => show::values(&items, &mut text),
                })
            }
        };
        out.write_all(text.as_bytes()).map_err(CliError::Stdout)?;
        if let Err(error) = result {
            tally.failed += 1;
            let found = error.diagnostic();
            face.trouble(&at(found, self.program.text(), error.span(), place));
        }
        Ok(())
    }
}

/// A failure says where in the expression, and on which record.
fn at(
    found: Diagnostic,
    text: &str,
    span: salus_fhirpath::syntax::Span,
    place: &Place,
) -> Diagnostic {
    let found = expression::pointed(found, text, span);
    let words = found.place.as_ref().map(|place| place.source.clone());
    let found = found.at(place.clone());
    match (words, found.cause.clone()) {
        (Some(words), None) => found.because(words),
        (Some(words), Some(cause)) => found.because(format!("{cause}; {words}")),
        (None, _) => found,
    }
}
