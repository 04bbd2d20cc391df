//! Aggregate functions (CQL 1.5.3 §9.B "Aggregate Functions"): of the elements of a list that are not null. Null when
//! the list is null or has no such element, but where the function says otherwise. Decimals are exact up to the result.

mod order;
mod statistics;
mod total;

pub use order::{max, median, min, mode};
pub use statistics::{population_std_dev, population_variance, std_dev, variance};
pub use total::{all_true, any_true, avg, count, geometric_mean, product, sum};

use salus_values::{Decimal, Quantity, Unit};

use super::{EvaluationError, Record, Value, wrong_operands};

/// The elements that are not null; none of null.
fn elements<'v, N: Record>(
    operator: &'static str,
    source: &'v Value<N>,
) -> Result<impl Iterator<Item = &'v Value<N>> + Clone, EvaluationError> {
    let list: &[Value<N>] = match source {
        Value::List(list) => list,
        Value::Null => &[],
        other => return wrong_operands(operator, &[other]),
    };
    Ok(list.iter().filter(|element| !element.is_null()))
}

/// Numbers, or quantities by their numbers in one unit.
struct Numbers {
    values: Vec<Decimal>,
    /// The unit of quantities.
    unit: Option<Unit>,
}

impl Numbers {
    /// The numbers of a list; `None` when it has none, or its quantities are of several dimensions.
    fn of<N: Record>(
        operator: &'static str,
        source: &Value<N>,
    ) -> Result<Option<Numbers>, EvaluationError> {
        let mut numbers = Numbers {
            values: Vec::new(),
            unit: None,
        };
        for element in elements(operator, source)? {
            let value = match (element, element.as_number()) {
                (_, Some(value)) if numbers.unit.is_none() => value,
                (Value::Quantity(quantity), _)
                    if numbers.unit.is_some() || numbers.values.is_empty() =>
                {
                    match numbers.in_unit(quantity) {
                        Some(value) => value,
                        None => return Ok(None),
                    }
                }
                _ => return wrong_operands(operator, &[element]),
            };
            numbers.values.push(value);
        }
        Ok((!numbers.values.is_empty()).then_some(numbers))
    }

    /// The number of a quantity in the unit of the first.
    fn in_unit(&mut self, quantity: &Quantity) -> Option<Decimal> {
        let unit = self.unit.get_or_insert_with(|| quantity.unit.clone());
        match quantity.unit == *unit {
            true => Some(quantity.value),
            false => quantity.convert_to(unit).map(|converted| converted.value),
        }
    }

    /// How many there are.
    fn count(&self) -> Option<Decimal> {
        i64::try_from(self.values.len()).ok().map(Decimal::from)
    }

    fn total(&self) -> Option<Decimal> {
        self.values
            .iter()
            .try_fold(Decimal::ZERO, |total, value| total.checked_add(*value))
    }

    fn mean(&self) -> Option<Decimal> {
        self.total()?.checked_div(self.count()?)
    }

    /// A result in the unit that they have; to 8 digits after the point.
    fn value<N: Record>(self, value: Option<Decimal>) -> Value<N> {
        let Some(value) = value else {
            return Value::Null;
        };
        let value = super::arithmetic::settled(value);
        match self.unit {
            Some(unit) => Value::quantity(Quantity::new(value, unit)),
            None => Value::Decimal(value),
        }
    }
}
