//! Elements of values (ELM `Property`).

use std::borrow::Cow;
use std::sync::Arc;

use salus_fhir::schema::{self, Kind, Primitive};
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_values::{Date, DateTime, Decimal, Time, Value};
use smallvec::SmallVec;

use super::element::{Element, type_name};
use super::error::Cause;
use super::{Item, Outcome};
use crate::operators::Vocabulary;
use crate::program::{Access, Path, PathStep};

/// What a path leads to from a value. Null where it leads nowhere.
pub(super) fn follow<V: ElementView>(value: &Item<V>, path: &Path) -> Outcome<Item<V>> {
    let mut steps = path.steps.iter();
    let Some(first) = steps.next() else {
        return Ok(value.clone());
    };
    let mut found = step(value, first)?;
    for next in steps {
        found = step(&found, next)?;
    }
    Ok(found)
}

fn step<V: ElementView>(value: &Item<V>, step: &PathStep) -> Outcome<Item<V>> {
    let found = match value {
        Value::Node(Element::Record(node)) => {
            of_record(node, &step.name, step.access(node.type_id()))
        }
        value => element(value, &step.name)?,
    };
    let Some(index) = step.index else {
        return Ok(found);
    };
    Ok(match &found {
        Value::List(items) => items.get(index).cloned().into(),
        _ if index == 0 => found,
        _ => Value::Null,
    })
}

/// An element of a value.
fn element<V: ElementView>(value: &Item<V>, name: &str) -> Outcome<Item<V>> {
    let missing = || Cause::NoElement {
        name: name.to_owned(),
        found: type_name(value),
    };
    let text = |text: &Option<Box<str>>| text.as_deref().map(Value::string).into();
    Ok(match value {
        Value::Null => Value::Null,
        Value::Node(Element::Record(node)) => named(node, name),
        Value::Node(Element::Instance(instance)) => instance.element(name).cloned().into(),
        Value::Node(Element::ValueSet(known) | Element::CodeSystem(known)) => {
            of_vocabulary(known, name).ok_or_else(missing)?
        }
        Value::Tuple(tuple) => tuple.get(name).cloned().into(),
        Value::Interval(interval) => match name {
            "low" => interval.low.clone(),
            "high" => interval.high.clone(),
            "lowClosed" => Value::Boolean(interval.low_closed),
            "highClosed" => Value::Boolean(interval.high_closed),
            _ => return Err(missing().into()),
        },
        Value::Quantity(quantity) => match name {
            "value" => Value::Decimal(quantity.value),
            "unit" => Value::string(&quantity.unit.to_string()),
            _ => return Err(missing().into()),
        },
        Value::Ratio(ratio) => match name {
            "numerator" => Value::quantity(ratio.numerator.clone()),
            "denominator" => Value::quantity(ratio.denominator.clone()),
            _ => return Err(missing().into()),
        },
        Value::Code(code) => match name {
            "code" => Value::string(&code.code),
            "system" => text(&code.system),
            "version" => text(&code.version),
            "display" => text(&code.display),
            _ => return Err(missing().into()),
        },
        Value::Concept(concept) => match name {
            "codes" => {
                let codes = concept.codes.iter().cloned();
                Value::list(codes.map(|code| Value::Code(Arc::new(code))))
            }
            "display" => text(&concept.display),
            _ => return Err(missing().into()),
        },
        Value::List(items) => return of_list(items, name),
        _ => return Err(missing().into()),
    })
}

/// The elements of all items, in one list.
fn of_list<V: ElementView>(items: &[Item<V>], name: &str) -> Outcome<Item<V>> {
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        match element(item, name)? {
            Value::Null => {}
            Value::List(found) => all.extend(found.iter().cloned()),
            found => all.push(found),
        }
    }
    Ok(Value::List(all.into()))
}

fn of_vocabulary<V>(known: &Vocabulary, name: &str) -> Option<Item<V>> {
    let text = |text: &Option<Arc<str>>| text.clone().map(Value::String).into();
    Some(match name {
        "id" => Value::String(known.id.clone()),
        "version" => text(&known.version),
        "name" => text(&known.name),
        "codesystems" => {
            let systems = known.code_systems.iter().cloned();
            Value::list(systems.map(|one| Value::Node(Element::CodeSystem(Arc::new(one)))))
        }
        _ => return None,
    })
}

/// An element of a record by its name.
pub(super) fn named<V: ElementView>(node: &V, name: &str) -> Item<V> {
    of_record(node, name, Access::of(node.type_id(), name))
}

/// An element of a record: a list where the model has one, else the one that is there.
fn of_record<V: ElementView>(node: &V, name: &str, access: Access) -> Item<V> {
    if access == Access::Value {
        return primitive(node).into();
    }
    if access == Access::List {
        let mut items: SmallVec<[Item<V>; 8]> = SmallVec::new();
        node.children(name, &mut |child| {
            items.push(Value::Node(Element::Record(child)))
        });
        // A list that is not there is null: FHIR has no empty ones.
        return match items.is_empty() {
            true => Value::Null,
            false => Value::List(items.into_iter().collect()),
        };
    }
    let mut found = None;
    node.children(name, &mut |child| {
        found.get_or_insert(child);
    });
    match (found, access) {
        (None, _) => Value::Null,
        (Some(found), Access::Id) => primitive(&found).into(),
        (Some(found), _) => Value::Node(Element::Record(found)),
    }
}

/// All elements of a record by name, in the order of the names; the value of a primitive among them.
pub(super) fn children<V: ElementView>(node: &V) -> Vec<(Cow<'static, str>, Item<V>)> {
    let ty = schema::r4().get(node.type_id());
    let mut names: Vec<&'static str> = Vec::new();
    node.all_children(&mut |name, _| {
        if names.last() != Some(&name) {
            names.push(name);
        }
    });
    if matches!(ty.kind, Kind::Primitive(_)) {
        names.push("value");
    }
    names.sort_unstable();
    names.dedup();
    let named = names
        .into_iter()
        .map(|name| (Cow::Borrowed(name), self::named(node, name)));
    named.filter(|(_, value)| !value.is_null()).collect()
}

/// The value of a primitive of a record; `None` for what is no primitive, has extensions only, or has a text that is
/// none of its type.
pub(super) fn primitive<V: ElementView>(node: &V) -> Option<Item<V>> {
    let Kind::Primitive(primitive) = schema::r4().get(node.type_id()).kind else {
        return None;
    };
    let text = match node.primitive()? {
        PrimitiveText::Boolean(value) => return Some(Value::Boolean(value)),
        PrimitiveText::Number(text) | PrimitiveText::Text(text) => text,
    };
    match primitive {
        Primitive::Boolean => text.parse().ok().map(Value::Boolean),
        Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => {
            text.parse().ok().map(Value::Integer)
        }
        Primitive::Decimal => Decimal::parse(&text).map(Value::Decimal),
        Primitive::Date => Date::parse(&text).map(Value::Date),
        Primitive::DateTime | Primitive::Instant => DateTime::parse(&text).map(Value::DateTime),
        Primitive::Time => Time::parse(&text).map(Value::Time),
        _ => Some(Value::String(Arc::from(text))),
    }
}
