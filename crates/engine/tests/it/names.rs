//! Names in any case, words for names that do not exist, and nothing but reading.

use crate::common::{TestLake, csv};
use salus_lake::catalog::At;

fn lake() -> TestLake {
    TestLake::of(&[r#"{"resourceType":"Patient","id":"a","gender":"male"}"#])
}

#[test]
fn a_table_is_found_in_any_case() {
    let lake = lake();
    for name in [
        "Patient",
        "patient",
        "PATIENT",
        "fhir.Patient",
        "FHIR.patient",
        "lake.fhir.Patient",
    ] {
        assert_eq!(
            lake.sql(&format!("SELECT id FROM {name}")).unwrap().rows(),
            1,
            "{name}"
        );
    }
}

fn help(lake: &TestLake, sql: &str) -> String {
    let diagnostic = lake.sql(sql).unwrap_err().diagnostic();
    format!(
        "{diagnostic} | {}",
        diagnostic.help.as_deref().unwrap_or_default()
    )
}

#[test]
fn a_name_that_does_not_exist_gets_the_nearest_one() {
    let lake = lake();
    insta::assert_snapshot!(help(&lake, "SELECT * FROM patientz"), @"SAL-SQL-0002: there is no table or view `patientz` | did you mean `Patient`?");
    insta::assert_snapshot!(help(&lake, "SELECT * FROM obsevations"), @"SAL-SQL-0002: there is no table or view `obsevations` | did you mean `observations`?");
    insta::assert_snapshot!(help(&lake, "SELECT * FROM quarantine"), @"SAL-SQL-0002: there is no table or view `quarantine` | did you mean `salus.quarantine`?");
    insta::assert_snapshot!(help(&lake, "SELECT gendr FROM Patient"), @"SAL-SQL-0003: there is no column `gendr` | did you mean `gender`?");
    insta::assert_snapshot!(help(&lake, "SELECT birthdate FROM patients"), @"SAL-SQL-0003: there is no column `birthdate` | did you mean `birth_date`?");
}

#[test]
fn what_is_no_query_is_refused() {
    let lake = lake();
    for sql in [
        "CREATE TABLE t AS SELECT 1",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE Patient",
        "INSERT INTO Patient SELECT * FROM Patient",
        "DELETE FROM Patient",
        "UPDATE Patient SET id = 'b'",
        "SET datafusion.execution.batch_size = 1",
        "COPY Patient TO '/tmp/salus-never.csv'",
        "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
    ] {
        let code = lake.sql(sql).unwrap_err().diagnostic().code.to_string();
        assert!(
            code == "SAL-SQL-0004" || code == "SAL-SQL-0005",
            "{sql}: {code}"
        );
    }
    assert!(lake.sql("SELECT * FROM '/etc/passwd'").is_err());
    insta::assert_snapshot!(help(&lake, "SELECT 1; SELECT 2"), @"SAL-SQL-0001: one query at a time: 2 were given | ");
    insta::assert_snapshot!(help(&lake, "SELEC 1"), @"SAL-SQL-0001: Expected: an SQL statement, found: SELEC at Line: 1, Column: 1 | ");
}

#[test]
fn the_books_are_tables() {
    let lake = lake();
    insta::assert_snapshot!(lake.csv("SELECT load, status FROM salus.loads"), @r"
    load,status
    1,complete
    ");
    assert_eq!(
        lake.sql("SELECT * FROM salus.sources WHERE name LIKE '%records.ndjson'")
            .unwrap()
            .rows(),
        1
    );
    assert!(lake.sql("SELECT * FROM salus.snapshots").unwrap().rows() >= 1);
    assert_eq!(lake.sql("SELECT * FROM salus.history").unwrap().rows(), 0);
    lake.load_lines("bad.ndjson", &["{not json"]);
    insta::assert_snapshot!(lake.csv("SELECT count(*) AS n FROM salus.quarantine"), @r"
    n
    1
    ");
    let tables = lake.csv("SELECT table_schema, table_name FROM information_schema.tables WHERE table_name IN ('Patient', 'patients', 'loads') ORDER BY 2");
    insta::assert_snapshot!(tables, @r"
    table_schema,table_name
    fhir,Patient
    salus,loads
    fhir,patients
    ");
}

#[test]
fn an_earlier_snapshot_shows_what_was() {
    let lake = lake();
    let before = lake.session().snapshot();
    lake.load_lines(
        "more.ndjson",
        &[
            r#"{"resourceType":"Patient","id":"b","active":true}"#,
            r#"{"resourceType":"Patient","id":"a","gender":"female","meta":{"versionId":"2"}}"#,
        ],
    );
    let then = lake.session_with(At::Id(before), Default::default());
    let sql = "SELECT id, gender FROM Patient ORDER BY id";
    insta::assert_snapshot!(csv(&lake.runtime.block_on(then.sql(sql)).unwrap()), @r"
    id,gender
    a,male
    ");
    insta::assert_snapshot!(lake.csv("SELECT id, gender, active FROM Patient ORDER BY id"), @r"
    id,gender,active
    a,female,
    b,,true
    ");
    insta::assert_snapshot!(lake.csv("SELECT count(*) AS n, count(gender) AS g FROM Patient"), @r"
    n,g
    2,1
    ");
    let session = lake.session();
    assert!(session.has_rows("Patient") && !session.has_rows("Claim"));
    let patient = session
        .tables()
        .into_iter()
        .find(|table| table.name == "Patient")
        .unwrap();
    assert_eq!(patient.rows, Some(2));
}

#[test]
fn a_batch_can_be_kept_under_a_name_of_its_own() {
    let lake = lake();
    let session = lake.session();
    let run = |sql: &str| csv(&lake.runtime.block_on(session.sql(sql)).unwrap());
    let answer = lake
        .runtime
        .block_on(session.sql("SELECT id AS who FROM Patient"))
        .unwrap();
    let batch = answer.batches[0].clone();
    session.register_table("kept", batch.clone()).unwrap();
    session.register_table("kept", batch.clone()).unwrap();
    insta::assert_snapshot!(run("SELECT p.gender FROM kept JOIN Patient p ON p.id = who"), @r"
    gender
    male
    ");
    for name in ["Patient", "patient", "patients"] {
        assert!(
            session.register_table(name, batch.clone()).is_err(),
            "{name}"
        );
    }
    assert!(session.tables().iter().all(|table| table.name != "kept"));
}
