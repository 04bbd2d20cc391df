//! Literals, and codes and concepts, which are values as soon as the library is linked.

use std::sync::Arc;

use salus_values::{Code, Concept, Date, DateTime, Decimal, Quantity, Ratio, Time, Unit, Value};

use super::body::Body;
use crate::elm::{Kind, Node};
use crate::operators::{Scene, arithmetic};
use crate::program::error::ProgramProblem;
use crate::program::expression::{ExpressionKind, Literal};
use crate::program::operator::Unary;
use crate::program::types::{SystemType, Type};

impl<'l> Body<'_, 'l> {
    pub(super) fn literal(&mut self, node: &'l Node) -> ExpressionKind {
        let value = match node.kind() {
            Kind::Literal => self.literal_value(node, ""),
            Kind::Quantity => self.quantity(node).map(Value::quantity),
            Kind::Ratio => self.ratio(node).map(|ratio| Value::Ratio(Arc::new(ratio))),
            Kind::Code => self
                .code(node, self.library)
                .map(|code| Value::Code(Arc::new(code))),
            Kind::Concept => self.concept(node),
            Kind::CodeRef => {
                let code = self.code_ref(node, self.library);
                code.map(|code| Value::Code(Arc::new(code)))
            }
            Kind::ConceptRef => self.concept_ref(node),
            _ => self.extreme(node),
        };
        match value {
            Some(value) => self.constant(value),
            None => ExpressionKind::Null,
        }
    }

    pub(super) fn constant(&mut self, value: Literal) -> ExpressionKind {
        let number = u32::try_from(self.compiler.constants.len()).unwrap_or(u32::MAX);
        self.compiler.constants.push(value);
        ExpressionKind::Constant(number)
    }

    /// `-x`; of a literal it is a literal, so that the least number can be written.
    pub(super) fn negate(&mut self, node: &'l Node) -> ExpressionKind {
        let Some(operand) = node.node("operand") else {
            return self.malformed(node, "operand");
        };
        if operand.kind() == Kind::Literal {
            let value = self.literal_value(operand, "-");
            return value.map_or(ExpressionKind::Null, |value| self.constant(value));
        }
        match Unary::of(Kind::Negate) {
            Some(negate) => ExpressionKind::Unary(negate, Box::new(self.expression(operand))),
            None => self.report(
                node,
                ProgramProblem::UnknownOperator {
                    name: "Negate".to_owned(),
                },
            ),
        }
    }

    fn literal_value(&mut self, node: &Node, sign: &str) -> Option<Literal> {
        let Type::System(ty) = self.ty(node, "valueType") else {
            self.malformed(node, "valueType");
            return None;
        };
        let Some(text) = node.text("value") else {
            // The text of an empty string may be left out; a Boolean may be one in JSON.
            return match (ty, node.boolean("value")) {
                (SystemType::String, _) => Some(Value::string("")),
                (SystemType::Boolean, Some(value)) => Some(Value::Boolean(value)),
                _ => {
                    self.malformed(node, "value");
                    None
                }
            };
        };
        let text = format!("{sign}{text}");
        let value = parse(ty, &text);
        if value.is_none() {
            let ty = ty.name().to_owned();
            self.report(node, ProgramProblem::BadLiteral { ty, text });
        }
        value
    }

    fn extreme(&mut self, node: &Node) -> Option<Literal> {
        let Type::System(ty) = self.ty(node, "valueType") else {
            self.malformed(node, "valueType");
            return None;
        };
        let scene = Scene::at(DateTime::MIN);
        let extreme = match node.kind() {
            Kind::MinValue => arithmetic::min_value(ty.name(), &scene),
            _ => arithmetic::max_value(ty.name(), &scene),
        };
        if extreme.is_err() {
            self.malformed(node, "valueType");
        }
        extreme.ok()
    }

    fn quantity(&mut self, node: &Node) -> Option<Quantity> {
        let text = node.text("value").unwrap_or_default();
        let Some(value) = Decimal::parse(text) else {
            let text = text.to_owned();
            let ty = "Quantity".to_owned();
            self.report(node, ProgramProblem::BadLiteral { ty, text });
            return None;
        };
        let unit = node.text("unit").filter(|unit| !unit.is_empty());
        Some(Quantity::new(value, Unit::of_text(unit.unwrap_or("1"))))
    }

    fn ratio(&mut self, node: &Node) -> Option<Ratio> {
        let (Some(numerator), Some(denominator)) =
            (node.node("numerator"), node.node("denominator"))
        else {
            self.malformed(node, "numerator");
            return None;
        };
        Some(Ratio {
            numerator: self.quantity(numerator)?,
            denominator: self.quantity(denominator)?,
        })
    }

    /// A `Code`, whose code system is named in `library`.
    fn code(&mut self, node: &Node, library: usize) -> Option<Code> {
        let id = node.text("code").or_else(|| node.text("id"));
        let system = node.node("system").or_else(|| node.node("codeSystem"));
        let system = match system {
            Some(system) => Some(self.code_system(system, library)?),
            None => None,
        };
        Some(Code {
            code: id.unwrap_or_default().into(),
            version: system.and_then(|of| of.text("version")).map(Into::into),
            system: system.and_then(|of| of.text("id")).map(Into::into),
            display: node.text("display").map(Into::into),
        })
    }

    fn concept(&mut self, node: &Node) -> Option<Literal> {
        let codes: Option<Box<[Code]>> = node
            .nodes("code")
            .map(|code| self.code(code, self.library))
            .collect();
        Some(Value::Concept(Arc::new(Concept {
            codes: codes?,
            display: node.text("display").map(Into::into),
        })))
    }

    fn code_ref(&mut self, node: &Node, library: usize) -> Option<Code> {
        let library = self.library_of(node, library)?;
        let name = node.text("name").unwrap_or_default();
        let linked = self.compiler.libraries.get(library)?;
        match linked.codes.get(name).copied() {
            Some(definition) => self.code(definition, library),
            None => {
                self.unknown_name(node, "code", name);
                None
            }
        }
    }

    fn concept_ref(&mut self, node: &Node) -> Option<Literal> {
        let library = self.library_of(node, self.library)?;
        let name = node.text("name").unwrap_or_default();
        let linked = self.compiler.libraries.get(library)?;
        let Some(definition) = linked.concepts.get(name).copied() else {
            self.unknown_name(node, "concept", name);
            return None;
        };
        let codes: Option<Box<[Code]>> = definition
            .nodes("code")
            .map(|code| self.code_ref(code, library))
            .collect();
        Some(Value::Concept(Arc::new(Concept {
            codes: codes?,
            display: definition.text("display").map(Into::into),
        })))
    }
}

fn parse(ty: SystemType, text: &str) -> Option<Literal> {
    match ty {
        SystemType::Boolean => text.parse().ok().map(Value::Boolean),
        SystemType::Integer => text.parse().ok().map(Value::Integer),
        SystemType::Long => {
            let digits = text.strip_suffix('L').unwrap_or(text);
            digits.parse().ok().map(Value::Long)
        }
        SystemType::Decimal => decimal(text).map(Value::Decimal),
        SystemType::String => Some(Value::string(text)),
        SystemType::Date => Date::parse(text.trim_start_matches('@')).map(Value::Date),
        SystemType::DateTime => DateTime::parse(text.trim_start_matches('@')).map(Value::DateTime),
        SystemType::Time => {
            let text = text.trim_start_matches('@').trim_start_matches('T');
            Time::parse(text).map(Value::Time)
        }
        SystemType::Quantity => Quantity::parse(text).map(Value::quantity),
        SystemType::Ratio => Ratio::parse(text).map(|ratio| Value::Ratio(Arc::new(ratio))),
        _ => None,
    }
}

/// A Decimal of CQL: at most 28 digits before the point and 8 after it (CQL 1.5.3 §9.B "Decimal").
fn decimal(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = whole.trim_start_matches(['+', '-', '0']);
    let fits = whole.len() <= 28 && fraction.trim_end_matches('0').len() <= 8;
    Decimal::parse(text).filter(|_| fits)
}
