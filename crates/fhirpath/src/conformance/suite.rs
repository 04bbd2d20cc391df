//! The suite's file of tests.

use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use salus_base::{Code, Diagnostic};

/// The tests of a folder.
#[derive(Debug, Clone)]
pub struct Suite {
    /// The folder.
    pub folder: PathBuf,
    /// All tests of all files, in order.
    pub tests: Vec<Test>,
}

/// At which stage an expression must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// When it is read.
    Syntax,
    /// When it is checked against the types.
    Semantic,
    /// When it is evaluated.
    Execution,
}

impl Stage {
    /// The stage as the suite writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Syntax => "syntax",
            Stage::Semantic => "semantic",
            Stage::Execution => "execution",
        }
    }
}

/// One expected item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// Its type, when the test says it: `boolean`, `dateTime`, `Quantity`.
    pub ty: Option<String>,
    /// Its value.
    pub text: String,
}

/// One test.
#[derive(Debug, Clone, Default)]
pub struct Test {
    /// The group that it is in.
    pub group: String,
    /// Its name, unique in its group but for slips of the suite.
    pub name: String,
    /// The name of the input file; without one the expression is evaluated on nothing.
    pub input: Option<String>,
    /// The expression.
    pub expression: String,
    /// What the test is about when it is not FHIR R4 alone: `tx` needs a terminology server, `cda` is of CDA records.
    pub mode: Option<String>,
    /// Whether the static check must agree.
    pub strict: bool,
    /// Whether only the truth of the result counts.
    pub predicate: bool,
    /// Whether the order of the outputs counts.
    pub ordered: bool,
    /// The stage at which it must be refused.
    pub invalid: Option<Stage>,
    /// What it must give.
    pub outputs: Vec<Output>,
}

/// Why a suite cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`", path = path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is no XML.
    #[error("`{path}` is no XML", path = path.display())]
    NotXml {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: quick_xml::Error,
    },
    /// No file of the folder has tests.
    #[error("there are no FHIRPath tests in `{folder}`", folder = folder.display())]
    NoTests {
        /// The folder.
        folder: PathBuf,
    },
}

impl SuiteError {
    /// The failure in words, with what can be done.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let message = self.to_string();
        match self {
            SuiteError::Unreadable { source, .. } => {
                Diagnostic::error(Code::new("SAL-FHIRPATH-0120"), message).because(source)
            }
            SuiteError::NotXml { source, .. } => {
                Diagnostic::error(Code::new("SAL-FHIRPATH-0121"), message).because(source)
            }
            SuiteError::NoTests { .. } => Diagnostic::error(
                Code::new("SAL-FHIRPATH-0122"),
                message,
            )
            .help(
                "the folder must have files `tests*.xml`, as `r4/fhirpath` of FHIR/fhir-test-cases",
            ),
        }
    }
}

impl Suite {
    /// Reads every file of tests (`tests*.xml`) in a folder.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, or there are no tests.
    pub fn read(folder: &Path) -> Result<Suite, SuiteError> {
        let unreadable = |source| SuiteError::Unreadable {
            path: folder.to_owned(),
            source,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            if name.is_some_and(|name| name.starts_with("tests") && name.ends_with(".xml")) {
                files.push(path);
            }
        }
        files.sort();
        let mut tests = Vec::new();
        for path in files {
            tests.extend(read_file(&path)?);
        }
        match tests.is_empty() {
            true => Err(SuiteError::NoTests {
                folder: folder.to_owned(),
            }),
            false => Ok(Suite {
                folder: folder.to_owned(),
                tests,
            }),
        }
    }
}

fn read_file(path: &Path) -> Result<Vec<Test>, SuiteError> {
    let text = std::fs::read_to_string(path).map_err(|source| SuiteError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    read(&text).map_err(|source| SuiteError::NotXml {
        path: path.to_owned(),
        source,
    })
}

/// Reads the tests of one file.
fn read(text: &str) -> Result<Vec<Test>, quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    let mut tests = Vec::new();
    let (mut group, mut test) = (String::new(), Test::default());
    // The text of the element that is open.
    let mut words = String::new();
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                words.clear();
                open(&start, &mut group, &mut test)?;
            }
            Event::Empty(start) => {
                open(&start, &mut group, &mut test)?;
                words.clear();
                close(start.name().as_ref(), &mut words, &mut test, &mut tests);
            }
            Event::End(end) => close(end.name().as_ref(), &mut words, &mut test, &mut tests),
            Event::Text(text) => words.push_str(&text.xml10_content()?),
            Event::CData(text) => words.push_str(&text.xml10_content()?),
            Event::GeneralRef(reference) => words.extend(super::xml::character(&reference)),
            Event::Eof => return Ok(tests),
            _ => {}
        }
    }
}

fn open(
    start: &BytesStart<'_>,
    group: &mut String,
    test: &mut Test,
) -> Result<(), quick_xml::Error> {
    let attribute = |name: &str| -> Result<Option<String>, quick_xml::Error> {
        let found = start.try_get_attribute(name)?;
        Ok(found
            .map(|found| found.unescape_value())
            .transpose()?
            .map(|value| value.into_owned()))
    };
    match start.name().as_ref() {
        b"group" => *group = attribute("name")?.unwrap_or_default(),
        b"test" => {
            *test = Test {
                group: group.clone(),
                name: attribute("name")?.unwrap_or_default(),
                input: attribute("inputfile")?.filter(|name| !name.is_empty()),
                strict: attribute("mode")?.as_deref() == Some("strict"),
                mode: attribute("mode")?.filter(|mode| matches!(mode.as_str(), "tx" | "cda")),
                predicate: attribute("predicate")?.as_deref() == Some("true"),
                ordered: attribute("ordered")?.as_deref() != Some("false"),
                ..Test::default()
            };
        }
        b"expression" => {
            test.strict |= attribute("mode")?.as_deref() == Some("strict");
            test.invalid = match attribute("invalid")?.as_deref() {
                Some("syntax") => Some(Stage::Syntax),
                Some("semantic") => Some(Stage::Semantic),
                Some("execution" | "true") => Some(Stage::Execution),
                _ => None,
            };
        }
        b"output" => test.outputs.push(Output {
            ty: attribute("type")?,
            text: String::new(),
        }),
        _ => {}
    }
    Ok(())
}

fn close(end: &[u8], words: &mut String, test: &mut Test, tests: &mut Vec<Test>) {
    let words = std::mem::take(words);
    match end {
        b"expression" => test.expression = words,
        b"output" => {
            if let Some(output) = test.outputs.last_mut() {
                output.text = words;
            }
        }
        b"test" => tests.push(std::mem::take(test)),
        _ => {}
    }
}
