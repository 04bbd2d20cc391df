//! What must hold for any text that may be FHIRPath.

use std::sync::OnceLock;

use salus_fhir::json::Document;
use salus_fhir::schema;
use salus_fhir::view::{ElementView, JsonElement};
use salus_fhirpath::syntax::{self, Expr};
use salus_fhirpath::types::{self, Context};
use salus_fhirpath::{Collection, Environment, EvaluationError, Limits, Program, type_name};
use salus_values::{DateTime, Value};

/// Records that expressions are evaluated on.
const RECORDS: [&str; 4] = [
    r##"{"resourceType": "Patient", "id": "p", "active": true, "birthDate": "1974-12", "gender": "female",
        "_birthDate": {"extension": [{"url": "http://example.org/t", "valueDateTime": "1974-12-25T14:35:45-05:00"}]},
        "name": [{"use": "official", "family": "Ek", "given": ["Ida", "Ada"]}, {"given": [null, "Io"],
        "_given": [{"id": "g"}, null]}], "multipleBirthInteger": 2, "maritalStatus": {"coding": [{"code": "M"}]},
        "generalPractitioner": [{"reference": "#d"}, {"reference": "Practitioner/7"}],
        "contained": [{"resourceType": "Practitioner", "id": "d", "name": [{"family": "Ohm"}]}]}"##,
    r##"{"resourceType": "Observation", "id": "o", "status": "final", "issued": "2026-02-04T14:34:28.123Z",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
        "effectivePeriod": {"start": "2026", "end": "2026-02-04T15:00Z"},
        "valueQuantity": {"value": 1.50e2, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
        "component": [{"code": {"text": "a"}, "valueString": "x"}, {"code": {"text": "b"}, "valueInteger": -3},
        {"code": {"text": "c"}, "valueTime": "23:59:59.999"}, {"code": {"text": "d"}, "valueBoolean": false}]}"##,
    r##"{"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "1", "type": "group", "item": [
        {"linkId": "1.1", "type": "choice", "answerOption": [{"valueCoding": {"code": "y"}}, {"valueString": "n"}]},
        {"linkId": "1.2", "type": "decimal", "initial": [{"valueDecimal": 0.00000000000000000000000001}]}]}]}"##,
    r##"{"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "1"}},
        {"fullUrl": "urn:uuid:2", "resource": {"resourceType": "Encounter", "id": "2", "status": "finished",
         "class": {"code": "AMB"}, "subject": {"reference": "urn:uuid:1"}}}]}"##,
];

/// Enough for any useful expression on a small record, and done in some milliseconds.
const LIMITS: Limits = Limits {
    steps_max: 20_000,
    depth_max: 256,
    items_max: 5_000,
    text_bytes_max: 1 << 16,
};

/// Reading finds only mistakes that are in the text; a sound tree prints as a text that reads as the same tree, and
/// can be typed and shown.
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
    let printed = read.expr.to_string();
    // What is printed may be longer than what was written: with every escape, and `-` for `desc`.
    if printed.len() <= syntax::TEXT_BYTES_MAX {
        let again = syntax::parse(&printed);
        assert_eq!(again.diagnostics, [], "`{text}` is printed as `{printed}`");
        assert_eq!(again.expr, read.expr, "`{text}` is printed as `{printed}`");
    }
    assert!(serde_json::to_string(&read.expr).is_ok());
    for resource in [None, Some("Patient"), Some("Observation")] {
        let focus = resource.and_then(|name| schema::r4().resource(name));
        let lax = types::check(&read.expr, &Context::new(focus));
        let strict = types::check(&read.expr, &Context::new(focus).strict(true));
        assert!(
            lax.is_sound() || !strict.is_sound(),
            "strict accepts what lax refuses: `{text}`"
        );
        assert_eq!(lax.result, strict.result);
    }
}

/// Evaluation ends within its bounds, gives the same twice, and what typing promised.
pub fn evaluate(text: &str) {
    let read = syntax::parse(text);
    if !read.diagnostics.is_empty() {
        assert!(Program::compile(text).is_err());
        return;
    }
    let Ok(program) = Program::of_tree(text, &read.expr) else {
        return;
    };
    for document in records() {
        if let Some(record) = JsonElement::resource(document) {
            on_record(text, &read.expr, &program, record);
        }
    }
}

fn records() -> &'static [Document<'static>] {
    static DOCUMENTS: OnceLock<Vec<Document<'static>>> = OnceLock::new();
    DOCUMENTS.get_or_init(|| {
        let read = RECORDS.iter().filter_map(|text| Document::parse(text).ok());
        let documents: Vec<Document<'static>> = read.collect();
        assert_eq!(documents.len(), RECORDS.len(), "a record is not JSON");
        documents
    })
}

fn on_record(text: &str, tree: &Expr, program: &Program, record: JsonElement<'static>) {
    let first = run(program, record);
    let second = run(program, record);
    assert_eq!(shown(&first), shown(&second), "`{text}` gives two results");
    let typed = types::check(tree, &Context::new(Some(record.type_id())));
    let Ok(items) = first else { return };
    // What typing promises is held where it is asked for; CI asks for no panic, no hang and bounded memory.
    if typed.is_sound() && std::env::var_os("SALUS_FUZZ_PROMISES").is_some() {
        assert!(
            typed.result.admits(&items),
            "`{text}` is {} and gives {:?}",
            typed.result,
            items.iter().map(type_name).collect::<Vec<_>>()
        );
    }
}

fn run<V: ElementView>(program: &Program, record: V) -> Result<Collection<V>, EvaluationError> {
    let now = DateTime::parse("2026-11-25T12:00:00.000+01:00").unwrap_or_else(|| unreachable!());
    program.evaluate(record, &Environment::new(now).limits(LIMITS))
}

fn shown<V: ElementView>(result: &Result<Collection<V>, EvaluationError>) -> String {
    let item = |item: &Value<V>| match item {
        Value::Node(element) => {
            let mut json = String::new();
            element.write_json(&mut json);
            json
        }
        value => salus_fhirpath::value_text(value).unwrap_or_default(),
    };
    match result {
        Ok(items) => items.iter().map(item).collect::<Vec<_>>().join("\n"),
        Err(error) => {
            assert!(!error.diagnostic().message.is_empty());
            error.to_string()
        }
    }
}
