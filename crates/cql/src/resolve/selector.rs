//! Selectors: values that are made of others (Author's Guide §2.3 to §2.5).

use super::translator::Translator;
use super::type_mistake::TypeMistake;
use super::typed::{Typed, interval_of, is_any, list_of, system};
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::syntax::{CodeRef, Element, Expr, Name, Span, TypeSpecifier};

impl Translator<'_> {
    /// `Interval[low, high)`
    pub fn interval_selector(
        &mut self,
        (low, low_closed): (&Expr, bool),
        (high, high_closed): (&Expr, bool),
        span: Span,
    ) -> Option<Typed> {
        let (low, high) = (self.expression(low), self.expression(high));
        let interval = self.interval((low?, low_closed), (high?, high_closed), span)?;
        if let Spec::Interval(point) = &interval.ty
            && self.is_no_point(point)
        {
            let point = (**point).clone();
            return self.refuse(TypeMistake::NoPoint { point }, span);
        }
        Some(interval)
    }

    /// The interval between these ends, which become of one type.
    pub fn interval(
        &mut self,
        (low, low_closed): (Typed, bool),
        (high, high_closed): (Typed, bool),
        span: Span,
    ) -> Option<Typed> {
        let point = self.common(&low.ty, &high.ty);
        let low = self.fit(low, &point, span)?;
        let high = self.fit(high, &point, span)?;
        let node = Node::new(Kind::Interval)
            .with("lowClosed", low_closed)
            .with("highClosed", high_closed)
            .with("low", low.node)
            .with("high", high.node);
        let ty = interval_of(point);
        let mut typed = Typed::new(node, ty);
        self.mark_type(&mut typed.node, &typed.ty);
        Some(typed)
    }

    /// Whether its values have no order, so that there are no intervals of them. Types of models are left to their
    /// conversions.
    fn is_no_point(&self, point: &Spec) -> bool {
        match point {
            Spec::Named(name) if &*name.model == "System" => {
                !is_any(point) && !self.conversions.is_point(point)
            }
            Spec::Named(_) | Spec::Choice(_) => false,
            Spec::List(_) | Spec::Interval(_) | Spec::Tuple(_) => true,
        }
    }

    /// `List<Type>{ … }`
    pub fn list_selector(&mut self, ty: Option<&TypeSpecifier>, items: &[Expr]) -> Option<Typed> {
        let wanted = ty.map(|ty| self.type_of(ty));
        let translated = self.arguments(items);
        let (wanted, translated) = (wanted, translated?);
        let item = match wanted {
            Some(wanted) => wanted?,
            None => self.inferred(translated.iter().map(|item| &item.ty)),
        };
        let nodes: Option<Vec<Node>> = translated
            .into_iter()
            .zip(items)
            .map(|(one, expr)| {
                // Items of unrelated types make a list of anything.
                let fitting = is_any(&item) || self.conversions.is_kind_of(&one.ty, &item);
                let fitted = if fitting {
                    one
                } else {
                    self.convert(one, &item, expr.span)?
                };
                Some(fitted.node)
            })
            .collect();
        let node = Node::new(Kind::List).with("element", nodes?);
        Some(Typed::new(node, list_of(item)))
    }

    /// The type of the items of a list: the one that all become, or `Any`.
    fn inferred<'s>(&self, types: impl Iterator<Item = &'s Spec>) -> Spec {
        let mut so_far: Option<Spec> = None;
        let mut settled = false;
        for ty in types {
            so_far = Some(match so_far {
                None => ty.clone(),
                Some(before) if settled => before,
                Some(before) => self.compatible_type(&before, ty).unwrap_or_else(|| {
                    settled = true;
                    system("Any")
                }),
            });
        }
        so_far.unwrap_or_else(|| system("Any"))
    }

    /// `Tuple { name: expression, … }`
    pub fn tuple_selector(&mut self, elements: &[Element]) -> Option<Typed> {
        self.refuse_twice(elements);
        let values: Vec<Option<Typed>> = elements
            .iter()
            .map(|one| self.expression(&one.value))
            .collect();
        let mut nodes = Vec::new();
        let mut types = Vec::new();
        for (element, value) in elements.iter().zip(values) {
            let value = value?;
            types.push((element.name.text.clone(), value.ty));
            nodes.push(
                Node::part(Kind::TupleElement)
                    .with("name", &*element.name.text)
                    .with("value", value.node),
            );
        }
        let node = Node::new(Kind::Tuple).with("element", nodes);
        Some(Typed::new(node, Spec::Tuple(types)))
    }

    /// Elements of one name are a mistake.
    fn refuse_twice(&mut self, elements: &[Element]) {
        let mut seen: Vec<&Name> = Vec::new();
        for element in elements {
            if seen.contains(&&element.name) {
                let name = element.name.text.clone();
                let _: Option<()> =
                    self.refuse(TypeMistake::ElementTwice { name }, element.name.span);
            }
            seen.push(&element.name);
        }
    }

    /// `Type { name: expression, … }`
    pub fn instance_selector(&mut self, ty: &TypeSpecifier, elements: &[Element]) -> Option<Typed> {
        self.refuse_twice(elements);
        let spec = self.type_of(ty);
        let values: Vec<Option<Typed>> = elements
            .iter()
            .map(|one| self.expression(&one.value))
            .collect();
        let spec = spec?;
        let Some(name) = spec.name().cloned() else {
            return self.refuse(TypeMistake::NoClass { ty: spec }, ty.span);
        };
        let mut nodes = Vec::new();
        let mut all = true;
        for (element, value) in elements.iter().zip(values) {
            let wanted = self.element_type(&name, &element.name);
            let fitted = wanted
                .zip(value)
                .and_then(|(wanted, value)| self.fit(value, &wanted, element.value.span));
            all &= fitted.is_some();
            nodes.extend(fitted.map(|value| {
                Node::part(Kind::InstanceElement)
                    .with("name", &*element.name.text)
                    .with("value", value.node)
            }));
        }
        let node = Node::new(Kind::Instance)
            .with("classType", self.type_name(&name))
            .with("element", nodes);
        all.then(|| Typed::new(node, spec))
    }

    fn element_type(&mut self, class: &crate::model::TypeName, name: &Name) -> Option<Spec> {
        let element = self
            .models
            .class_of(class)
            .and_then(|class| self.models.element(class, &name.text));
        match element {
            Ok(element) => Some(element.ty().clone()),
            Err(error) => self.refuse(error, name.span),
        }
    }

    /// `Code 'id' from system display '…'`
    pub fn code_selector(&mut self, code: &CodeRef) -> Option<Typed> {
        let node = self.code(Node::new(Kind::Code), code)?;
        Some(Typed::system(node, "Code"))
    }

    fn code(&mut self, node: Node, code: &CodeRef) -> Option<Node> {
        let system = self.code_system(&code.system)?;
        let mut node = node.with("code", &*code.id.text).with("system", system);
        if let Some(display) = &code.display {
            node.set("display", &*display.text);
        }
        Some(node)
    }

    /// `Concept { Code …, … } display '…'`
    pub fn concept_selector(&mut self, codes: &[CodeRef], display: Option<&Name>) -> Option<Typed> {
        let codes: Vec<Option<Node>> = codes
            .iter()
            .map(|code| self.code(Node::part(Kind::Code), code))
            .collect();
        let codes: Vec<Node> = codes.into_iter().collect::<Option<_>>()?;
        let mut node = Node::new(Kind::Concept).with("code", codes);
        if let Some(display) = display {
            node.set("display", &*display.text);
        }
        Some(Typed::system(node, "Concept"))
    }

    /// A quantity with this number and unit.
    pub fn unit_quantity(&self, value: &str, unit: &str) -> Typed {
        let number = crate::elm::Field::Number(value.into());
        let node = Node::new(Kind::Quantity)
            .with("value", number)
            .with("unit", unit);
        let mut typed = Typed::system(node, "Quantity");
        self.mark_type(&mut typed.node, &typed.ty);
        typed
    }
}
