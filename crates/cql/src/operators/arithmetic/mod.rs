//! Arithmetic operators (CQL 1.5.3 §9.B "Arithmetic Operators", and "Add", "Subtract" of dates and times).
//!
//! Null in, null out. A result that its type cannot hold is null; only what the official suite calls an error is one:
//! dates beyond the calendar, the successor of the last value, the logarithm of zero. Decimals are exact, and results
//! that never end are rounded to the 8 digits after the point that CQL's Decimal has.

mod power;
mod product;
mod rounding;
mod step;
mod sum;

pub use power::{exp, ln, log, power};
pub use product::{divide, modulo, multiply, truncated_divide};
pub use rounding::{ceiling, floor, round, truncate};
pub use step::{
    high_boundary, low_boundary, max_value, min_value, precision, predecessor, successor,
};
pub use sum::{abs, add, negate, subtract};

pub(super) use power::real_power;
pub(super) use step::example;

use salus_values::{Decimal, Quantity};

/// A result with no more digits after the point than CQL's Decimal has.
pub(super) fn settled(value: Decimal) -> Decimal {
    match value.scale() > Decimal::CQL_SCALE {
        true => value.round_to(Decimal::CQL_SCALE),
        false => value,
    }
}

fn settled_quantity(quantity: Quantity) -> Quantity {
    Quantity {
        value: settled(quantity.value),
        ..quantity
    }
}
