//! What must hold for any text that may be a view.

use std::fmt::Write;

use arrow::array::RecordBatch;
use salus_base::Severity;
use salus_columns::{ColumnIds, RowMeta, TableBuilder};
use salus_fhir::schema;
use salus_fhirpath::{EvaluationError, Limits};
use salus_values::DateTime;
use salus_views::{CompiledView, NdjsonOptions, Sink, ViewDefinition, ViewError, validate};
use serde_json::{Map, Value as Json, json};

/// Records that views are run on: siblings, nulls in lists, wrong JSON types, unknown elements, contained resources.
const RECORDS: [&str; 9] = [
    r#"{"resourceType":"Patient","id":"a","active":true,"name":[{"use":"official","family":"F","given":["A","B"]},{"given":["C"]}],"birthDate":"1970-06","multipleBirthInteger":2}"#,
    r#"{"resourceType":"Patient","id":"b","active":false,"name":[{"given":["X",null],"_given":[null,{"extension":[{"url":"u","valueCode":"v"}]}]}],"_birthDate":{"extension":[{"url":"http://a/b","valueString":"s"}]},"multipleBirthBoolean":true}"#,
    r#"{"resourceType":"Patient","id":"d","name":[{"family":"G","given":"one"}],"gender":5,"vendor":{"x":1}}"#,
    r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"Org"}],"managingOrganization":{"reference":"\u0023o"},"name":[],"telecom":[{}],"contact":[{"name":{"family":"\u00c4 \"q\"\n"}},{"telecom":[{"value":"3"},{"value":"4"}]}]}"#,
    r#"{"resourceType":"Patient","id":"i","generalPractitioner":[{"reference":"Practitioner/1"},{"display":"no"}],"extension":[{"url":"http://a","valueDecimal":1.50}],"address":[{"line":["1","2"],"period":{"start":"2020"}},null,{"city":"D"}]}"#,
    r#"{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"effectivePeriod":{"start":"2026"},"valueQuantity":{"value":1.50e2,"unit":"mmHg"},"component":[{"code":{"text":"a"},"valueString":"x"},{"code":{"text":"b"},"valueInteger":-3}]}"#,
    r#"{"resourceType":"Observation","status":"final","issued":"2026-02-04T14:34:28.123Z","subject":{"reference":"Patient/a"},"valueTime":"23:59:59.999"}"#,
    r#"{"resourceType":"Questionnaire","id":"q","item":[{"linkId":"1","item":[{"linkId":"1.1","answerOption":[{"valueCoding":{"code":"y"}}],"item":[{"linkId":"1.1.1"}]},{"linkId":"1.2"}]},{"linkId":"2"}]}"#,
    r#"{"resourceType":"Questionnaire","status":"draft"}"#,
];

/// Enough for any useful path on a small record.
const LIMITS: Limits = Limits {
    steps_max: 5_000,
    depth_max: 256,
    items_max: 1_000,
    text_bytes_max: 1 << 14,
};

/// What is wrong with a view is said inside its text; a view of which nothing is wrong compiles, and the other way
/// around; a compiled view gives the same rows however it is run.
pub fn parse(text: &str) {
    let said = validate(text);
    for found in &said {
        let offset = found.place.as_ref().and_then(|place| place.offset);
        let inside = offset.is_none_or(|offset| offset as usize <= text.len());
        assert!(inside, "{found:?} stands outside of `{text}`");
        assert!(!found.message.is_empty());
    }
    let view = ViewDefinition::parse(text).and_then(|view| CompiledView::compile(&view));
    let is_wrong = said.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(view.is_err(), is_wrong, "{said:?}");
    if let Ok(view) = view {
        every_way(&view.with_limits(LIMITS), text);
    }
}

/// A view written in lines gives the same rows however it is run, on each type of resource that it fits.
pub fn run(text: &str) {
    for resource in ["Patient", "Observation", "Questionnaire"] {
        let view = in_lines(resource, text).to_string();
        let compiled = ViewDefinition::parse(&view).and_then(|view| CompiledView::compile(&view));
        if let Ok(compiled) = compiled {
            every_way(&compiled.with_limits(LIMITS), &view);
        }
    }
}

/// A view of lines that begin with what they are: `c` and `s` a column of many or of one value, `w` a condition, `f`,
/// `n` and `r` a nested select with `forEach`, `forEachOrNull` or `repeat`, `u` a branch of a union, `.` the end of
/// the innermost select.
fn in_lines(resource: &str, text: &str) -> Json {
    let (mut conditions, mut open) = (Vec::new(), vec![Map::new()]);
    for (nth, line) in text.lines().enumerate() {
        let mut letters = line.chars();
        let kind = letters.next();
        let path = letters.as_str();
        match kind {
            Some('c') => add(
                &mut open,
                "column",
                json!({"name": format!("c{nth}"), "path": path, "collection": true}),
            ),
            Some('s') => add(
                &mut open,
                "column",
                json!({"name": format!("c{nth}"), "path": path}),
            ),
            Some('w') => conditions.push(json!({"path": path})),
            Some('f') => open.push(select("forEach", json!(path))),
            Some('n') => open.push(select("forEachOrNull", json!(path))),
            Some('r') => open.push(select("repeat", json!([path]))),
            Some('u') => {
                let name = format!("u{}", open.len());
                let branch = json!({"column": [{"name": name, "path": path, "collection": true}]});
                add(&mut open, "unionAll", branch);
            }
            Some('.') => close(&mut open),
            _ => {}
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    json!({"resource": resource, "where": conditions, "select": open})
}

fn select(key: &str, value: Json) -> Map<String, Json> {
    [(key.to_owned(), value)].into_iter().collect()
}

/// Adds to a list of the innermost select that is open.
fn add(open: &mut [Map<String, Json>], key: &str, item: Json) {
    if let Some(Json::Array(items)) = open
        .last_mut()
        .map(|select| select.entry(key).or_insert(json!([])))
    {
        items.push(item);
    }
}

/// Puts the innermost select that is open into the one around it.
fn close(open: &mut Vec<Map<String, Json>>) {
    if open.len() > 1 {
        let inner = open.pop().map_or(Json::Null, Json::Object);
        add(open, "select", inner);
    }
}

/// Rows, or the failure in words; `None` when a bound was reached, which each way of running does in its own time.
type Rows = Option<Result<Vec<Map<String, Json>>, String>>;

/// The readable execution, the one over columns and the one straight from NDJSON give the same rows, or none of them.
fn every_way(view: &CompiledView, text: &str) {
    let mut lines: Vec<&str> = RECORDS.to_vec();
    let of_type = format!("{{\"resourceType\":\"{}\"", view.resource());
    lines.retain(|line| line.starts_with(&of_type));
    let Some(expected) = rows(view, view.run_json(lines.iter().copied(), &now())) else {
        return;
    };
    let ways = [
        ("columns", rows(view, by_columns(view, &lines))),
        ("ndjson", by_ndjson(view, &lines.join("\n"))),
    ];
    for (way, found) in ways {
        match (&expected, found) {
            (_, None) | (Err(_), Some(Err(_))) => {}
            (Ok(expected), Some(Ok(found))) => {
                assert_eq!(*expected, found, "{way} gives other rows of {text}");
            }
            (expected, Some(found)) => panic!("{way} gives {found:?}, not {expected:?}, of {text}"),
        }
    }
}

fn now() -> DateTime {
    DateTime::parse("2026-01-01T00:00:00Z").unwrap_or_else(|| unreachable!())
}

fn rows(view: &CompiledView, made: Result<RecordBatch, ViewError>) -> Rows {
    match made {
        Ok(batch) => Some(Ok(view.json_rows(&batch))),
        Err(error) => words(&error).map(Err),
    }
}

fn words(error: &ViewError) -> Option<String> {
    match error {
        ViewError::TooManyRows { .. } | ViewError::BatchTooLarge { .. } => return None,
        ViewError::Evaluation { source, .. } => match **source {
            EvaluationError::TooManySteps { .. }
            | EvaluationError::TooDeep { .. }
            | EvaluationError::TooLarge { .. } => return None,
            _ => {}
        },
        _ => {}
    }
    let mut words = String::new();
    let written = write!(words, "{error}: {:?}", error.diagnostic());
    assert!(written.is_ok());
    Some(words)
}

fn by_columns(view: &CompiledView, lines: &[&str]) -> Result<RecordBatch, ViewError> {
    let ty = schema::r4().resource(view.resource());
    let mut table = TableBuilder::new(ty.unwrap_or_else(|| unreachable!()));
    for line in lines {
        assert!(table.append(line, &RowMeta::default(), None).is_ok());
    }
    let batch = table.finish(&ColumnIds::new(&[]));
    view.run_batch(&batch.unwrap_or_else(|error| panic!("{error}")), &now())
}

fn by_ndjson(view: &CompiledView, lines: &str) -> Rows {
    let mut gathered = Gathered::default();
    let options = NdjsonOptions {
        chunk_bytes: 512,
        ..NdjsonOptions::new(now())
    };
    match view.run_ndjson(lines.as_bytes(), &options, &mut gathered) {
        Ok(_) => Some(Ok(gathered
            .0
            .iter()
            .flat_map(|batch| view.json_rows(batch))
            .collect())),
        Err(error) => words(&error).map(Err),
    }
}

#[derive(Default)]
struct Gathered(Vec<RecordBatch>);

impl Sink for Gathered {
    fn rows(&mut self, batch: RecordBatch) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.0.push(batch);
        Ok(())
    }
}
