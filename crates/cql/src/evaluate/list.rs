//! Operators that evaluate an expression for every item of a list (CQL 1.5.3 §9.B "List Operators").

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::Value;

use super::element::Element;
use super::evaluation::Evaluation;
use super::observer::Observer;
use super::records::Records;
use super::{Item, Items, Outcome};
use crate::program::{Expression, Fold, Scoped};

impl<'e, R: Records, O: Observer<R::Node>> Evaluation<'e, R, O> {
    /// The items of a list; of a single value that one. `None` of null.
    fn items(&mut self, source: &'e Expression) -> Outcome<Option<Items<R::Node>>> {
        Ok(match self.evaluate(source)? {
            Value::Null => None,
            Value::List(items) => Some(items),
            one => Some(Arc::new([one])),
        })
    }

    fn at(&mut self, scoped: &Scoped, index: usize, item: &Item<R::Node>) {
        self.set(scoped.this, item.clone());
        self.set(scoped.index, position(index));
    }

    pub(super) fn filter(&mut self, scoped: &'e Scoped) -> Outcome<Item<R::Node>> {
        let Some(items) = self.items(&scoped.source)? else {
            return Ok(Value::Null);
        };
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            self.at(scoped, index, item);
            if self.truth(&scoped.body, "the condition of `Filter`")? == Some(true) {
                found.push(item.clone());
            }
        }
        self.list(found)
    }

    pub(super) fn for_each(&mut self, scoped: &'e Scoped) -> Outcome<Item<R::Node>> {
        let Some(items) = self.items(&scoped.source)? else {
            return Ok(Value::Null);
        };
        let mut found = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            self.at(scoped, index, item);
            found.push(self.evaluate(&scoped.body)?);
        }
        self.list(found)
    }

    /// What the expression gives for the items, and for what it gives, and so on, each once.
    pub(super) fn repeat(&mut self, scoped: &'e Scoped) -> Outcome<Item<R::Node>> {
        let Some(items) = self.items(&scoped.source)? else {
            return Ok(Value::Null);
        };
        let elements = self.scene.elements(None);
        let mut found: Vec<Item<R::Node>> = Vec::new();
        let mut next: Vec<Item<R::Node>> = items.to_vec();
        while !next.is_empty() {
            let mut after = Vec::new();
            for (index, item) in next.iter().enumerate() {
                self.at(scoped, index, item);
                let given = match self.evaluate(&scoped.body)? {
                    Value::Null => continue,
                    Value::List(items) => items,
                    one => Arc::new([one]),
                };
                for one in given.iter() {
                    self.spend(found.len())?;
                    if elements.contains(&found, one) != Some(true) {
                        found.push(one.clone());
                        after.push(one.clone());
                    }
                }
                self.check_items(after.len())?;
            }
            next = after;
        }
        self.list(found)
    }

    pub(super) fn fold(&mut self, fold: &'e Fold) -> Outcome<Item<R::Node>> {
        let Some(items) = self.items(&fold.source)? else {
            return Ok(Value::Null);
        };
        let starting = match &fold.starting {
            Some(starting) => self.evaluate(starting)?,
            None => Value::Null,
        };
        self.set(fold.total, starting);
        for (index, item) in items.iter().enumerate() {
            self.set(fold.this, item.clone());
            self.set(fold.index, position(index));
            let total = self.evaluate(&fold.body)?;
            let total = self.nested(total)?;
            self.set(fold.total, total);
        }
        Ok(self.local(fold.total).cloned().into())
    }

    /// The elements of a value.
    pub(super) fn children(&mut self, source: &'e Expression) -> Outcome<Item<R::Node>> {
        let value = self.evaluate(source)?;
        if value.is_null() {
            return Ok(Value::Null);
        }
        let mut found = Vec::new();
        children_of(&value, &mut found);
        self.list(found)
    }

    /// The elements of a value, theirs, and so on.
    pub(super) fn descendants(&mut self, source: &'e Expression) -> Outcome<Item<R::Node>> {
        let value = self.evaluate(source)?;
        if value.is_null() {
            return Ok(Value::Null);
        }
        let mut found = Vec::new();
        children_of(&value, &mut found);
        let mut at = 0;
        while let Some(next) = found.get(at).cloned() {
            children_of(&next, &mut found);
            at += 1;
            if at % 1024 == 0 {
                self.check_items(1024)?;
            }
        }
        self.list(found)
    }
}

/// A position, from 0.
fn position<V>(index: usize) -> Item<V> {
    Value::Integer(i32::try_from(index).unwrap_or(i32::MAX))
}

fn children_of<V: ElementView>(value: &Item<V>, into: &mut Vec<Item<V>>) {
    let mut add = |value: &Item<V>| match value {
        Value::Null => {}
        Value::List(items) => into.extend(items.iter().cloned()),
        one => into.push(one.clone()),
    };
    match value {
        Value::Node(node) => {
            let children = Element::children(node);
            children.iter().for_each(|(_, value)| add(value));
        }
        Value::Tuple(tuple) => tuple.iter().for_each(|(_, value)| add(value)),
        Value::List(items) => items.iter().for_each(|item| children_of(item, into)),
        _ => {}
    }
}
