//! What an expression gives, as text.

use std::fmt::Write as _;

use salus_fhir::schema::r4;
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_fhirpath::{
    Collection, Environment, EvaluationError, Observed, Observer, Program, system_value, type_name,
    value_text,
};
use salus_values::Value;

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// One line per item.
    Values,
    /// One JSON object per record.
    Json,
    /// What each step returned.
    Steps,
}

/// Length of a result in a list of steps, in characters.
const STEP_CHARACTERS_MAX: usize = 100;

/// `Type/id` of a resource, its type if it has no id.
pub fn name<V: ElementView>(record: &V) -> String {
    let mut name = r4().get(record.type_id()).name.to_owned();
    record.children("id", &mut |id| {
        if let Some(PrimitiveText::Text(id)) = id.primitive() {
            name.push('/');
            name.push_str(&id);
        }
    });
    name
}

/// One item on one line: a value as it is, what has parts as JSON.
fn item<V: ElementView>(item: &Value<V>, out: &mut String) {
    match (item, system_value(item)) {
        (Value::Node(element), None) => element.write_json(out),
        (Value::Node(element), Some(Value::Quantity(_))) => element.write_json(out),
        (_, Some(value)) => {
            let text = value_text(&value).unwrap_or_default();
            // A line per item, whatever is in it.
            match text.contains(['\n', '\r']) {
                true => out.push_str(&serde_json::Value::from(text).to_string()),
                false => out.push_str(&text),
            }
        }
        (_, None) => {}
    }
}

/// One line per item.
pub fn values<V: ElementView>(items: &Collection<V>, out: &mut String) {
    for one in items {
        item(one, out);
        out.push('\n');
    }
}

/// One JSON object.
pub fn json<V: ElementView>(name: &str, items: &Collection<V>, out: &mut String) {
    let _ = write!(
        out,
        "{{\"resource\":{},\"result\":[",
        serde_json::Value::from(name)
    );
    for (index, one) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let ty = serde_json::Value::from(type_name(one));
        let _ = write!(out, "{{\"type\":{ty},\"value\":");
        json_value(one, out);
        out.push('}');
    }
    out.push_str("]}\n");
}

fn json_value<V: ElementView>(item: &Value<V>, out: &mut String) {
    match item {
        Value::Node(element) => element.write_json(out),
        Value::Boolean(_) | Value::Integer(_) | Value::Long(_) | Value::Decimal(_) => {
            out.push_str(&value_text(item).unwrap_or_default());
        }
        other => out.push_str(&serde_json::Value::from(value_text(other)).to_string()),
    }
}

/// What each step returned, inner steps before outer ones, and the result at the end.
pub fn steps<V: ElementView>(
    program: &Program,
    record: V,
    environment: &Environment<'_, V>,
    out: &mut String,
) -> Result<(), EvaluationError> {
    let name = name(&record);
    let mut steps = Steps {
        text: program.text(),
        lines: Vec::new(),
    };
    let result = program.observe(&[Value::Node(record)], environment, &mut steps);
    let width = steps.lines.iter().map(|(step, _)| step.chars().count());
    let width = width.max().unwrap_or(0).min(STEP_CHARACTERS_MAX / 2);
    let _ = writeln!(out, "{name}");
    for (step, gave) in &steps.lines {
        let _ = writeln!(out, "  {step:<width$}  → {gave}");
    }
    result.map(|items| {
        let _ = writeln!(out, "  {:<width$}  = {}", "", listed(&items));
    })
}

struct Steps<'t> {
    text: &'t str,
    lines: Vec<(String, String)>,
}

impl<V: ElementView> Observer<V> for Steps<'_> {
    fn step(&mut self, step: Observed<'_, V>) {
        let indent = "  ".repeat(step.depth.min(20));
        let words: Vec<&str> = step.span.of(self.text).split_whitespace().collect();
        self.lines
            .push((format!("{indent}{}", words.join(" ")), listed(step.result)));
    }

    fn trace(&mut self, name: &str, items: &[Value<V>]) {
        self.lines.push((format!("trace {name}"), listed(items)));
    }
}

/// The items in one line, cut if it is long.
fn listed<V: ElementView>(items: &[Value<V>]) -> String {
    if items.is_empty() {
        return "nothing".to_owned();
    }
    let mut text = String::new();
    for (index, one) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(" | ");
        }
        item(one, &mut text);
        if text.len() > 4 * STEP_CHARACTERS_MAX {
            break;
        }
    }
    if let Some((end, _)) = text.char_indices().nth(STEP_CHARACTERS_MAX) {
        text.truncate(end);
        text.push('…');
    }
    match items.len() {
        1 => text,
        count => format!("{text} ({count} items)"),
    }
}
