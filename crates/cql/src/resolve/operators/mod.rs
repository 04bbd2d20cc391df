//! Operators: what they take and return, one module for each chapter of the Reference's Appendix B.
//!
//! A chapter is a table: operators of ELM and their signatures. [`Translator::apply`] finds the signature that the
//! operands mean, converts them, and builds the node as its [`Shape`] and [`fields`] say.

mod age;
mod aggregate;
mod arithmetic;
mod call;
mod clinical;
mod comparison;
mod interval;
mod list;
mod logic;
mod membership;
mod message;
mod method;
mod string;
mod temporal;
mod timing;
mod types;
mod written;

use std::sync::OnceLock;

use foldhash::HashMap;

use super::conversion::Leniency;
use super::options::Signatures;
use super::overload::Chosen;
use super::signature::Signature;
use super::translator::Translator;
use super::type_mistake::TypeMistake;
use super::typed::Typed;
use crate::elm::{Kind, Node, Shape};
use crate::model::Spec;
use crate::syntax::Span;

/// Operators of a chapter, and the signatures that each of them has.
type Rows = (&'static [Kind], &'static [&'static str]);

const CHAPTERS: &[&[Rows]] = &[
    logic::ROWS,
    types::ROWS,
    comparison::ROWS,
    arithmetic::ROWS,
    string::ROWS,
    temporal::ROWS,
    interval::ROWS,
    list::ROWS,
    aggregate::ROWS,
    clinical::ROWS,
    message::ROWS,
];

fn rows() -> impl Iterator<Item = (Kind, &'static str)> {
    let rows = CHAPTERS.iter().copied().flatten();
    rows.flat_map(|(kinds, texts)| {
        kinds
            .iter()
            .flat_map(move |kind| texts.iter().map(move |text| (*kind, *text)))
    })
}

/// The signatures of an operator.
pub(super) fn signatures(kind: Kind) -> &'static [Signature] {
    static TABLE: OnceLock<HashMap<Kind, Vec<Signature>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: HashMap<Kind, Vec<Signature>> = HashMap::default();
        for (kind, text) in rows() {
            // A test reads all rows: none is lost here.
            if let Ok(signature) = Signature::parse(text) {
                table.entry(kind).or_default().push(signature);
            }
        }
        table
    });
    table.get(&kind).map_or(&[], Vec::as_slice)
}

/// The fields that hold the operands of operators with fields of their own.
fn fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Round => &["operand", "precision"],
        Kind::Combine => &["source", "separator"],
        Kind::Split => &["stringToSplit", "separator"],
        Kind::SplitOnMatches => &["stringToSplit", "separatorPattern"],
        Kind::PositionOf | Kind::LastPositionOf => &["pattern", "string"],
        Kind::Substring => &["stringToSub", "startIndex", "length"],
        Kind::First | Kind::Last => &["source"],
        Kind::IndexOf => &["source", "element"],
        Kind::Slice => &["source", "startIndex", "endIndex"],
        Kind::Date => &["year", "month", "day"],
        Kind::Time => &["hour", "minute", "second", "millisecond"],
        Kind::DateTime => &[
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
            "millisecond",
            "timezoneOffset",
        ],
        Kind::Message => &["source", "condition", "code", "severity", "message"],
        Kind::InValueSet => &["code", "valuesetExpression"],
        Kind::AnyInValueSet => &["codes", "valuesetExpression"],
        Kind::InCodeSystem => &["code", "codesystemExpression"],
        Kind::AnyInCodeSystem => &["codes", "codesystemExpression"],
        _ => &[],
    }
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
        let leniency = self.conversions.leniency();
        self.apply_by(kind, written, operands, leniency, span)
    }

    /// The same, with other steps between single values and lists or intervals.
    pub fn apply_by(
        &mut self,
        kind: Kind,
        written: &str,
        operands: Vec<Typed>,
        leniency: Leniency,
        span: Span,
    ) -> Option<Typed> {
        let types: Vec<Spec> = operands.iter().map(|one| one.ty.clone()).collect();
        match self
            .conversions
            .choose_by(signatures(kind), &types, leniency)
        {
            Ok(chosen) => self.apply_chosen(kind, operands, &chosen, span),
            Err(source) => {
                let operator = written.into();
                self.refuse(TypeMistake::Overload { operator, source }, span)
            }
        }
    }

    /// The operator by the signature that was chosen.
    pub fn apply_chosen(
        &mut self,
        kind: Kind,
        operands: Vec<Typed>,
        chosen: &Chosen,
        span: Span,
    ) -> Option<Typed> {
        let differs = operands
            .iter()
            .zip(&chosen.operands)
            .any(|(operand, wanted)| operand.ty != *wanted);
        let operands = self.as_chosen(operands, chosen, span)?;
        let mut node = node_of(kind, operands);
        self.sign(&mut node, &chosen.operands, chosen.overloaded, differs);
        Some(Typed::new(node, chosen.result.clone()))
    }

    /// Writes the types that an operator or function takes, if the options want it.
    pub fn sign(&self, node: &mut Node, types: &[Spec], overloaded: bool, differs: bool) {
        let signed = match self.options.signatures {
            Signatures::None => false,
            Signatures::Differing => differs,
            Signatures::Overloads => overloaded,
            Signatures::All => true,
        };
        if signed {
            node.set("signature", self.type_specifiers(types));
        }
    }

    /// The operands converted as the signature wants them.
    pub fn as_chosen(
        &mut self,
        operands: Vec<Typed>,
        chosen: &Chosen,
        span: Span,
    ) -> Option<Vec<Node>> {
        operands
            .into_iter()
            .zip(&chosen.usable)
            .map(|(operand, usable)| Some(self.converted(operand, usable, span)?.node))
            .collect()
    }

    /// An operator on one operand, whose node is marked: for what a phrase says of one of its sides.
    pub fn applied(&mut self, kind: Kind, operand: Typed, span: Span) -> Option<Typed> {
        let mut typed = self.apply(kind, kind.name(), vec![operand], span)?;
        self.mark(&mut typed.node, &typed.ty, span);
        Some(typed)
    }

    /// The same on two operands.
    pub fn applied_to_two(
        &mut self,
        kind: Kind,
        left: Typed,
        right: Typed,
        span: Span,
    ) -> Option<Typed> {
        let mut typed = self.apply(kind, kind.name(), vec![left, right], span)?;
        self.mark(&mut typed.node, &typed.ty, span);
        Some(typed)
    }
}

/// A node with its operands as its shape has them.
fn node_of(kind: Kind, mut operands: Vec<Node>) -> Node {
    let node = Node::new(kind);
    match kind.shape() {
        Shape::Unary | Shape::Aggregate => {
            let field = if kind.shape() == Shape::Unary {
                "operand"
            } else {
                "source"
            };
            match operands.pop() {
                Some(operand) => node.with(field, operand),
                None => node,
            }
        }
        Shape::Own => fields(kind)
            .iter()
            .zip(operands)
            .fold(node, |node, (field, operand)| node.with(field, operand)),
        _ => node.with("operand", operands),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_a_signature() {
        for (kind, text) in rows() {
            assert!(Signature::parse(text).is_ok(), "{kind:?}: {text}");
        }
    }

    #[test]
    fn operators_with_fields_of_their_own_have_one_for_each_operand() {
        for (kind, text) in rows().filter(|(kind, _)| kind.shape() == Shape::Own) {
            let operands = Signature::parse(text).unwrap().operands.len();
            assert!(fields(kind).len() >= operands, "{kind:?}: {text}");
        }
    }
}
