//! `salus cql run --from lake`: the defines of a library for every patient of the lake, as a table.

use std::sync::{Arc, Mutex, PoisonError};

use salus_cql::elm::VersionedIdentifier;
use salus_cql::operators::{Messages, Severity};
use salus_cql::requirements::{Linked, Requirements};
use salus_engine::population::{Given, Question};

use super::define::Define;
use super::job::Job;
use super::messages::spoken;
use super::parameter::VALUE;

/// What to evaluate, and what the library said meanwhile.
pub struct Population {
    /// The question to a session.
    pub question: Question,
    /// The messages of the library.
    pub heard: Arc<Heard>,
}

impl Population {
    /// Asks for these defines.
    pub fn new(job: Job<'_>, defines: &[Define]) -> Self {
        let included = &job.library.included;
        let find = |wanted: VersionedIdentifier<'_>| {
            let mut all = included.iter();
            let found = all.find(|library| {
                let known = library.identifier();
                known.id == wanted.id
                    && (wanted.version.is_none() || known.version == wanted.version)
            });
            found.map(Arc::clone)
        };
        let linked = Linked::new(Arc::clone(&job.library.main), &find);
        let names: Vec<&str> = defines.iter().map(|define| define.name.as_str()).collect();
        let requirements = Arc::new(Requirements::of(&linked, Some(&names)));
        let heard = Arc::new(Heard::default());
        let question = Question {
            library: Arc::clone(&job.library.main),
            requirements,
            defines: names.into_iter().map(str::to_owned).collect(),
            messages: Arc::clone(&heard) as Arc<dyn Messages + Send + Sync>,
            now: job.now,
            limits: job.limits,
            terminology: job.terminology,
            program: Arc::new(job.program),
            parameters: job
                .parameters
                .into_iter()
                .map(|parameter| Given {
                    name: parameter.name,
                    program: Arc::new(parameter.program),
                    define: VALUE.to_owned(),
                })
                .collect(),
        };
        Self { question, heard }
    }
}

/// Messages, kept until the table is written. The same message for another patient is kept once.
#[derive(Debug, Default)]
pub struct Heard(Mutex<Vec<String>>);

impl Heard {
    /// What was said, in the order in which it was first said.
    pub fn all(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Messages for Heard {
    fn send(&self, severity: Severity, code: Option<&str>, text: Option<&str>) {
        let said = spoken(severity, code, text);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains(&said) {
            all.push(said);
        }
    }
}
