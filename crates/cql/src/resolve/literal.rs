//! Literals (Author's Guide §2.1).

use salus_values::{Date, DateTime, Decimal, Precision, Quantity, Time, Unit};

use super::translator::Translator;
use super::typed::Typed;
use crate::elm::{Field, Kind, Node};
use crate::syntax::Literal;

impl Translator<'_> {
    pub fn literal(&mut self, literal: &Literal) -> Option<Typed> {
        let ty = literal.type_name();
        let text = match literal {
            Literal::Null => return Some(Typed::null()),
            Literal::Boolean(value) => value.to_string(),
            Literal::String(text) => text.to_string(),
            Literal::Integer(value) => value.to_string(),
            Literal::Long(value) => value.to_string(),
            Literal::Decimal(value) => value.to_string(),
            Literal::Date(date) => return Some(Typed::system(self.date(date), ty)),
            Literal::DateTime(value) => return Some(Typed::system(self.date_time(value), ty)),
            Literal::Time(time) => return Some(Typed::system(self.time(time), ty)),
            Literal::Quantity(value) => return Some(Typed::system(quantity(value), ty)),
            Literal::Ratio(ratio) => {
                let (numerator, denominator) = ratio.as_ref();
                let node = Node::new(Kind::Ratio)
                    .with("numerator", part_quantity(numerator))
                    .with("denominator", part_quantity(denominator));
                return Some(Typed::system(node, ty));
            }
        };
        Some(self.value(ty, &text))
    }

    /// A literal of this type of System.
    pub fn value(&self, ty: &str, text: &str) -> Typed {
        let mut typed = Typed::system(Node::new(Kind::Literal), ty);
        typed
            .node
            .set("valueType", format!("{{urn:hl7-org:elm-types:r1}}{ty}"));
        typed.node.set("value", text);
        self.mark_type(&mut typed.node, &typed.ty);
        typed
    }

    fn date(&self, date: &Date) -> Node {
        let parts = Precision::ALL.map(|precision| (precision, date.component(precision)));
        self.components(Kind::Date, parts)
    }

    fn time(&self, time: &Time) -> Node {
        let parts = Precision::ALL.map(|precision| (precision, time.component(precision)));
        self.components(Kind::Time, parts)
    }

    fn date_time(&self, value: &DateTime) -> Node {
        let parts = Precision::ALL.map(|precision| (precision, value.component(precision)));
        let mut node = self.components(Kind::DateTime, parts);
        if let Some(hours) = value.offset_hours() {
            let hours = decimal_text(hours);
            node.set("timezoneOffset", self.value("Decimal", &hours).node);
        }
        node
    }

    fn components(&self, kind: Kind, parts: [(Precision, Option<i32>); 7]) -> Node {
        let mut node = Node::new(kind);
        for (precision, part) in parts {
            if let Some(part) = part {
                node.set(
                    precision.name(),
                    self.value("Integer", &part.to_string()).node,
                );
            }
        }
        node
    }
}

/// A Decimal as it is written: with a point, so that it is no Integer.
fn decimal_text(value: Decimal) -> String {
    if value.scale() == 0 {
        format!("{value}.0")
    } else {
        value.to_string()
    }
}

/// A quantity that stands for itself.
pub(super) fn quantity(quantity: &Quantity) -> Node {
    fill_quantity(Node::new(Kind::Quantity), quantity)
}

/// A quantity where nothing else could stand.
fn part_quantity(quantity: &Quantity) -> Node {
    fill_quantity(Node::part(Kind::Quantity), quantity)
}

fn fill_quantity(node: Node, quantity: &Quantity) -> Node {
    let unit = match &quantity.unit {
        Unit::Calendar(unit) if quantity.value == Decimal::ONE => unit.singular().to_owned(),
        Unit::Calendar(unit) => unit.plural().to_owned(),
        Unit::Ucum(unit) => unit.code().to_owned(),
    };
    node.with("value", Field::Number(quantity.value.to_string().into()))
        .with("unit", unit)
}
