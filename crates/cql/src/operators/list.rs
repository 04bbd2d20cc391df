//! Operators of lists (CQL 1.5.3 §9.B "List Operators"). [Relations](super::relation) and [sets](super::set) are
//! beside this. Null in, null out, where the function does not say otherwise.

use std::sync::Arc;

use salus_values::Tuple;

use super::{EvaluationError, Outcome, Record, Scene, Value, wrong_operands};

/// A list, if the operand is not null.
fn operand<'v, N: Record>(
    operator: &'static str,
    value: &'v Value<N>,
) -> Result<Option<&'v Arc<[Value<N>]>>, EvaluationError> {
    match value {
        Value::List(list) => Ok(Some(list)),
        Value::Null => Ok(None),
        other => wrong_operands(operator, &[other]),
    }
}

/// A whole number or null.
fn integer<N: Record>(
    operator: &'static str,
    value: &Value<N>,
) -> Result<Option<i32>, EvaluationError> {
    match value {
        Value::Integer(value) => Ok(Some(*value)),
        Value::Null => Ok(None),
        other => wrong_operands(operator, &[other]),
    }
}

/// `exists list`: whether it has an element that is not null. False of null.
pub fn exists<N: Record>(list: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let list = operand("Exists", list)?;
    let any = list.is_some_and(|list| list.iter().any(|element| !element.is_null()));
    Ok(Value::Boolean(any))
}

/// `Length(list)`: how many elements it has, nulls counted. 0 of null. (Of a text, see
/// [`length`](super::text::length).)
pub fn length<N: Record>(list: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let list = operand("Length", list)?;
    Ok(i32::try_from(list.map_or(0, |list| list.len())).ok().into())
}

/// `First(list)`: null of an empty one.
pub fn first<N: Record>(list: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let list = operand("First", list)?;
    Ok(list.and_then(|list| list.first().cloned()).into())
}

/// `Last(list)`: null of an empty one.
pub fn last<N: Record>(list: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let list = operand("Last", list)?;
    Ok(list.and_then(|list| list.last().cloned()).into())
}

/// `list[index]`, from 0. Null when there is no such element.
pub fn indexer<N: Record>(list: &Value<N>, index: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let (list, index) = (operand("Indexer", list)?, integer("Indexer", index)?);
    let element = list.zip(index).and_then(|(list, index)| {
        let index = usize::try_from(index).ok()?;
        list.get(index).cloned()
    });
    Ok(element.into())
}

/// `IndexOf(list, element)`: where the element first is, from 0; -1 when it is not in the list. Null when either is
/// null.
pub fn index_of<N: Record>(list: &Value<N>, element: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    let Some(list) = operand("IndexOf", list)? else {
        return Ok(Value::Null);
    };
    if element.is_null() {
        return Ok(Value::Null);
    }
    match scene.elements(None).index_of(list, element) {
        Some(at) => Ok(i32::try_from(at).ok().into()),
        None => Ok(Value::Integer(-1)),
    }
}

/// `Slice(list, start, end)`, by which `Skip`, `Take` and `Tail` are translated: the elements from a position up to
/// another, which is not included. A start that is null is the first, an end that is null is after the last; when one
/// is less than 0, the result is empty (ELM r1 "Slice").
pub fn slice<N: Record>(
    list: &Value<N>,
    start: &Value<N>,
    end: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let (start, end) = (integer("Slice", start)?, integer("Slice", end)?);
    let Some(list) = operand("Slice", list)? else {
        return Ok(Value::Null);
    };
    let from = usize::try_from(start.unwrap_or(0));
    let to = end.map_or(Ok(list.len()), usize::try_from);
    let (Ok(from), Ok(to)) = (from, to) else {
        return Ok(Value::list([]));
    };
    part(list, from, to)
}

/// `Slice(list, start, end)` of CQL 2.0, where a position less than 0 counts back from the end.
pub fn slice_from_either_end<N: Record>(
    list: &Value<N>,
    start: &Value<N>,
    end: &Value<N>,
    _: &Scene<'_>,
) -> Outcome<N> {
    let (start, end) = (integer("Slice", start)?, integer("Slice", end)?);
    let Some(list) = operand("Slice", list)? else {
        return Ok(Value::Null);
    };
    let place = |position: i32| match usize::try_from(position) {
        Ok(position) => position,
        Err(_) => list.len().saturating_sub(position.unsigned_abs() as usize),
    };
    part(list, start.map_or(0, place), end.map_or(list.len(), place))
}

fn part<N: Record>(list: &Arc<[Value<N>]>, from: usize, to: usize) -> Outcome<N> {
    if from == 0 && to >= list.len() {
        return Ok(Value::List(Arc::clone(list)));
    }
    let part = list.get(from..to.min(list.len())).unwrap_or_default();
    Ok(Value::List(part.into()))
}

/// `flatten list`: the elements of the lists in a list. Lists that are null have none.
pub fn flatten<N: Record>(list: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let list = operand("Flatten", list)?;
    Ok(list.map(|list| Value::list(Value::flatten(list))).into())
}

/// `distinct list`: each element where it first is. Null elements are the same.
pub fn distinct<N: Record>(list: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    let list = operand("Distinct", list)?;
    Ok(list
        .map(|list| Value::list(scene.elements(None).distinct(list)))
        .into())
}

/// `singleton from list`: its only element; null of an empty list.
///
/// # Errors
/// When it has several.
pub fn singleton_from<N: Record>(list: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    match operand("SingletonFrom", list)?.map(|list| &**list) {
        None | Some([]) => Ok(Value::Null),
        Some([only]) => Ok(only.clone()),
        Some(several) => Err(EvaluationError::NotSingle {
            count: several.len(),
        }),
    }
}

/// `Times(left, right)`: every tuple of the left joined with every tuple of the right (ELM r1 "Times"). Of names that
/// both have, the right counts.
///
/// # Errors
/// When there would be more than [`TIMES_MAX`].
pub fn times<N: Record>(left: &Value<N>, right: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let both = operand("Times", left)?.zip(operand("Times", right)?);
    let Some((left, right)) = both else {
        return Ok(Value::Null);
    };
    let count = left.len().saturating_mul(right.len());
    if count > TIMES_MAX {
        return Err(EvaluationError::TooMany {
            operator: "Times",
            items_max: TIMES_MAX,
        });
    }
    let mut joined = Vec::with_capacity(count);
    for first in left.iter() {
        for second in right.iter() {
            let (Value::Tuple(first), Value::Tuple(second)) = (first, second) else {
                return wrong_operands("Times", &[first, second]);
            };
            let elements = first.iter().chain(second.iter());
            let tuple = Tuple::new(elements.map(|(name, value)| (name, value.clone())));
            joined.push(Value::Tuple(Arc::new(tuple)));
        }
    }
    Ok(Value::list(joined))
}

/// More tuples than this [`times`] does not make.
pub const TIMES_MAX: usize = 1_000_000;
