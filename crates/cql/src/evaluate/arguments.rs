//! Values of several steps.

use smallvec::SmallVec;

use super::evaluation::Evaluation;
use super::observer::Observer;
use super::records::Records;
use super::{Item, Outcome};
use crate::program::Expression;

/// The values of a few operands.
pub(super) type Arguments<V> = SmallVec<[Item<V>; 4]>;

impl<'e, R: Records, O: Observer<R::Node>> Evaluation<'e, R, O> {
    pub(super) fn arguments(
        &mut self,
        expressions: &'e [Expression],
    ) -> Outcome<Arguments<R::Node>> {
        let mut values = SmallVec::with_capacity(expressions.len());
        for expression in expressions {
            values.push(self.evaluate(expression)?);
        }
        Ok(values)
    }
}
