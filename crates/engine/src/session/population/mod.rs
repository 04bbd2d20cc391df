//! CQL over all patients of a lake.
//!
//! ```text
//!   program ─► what it needs: types, elements, codes ─┐
//!   lake ─► ranges of buckets ─► read, both cores ────┴─► Portion: rows by patient ─► Evaluation ─► rows of results
//! ```
//!
//! A portion holds the rows of some buckets of patients, of all types that are needed, with no more columns than the
//! program may look at and, where it can be told, no more codes. Portions are as large as a bound on rows lets them be,
//! but one bucket at least: beyond 256 times that bound memory grows with the patients. No JSON is parsed. Patients
//! that were merged are one.
//!
//! A program that looks at all patients at once (context Unfiltered) has one portion with all of them.

mod codes;
mod need;
mod output;
mod portion;
mod read;
mod records;
mod table;

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::LogicalPlanBuilder;
use salus_cql::elm::Library;
use salus_cql::evaluate::{Evaluation, Limits};
use salus_cql::operators::{Messages, Scene, Terminology, Vocabulary};
use salus_cql::program::Program;
use salus_cql::requirements::Requirements;
use salus_lake::ingest::BUCKETS;
use salus_values::DateTime;
use tokio::task::JoinHandle;

use table::CqlTable;
pub use table::Libraries;

use super::run::{self, AnswerStream, Deadline};
use super::{Session, fault};
use crate::error::{EngineError, Refusal};
use need::Need;
use output::Columns;
use portion::{Portion, Shared};
use read::Reader;
use records::LakeRecords;

/// Rows of all types that a portion holds, about.
const PORTION_ROWS: u64 = 400_000;
/// Portions that are made for each core, at least, so that no core waits long for the others.
const PORTIONS_PER_CORE: u64 = 4;

/// What to evaluate for every patient.
#[derive(Clone)]
pub struct Question {
    /// The program.
    pub program: Arc<Program>,
    /// The library that it was made of: it says the types of the results.
    pub library: Arc<Library>,
    /// What it reads.
    pub requirements: Arc<Requirements>,
    /// The defines that are asked for, in the order of the columns.
    pub defines: Vec<String>,
    /// Value sets and code systems.
    pub terminology: Arc<dyn Terminology + Send + Sync>,
    /// Where messages go.
    pub messages: Arc<dyn Messages + Send + Sync>,
    /// The moment of the evaluation request, `Now()`.
    pub now: DateTime,
    /// Parameters of the library with values; others have their defaults.
    pub parameters: Vec<Given>,
    /// What the evaluation of one patient may use.
    pub limits: Limits,
}

/// A parameter with its value: a define of a program that looks at no records.
#[derive(Clone)]
pub struct Given {
    /// The parameter.
    pub name: String,
    /// The program.
    pub program: Arc<Program>,
    /// The define that is the value.
    pub define: String,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Question")
            .field("defines", &self.defines)
            .finish_non_exhaustive()
    }
}

/// The results, some patients at a time, in the order of their buckets and ids.
struct Results {
    question: Arc<Question>,
    columns: Arc<Columns>,
    reader: Arc<Reader>,
    shared: Arc<Shared>,
    open: VecDeque<Part>,
    running: VecDeque<JoinHandle<Result<RecordBatch, EngineError>>>,
    at_once: usize,
}

/// Whose rows a portion has.
#[derive(Debug, Clone)]
enum Part {
    /// Those of the patients in these buckets who are not merged with others.
    Buckets(RangeInclusive<i32>),
    /// Those of patients who are merged with others, whatever their buckets.
    Merged,
    /// Everyone's.
    All,
}

impl Session {
    /// Evaluates defines for every patient: one row for each, in the column `patient` the id and then one column for
    /// each define. Booleans, Integers, Longs, Decimals and texts are columns of their types, all else is text in the
    /// notation of CQL.
    ///
    /// # Errors
    /// [`EngineError`], here or while reading on: when a define is not there, files cannot be read, or the evaluation
    /// of a patient fails.
    pub async fn population(&self, question: Question) -> Result<AnswerStream, EngineError> {
        let deadline = Deadline::starting_now(&self.limits);
        let table = CqlTable::new(&self.lake_parts(), &self.state, "cql", question);
        let plan = LogicalPlanBuilder::scan("cql", provider_as_source(Arc::new(table)), None)
            .and_then(LogicalPlanBuilder::build)
            .map_err(fault::while_planning)?;
        run::start(&self.state, plan, &self.limits, deadline).await
    }
}

/// The codes of a value set, if it is known: by its URL and version.
fn known_codes(
    terminology: &dyn Terminology,
) -> impl Fn(&str, Option<&str>) -> Option<Vec<String>> {
    |id, version| {
        let value_set = Vocabulary {
            id: id.into(),
            version: version.map(Into::into),
            name: None,
            code_systems: [].into(),
        };
        let codes = terminology.expand(&value_set).ok()?;
        Some(codes.iter().map(|code| code.code.to_string()).collect())
    }
}

/// Ranges of buckets that have about as many rows as a portion may have.
fn parts(reader: &Reader, cores: usize) -> VecDeque<Part> {
    let cores = u64::try_from(cores).unwrap_or(1);
    let wanted = (reader.rows() / PORTION_ROWS).max(cores * PORTIONS_PER_CORE);
    let buckets_each = (BUCKETS / wanted.max(1)).max(1);
    let mut parts = VecDeque::new();
    let mut first = 0;
    while first < BUCKETS {
        let last = (first + buckets_each).min(BUCKETS) - 1;
        let bound = |bucket: u64| i32::try_from(bucket).unwrap_or(i32::MAX);
        parts.push_back(Part::Buckets(bound(first)..=bound(last)));
        first = last + 1;
    }
    if reader.has_merges() {
        parts.push_back(Part::Merged);
    }
    parts
}

impl Results {
    async fn open(
        question: Question,
        reader: Arc<Reader>,
        at_once: usize,
    ) -> Result<Results, EngineError> {
        let shared = Arc::new(reader.shared().await?);
        let at_once = at_once.max(1);
        let open = match question.program.looks_at_all() {
            true => VecDeque::from([Part::All]),
            false => parts(&reader, at_once),
        };
        Ok(Results {
            columns: Arc::new(Columns::of(&question)),
            question: Arc::new(question),
            reader,
            shared,
            open,
            running: VecDeque::new(),
            at_once,
        })
    }

    /// The results of the next patients; `None` when all have been given.
    ///
    /// # Errors
    /// As [`Session::population`]; after an error the results are over.
    async fn next(&mut self) -> Result<Option<RecordBatch>, EngineError> {
        while self.running.len() < self.at_once {
            let Some(part) = self.open.pop_front() else {
                break;
            };
            self.running.push_back(self.start(part));
        }
        let Some(first) = self.running.pop_front() else {
            return Ok(None);
        };
        let done = first.await.map_err(|error| EngineError::Bug {
            what: "evaluating patients",
            source: Box::new(error),
        })?;
        if done.is_err() {
            self.stop();
        }
        done.map(Some)
    }

    fn start(&self, part: Part) -> JoinHandle<Result<RecordBatch, EngineError>> {
        let (question, columns) = (Arc::clone(&self.question), Arc::clone(&self.columns));
        let (reader, shared) = (Arc::clone(&self.reader), Arc::clone(&self.shared));
        tokio::spawn(async move {
            let portion = reader.portion(&part).await?;
            let work = move || evaluate(&question, &columns, &portion, &shared);
            let done = tokio::task::spawn_blocking(work).await;
            done.map_err(|error| EngineError::Bug {
                what: "evaluating patients",
                source: Box::new(error),
            })?
        })
    }

    fn stop(&mut self) {
        self.open.clear();
        self.running.drain(..).for_each(|task| task.abort());
    }
}

impl Drop for Results {
    fn drop(&mut self) {
        self.stop();
    }
}

impl std::fmt::Debug for Results {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Results")
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

/// Evaluates the defines for each patient of a portion.
fn evaluate(
    question: &Question,
    columns: &Columns,
    portion: &Portion,
    shared: &Shared,
) -> Result<RecordBatch, EngineError> {
    let rows = portion.rows(shared)?;
    let records = LakeRecords::new(portion, &rows);
    let scene = Scene {
        now: question.now,
        terminology: &*question.terminology,
        messages: &*question.messages,
    };
    let mut evaluation =
        Evaluation::new(&question.program, &records, scene).limits(question.limits.clone());
    for given in &question.parameters {
        let mut value = Evaluation::new(&given.program, &records, scene);
        let set = value
            .define(&given.define)
            .and_then(|value| evaluation.parameter(&given.name, value));
        set.map_err(|failure| {
            EngineError::refused(Refusal::Parameter {
                name: given.name.clone(),
                failure,
            })
        })?;
    }
    let mut builder = columns.builder(portion.patients().len());
    for (number, patient) in (0..).zip(portion.patients()) {
        evaluation.enter("Patient", Some(number));
        builder.patient(patient);
        for define in &question.defines {
            let value = evaluation.define(define).map_err(|failure| {
                EngineError::refused(Refusal::Evaluation {
                    patient: patient.to_string(),
                    define: define.clone(),
                    failure,
                })
            })?;
            builder.value(&value);
        }
    }
    builder.finish()
}
