//! Types as functions (§6.3), and reflection (§10.2).

use std::sync::Arc;

use salus_fhir::schema::{self, Kind};
use salus_fhir::view::ElementView;
use salus_values::{Tuple, Value};

use super::{Argument, Call, Function, Input, Returns, Section, Signature, Types};
use crate::evaluate::{Collection, Machine, Outcome, one};
use crate::operators::truth;
use crate::program::SystemType;

const TYPE: &[Argument] = &[Argument::ty()];

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "6.3 Types",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "is",
                        Input::one(Types::ANY),
                        TYPE,
                        Returns::One(Types::BOOLEAN),
                        "Whether the item is of a type.",
                    ),
                    is,
                ),
                Function::new(
                    Signature::new(
                        "as",
                        Input::one(Types::ANY),
                        TYPE,
                        Returns::OfType(0),
                        "The item if it is of a type.",
                    ),
                    as_type,
                ),
                Function::new(
                    Signature::new(
                        "type",
                        Input::ANY,
                        &[],
                        Returns::TypeInfo,
                        "The `namespace` and `name` of each item's type.",
                    ),
                    type_info,
                ),
            ]
        },
    }
}

fn is<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let item = one(&input, call.input(), call.span)?;
    let ty = call.ty(0);
    Ok(truth(item.and_then(|item| Some(ty?.includes(item)))))
}

fn as_type<V: ElementView>(
    _: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    one(&input, call.input(), call.span)?;
    let ty = call.ty(0);
    Ok(input
        .into_iter()
        .filter(|item| ty.is_some_and(|ty| ty.keeps(item)))
        .collect())
}

fn type_info<V: ElementView>(
    _: &mut Machine<'_, V>,
    _: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    Ok(input.iter().map(info).collect())
}

/// `SimpleTypeInfo` or `ClassInfo` with the fields that all kinds of type have.
fn info<V: ElementView>(item: &Value<V>) -> Value<V> {
    let words = |text: &str| Value::String(Arc::from(text));
    let (namespace, name, base) = match item {
        Value::Node(element) => {
            let schema = schema::r4();
            let ty = schema.get(element.type_id());
            let base = match (ty.base, ty.kind) {
                (Some(base), _) => format!("FHIR.{}", schema.get(base).name),
                (None, Kind::Resource | Kind::Complex | Kind::Primitive(_)) => {
                    "System.Any".to_owned()
                }
            };
            ("FHIR", ty.name, base)
        }
        other => {
            let ty = SystemType::of(other).unwrap_or(SystemType::Any);
            ("System", ty.name(), "System.Any".to_owned())
        }
    };
    Value::Tuple(Arc::new(Tuple::new([
        ("namespace", words(namespace)),
        ("name", words(name)),
        ("baseType", words(&base)),
    ])))
}
