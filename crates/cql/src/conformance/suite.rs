//! The suite's files of tests.

use std::path::{Path, PathBuf};

use salus_base::{Code, Diagnostic};
use serde::Serialize;

use crate::xml::{Element, XmlError};

/// The tests of a folder.
#[derive(Debug, Clone)]
pub struct Suite {
    /// All tests of all files, in the order of the files' names.
    pub tests: Vec<Test>,
}

/// A version of CQL: `1.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Before the point.
    pub major: u16,
    /// After it.
    pub minor: u16,
}

impl Version {
    /// Reads `1.5`; what follows a second point does not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Version> {
        let mut parts = text.split('.');
        let major = parts.next()?.trim().parse().ok()?;
        let minor = match parts.next() {
            Some(minor) => minor.trim().parse().ok()?,
            None => 0,
        };
        Some(Version { major, minor })
    }
}

/// How an expression is expected to be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Invalid {
    /// When it is read.
    Syntax,
    /// When it is translated.
    Semantic,
    /// When it is evaluated, or before.
    Execution,
    /// The same, as most tests write it.
    True,
}

impl Invalid {
    fn of(text: &str) -> Option<Invalid> {
        match text {
            "syntax" => Some(Invalid::Syntax),
            "semantic" => Some(Invalid::Semantic),
            "execution" => Some(Invalid::Execution),
            "true" => Some(Invalid::True),
            _ => None,
        }
    }
}

/// A feature that a test needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Capability {
    /// Its code in the list of CQL's capabilities: `system.long`.
    pub code: String,
    /// What it needs of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// One test.
#[derive(Debug, Clone, Default)]
pub struct Test {
    /// The suite that it is in: the file's own name.
    pub suite: String,
    /// The group that it is in.
    pub group: String,
    /// Its name, unique in its group but for slips of the suite.
    pub name: String,
    /// Since which version of CQL it holds.
    pub version: Option<Version>,
    /// Up to which version it holds.
    pub version_to: Option<Version>,
    /// What it needs, its own needs and those of its group and suite.
    pub capabilities: Vec<Capability>,
    /// The expression.
    pub expression: String,
    /// How it must be refused, if it must.
    pub invalid: Option<Invalid>,
    /// What it must give, in CQL.
    pub output: Option<String>,
}

impl Test {
    /// `suite/group/name`
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.suite, self.group, self.name)
    }
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
        source: XmlError,
    },
    /// No file of the folder has tests.
    #[error("there are no CQL tests in `{folder}`", folder = folder.display())]
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
                Diagnostic::error(Code::new("SAL-CQL-0070"), message).because(source)
            }
            SuiteError::NotXml { source, .. } => {
                Diagnostic::error(Code::new("SAL-CQL-0071"), message).because(source)
            }
            SuiteError::NoTests { .. } => Diagnostic::error(Code::new("SAL-CQL-0072"), message)
                .help(
                    "the folder must have files `*.xml`, as `tests/cql` of cqframework/cql-tests",
                ),
        }
    }
}

impl Suite {
    /// Reads every file of tests (`*.xml`) in a folder; if it has none, those of the folder `tests` in it.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, or there are no tests.
    pub fn read(folder: &Path) -> Result<Suite, SuiteError> {
        let mut files = files_of(folder)?;
        if files.is_empty() && folder.join("tests").is_dir() {
            files = files_of(&folder.join("tests"))?;
        }
        let mut tests = Vec::new();
        for path in files {
            let unreadable = |source| SuiteError::Unreadable {
                path: path.clone(),
                source,
            };
            let text = std::fs::read_to_string(&path).map_err(unreadable)?;
            let of_file = Suite::parse(&text).map_err(|source| SuiteError::NotXml {
                path: path.clone(),
                source,
            })?;
            tests.extend(of_file.tests);
        }
        match tests.is_empty() {
            true => Err(SuiteError::NoTests {
                folder: folder.to_owned(),
            }),
            false => Ok(Suite { tests }),
        }
    }

    /// Reads the tests of one file.
    ///
    /// # Errors
    /// When the text is no XML.
    pub fn parse(text: &str) -> Result<Suite, XmlError> {
        let root = crate::xml::read(text)?;
        let suite = Frame::of(&root, &Frame::default());
        let mut tests = Vec::new();
        for group in root.named("group") {
            let frame = Frame::of(group, &suite);
            tests.extend(group.named("test").map(|test| read(test, &suite, &frame)));
        }
        Ok(Suite { tests })
    }
}

/// The XML files of a folder, by name.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, SuiteError> {
    let unreadable = |source| SuiteError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "xml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What holds for all tests of a suite or of a group, or for one.
#[derive(Default, Clone)]
struct Frame {
    name: String,
    version: Option<Version>,
    version_to: Option<Version>,
    capabilities: Vec<Capability>,
}

impl Frame {
    /// What an element says, and what the one around it says where it says nothing.
    fn of(element: &Element, around: &Frame) -> Frame {
        let version = |name: &str| element.attribute(name).and_then(Version::parse);
        let mut capabilities = around.capabilities.clone();
        for capability in element.named("capability") {
            let capability = Capability {
                code: capability.attribute("code").unwrap_or_default().to_owned(),
                value: capability.attribute("value").map(str::to_owned),
            };
            add(&mut capabilities, capability);
        }
        Frame {
            name: element.attribute("name").unwrap_or_default().to_owned(),
            version: version("version").or(around.version),
            version_to: version("versionTo").or(around.version_to),
            capabilities,
        }
    }
}

/// A need once; the nearest says how much.
fn add(capabilities: &mut Vec<Capability>, capability: Capability) {
    let known = capabilities
        .iter_mut()
        .find(|known| known.code == capability.code);
    match known {
        Some(known) if capability.value.is_some() => *known = capability,
        Some(_) => {}
        None => capabilities.push(capability),
    }
}

fn read(element: &Element, suite: &Frame, group: &Frame) -> Test {
    let own = Frame::of(element, group);
    let expression = element.first("expression");
    Test {
        suite: suite.name.clone(),
        group: group.name.clone(),
        name: own.name,
        version: own.version,
        version_to: own.version_to,
        capabilities: own.capabilities,
        expression: expression.map_or_else(String::new, |expression| expression.text.clone()),
        invalid: expression
            .and_then(|expression| expression.attribute("invalid"))
            .and_then(Invalid::of),
        output: element.first("output").map(|output| output.text.clone()),
    }
}
