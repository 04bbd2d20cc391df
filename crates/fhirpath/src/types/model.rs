//! What R4 says of types: their elements, and which type a name stands for.

use salus_fhir::schema::{self, Kind, TypeDef, TypeId};

use super::count::Count;
use super::shape::{Shape, Type};
use crate::program::{SystemType, TypeSpecifier};

/// The child elements of this name that items of a type may have. `None` when the type has no such element.
pub(super) fn member(ty: Type, name: &str) -> Option<Shape> {
    match ty {
        Type::System(SystemType::Any) => Some(Shape::unknown()),
        Type::System(SystemType::Quantity) => quantity_member(name),
        Type::System(_) => None,
        Type::Information => information_member(name),
        Type::Fhir(id) => fhir_member(id, name),
    }
}

fn quantity_member(name: &str) -> Option<Shape> {
    let ty = match name {
        "value" => SystemType::Decimal,
        "unit" => SystemType::String,
        _ => return None,
    };
    Some(Shape::of(Type::System(ty), Count::AT_MOST_ONE))
}

fn information_member(name: &str) -> Option<Shape> {
    let text = |count| Some(Shape::of(Type::System(SystemType::String), count));
    match name {
        "name" | "namespace" | "baseType" => text(Count::AT_MOST_ONE),
        "element" | "elementType" => Some(Shape::unknown()),
        _ => None,
    }
}

fn fhir_member(id: TypeId, name: &str) -> Option<Shape> {
    let schema = schema::r4();
    let def = schema.get(id);
    if let Some(found) = own_member(def, name) {
        return Some(found);
    }
    match def.kind {
        // `Resource` stands for every resource, `Element` for every element.
        Kind::Resource if def.is_abstract => specialised(id)
            .filter_map(|def| own_member(def, name))
            .reduce(|a, b| a.either(&b)),
        Kind::Complex if def.is_abstract => Some(Shape::unknown()),
        Kind::Primitive(_) if name == "value" => {
            Some(Shape::of(Type::Fhir(id), Count::AT_MOST_ONE).as_system())
        }
        _ => None,
    }
}

/// The resources that an abstract type stands for.
fn specialised(base: TypeId) -> impl Iterator<Item = &'static TypeDef> {
    let schema = schema::r4();
    schema
        .resources()
        .filter(move |def| schema.is_a(def.id, base))
}

fn own_member(def: &TypeDef, name: &str) -> Option<Shape> {
    if let Some(element) = def.element(name) {
        if element.choice_of.is_some() {
            return None;
        }
        let count = if element.list {
            Count::MANY
        } else {
            Count::AT_MOST_ONE
        };
        return Some(Shape::of(Type::Fhir(element_type(element)), count));
    }
    let choices: Vec<Type> = def
        .elements()
        .iter()
        .filter(|element| element.choice_of == Some(name))
        .map(|element| Type::Fhir(element.ty))
        .collect();
    (!choices.is_empty()).then(|| Shape::new(choices, false, Count::AT_MOST_ONE))
}

/// An open place holds any resource.
fn element_type(element: &schema::Element) -> TypeId {
    let any = element
        .open_resource
        .then(|| schema::r4().named("Resource"))
        .flatten();
    any.unwrap_or(element.ty)
}

/// The choice that has this JSON name (`valueQuantity`), and the type that it has then.
pub(super) fn choice(ty: Type, json_name: &str) -> Option<(&'static str, &'static str)> {
    let Type::Fhir(id) = ty else { return None };
    let schema = schema::r4();
    let element = schema.get(id).element(json_name)?;
    Some((element.choice_of?, schema.get(element.ty).name))
}

/// The names of the elements of a type.
pub(super) fn names(ty: Type) -> Vec<&'static str> {
    match ty {
        Type::System(SystemType::Quantity) => vec!["value", "unit"],
        Type::System(_) => Vec::new(),
        Type::Information => vec!["namespace", "name"],
        Type::Fhir(id) => {
            let elements = schema::r4().get(id).elements().iter();
            elements
                .map(|element| element.choice_of.unwrap_or(element.name))
                .collect()
        }
    }
}

/// The child elements that items of a type may have.
pub(super) fn children(ty: Type) -> Shape {
    let Type::Fhir(id) = ty else {
        return match ty {
            Type::Information => Shape::of(Type::System(SystemType::String), Count::MANY),
            _ => Shape::empty(),
        };
    };
    let def = schema::r4().get(id);
    if def.is_abstract {
        return Shape::unknown();
    }
    let elements = def.elements().iter();
    let types = elements.map(|element| Type::Fhir(element_type(element)));
    Shape::new(types.collect(), false, Count::MANY)
}

/// The types of a shape that a specifier keeps, as `as` and `ofType` do; an abstract type is narrowed.
pub(super) fn kept(shape: &Shape, specifier: TypeSpecifier) -> Shape {
    let count = shape.count().or_fewer();
    if shape.is_open() {
        return Shape::new(targets(specifier), false, count);
    }
    let types = shape.types().iter();
    let kept: Vec<Type> = types
        .flat_map(|ty| {
            targets(specifier)
                .into_iter()
                .filter_map(|to| narrowed(*ty, to))
        })
        .collect();
    Shape::new(kept, false, count)
}

/// Whether an item of this shape may be of the type: `is`.
pub(super) fn may_be(shape: &Shape, specifier: TypeSpecifier) -> bool {
    let one = |ty: &Type| {
        targets(specifier).into_iter().any(|to| match (*ty, to) {
            (Type::Fhir(of), Type::Fhir(base)) => {
                schema::r4().is_a(of, base) || schema::r4().is_a(base, of)
            }
            (_, Type::System(SystemType::Any)) => true,
            (of, to) => of == to,
        })
    };
    shape.is_open() || shape.types().iter().any(one)
}

/// What is left of a type: itself if it is the target or specialises it, the target if that specialises the type.
/// A primitive must be the very target.
fn narrowed(ty: Type, to: Type) -> Option<Type> {
    let (Type::Fhir(of), Type::Fhir(target)) = (ty, to) else {
        return (ty == to || to == Type::System(SystemType::Any)).then_some(ty);
    };
    let schema = schema::r4();
    let is_primitive = matches!(schema.get(target).kind, Kind::Primitive(_));
    if of == target || (schema.is_a(of, target) && !is_primitive) {
        return Some(ty);
    }
    let is_abstract =
        schema.get(of).is_abstract || !matches!(schema.get(of).kind, Kind::Primitive(_));
    (schema.is_a(target, of) && is_abstract).then_some(to)
}

fn targets(specifier: TypeSpecifier) -> Vec<Type> {
    match specifier {
        TypeSpecifier::Fhir(id) => vec![Type::Fhir(id)],
        TypeSpecifier::System(ty) => vec![Type::System(ty)],
        TypeSpecifier::Either(id, ty) => vec![Type::Fhir(id), Type::System(ty)],
        TypeSpecifier::Never => Vec::new(),
    }
}
