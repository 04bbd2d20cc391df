//! The measure that is measured and tested: its terminology, and a patient of 500 resources.

use std::fmt::Write;

use salus_cql::elm::Library;
use salus_cql::model::{Model, Models};
use salus_cql::program::Program;
use salus_cql::resolve::{self, NoSources};
use salus_cql::terminology::LoadedTerminology;
use salus_fhir::json::Resource;
use salus_terminology::Terminology;

/// The measure.
pub const MEASURE: &str = include_str!("measure.cql");

/// How many resources the patient has, the Patient among them.
pub const RESOURCES: usize = 500;

/// A measure in ELM, and the libraries that it includes.
pub struct Translated {
    pub library: std::sync::Arc<Library>,
    pub included: Vec<std::sync::Arc<Library>>,
}

/// Translates the measure.
pub fn translated() -> Translated {
    let translation = resolve::translate(MEASURE, &NoSources, &resolve::Options::default());
    assert!(
        translation.is_sound(),
        "{:?}",
        translation.diagnostics("measure.cql")
    );
    Translated {
        library: translation.library,
        included: translation.included,
    }
}

/// The models that the measure uses.
pub fn models() -> Models {
    let mut models = Models::new().unwrap();
    models
        .add(Model::embedded("FHIR", Some("4.0.1")).unwrap())
        .unwrap();
    models
}

/// Links and compiles the measure.
pub fn compiled(translated: &Translated, models: &Models) -> Program {
    let included: Vec<&Library> = translated.included.iter().map(|one| &**one).collect();
    Program::new(&translated.library, &included, models).unwrap()
}

/// The value sets of the measure.
pub fn terminology() -> LoadedTerminology {
    let sets = [
        ("diabetes", "http://snomed.info/sct", "44054006"),
        ("frailty", "http://snomed.info/sct", "248279007"),
        ("office-visit", "http://snomed.info/sct", "308335008"),
        (
            "antidiabetics",
            "http://www.nlm.nih.gov/research/umls/rxnorm",
            "860975",
        ),
    ];
    let mut terminology = Terminology::default();
    for (name, system, code) in sets {
        let text = format!(
            r#"{{"resourceType":"ValueSet","url":"http://example.org/ValueSet/{name}","status":"active",
            "compose":{{"include":[{{"system":"{system}","concept":[{{"code":"{code}"}}]}}]}}}}"#
        );
        terminology.add(&Resource::parse(&text).unwrap()).unwrap();
    }
    LoadedTerminology::new(terminology)
}

/// A Bundle of one patient.
pub fn bundle() -> String {
    let mut text = String::from(
        r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"p","gender":"female","birthDate":"1961-04-09"}}"#,
    );
    for number in 0..RESOURCES - 1 {
        let resource = match number % 10 {
            0 | 1 => encounter(number),
            2 => condition(number),
            3 => medication(number),
            _ => observation(number),
        };
        write!(text, r#",{{"resource":{resource}}}"#).unwrap();
    }
    text.push_str("]}");
    text
}

/// A day of 2022 to 2024.
fn day(number: usize) -> String {
    let (year, month, day) = (2022 + number % 3, 1 + number % 12, 1 + number % 28);
    format!("{year}-{month:02}-{day:02}")
}

fn encounter(number: usize) -> String {
    let code = if number.is_multiple_of(20) {
        "308335008"
    } else {
        "50849002"
    };
    let day = day(number);
    format!(
        r#"{{"resourceType":"Encounter","id":"e{number}","status":"finished","subject":{{"reference":"Patient/p"}},
        "class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"}},
        "type":[{{"coding":[{{"system":"http://snomed.info/sct","code":"{code}"}}]}}],
        "period":{{"start":"{day}T09:00:00Z","end":"{day}T09:30:00Z"}}}}"#
    )
}

fn condition(number: usize) -> String {
    let code = if number % 40 == 2 {
        "44054006"
    } else {
        "38341003"
    };
    format!(
        r#"{{"resourceType":"Condition","id":"c{number}","subject":{{"reference":"Patient/p"}},
        "clinicalStatus":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical",
        "code":"active"}}]}},"code":{{"coding":[{{"system":"http://snomed.info/sct","code":"{code}"}}]}},
        "onsetDateTime":"{}T08:00:00Z"}}"#,
        day(number)
    )
}

fn medication(number: usize) -> String {
    format!(
        r#"{{"resourceType":"MedicationRequest","id":"m{number}","status":"active","intent":"order",
        "subject":{{"reference":"Patient/p"}},"authoredOn":"{}T08:00:00Z","medicationCodeableConcept":
        {{"coding":[{{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"860975"}}]}}}}"#,
        day(number)
    )
}

fn observation(number: usize) -> String {
    let (code, value, unit) = match number % 16 {
        0 => ("4548-4", 5 + number % 7, "%"),
        1 | 5 | 9 | 13 => ("8480-6", 110 + number % 50, "mm[Hg]"),
        _ => ("2160-0", 1, "mg/dL"),
    };
    let encounter = number - number % 10;
    format!(
        r#"{{"resourceType":"Observation","id":"o{number}","status":"final","subject":{{"reference":"Patient/p"}},
        "encounter":{{"reference":"Encounter/e{encounter}"}},"code":{{"coding":[{{"system":"http://loinc.org",
        "code":"{code}"}}]}},"effectiveDateTime":"{}T09:10:00Z","valueQuantity":{{"value":{value}.5,"unit":"{unit}",
        "system":"http://unitsofmeasure.org","code":"{unit}"}}}}"#,
        day(encounter)
    )
}
