//! Types in expressions: `is`, `as`, `cast`, `convert`, `minimum` (Author's Guide §8, Reference §2).

use salus_values::{CalendarUnit, Unit};

use super::translator::Translator;
use super::type_mistake::TypeMistake;
use super::typed::{Typed, system};
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::syntax::{ConvertTarget, Expr, Span, TypeOperator, TypeSpecifier};

/// The types of System that have a smallest and a largest value.
const BOUNDED: [&str; 7] = [
    "Integer", "Long", "Decimal", "Quantity", "Date", "DateTime", "Time",
];

impl Translator<'_> {
    /// `operand is Type`, `operand as Type`, `cast operand as Type`
    pub fn type_operator(
        &mut self,
        operator: TypeOperator,
        operand: &Expr,
        ty: &TypeSpecifier,
        span: Span,
    ) -> Option<Typed> {
        let (value, wanted) = (self.expression(operand), self.type_of(ty));
        let (value, wanted) = (value?, wanted?);
        let mut specifier = self.type_specifier(&wanted);
        self.mark(&mut specifier, &wanted, ty.span);
        if operator == TypeOperator::Is {
            let node = Node::new(Kind::Is)
                .with("operand", value.node)
                .with("isTypeSpecifier", specifier);
            return Some(Typed::system(node, "Boolean"));
        }
        if !self.is_castable(&value.ty, &wanted) {
            let given = value.ty;
            return self.refuse(TypeMistake::NeverA { given, wanted }, span);
        }
        let node = Node::new(Kind::As)
            .with("strict", operator == TypeOperator::Cast)
            .with("operand", value.node)
            .with("asTypeSpecifier", specifier);
        Some(Typed::new(node, wanted))
    }

    /// Whether a value of this type can be one of the other.
    pub fn is_castable(&self, from: &Spec, to: &Spec) -> bool {
        let related = |one: &Spec, other: &Spec| {
            self.conversions.is_kind_of(one, other)
                || self.conversions.is_kind_of(other, one)
                || self.conversions.is_compatible(one, other)
        };
        if related(from, to) {
            return true;
        }
        match (from, to) {
            (Spec::List(from), Spec::List(to)) | (Spec::Interval(from), Spec::Interval(to)) => {
                self.is_castable(from, to)
            }
            (Spec::Choice(types), to) => types.iter().any(|one| self.is_castable(one, to)),
            (from, Spec::Choice(types)) => types.iter().any(|one| self.is_castable(from, one)),
            _ => false,
        }
    }

    /// `convert operand to Type`, `convert operand to unit`
    pub fn conversion(&mut self, operand: &Expr, to: &ConvertTarget, span: Span) -> Option<Typed> {
        let value = self.expression(operand);
        match to {
            ConvertTarget::Type(ty) => {
                let wanted = self.type_of(ty);
                self.convert_explicitly(value?, &wanted?, span)
            }
            ConvertTarget::Unit(unit) => {
                let mut unit = self.value("String", ucum_code(unit).as_str());
                self.mark(&mut unit.node, &unit.ty, span);
                self.apply(Kind::ConvertQuantity, "convert", vec![value?, unit], span)
            }
        }
    }

    /// The value converted to this type, also by conversions that are not made by themselves.
    pub fn convert_explicitly(&mut self, value: Typed, to: &Spec, span: Span) -> Option<Typed> {
        match self.conversions.convertible(&value.ty, to) {
            Some(usable) => self.converted(value, &usable, span),
            None => {
                let (given, wanted) = (value.ty, to.clone());
                self.refuse(TypeMistake::NoConversion { given, wanted }, span)
            }
        }
    }

    /// `minimum Type`, `maximum Type`
    pub fn extent(&mut self, maximum: bool, ty: &TypeSpecifier) -> Option<Typed> {
        let spec = self.type_of(ty)?;
        let bounded = BOUNDED.iter().any(|name| spec == system(name));
        let name = spec.name().filter(|_| bounded);
        let Some(name) = name.map(|name| self.type_name(name)) else {
            return self.refuse(TypeMistake::Unbounded { ty: spec }, ty.span);
        };
        let kind = if maximum {
            Kind::MaxValue
        } else {
            Kind::MinValue
        };
        Some(Typed::new(Node::new(kind).with("valueType", name), spec))
    }
}

/// The unit in UCUM: units of calendars become the definite ones.
fn ucum_code(unit: &Unit) -> String {
    match unit {
        Unit::Ucum(unit) => unit.code().to_owned(),
        Unit::Calendar(unit) => calendar_code(*unit).to_owned(),
    }
}

fn calendar_code(unit: CalendarUnit) -> &'static str {
    unit.ucum_code()
}
