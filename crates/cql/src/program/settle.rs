//! What never changes, found: steps that depend on nothing but the program, parameters and the clock are evaluated once
//! for all records, and sources of relationships that are the same for every row once for each query.

use super::compile::deeper;
use super::expression::{Expression, ExpressionKind, Join, Query, QueryResult, Side};
use super::operator::Binary;
use super::{Definition, Program};

/// What a step depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Needs {
    /// The slots that it reads, one bit each; the last bit for all beyond.
    slots: u128,
    /// Whether it depends on the records, or does something besides having a value.
    records: bool,
}

const NOTHING: Needs = Needs {
    slots: 0,
    records: false,
};

const RECORDS: Needs = Needs {
    slots: 0,
    records: true,
};

impl Needs {
    fn and(self, other: Needs) -> Needs {
        Needs {
            slots: self.slots | other.slots,
            records: self.records || other.records,
        }
    }

    fn is_nothing(self) -> bool {
        self == NOTHING
    }
}

/// The bit of a slot. Slots beyond have one bit that nothing binds, so that too much is taken to be needed, not too
/// little.
fn bit(slot: u32) -> u128 {
    1_u128 << slot.min(127)
}

fn bound(slot: u32) -> u128 {
    if slot < 127 { bit(slot) } else { 0 }
}

/// Whether something is as good as nothing known yet, or on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    No,
    Yes(bool),
}

struct Settler {
    definitions: Vec<Known>,
    functions: Vec<Known>,
    /// Which defines are for one patient (or the like): from elsewhere, one is evaluated for all of them.
    specific: Vec<bool>,
    /// Whether the body at hand is of such a define.
    is_specific: bool,
    once: u32,
}

pub(super) fn settle(program: &mut Program) {
    let mut settler = Settler {
        definitions: vec![Known::No; program.definitions.len()],
        functions: vec![Known::No; program.functions.len()],
        specific: program
            .definitions
            .iter()
            .map(Definition::is_specific)
            .collect(),
        is_specific: false,
        once: 0,
    };
    for number in 0..program.definitions.len() {
        settler.definition(program, number);
    }
    for number in 0..program.functions.len() {
        settler.function(program, number);
    }
    let mut definitions = std::mem::take(&mut program.definitions);
    for definition in &mut definitions {
        settler.is_specific = definition.is_specific();
        let needs = settler.mark(&mut definition.body.root);
        settler.keep(&mut definition.body.root, needs);
        definition.body.levels = levels(&definition.body.root);
    }
    program.definitions = definitions;
    let mut functions = std::mem::take(&mut program.functions);
    settler.is_specific = false;
    for function in &mut functions {
        settler.mark(&mut function.body.root);
        function.body.levels = levels(&function.body.root);
    }
    program.functions = functions;
    for parameter in &mut program.parameters {
        if let Some(default) = &mut parameter.default {
            default.levels = levels(&default.root);
        }
    }
    program.once_count = settler.once;
}

impl Settler {
    /// Whether a define depends on the records. There are no circles, so this ends.
    fn definition(&mut self, program: &Program, number: usize) -> bool {
        if let Some(Known::Yes(known)) = self.definitions.get(number) {
            return *known;
        }
        let found = program.definitions.get(number);
        let depends =
            found.is_none_or(|found| self.depends(program, &found.body.root, found.is_specific()));
        if let Some(known) = self.definitions.get_mut(number) {
            *known = Known::Yes(depends);
        }
        depends
    }

    fn function(&mut self, program: &Program, number: usize) -> bool {
        if let Some(Known::Yes(known)) = self.functions.get(number) {
            return *known;
        }
        // Functions that the values choose may go around in circles.
        if let Some(known) = self.functions.get_mut(number) {
            *known = Known::Yes(true);
        }
        let found = program.functions.get(number);
        let depends = found.is_none_or(|found| self.depends(program, &found.body.root, false));
        if let Some(known) = self.functions.get_mut(number) {
            *known = Known::Yes(depends);
        }
        depends
    }

    fn depends(&mut self, program: &Program, expression: &Expression, specific: bool) -> bool {
        let own = match &expression.kind {
            ExpressionKind::Retrieve(_)
            | ExpressionKind::Message(_)
            | ExpressionKind::External(_) => true,
            ExpressionKind::Define(number) => {
                let number = *number as usize;
                let lifted = self.specific.get(number) == Some(&true) && !specific;
                lifted || self.definition(program, number)
            }
            ExpressionKind::Call { function, .. } => self.function(program, *function as usize),
            ExpressionKind::Dispatch(dispatch) => {
                let mut all = dispatch.candidates.iter();
                all.any(|(function, _)| self.function(program, *function as usize))
            }
            _ => false,
        };
        if own {
            return true;
        }
        let mut depends = false;
        deeper(|| {
            expression.children(&mut |child| {
                depends = depends || self.depends(program, child, specific);
            });
        });
        depends
    }

    /// Finds what a step needs, and keeps the largest parts below it that need nothing.
    fn mark(&mut self, expression: &mut Expression) -> Needs {
        let mut below: Vec<Needs> = Vec::new();
        deeper(|| expression.children_mut(&mut |child| below.push(self.mark(child))));
        let all = below.iter().fold(NOTHING, |all, one| all.and(*one));
        if let ExpressionKind::Query(query) = &mut expression.kind {
            self.fix(query, &below);
        }
        let needs = self.own(&expression.kind, all);
        if !needs.is_nothing() {
            let mut below = below.iter();
            expression.children_mut(&mut |child| {
                if let Some(needs) = below.next() {
                    self.keep(child, *needs);
                }
            });
        }
        needs
    }

    /// What a step needs, of which this is what the steps right below need together.
    fn own(&self, kind: &ExpressionKind, below: Needs) -> Needs {
        let is_known = |all: &[Known], number: u32| match all.get(number as usize) {
            Some(Known::Yes(false)) => NOTHING,
            _ => RECORDS,
        };
        let own = match kind {
            ExpressionKind::Local(slot) => Needs {
                slots: bit(*slot),
                records: false,
            },
            ExpressionKind::Retrieve(_)
            | ExpressionKind::Message(_)
            | ExpressionKind::External(_) => RECORDS,
            ExpressionKind::Define(number) => {
                let lifted = self.specific.get(*number as usize) == Some(&true);
                match lifted && !self.is_specific {
                    true => RECORDS,
                    false => is_known(&self.definitions, *number),
                }
            }
            ExpressionKind::Call { function, .. } => is_known(&self.functions, *function),
            ExpressionKind::Dispatch(dispatch) => {
                let all = dispatch.candidates.iter();
                all.fold(NOTHING, |all, (function, _)| {
                    all.and(is_known(&self.functions, *function))
                })
            }
            ExpressionKind::Query(query) => return unbound(below, query_slots(query)),
            ExpressionKind::Filter(scoped)
            | ExpressionKind::ForEach(scoped)
            | ExpressionKind::Repeat(scoped) => {
                return unbound(below, bound(scoped.this) | bound(scoped.index));
            }
            ExpressionKind::Sort(list) => return unbound(below, bound(list.sort.slot)),
            ExpressionKind::Fold(fold) => {
                let slots = bound(fold.this) | bound(fold.index) | bound(fold.total);
                return unbound(below, slots);
            }
            _ => NOTHING,
        };
        below.and(own)
    }

    /// What a step needs.
    fn needs(&self, expression: &Expression) -> Needs {
        let mut below = NOTHING;
        deeper(|| expression.children(&mut |child| below = below.and(self.needs(child))));
        self.own(&expression.kind, below)
    }

    /// Notes which relationships have the same source for every row, and which of their conditions can be looked up.
    /// `each` are the needs of the steps right below the query, in their order.
    fn fix(&self, query: &mut Query, each: &[Needs]) {
        let row = query_slots(query) | bit(127);
        let mut at = query.sources.len() + query.lets.len();
        for relationship in &mut query.relationships {
            let needs = each.get(at);
            relationship.is_fixed = needs.is_some_and(|needs| needs.slots & row == 0);
            at += 1 + usize::from(relationship.such_that.is_some());
            let slot = bound(relationship.slot);
            relationship.join = match &relationship.such_that {
                Some(such_that) if relationship.is_fixed && slot != 0 => self.join(such_that, slot),
                _ => None,
            };
        }
    }

    fn join(&self, such_that: &Expression, slot: u128) -> Option<Join> {
        let conjuncts = such_that.conjuncts();
        conjuncts
            .into_iter()
            .enumerate()
            .find_map(|(conjunct, one)| {
                let ExpressionKind::Binary(Binary::Equal, sides) = &one.kind else {
                    return None;
                };
                let [left, right] = (**sides).each_ref().map(|side| self.needs(side).slots);
                let is_split = |related: u128, rest: u128| related == slot && rest & slot == 0;
                let related = match (is_split(left, right), is_split(right, left)) {
                    (true, _) => Side::Left,
                    (_, true) => Side::Right,
                    _ => return None,
                };
                Some(Join { conjunct, related })
            })
    }

    /// Has a step that needs nothing evaluated once, if that is worth it.
    fn keep(&mut self, expression: &mut Expression, needs: Needs) {
        let is_cheap = matches!(
            expression.kind,
            ExpressionKind::Null
                | ExpressionKind::Constant(_)
                | ExpressionKind::Parameter(_)
                | ExpressionKind::Vocabulary(..)
                | ExpressionKind::Once { .. }
        );
        if !needs.is_nothing() || is_cheap {
            return;
        }
        let place = expression.place;
        let kept = Expression {
            place,
            kind: ExpressionKind::Null,
        };
        let kept = std::mem::replace(expression, kept);
        expression.kind = ExpressionKind::Once {
            number: self.once,
            expression: Box::new(kept),
        };
        self.once += 1;
    }
}

/// How deep steps nest.
fn levels(expression: &Expression) -> u32 {
    let mut below = 0;
    deeper(|| expression.children(&mut |child| below = below.max(levels(child))));
    below + 1
}

fn unbound(needs: Needs, slots: u128) -> Needs {
    Needs {
        slots: needs.slots & !slots,
        ..needs
    }
}

fn query_slots(query: &Query) -> u128 {
    let sources = query.sources.iter().map(|source| source.slot);
    let lets = query.lets.iter().map(|(slot, _)| *slot);
    let relationships = query.relationships.iter().map(|one| one.slot);
    let total = match &query.result {
        QueryResult::Aggregate { total, .. } => Some(*total),
        _ => None,
    };
    let sort = query.sort.iter().map(|sort| sort.slot);
    let slots = sources
        .chain(lets)
        .chain(relationships)
        .chain(total)
        .chain(sort);
    slots.fold(0, |all, slot| all | bound(slot))
}
