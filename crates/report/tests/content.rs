//! The clinical content: well formed, cited, and within its licences.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use salus_report::content::indicators;

fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content")
}

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "shared data are missing: clone the project's shared data beside the repository, as ../shared"
    );
    None
}

fn value_sets() -> Vec<(PathBuf, toml::Table)> {
    let files = fs::read_dir(content().join("valuesets"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = files.filter(|path| {
        path.extension().is_some_and(|end| end == "toml") && !path.ends_with("systems.toml")
    });
    files
        .map(|path| {
            (
                path.clone(),
                fs::read_to_string(&path).unwrap().parse().unwrap(),
            )
        })
        .collect()
}

fn codes(key: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for (_, file) in value_sets() {
        for set in file["set"].as_array().unwrap() {
            let listed = set
                .get(key)
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten();
            codes.extend(listed.map(|code| code.as_str().unwrap().to_owned()));
        }
    }
    codes
}

#[test]
fn every_indicator_is_cited_and_says_what_is_missing() {
    let all = indicators().unwrap();
    assert!(all.len() >= 20, "only {} indicators", all.len());
    for indicator in &all {
        let definition = &indicator.definition;
        let years = definition
            .source
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| part.len() == 4);
        assert!(
            years.count() > 0,
            "{}: the source has no year",
            indicator.id
        );
        assert!(
            definition.url.starts_with("https://"),
            "{}: no address",
            indicator.id
        );
        assert!(
            !definition.needs.is_empty(),
            "{}: needs nothing",
            indicator.id
        );
        assert!(
            definition.numerator.ends_with('.') && definition.denominator.ends_with('.'),
            "{}",
            indicator.id
        );
    }
}

#[test]
fn ids_are_unique_and_every_section_has_an_indicator() {
    let all = indicators().unwrap();
    let ids: BTreeSet<_> = all.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
    let sections: BTreeSet<_> = all.iter().map(|one| one.section).collect();
    assert_eq!(sections.len(), 6);
}

#[test]
fn every_value_set_names_its_source() {
    for (path, file) in value_sets() {
        for set in file["set"].as_array().unwrap() {
            let source = set["source"].as_str().unwrap();
            assert!(
                source.contains("https://"),
                "{}: {}",
                path.display(),
                set["name"]
            );
        }
    }
}

#[test]
fn snomed_codes_are_only_those_that_occur_in_free_data() {
    let Some(shared) = shared() else { return };
    let file = fs::File::open(shared.join("data/terminology/used_snomed.tsv.gz")).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::MultiGzDecoder::new(file), &mut text).unwrap();
    let used: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    for code in codes("snomed") {
        assert!(
            used.contains(code.as_str()),
            "SNOMED CT {code} does not occur in free data"
        );
    }
}

#[test]
fn no_cpt_code_is_listed() {
    for key in ["hcpcs", "icd-10-pcs"] {
        for code in codes(key) {
            let cpt = code.len() == 5 && code.bytes().take(4).all(|byte| byte.is_ascii_digit());
            assert!(!cpt, "{code} looks like a CPT code");
        }
    }
}
