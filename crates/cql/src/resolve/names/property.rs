//! Elements of types (Author's Guide §3, Developer's Guide §4).

use super::mistake::NameMistake;
use crate::elm::{Kind, Node};
use crate::model::{Class, Element, ModelError, Spec};
use crate::resolve::problem::Mistake;
use crate::resolve::translator::Translator;
use crate::resolve::typed::{Typed, list_of, system};
use crate::syntax::Span;

/// The alias of the list whose items an element is taken of.
const THIS: &str = "$this";

/// An element that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resolve) struct Property {
    pub ty: Spec,
    /// How it is got from the data, when that is another model: in words of the model info. Of a choice, for each type
    /// its own.
    pub targets: Vec<(Spec, Box<str>)>,
}

impl Property {
    fn plain(ty: Spec) -> Property {
        Property {
            ty,
            targets: Vec::new(),
        }
    }

    fn of_element(element: Element<'_>) -> Property {
        let ty = element.ty().clone();
        let target = element.target().map(|target| (ty.clone(), target.into()));
        Property {
            ty,
            targets: target.into_iter().collect(),
        }
    }
}

impl<'t> Translator<'t> {
    /// The element of this name; nothing if the type has none.
    pub fn property(&self, of: &Spec, name: &str) -> Option<Property> {
        match of {
            Spec::Named(type_name) => {
                let class = self.models.find(type_name)?;
                let element = self.element_of(class, name)?;
                (!element.is_prohibited()).then(|| Property::of_element(element))
            }
            Spec::Tuple(elements) => {
                let (_, ty) = elements.iter().find(|(own, _)| &**own == name)?;
                Some(Property::plain(ty.clone()))
            }
            Spec::Interval(point) => match name {
                "low" | "high" => Some(Property::plain((**point).clone())),
                "lowClosed" | "highClosed" => Some(Property::plain(system("Boolean"))),
                _ => None,
            },
            Spec::Choice(types) => self.property_of_choice(types, name),
            Spec::List(_) => None,
        }
    }

    fn element_of(&self, class: Class<'t>, name: &str) -> Option<Element<'t>> {
        let mut elements = self.models.lineage(class).flat_map(Class::elements);
        elements.find(|element| element.name() == name)
    }

    /// The element of each of the types that has it.
    fn property_of_choice(&self, types: &[Spec], name: &str) -> Option<Property> {
        let mut found: Vec<Spec> = Vec::new();
        let mut targets: Vec<(Spec, Box<str>)> = Vec::new();
        for property in types.iter().filter_map(|ty| self.property(ty, name)) {
            for (ty, target) in property.targets {
                if !targets.iter().any(|(other, _)| *other == ty) {
                    targets.push((ty, target));
                }
            }
            if !found.contains(&property.ty) {
                found.push(property.ty);
            }
        }
        let ty = match found.len() {
            0 => return None,
            1 => found.pop()?,
            _ => Spec::Choice(found),
        };
        Some(Property { ty, targets })
    }

    /// The type at the end of a path: `code`, `medication.reference`. Of lists, of their items.
    pub fn type_at(&self, of: &Spec, path: &str) -> Option<Spec> {
        path.split('.').try_fold(of.clone(), |ty, name| match ty {
            Spec::List(item) => self.property(&item, name).map(|found| list_of(found.ty)),
            ty => self.property(&ty, name).map(|found| found.ty),
        })
    }

    /// `left.name`
    pub fn element(&mut self, left: Typed, name: &str, span: Span) -> Option<Typed> {
        if let Spec::List(item) = &left.ty
            && left.node.kind() != Kind::AliasRef
            && self.options.list_traversal
        {
            let item = (**item).clone();
            return self.element_of_items(left, &item, name, span);
        }
        let Some(property) = self.property(&left.ty, name) else {
            return self.no_element(&left.ty, name, span);
        };
        let node = match (left.node.kind(), left.node.text("name")) {
            (Kind::AliasRef, Some(alias)) => Node::new(Kind::Property)
                .with("path", name)
                .with("scope", alias),
            _ => Node::new(Kind::Property)
                .with("path", name)
                .with("source", left.node),
        };
        self.mapped_property(node, &property, name, span)
    }

    /// The element of all items that have it: `list $this where $this.name is not null return all $this.name`,
    /// flattened when it is a list itself.
    fn element_of_items(
        &mut self,
        list: Typed,
        item: &Spec,
        name: &str,
        span: Span,
    ) -> Option<Typed> {
        let Some(property) = self.property(item, name) else {
            return self.no_element(item, name, span);
        };
        let this = Node::new(Kind::AliasRef).with("name", THIS);
        let node = Node::new(Kind::Property)
            .with("path", name)
            .with("source", this);
        let accessed = self.mapped_property(node, &property, name, span)?;
        let ty = list_of(accessed.ty.clone());
        let is_null = self.implied(Kind::IsNull, accessed.node.clone(), system("Boolean"));
        let filter = self.implied(Kind::Not, is_null.node, system("Boolean"));
        let source = Node::part(Kind::AliasedQuerySource)
            .with("alias", THIS)
            .with("expression", list.node);
        let result = Node::part(Kind::ReturnClause)
            .with("distinct", false)
            .with("expression", accessed.node);
        let mut query = Node::new(Kind::Query)
            .with("source", vec![source])
            .with("where", filter.node)
            .with("return", result);
        self.mark_type(&mut query, &ty);
        match accessed.ty {
            Spec::List(inner) => Some(self.implied(Kind::Flatten, query, Spec::List(inner))),
            _ => Some(Typed::new(query, ty)),
        }
    }

    /// The property as the data has it.
    pub fn mapped_property(
        &mut self,
        mut node: Node,
        property: &Property,
        name: &str,
        span: Span,
    ) -> Option<Typed> {
        self.mark_type(&mut node, &property.ty);
        let typed = Typed::new(node, property.ty.clone());
        match self.mapped(typed, &property.targets) {
            Ok(typed) => Some(typed),
            Err(target) => {
                let name = name.into();
                self.refuse(NameMistake::BadTarget { name, target }, span)
            }
        }
    }

    /// Says that a type has no such element.
    fn no_element<T>(&mut self, of: &Spec, name: &str, span: Span) -> Option<T> {
        let mistake = self.why_no_element(of, name);
        self.refuse(mistake, span)
    }

    fn why_no_element(&self, of: &Spec, name: &str) -> Mistake {
        let without = || NameMistake::NoElements {
            ty: of.clone(),
            name: name.into(),
        };
        match of {
            Spec::Named(type_name) => match self.models.class_of(type_name) {
                Ok(class) if class.is_simple() => without().into(),
                Ok(class) if self.element_of(class, name).is_some() => NameMistake::Prohibited {
                    ty: class.to_string().into(),
                    name: name.into(),
                }
                .into(),
                Ok(class) => match self.models.element(class, name) {
                    Err(error) => error.into(),
                    Ok(_) => without().into(),
                },
                Err(error) => error.into(),
            },
            Spec::Tuple(elements) => {
                let names = elements.iter().map(|(name, _)| &**name);
                unknown_element(of, name, names)
            }
            Spec::Interval(_) => {
                unknown_element(of, name, ["low", "high", "lowClosed", "highClosed"])
            }
            Spec::Choice(types) => {
                let classes = types.iter().filter_map(|ty| self.models.find(ty.name()?));
                let all = classes.flat_map(|class| self.models.lineage(class));
                unknown_element(of, name, all.flat_map(Class::elements).map(Element::name))
            }
            Spec::List(_) => without().into(),
        }
    }
}

fn unknown_element<'n>(of: &Spec, name: &str, names: impl IntoIterator<Item = &'n str>) -> Mistake {
    let suggestion = salus_base::suggest::closest(name, names);
    ModelError::UnknownElement {
        ty: crate::resolve::signature::shown(of),
        name: name.into(),
        suggestion: suggestion.map(Into::into),
    }
    .into()
}
