//! Membership and sets: which operator `in`, `contains`, `includes`, `during`, `union` mean by the types of their
//! operands (Reference §7, §9 and §12).

use std::cmp::Ordering;

use super::super::conversion::Leniency;
use super::super::overload::{Chosen, OverloadError};
use super::super::translator::Translator;
use super::super::type_mistake::TypeMistake;
use super::super::typed::{Typed, choice_of, is_any, list_of, system};
use super::signatures;
use super::written::precision_name;
use crate::elm::{Field, Kind, Node};
use crate::model::Spec;
use crate::syntax::{Precision, Span};

/// What terminology a value is looked up in.
#[derive(Clone, Copy)]
enum Terminology {
    ValueSet,
    CodeSystem,
}

/// Which operator is meant where one side is a null of no type and the other a list. A null for the larger side is a
/// list, too, since else the other would be an item of it. A null for the smaller side is one for `includes`, and an
/// item for `properly includes`: the official suite has it so (`IncludesNullRight`, `ProperContainsNullRightFalse`).
fn beside_null((whole, member): (Kind, Kind), left: &Spec, right: &Spec) -> Option<Kind> {
    let is_list = |ty: &Spec| matches!(ty, Spec::List(_));
    let (larger, smaller) = match whole {
        Kind::Includes | Kind::ProperIncludes => (left, right),
        _ => (right, left),
    };
    match (is_any(larger), is_any(smaller)) {
        (true, false) if is_list(smaller) => Some(whole),
        (false, true) if is_list(larger) => match whole {
            Kind::Includes | Kind::IncludedIn => Some(whole),
            _ => Some(member),
        },
        _ => None,
    }
}

impl Translator<'_> {
    /// `left in right`
    pub fn member_of(
        &mut self,
        left: Typed,
        right: Typed,
        precision: Option<Precision>,
        span: Span,
    ) -> Option<Typed> {
        match (precision, self.terminology(&right)) {
            (None, Some(terminology)) => self.in_terminology(terminology, left, right, span),
            _ => self.precise(Kind::In, "in", left, right, precision, span),
        }
    }

    /// `left contains right`
    pub fn contains(
        &mut self,
        left: Typed,
        right: Typed,
        precision: Option<Precision>,
        span: Span,
    ) -> Option<Typed> {
        match (precision, self.terminology(&left)) {
            (None, Some(terminology)) => self.in_terminology(terminology, right, left, span),
            _ => self.precise(Kind::Contains, "contains", left, right, precision, span),
        }
    }

    fn terminology(&self, value: &Typed) -> Option<Terminology> {
        let is = |name: &str| self.conversions.is_compatible(&value.ty, &system(name));
        match value.node.kind() {
            Kind::ValueSetRef => Some(Terminology::ValueSet),
            Kind::CodeSystemRef => Some(Terminology::CodeSystem),
            _ if is_any(&value.ty) => None,
            _ if is("ValueSet") => Some(Terminology::ValueSet),
            _ if is("CodeSystem") => Some(Terminology::CodeSystem),
            _ => None,
        }
    }

    /// `InValueSet`, `AnyInCodeSystem`, …: a reference stands in a field of its own, any other expression is an
    /// operand.
    pub fn in_terminology_of(
        &mut self,
        code: Typed,
        terminology: Typed,
        span: Span,
    ) -> Option<Typed> {
        let which = self
            .terminology(&terminology)
            .unwrap_or(Terminology::ValueSet);
        self.in_terminology(which, code, terminology, span)
    }

    fn in_terminology(
        &mut self,
        which: Terminology,
        code: Typed,
        terminology: Typed,
        span: Span,
    ) -> Option<Typed> {
        let is_list = matches!(code.ty, Spec::List(_));
        let (kind, field, reference) = match (which, is_list) {
            (Terminology::ValueSet, false) => (Kind::InValueSet, "valueset", Kind::ValueSetRef),
            (Terminology::ValueSet, true) => (Kind::AnyInValueSet, "valueset", Kind::ValueSetRef),
            (Terminology::CodeSystem, false) => {
                (Kind::InCodeSystem, "codesystem", Kind::CodeSystemRef)
            }
            (Terminology::CodeSystem, true) => {
                (Kind::AnyInCodeSystem, "codesystem", Kind::CodeSystemRef)
            }
        };
        if terminology.node.kind() != reference {
            return self.apply(kind, "in", vec![code, terminology], span);
        }
        let mut typed = self.apply(kind, "in", vec![code], span)?;
        typed.node.set(field, as_part(&terminology.node));
        Some(typed)
    }

    /// The operator with a precision to compare points in time with.
    pub fn precise(
        &mut self,
        kind: Kind,
        written: &str,
        left: Typed,
        right: Typed,
        precision: Option<Precision>,
        span: Span,
    ) -> Option<Typed> {
        let leniency = self.conversions.leniency();
        self.precise_by(kind, written, left, right, precision, leniency, span)
    }

    /// The same, with other steps between points and intervals.
    #[expect(
        clippy::too_many_arguments,
        reason = "an operator, its operands and its options"
    )]
    pub fn precise_by(
        &mut self,
        kind: Kind,
        written: &str,
        left: Typed,
        right: Typed,
        precision: Option<Precision>,
        leniency: Leniency,
        span: Span,
    ) -> Option<Typed> {
        if precision == Some(Precision::Week) {
            return self.refuse(TypeMistake::NoWeeks, span);
        }
        let mut typed = self.apply_by(kind, written, vec![left, right], leniency, span)?;
        if let Some(precision) = precision {
            typed.node.set("precision", precision_name(precision));
        }
        Some(typed)
    }

    /// The operator on whole intervals or lists (`Includes`), or on a point or item (`Contains`): the one to whose
    /// types the operands are less far.
    pub fn whole_or_member(
        &mut self,
        (whole, member): (Kind, Kind),
        written: &str,
        left: Typed,
        right: Typed,
        precision: Option<Precision>,
        span: Span,
    ) -> Option<Typed> {
        if let Some(kind) = beside_null((whole, member), &left.ty, &right.ty) {
            return self.precise(kind, written, left, right, precision, span);
        }
        let types = [left.ty.clone(), right.ty.clone()];
        match self.closer(whole, member, &types) {
            Ok(kind) => self.precise(kind, written, left, right, precision, span),
            Err(source) => {
                let operator = written.into();
                self.refuse(TypeMistake::Overload { operator, source }, span)
            }
        }
    }

    /// Which of two operators is meant by operands of these types.
    fn closer(&self, whole: Kind, member: Kind, types: &[Spec]) -> Result<Kind, OverloadError> {
        let as_whole = self.conversions.choose(signatures(whole), types);
        let as_member = self.conversions.choose(signatures(member), types);
        let (one, other) = match (&as_whole, &as_member) {
            (Ok(one), Ok(other)) => (one, other),
            (Err(_), Ok(_)) => return Ok(member),
            _ => return Ok(whole),
        };
        let rank = |chosen: &Chosen| {
            (
                chosen.distance(),
                self.conversions.complexity(&chosen.operands),
            )
        };
        match rank(one).cmp(&rank(other)) {
            Ordering::Less => Ok(whole),
            Ordering::Greater => Ok(member),
            // Both sides are null: so is the result.
            Ordering::Equal if types.iter().all(is_any) => Ok(whole),
            Ordering::Equal => Err(OverloadError::Ambiguous {
                operands: types.to_vec(),
                candidates: [(whole, one), (member, other)]
                    .iter()
                    .filter_map(|(kind, chosen)| signatures(*kind).get(chosen.nth).cloned())
                    .collect(),
            }),
        }
    }

    /// `left union right`, `left intersect right`. Of a chain, every second pair leans to the right, so that the ELM is
    /// half as deep; but not in a union of intervals: a gap between two of them makes null, which the next cannot
    /// close.
    pub fn chained(&mut self, kind: Kind, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let leans = kind != Kind::Union || !matches!(left.ty, Spec::Interval(_));
        if leans && let Some((first, second)) = pair(kind, &left.node) {
            let first = Typed::new(first.clone(), left.ty.clone());
            let second = Typed::new(second.clone(), left.ty);
            let second = self.chained(kind, second, right, span)?;
            return self.set_operator(kind, first, second, span);
        }
        self.set_operator(kind, left, right, span)
    }

    /// `union`, `intersect`, `except`: of lists with items of unrelated types, both are lists of either.
    pub fn set_operator(
        &mut self,
        kind: Kind,
        left: Typed,
        right: Typed,
        span: Span,
    ) -> Option<Typed> {
        let (left, right) = match self.joint_list(&left.ty, &right.ty) {
            Some(joint) => (self.cast(left, &joint), self.cast(right, &joint)),
            None => (left, right),
        };
        let written = match kind {
            Kind::Union => "union",
            Kind::Intersect => "intersect",
            _ => "except",
        };
        self.apply(kind, written, vec![left, right], span)
    }

    /// The list of a choice that both lists are cast to, when neither is a list of what the other has.
    fn joint_list(&self, left: &Spec, right: &Spec) -> Option<Spec> {
        let (Spec::List(one), Spec::List(other)) = (left, right) else {
            return None;
        };
        let fits = |from: &Spec, to: &Spec| self.conversions.is_kind_of(from, to);
        if fits(left, right) || fits(right, left) {
            return None;
        }
        let all = one.alternatives().iter().chain(other.alternatives());
        match choice_of(all.cloned()) {
            joint @ Spec::Choice(_) => Some(list_of(joint)),
            _ => None,
        }
    }
}

/// The operands of this node when it is a chain to the left: its first one is of the kind, too, and its second is not.
fn pair(kind: Kind, node: &Node) -> Option<(&Node, &Node)> {
    let mut operands = node.operands();
    let (first, second) = (operands.next()?, operands.next()?);
    let is_chain = node.kind() == kind && first.kind() == kind && second.kind() != kind;
    is_chain.then_some((first, second))
}

/// The node as a field holds it whose class is known: without `type`.
pub(in super::super) fn as_part(node: &Node) -> Node {
    node.fields().filter(|(name, _)| *name != "type").fold(
        Node::part(node.kind()),
        |part, (name, field): (&str, &Field)| part.with(name, field.clone()),
    )
}
