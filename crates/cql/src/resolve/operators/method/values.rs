//! Methods whose arguments are values.

use super::OPERATORS;
use crate::elm::{Kind, Node};
use crate::model::{Class, Spec};
use crate::resolve::translator::Translator;
use crate::resolve::typed::{Typed, choice_of, list_of, system};
use crate::syntax::{Name, Span};

impl Translator<'_> {
    /// Methods whose arguments are values.
    pub(super) fn method_of_values(
        &mut self,
        on: Typed,
        name: &Name,
        mut arguments: Vec<Typed>,
        span: Span,
    ) -> Option<Typed> {
        let written = &*name.text;
        if let Some((_, kind)) = OPERATORS.iter().find(|(method, _)| *method == written) {
            arguments.insert(0, on);
            return self.apply(*kind, written, arguments, span);
        }
        match (written, arguments.len()) {
            ("exists", 0) => self.apply(Kind::Exists, written, vec![on], span),
            ("empty", 0) => {
                let exists = self.apply(Kind::Exists, written, vec![on], span)?;
                self.apply(Kind::Not, written, vec![exists], span)
            }
            ("hasValue", 0) => {
                let is_null = self.apply(Kind::IsNull, written, vec![on], span)?;
                self.apply(Kind::Not, written, vec![is_null], span)
            }
            ("sqrt", 0) => {
                let half = self.value("Decimal", "0.5");
                self.apply(Kind::Power, written, vec![on, half], span)
            }
            ("toLong", 0) => self.apply(Kind::ToLong, written, vec![on], span),
            ("children", 0) => Some(self.parts(Kind::Children, on)),
            ("descendants" | "descendents", 0) => Some(self.parts(Kind::Descendents, on)),
            ("skip" | "take", 1) | ("tail", 0) => {
                arguments.insert(0, on);
                let function = match written {
                    "skip" => "Skip",
                    "take" => "Take",
                    _ => "Tail",
                };
                self.slice(function, arguments, span)
            }
            ("iif", 1 | 2) => self.iif(on, arguments, span),
            (_, 1) => match arguments.pop() {
                Some(argument) => self.method_of_one(on, name, argument, span),
                None => None,
            },
            _ => self.method_of_library(on, name, arguments),
        }
    }

    /// Methods with one value as argument.
    fn method_of_one(
        &mut self,
        on: Typed,
        name: &Name,
        argument: Typed,
        span: Span,
    ) -> Option<Typed> {
        let written = &*name.text;
        match written {
            "combine" => {
                let item = self.common(&on.ty, &argument.ty);
                let items = [self.fit(on, &item, span), self.fit(argument, &item, span)];
                let items: Vec<Node> = items
                    .into_iter()
                    .map(|item| item.map(|item| item.node))
                    .collect::<Option<_>>()?;
                let list = Node::new(Kind::List).with("element", items);
                let list = Typed::new(list, list_of(item));
                self.apply(Kind::Flatten, written, vec![list], span)
            }
            "contains" => {
                let at = self.apply(Kind::PositionOf, written, vec![argument, on], span)?;
                let zero = self.value("Integer", "0");
                self.apply(Kind::GreaterOrEqual, written, vec![at, zero], span)
            }
            "indexOf" => self.apply(Kind::PositionOf, written, vec![argument, on], span),
            "lastIndexOf" => self.apply(Kind::LastPositionOf, written, vec![argument, on], span),
            "memberOf" => self.in_terminology_of(on, argument, span),
            "trace" => {
                let operands = vec![
                    on,
                    self.value("Boolean", "true"),
                    self.value("String", "TRACE"),
                    self.value("String", "Trace"),
                    argument,
                ];
                self.apply(Kind::Message, written, operands, span)
            }
            _ => self.method_of_library(on, name, vec![argument]),
        }
    }

    /// A fluent function that a library defines.
    fn method_of_library(
        &mut self,
        on: Typed,
        name: &Name,
        mut arguments: Vec<Typed>,
    ) -> Option<Typed> {
        arguments.insert(0, on);
        match self.defined_function(None, name, &arguments, true) {
            Some(result) => result,
            None => self.unknown_function(name, true),
        }
    }

    /// `condition.iif(then, otherwise)`
    fn iif(&mut self, on: Typed, arguments: Vec<Typed>, span: Span) -> Option<Typed> {
        let test = match on.ty {
            Spec::List(_) => self.apply(Kind::SingletonFrom, "iif", vec![on], span)?,
            _ => on,
        };
        let test = self.fit(test, &system("Boolean"), span)?;
        let mut arguments = arguments.into_iter();
        let then = arguments.next()?;
        let otherwise = arguments.next().unwrap_or_else(Typed::null);
        self.choose_between(test, then, otherwise, span)
    }

    /// `children()` and `descendants()`: the values of the elements, and of theirs.
    fn parts(&self, kind: Kind, on: Typed) -> Typed {
        let mut types = Vec::new();
        self.gather_parts(&on.ty, kind == Kind::Descendents, &mut types);
        let ty = list_of(choice_of(types));
        Typed::new(Node::new(kind).with("source", on.node), ty)
    }

    fn gather_parts(&self, of: &Spec, deep: bool, types: &mut Vec<Spec>) {
        let parts: Vec<Spec> = match of {
            Spec::Named(name) => match self.models.find(name) {
                Some(class) if !class.is_simple() => self
                    .models
                    .lineage(class)
                    .flat_map(Class::elements)
                    .map(|element| element.ty().clone())
                    .collect(),
                _ => vec![system("Any")],
            },
            Spec::Tuple(elements) => elements.iter().map(|(_, ty)| ty.clone()).collect(),
            Spec::List(item) => vec![(**item).clone()],
            Spec::Interval(_) | Spec::Choice(_) => vec![system("Any")],
        };
        for part in parts {
            let part = match part {
                Spec::List(item) => *item,
                other => other,
            };
            if !types.contains(&part) {
                types.push(part.clone());
                if deep {
                    self.gather_parts(&part, deep, types);
                }
            }
        }
    }
}
