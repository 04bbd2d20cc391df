//! Counts, sums and products.

use salus_values::Decimal;

use super::{Numbers, elements};
use crate::operators::arithmetic::{self, real_power};
use crate::operators::logic::truth;
use crate::operators::{Outcome, Record, Scene, Value};

/// `Count(source)`: how many elements are not null. 0 of null.
pub fn count<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let count = elements("Count", source)?.count();
    Ok(i32::try_from(count).ok().into())
}

/// `Sum(source)` of Integers, Longs, Decimals or quantities, which may have several units of one dimension. Null on
/// overflow.
pub fn sum<N: Record>(source: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    joined("Sum", source, |left, right| {
        arithmetic::add(left, right, scene)
    })
}

/// `Product(source)` of Integers, Longs, Decimals or quantities. The unit of quantities stays as it is: it is the suite
/// of numbers that is multiplied (§9.B "Product"). Null on overflow.
pub fn product<N: Record>(source: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    let is_of_quantities =
        elements("Product", source)?.any(|element| matches!(element, Value::Quantity(_)));
    if !is_of_quantities {
        return joined("Product", source, |left, right| {
            arithmetic::multiply(left, right, scene)
        });
    }
    let Some(numbers) = Numbers::of("Product", source)? else {
        return Ok(Value::Null);
    };
    let product = multiplied(&numbers.values);
    Ok(numbers.value(product))
}

fn multiplied(values: &[Decimal]) -> Option<Decimal> {
    let mut values = values.iter();
    let first = *values.next()?;
    values.try_fold(first, |product, value| product.checked_mul(*value))
}

/// All elements by an operator of two, from the first on.
fn joined<N: Record>(
    operator: &'static str,
    source: &Value<N>,
    join: impl Fn(&Value<N>, &Value<N>) -> Outcome<N>,
) -> Outcome<N> {
    let mut elements = elements(operator, source)?;
    let Some(first) = elements.next() else {
        return Ok(Value::Null);
    };
    // Numbers with numbers: an element alone is checked, too.
    if first.number_range().is_none() && !matches!(first, Value::Quantity(_)) {
        return crate::operators::wrong_operands(operator, &[first]);
    }
    elements.try_fold(first.clone(), |total, element| join(&total, element))
}

/// `Avg(source)`: the mean, of numbers a Decimal. Null on overflow.
pub fn avg<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let Some(numbers) = Numbers::of("Avg", source)? else {
        return Ok(Value::Null);
    };
    let mean = numbers.mean();
    Ok(numbers.value(mean))
}

/// `GeometricMean(source)`: the root of the product. Null where there is no real one.
pub fn geometric_mean<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let Some(numbers) = Numbers::of("GeometricMean", source)? else {
        return Ok(Value::Null);
    };
    let mean = mean_by_product(&numbers).or_else(|| mean_by_logarithms(&numbers.values));
    Ok(numbers.value(mean))
}

fn mean_by_product(numbers: &Numbers) -> Option<Decimal> {
    let product = multiplied(&numbers.values)?;
    let exponent = Decimal::ONE.checked_div(numbers.count()?)?;
    real_power(product, exponent)
}

/// For products that no Decimal can hold.
fn mean_by_logarithms(values: &[Decimal]) -> Option<Decimal> {
    let count = Decimal::from(i64::try_from(values.len()).ok()?);
    let total = values
        .iter()
        .try_fold(Decimal::ZERO, |total, value| total.checked_add(value.ln()?))?;
    total.checked_div(count)?.exp()
}

/// `AllTrue(source)`: whether no element is false. True of null and of a list of nulls.
pub fn all_true<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    for element in elements("AllTrue", source)? {
        if truth("AllTrue", element)? == Some(false) {
            return Ok(Value::Boolean(false));
        }
    }
    Ok(Value::Boolean(true))
}

/// `AnyTrue(source)`: whether an element is true. False of null and of a list of nulls.
pub fn any_true<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    for element in elements("AnyTrue", source)? {
        if truth("AnyTrue", element)? == Some(true) {
            return Ok(Value::Boolean(true));
        }
    }
    Ok(Value::Boolean(false))
}
