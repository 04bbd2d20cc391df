//! `ViewDefinition.constant`: values that paths refer to as `%name`.

use salus_base::Diagnostic;
use salus_fhir::json::{Node, NodeKind};
use salus_values::{Date, DateTime, Decimal, Time, Value};

use super::members::Members;
use super::model::At;
use crate::problem::{self, code};

/// A constant, ready to stand in for `%name`.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// Its name, without `%`.
    pub name: String,
    /// Its value as FHIRPath has it.
    pub value: ConstantValue,
    /// Where it stands.
    pub at: At,
}

/// The value of a constant, by the System type that its FHIR type converts to (FHIR R4 §2.10.1).
#[derive(Debug, Clone, PartialEq)]
pub enum ConstantValue {
    /// `valueBoolean`.
    Boolean(bool),
    /// `valueInteger`, `valuePositiveInt`, `valueUnsignedInt`.
    Integer(i32),
    /// `valueInteger64`.
    Long(i64),
    /// `valueDecimal`, with its digits.
    Decimal(String),
    /// `valueDate`.
    Date(String),
    /// `valueDateTime`, `valueInstant`.
    DateTime(String),
    /// `valueTime`.
    Time(String),
    /// `valueString`, `valueCode`, `valueUri` and the other texts.
    Text(String),
}

/// How the value of a constant is written in JSON and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Boolean,
    Integer { min: i32 },
    Long,
    Decimal,
    Date,
    DateTime,
    Time,
    Text,
}

/// The types that `value[x]` may have, by JSON name.
const FORMS: [(&str, Form); 19] = [
    ("valueBase64Binary", Form::Text),
    ("valueBoolean", Form::Boolean),
    ("valueCanonical", Form::Text),
    ("valueCode", Form::Text),
    ("valueDate", Form::Date),
    ("valueDateTime", Form::DateTime),
    ("valueDecimal", Form::Decimal),
    ("valueId", Form::Text),
    ("valueInstant", Form::DateTime),
    ("valueInteger", Form::Integer { min: i32::MIN }),
    ("valueInteger64", Form::Long),
    ("valueOid", Form::Text),
    ("valuePositiveInt", Form::Integer { min: 1 }),
    ("valueString", Form::Text),
    ("valueTime", Form::Time),
    ("valueUnsignedInt", Form::Integer { min: 0 }),
    ("valueUri", Form::Text),
    ("valueUrl", Form::Text),
    ("valueUuid", Form::Text),
];

impl ConstantValue {
    /// The value as FHIRPath has it. `None` when the text is not of its type, which reading refuses.
    pub fn to_value<N>(&self) -> Option<Value<N>> {
        Some(match self {
            ConstantValue::Boolean(value) => Value::Boolean(*value),
            ConstantValue::Integer(value) => Value::Integer(*value),
            ConstantValue::Long(value) => Value::Long(*value),
            ConstantValue::Decimal(digits) => Value::Decimal(Decimal::parse(digits)?),
            ConstantValue::Date(text) => Value::Date(Date::parse(text)?),
            ConstantValue::DateTime(text) => Value::DateTime(DateTime::parse(text)?),
            ConstantValue::Time(text) => Value::Time(Time::parse(text)?),
            ConstantValue::Text(text) => Value::String(text.as_str().into()),
        })
    }
}

/// Reads one constant; what is wrong goes to `problems`.
pub(super) fn read(members: &mut Members<'_>, problems: &mut Vec<Diagnostic>) -> Option<Constant> {
    let name = members.name("name", problems);
    let values: Vec<(&'static str, Form, Node<'_>)> = FORMS
        .iter()
        .filter_map(|(key, form)| Some((*key, *form, members.take(key)?)))
        .collect();
    let unknown = members.take_others(|key| key.starts_with("value"));
    let value = match (values.as_slice(), unknown.as_slice()) {
        ([(key, form, node)], []) => value(key, *form, node, members, problems),
        ([], []) => {
            let message = format!("{} has no value", members.at());
            problems.push(
                problem::error(code::CONSTANT, members.at(), message)
                    .help("give it a `value[x]`, for instance `\"valueString\": \"official\"`"),
            );
            None
        }
        ([], [key, ..]) => {
            let message = format!(
                "{} has a value of a type that no constant has: `{key}`",
                members.at()
            );
            let mut found = problem::error(code::CONSTANT, members.at(), message);
            found.help = problem::did_you_mean(key, FORMS.iter().map(|(key, _)| *key));
            problems.push(found);
            None
        }
        _ => {
            let message = format!("{} has several values", members.at());
            problems.push(
                problem::error(code::CONSTANT, members.at(), message)
                    .help("a constant has one `value[x]`: split it in two"),
            );
            None
        }
    };
    Some(Constant {
        name: name?,
        value: value?,
        at: members.at().clone(),
    })
}

fn value(
    key: &str,
    form: Form,
    node: &Node<'_>,
    members: &Members<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<ConstantValue> {
    let found = read_form(form, node);
    if found.is_none() {
        let at = members.at_member(key, node);
        let message = format!("{at} is not {}: {}", article(form), node.raw());
        problems.push(problem::error(code::CONSTANT, &at, message));
    }
    found
}

fn read_form(form: Form, node: &Node<'_>) -> Option<ConstantValue> {
    let text = || node.string().map(std::borrow::Cow::into_owned);
    let found = match form {
        Form::Boolean => ConstantValue::Boolean(node.boolean()?),
        Form::Integer { min } => {
            let value = i32::try_from(node.integer()?).ok().filter(|v| *v >= min)?;
            ConstantValue::Integer(value)
        }
        // FHIR R5 writes integer64 as a string; a number is understood too.
        Form::Long => ConstantValue::Long(match node.kind() {
            NodeKind::String => node.string()?.parse().ok()?,
            _ => node.integer()?,
        }),
        Form::Decimal => ConstantValue::Decimal(node.number()?.to_owned()),
        Form::Date => ConstantValue::Date(text()?),
        Form::DateTime => ConstantValue::DateTime(text()?),
        Form::Time => ConstantValue::Time(text()?),
        Form::Text => ConstantValue::Text(text()?),
    };
    found
        .to_value::<std::convert::Infallible>()
        .is_some()
        .then_some(found)
}

fn article(form: Form) -> &'static str {
    match form {
        Form::Boolean => "`true` or `false`",
        Form::Integer { min: 1 } => "an integer of 1 or more",
        Form::Integer { min: 0 } => "an integer of 0 or more",
        Form::Integer { .. } => "an integer of 32 bits",
        Form::Long => "an integer of 64 bits",
        Form::Decimal => "a decimal",
        Form::Date => "a date such as `2024-03-01`",
        Form::DateTime => "a date with a time, such as `2024-03-01T12:00:00Z`",
        Form::Time => "a time such as `12:00:00`",
        Form::Text => "a text",
    }
}
