//! What must hold for any text that may be CQL or ELM.

use std::sync::OnceLock;

use salus_base::Severity;
use salus_cql::elm;
use salus_cql::evaluate::{
    Evaluation, JsonDocuments, JsonRecords, Limits, Records, json, notation,
};
use salus_cql::model::{Model, Models};
use salus_cql::operators::Scene;
use salus_cql::program::Program;
use salus_cql::resolve::{NoSources, Options, Signatures, Translation, translate as translated};
use salus_cql::syntax;
use salus_values::DateTime;

/// Records that libraries are evaluated on: two patients, what they have, one thing that is nobody's.
const RECORDS: &str = r##"{"resourceType": "Bundle", "type": "collection", "entry": [
    {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "1", "active": true, "birthDate": "1974-12",
        "name": [{"use": "official", "family": "Ek", "given": ["Ida", "Ada"]}], "multipleBirthInteger": 2}},
    {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "Patient", "id": "2", "gender": "female"}},
    {"resource": {"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "urn:uuid:1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}, "effectiveDateTime": "2026-02-04",
        "valueQuantity": {"value": 1.50e2, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}}},
    {"resource": {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/2"}, "onsetAge": {"value": 3,
        "unit": "a", "code": "a", "system": "http://unitsofmeasure.org"}, "code": {"text": "asthma"}}},
    {"resource": {"resourceType": "Location", "id": "l", "name": "here"}}]}"##;

/// Enough for any useful library on these records, and done in some milliseconds.
fn limits() -> Limits {
    Limits {
        steps_max: 20_000,
        depth_max: 64,
        items_max: 5_000,
        text_bytes_max: 1 << 16,
        memory_bytes_max: 16 << 20,
        ..Limits::default()
    }
}

/// Reading finds only mistakes that are in the text; a sound tree prints as a text that reads as the same tree, and is
/// printed as it is.
pub fn parse(text: &str) {
    let read = syntax::parse(text);
    for error in &read.diagnostics {
        let (start, end) = (error.span().start as usize, error.span().end as usize);
        assert!(
            text.get(start..end).is_some(),
            "{error} stands at {start}..{end}"
        );
        assert!(!error.diagnostic().message.is_empty());
    }
    if !read.diagnostics.is_empty() {
        return;
    }
    let printed = read.library.to_string();
    if printed.len() <= syntax::TEXT_BYTES_MAX {
        let again = syntax::parse(&printed);
        assert_eq!(again.diagnostics, [], "`{text}` is printed as `{printed}`");
        assert_eq!(
            again.library, read.library,
            "`{text}` is printed as `{printed}`"
        );
        assert_eq!(
            again.library.to_string(),
            printed,
            "`{text}` has two layouts"
        );
    }
}

/// Translating ends, with problems inside the text; sound or not, its ELM reads back as itself, and compiling it ends.
pub fn translate(text: &str) {
    let lenient = Options {
        list_demotion: true,
        list_promotion: true,
        interval_demotion: true,
        interval_promotion: true,
        signatures: Signatures::All,
        ..Options::default()
    };
    for options in [Options::bare(), lenient] {
        let translation = translated(text, &NoSources, &options);
        for problem in &translation.problems {
            let (start, end) = (problem.span.start as usize, problem.span.end as usize);
            assert!(
                text.get(start..end).is_some(),
                "`{text}`: {} at {start}..{end}",
                problem.mistake
            );
            assert!(!problem.diagnostic("x").message.is_empty());
        }
        reads_back(&translation.library);
        if translation.is_sound() {
            let _ = program(&translation);
        }
    }
}

/// Evaluating ends within its bounds, gives the same twice, and what it gives can be written.
pub fn evaluate(text: &str) {
    let library = match text.contains("define") {
        true => text.to_owned(),
        false => format!("using FHIR version '4.0.1'\ncontext Patient\ndefine X:\n{text}\n"),
    };
    let translation = translated(&library, &NoSources, &Options::bare());
    if !translation.is_sound() {
        assert!(
            translation
                .problems
                .iter()
                .any(|one| one.severity() == Severity::Error)
        );
        return;
    }
    if let Some(program) = program(&translation) {
        on_records(&library, &program);
    }
}

/// Loading ELM ends; what was read reads back as itself; compiling and evaluating it ends.
pub fn load(text: &str) {
    let read = match text.trim_start().starts_with('<') {
        true => elm::Library::from_xml(text),
        false => elm::Library::from_json(text),
    };
    let library = match read {
        Ok(library) => library,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    reads_back(&library);
    match Program::new(&library, &[], models()) {
        Ok(program) => on_records(text, &program),
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(
                errors
                    .iter()
                    .all(|error| !error.diagnostic().message.is_empty())
            );
        }
    }
}

fn reads_back(library: &elm::Library) {
    let written = library.to_json();
    let again = elm::Library::from_json(&written);
    match again {
        Ok(again) => assert_eq!(again.to_json(), written),
        // A library is written whatever its size, and read only within bounds.
        Err(error) => assert!(is_bound(&error), "{error}: `{written}`"),
    }
}

fn is_bound(error: &elm::ElmError) -> bool {
    matches!(
        error,
        elm::ElmError::TooDeep { .. } | elm::ElmError::TooLong { .. }
    )
}

fn program(translation: &Translation) -> Option<Program> {
    let included: Vec<&elm::Library> = translation.included.iter().map(|one| &**one).collect();
    Program::new(&translation.library, &included, models()).ok()
}

fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(|| {
        let mut models = Models::new().unwrap_or_else(|_| unreachable!());
        let fhir = Model::shared("FHIR", Some("4.0.1")).unwrap_or_else(|_| unreachable!());
        assert!(models.add(fhir).is_ok());
        models
    })
}

fn on_records(text: &str, program: &Program) {
    let mut documents = JsonDocuments::new();
    assert!(documents.add(RECORDS).is_ok(), "the records are not JSON");
    let records = JsonRecords::new(&documents);
    let (first, second) = (all(program, &records), all(program, &records));
    assert_eq!(first, second, "`{text}` gives two results");
}

/// The values of all defines, for all patients, in words.
fn all<R: Records>(program: &Program, records: &R) -> Vec<String> {
    let now = DateTime::parse("2026-11-25T12:00:00.000+01:00").unwrap_or_else(|| unreachable!());
    let mut evaluation = Evaluation::new(program, records, Scene::at(now)).limits(limits());
    let mut shown = Vec::new();
    let subjects = records.subjects("Patient").unwrap_or_default();
    for subject in subjects {
        evaluation.enter("Patient", Some(subject));
        for name in program.defines() {
            shown.push(match evaluation.define(name) {
                Ok(value) => {
                    let json = json(&value);
                    assert!(
                        serde_json::from_str::<serde_json::Value>(&json).is_ok(),
                        "no JSON: {json}"
                    );
                    notation(&value)
                }
                Err(failure) => failure.diagnostic().to_string(),
            });
        }
    }
    shown
}
