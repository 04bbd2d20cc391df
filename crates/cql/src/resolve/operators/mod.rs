//! Operators: what they take and return, one module for each chapter of the Reference's Appendix B.
//!
//! A chapter is a table: the operator of ELM and its signatures. [`Translator::apply`] finds the signature that the
//! operands mean, converts them, and builds the node as its [`Shape`] says.

mod arithmetic;
mod written;

use std::sync::OnceLock;

use foldhash::HashMap;

use super::overload::Chosen;
use super::problem::TypeMistake;
use super::signature::Signature;
use super::translator::Translator;
use super::typed::Typed;
use crate::elm::{Kind, Node, Shape};
use crate::model::Spec;
use crate::syntax::Span;

/// A row of a chapter: an operator, one of its signatures.
type Row = (Kind, &'static str);

const CHAPTERS: &[&[Row]] = &[arithmetic::ROWS];

/// The signatures of an operator.
fn signatures(kind: Kind) -> &'static [Signature] {
    static TABLE: OnceLock<HashMap<Kind, Vec<Signature>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: HashMap<Kind, Vec<Signature>> = HashMap::default();
        for (kind, text) in CHAPTERS.iter().copied().flatten() {
            // A test reads all rows: none is lost here.
            if let Ok(signature) = Signature::parse(text) {
                table.entry(*kind).or_default().push(signature);
            }
        }
        table
    });
    table.get(&kind).map_or(&[], Vec::as_slice)
}

impl Translator<'_> {
    /// The operator on these operands, which are converted to what it takes. `written` is how the text names it.
    pub fn apply(
        &mut self,
        kind: Kind,
        written: &str,
        operands: Vec<Typed>,
        span: Span,
    ) -> Option<Typed> {
        let types: Vec<Spec> = operands.iter().map(|one| one.ty.clone()).collect();
        match self.conversions.choose(signatures(kind), &types) {
            Ok(chosen) => {
                let operands = self.as_chosen(operands, &chosen);
                let node = self.node_of(kind, operands);
                Some(Typed::new(node, chosen.result))
            }
            Err(source) => {
                let operator = written.into();
                self.refuse(TypeMistake::Overload { operator, source }, span)
            }
        }
    }

    /// The operands converted as the signature wants them.
    pub fn as_chosen(&self, operands: Vec<Typed>, chosen: &Chosen) -> Vec<Node> {
        let wanted = chosen.operands.iter().zip(&chosen.usable);
        operands
            .into_iter()
            .zip(wanted)
            .map(|(operand, (to, usable))| self.converted(operand, to, usable).node)
            .collect()
    }

    /// A node with its operands as its shape has them.
    fn node_of(&self, kind: Kind, operands: Vec<Node>) -> Node {
        let mut operands = operands;
        match kind.shape() {
            Shape::Unary => match operands.pop() {
                Some(operand) => Node::new(kind).with("operand", operand),
                None => Node::new(kind),
            },
            _ => Node::new(kind).with("operand", operands),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_a_signature() {
        for (kind, text) in CHAPTERS.iter().copied().flatten() {
            assert!(Signature::parse(text).is_ok(), "{kind:?}: {text}");
        }
    }
}
