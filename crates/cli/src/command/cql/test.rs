//! `salus cql test`: test cases that are kept beside libraries, as Markdown.

use std::path::{Path, PathBuf};

use clap::Args;
use salus_cql::cases::{Case, Cases, Expected, Given as CaseGiven, Parameter};
use salus_cql::evaluate::{Item, JsonRecords, JsonSubject, notation};
use salus_fhir::json::Resource;
use salus_fhir::view::JsonElement;
use salus_terminology::{Added, Terminology};

use super::check::{count, gather_ending, paths};
use super::define::{Define, chosen};
use super::folders::Places;
use super::held::Held;
use super::job::{Job, Kit, moment, options};
use super::library::Library;
use super::run::is_wanted;
use crate::app::Outcome;
use crate::command::records;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, Ink};
use crate::work::Work;

/// Arguments of `salus cql test`.
#[derive(Debug, Args)]
#[command(
    after_help = "A file of cases belongs to the library that it links to, else to the one of its own name: Adults.md to \
    Adults.cql.\nIn a folder every *.md with such a library is run. Exit code 1 means that a case failed."
)]
pub struct Test {
    /// Files of cases, or folders
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    places: Places,
}

/// What is being run, and what came of it so far.
struct Run<'r> {
    face: &'r Face,
    settings: &'r Settings,
    work: &'r Work,
    places: &'r Places,
    passed: usize,
    failed: usize,
}

impl Test {
    /// Runs the cases.
    pub fn run(self, face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
        let work = Work::start(face)?;
        let mut run = Run {
            face,
            settings,
            work: &work,
            places: &self.places,
            passed: 0,
            failed: 0,
        };
        let mut files = Vec::new();
        for path in &self.paths {
            let is_folder = path.is_dir();
            let mut here = Vec::new();
            gather_ending(path, "md", &mut here)?;
            // A folder has other texts, too.
            files.extend(
                here.into_iter()
                    .filter(|file| !is_folder || is_of_cases(file)),
            );
        }
        if files.is_empty() {
            return Err(CliError::NoLibraries {
                paths: paths(&self.paths),
            });
        }
        for file in &files {
            run.file(file)?;
        }
        let (passed, failed) = (run.passed, run.failed);
        work.end();
        face.data(&format!("passed {passed}, failed {failed}"))?;
        face.talk(&count(files.len(), "file", "files"));
        Ok(match failed {
            0 => Outcome::Done,
            _ => Outcome::Findings,
        })
    }
}

/// Whether a Markdown file has test cases: it can be read as such, and its library is there.
fn is_of_cases(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    match Cases::read(&text) {
        Ok(cases) => library_of(file, &cases).is_file(),
        // What is wrong with it is told when it is run.
        Err(_) => library_of(file, &Cases::default()).is_file(),
    }
}

/// The library that a file of cases is about.
fn library_of(file: &Path, cases: &Cases) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new(""));
    match &cases.library {
        Some(link) => folder.join(link),
        None => {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            let name = stem.strip_suffix(".test").unwrap_or(&stem);
            folder.join(format!("{name}.cql"))
        }
    }
}

impl Run<'_> {
    fn file(&mut self, file: &Path) -> Result<(), CliError> {
        let text = std::fs::read_to_string(file).map_err(|source| CliError::ReadFile {
            path: file.to_owned(),
            source,
        })?;
        let cases = Cases::read(&text).map_err(|source| CliError::Cases {
            path: file.to_owned(),
            source: Box::new(source),
        })?;
        let path = library_of(file, &cases);
        for case in &cases.cases {
            let library = Library::read(&path, self.places, &options())?;
            self.case(file, library, &cases.shared, case)?;
        }
        Ok(())
    }

    fn case(
        &mut self,
        file: &Path,
        library: Library,
        shared: &CaseGiven,
        case: &Case,
    ) -> Result<(), CliError> {
        let given = together(file, shared, &case.given);
        let (resources, terminology) = self.resources(&given)?;
        let mut now = None;
        let mut parameters = Vec::new();
        for Parameter { name, value, .. } in &given.parameters {
            match name.as_str() {
                "Now()" => {
                    now = Some(moment(value.trim_start_matches('@')).map_err(|_| {
                        CliError::CqlParameter {
                            given: format!("Now()={value}"),
                            problems: 0,
                        }
                    })?)
                }
                _ => parameters.push(format!("{name}={value}")),
            }
        }
        let job = Job::assemble(
            self.face,
            library,
            &options(),
            Kit {
                parameters,
                now,
                terminology: Some(terminology),
                cancel: self.work.cancel.clone(),
            },
        )?;
        let held = Held::of_texts(resources);
        let documents = held.documents();
        let records = JsonRecords::new(&documents);
        for expected in &case.expected {
            let found = self.found(&job, &records, expected);
            let verdict = match &found {
                Ok(value) if is_expected(&job, &records, value, &expected.value) => None,
                Ok(value) => Some(notation(value)),
                Err(words) => Some(words.clone()),
            };
            match verdict {
                None => self.passed += 1,
                Some(got) => {
                    self.failed += 1;
                    self.show(file, case, expected, &got)?;
                }
            }
        }
        Ok(())
    }

    /// The records and the terminology of a case.
    fn resources(&self, given: &CaseGiven) -> Result<(Vec<String>, Terminology), CliError> {
        let mut all = given.resources.clone();
        if !given.files.is_empty() {
            let limits = &self.settings.limits;
            records::for_each(
                self.face,
                limits,
                &self.work.cancel,
                &given.files,
                &mut |record| {
                    all.push(record.text.to_owned());
                    Ok(())
                },
            )?;
        }
        let mut terminology = Terminology::default();
        let mut records = Vec::new();
        for text in all {
            let added = match Resource::parse(&text) {
                Ok(resource) => terminology.add(&resource),
                Err(error) => {
                    self.face.trouble(&error.diagnostic());
                    continue;
                }
            };
            match added {
                Ok(Added::Nothing) => records.push(text),
                Ok(_) => {}
                Err(error) => self.face.trouble(&error.diagnostic()),
            }
        }
        Ok((records, terminology))
    }

    /// What a define gives, or in words why it gives nothing.
    fn found<'d>(
        &self,
        job: &Job<'_>,
        records: &JsonRecords<'d>,
        expected: &Expected,
    ) -> Result<Item<JsonElement<'d>>, String> {
        let words = |error: CliError| error.diagnostic().to_string();
        let names = std::slice::from_ref(&expected.define);
        let defines: Vec<Define> = chosen(&job.library.main, names).map_err(words)?;
        let ids: Vec<String> = expected.subject.iter().cloned().collect();
        let wanted = |subject: &JsonSubject| is_wanted(records, *subject, &ids);
        let mut found = Vec::new();
        job.run(records, &defines, &wanted, &mut |_, answers| {
            found.extend(answers.into_iter().map(|(_, answer)| answer));
            Ok(())
        })
        .map_err(words)?;
        match (found.pop(), found.len()) {
            (Some(Ok(value)), 0) => Ok(value),
            (Some(Err(failure)), 0) => Err(failure.diagnostic().to_string()),
            (None, _) => Err("there is no such patient in the case".to_owned()),
            (Some(_), more) => Err(format!(
                "the case has {} patients: say whom in a first column `patient`",
                more + 1
            )),
        }
    }

    fn show(
        &self,
        file: &Path,
        case: &Case,
        expected: &Expected,
        got: &str,
    ) -> Result<(), CliError> {
        let whom = expected
            .subject
            .as_ref()
            .map_or_else(String::new, |whom| format!(" / {whom}"));
        self.face.data(&format!(
            "{} {}:{}  {}{whom} / {}\n  expected  {}\n  got       {got}\n",
            self.face.ink_data(Ink::Bad, "failed"),
            file.display(),
            expected.line,
            case.name,
            expected.define,
            expected.value,
        ))
    }
}

/// What is given to all cases and to one, files by their place beside the cases; of two values of a parameter the
/// case's own counts.
fn together(file: &Path, shared: &CaseGiven, own: &CaseGiven) -> CaseGiven {
    let folder = file.parent().unwrap_or(Path::new(""));
    let files = shared.files.iter().chain(&own.files);
    let is_own =
        |parameter: &&Parameter| own.parameters.iter().all(|one| one.name != parameter.name);
    let parameters = shared
        .parameters
        .iter()
        .filter(is_own)
        .chain(&own.parameters);
    CaseGiven {
        resources: shared
            .resources
            .iter()
            .chain(&own.resources)
            .cloned()
            .collect(),
        files: files
            .map(|name| folder.join(name).display().to_string())
            .collect(),
        parameters: parameters.cloned().collect(),
    }
}

/// Whether a value is the one that is written: in the same words, or equal to what they mean in CQL.
fn is_expected<'d>(
    job: &Job<'_>,
    records: &JsonRecords<'d>,
    value: &Item<JsonElement<'d>>,
    written: &str,
) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words(&notation(value)) == words(written) {
        return true;
    }
    let expected = job.value_of(records, written);
    expected.is_some_and(|expected| job.is_equal(value, &expected))
}
