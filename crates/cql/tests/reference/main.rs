//! Our translator beside the reference's: `@cqframework/cql` and `cql-execution` from npm, run by Node.
//!
//! Each expression of the official suite, of `expressions.txt`, and some that are made up here is translated by both;
//! so is a library of the expressions over FHIR in `fhir.txt`, and so are the libraries of `corpus`.
//! Where the ELM differs, both are run in cql-execution. What differs must be in `differences.txt` with the reason, and
//! what is there must differ. Without Node the test is left out, but not in CI.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; what was compared is for people to read"
)]

mod generate;
#[path = "../support/libraries.rs"]
mod libraries;

use std::path::{Path, PathBuf};
use std::process::Command;

use quick_xml::events::Event;
use salus_cql::resolve::{Options, translate};
use serde::Deserialize;

/// How many expressions are made up; `SALUS_CQL_GENERATED` says another number.
const GENERATED: usize = 400;

/// A difference that `compare.mjs` found.
#[derive(Debug, Deserialize)]
struct Difference {
    name: String,
    kind: String,
    ours: String,
    reference: String,
}

/// A line of `differences.txt`: of which kind, what its name, our side or the reference's contains, and why.
struct Explained {
    kind: String,
    pattern: String,
    why: String,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn here(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    std::fs::read_to_string(path.join(file)).unwrap()
}

fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// A folder with the packages installed; nothing without Node outside of CI.
fn installed() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference-cql");
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["package.json", "package-lock.json", "compare.mjs"] {
        let from = repository().join(".ci/reference-cql").join(file);
        std::fs::copy(from, folder.join(file)).unwrap();
    }
    let npm = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--silent"])
        .current_dir(&folder)
        .status();
    match npm {
        Ok(status) if status.success() => Some(folder),
        other if in_ci() => panic!(
            "the reference translator could not be installed ({other:?}): install the Debian packages nodejs and npm"
        ),
        _ => None,
    }
}

/// The expressions of the official suite: file, group and test are the name.
fn suite() -> Vec<(String, String)> {
    let folder = repository().join("../shared/conformance/cql-tests/tests");
    let Ok(files) = std::fs::read_dir(&folder) else {
        assert!(
            !in_ci(),
            "{} is not there: see CONTRIBUTING.md",
            folder.display()
        );
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| expressions(file)).collect()
}

fn expressions(file: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut found = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut expression = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                let name = tag.try_get_attribute("name").unwrap();
                let name = name.map(|name| name.unescape_value().unwrap().into_owned());
                names.push(name.unwrap_or_default());
                if tag.local_name().as_ref() == b"expression" {
                    expression = Some(String::new());
                }
            }
            Event::Text(part) => {
                if let Some(expression) = &mut expression {
                    expression.push_str(&part.decode().unwrap());
                }
            }
            Event::GeneralRef(reference) => {
                let entity = format!("&{};", reference.decode().unwrap());
                if let Some(expression) = &mut expression {
                    expression.push_str(&quick_xml::escape::unescape(&entity).unwrap());
                }
            }
            Event::End(tag) => {
                names.pop();
                if tag.local_name().as_ref() == b"expression"
                    && let Some(expression) = expression.take()
                {
                    found.push((names.join("/"), expression));
                }
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// A library of the expressions over FHIR, each of which is the name of its definition, too.
fn fhir_library() -> serde_json::Value {
    let mut text = here("fhir.cql");
    let lines = here("fhir.txt");
    for line in lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let name = line.replace('"', "\\\"");
        text.push_str(&format!("define \"{name}\":\n{line}\n"));
    }
    translated("FHIR", &text, false)
}

/// The libraries as large as measures.
fn measures() -> Vec<serde_json::Value> {
    let files = std::fs::read_dir(libraries::corpus()).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "cql"))
        .collect();
    files.sort();
    let measure = |file: &PathBuf| {
        let name = file.file_stem().unwrap().to_string_lossy();
        translated(&name, &std::fs::read_to_string(file).unwrap(), false)
    };
    files.iter().map(measure).collect()
}

/// Puts all libraries that can be included into one folder.
fn gather(folder: &Path, helpers: &Path) -> PathBuf {
    let gathered = folder.join("libraries");
    std::fs::create_dir_all(&gathered).unwrap();
    for from in [helpers, &libraries::corpus()] {
        for file in std::fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            if file.path().is_file() {
                std::fs::copy(file.path(), gathered.join(file.file_name())).unwrap();
            }
        }
    }
    gathered
}

fn library(name: &str, expression: &str) -> serde_json::Value {
    translated(name, &text_of(expression), false)
}

fn lenient_library(expression: &str) -> serde_json::Value {
    translated(expression, &text_of(expression), true)
}

fn text_of(expression: &str) -> String {
    format!("library Test\ndefine X:\n{expression}\n")
}

fn translated(name: &str, text: &str, lenient: bool) -> serde_json::Value {
    let options = Options {
        annotations: false,
        locators: false,
        list_demotion: lenient,
        list_promotion: lenient,
        interval_demotion: lenient,
        interval_promotion: lenient,
        ..Options::default()
    };
    let sources = libraries::Folder(libraries::corpus());
    let translation = translate(text, &sources, &options);
    let elm: serde_json::Value = serde_json::from_str(&translation.library.to_json()).unwrap();
    let errors: Vec<String> = translation
        .diagnostics("Test")
        .iter()
        .filter(|diagnostic| diagnostic.severity == salus_base::Severity::Error)
        .map(ToString::to_string)
        .collect();
    serde_json::json!({ "name": name, "text": text, "elm": elm, "errors": errors, "lenient": lenient })
}

fn explained() -> Vec<Explained> {
    let text = here("differences.txt");
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut parts = line.splitn(3, " | ").map(str::to_owned);
            let mut next = || parts.next().unwrap_or_else(|| panic!("no reason: {line}"));
            Explained {
                kind: next(),
                pattern: next(),
                why: next(),
            }
        })
        .collect()
}

#[test]
fn what_we_translate_differs_from_the_reference_only_where_it_is_explained() {
    let Some(folder) = installed() else {
        return;
    };
    let own = here("expressions.txt");
    let own = own
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut libraries: Vec<serde_json::Value> = own.map(|line| library(line, line)).collect();
    let count =
        std::env::var("SALUS_CQL_GENERATED").map_or(GENERATED, |text| text.parse().unwrap());
    let generated = generate::expressions(count);
    libraries.extend(generated.iter().map(|one| library(one, one)));
    let lenient = here("lenient.txt");
    let lenient = lenient
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    libraries.extend(lenient.map(lenient_library));
    libraries.push(fhir_library());
    libraries.extend(measures());
    let suite = suite();
    libraries.extend(suite.iter().map(|(name, text)| library(name, text)));
    let (input, output) = (folder.join("ours.json"), folder.join("differences.json"));
    std::fs::write(&input, serde_json::to_string(&libraries).unwrap()).unwrap();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (models, helpers) = (sources.join("model/embedded"), sources.join("helpers"));
    let helpers = gather(&folder, &helpers);
    let node = Command::new("node")
        .arg("compare.mjs")
        .args([&models, &helpers, &input, &output])
        .current_dir(&folder)
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&node.stderr);
    assert!(node.status.success(), "{shown}");
    let differences = std::fs::read_to_string(&output).unwrap();
    let differences: Vec<Difference> = serde_json::from_str(&differences).unwrap();
    check(&differences, libraries.len(), !suite.is_empty());
}

fn check(differences: &[Difference], libraries: usize, is_complete: bool) {
    let explained = explained();
    let mut used = vec![0_usize; explained.len()];
    let mut unexplained = Vec::new();
    for difference in differences {
        let place = explained.iter().position(|one| {
            let sides = [&difference.name, &difference.ours, &difference.reference];
            one.kind == difference.kind && sides.iter().any(|side| side.contains(&one.pattern))
        });
        match place {
            Some(place) => used[place] += 1,
            None => unexplained.push(format!(
                "{}: {}\n    ours:      {}\n    reference: {}",
                difference.kind, difference.name, difference.ours, difference.reference
            )),
        }
    }
    println!(
        "{libraries} expressions, {} the same, {} explained",
        libraries - differences.len(),
        differences.len() - unexplained.len()
    );
    for (one, count) in explained.iter().zip(&used) {
        println!("{count:5} {}: {}", one.kind, one.why);
    }
    assert!(
        unexplained.is_empty(),
        "not explained:\n{}",
        unexplained.join("\n")
    );
    let idle: Vec<&str> = explained
        .iter()
        .zip(&used)
        .filter(|(_, count)| **count == 0)
        .map(|(one, _)| one.pattern.as_str())
        .collect();
    assert!(
        !is_complete || idle.is_empty(),
        "explained, but the same: {idle:?}"
    );
}
