//! Every code in the sources of the workspace has an explanation, every explanation a code, and every bound a line in
//! `LIMITS.md`.

#![allow(
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use salus_base::{Limits, explanation, registry};

/// A code that only tests and examples speak of.
const NOT_A_CODE: &str = "SAL-NONE-0000";

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The codes in a text: `SAL-`, capitals, `-`, four digits.
fn codes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("SAL-") {
        let rest = &text[start + 4..];
        let family: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
        let digits: String = rest.chars().skip(family.len() + 1).take(4).collect();
        let dash = rest.chars().nth(family.len()) == Some('-');
        if dash
            && !family.is_empty()
            && digits.len() == 4
            && digits.bytes().all(|b| b.is_ascii_digit())
        {
            found.push(format!("SAL-{family}-{digits}"));
        }
    }
    found
}

/// The codes that the sources of all crates but their tests define or show.
fn codes_in_use() -> BTreeSet<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(crates()).unwrap() {
        let folder = entry.unwrap().path().join("src");
        if folder.is_dir() {
            sources(&folder, &mut files);
        }
    }
    assert!(
        files.len() > 50,
        "the sources are not where they are looked for"
    );
    let texts = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap());
    texts
        .flat_map(|text| codes(&text))
        .filter(|code| code != NOT_A_CODE)
        .collect()
}

#[test]
fn every_code_in_the_sources_is_explained() {
    let missing: Vec<String> = codes_in_use()
        .into_iter()
        .filter(|code| explanation(code).is_none())
        .collect();
    assert!(
        missing.is_empty(),
        "write crates/base/src/explanations/CODE.md for {missing:?}"
    );
}

#[test]
fn every_explanation_belongs_to_a_code_in_the_sources() {
    let used = codes_in_use();
    let idle: Vec<&str> = registry()
        .iter()
        .map(|one| one.code)
        .filter(|code| !used.contains(*code))
        .collect();
    assert!(idle.is_empty(), "no source uses {idle:?}");
}

#[test]
fn limits_md_names_every_bound_with_its_default() {
    let page = std::fs::read_to_string(crates().join("../LIMITS.md")).unwrap();
    let limits = serde_json::to_value(Limits::default()).unwrap();
    for (name, value) in limits.as_object().unwrap() {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("LIMITS.md has no row for `{name}`"));
        assert!(
            row.contains(&format!("| {value} |")),
            "LIMITS.md: `{name}` is {value} by default, not as in: {row}"
        );
    }
}
