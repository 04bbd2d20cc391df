//! Whether a result is what a test expects.

use salus_fhir::schema;
use salus_fhir::view::ElementView;
use salus_values::{Decimal, Value};

use super::suite::{Output, Test};
use crate::evaluate::{Collection, system_value, value_text};
use crate::program::SystemType;

/// Whether a result has the expected items: as many, of these types and values, in this order unless it does not count.
pub(super) fn is_expected<V: ElementView>(test: &Test, result: &Collection<V>) -> bool {
    if test.predicate {
        let truth = Output {
            ty: Some("boolean".to_owned()),
            text: truth(result).to_string(),
        };
        return test.outputs.as_slice() == [truth];
    }
    if test.outputs.len() != result.len() {
        return false;
    }
    if test.ordered {
        return test
            .outputs
            .iter()
            .zip(result)
            .all(|(output, item)| is_output(output, item));
    }
    let mut rest: Vec<&Output> = test.outputs.iter().collect();
    result.iter().all(|item| {
        let found = rest.iter().position(|output| is_output(output, item));
        found.map(|at| rest.swap_remove(at)).is_some()
    })
}

/// What a result is as a condition: a Boolean as it is, otherwise whether there is anything.
pub(super) fn truth<V: ElementView>(result: &[Value<V>]) -> bool {
    match result {
        [item] => !matches!(system_value(item), Some(Value::Boolean(false))),
        other => !other.is_empty(),
    }
}

fn is_output<V: ElementView>(output: &Output, item: &Value<V>) -> bool {
    let right_type = output.ty.as_deref().is_none_or(|ty| ty == type_word(item));
    let Some(value) = system_value(item) else {
        return false;
    };
    let (expected, found) = (output.text.trim(), value_text(&value).unwrap_or_default());
    let same = match &value {
        Value::Decimal(found) => {
            Decimal::parse(expected).is_some_and(|expected| expected == *found)
        }
        Value::Date(_) | Value::DateTime(_) => {
            let expected = expected.strip_prefix('@').unwrap_or(expected);
            expected.strip_suffix('T').unwrap_or(expected) == found
        }
        Value::Time(_) => expected.trim_start_matches('@').trim_start_matches('T') == found,
        // White space around a text counts, unless the suite's layout put it there.
        Value::String(found) => **found == *output.text || **found == *expected,
        _ => expected == found,
    };
    right_type && same
}

/// The type of an item as the suite writes it: `boolean` for Booleans of both kinds, `code`, `Quantity`.
fn type_word<V: ElementView>(item: &Value<V>) -> String {
    match (item, SystemType::of(item)) {
        (Value::Node(element), _) => schema::r4().get(element.type_id()).name.to_owned(),
        (_, Some(SystemType::Quantity)) => "Quantity".to_owned(),
        (_, Some(ty)) => {
            let mut letters = ty.name().chars();
            letters
                .next()
                .map(|first| first.to_ascii_lowercase())
                .into_iter()
                .chain(letters)
                .collect()
        }
        (_, None) => String::new(),
    }
}

/// What a test expects, in words.
pub(super) fn expected(test: &Test) -> String {
    if let Some(stage) = test.invalid {
        return format!("refused ({})", stage.name());
    }
    let outputs = test.outputs.iter().map(|output| match &output.ty {
        Some(ty) => format!("{ty} {}", output.text.trim()),
        None => output.text.trim().to_owned(),
    });
    listed(outputs)
}

/// What an expression gave, in words.
pub(super) fn got<V: ElementView>(result: &[Value<V>]) -> String {
    listed(result.iter().map(|item| {
        let mut text = match (system_value(item), item) {
            (Some(value), _) => value_text(&value).unwrap_or_default(),
            (None, Value::Node(element)) => {
                let mut json = String::new();
                element.write_json(&mut json);
                json
            }
            (None, _) => String::new(),
        };
        if let Some((end, _)) = text.char_indices().nth(TEXT_CHARACTERS_MAX) {
            text.truncate(end);
            text.push('…');
        }
        format!("{} {text}", type_word(item))
    }))
}

/// A long value is cut in a report.
const TEXT_CHARACTERS_MAX: usize = 200;

fn listed(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    match items.is_empty() {
        true => "nothing".to_owned(),
        false => items.join(", "),
    }
}
