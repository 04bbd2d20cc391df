//! `salus cql explain`: the value of every clause of a define, and the records that decided it.

mod trace;
mod tree;

use std::path::PathBuf;

use clap::Args;
use salus_cql::evaluate::{JsonRecords, JsonSubject, Records, reference};
use salus_cql::program::ElmPlace;
use salus_cql::resolve::Options;

use self::trace::Trace;
use self::tree::Tree;
use super::define::{Define, chosen};
use super::held::Held;
use super::job::{Given, Job};
use super::run::is_wanted;
use crate::app::Outcome;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, Ink};
use crate::work::Work;

/// Arguments of `salus cql explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each clause stands with its value; one that was evaluated several times with how often it was what. With \
    colour, the text of each define comes first: green is true, red is false, yellow is null, faint was not needed.\n\
    salus cql explain Measure.cql --define Numerator --from bundle.json --patient ann"
)]
pub struct Explain {
    /// The library
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The define
    #[arg(long, value_name = "NAME")]
    define: String,
    #[command(flatten)]
    given: Given,
}

impl Explain {
    /// Explains.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let options = Options {
            annotations: true,
            locators: true,
            ..Options::bare()
        };
        let job = Job::new(
            face,
            settings,
            &work.cancel,
            &self.file,
            &self.given,
            &options,
        )?;
        let defines = chosen(&job.library.main, std::slice::from_ref(&self.define))?;
        let held = Held::read(face, settings, &work.cancel, &self.given.from)?;
        let documents = held.documents();
        let records = JsonRecords::new(&documents);
        let mut outcome = Outcome::Done;
        for define in &defines {
            outcome = self.one(face, &job, &records, define)?;
        }
        work.end();
        Ok(outcome)
    }

    fn one(
        &self,
        face: &Face,
        job: &Job<'_>,
        records: &JsonRecords<'_>,
        define: &Define,
    ) -> Result<Outcome, CliError> {
        let libraries = std::iter::once(&job.library.main).chain(&job.library.included);
        let mut trace = Trace::of_libraries(libraries.map(|one| &**one));
        let value = {
            let mut evaluation = job.evaluation(records, |place: &ElmPlace, value: &_| {
                trace.add(place, value)
            })?;
            if let Some(context) = &define.context {
                let subject = self.subject(records, context)?;
                let name = subject.and_then(|subject| reference(&records.resource(subject)?));
                if let Some(name) = name {
                    face.data(&face.ink_data(Ink::Strong, &name))?;
                }
                evaluation.enter(context, subject);
            }
            evaluation.define(&define.name)
        };
        let tree = Tree::new(face, &job.library, &trace);
        face.data(&tree.define(&define.name, value.as_ref().ok()))?;
        match value {
            Ok(_) => Ok(Outcome::Done),
            Err(failure) => {
                job.library.show_failure(face, &failure);
                Ok(Outcome::Findings)
            }
        }
    }

    /// Whom the define is evaluated for: the one who is asked for, or the only one that there is.
    fn subject(
        &self,
        records: &JsonRecords<'_>,
        context: &str,
    ) -> Result<Option<JsonSubject>, CliError> {
        let all = records.subjects(context);
        let mut all = all.map_err(|source| CliError::CqlRecords(Box::new(source)))?;
        if all.is_empty() && self.given.patients.is_empty() {
            return Ok(None);
        }
        all.retain(|subject| is_wanted(records, *subject, &self.given.patients));
        match all.as_slice() {
            [only] => Ok(Some(*only)),
            _ => Err(CliError::WhichSubject {
                context: context.to_owned(),
                count: all.len(),
            }),
        }
    }
}
