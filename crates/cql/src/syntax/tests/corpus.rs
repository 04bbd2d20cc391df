//! Every CQL text of the official tests is read, printed and read again as the same tree.

use std::path::PathBuf;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;

/// The folder beside the repository that holds the official tests; they may be missing on a desk, never in CI.
fn suite() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/conformance/cql-tests/tests");
    let missing = !folder.is_dir();
    assert!(
        !(missing && std::env::var("CI").is_ok_and(|ci| ci == "true")),
        "{} is missing: see CONTRIBUTING.md",
        folder.display()
    );
    (!missing).then_some(folder)
}

/// The texts of `expression` and `output`, and whether the expression is to be refused.
fn texts(xml: &str) -> Vec<(String, bool)> {
    let mut reader = Reader::from_str(xml);
    let mut texts = Vec::new();
    let mut at: Option<(String, bool)> = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if matches!(tag.name().as_ref(), b"expression" | b"output") => {
                let invalid = tag.try_get_attribute("invalid").unwrap();
                let invalid = invalid.is_some_and(|invalid| invalid.value.as_ref() != b"false");
                at = Some((String::new(), invalid));
            }
            Event::Text(text) => {
                if let Some((so_far, _)) = &mut at {
                    so_far.push_str(&text.decode().unwrap());
                }
            }
            Event::CData(text) => {
                if let Some((so_far, _)) = &mut at {
                    so_far.push_str(&text.decode().unwrap());
                }
            }
            Event::GeneralRef(entity) => {
                if let Some((so_far, _)) = &mut at {
                    match entity.resolve_char_ref().unwrap() {
                        Some(character) => so_far.push(character),
                        None => so_far.push_str(match entity.decode().unwrap().as_ref() {
                            "lt" => "<",
                            "gt" => ">",
                            "amp" => "&",
                            "quot" => "\"",
                            "apos" => "'",
                            other => panic!("{other}"),
                        }),
                    }
                }
            }
            Event::End(tag) if matches!(tag.name().as_ref(), b"expression" | b"output") => {
                texts.extend(at.take())
            }
            Event::Eof => return texts,
            _ => {}
        }
    }
}

/// `Floor` of a number that is no Integer is expected to be null, and `Ceiling` of the same number to be refused. The
/// grammar of CQL reads the argument as an Integer, whose range ends before it (Reference, Integer).
const CONTRADICTIONS: [&str; 2] = ["Floor(2147483648)", "Floor(-2147483649)"];

#[test]
fn the_expressions_and_outputs_of_the_official_tests_are_read_and_print_as_the_same_tree() {
    let Some(folder) = suite() else { return };
    let mut count = 0;
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let xml = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for (text, invalid) in texts(&xml) {
            let read = parse_expr(&text);
            count += 1;
            if !read.diagnostics.is_empty() {
                if !invalid && !CONTRADICTIONS.contains(&text.as_str()) {
                    wrong.push(format!("{text}: {}", read.diagnostics[0]));
                }
                continue;
            }
            let printed = read.expr.to_string();
            let again = parse_expr(&printed);
            if !again.diagnostics.is_empty() || again.expr != read.expr {
                wrong.push(format!(
                    "{text}\n   printed as {printed}: {:?}",
                    again.diagnostics
                ));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(count > 2_500, "only {count} texts were found");
}

#[test]
fn literals_out_of_range_are_refused_and_name_their_type() {
    let Some(folder) = suite() else { return };
    let xml = std::fs::read_to_string(folder.join("ValueLiteralsAndSelectors.xml")).unwrap();
    let invalid: Vec<String> = texts(&xml)
        .into_iter()
        .filter_map(|(text, invalid)| invalid.then_some(text))
        .filter(|text| !text.contains("DateTime("))
        .collect();
    assert!(invalid.len() > 8);
    for text in invalid {
        let read = parse_expr(&text);
        let error = read.diagnostics.first();
        assert!(
            matches!(error, Some(SyntaxError::NumberTooLarge { .. })),
            "{text}: {error:?}"
        );
    }
}
