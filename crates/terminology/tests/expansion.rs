//! What a value set comes to, feature by feature, and over everything that R4 defines.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use salus_fhir::json::Resource;
use salus_terminology::{Added, Canonical, Terminology, TerminologyError};

const ANIMALS: &str = r#"{"resourceType": "CodeSystem", "url": "http://a/animals", "version": "1", "content": "complete",
    "concept": [
        {"code": "animal", "display": "Animal", "concept": [
            {"code": "dog", "display": "Dog", "property": [{"code": "legs", "valueInteger": 4}],
             "concept": [{"code": "poodle", "display": "Poodle"}]},
            {"code": "bird", "display": "Bird", "property": [{"code": "legs", "valueInteger": 2}]},
            {"code": "dodo", "display": "Dodo", "property": [
                {"code": "inactive", "valueBoolean": true}, {"code": "parent", "valueCode": "bird"}]}
        ]},
        {"code": "stone", "display": "Stone"}
    ]}"#;

fn with(resources: &[&str]) -> Terminology {
    let mut terminology = Terminology::default();
    for text in resources {
        let resource = Resource::parse(text).unwrap();
        assert_ne!(
            terminology.add(&resource).unwrap(),
            Added::Nothing,
            "{text}"
        );
    }
    terminology
}

fn value_set(compose: &str) -> String {
    format!(r#"{{"resourceType": "ValueSet", "url": "http://a/vs", "compose": {compose}}}"#)
}

/// The codes of `http://a/vs`, sorted.
fn codes(terminology: &Terminology) -> Result<Vec<&str>, TerminologyError> {
    let set = terminology.expand(&Canonical::parse("http://a/vs"))?;
    let mut codes: Vec<&str> = set
        .iter()
        .map(|code| terminology.name(code).unwrap().1)
        .collect();
    codes.sort_unstable();
    Ok(codes)
}

fn chosen(compose: &str) -> Vec<String> {
    let set = value_set(compose);
    let terminology = with(&[ANIMALS, &set]);
    let found = codes(&terminology).unwrap();
    found.into_iter().map(str::to_owned).collect()
}

fn by_filter(property: &str, operator: &str, value: &str) -> Vec<String> {
    chosen(&format!(
        r#"{{"include": [{{"system": "http://a/animals", "filter": [
            {{"property": "{property}", "op": "{operator}", "value": "{value}"}}]}}]}}"#
    ))
}

#[test]
fn filters_choose_as_r4_says() {
    assert_eq!(
        by_filter("concept", "is-a", "animal"),
        ["animal", "bird", "dodo", "dog", "poodle"]
    );
    assert_eq!(by_filter("concept", "descendent-of", "dog"), ["poodle"]);
    assert_eq!(by_filter("concept", "is-not-a", "animal"), ["stone"]);
    assert_eq!(
        by_filter("concept", "generalizes", "poodle"),
        ["animal", "dog", "poodle"]
    );
    assert_eq!(by_filter("concept", "in", "dog, stone"), ["dog", "stone"]);
    assert_eq!(
        by_filter("concept", "not-in", "dog,poodle,stone,animal"),
        ["bird", "dodo"]
    );
    assert_eq!(by_filter("display", "regex", "D.*"), ["dodo", "dog"]);
    assert_eq!(by_filter("legs", "=", "2"), ["bird"]);
    assert_eq!(by_filter("legs", "exists", "true"), ["bird", "dog"]);
    assert_eq!(by_filter("parent", "=", "animal"), ["bird", "dodo", "dog"]);
    assert_eq!(by_filter("child", "=", "dodo"), ["animal", "bird"]);
}

#[test]
fn several_filters_must_all_fit_and_several_includes_add_up() {
    let both = r#"{"include": [{"system": "http://a/animals", "filter": [
        {"property": "concept", "op": "is-a", "value": "animal"},
        {"property": "legs", "op": "exists", "value": "true"}]},
        {"system": "http://b", "concept": [{"code": "zebra"}]}]}"#;
    assert_eq!(chosen(both), ["bird", "dog", "zebra"]);
}

#[test]
fn what_is_excluded_is_out_and_so_is_the_inactive_where_it_is_unwanted() {
    let excluded = r#"{"include": [{"system": "http://a/animals"}],
        "exclude": [{"system": "http://a/animals", "concept": [{"code": "stone"}, {"code": "dog"}]}]}"#;
    assert_eq!(chosen(excluded), ["animal", "bird", "dodo", "poodle"]);
    let active = r#"{"inactive": false, "include": [{"system": "http://a/animals"}]}"#;
    assert_eq!(chosen(active), ["animal", "bird", "dog", "poodle", "stone"]);
}

#[test]
fn value_sets_within_one_include_intersect() {
    let inner = |url: &str, codes: &str| {
        format!(
            r#"{{"resourceType": "ValueSet", "url": "{url}", "compose": {{"include": [
            {{"system": "http://a/animals", "concept": [{codes}]}}]}}}}"#
        )
    };
    let one = inner("http://a/one", r#"{"code": "dog"}, {"code": "bird"}"#);
    let two = inner("http://a/two", r#"{"code": "dog"}, {"code": "stone"}"#);
    let both = value_set(r#"{"include": [{"valueSet": ["http://a/one", "http://a/two"]}]}"#);
    assert_eq!(codes(&with(&[&one, &two, &both])).unwrap(), ["dog"]);
    let either = value_set(
        r#"{"include": [{"valueSet": ["http://a/one"]}, {"valueSet": ["http://a/two"]}]}"#,
    );
    assert_eq!(
        codes(&with(&[&one, &two, &either])).unwrap(),
        ["bird", "dog", "stone"]
    );
}

#[test]
fn an_expansion_counts_and_its_groups_do_not() {
    let set = r#"{"resourceType": "ValueSet", "url": "http://a/vs", "expansion": {"total": 3, "contains": [
        {"display": "Group", "abstract": true, "contains": [{"system": "http://b", "code": "x"}]},
        {"system": "http://b", "code": "y"}]}}"#;
    assert_eq!(codes(&with(&[set])).unwrap(), ["x", "y"]);
}

#[test]
fn a_part_is_refused_and_never_taken_for_the_whole() {
    let page = r#"{"resourceType": "ValueSet", "url": "http://a/vs", "expansion": {"total": 5, "contains": [
        {"system": "http://b", "code": "y"}]}}"#;
    let error = codes(&with(&[page])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value set `http://a/vs` holds 1 codes, only a part of its expansion"
    );
    let limited = r#"{"resourceType": "ValueSet", "url": "http://a/vs", "expansion": {
        "parameter": [{"name": "limitedExpansion", "valueBoolean": true}],
        "contains": [{"system": "http://b", "code": "y"}]}}"#;
    assert!(matches!(
        codes(&with(&[limited])),
        Err(TerminologyError::PartOfExpansion { .. })
    ));
    let fragment = ANIMALS.replace("complete", "fragment");
    let all = value_set(r#"{"include": [{"system": "http://a/animals"}]}"#);
    assert!(matches!(
        codes(&with(&[&fragment, &all])),
        Err(TerminologyError::PartOfCodeSystem { .. })
    ));
}

#[test]
fn what_is_missing_is_an_error_with_its_name_and_the_nearest_that_is_there() {
    let all = value_set(r#"{"include": [{"system": "http://a/animals"}]}"#);
    let error = codes(&with(&[&all])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the code system `http://a/animals` is not loaded"
    );
    let terminology = with(&[ANIMALS, &all]);
    let missing = terminology.expand(&Canonical::parse("http://a/vz"));
    let diagnostic = missing.unwrap_err().diagnostic();
    assert_eq!(
        diagnostic.to_string(),
        "SAL-TERM-0002: the value set `http://a/vz` is not loaded"
    );
    assert_eq!(
        diagnostic.help.as_deref(),
        Some("did you mean `http://a/vs`?")
    );
    let empty = r#"{"resourceType": "ValueSet", "url": "http://a/vs"}"#;
    assert!(matches!(
        codes(&with(&[empty])),
        Err(TerminologyError::NoDefinition { .. })
    ));
}

#[test]
fn a_circle_is_named_and_not_walked_for_ever() {
    let one = value_set(r#"{"include": [{"valueSet": ["http://a/other"]}]}"#);
    let other = one
        .replace("http://a/other", "http://a/x")
        .replace("http://a/vs", "http://a/other")
        .replace("http://a/x", "http://a/vs");
    let error = codes(&with(&[&one, &other])).unwrap_err();
    assert_eq!(
        error.diagnostic().cause.as_deref(),
        Some("http://a/vs → http://a/other")
    );
}

#[test]
fn a_misspelt_filter_is_an_error_not_an_empty_set() {
    let wrong = |property: &str, operator: &str, value: &str| {
        let set = value_set(&format!(
            r#"{{"include": [{{"system": "http://a/animals", "filter": [
                {{"property": "{property}", "op": "{operator}", "value": "{value}"}}]}}]}}"#
        ));
        codes(&with(&[ANIMALS, &set])).unwrap_err().to_string()
    };
    assert_eq!(
        wrong("concept", "is-a", "cat"),
        "the code system `http://a/animals` has no concept `cat`"
    );
    assert_eq!(
        wrong("wings", "=", "2"),
        "the code system `http://a/animals` has no property `wings`"
    );
    assert_eq!(
        wrong("concept", "child-of", "dog"),
        "`child-of` is no operator of a filter over `http://a/animals`"
    );
    assert_eq!(
        wrong("display", "regex", "("),
        "`(` is no pattern for a filter over `http://a/animals`"
    );
}

#[test]
fn versions_are_chosen_by_name_then_manifest_then_age() {
    let version = |version: &str, code: &str| {
        format!(
            r#"{{"resourceType": "ValueSet", "url": "http://a/vs", "version": "{version}", "compose": {{
            "include": [{{"system": "http://b", "concept": [{{"code": "{code}"}}]}}]}}}}"#
        )
    };
    let (nine, ten) = (version("1.9", "nine"), version("1.10", "ten"));
    let mut terminology = with(&[&nine, &ten]);
    assert_eq!(codes(&terminology).unwrap(), ["ten"]);
    let named = terminology
        .expand(&Canonical::parse("http://a/vs|1.9"))
        .unwrap();
    assert!(terminology.is_member(&named, "http://b", "nine"));
    let manifest = r#"{"resourceType": "Library", "relatedArtifact": [
        {"type": "depends-on", "resource": "http://a/vs|1.9"}, {"type": "composed-of", "resource": "http://a/x|1"}]}"#;
    let added = terminology
        .add(&Resource::parse(manifest).unwrap())
        .unwrap();
    assert_eq!(added, Added::Manifest { versions: 1 });
    assert_eq!(codes(&terminology).unwrap(), ["nine"]);
    let missing = terminology.expand(&Canonical::parse("http://a/vs|2"));
    let help = missing.unwrap_err().diagnostic().help;
    assert_eq!(help.as_deref(), Some("loaded is version 1.9, 1.10"));
}

#[test]
fn implicit_value_sets_and_subsumption_follow_the_hierarchy() {
    let terminology = with(&[ANIMALS]);
    let below = terminology
        .expand(&Canonical::parse("http://a/animals?fhir_vs=isa/dog"))
        .unwrap();
    assert_eq!(below.len(), 2);
    assert!(terminology.is_member(&below, "http://a/animals", "poodle"));
    let all = terminology
        .expand(&Canonical::parse("http://a/animals?fhir_vs"))
        .unwrap();
    assert_eq!(all.len(), 6);
    let subsumes = |broad, narrow| {
        terminology
            .subsumes("http://a/animals", broad, narrow)
            .unwrap()
    };
    assert!(subsumes("animal", "poodle") && subsumes("dog", "dog"));
    assert!(!subsumes("poodle", "animal") && !subsumes("dog", "nothing"));
    assert_eq!(terminology.display("http://a/animals", "dog"), Some("Dog"));
}

#[test]
fn systems_that_ignore_case_do_and_others_do_not() {
    let folded = r#"{"resourceType": "CodeSystem", "url": "http://b", "content": "complete", "caseSensitive": false,
        "concept": [{"code": "Mg"}]}"#;
    let set = value_set(
        r#"{"include": [{"system": "http://b"}, {"system": "http://c", "concept": [{"code": "Mg"}]}]}"#,
    );
    let terminology = with(&[folded, &set]);
    let members = terminology
        .expand(&Canonical::parse("http://a/vs"))
        .unwrap();
    assert!(terminology.is_member(&members, "http://b", "MG"));
    assert!(!terminology.is_member(&members, "http://c", "MG"));
}

fn definitions(file: &str) -> Option<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fhir-r4-definitions");
    let Ok(opened) = std::fs::File::open(folder.join(file)) else {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{file} must be in ../shared/fhir-r4-definitions; see its README"
        );
        eprintln!("skipped: {file} is not here");
        return None;
    };
    let lines = BufReader::new(MultiGzDecoder::new(opened)).lines();
    Some(lines.map(Result::unwrap).collect())
}

#[test]
fn every_value_set_of_r4_expands_or_says_what_is_missing() {
    let mut terminology = Terminology::default();
    let mut urls = Vec::new();
    for file in [
        "valuesets-codesystems.ndjson.gz",
        "v3-codesystems-valuesets.ndjson.gz",
    ] {
        let Some(lines) = definitions(file) else {
            return;
        };
        for line in lines {
            let resource = Resource::parse(&line).unwrap();
            if terminology.add(&resource).unwrap() == Added::ValueSet {
                let url = resource.root().get("url").and_then(|url| url.string());
                urls.push(url.unwrap().into_owned());
            }
        }
    }
    let (mut expanded, mut missing) = (0, 0);
    for url in &urls {
        match terminology.expand(&Canonical::any(url)) {
            Ok(_) => expanded += 1,
            Err(
                TerminologyError::NoCodeSystem { .. }
                | TerminologyError::PartOfCodeSystem { .. }
                | TerminologyError::NoValueSet { .. },
            ) => missing += 1,
            // An example whose filter is defined in words only (`CodeSystem.filter`).
            Err(TerminologyError::UnknownProperty { .. }) if url.ends_with("/example-filter") => {}
            Err(other) => panic!("{url}: {other}"),
        }
    }
    eprintln!("{expanded} expanded, {missing} need what R4 does not bring");
    assert!(
        expanded > 750 && missing < urls.len() / 8,
        "{expanded}, {missing}"
    );
    let gender = terminology
        .expand(&Canonical::parse(
            "http://hl7.org/fhir/ValueSet/administrative-gender",
        ))
        .unwrap();
    assert_eq!(gender.len(), 4);
    assert!(terminology.is_member(
        &gender,
        "http://hl7.org/fhir/administrative-gender",
        "female"
    ));
}
