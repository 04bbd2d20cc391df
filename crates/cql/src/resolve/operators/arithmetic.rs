//! Arithmetic (Reference §4).

use super::Row;
use crate::elm::Kind;

pub(super) const ROWS: &[Row] = &[
    (Kind::Add, "Integer, Integer -> Integer"),
    (Kind::Add, "Long, Long -> Long"),
    (Kind::Add, "Decimal, Decimal -> Decimal"),
    (Kind::Add, "Quantity, Quantity -> Quantity"),
    (Kind::Negate, "Integer -> Integer"),
    (Kind::Negate, "Long -> Long"),
    (Kind::Negate, "Decimal -> Decimal"),
    (Kind::Negate, "Quantity -> Quantity"),
];
