//! What an evaluation uses, held against its [`Limits`](super::Limits).

use std::time::Instant;

use salus_values::Value;

use super::element::Element;
use super::error::{Cause, Failure};
use super::evaluation::Evaluation;
use super::observer::Observer;
use super::records::Records;
use super::{Item, Outcome};

/// Steps between two looks at the clock and the wish to stop.
const STEPS_BETWEEN_LOOKS: u32 = 1 << 14;

impl<R: Records, O: Observer<R::Node>> Evaluation<'_, R, O> {
    /// Looks whether it may go on, and for how many steps until the next look.
    #[cold]
    pub(super) fn look(&mut self) -> Outcome<()> {
        let next = self.steps_left.min(u64::from(STEPS_BETWEEN_LOOKS));
        if next == 0 {
            return Err(self.too_many_steps());
        }
        if self.limits.cancel.is_cancelled() {
            return Err(Cause::Cancelled.into());
        }
        if self
            .limits
            .deadline
            .is_some_and(|deadline| Instant::now() > deadline)
        {
            return Err(Cause::OutOfTime.into());
        }
        self.steps_left -= next;
        self.pause = u32::try_from(next).unwrap_or(STEPS_BETWEEN_LOOKS);
        Ok(())
    }

    /// Counts work that is about to be done.
    pub(super) fn spend(&mut self, steps: usize) -> Outcome<()> {
        let steps = steps as u64;
        let more = steps.saturating_sub(u64::from(self.pause));
        if more > self.steps_left {
            return Err(self.too_many_steps());
        }
        self.steps_left -= more;
        let left = u64::from(self.pause).saturating_sub(steps);
        self.pause = u32::try_from(left).unwrap_or(0);
        Ok(())
    }

    fn too_many_steps(&self) -> Box<Failure> {
        let steps_max = self.limits.steps_max;
        Cause::TooManySteps { steps_max }.into()
    }

    /// A list, if it is not larger than allowed.
    pub(super) fn list(&mut self, items: Vec<Item<R::Node>>) -> Outcome<Item<R::Node>> {
        self.check_items(items.len())?;
        Ok(Value::List(items.into()))
    }

    pub(super) fn check_items(&mut self, count: usize) -> Outcome<()> {
        let size_max = self.limits.items_max;
        if count > size_max {
            let what = "a list";
            return Err(Cause::TooLarge { what, size_max }.into());
        }
        self.made(count.saturating_mul(size_of::<Item<R::Node>>()))?;
        self.spend(count / 8)
    }

    /// Refuses a value that is larger than allowed.
    pub(super) fn checked(&mut self, value: Item<R::Node>) -> Outcome<Item<R::Node>> {
        match &value {
            Value::List(items) => self.check_items(items.len())?,
            Value::String(text) => {
                let size_max = self.limits.text_bytes_max;
                if text.len() > size_max {
                    let what = "a text";
                    return Err(Cause::TooLarge { what, size_max }.into());
                }
                self.made(text.len())?;
            }
            _ => {}
        }
        Ok(value)
    }

    fn made(&mut self, bytes: usize) -> Outcome<()> {
        self.made_bytes = self.made_bytes.saturating_add(bytes);
        let bytes_max = self.limits.memory_bytes_max;
        if self.made_bytes > bytes_max {
            return Err(Cause::TooMuchMemory { bytes_max }.into());
        }
        Ok(())
    }

    /// A value, if lists and tuples in it do not nest deeper than allowed. Asked wherever they could grow level by
    /// level: of what blocks give, and of totals.
    pub(super) fn nested(&self, value: Item<R::Node>) -> Outcome<Item<R::Node>> {
        let levels_max = self.limits.nesting_max;
        match nests(&value, levels_max) {
            true => Err(Cause::NestsTooDeep { levels_max }.into()),
            false => Ok(value),
        }
    }
}

/// Whether lists, tuples and instances in a value nest deeper than so many levels.
fn nests<V>(value: &Item<V>, levels: usize) -> bool {
    let below = |value: &Item<V>| match levels.checked_sub(1) {
        Some(left) => nests(value, left),
        None => true,
    };
    match value {
        Value::List(items) => items.iter().any(below),
        Value::Tuple(tuple) => tuple.iter().any(|(_, value)| below(value)),
        Value::Node(Element::Instance(instance)) => {
            instance.elements().any(|(_, value)| below(value))
        }
        _ => false,
    }
}
