//! Operators that are functions of their operands.

use std::convert::Infallible;

use salus_values::CountedUnit;

use super::body::Body;
use crate::elm::{Kind, Node};
use crate::operators::interval::of_unknown_point_type;
use crate::program::error::ProgramProblem;
use crate::program::expression::{Bound, Expression, ExpressionKind, Literal, Property};
use crate::program::operator::{Binary, Counted, Nary, Precise, Ternary, Unary, operand_fields};
use crate::program::path::Path;
use crate::program::types::{SystemType, Type};

impl<'l> Body<'_, 'l> {
    pub(super) fn operator(&mut self, node: &'l Node) -> ExpressionKind {
        let kind = node.kind();
        if let Some(value) = self.without_point_type(node) {
            return value;
        }
        match kind {
            Kind::CalculateAge => {
                let unit = self.unit(node);
                let operand = self.field(node, "operand");
                return ExpressionKind::Age(unit, Box::new(operand));
            }
            Kind::DateTimeComponentFrom => {
                let Some(precision) = self.precision(node) else {
                    return self.malformed(node, "precision");
                };
                let operand = self.field(node, "operand");
                return ExpressionKind::Component(precision, Box::new(operand));
            }
            Kind::Start | Kind::End => return self.bound(node),
            Kind::Length if self.takes_list(node) => {
                let operand = self.field(node, "operand");
                return ExpressionKind::LengthOfList(Box::new(operand));
            }
            Kind::Union => return self.union(node),
            Kind::Exists => {
                let operand = self.field(node, "operand");
                return match &operand.kind {
                    ExpressionKind::Query(query) if query.is_of_rows() => {
                        ExpressionKind::ExistsRow(Box::new(operand))
                    }
                    _ => ExpressionKind::Unary(Unary::Exists, Box::new(operand)),
                };
            }
            _ => {}
        }
        if let Some(operator) = Unary::of(kind) {
            let operand = self.one(node);
            return ExpressionKind::Unary(operator, Box::new(operand));
        }
        if let Some(operator) = Binary::of(kind) {
            return self.folded(node, |two| ExpressionKind::Binary(operator, two));
        }
        if let Some(operator) = Precise::of(kind) {
            let precision = self.precision(node);
            return self.folded(node, |two| {
                ExpressionKind::Precise(operator, precision, two)
            });
        }
        if let Some(operator) = Counted::of(kind) {
            let unit = self.unit(node);
            return self.folded(node, |two| ExpressionKind::Counted(operator, unit, two));
        }
        if let Some(operator) = Ternary::of(kind) {
            let operands = self.operands(node);
            return match <[Expression; 3]>::try_from(operands) {
                Ok(three) => ExpressionKind::Ternary(operator, Box::new(three)),
                Err(_) => self.malformed(node, "operand"),
            };
        }
        if let Some(operator) = Nary::of(kind) {
            let mut operands = self.operands(node);
            // What is left out at the end is not there for the operator.
            if let Some(fields) = operand_fields(kind) {
                let there = fields.iter().rposition(|field| node.node(field).is_some());
                operands.truncate(there.map_or(0, |last| last + 1));
            }
            return ExpressionKind::Nary(operator, operands.into());
        }
        self.unknown_operator(node)
    }

    fn unknown_operator(&mut self, node: &Node) -> ExpressionKind {
        let name = match node.kind() {
            Kind::Unknown => node.text("type").unwrap_or("(none)"),
            kind => kind.name(),
        };
        let name = name.to_owned();
        self.report(node, ProgramProblem::UnknownOperator { name })
    }

    /// The operands, wherever the operator holds them; null for those that are left out.
    fn operands(&mut self, node: &'l Node) -> Vec<Expression> {
        match operand_fields(node.kind()) {
            Some(fields) => {
                let operands = fields.iter().map(|field| self.field_or_null(node, field));
                operands.collect()
            }
            None => self.all(node, "operand").into_vec(),
        }
    }

    /// The one operand. An aggregate may be over one element of the items.
    fn one(&mut self, node: &'l Node) -> Expression {
        let field = operand_fields(node.kind()).and_then(|fields| fields.first());
        let operand = self.field(node, field.unwrap_or(&"operand"));
        match node.text("path").map(Path::parse) {
            None => operand,
            Some(Some(path)) => {
                let source = operand;
                let property = ExpressionKind::Property(Box::new(Property { source, path }));
                self.step(node, property)
            }
            Some(None) => {
                self.malformed(node, "path");
                operand
            }
        }
    }

    /// An operator of two operands; of more, of the first two, then of that and the next.
    fn folded(
        &mut self,
        node: &'l Node,
        make: impl Fn(Box<[Expression; 2]>) -> ExpressionKind,
    ) -> ExpressionKind {
        let mut operands = self.operands(node);
        // The unit of `Expand` and `Collapse` may be left out.
        if matches!(node.kind(), Kind::Expand | Kind::Collapse) && operands.len() == 1 {
            operands.push(self.step(node, ExpressionKind::Null));
        }
        let mut operands = operands.into_iter();
        let (Some(left), Some(right)) = (operands.next(), operands.next()) else {
            return self.malformed(node, "operand");
        };
        let mut kind = make(Box::new([left, right]));
        for next in operands {
            let left = self.step(node, kind);
            kind = make(Box::new([left, next]));
        }
        kind
    }

    fn union(&mut self, node: &'l Node) -> ExpressionKind {
        let are_lists = self.takes_list(node);
        self.folded(node, |two| match are_lists {
            true => ExpressionKind::UnionOfLists(two),
            false => ExpressionKind::Binary(Binary::Union, two),
        })
    }

    fn bound(&mut self, node: &'l Node) -> ExpressionKind {
        let bound = match node.kind() {
            Kind::Start => Bound::Start,
            _ => Bound::End,
        };
        let types = self.operand_types(node);
        let point = types.iter().find_map(|ty| match ty {
            Type::Interval(point) => match **point {
                Type::System(point) => Some(point),
                _ => None,
            },
            _ => None,
        });
        let point = point.or_else(|| match self.known_type(node) {
            Some(Type::System(point)) => Some(point),
            _ => None,
        });
        ExpressionKind::Bound(bound, point, Box::new(self.field(node, "operand")))
    }

    fn unit(&mut self, node: &Node) -> CountedUnit {
        match node.text("precision") {
            Some(week) if week.eq_ignore_ascii_case("week") => CountedUnit::Week,
            _ => match self.precision(node) {
                Some(precision) => CountedUnit::Of(precision),
                None => {
                    self.malformed(node, "precision");
                    CountedUnit::Week
                }
            },
        }
    }

    /// The type of a node, as far as ELM says it.
    pub(super) fn known_type(&self, node: &Node) -> Option<Type> {
        let models = self.compiler.models;
        let in_fields = |name| Type::in_fields(node, name, models).ok().flatten();
        if let Some(specifier) = node.result_type_specifier() {
            return Type::of_specifier(specifier, models).ok();
        }
        if let Some(found) = in_fields("resultTypeName") {
            return Some(found);
        }
        match node.kind() {
            Kind::As => in_fields("asType"),
            Kind::Convert => in_fields("toType"),
            Kind::Literal => in_fields("valueType"),
            Kind::Interval => {
                let mut ends = ["low", "high"].into_iter().filter_map(|end| node.node(end));
                let point = ends.find_map(|end| self.known_type(end))?;
                Some(Type::Interval(Box::new(point)))
            }
            Kind::List => Some(Type::List(Box::new(Type::Any))),
            Kind::Date => Some(Type::System(SystemType::Date)),
            Kind::DateTime => Some(Type::System(SystemType::DateTime)),
            Kind::Time => Some(Type::System(SystemType::Time)),
            Kind::Quantity => Some(Type::System(SystemType::Quantity)),
            _ => None,
        }
    }

    /// The types that the operator was chosen for, or else those of its operands, as far as ELM says them.
    fn operand_types(&self, node: &Node) -> Vec<Type> {
        let models = self.compiler.models;
        let signature = node.signature();
        let signature: Vec<Type> = signature
            .filter_map(|specifier| Type::of_specifier(specifier, models).ok())
            .collect();
        match signature.is_empty() {
            true => node
                .operands()
                .filter_map(|operand| self.known_type(operand))
                .collect(),
            false => signature,
        }
    }

    fn takes_list(&self, node: &Node) -> bool {
        let types = self.operand_types(node);
        types.iter().any(|ty| matches!(ty, Type::List(_)))
    }

    /// What an operator gives for an `Interval[null, null]` whose point type nobody says.
    fn without_point_type(&mut self, node: &Node) -> Option<ExpressionKind> {
        let is_null = |interval: &Node, end| {
            let end = interval.node(end);
            let end = match end {
                // A cast that the translator adds says nothing of `strict`.
                Some(cast) if cast.kind() == Kind::As && cast.boolean("strict").is_none() => {
                    cast.node("operand")
                }
                other => other,
            };
            end.is_none_or(|end| end.kind() == Kind::Null)
        };
        let mut operands = node.operands();
        let untyped = operands.any(|operand| {
            operand.kind() == Kind::Interval && is_null(operand, "low") && is_null(operand, "high")
        });
        if !untyped {
            return None;
        }
        let value: Literal = of_unknown_point_type::<Infallible>(node.kind())?;
        Some(self.constant(value))
    }
}
