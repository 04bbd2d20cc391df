//! Phrases that relate intervals and points.

use std::fmt::Display;

use salus_lexis::write_quantity;
use salus_values::Quantity;

use crate::syntax::operator::{Exactness, Offset, Timing};

/// The phrase, words with one space between them.
pub(super) fn phrase(phrase: &Timing) -> String {
    let properly = |properly: &bool| properly.then_some("properly");
    let of = |precision: &Option<_>| {
        precision.map(|precision: crate::syntax::Precision| format!("{precision} of"))
    };
    let mut words = Words::default();
    match phrase {
        Timing::Same {
            left,
            precision,
            relation,
            right,
        } => {
            let left = left.map(|left| format!("{left}s"));
            words
                .add(left)
                .add(Some("same"))
                .add(*precision)
                .add(Some(relation))
                .add(*right);
        }
        Timing::Includes {
            properly: is,
            precision,
            right,
        } => {
            words
                .add(properly(is))
                .add(Some("includes"))
                .add(of(precision))
                .add(*right);
        }
        Timing::During {
            left,
            properly: is,
            precision,
        } => {
            let left = left.map(|left| format!("{left}s"));
            words
                .add(left)
                .add(properly(is))
                .add(Some("during"))
                .add(of(precision));
        }
        Timing::BeforeOrAfter {
            left,
            offset: by,
            side,
            inclusive,
            precision,
            right,
        } => {
            let left = left.map(|left| format!("{left}s"));
            words.add(left).add(by.as_ref().map(offset));
            words
                .add(inclusive.then_some("on or"))
                .add(Some(side))
                .add(of(precision))
                .add(*right);
        }
        Timing::Within {
            left,
            properly: is,
            quantity: by,
            right,
        } => {
            let left = left.map(|left| format!("{left}s"));
            words
                .add(left)
                .add(properly(is))
                .add(Some("within"))
                .add(Some(quantity(by)));
            words.add(Some("of")).add(*right);
        }
        Timing::Meets { side, precision } => {
            words.add(Some("meets")).add(*side).add(of(precision));
        }
        Timing::Overlaps { side, precision } => {
            words.add(Some("overlaps")).add(*side).add(of(precision));
        }
        Timing::Starts { precision } => {
            words.add(Some("starts")).add(of(precision));
        }
        Timing::Ends { precision } => {
            words.add(Some("ends")).add(of(precision));
        }
    }
    words.0.join(" ")
}

#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn add(&mut self, word: Option<impl Display>) -> &mut Words {
        self.0.extend(word.map(|word| word.to_string()));
        self
    }
}

fn offset(offset: &Offset) -> String {
    let by = quantity(&offset.quantity);
    match offset.exactness {
        Exactness::Exactly => by,
        Exactness::OrMore | Exactness::OrLess => format!("{by} {}", offset.exactness),
        Exactness::MoreThan | Exactness::LessThan => format!("{} {by}", offset.exactness),
    }
}

fn quantity(quantity: &Quantity) -> String {
    Written(quantity).to_string()
}

/// A quantity as CQL writes it.
struct Written<'q>(&'q Quantity);

impl Display for Written<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write_quantity(f, self.0)
    }
}
