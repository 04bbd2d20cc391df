//! Column operations on values that were found: existence, comparison, logic, texts.

use std::sync::Arc;

use arrow::array::{
    Array, BooleanArray, BooleanBufferBuilder, Datum, Float64Array, Int32Array,
    Scalar as ArrowScalar, StringArray, StringBuilder, UInt32Array,
};
use arrow::compute::kernels::cmp;
use arrow::compute::{and_kleene, not, or_kleene};
use arrow::datatypes::Float64Type;
use arrow::error::ArrowError;
use salus_fhir::reference::{self, Reference};
use salus_fhir::schema::{self, TypeId};
use salus_fhirpath::syntax::BinaryOperator;
use salus_values::Value;

use super::evaluate::{Outcome, Stop};
use super::expression::Scalar;
use super::owners::{Owners, narrow, wide};
use super::ragged::{Dense, Ragged, Values};

/// One side of an operator: for each item one value, or none.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    /// None for any item.
    Nothing,
    /// The same for all.
    Scalar(Scalar),
    /// An array with one place for each item.
    Dense(Dense),
}

/// A ragged column as an operand. Several values for an item are left to the operator itself, which knows what to
/// do with them.
pub(crate) fn operand(on: &Ragged<'_>) -> Outcome<Operand> {
    if on.values.len() == 0 {
        return Ok(Operand::Nothing);
    }
    if let (Values::Scalar(scalar, _), Owners::Each(_)) = (&on.values, &on.owners) {
        return Ok(Operand::Scalar(scalar.clone()));
    }
    if matches!(on.owners, Owners::Each(_)) {
        return Ok(Operand::Dense(dense(&on.values)?));
    }
    let on = on.compact()?;
    if !on.owners.is_single() {
        return Err(Stop::ItemByItem);
    }
    if on.values.len() == 0 {
        return Ok(Operand::Nothing);
    }
    let spread = dense(&on.values)?.take(&places(&on.owners))?;
    spread.map(Operand::Dense).ok_or(Stop::ItemByItem)
}

/// For each item the place of its value, if it has one. Owners must be single.
pub(crate) fn places(owners: &Owners) -> UInt32Array {
    let mut places: Vec<Option<u32>> = vec![None; owners.items()];
    for (at, owner) in (0_u32..).zip(owners.iter()) {
        if let Some(place) = places.get_mut(wide(owner)) {
            *place = Some(at);
        }
    }
    UInt32Array::from(places)
}

fn dense(values: &Values<'_>) -> Outcome<Dense> {
    match values {
        Values::Elements(elements) => elements.dense()?.ok_or(Stop::ItemByItem),
        Values::Made(dense) => Ok(dense.clone()),
        Values::Scalar(scalar, len) => Ok(repeated(scalar, *len)),
        Values::Mixed(values) => mixed(values).ok_or(Stop::ItemByItem),
    }
}

/// A value again and again.
pub(crate) fn repeated(scalar: &Scalar, len: usize) -> Dense {
    match scalar {
        Scalar::Boolean(value) => Dense::Boolean(BooleanArray::from(vec![*value; len])),
        Scalar::Integer(value) => Dense::Integer(Int32Array::from(vec![*value; len])),
        Scalar::Decimal(value) => Dense::Decimal(Float64Array::from(vec![*value; len])),
        Scalar::Text(text) => {
            let texts = std::iter::repeat_n(&**text, len);
            Dense::Text(StringArray::from_iter_values(texts))
        }
    }
}

/// Values that were evaluated item by item, if they are of one System type.
fn mixed<N>(values: &[Value<N>]) -> Option<Dense> {
    match values.first()? {
        Value::Boolean(_) => {
            let all = values.iter().map(|value| match value {
                Value::Boolean(value) => Some(*value),
                _ => None,
            });
            let all = all.collect::<Option<Vec<bool>>>()?;
            Some(Dense::Boolean(all.into()))
        }
        Value::Integer(_) => {
            let all = values.iter().map(|value| match value {
                Value::Integer(value) => Some(*value),
                _ => None,
            });
            let all = all.collect::<Option<Vec<i32>>>()?;
            Some(Dense::Integer(all.into()))
        }
        Value::String(_) => {
            let all = values.iter().map(|value| match value {
                Value::String(text) => Some(&**text),
                _ => None,
            });
            let all = all.collect::<Option<Vec<&str>>>()?;
            Some(Dense::Text(all.into()))
        }
        _ => None,
    }
}

/// One Boolean, or none, for each item. What is no Boolean is left to the operator itself.
pub(crate) fn booleans(on: &Ragged<'_>) -> Outcome<BooleanArray> {
    match operand(on)? {
        Operand::Nothing => Ok(BooleanArray::new_null(on.items())),
        Operand::Scalar(Scalar::Boolean(value)) => Ok(vec![value; on.items()].into()),
        Operand::Dense(Dense::Boolean(array)) => Ok(array),
        _ => Err(Stop::ItemByItem),
    }
}

/// The places that are true.
pub(crate) fn true_places(holds: &BooleanArray) -> Vec<u32> {
    let set = match holds.nulls() {
        Some(nulls) => holds.values() & nulls.inner(),
        None => holds.values().clone(),
    };
    set.set_indices().map(narrow).collect()
}

/// Whether each item has a value.
pub(crate) fn exists(on: &Ragged<'_>) -> BooleanArray {
    let mut there = BooleanBufferBuilder::new(on.items());
    there.append_n(on.items(), false);
    for (at, owner) in on.owners.iter().enumerate() {
        if on.values.is_there(at) && wide(owner) < on.items() {
            there.set_bit(wide(owner), true);
        }
    }
    BooleanArray::new(there.finish(), None)
}

/// How many values each item has.
pub(crate) fn count(on: &Ragged<'_>) -> Result<Int32Array, ArrowError> {
    let counts = on.compact()?.owners.counts().into_iter();
    Ok(counts
        .map(|count| i32::try_from(count).unwrap_or(i32::MAX))
        .collect())
}

/// The texts of each item as one; null where there is none.
pub(crate) fn join(on: &Ragged<'_>, separator: &str) -> Outcome<StringArray> {
    let on = on.compact()?;
    if on.values.len() == 0 {
        return Ok(StringArray::new_null(on.items()));
    }
    let Dense::Text(texts) = dense(&on.values)? else {
        return Err(Stop::ItemByItem);
    };
    let mut joined = StringBuilder::with_capacity(on.items(), texts.value_data().len());
    let mut line = String::new();
    for [from, to] in on.owners.offsets().array_windows() {
        if from == to {
            joined.append_null();
            continue;
        }
        line.clear();
        for at in *from..*to {
            line.push_str(if at > *from { separator } else { "" });
            line.push_str(texts.value(wide(at)));
        }
        joined.append_value(&line);
    }
    Ok(joined.finish())
}

/// The texts of each item; an empty one where there is none.
pub(crate) fn or_no_text(on: &Ragged<'_>) -> Outcome<StringArray> {
    match operand(on)? {
        Operand::Nothing => Ok(StringArray::from_iter_values(std::iter::repeat_n(
            "",
            on.items(),
        ))),
        Operand::Dense(Dense::Text(texts)) => Ok(StringArray::from_iter_values(
            texts.iter().map(Option::unwrap_or_default),
        )),
        _ => Err(Stop::ItemByItem),
    }
}

/// The ids that references name, of those that point at a type.
pub(crate) fn reference_keys(texts: &StringArray, ty: Option<TypeId>) -> StringArray {
    let r4 = schema::r4();
    let is_wanted = |name: &str| match ty {
        None => true,
        Some(wanted) => {
            r4.get(wanted).name == name || r4.named(name).is_some_and(|ty| r4.is_a(ty, wanted))
        }
    };
    let mut keys = StringBuilder::with_capacity(texts.len(), texts.value_data().len());
    for text in texts {
        let key = text.and_then(|text| match reference::parse(text) {
            Reference::Relative { type_name, id, .. }
            | Reference::Absolute { type_name, id, .. } => is_wanted(type_name).then_some(id),
            _ => None,
        });
        keys.append_option(key);
    }
    keys.finish()
}

/// `=`, `!=` and the order of numbers; null where a side has nothing.
pub(crate) fn compare(
    operator: BinaryOperator,
    left: &Operand,
    right: &Operand,
    items: usize,
) -> Outcome<BooleanArray> {
    if matches!(left, Operand::Nothing) || matches!(right, Operand::Nothing) {
        return Ok(BooleanArray::new_null(items));
    }
    let is_equality = matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual);
    let (left, right) = match (kind(left), kind(right)) {
        (Kind::Text, Kind::Text) | (Kind::Boolean, Kind::Boolean) if is_equality => {
            (datum(left)?, datum(right)?)
        }
        (Kind::Integer, Kind::Integer) | (Kind::Decimal, Kind::Decimal) => {
            (datum(left)?, datum(right)?)
        }
        (Kind::Integer, Kind::Decimal) => (as_decimals(left)?, datum(right)?),
        (Kind::Decimal, Kind::Integer) => (datum(left)?, as_decimals(right)?),
        _ => return Err(Stop::ItemByItem),
    };
    let (left, right) = (left.as_ref(), right.as_ref());
    let found = match operator {
        BinaryOperator::Equal => cmp::eq(left, right)?,
        BinaryOperator::NotEqual => cmp::neq(left, right)?,
        BinaryOperator::Less => cmp::lt(left, right)?,
        BinaryOperator::LessOrEqual => cmp::lt_eq(left, right)?,
        BinaryOperator::Greater => cmp::gt(left, right)?,
        BinaryOperator::GreaterOrEqual => cmp::gt_eq(left, right)?,
        _ => return Err(Stop::ItemByItem),
    };
    // Two scalars give one answer.
    match found.len() == items {
        true => Ok(found),
        false => Err(Stop::ItemByItem),
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Nothing,
    Boolean,
    Integer,
    Decimal,
    Text,
}

fn kind(operand: &Operand) -> Kind {
    match operand {
        Operand::Nothing => Kind::Nothing,
        Operand::Scalar(Scalar::Boolean(_)) | Operand::Dense(Dense::Boolean(_)) => Kind::Boolean,
        Operand::Scalar(Scalar::Integer(_)) | Operand::Dense(Dense::Integer(_)) => Kind::Integer,
        Operand::Scalar(Scalar::Decimal(_)) | Operand::Dense(Dense::Decimal(_)) => Kind::Decimal,
        Operand::Scalar(Scalar::Text(_)) | Operand::Dense(Dense::Text(_)) => Kind::Text,
    }
}

fn datum(operand: &Operand) -> Outcome<Box<dyn Datum>> {
    Ok(match operand {
        Operand::Nothing => return Err(Stop::ItemByItem),
        Operand::Scalar(scalar) => Box::new(ArrowScalar::new(repeated(scalar, 1).array())),
        Operand::Dense(dense) => Box::new(dense.array()),
    })
}

fn as_decimals(operand: &Operand) -> Outcome<Box<dyn Datum>> {
    Ok(match operand {
        Operand::Scalar(Scalar::Integer(value)) => {
            let value = Float64Array::from(vec![f64::from(*value)]);
            Box::new(ArrowScalar::new(value))
        }
        Operand::Dense(Dense::Integer(array)) => {
            let decimals: Float64Array = array.unary::<_, Float64Type>(f64::from);
            Box::new(decimals)
        }
        _ => return Err(Stop::ItemByItem),
    })
}

/// `and`, `or`, `xor`, `implies`, three-valued (FHIRPath §6.5).
pub(crate) fn logic(
    operator: BinaryOperator,
    left: &BooleanArray,
    right: &BooleanArray,
) -> Outcome<BooleanArray> {
    Ok(match operator {
        BinaryOperator::And => and_kleene(left, right)?,
        BinaryOperator::Or => or_kleene(left, right)?,
        BinaryOperator::Xor => cmp::neq(left, right)?,
        BinaryOperator::Implies => or_kleene(&not(left)?, right)?,
        _ => return Err(Stop::ItemByItem),
    })
}

/// A scalar as FHIRPath has it. Its decimals are exact.
pub(crate) fn scalar_value<N>(scalar: &Scalar) -> Value<N> {
    match scalar {
        Scalar::Boolean(value) => Value::Boolean(*value),
        Scalar::Integer(value) => Value::Integer(*value),
        Scalar::Decimal(value) => decimal_value(*value),
        Scalar::Text(text) => Value::String(Arc::clone(text)),
    }
}

fn decimal_value<N>(value: f64) -> Value<N> {
    match salus_values::Decimal::parse(&value.to_string()) {
        Some(decimal) => Value::Decimal(decimal),
        None => Value::Null,
    }
}

/// A value of an array as FHIRPath has it.
pub(crate) fn dense_value<N>(dense: &Dense, index: usize) -> Option<Value<N>> {
    Some(match dense {
        Dense::Boolean(array) if array.is_valid(index) => Value::Boolean(array.value(index)),
        Dense::Integer(array) if array.is_valid(index) => Value::Integer(array.value(index)),
        Dense::Decimal(array) if array.is_valid(index) => decimal_value(array.value(index)),
        Dense::Text(array) if array.is_valid(index) => Value::String(array.value(index).into()),
        _ => return None,
    })
}
