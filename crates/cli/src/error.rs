//! What can go wrong in the binary itself, and everything below it.

use std::io;
use std::path::PathBuf;

use salus_base::{Code, Diagnostic, Place};
use salus_engine::EngineError;
use salus_lake::LakeError;
use salus_lake::location::LocationError;
use salus_lake::source::SourceError;
use salus_report::ReportError;
use salus_synth::SynthError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// `salus.toml` holds a name that means nothing.
    #[error("`{name}` is not a setting")]
    UnknownSetting {
        /// The file.
        path: PathBuf,
        /// The name as written.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// `salus.toml` is not TOML, or a value is of the wrong kind.
    #[error("the settings cannot be read")]
    Settings {
        /// The file.
        path: PathBuf,
        /// Line from 1.
        line: usize,
        /// What the reader of TOML says.
        message: String,
    },
    /// A file could not be read.
    #[error("cannot read `{}`", path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{}`", path.display())]
    WriteFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Standard output is closed or full.
    #[error("cannot write to standard output")]
    Stdout(#[source] io::Error),
    /// `salus explain` was asked for something that is no code.
    #[error("there is no code `{code}`")]
    UnknownCode {
        /// As written.
        code: String,
        /// The nearest code that exists.
        nearest: Option<&'static str>,
    },
    /// The threads could not be started.
    #[error("cannot start the threads that do the work")]
    Runtime(#[source] io::Error),
    /// There is nothing to read under the paths.
    #[error("there is nothing to load in `{paths}`")]
    NothingToLoad {
        /// The paths as given.
        paths: String,
    },
    /// The folder of the demo holds something else.
    #[error("`{}` holds something that no demo made", path.display())]
    DemoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// Parquet is no text.
    #[error("Parquet cannot be shown on a terminal")]
    ParquetOnScreen,
    /// No piece in quarantine has the key, or several have.
    #[error("{found} pieces in quarantine have a key that begins with `{key}`")]
    QuarantineKey {
        /// As given.
        key: String,
        /// How many.
        found: usize,
    },
    /// An expression of FHIRPath is wrong; what is wrong was shown.
    #[error("the expression has {problems} {}", if *problems == 1 { "problem" } else { "problems" })]
    Expression {
        /// How many were shown.
        problems: usize,
    },
    /// The value of a variable cannot be evaluated.
    #[error("the value `{text}` cannot be evaluated")]
    Evaluation {
        /// As written.
        text: String,
        /// Why.
        #[source]
        source: Box<salus_fhirpath::EvaluationError>,
    },
    /// No type of FHIR R4 has the name.
    #[error("FHIR R4 has no type `{name}`")]
    UnknownType {
        /// As written.
        name: String,
        /// The nearest name that exists.
        nearest: Option<&'static str>,
    },
    /// A ViewDefinition is wrong; what is wrong was shown.
    #[error("the view `{}` has {problems} {}", path.display(), if *problems == 1 { "problem" } else { "problems" })]
    View {
        /// The file.
        path: PathBuf,
        /// How many were shown.
        problems: usize,
    },
    /// A view stopped at a record.
    #[error("{source}")]
    ViewRun {
        /// At which, and why.
        source: Box<salus_views::ViewError>,
        /// The file that holds the record.
        file: String,
    },
    /// A name that no view can have.
    #[error("a view cannot be called `{name}`")]
    ViewName {
        /// As written.
        name: String,
        /// Whether a table or a view of Salus has it.
        is_taken: bool,
    },
    /// A library of CQL cannot be run; what is wrong was shown.
    #[error("the library `{}` has {problems} {}", path.display(), if *problems == 1 { "error" } else { "errors" })]
    CqlLibrary {
        /// The file.
        path: PathBuf,
        /// How many errors were shown.
        problems: usize,
    },
    /// A file is no ELM.
    #[error("`{}` is no library in ELM", path.display())]
    Elm {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<salus_cql::elm::ElmError>,
    },
    /// A model cannot be used.
    #[error("`{}` needs a model that cannot be used", path.display())]
    CqlModel {
        /// The model info, or the library that uses the model.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<salus_cql::model::ModelError>,
    },
    /// There are no libraries under the paths.
    #[error("there are no libraries in `{paths}`")]
    NoLibraries {
        /// The paths as given.
        paths: String,
    },
    /// A library has no such define.
    #[error("the library has no define `{name}`")]
    NoDefine {
        /// As written.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A library has no such parameter.
    #[error("the library has no parameter `{name}`")]
    NoParameter {
        /// As written.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// The value of a parameter cannot be read.
    #[error("the parameter `{given}` cannot be read")]
    CqlParameter {
        /// As written.
        given: String,
        /// How many errors were shown.
        problems: usize,
    },
    /// A library cannot be evaluated at all.
    #[error("the library cannot be evaluated")]
    Cql(Box<salus_cql::evaluate::Failure>),
    /// Records cannot be read.
    #[error("the records cannot be read")]
    CqlRecords(#[source] Box<salus_cql::evaluate::RecordsError>),
    /// More records than a command holds in memory.
    #[error("the records are more than {bytes_max} bytes")]
    TooManyRecords {
        /// The bound.
        bytes_max: u64,
    },
    /// A define is for one patient, and it is not clear which.
    #[error("{count} of {context} could be meant")]
    WhichSubject {
        /// What the define is for one of.
        context: String,
        /// How many there are.
        count: usize,
    },
    /// A file with test cases cannot be read.
    #[error("`{}` has no test cases that can be run", path.display())]
    Cases {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<salus_cql::cases::CasesError>,
    },
    /// An editor says what is no message.
    #[error("the editor sent what is no message")]
    Wire(#[source] io::Error),
    /// Rows of the lake cannot be read as resources.
    #[error("rows of the lake cannot be read as resources")]
    Rows(#[source] salus_columns::WriteError),
    /// A test suite cannot be run.
    #[error("the test suite cannot be run")]
    Suite(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The prompt failed.
    #[error("the prompt cannot go on")]
    Prompt(#[source] Box<rustyline::error::ReadlineError>),
    /// A summary could not be written as JSON.
    #[error("the summary cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    /// The records could not be made up.
    #[error("the records cannot be made up")]
    Synth(#[from] SynthError),
    /// The folder of made-up records could not be written.
    #[error("the records cannot be written")]
    SynthFolder(#[from] salus_synth::FolderError),
    /// The place of the lake makes no sense.
    #[error("the place of the lake makes no sense")]
    Location(#[from] LocationError),
    /// The sources.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The lake.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The report.
    #[error(transparent)]
    Report(#[from] ReportError),
}

const UNKNOWN_SETTING: Code = Code::new("SAL-CLI-0001");
const SETTINGS: Code = Code::new("SAL-CLI-0002");
const READ_FILE: Code = Code::new("SAL-CLI-0003");
const WRITE_FILE: Code = Code::new("SAL-CLI-0004");
const STDOUT: Code = Code::new("SAL-CLI-0005");
const UNKNOWN_CODE: Code = Code::new("SAL-CLI-0006");
const RUNTIME: Code = Code::new("SAL-CLI-0007");
const NOTHING_TO_LOAD: Code = Code::new("SAL-CLI-0008");
const DEMO_FOLDER: Code = Code::new("SAL-CLI-0009");
const PARQUET_ON_SCREEN: Code = Code::new("SAL-CLI-0010");
const QUARANTINE_KEY: Code = Code::new("SAL-CLI-0011");
const PROMPT: Code = Code::new("SAL-CLI-0012");
const JSON: Code = Code::new("SAL-CLI-0013");
const SYNTH: Code = Code::new("SAL-CLI-0014");
const LOCATION: Code = Code::new("SAL-CLI-0015");
const EXPRESSION: Code = Code::new("SAL-CLI-0016");
const UNKNOWN_TYPE: Code = Code::new("SAL-CLI-0017");
const VIEW: Code = Code::new("SAL-CLI-0018");
const VIEW_NAME: Code = Code::new("SAL-CLI-0019");
const SUITE: Code = Code::new("SAL-CLI-0020");
const ROWS: Code = Code::new("SAL-CLI-0021");
const CQL_LIBRARY: Code = Code::new("SAL-CLI-0022");
const ELM: Code = Code::new("SAL-CLI-0023");
const CQL_MODEL: Code = Code::new("SAL-CLI-0024");
const NO_LIBRARIES: Code = Code::new("SAL-CLI-0025");
const NO_NAME: Code = Code::new("SAL-CLI-0026");
const CQL_PARAMETER: Code = Code::new("SAL-CLI-0027");
const CQL_RECORDS: Code = Code::new("SAL-CLI-0028");
const TOO_MANY_RECORDS: Code = Code::new("SAL-CLI-0029");
const WHICH_SUBJECT: Code = Code::new("SAL-CLI-0030");
const WIRE: Code = Code::new("SAL-CLI-0031");

impl CliError {
    /// A failure of the line editor.
    pub fn prompt(source: rustyline::error::ReadlineError) -> Self {
        Self::Prompt(Box::new(source))
    }

    /// Whether the reader of our output went away, which is not a failure (`salus sql … | head`).
    pub fn is_broken_pipe(&self) -> bool {
        let mut error: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(one) = error {
            let system = one.downcast_ref::<io::Error>();
            if system.is_some_and(|system| system.kind() == io::ErrorKind::BrokenPipe) {
                return true;
            }
            error = one.source();
        }
        false
    }

    /// The words for the user.
    pub fn diagnostic(&self) -> Diagnostic {
        let say = |code| Diagnostic::error(code, self.to_string());
        match self {
            Self::UnknownSetting { path, nearest, .. } => say(UNKNOWN_SETTING)
                .at(Place::in_file(path.display().to_string()))
                .help(nearest.as_ref().map_or_else(
                    || "`salus explain SAL-CLI-0001` lists the settings".to_owned(),
                    |nearest| format!("did you mean `{nearest}`?"),
                )),
            Self::Settings {
                path,
                line,
                message,
            } => say(SETTINGS)
                .at(Place::in_file(format!("{}, line {line}", path.display())))
                .because(message),
            Self::ReadFile { source, .. } => say(READ_FILE).because(source),
            Self::WriteFile { source, .. } => say(WRITE_FILE).because(source),
            Self::Stdout(source) => say(STDOUT).because(source),
            Self::UnknownCode { nearest, .. } => say(UNKNOWN_CODE).help(nearest.map_or_else(
                || "codes look like SAL-LOAD-0003; `salus explain` lists them all".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            )),
            Self::Runtime(source) => say(RUNTIME).because(source),
            Self::NothingToLoad { .. } => {
                say(NOTHING_TO_LOAD).help("name a file, a folder that holds files, or `-`")
            }
            Self::DemoFolder { .. } => {
                say(DEMO_FOLDER).help("name another folder: `salus demo DIR`")
            }
            Self::ParquetOnScreen => {
                say(PARQUET_ON_SCREEN).help("write it to a file with `-o FILE`")
            }
            Self::QuarantineKey { found: 0, .. } => {
                say(QUARANTINE_KEY).help("`salus quarantine list` shows the keys")
            }
            Self::QuarantineKey { .. } => say(QUARANTINE_KEY).help("give more of the key"),
            Self::Expression { .. } => {
                say(EXPRESSION).help("what is wrong is shown above, each with its place")
            }
            Self::Evaluation { source, .. } => say(EXPRESSION).because(source),
            Self::UnknownType { nearest, .. } => say(UNKNOWN_TYPE).help(nearest.map_or_else(
                || "types are written as in FHIR: `Patient`, `HumanName`".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            )),
            Self::View { .. } => {
                say(VIEW).help("what is wrong is shown above, each with its place")
            }
            Self::ViewRun { source, file } => {
                let found = source.diagnostic();
                match found.cause {
                    Some(_) => found,
                    None => found.because(format!("the record is in {file}")),
                }
            }
            Self::ViewName { is_taken: true, .. } => {
                say(VIEW_NAME).help("a table or a view of Salus has this name; choose another")
            }
            Self::ViewName { .. } => {
                say(VIEW_NAME).help("letters, digits and underscores, no digit first")
            }
            Self::CqlLibrary { .. } => {
                say(CQL_LIBRARY).help("what is wrong is shown above, each with its place")
            }
            Self::Elm { source, .. } => say(ELM)
                .because(chain(source.as_ref()))
                .help("CQL ends in `.cql`, ELM in `.json` or `.xml`"),
            Self::CqlModel { source, .. } => {
                let found = source.diagnostic();
                let said = say(CQL_MODEL).because(&found.message);
                match found.help {
                    Some(help) => said.help(help),
                    None => said,
                }
            }
            Self::NoLibraries { .. } => {
                say(NO_LIBRARIES).help("name a file, or a folder with files that end in `.cql`")
            }
            Self::NoDefine { nearest, .. } => say(NO_NAME).help(nearest.as_ref().map_or_else(
                || "`salus cql run` without --define evaluates all that there are".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            )),
            Self::NoParameter { nearest, .. } => say(NO_NAME).help(nearest.as_ref().map_or_else(
                || "the library defines none of this name".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            )),
            Self::CqlParameter { problems: 0, .. } => {
                say(CQL_PARAMETER).help("write it as `NAME=VALUE`, the value in CQL")
            }
            Self::CqlParameter { .. } => say(CQL_PARAMETER).help(
                "what is wrong is shown above; texts stand in quotes, `'M'`, dates after `@`",
            ),
            Self::Cql(failure) => failure.diagnostic(),
            Self::CqlRecords(source) => say(CQL_RECORDS).because(chain(source.as_ref())),
            Self::TooManyRecords { .. } => say(TOO_MANY_RECORDS)
                .help("load them into a lake: `salus load`, and run the library on that"),
            Self::WhichSubject { context, .. } => {
                say(WHICH_SUBJECT).help(format!("say which {context}: `--patient ID`"))
            }
            Self::Cases { path, source } => source.diagnostic(&path.display().to_string()),
            Self::Wire(source) => say(WIRE).because(source),
            Self::Rows(source) => say(ROWS)
                .because(chain(source))
                .help("run `salus doctor` to see whether files are damaged"),
            Self::Suite(source) => say(SUITE).because(chain(source.as_ref())),
            Self::Prompt(source) => say(PROMPT).because(source),
            Self::Json(source) => say(JSON).because(source),
            Self::Synth(source) => say(SYNTH).because(chain(source)),
            Self::SynthFolder(source) => say(SYNTH).because(chain(source)),
            Self::Location(error) => say(LOCATION).because(chain(error)).help(
                "a catalogue is a file or `postgres://…`, data is a folder or `s3://bucket/prefix`",
            ),
            Self::Source(error) => error.diagnostic(),
            Self::Lake(error) => error.diagnostic(),
            Self::Engine(error) => error.diagnostic(),
            Self::Report(error) => error.diagnostic(),
        }
    }
}

/// An error and its sources in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let below = std::iter::successors(error.source(), |error| error.source());
    below.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
