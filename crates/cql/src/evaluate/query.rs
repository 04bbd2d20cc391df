//! Queries (CQL 1.5.3 Author's Guide, "Queries").

use std::cmp::Ordering;
use std::sync::Arc;

use salus_values::{Index, Point, Tuple, Value};
use smallvec::SmallVec;

use super::evaluation::Evaluation;
use super::observer::Observer;
use super::property;
use super::records::Records;
use super::relationship::Related;
use super::{Item, Items, Outcome};
use crate::program::{Query, QueryResult, Sort, SortKey, SortList};

/// The items of a source.
pub(super) enum Rows<V> {
    Many(Items<V>),
    One(Item<V>),
    None,
}

impl<V: Clone> Rows<V> {
    pub fn of(value: Item<V>) -> Rows<V> {
        match value {
            Value::Null => Rows::None,
            Value::List(items) => Rows::Many(items),
            one => Rows::One(one),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Rows::Many(items) => items.len(),
            Rows::One(_) => 1,
            Rows::None => 0,
        }
    }

    pub fn get(&self, at: usize) -> Option<&Item<V>> {
        match self {
            Rows::Many(items) => items.get(at),
            Rows::One(one) => Some(one),
            Rows::None => None,
        }
    }
}

/// The sources of relationships that are the same for every row, once they were needed.
type Fixed<'e, V> = SmallVec<[Option<Related<'e, V>>; 2]>;

/// How many results of a query are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// One that is not null, if there is one.
    One,
}

/// What a query has found so far.
struct Results<'e, V> {
    items: Vec<Item<V>>,
    fixed: Fixed<'e, V>,
    wanted: Wanted,
}

impl<'e, R: Records, O: Observer<R::Node>> Evaluation<'e, R, O> {
    pub(super) fn query(&mut self, query: &'e Query, wanted: Wanted) -> Outcome<Item<R::Node>> {
        let mut sources: SmallVec<[Rows<R::Node>; 2]> = SmallVec::new();
        for source in &query.sources {
            sources.push(Rows::of(self.evaluate(&source.expression)?));
        }
        let is_list = sources.iter().any(|rows| matches!(rows, Rows::Many(_)));
        let mut results = Results {
            items: Vec::new(),
            fixed: query.relationships.iter().map(|_| None).collect(),
            wanted,
        };
        if let QueryResult::Aggregate {
            total, starting, ..
        } = &query.result
        {
            let starting = match starting {
                Some(starting) => self.evaluate(starting)?,
                None => Value::Null,
            };
            self.set(*total, starting);
        }
        self.rows(query, &sources, &mut results)?;
        self.finish(query, is_list, results)
    }

    /// Goes through all combinations of the items of the sources, the last source the fastest.
    fn rows(
        &mut self,
        query: &'e Query,
        sources: &[Rows<R::Node>],
        results: &mut Results<'e, R::Node>,
    ) -> Outcome<()> {
        if sources.iter().any(|rows| rows.len() == 0) {
            return Ok(());
        }
        let mut at: SmallVec<[usize; 2]> = sources.iter().map(|_| 0).collect();
        loop {
            for ((source, rows), at) in query.sources.iter().zip(sources).zip(&at) {
                self.set(source.slot, rows.get(*at).cloned().into());
            }
            self.row(query, results)?;
            let found = results.items.last();
            if results.wanted == Wanted::One && found.is_some_and(|item| !item.is_null()) {
                return Ok(());
            }
            // As the digits of a number count up.
            let mut digits = at.iter_mut().zip(sources).rev();
            let carried = digits.all(|(at, rows)| {
                *at += 1;
                let full = *at == rows.len();
                if full {
                    *at = 0;
                }
                full
            });
            if carried {
                return Ok(());
            }
        }
    }

    fn row(&mut self, query: &'e Query, results: &mut Results<'e, R::Node>) -> Outcome<()> {
        for (slot, expression) in &query.lets {
            let value = self.evaluate(expression)?;
            self.set(*slot, value);
        }
        for (relationship, fixed) in query.relationships.iter().zip(&mut results.fixed) {
            if !self.is_related(relationship, fixed)? {
                return Ok(());
            }
        }
        if let Some(condition) = &query.condition
            && self.truth(condition, "the condition of `where`")? != Some(true)
        {
            return Ok(());
        }
        match &query.result {
            QueryResult::Rows => {
                let row = self.whole_row(query);
                results.items.push(row);
            }
            QueryResult::Return { expression, .. } => {
                let value = self.evaluate(expression)?;
                results.items.push(value);
            }
            QueryResult::Aggregate { distinct: true, .. } => {
                let row = self.whole_row(query);
                results.items.push(row);
            }
            QueryResult::Aggregate {
                total, expression, ..
            } => {
                let value = self.evaluate(expression)?;
                let value = self.nested(value)?;
                self.set(*total, value);
            }
        }
        match results.items.len() % 1024 {
            0 => self.check_items(results.items.len().min(1024)),
            _ => Ok(()),
        }
    }

    /// The one alias, or a tuple of all.
    fn whole_row(&self, query: &Query) -> Item<R::Node> {
        let value = |slot: u32| self.local(slot).cloned().into();
        match &*query.sources {
            [one] => value(one.slot),
            many => {
                let elements = many.iter().map(|one| (one.name.clone(), value(one.slot)));
                Value::Tuple(Arc::new(Tuple::new(elements)))
            }
        }
    }

    fn finish(
        &mut self,
        query: &'e Query,
        is_list: bool,
        results: Results<'e, R::Node>,
    ) -> Outcome<Item<R::Node>> {
        let mut items = results.items;
        match &query.result {
            QueryResult::Aggregate {
                total,
                expression,
                distinct,
                ..
            } => {
                if *distinct {
                    for row in self.distinct(items)? {
                        self.set_row(query, row);
                        for (slot, expression) in &query.lets {
                            let value = self.evaluate(expression)?;
                            self.set(*slot, value);
                        }
                        let value = self.evaluate(expression)?;
                        let value = self.nested(value)?;
                        self.set(*total, value);
                    }
                }
                return Ok(self.local(*total).cloned().into());
            }
            QueryResult::Return { distinct: true, .. } if is_list => {
                items = self.distinct(items)?
            }
            QueryResult::Return { .. } | QueryResult::Rows => {}
        }
        if !is_list {
            return Ok(items.pop().into());
        }
        if let Some(sort) = &query.sort {
            self.sort(&mut items, sort)?;
        }
        self.list(items)
    }

    fn set_row(&mut self, query: &Query, row: Item<R::Node>) {
        match (&*query.sources, row) {
            ([one], row) => self.set(one.slot, row),
            (many, Value::Tuple(tuple)) => {
                for source in many {
                    self.set(source.slot, tuple.get(&source.name).cloned().into());
                }
            }
            _ => {}
        }
    }

    /// Each item where it first is.
    pub(super) fn distinct(&mut self, items: Vec<Item<R::Node>>) -> Outcome<Vec<Item<R::Node>>> {
        self.spend(items.len())?;
        let mut index = Index::new(self.scene.elements(None));
        let is_new: Vec<bool> = items.iter().map(|item| index.insert(item).1).collect();
        let mut is_new = is_new.into_iter();
        let mut items = items;
        items.retain(|_| is_new.next() == Some(true));
        Ok(items)
    }

    pub(super) fn sorted(&mut self, list: &'e SortList) -> Outcome<Item<R::Node>> {
        let items = match self.evaluate(&list.source)? {
            Value::List(items) => items,
            other => return Ok(other),
        };
        let mut items = items.to_vec();
        self.sort(&mut items, &list.sort)?;
        self.list(items)
    }

    /// Sorts items by their keys, each found once; equal ones stay in order. Nulls are the least.
    fn sort(&mut self, items: &mut Vec<Item<R::Node>>, sort: &'e Sort) -> Outcome<()> {
        if items.len() < 2 {
            return Ok(());
        }
        type Keyed<V> = (SmallVec<[Item<V>; 1]>, Item<V>);
        let mut keyed: Vec<Keyed<R::Node>> = Vec::with_capacity(items.len());
        for item in items.drain(..) {
            let mut keys = SmallVec::with_capacity(sort.by.len());
            for by in &sort.by {
                let key = match &by.key {
                    SortKey::Item => item.clone(),
                    SortKey::Path(path) => property::follow(&item, path)?,
                    SortKey::Expression(expression) => {
                        self.set(sort.slot, item.clone());
                        self.evaluate(expression)?
                    }
                };
                keys.push(plain(key));
            }
            keyed.push((keys, item));
        }
        let comparisons = keyed.len() * keyed.len().ilog2() as usize;
        self.spend(comparisons)?;
        let grain = self.scene.grain(None);
        keyed.sort_by(|(left, _), (right, _)| {
            let pairs = left.iter().zip(right).zip(&sort.by);
            let mut orders = pairs.map(|((left, right), by)| {
                let order = left.order(right, &grain);
                if by.descending {
                    order.reverse()
                } else {
                    order
                }
            });
            orders
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        items.extend(keyed.into_iter().map(|(_, item)| item));
        Ok(())
    }
}

/// A primitive of the model as the value that it has, so that it has an order.
fn plain<V: salus_fhir::view::ElementView>(value: Item<V>) -> Item<V> {
    match &value {
        Value::Node(node) => node.value().unwrap_or(value),
        _ => value,
    }
}
