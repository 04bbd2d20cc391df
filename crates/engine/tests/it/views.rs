//! The views: what they give, and that they match their documentation.

use crate::common::TestLake;

/// The SQL type a documented type stands for, as Arrow says it.
fn arrow_type(documented: &str) -> &'static str {
    match documented {
        "VARCHAR" => "Utf8",
        "INTEGER" => "Int32",
        "BIGINT" => "Int64",
        "DOUBLE" => "Float64",
        "BOOLEAN" => "Boolean",
        "DATE" => "Date32",
        "TIMESTAMP" => "Timestamp(µs)",
        _ => "?",
    }
}

fn check_all_views(lake: &TestLake) {
    let session = lake.session();
    for view in session.views() {
        let answer = lake
            .runtime
            .block_on(session.sql(&format!("SELECT * FROM {}", view.name)))
            .unwrap_or_else(|error| panic!("{}: {:?}", view.name, error));
        let found: Vec<(String, String)> = answer
            .schema
            .fields()
            .iter()
            .map(|field| (field.name().clone(), field.data_type().to_string()))
            .collect();
        let documented: Vec<(String, String)> = view
            .columns
            .iter()
            .map(|column| (column.name.clone(), arrow_type(&column.ty).to_owned()))
            .collect();
        assert_eq!(found, documented, "view {}", view.name);
    }
}

#[test]
fn every_view_answers_on_an_empty_lake_as_documented() {
    check_all_views(&TestLake::new());
}

#[test]
fn every_view_answers_where_only_some_elements_exist() {
    check_all_views(&TestLake::of(&[
        r#"{"resourceType":"Patient","id":"a"}"#,
        r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"}}"#,
        r#"{"resourceType":"Condition","id":"c","code":{"text":"x"},"subject":{"reference":"Patient/a"}}"#,
        r#"{"resourceType":"ExplanationOfBenefit","id":"e","status":"active","item":[{"sequence":1}]}"#,
    ]));
}

#[test]
fn a_condition_has_a_row_per_coding_and_one_without() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Condition","id":"two","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"s","code":"1","display":"one"},{"system":"t","code":"2"}],"text":"both"},"subject":{"reference":"Patient/a"},"onsetDateTime":"2020-02"}"#,
        r#"{"resourceType":"Condition","id":"words","code":{"text":"only words"},"subject":{"reference":"Patient/a"}}"#,
        r#"{"resourceType":"Condition","id":"none","subject":{"reference":"Patient/b"},"recordedDate":"2020-01-02T03:04:05+01:00"}"#,
    ]);
    let sql = "SELECT patient, id, coding_index, system, code, display, clinical_status, onset, recorded \
               FROM conditions ORDER BY id, coding_index";
    insta::assert_snapshot!(lake.csv(sql), @r#"
    patient,id,coding_index,system,code,display,clinical_status,onset,recorded
    b,none,,,,,,,2020-01-02 02:04:05
    a,two,0,s,1,one,active,2020-02-01 00:00:00,
    a,two,1,t,2,both,active,2020-02-01 00:00:00,
    a,words,,,,only words,,,
    "#);
    insta::assert_snapshot!(lake.csv("SELECT count(*) AS n FROM problems"), @r"
    n
    2
    ");
}

#[test]
fn a_component_is_found_like_an_observation() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Observation","id":"bp","status":"final","category":[{"coding":[{"code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{"reference":"Patient/a"},"effectiveDateTime":"2021-01-01T08:00:00Z","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg","code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120.5,"unit":"mmHg","code":"mm[Hg]"}}]}"#,
        r#"{"resourceType":"Observation","id":"smoke","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"72166-2"}]},"subject":{"reference":"Patient/a"},"valueCodeableConcept":{"coding":[{"code":"266919005","display":"Never smoker"}]},"issued":"2021-02-01T00:00:00Z"}"#,
        r#"{"resourceType":"Observation","id":"low","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2345-7"}]},"subject":{"reference":"Patient/a"},"valueQuantity":{"value":3,"comparator":"<","unit":"mg/dL"},"interpretation":[{"coding":[{"code":"L"}]}]}"#,
    ]);
    let sql = "SELECT id, component_index AS part, category, code, date, value_number, value_unit, \
               value_comparator AS cmp, value_code, value_text, interpretation \
               FROM observations ORDER BY id, part NULLS FIRST";
    insta::assert_snapshot!(lake.csv(sql), @r"
    id,part,category,code,date,value_number,value_unit,cmp,value_code,value_text,interpretation
    bp,,vital-signs,85354-9,2021-01-01 08:00:00,,,,,,
    bp,0,vital-signs,8462-4,2021-01-01 08:00:00,80,mm[Hg],,,,
    bp,1,vital-signs,8480-6,2021-01-01 08:00:00,120.5,mm[Hg],,,,
    low,,,2345-7,,3,mg/dL,<,,,L
    smoke,,,72166-2,2021-02-01 00:00:00,,,,266919005,Never smoker,
    ");
}

#[test]
fn a_patient_has_an_age_a_race_a_place_and_a_payer() {
    let us = "http://hl7.org/fhir/us/core/StructureDefinition";
    let alive = format!(
        r#"{{"resourceType":"Patient","id":"alive","gender":"female","birthDate":"1950-06-02","extension":[{{"url":"{us}/us-core-race","extension":[{{"url":"ombCategory","valueCoding":{{"code":"2106-3","display":"White"}}}},{{"url":"text","valueString":"White"}}]}},{{"url":"{us}/us-core-birthsex","valueCode":"F"}}],"address":[{{"extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/geolocation","extension":[{{"url":"latitude","valueDecimal":42.5}},{{"url":"longitude","valueDecimal":-71}}]}}],"city":"Worcester","postalCode":"01545"}}],"communication":[{{"language":{{"coding":[{{"code":"en-US"}}]}}}}]}}"#
    );
    let lake = TestLake::of(&[
        &alive,
        r#"{"resourceType":"Patient","id":"dead","birthDate":"1950","deceasedDateTime":"2000-03-01T00:00:00Z"}"#,
        r#"{"resourceType":"Patient","id":"gone","deceasedBoolean":true}"#,
        r#"{"resourceType":"Coverage","id":"old","status":"active","beneficiary":{"reference":"Patient/alive"},"payor":[{"display":"Old"}],"period":{"start":"2001-01-01","end":"2002-01-01"}}"#,
        r#"{"resourceType":"Coverage","id":"now","status":"active","beneficiary":{"reference":"Patient/alive"},"payor":[{"reference":"Organization/p"}],"period":{"start":"2020-01-01"}}"#,
        r#"{"resourceType":"Organization","id":"p","name":"The Payer"}"#,
        r#"{"resourceType":"ExplanationOfBenefit","id":"e","status":"active","patient":{"reference":"Patient/gone"},"insurer":{"display":"Claims Inc"},"created":"2021-03-01"}"#,
    ]);
    let sql = "SELECT patient, age, sex, birth_sex, race, language, deceased, death_date, city, \
               latitude, longitude, insured_by FROM patients ORDER BY patient";
    insta::assert_snapshot!(lake.csv(sql), @r"
    patient,age,sex,birth_sex,race,language,deceased,death_date,city,latitude,longitude,insured_by
    alive,70,female,F,White,en-US,,,Worcester,42.5,-71,The Payer
    dead,50,,,,,true,2000-03-01,,,,
    gone,,,,,,true,,,,,Claims Inc
    ");
}

#[test]
fn a_patients_query_that_asks_no_payer_reads_no_claims() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Patient","id":"a"}"#,
        r#"{"resourceType":"ExplanationOfBenefit","id":"e","status":"active","patient":{"reference":"Patient/a"}}"#,
    ]);
    let files_of_claims = |sql: &str| {
        let plan = lake.csv(&format!("EXPLAIN {sql}"));
        let physical = plan
            .split("physical_plan")
            .nth(1)
            .unwrap_or_else(|| panic!("{plan}"));
        physical.contains("fhir/ExplanationOfBenefit")
    };
    assert!(!files_of_claims(
        "SELECT count(*) FROM patients WHERE sex = 'female'"
    ));
    assert!(!files_of_claims(
        "SELECT patient, age FROM patients ORDER BY age LIMIT 3"
    ));
    assert!(files_of_claims("SELECT insured_by FROM patients"));
}

#[test]
fn a_medicine_behind_a_reference_is_named() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"rx","code":"1","display":"Metformin"}]}}"#,
        r#"{"resourceType":"MedicationRequest","id":"by-reference","status":"active","intent":"order","medicationReference":{"reference":"Medication/m"},"subject":{"reference":"Patient/a"},"authoredOn":"2021-01-01"}"#,
        r#"{"resourceType":"MedicationRequest","id":"by-code","status":"stopped","intent":"order","medicationCodeableConcept":{"coding":[{"system":"rx","code":"2","display":"Aspirin"}]},"subject":{"reference":"Patient/a"},"authoredOn":"2021-01-01"}"#,
        r#"{"resourceType":"MedicationRequest","id":"dangling","status":"active","intent":"plan","medicationReference":{"reference":"Medication/none","display":"Something"},"subject":{"reference":"Patient/a"}}"#,
        r#"{"resourceType":"MedicationStatement","id":"taken","status":"active","medicationCodeableConcept":{"text":"Ibuprofen"},"subject":{"reference":"Patient/a"},"effectivePeriod":{"start":"2021-05-01","end":"2021-05-20"}}"#,
        r#"{"resourceType":"MedicationDispense","id":"handed","status":"completed","medicationCodeableConcept":{"text":"Ibuprofen"},"subject":{"reference":"Patient/a"},"whenHandedOver":"2021-05-20","daysSupply":{"value":30}}"#,
    ]);
    let sql = "SELECT id, kind, status, code, display, start, \"end\", active FROM medications ORDER BY id";
    insta::assert_snapshot!(lake.csv(sql), @r#"
    id,kind,status,code,display,start,end,active
    by-code,order,stopped,2,Aspirin,2021-01-01 00:00:00,,false
    by-reference,order,active,1,Metformin,2021-01-01 00:00:00,,true
    dangling,order,active,,Something,,,false
    handed,dispense,completed,,Ibuprofen,2021-05-20 00:00:00,2021-06-19 00:00:00,true
    taken,statement,active,,Ibuprofen,2021-05-01 00:00:00,2021-05-20 00:00:00,false
    "#);
}

#[test]
fn a_claim_tells_what_was_allowed_and_paid() {
    let bb = "https://bluebutton.cms.gov/resources/variables";
    let lines = format!(
        r#"{{"resourceType":"ExplanationOfBenefit","id":"lines","status":"active","use":"claim","type":{{"coding":[{{"system":"x","code":"40"}},{{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}}]}},"patient":{{"reference":"Patient/a"}},"billablePeriod":{{"start":"2021-01-01","end":"2021-01-02"}},"insurer":{{"display":"CMS"}},"item":[{{"sequence":1,"productOrService":{{"coding":[{{"system":"cpt","code":"99213","display":"Visit"}}]}},"adjudication":[{{"category":{{"coding":[{{"code":"{bb}/line_alowd_chrg_amt"}}]}},"amount":{{"value":100,"currency":"USD"}}}},{{"category":{{"coding":[{{"code":"{bb}/line_prvdr_pmt_amt"}}]}},"amount":{{"value":80}}}},{{"category":{{"coding":[{{"code":"{bb}/line_coinsrnc_amt"}}]}},"amount":{{"value":20}}}}]}},{{"sequence":2,"adjudication":[{{"category":{{"coding":[{{"code":"{bb}/line_alowd_chrg_amt"}}]}},"amount":{{"value":10.5}}}}]}}],"total":[{{"category":{{"coding":[{{"code":"submitted"}}]}},"amount":{{"value":200,"currency":"USD"}}}}]}}"#
    );
    let lake = TestLake::of(&[
        &lines,
        r#"{"resourceType":"ExplanationOfBenefit","id":"shares","status":"active","patient":{"reference":"Patient/a"},"created":"2021-02-01","item":[{"sequence":1,"adjudication":[{"category":{"coding":[{"code":"benefit"}]},"amount":{"value":70}},{"category":{"coding":[{"code":"copay"}]},"amount":{"value":30}}]}]}"#,
        r#"{"resourceType":"ExplanationOfBenefit","id":"silent","status":"active","patient":{"reference":"Patient/a"}}"#,
        r#"{"resourceType":"Claim","id":"bill","status":"active","use":"claim","patient":{"reference":"Patient/a"},"total":{"value":250,"currency":"USD"},"diagnosis":[{"sequence":1,"diagnosisReference":{"reference":"Condition/c"}},{"sequence":2,"diagnosisCodeableConcept":{"coding":[{"system":"icd","code":"I10"}]}}]}"#,
        r#"{"resourceType":"Condition","id":"c","code":{"coding":[{"system":"icd","code":"E11"}]},"subject":{"reference":"Patient/a"}}"#,
    ]);
    let sql = "SELECT id, kind, type_code, service_start, insurer, total_submitted, allowed, paid, \
               patient_paid, currency FROM claims ORDER BY id";
    insta::assert_snapshot!(lake.csv(sql), @r"
    id,kind,type_code,service_start,insurer,total_submitted,allowed,paid,patient_paid,currency
    bill,claim,,,,250,,,,USD
    lines,eob,professional,2021-01-01 00:00:00,CMS,200,110.5,80,20,USD
    shares,eob,,2021-02-01 00:00:00,,,100,70,30,
    silent,eob,,,,,,,,
    ");
    let sql = "SELECT claim_id, sequence, code, display, service_date, allowed, paid FROM claim_items ORDER BY 1, 2";
    insta::assert_snapshot!(lake.csv(sql), @r"
    claim_id,sequence,code,display,service_date,allowed,paid
    lines,1,99213,Visit,2021-01-01 00:00:00,100,80
    lines,2,,,2021-01-01 00:00:00,10.5,
    shares,1,,,2021-02-01 00:00:00,100,70
    ");
    let sql = "SELECT claim_id, sequence, system, code FROM claim_diagnoses ORDER BY 1, 2";
    insta::assert_snapshot!(lake.csv(sql), @r"
    claim_id,sequence,system,code
    bill,1,icd,E11
    bill,2,icd,I10
    ");
}

#[test]
fn a_row_names_the_file_and_byte_it_came_from() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"IMP"},"subject":{"reference":"Patient/a"},"period":{"start":"2021-01-01T23:00:00Z","end":"2021-01-04T01:00:00Z"}}"#,
        r#"{"resourceType":"Encounter","id":"e2","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/a"}}"#,
    ]);
    let sql = "SELECT id, class, length_of_stay_days AS days, \
               source LIKE '%records.ndjson' AS named, source_offset > 0 AS later \
               FROM encounters ORDER BY id";
    insta::assert_snapshot!(lake.csv(sql), @r"
    id,class,days,named,later
    e1,IMP,3,true,false
    e2,AMB,,true,true
    ");
}

#[test]
fn every_column_of_every_view_can_be_filtered_and_grouped() {
    let eob = r#"{"resourceType":"ExplanationOfBenefit","id":"e","status":"active","insurer":{"display":"x"},"item":[{"sequence":1,"category":{"text":"c"}}],"diagnosis":[{"sequence":1,"diagnosisCodeableConcept":{"text":"d"}}]}"#;
    let order = r#"{"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","medicationCodeableConcept":{"text":"x"}}"#;
    let patient =
        r#"{"resourceType":"Patient","id":"a","name":[{"family":"f"}],"address":[{"city":"c"}]}"#;
    let coverage = r#"{"resourceType":"Coverage","id":"c","status":"active","payor":[{"display":"p"}],"class":[{"name":"n"}]}"#;
    let observation = r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"category":[{"text":"y"}],"component":[{"code":{"text":"z"}}]}"#;
    // Each lake lacks other tables, so that other parts of the views fall away.
    for lines in [
        vec![eob, patient],
        vec![order, coverage],
        vec![observation],
        vec![eob, order, patient, coverage, observation],
    ] {
        let lake = TestLake::of(&lines);
        let session = lake.session();
        for view in session.views() {
            let run = |sql: String| {
                lake.runtime
                    .block_on(session.sql(&sql))
                    .unwrap_or_else(|error| panic!("{sql}: {:?}", error.diagnostic()))
            };
            for column in &view.columns {
                let (view, column) = (&view.name, &column.name);
                run(format!(
                    "SELECT \"{column}\", count(*) FROM {view} WHERE \"{column}\" IS NOT NULL GROUP BY 1 ORDER BY 1"
                ));
            }
            if let [first, .., last] = view.columns.as_slice() {
                let (view, first, last) = (&view.name, &first.name, &last.name);
                run(format!(
                    "SELECT a.\"{first}\", b.\"{last}\" FROM {view} a JOIN {view} b ON a.\"{first}\" = b.\"{first}\" LIMIT 3"
                ));
            }
        }
    }
}

#[test]
fn a_conditional_reference_is_followed_and_costs_nothing_when_not_asked_for() {
    let lake = TestLake::of(&[
        r#"{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"},"location":[{"location":{"reference":"Location?identifier=https://a.example/ids|7","display":"Clinic"}}],"serviceProvider":{"reference":"Organization/o"},"participant":[{"individual":{"reference":"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|99"}}]}"#,
        r#"{"resourceType":"Encounter","id":"f","status":"finished","class":{"code":"AMB"},"location":[{"location":{"reference":"Location/other"}}]}"#,
        r#"{"resourceType":"Location","id":"seven","identifier":[{"system":"x","value":"1"},{"system":"https://a.example/ids","value":"7"}]}"#,
        r#"{"resourceType":"Practitioner","id":"p","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"99"}]}"#,
    ]);
    let sql =
        "SELECT id, location, location_name, provider, practitioner FROM encounters ORDER BY id";
    insta::assert_snapshot!(lake.csv(sql), @r"
    id,location,location_name,provider,practitioner
    e,seven,Clinic,o,p
    f,other,,,
    ");
    let joins = |sql: &str| {
        lake.csv(&format!("EXPLAIN {sql}"))
            .matches("JoinExec")
            .count()
    };
    assert_eq!(
        joins("SELECT class, count(*) FROM encounters GROUP BY class"),
        0
    );
    assert_eq!(joins("SELECT location FROM encounters"), 1);
    assert_eq!(joins("SELECT practitioner, class FROM encounters"), 1);
}

#[test]
fn a_table_or_view_describes_itself() {
    let lake = TestLake::of(&[r#"{"resourceType":"Patient","id":"a"}"#]);
    let lines = |sql: &str| lake.csv(sql).lines().count();
    assert!(lines("DESCRIBE patients") > 20);
    assert!(lines("DESCRIBE Patient") > 5);
    assert!(lines("SHOW COLUMNS FROM locations") > 10);
    assert!(lines("SHOW TABLES") > 20);
    assert!(lines("EXPLAIN ANALYZE SELECT count(*) FROM patients") > 1);
}
