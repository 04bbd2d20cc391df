//! A library over records: what is given to it, and its defines for one patient after another.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use salus_base::Cancel;
use salus_cql::evaluate::{Evaluation, Failure, Item, Limits, Observer, Records};
use salus_cql::model::Models;
use salus_cql::operators::{NoTerminology, Records as Nodes, Scene, Terminology};
use salus_cql::program::Program;
use salus_cql::resolve::Options;
use salus_cql::terminology::LoadedTerminology;
use salus_fhir::view::ElementView;
use salus_values::DateTime;

use super::define::{Define, contexts};
use super::folders::Places;
use super::library::Library;
use super::messages::Shown;
use super::parameter::{self, Parameter, VALUE, parameters};
use crate::clock;
use crate::command::terminology;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;

/// What is given to a library beside its text.
#[derive(Debug, Clone, Default, Args)]
pub struct Given {
    #[command(flatten)]
    pub places: Places,
    /// Files, folders or patterns with records, or `lake`; may be given again
    #[arg(long, visible_alias = "on", value_name = "PATH")]
    pub from: Vec<String>,
    /// Only the patient (or whatever the context is about) with this id; may be given again
    #[arg(long = "patient", value_name = "ID")]
    pub patients: Vec<String>,
    /// The value of a parameter, in CQL; may be given again
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    pub parameters: Vec<String>,
    /// Files with ValueSet and CodeSystem resources; may be given again
    #[arg(long, value_name = "PATH")]
    pub terminology: Vec<String>,
    /// The moment that Now() and Today() give [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub now: Option<DateTime>,
}

/// Reads a moment: `2025-01-01T00:00:00.000+01:00`, or a day, whose first moment in UTC is meant.
pub fn moment(text: &str) -> Result<DateTime, String> {
    let whole = match text.contains('T') {
        true => text.to_owned(),
        false => format!("{text}T00:00:00.000Z"),
    };
    let read =
        DateTime::parse(&whole).filter(|read| read.offset().is_some() && read.time().is_some());
    read.ok_or_else(|| {
        "write a day, `2025-01-31`, or a moment with its offset, `2025-01-31T08:00:00.000+01:00`"
            .to_owned()
    })
}

/// How libraries are translated that are to be run: with places, so that failures show theirs.
pub fn options() -> Options {
    Options {
        locators: true,
        ..Options::bare()
    }
}

/// A library, ready to be evaluated.
pub struct Job<'f> {
    /// The library.
    pub library: Library,
    /// The library, compiled.
    pub program: Program,
    models: Models,
    /// The parameters that were given.
    pub parameters: Vec<Parameter>,
    /// What `Now()` gives.
    pub now: DateTime,
    /// Value sets and code systems.
    pub terminology: Arc<dyn Terminology + Send + Sync>,
    messages: Shown<'f>,
    /// What the evaluation of one patient may use.
    pub limits: Limits,
}

/// The value of a define, or why it has none.
pub type Answer<'d, V> = (&'d Define, Result<Item<V>, Box<Failure>>);

/// Takes the answers for one subject, or for all records.
type Each<'e, R> = dyn FnMut(
        Option<&<R as Records>::Subject>,
        Vec<Answer<'_, <R as Records>::Node>>,
    ) -> Result<(), CliError>
    + 'e;

/// What a library is evaluated with.
#[derive(Debug, Default)]
pub struct Kit {
    /// Parameters, `NAME=VALUE` each.
    pub parameters: Vec<String>,
    /// The moment of the evaluation; the present one if `None`.
    pub now: Option<DateTime>,
    /// Value sets and code systems.
    pub terminology: Option<salus_terminology::Terminology>,
    /// Who may ask it to stop.
    pub cancel: Cancel,
}

impl<'f> Job<'f> {
    /// Reads and compiles the library, and what is given to it.
    pub fn new(
        face: &'f Face,
        settings: &Settings,
        cancel: &Cancel,
        file: &Path,
        given: &Given,
        options: &Options,
    ) -> Result<Self, CliError> {
        let library = Library::read(file, &given.places, options)?;
        let kit = Kit {
            parameters: given.parameters.clone(),
            now: given.now,
            terminology: terminology::load(face, settings, &given.terminology)?,
            cancel: cancel.clone(),
        };
        Self::assemble(face, library, options, kit)
    }

    /// Compiles the library, and what is given to it.
    pub fn assemble(
        face: &'f Face,
        library: Library,
        options: &Options,
        kit: Kit,
    ) -> Result<Self, CliError> {
        let program = library.program(face, options)?;
        let models = library.required_models()?;
        Ok(Self {
            parameters: parameters(face, &library, &models, &kit.parameters)?,
            program,
            library,
            models,
            now: kit.now.unwrap_or_else(clock::moment),
            terminology: match kit.terminology {
                Some(loaded) => Arc::new(LoadedTerminology::new(loaded)),
                None => Arc::new(NoTerminology),
            },
            messages: Shown(face),
            limits: Limits {
                cancel: kit.cancel,
                ..Limits::default()
            },
        })
    }

    /// The evaluation of the library over records, with its parameters.
    pub fn evaluation<'e, R: Records, O: Observer<R::Node>>(
        &'e self,
        records: &'e R,
        observer: O,
    ) -> Result<Evaluation<'e, R, O>, CliError> {
        let scene = self.scene();
        let mut values = Vec::new();
        for parameter in &self.parameters {
            let mut evaluation = Evaluation::new(&parameter.program, records, scene);
            let value = evaluation.define(VALUE);
            values.push((parameter, value.map_err(CliError::Cql)?));
        }
        let evaluation = Evaluation::observed(&self.program, records, scene, observer);
        let mut evaluation = evaluation.limits(self.limits.clone());
        for (parameter, value) in values {
            let set = evaluation.parameter(&parameter.name, value);
            set.map_err(CliError::Cql)?;
        }
        Ok(evaluation)
    }

    /// The value of an expression that stands for itself; `None` of one that cannot be translated or evaluated.
    pub fn value_of<R: Records>(&self, records: &R, text: &str) -> Option<Item<R::Node>> {
        let program = parameter::expression(&self.library, &self.models, text)?;
        let mut evaluation = Evaluation::new(&program, records, self.scene());
        evaluation.define(VALUE).ok()
    }

    /// Whether two values are the same: `=` of CQL, or both null.
    pub fn is_equal<V: ElementView>(&self, one: &Item<V>, other: &Item<V>) -> bool {
        let grain = self.scene().grain(None);
        one.is_null() && other.is_null() || one.equal(other, &grain, &Nodes) == Some(true)
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            now: self.now,
            terminology: &*self.terminology,
            messages: &self.messages,
        }
    }

    /// Evaluates defines: first those that are for all records, then, context by context, the others for each subject
    /// that is wanted. Where there are no records at all, they are evaluated once, for nobody.
    pub fn run<R: Records>(
        &self,
        records: &R,
        defines: &[Define],
        wanted: &dyn Fn(&R::Subject) -> bool,
        each: &mut Each<'_, R>,
    ) -> Result<(), CliError> {
        let mut evaluation = self.evaluation(records, salus_cql::evaluate::Unobserved)?;
        for context in contexts(defines) {
            let of_context = defines
                .iter()
                .filter(|define| define.context.as_deref() == context);
            let of_context: Vec<&Define> = of_context.collect();
            let answer = |evaluation: &mut Evaluation<'_, R>| {
                let answers = of_context
                    .iter()
                    .map(|define| (*define, evaluation.define(&define.name)));
                answers.collect::<Vec<_>>()
            };
            let Some(context) = context else {
                each(None, answer(&mut evaluation))?;
                continue;
            };
            let subjects = records
                .subjects(context)
                .map_err(|source| CliError::CqlRecords(Box::new(source)))?;
            if subjects.is_empty() {
                evaluation.enter(context, None);
                each(None, answer(&mut evaluation))?;
            }
            for subject in subjects.iter().filter(|subject| wanted(subject)) {
                if self.limits.cancel.is_cancelled() {
                    return Ok(());
                }
                evaluation.enter(context, Some(subject.clone()));
                each(Some(subject), answer(&mut evaluation))?;
            }
        }
        Ok(())
    }
}
