//! The least, the greatest, the middle and the most frequent.

use std::cmp::Ordering;

use salus_values::{Decimal, Index, Point};

use super::{Numbers, elements};
use crate::operators::{Outcome, Record, Scene, Value, wrong_operands};

/// `Min(source)`: the least element. Null also when it is not known which that is (partial dates, units that do not
/// compare).
pub fn min<N: Record>(source: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    extreme("Min", source, scene, Ordering::Less)
}

/// `Max(source)`: the greatest element; otherwise as [`min`].
pub fn max<N: Record>(source: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    extreme("Max", source, scene, Ordering::Greater)
}

fn extreme<N: Record>(
    operator: &'static str,
    source: &Value<N>,
    scene: &Scene<'_>,
    wanted: Ordering,
) -> Outcome<N> {
    let grain = scene.grain(None);
    let elements = elements(operator, source)?;
    let mut best: Option<&Value<N>> = None;
    for element in elements.clone() {
        if !has_order(element) {
            return wrong_operands(operator, &[element]);
        }
        // Of those that do not compare, the first by the first moment that they may be.
        let better = best.is_none_or(|best| element.order(best, &grain) == wanted);
        if better {
            best = Some(element);
        }
    }
    let Some(best) = best else {
        return Ok(Value::Null);
    };
    let known = elements.clone().all(|element| {
        std::ptr::eq(element, best)
            || matches!(best.compare(element, &grain), Some(order) if order == wanted || order.is_eq())
    });
    Ok(if known { best.clone() } else { Value::Null })
}

fn has_order<N: Record>(value: &Value<N>) -> bool {
    matches!(value, Value::String(_) | Value::Uncertain(_)) || value.minimum().is_some()
}

/// `Median(source)`: the middle of the elements in order; of an even number of them the mean of the two in the middle.
pub fn median<N: Record>(source: &Value<N>, _: &Scene<'_>) -> Outcome<N> {
    let Some(mut numbers) = Numbers::of("Median", source)? else {
        return Ok(Value::Null);
    };
    numbers.values.sort_unstable();
    let middle = numbers.values.len() / 2;
    let upper = numbers.values.get(middle).copied();
    let median = match numbers.values.len() % 2 {
        1 => upper,
        _ => upper
            .zip(numbers.values.get(middle.wrapping_sub(1)).copied())
            .and_then(|(upper, lower)| upper.checked_add(lower)?.checked_div(Decimal::from(2))),
    };
    Ok(numbers.value(median))
}

/// `Mode(source)`: the element that comes most often; of several, the least, or if they have no order the first.
pub fn mode<N: Record>(source: &Value<N>, scene: &Scene<'_>) -> Outcome<N> {
    let grain = scene.grain(None);
    let mut index = Index::new(scene.elements(None));
    let mut counts: Vec<usize> = Vec::new();
    for element in elements("Mode", source)? {
        match index.insert(element) {
            (_, true) => counts.push(1),
            (at, false) => {
                if let Some(count) = counts.get_mut(at) {
                    *count += 1;
                }
            }
        }
    }
    let mut most: Option<(&Value<N>, usize)> = None;
    for (element, count) in index.elements().iter().copied().zip(counts) {
        let better = most.is_none_or(|(best, best_count)| {
            count > best_count
                || (count == best_count && element.order(best, &grain) == Ordering::Less)
        });
        if better {
            most = Some((element, count));
        }
    }
    Ok(most.map(|(element, _)| element.clone()).into())
}
