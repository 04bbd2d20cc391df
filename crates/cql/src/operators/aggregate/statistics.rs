//! Variance and standard deviation.

use salus_values::Decimal;

use super::Numbers;
use crate::operators::{Outcome, Record, Scene, Value};

/// `Variance(source)`, of a sample. Null of a single element, which has none.
pub fn variance<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    spread("Variance", source, Of::Sample, Some)
}

/// `PopulationVariance(source)`, of everything there is.
pub fn population_variance<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    spread("PopulationVariance", source, Of::Population, Some)
}

/// `StdDev(source)`: the root of the variance of a sample.
pub fn std_dev<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    spread("StdDev", source, Of::Sample, Decimal::sqrt)
}

/// `PopulationStdDev(source)`: the root of the variance of everything there is.
pub fn population_std_dev<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    spread("PopulationStdDev", source, Of::Population, Decimal::sqrt)
}

/// What the elements are of what is meant.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Sample,
    Population,
}

fn spread<N: Record>(
    operator: &'static str,
    source: &Value<N>,
    of: Of,
    finish: fn(Decimal) -> Option<Decimal>,
) -> Outcome<N> {
    let Some(numbers) = Numbers::of(operator, source)? else {
        return Ok(Value::Null);
    };
    let value = variance_of(&numbers, of).and_then(finish);
    Ok(numbers.value(value))
}

/// The sum of the squares of the distances from the mean, by the number of elements, or one less of a sample. Distances
/// are taken of the total, not of a mean that was rounded: `(n·x - Σx)² / n² / n`.
fn variance_of(numbers: &Numbers, of: Of) -> Option<Decimal> {
    let count = numbers.count()?;
    let freedom = match of {
        Of::Sample => count.checked_sub(Decimal::ONE)?,
        Of::Population => count,
    };
    let total = numbers.total()?;
    let squares = numbers
        .values
        .iter()
        .try_fold(Decimal::ZERO, |sum, value| {
            let distance = value.checked_mul(count)?.checked_sub(total)?;
            sum.checked_add(distance.checked_mul(distance)?)
        })?;
    squares
        .checked_div(count.checked_mul(count)?)?
        .checked_div(freedom)
}
