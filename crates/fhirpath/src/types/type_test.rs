//! `is`, `as`, `ofType`, as operators and as functions.

use salus_base::suggest;

use super::checker::{Checker, shown};
use super::count::Count;
use super::model;
use super::problem::TypeProblem;
use super::shape::{Shape, Type};
use crate::program::{self, SystemType};
use crate::syntax::{Expr, TypeOperator, TypeSpecifier};

impl Checker<'_> {
    pub(super) fn type_test(
        &mut self,
        operand: &Expr,
        operator: TypeOperator,
        ty: &TypeSpecifier,
    ) -> Shape {
        let shape = self.expression(operand);
        self.single(
            &shape,
            || format!("the left side of `{}`", operator.symbol()),
            operand.span,
        );
        match operator {
            TypeOperator::Is => self.is(&shape, ty),
            TypeOperator::As => self.only(&shape, ty),
        }
    }

    /// `is`: whether items are of a type.
    pub(super) fn is(&mut self, shape: &Shape, ty: &TypeSpecifier) -> Shape {
        if let Some(specifier) = self.specifier(ty)
            && !shape.is_empty()
            && !model::may_be(shape, specifier)
        {
            self.never(shape, ty);
        }
        Shape::of(Type::System(SystemType::Boolean), Count::AT_MOST_ONE)
    }

    /// `as`, `ofType`: the items of a type.
    pub(super) fn only(&mut self, shape: &Shape, ty: &TypeSpecifier) -> Shape {
        let Some(specifier) = self.specifier(ty) else {
            return Shape::unknown();
        };
        let kept = model::kept(shape, specifier);
        if kept.is_empty() && !shape.is_empty() {
            self.never(shape, ty);
        }
        kept
    }

    fn never(&mut self, shape: &Shape, ty: &TypeSpecifier) {
        self.warn(TypeProblem::NeverOfType {
            found: shown(shape),
            ty: ty.to_string(),
            span: ty.span(),
        });
    }

    pub(super) fn specifier(&mut self, ty: &TypeSpecifier) -> Option<program::TypeSpecifier> {
        let namespace = ty.namespace.as_ref().map(|name| &*name.text);
        let found = program::TypeSpecifier::resolve(namespace, &ty.name.text);
        if found.is_none() {
            let near = suggest::closest(&ty.name.text, program::TypeSpecifier::names());
            self.error(TypeProblem::NoSuchType {
                name: ty.to_string(),
                suggestion: near.map(str::to_owned),
                span: ty.span(),
            });
        }
        found
    }
}
