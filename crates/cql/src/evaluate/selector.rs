//! Values that CQL makes: intervals, tuples, instances.

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::{Code, Concept, Quantity, Ratio, Tuple, Unit, Value};

use super::element::{Element, Instance, type_name};
use super::error::Cause;
use super::evaluation::Evaluation;
use super::observer::Observer;
use super::records::Records;
use super::step::wrong_type;
use super::{Item, Named, Outcome};
use crate::operators::Vocabulary;
use crate::operators::interval::interval as interval_of;
use crate::program::{self, Closed, Expression, InstanceType, SystemType};

impl<'e, R: Records, O: Observer<R::Node>> Evaluation<'e, R, O> {
    /// An interval; an error when it ends before it starts. Null when it is not known whether an end belongs to it:
    /// that is so when the ends are those of an interval that is null, which is converted to one of another type.
    pub(super) fn interval(&mut self, interval: &'e program::Interval) -> Outcome<Item<R::Node>> {
        let low = self.evaluate(&interval.low)?;
        let high = self.evaluate(&interval.high)?;
        let low_closed = self.closed(&interval.low_closed)?;
        let high_closed = self.closed(&interval.high_closed)?;
        let (Some(low_closed), Some(high_closed)) = (low_closed, high_closed) else {
            return Ok(Value::Null);
        };
        let scene = &self.scene;
        Ok(interval_of(low, low_closed, high, high_closed, scene)?)
    }

    fn closed(&mut self, closed: &'e Closed) -> Outcome<Option<bool>> {
        match closed {
            Closed::Known(closed) => Ok(Some(*closed)),
            Closed::Expression(expression) => {
                self.truth(expression, "whether an interval is closed")
            }
        }
    }

    pub(super) fn tuple(
        &mut self,
        elements: &'e [(Arc<str>, Expression)],
    ) -> Outcome<Item<R::Node>> {
        let elements = self.elements(elements)?;
        Ok(Value::Tuple(Arc::new(Tuple::new(elements))))
    }

    fn elements(&mut self, elements: &'e [(Arc<str>, Expression)]) -> Outcome<Named<R::Node>> {
        let mut values = Vec::with_capacity(elements.len());
        for (name, expression) in elements {
            values.push((name.clone(), self.evaluate(expression)?));
        }
        Ok(values)
    }

    pub(super) fn instance(&mut self, instance: &'e program::Instance) -> Outcome<Item<R::Node>> {
        let mut elements = self.elements(&instance.elements)?;
        match instance.ty {
            InstanceType::Fhir(ty) => {
                elements.sort_by(|(one, _), (other, _)| one.cmp(other));
                let elements = elements.into();
                let made = Instance { ty, elements };
                Ok(Value::Node(Element::Instance(Arc::new(made))))
            }
            InstanceType::System(ty) => Parts { ty, elements }.value(),
        }
    }
}

/// The elements of a class of System.
struct Parts<V> {
    ty: SystemType,
    elements: Named<V>,
}

impl<V: ElementView> Parts<V> {
    fn get(&self, name: &str) -> &Item<V> {
        let found = self.elements.iter().find(|(known, _)| **known == *name);
        found.map_or(&Value::Null, |(_, value)| value)
    }

    fn text(&self, name: &str) -> Outcome<Option<Arc<str>>> {
        match self.get(name) {
            Value::String(text) => Ok(Some(text.clone())),
            Value::Null => Ok(None),
            other => Err(wrong_type(
                "an element of a class of System",
                "a String",
                other,
            )),
        }
    }

    fn boxed(&self, name: &str) -> Outcome<Option<Box<str>>> {
        Ok(self.text(name)?.map(|text| Box::from(&*text)))
    }

    fn quantity(&self, name: &str) -> Outcome<Option<Quantity>> {
        match self.get(name) {
            Value::Quantity(quantity) => Ok(Some(Quantity::clone(quantity))),
            Value::Null => Ok(None),
            other => Err(wrong_type("an element of a Ratio", "a Quantity", other)),
        }
    }

    fn value(&self) -> Outcome<Item<V>> {
        Ok(match self.ty {
            SystemType::Quantity => {
                let value = match self.get("value") {
                    Value::Null => return Ok(Value::Null),
                    value => value
                        .as_number()
                        .ok_or_else(|| wrong_type("`value` of a Quantity", "a Decimal", value))?,
                };
                let unit = self.text("unit")?;
                let unit = unit.as_deref().filter(|unit| !unit.is_empty());
                Value::quantity(Quantity::new(value, Unit::of_text(unit.unwrap_or("1"))))
            }
            SystemType::Ratio => {
                let (numerator, denominator) =
                    (self.quantity("numerator")?, self.quantity("denominator")?);
                match (numerator, denominator) {
                    (Some(numerator), Some(denominator)) => Value::Ratio(Arc::new(Ratio {
                        numerator,
                        denominator,
                    })),
                    _ => Value::Null,
                }
            }
            SystemType::Code => {
                let Some(code) = self.boxed("code")? else {
                    return Ok(Value::Null);
                };
                Value::Code(Arc::new(Code {
                    code,
                    system: self.boxed("system")?,
                    version: self.boxed("version")?,
                    display: self.boxed("display")?,
                }))
            }
            SystemType::Concept => self.concept()?,
            SystemType::ValueSet | SystemType::CodeSystem | SystemType::Vocabulary => {
                let vocabulary = Arc::new(Vocabulary {
                    id: self.text("id")?.unwrap_or_default(),
                    version: self.text("version")?,
                    name: self.text("name")?,
                    code_systems: Arc::new([]),
                });
                Value::Node(match self.ty {
                    SystemType::CodeSystem => Element::CodeSystem(vocabulary),
                    _ => Element::ValueSet(vocabulary),
                })
            }
            other => {
                let cause = Cause::NotOfType {
                    expected: other.name().to_owned(),
                    found: "an instance with elements".to_owned(),
                };
                return Err(cause.into());
            }
        })
    }

    fn concept(&self) -> Outcome<Item<V>> {
        let codes = match self.get("codes") {
            Value::List(codes) => codes.iter().collect(),
            Value::Null => Vec::new(),
            one => vec![one],
        };
        let mut found = Vec::with_capacity(codes.len());
        for code in codes {
            match code {
                Value::Code(code) => found.push(Code::clone(code)),
                Value::Null => {}
                other => {
                    let cause = Cause::NotOfType {
                        expected: "Code".to_owned(),
                        found: type_name(other),
                    };
                    return Err(cause.into());
                }
            }
        }
        Ok(Value::Concept(Arc::new(Concept {
            codes: found.into(),
            display: self.boxed("display")?,
        })))
    }
}
