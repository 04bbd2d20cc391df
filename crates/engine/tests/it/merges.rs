//! Merged patients are seen as one, and a merge can be undone.

use crate::common::TestLake;

const OLD: &str = r#"{"resourceType":"Patient","id":"old","birthDate":"1950-01-01","link":[{"other":{"reference":"Patient/new"},"type":"replaced-by"}]}"#;
const NEW: &str = r#"{"resourceType":"Patient","id":"new","birthDate":"1950-01-01"}"#;

fn condition(id: &str, patient: &str) -> String {
    format!(
        r#"{{"resourceType":"Condition","id":"{id}","code":{{"text":"x"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
    )
}

#[test]
fn queries_see_the_survivor() {
    let lake = TestLake::of(&[
        OLD,
        NEW,
        &condition("c1", "old"),
        &condition("c2", "new"),
        &condition("c3", "other"),
    ]);
    insta::assert_snapshot!(lake.csv("SELECT patient FROM patients ORDER BY 1"), @r"
    patient
    new
    ");
    insta::assert_snapshot!(lake.csv("SELECT patient, id FROM conditions ORDER BY 2"), @r"
    patient,id
    new,c1
    new,c2
    other,c3
    ");
    insta::assert_snapshot!(lake.csv("SELECT id FROM conditions WHERE patient = 'new' ORDER BY 1"), @r"
    id
    c1
    c2
    ");
    insta::assert_snapshot!(lake.csv("SELECT id FROM Condition WHERE salus_patient IN ('new', 'other') ORDER BY 1"), @r"
    id
    c1
    c2
    c3
    ");
    insta::assert_snapshot!(lake.csv("SELECT count(*) AS n FROM conditions WHERE patient = 'old'"), @r"
    n
    0
    ");
    insta::assert_snapshot!(lake.csv("SELECT count(*) AS n FROM conditions WHERE patient <> 'old'"), @r"
    n
    3
    ");
    insta::assert_snapshot!(lake.csv("SELECT * FROM merged_patients"), @r"
    patient,survivor
    old,new
    ");
    insta::assert_snapshot!(lake.csv("SELECT id FROM Patient ORDER BY 1"), @r"
    id
    new
    old
    ");
}

#[test]
fn taking_the_link_away_undoes_the_merge() {
    let lake = TestLake::of(&[OLD, NEW, &condition("c1", "old")]);
    lake.load_lines(
        "undo.ndjson",
        &[r#"{"resourceType":"Patient","id":"old","birthDate":"1950-01-01"}"#],
    );
    insta::assert_snapshot!(lake.csv("SELECT patient FROM conditions"), @r"
    patient
    old
    ");
}
