//! In which order definitions are translated: each after those that it names.
//!
//! Definitions may name those that come later in the text, and those again others. Walking that recursively would need
//! as much stack as a chain of definitions is long, so it is walked here, with a stack of its own. That a name is a
//! definition is only guessed here: an alias may hide it. A guess too many costs nothing, and what is missed is
//! translated when it is met.

use crate::resolve::names::{Names, State, What};
use crate::syntax::{Expr, ExprKind, ItemKind};

/// Which definitions were looked at.
#[derive(Default)]
pub(super) struct Order {
    seen: Vec<bool>,
}

impl Order {
    /// The definitions that must be translated before and with this one, in their order; those that were given before
    /// are left out.
    pub fn upto(&mut self, names: &Names<'_>, root: usize) -> Vec<usize> {
        self.seen.resize(names.definitions.len(), false);
        let mut order = Vec::new();
        let mut stack = Vec::new();
        self.enter(names, root, &mut stack);
        while let Some((at, needs)) = stack.last_mut() {
            match needs.pop() {
                Some(next) => self.enter(names, next, &mut stack),
                None => {
                    order.push(*at);
                    stack.pop();
                }
            }
        }
        order
    }

    fn enter(&mut self, names: &Names<'_>, at: usize, stack: &mut Vec<(usize, Vec<usize>)>) {
        let waiting = |at: usize| names.get(at).is_some_and(|one| one.state == State::Waiting);
        if let Some(seen) = self.seen.get_mut(at)
            && !std::mem::replace(seen, true)
            && waiting(at)
        {
            stack.push((at, needs(names, at)));
        }
    }
}

/// The definitions that one names, the first last.
fn needs(names: &Names<'_>, at: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let expr = names.get(at).and_then(|one| match &one.item.kind {
        ItemKind::Define { expr, .. } => Some(expr),
        ItemKind::Parameter { default, .. } => default.as_ref(),
        ItemKind::Function(function) => function.body.as_ref(),
        _ => None,
    });
    if let Some(expr) = expr {
        gather(names, expr, &mut found);
    }
    found.reverse();
    found
}

/// The tree is as deep as its reader allows, so this may recurse.
fn gather(names: &Names<'_>, expr: &Expr, found: &mut Vec<usize>) {
    expr.kind
        .for_each_child(&mut |child: &Expr| gather(names, child, found));
    match &expr.kind {
        ExprKind::Identifier(name) => {
            let at = names.named(&name.text);
            let statement = |at: &usize| {
                names.get(*at).is_some_and(|one| {
                    matches!(one.what, What::Expression | What::Parameter | What::Context)
                })
            };
            found.extend(at.filter(statement));
        }
        ExprKind::Call { name, .. } => found.extend(names.functions(&name.text)),
        _ => {}
    }
}
