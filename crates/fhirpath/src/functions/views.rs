//! What SQL on FHIR adds: keys by which the rows of views are joined.

use std::sync::Arc;

use salus_fhir::reference::{self, Reference};
use salus_fhir::schema::{self, Kind};
use salus_fhir::view::ElementView;
use salus_values::Value;

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, Machine, Outcome, children, text};
use crate::program::TypeSpecifier;

const TYPE: &[Argument] = &[Argument::ty()];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "SQL on FHIR",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "getResourceKey",
                        Input::ANY,
                        &[],
                        Returns::Many(Types::STRING),
                        "The key of a resource: its id.",
                    ),
                    resource_key,
                ),
                Function::new(
                    Signature::new(
                        "getReferenceKey",
                        Input::ANY,
                        TYPE,
                        Returns::Many(Types::STRING),
                        "The key of the resource that a reference points at, if it is of the type.",
                    )
                    .required(0),
                    reference_key,
                ),
            ]
        },
    }
}

fn words<V: ElementView>(item: &Value<V>, name: &str) -> Option<String> {
    let mut found = Collection::new();
    children(item, name, &mut found);
    found
        .first()
        .and_then(|item| text(item).map(|text| text.into_owned()))
}

fn resource_key<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let is_resource = |item: &&Value<V>| match item {
        Value::Node(element) => schema::r4().get(element.type_id()).kind == Kind::Resource,
        _ => false,
    };
    let keys = input
        .iter()
        .filter(is_resource)
        .filter_map(|item| words(item, "id"));
    Ok(keys.map(|key| Value::String(Arc::from(key))).collect())
}

fn reference_key<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let ty = call.ty(0);
    let keys = input
        .iter()
        .filter_map(|item| words(item, "reference"))
        .filter_map(|text| key(&text, ty));
    Ok(keys.map(|key| Value::String(Arc::from(key))).collect())
}

/// The id in a reference, when it is to a resource of the type.
fn key(text: &str, ty: Option<TypeSpecifier>) -> Option<String> {
    let (type_name, id) = match reference::parse(text) {
        Reference::Relative { type_name, id, .. } | Reference::Absolute { type_name, id, .. } => {
            (type_name, id)
        }
        _ => return None,
    };
    let schema = schema::r4();
    let matches = match ty {
        None => true,
        Some(TypeSpecifier::Fhir(wanted)) => schema
            .named(type_name)
            .is_some_and(|of| schema.is_a(of, wanted)),
        Some(_) => false,
    };
    matches.then(|| id.to_owned())
}
