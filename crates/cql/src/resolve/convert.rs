//! Implicit conversions, made explicit (Developer's Guide §3, Conversion Precedence).

use super::conversion::{Usable, Way};
use super::operators::signatures;
use super::translator::Translator;
use super::type_mistake::TypeMistake;
use super::typed::{Typed, interval_of, is_system, list_of, system};
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::syntax::Span;

/// The name of the items in the query that converts a list.
const ITEM: &str = "X";

/// What a node says of the text and of its type.
const MARKS: [&str; 5] = [
    "localId",
    "locator",
    "annotation",
    "resultTypeName",
    "resultTypeSpecifier",
];

/// The interval that is written out here, with both of its ends open or closed.
fn written_out(node: &Node) -> Option<&Node> {
    let interval = match node.kind() {
        Kind::As => node.node("operand")?,
        _ => node,
    };
    let is_whole =
        interval.boolean("lowClosed").is_some() && interval.boolean("highClosed").is_some();
    (interval.kind() == Kind::Interval && is_whole).then_some(interval)
}

impl Translator<'_> {
    /// The value as one of this type, converted if need be.
    pub fn convert(&mut self, value: Typed, to: &Spec, span: Span) -> Option<Typed> {
        match self.conversions.usable(&value.ty, to) {
            Some(usable) => self.converted(value, &usable, span),
            None => {
                let (given, wanted) = (value.ty, to.clone());
                self.refuse(TypeMistake::Mismatch { given, wanted }, span)
            }
        }
    }

    /// The value in the way that was found. Nothing only when the ELM would become too large.
    pub fn converted(&mut self, value: Typed, usable: &Usable, span: Span) -> Option<Typed> {
        let to = &usable.to;
        match &usable.way {
            // A kind of the type stays what it is.
            Way::Same => Some(value),
            Way::Cast => Some(self.cast_to(value, to)),
            Way::Operator(function) => Some(self.called(function, value, to)),
            Way::Narrow(ways) => self.narrowed(&value, ways, to, span),
            Way::Widen(inner) => self.converted(value, inner, span),
            Way::Items(inner) => self.items_converted(value, inner, to, span),
            Way::Points(inner) => self.points_converted(&value, inner, to, span),
            Way::SingleItem(inner) => {
                let item = match &value.ty {
                    Spec::List(item) => (**item).clone(),
                    other => other.clone(),
                };
                self.warn(TypeMistake::ListDemoted, span);
                let mut single = self.implied(Kind::SingletonFrom, value.node, item);
                self.sign(&mut single.node, &[value.ty], false, false);
                self.converted(single, inner, span)
            }
            Way::IntoList(inner) => {
                let item = self.converted(value, inner, span)?;
                if is_system(&item.ty, "Boolean") {
                    self.warn(TypeMistake::BooleanPromoted, span);
                }
                let list = list_of(item.ty);
                Some(self.implied(Kind::ToList, item.node, list))
            }
            Way::SinglePoint(inner) => {
                let point = match &value.ty {
                    Spec::Interval(point) => (**point).clone(),
                    other => other.clone(),
                };
                self.warn(TypeMistake::IntervalDemoted, span);
                let mut single = self.implied(Kind::PointFrom, value.node, point);
                self.sign(&mut single.node, &[value.ty], false, false);
                self.converted(single, inner, span)
            }
            Way::IntoInterval(inner) => {
                let point = self.converted(value, inner, span)?;
                self.interval_of_point(&point, span)
            }
        }
    }

    /// `As` this type: a value of another type becomes null. A choice that the types of another one are in needs none.
    fn cast_to(&self, value: Typed, to: &Spec) -> Typed {
        if let (Spec::Choice(own), Spec::Choice(wanted)) = (&value.ty, to)
            && own.iter().all(|one| {
                wanted
                    .iter()
                    .any(|other| self.conversions.is_kind_of(one, other))
            })
        {
            return value;
        }
        if let Some(node) = self.case_of_type(&value.node, to) {
            return Typed::new(node, to.clone());
        }
        self.cast(value, to)
    }

    /// Of a `Case` that only asks of which type something is, what it has for this type: the element of a profile that
    /// is got from the data in one way for each of its types.
    fn case_of_type(&self, case: &Node, ty: &Spec) -> Option<Node> {
        let is_null = |node: &Node| node.kind() == Kind::Null;
        let is_test = |item: &Node| {
            item.node("when")
                .is_some_and(|when| when.kind() == Kind::Is)
        };
        let only_types = case.kind() == Kind::Case
            && case.node("comparand").is_none()
            && case.node("else").is_some_and(is_null)
            && case.nodes("caseItem").all(is_test);
        if !only_types {
            return None;
        }
        let name = self.type_name(ty.name()?);
        let of_type = |item: &&Node| {
            let asked = item.node("when").and_then(|when| when.text("isType"));
            asked == Some(&*name)
        };
        let found = case.nodes("caseItem").find(of_type)?;
        found.node("then").cloned()
    }

    /// `As` this type, not strict.
    pub fn cast(&self, value: Typed, to: &Spec) -> Typed {
        let mut typed = self.implied(Kind::As, value.node, to.clone());
        match to {
            Spec::Named(name) => typed.node.set("asType", self.type_name(name)),
            other => typed
                .node
                .set("asTypeSpecifier", self.type_specifier(other)),
        }
        typed
    }

    /// `Is` this type.
    pub fn is_of(&self, value: Node, ty: &Spec) -> Typed {
        let mut typed = self.implied(Kind::Is, value, system("Boolean"));
        match ty {
            Spec::Named(name) => typed.node.set("isType", self.type_name(name)),
            other => typed
                .node
                .set("isTypeSpecifier", self.type_specifier(other)),
        }
        typed
    }

    /// Null as a value of this type.
    pub fn null_of(&self, ty: &Spec) -> Typed {
        let mut node = Node::new(Kind::Null);
        match ty {
            Spec::Named(name) => node.set("resultTypeName", self.type_name(name)),
            other => node.set("resultTypeSpecifier", self.type_specifier(other)),
        }
        Typed::new(node, ty.clone())
    }

    /// An operator (`ToDecimal`) or function of a library (`FHIRHelpers.ToCode`) on the value.
    fn called(&self, function: &str, value: Typed, to: &Spec) -> Typed {
        let Some((library, name)) = function.split_once('.') else {
            let kind = Kind::of(function);
            let mut typed = self.implied(kind, value.node, to.clone());
            let overloaded = signatures(kind).len() > 1;
            self.sign(
                &mut typed.node,
                std::slice::from_ref(&value.ty),
                overloaded,
                false,
            );
            return typed;
        };
        let library = self.conversion_library(library);
        let mut node = Node::new(Kind::FunctionRef)
            .with("libraryName", &*library)
            .with("name", name);
        self.sign_conversion(&mut node, &library, name, &value.ty);
        node.set("operand", vec![value.node]);
        self.mark_type(&mut node, to);
        Typed::new(node, to.clone())
    }

    /// A choice as the first of its types that becomes the wanted one; a `Case` over them when there are several.
    fn narrowed(
        &mut self,
        value: &Typed,
        ways: &[(Spec, Usable)],
        to: &Spec,
        span: Span,
    ) -> Option<Typed> {
        let mut items = Vec::new();
        for (alternative, usable) in ways {
            let copy = self.copy(value, span)?;
            let cast = self.cast(copy, alternative);
            let then = self.converted(cast, usable, span)?;
            if ways.len() == 1 {
                return Some(then);
            }
            let copy = self.copy(value, span)?;
            let test = self.is_of(copy.node, alternative);
            items.push(
                Node::part(Kind::CaseItem)
                    .with("when", test.node)
                    .with("then", then.node),
            );
        }
        let mut node = Node::new(Kind::Case)
            .with("caseItem", items)
            .with("else", self.null_of(to).node);
        self.mark_type(&mut node, to);
        Some(Typed::new(node, to.clone()))
    }

    /// `(list) X return all (X converted)`
    fn items_converted(
        &mut self,
        value: Typed,
        inner: &Usable,
        to: &Spec,
        span: Span,
    ) -> Option<Typed> {
        let item = match &value.ty {
            Spec::List(item) => (**item).clone(),
            other => other.clone(),
        };
        let mut alias = Node::new(Kind::AliasRef).with("name", ITEM);
        self.mark_type(&mut alias, &item);
        let item = self.converted(Typed::new(alias, item), inner, span)?;
        let source = Node::part(Kind::AliasedQuerySource)
            .with("alias", ITEM)
            .with("expression", value.node);
        let mut node = Node::new(Kind::Query).with("source", vec![source]).with(
            "return",
            Node::part(Kind::ReturnClause)
                .with("distinct", false)
                .with("expression", item.node),
        );
        self.mark_type(&mut node, to);
        Some(Typed::new(node, to.clone()))
    }

    /// An interval of the ends of this one, converted.
    fn points_converted(
        &mut self,
        value: &Typed,
        inner: &Usable,
        to: &Spec,
        span: Span,
    ) -> Option<Typed> {
        let point = match &value.ty {
            Spec::Interval(point) => (**point).clone(),
            other => other.clone(),
        };
        if let Some(interval) = written_out(&value.node) {
            return self.ends_converted(interval, &point, inner, to, span);
        }
        let boolean = system("Boolean");
        let low = self.part_of(value, "low", &point, span)?;
        let low = self.converted(low, inner, span)?;
        let high = self.part_of(value, "high", &point, span)?;
        let high = self.converted(high, inner, span)?;
        let low_closed = self.part_of(value, "lowClosed", &boolean, span)?;
        let high_closed = self.part_of(value, "highClosed", &boolean, span)?;
        let mut node = Node::new(Kind::Interval)
            .with("low", low.node)
            .with("lowClosedExpression", low_closed.node)
            .with("high", high.node)
            .with("highClosedExpression", high_closed.node);
        self.mark_type(&mut node, to);
        Some(Typed::new(node, to.clone()))
    }

    /// The interval that is written out, with its ends converted where they stand.
    fn ends_converted(
        &mut self,
        interval: &Node,
        point: &Spec,
        inner: &Usable,
        to: &Spec,
        span: Span,
    ) -> Option<Typed> {
        let mut node = interval
            .fields()
            .filter(|(name, _)| !MARKS.contains(name))
            .fold(Node::part(Kind::Interval), |node, (name, field)| {
                node.with(name, field.clone())
            });
        for end in ["low", "high"] {
            if let Some(written) = interval.node(end) {
                let value = Typed::new(written.clone(), point.clone());
                node.set(end, self.converted(value, inner, span)?.node);
            }
        }
        self.mark_type(&mut node, to);
        Some(Typed::new(node, to.clone()))
    }

    fn part_of(&mut self, value: &Typed, path: &str, ty: &Spec, span: Span) -> Option<Typed> {
        let source = self.copy(value, span)?;
        let mut node = Node::new(Kind::Property)
            .with("path", path)
            .with("source", source.node);
        self.mark_type(&mut node, ty);
        Some(Typed::new(node, ty.clone()))
    }

    /// The interval of this point alone; null when the point is.
    fn interval_of_point(&mut self, point: &Typed, span: Span) -> Option<Typed> {
        let ty = interval_of(point.ty.clone());
        let test = self.copy(point, span)?;
        let test = self.implied(Kind::IsNull, test.node, system("Boolean"));
        let mut interval = Node::new(Kind::Interval)
            .with("lowClosed", true)
            .with("highClosed", true)
            .with("low", self.copy(point, span)?.node)
            .with("high", self.copy(point, span)?.node);
        self.mark_type(&mut interval, &ty);
        let mut node = Node::new(Kind::If)
            .with("condition", test.node)
            .with("then", self.null_of(&ty).node)
            .with("else", interval);
        self.mark_type(&mut node, &ty);
        Some(Typed::new(node, ty))
    }
}
