//! `if` and `case` (Author's Guide §6).

use super::translator::Translator;
use super::type_mistake::TypeMistake;
use super::typed::{Typed, choice_of, is_any, system};
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::syntax::{Case, Expr, ExprKind, Literal, Span};

impl Translator<'_> {
    /// `if condition then then else otherwise`
    pub fn condition(
        &mut self,
        condition: &Expr,
        (then, otherwise): (&Expr, &Expr),
        span: Span,
    ) -> Option<Typed> {
        let test = self.condition_of(condition);
        let (then, otherwise) = (self.expression(then), self.expression(otherwise));
        self.choose_between(test?, then?, otherwise?, span)
    }

    /// A condition, which must be a Boolean.
    fn condition_of(&mut self, condition: &Expr) -> Option<Typed> {
        let test = self.expression(condition)?;
        self.fit(test, &system("Boolean"), condition.span)
    }

    /// `If`, whose branches become of one type.
    pub fn choose_between(
        &mut self,
        test: Typed,
        then: Typed,
        otherwise: Typed,
        span: Span,
    ) -> Option<Typed> {
        let ty = self.common(&then.ty, &otherwise.ty);
        let then = self.fit(then, &ty, span)?;
        let otherwise = self.fit(otherwise, &ty, span)?;
        let node = Node::new(Kind::If)
            .with("condition", test.node)
            .with("then", then.node)
            .with("else", otherwise.node);
        Some(Typed::new(node, ty))
    }

    /// `case … end`
    pub fn case(&mut self, case: &Case, span: Span) -> Option<Typed> {
        self.warn_unreachable(case);
        let comparand = case.comparand.as_ref().map(|one| self.expression(one));
        let mut items = Vec::new();
        for item in &case.items {
            let when = match &comparand {
                Some(_) => self.expression(&item.when),
                None => self.condition_of(&item.when),
            };
            items.push((when, self.expression(&item.then)));
        }
        let otherwise = self.expression(&case.otherwise);
        let comparand = match comparand {
            Some(comparand) => Some(comparand?),
            None => None,
        };
        let items: Vec<(Typed, Typed)> = items
            .into_iter()
            .map(|(when, then)| when.zip(then))
            .collect::<Option<_>>()?;
        self.case_of(case, comparand, items, otherwise?, span)
    }

    fn case_of(
        &mut self,
        case: &Case,
        mut comparand: Option<Typed>,
        items: Vec<(Typed, Typed)>,
        otherwise: Typed,
        span: Span,
    ) -> Option<Typed> {
        if let Some(value) = comparand.take() {
            let ty = self.compared_as(&value.ty, &items);
            comparand = Some(self.fit(value, &ty, span)?);
        }
        let results = items
            .iter()
            .map(|(_, then)| &then.ty)
            .chain([&otherwise.ty]);
        let ty = results
            .cloned()
            .reduce(|so_far, ty| self.common(&so_far, &ty))
            .unwrap_or_else(|| system("Any"));
        let mut nodes = Vec::new();
        for ((when, then), source) in items.into_iter().zip(&case.items) {
            let when = match &comparand {
                Some(value) => self.fit(when, &value.ty, source.when.span),
                None => Some(when),
            };
            let then = self.fit(then, &ty, source.then.span);
            nodes.push(
                Node::part(Kind::CaseItem)
                    .with("when", when?.node)
                    .with("then", then?.node),
            );
        }
        let otherwise = self.fit(otherwise, &ty, case.otherwise.span)?;
        let mut node = Node::new(Kind::Case);
        if let Some(comparand) = comparand {
            node.set("comparand", comparand.node);
        }
        node.set("caseItem", nodes);
        node.set("else", otherwise.node);
        Some(Typed::new(node, ty))
    }

    /// The type that a comparand is compared as: its own, or that of the cases when these are wider.
    fn compared_as(&self, comparand: &Spec, items: &[(Typed, Typed)]) -> Spec {
        let fits = |from: &Spec, to: &Spec| self.conversions.usable(from, to).is_some();
        let wider = items
            .iter()
            .map(|(when, _)| &when.ty)
            .find(|when| !fits(when, comparand) && fits(comparand, when));
        wider.unwrap_or(comparand).clone()
    }

    /// Says which cases can never be: what is after `when true`, and a value a second time.
    fn warn_unreachable(&mut self, case: &Case) {
        let is_condition = case.comparand.is_none();
        let mut seen: Vec<&Expr> = Vec::new();
        let mut always = false;
        for item in &case.items {
            let literal = match &item.when.kind {
                ExprKind::Literal(literal) => Some(literal),
                _ => None,
            };
            let never = literal == Some(&Literal::Null)
                || is_condition && literal == Some(&Literal::Boolean(false));
            if always || never || seen.contains(&&item.when) {
                self.warn(TypeMistake::Unreachable, item.when.span);
            }
            always |= is_condition && literal == Some(&Literal::Boolean(true));
            seen.push(&item.when);
        }
    }

    /// The value as one of this type; as it is when it is one.
    pub fn fit(&mut self, value: Typed, to: &Spec, span: Span) -> Option<Typed> {
        if self.conversions.is_kind_of(&value.ty, to) {
            return Some(value);
        }
        self.convert(value, to, span)
    }

    /// The type that values of both types become: one of the two, or the choice of both.
    pub fn common(&self, one: &Spec, other: &Spec) -> Spec {
        self.compatible_type(one, other)
            .unwrap_or_else(|| choice_of([one.clone(), other.clone()]))
    }

    /// The one of two types that values of both become. Choices are not narrowed to what converts.
    pub fn compatible_type(&self, one: &Spec, other: &Spec) -> Option<Spec> {
        let fits = |from: &Spec, to: &Spec| {
            self.conversions.is_kind_of(from, to) || self.conversions.is_compatible(from, to)
        };
        let chosen = if is_any(one) {
            other
        } else if is_any(other) || fits(other, one) {
            one
        } else if fits(one, other) {
            other
        } else if matches!(one, Spec::Choice(_)) || matches!(other, Spec::Choice(_)) {
            return None;
        } else if self.conversions.usable(other, one).is_some() {
            one
        } else {
            self.conversions.usable(one, other)?;
            other
        };
        Some(chosen.clone())
    }
}
