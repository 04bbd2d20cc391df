//! `with … such that` and `without … such that`.
//!
//! A condition that says `=` between something of the related row and something of the rest is looked up, not tried row
//! by row: two sources of n and m rows take n + m steps and not n × m.

use std::sync::Arc;

use foldhash::HashMap;
use salus_values::Value;

use super::evaluation::Evaluation;
use super::observer::Observer;
use super::query::Rows;
use super::records::Records;
use super::{Item, Outcome};
use crate::program::{Expression, ExpressionKind, Relationship, Side};

/// Fewer rows are tried one by one.
const ROWS_MIN: usize = 8;

/// The rows of a relationship, and where those are that have a text.
pub(super) struct Related<'e, V> {
    rows: Rows<V>,
    index: Option<Index<'e>>,
}

/// Rows by a text that each has.
struct Index<'e> {
    rows: HashMap<Arc<str>, Vec<usize>>,
    /// What must be that text.
    wanted: &'e Expression,
}

impl<'e, R: Records, O: Observer<R::Node>> Evaluation<'e, R, O> {
    /// Whether the row at hand has what a relationship wants. `fixed` are the related rows, if they were needed before
    /// and are the same for every row.
    pub(super) fn is_related(
        &mut self,
        relationship: &'e Relationship,
        fixed: &mut Option<Related<'e, R::Node>>,
    ) -> Outcome<bool> {
        if fixed.is_none() || !relationship.is_fixed {
            *fixed = Some(self.related(relationship)?);
        }
        let found = match fixed {
            Some(related) => self.has_match(relationship, related)?,
            None => false,
        };
        Ok(found != relationship.without)
    }

    fn related(&mut self, relationship: &'e Relationship) -> Outcome<Related<'e, R::Node>> {
        let rows = Rows::of(self.evaluate(&relationship.source)?);
        // Who watches sees every comparison.
        let index = match O::WATCHES || rows.len() < ROWS_MIN {
            true => None,
            false => self.index(relationship, &rows),
        };
        Ok(Related { rows, index })
    }

    /// The index of rows by what `such that` compares; `None` when that is no text, or fails: then the rows are tried
    /// one by one, and those that matter fail or not.
    fn index(&mut self, relationship: &'e Relationship, rows: &Rows<R::Node>) -> Option<Index<'e>> {
        let join = relationship.join?;
        let such_that = relationship.such_that.as_ref()?;
        let condition = such_that.conjuncts().into_iter().nth(join.conjunct)?;
        let ExpressionKind::Binary(_, sides) = &condition.kind else {
            return None;
        };
        let [left, right] = &**sides;
        let (own, wanted) = match join.related {
            Side::Left => (left, right),
            Side::Right => (right, left),
        };
        let mut index: HashMap<Arc<str>, Vec<usize>> = HashMap::default();
        for at in 0..rows.len() {
            self.set(relationship.slot, rows.get(at).cloned().into());
            match self.evaluate(own) {
                Ok(Value::String(text)) => index.entry(text).or_default().push(at),
                Ok(Value::Null) => {}
                _ => return None,
            }
        }
        Some(Index {
            rows: index,
            wanted,
        })
    }

    fn has_match(
        &mut self,
        relationship: &'e Relationship,
        related: &Related<'e, R::Node>,
    ) -> Outcome<bool> {
        let rows = &related.rows;
        if let Some(index) = &related.index {
            match self.evaluate(index.wanted) {
                Ok(Value::String(text)) => {
                    for at in index.rows.get(&text).into_iter().flatten() {
                        if self.is_match(relationship, rows.get(*at).cloned().into())? {
                            return Ok(true);
                        }
                    }
                    return Ok(false);
                }
                Ok(Value::Null) => return Ok(false),
                // A condition before it may say that it does not matter.
                Ok(_) | Err(_) => {}
            }
        }
        for at in 0..rows.len() {
            if self.is_match(relationship, rows.get(at).cloned().into())? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_match(&mut self, relationship: &'e Relationship, row: Item<R::Node>) -> Outcome<bool> {
        self.set(relationship.slot, row);
        match &relationship.such_that {
            Some(such_that) => {
                let truth = self.truth(such_that, "the condition of `such that`")?;
                Ok(truth == Some(true))
            }
            None => Ok(true),
        }
    }
}
