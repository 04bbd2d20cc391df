//! Type specifiers (§6.3): which type a name stands for, and which items are of it.

use std::fmt;

use salus_fhir::schema::{self, Kind, TypeId};
use salus_fhir::view::ElementView;
use salus_values::Value;

/// The types of the `System` namespace that FHIRPath knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SystemType {
    /// Every type's base.
    Any,
    /// `true` and `false`.
    Boolean,
    /// Text.
    String,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
    /// 28 digits.
    Decimal,
    /// A date, perhaps partial.
    Date,
    /// A date and time, perhaps partial.
    DateTime,
    /// A time of day, perhaps partial.
    Time,
    /// A decimal with a unit.
    Quantity,
}

impl SystemType {
    const ALL: [SystemType; 10] = [
        SystemType::Any,
        SystemType::Boolean,
        SystemType::String,
        SystemType::Integer,
        SystemType::Long,
        SystemType::Decimal,
        SystemType::Date,
        SystemType::DateTime,
        SystemType::Time,
        SystemType::Quantity,
    ];

    /// The type of this name, without namespace.
    #[must_use]
    pub fn named(name: &str) -> Option<SystemType> {
        SystemType::ALL.into_iter().find(|ty| ty.name() == name)
    }

    /// Its name, without namespace.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SystemType::Any => "Any",
            SystemType::Boolean => "Boolean",
            SystemType::String => "String",
            SystemType::Integer => "Integer",
            SystemType::Long => "Long",
            SystemType::Decimal => "Decimal",
            SystemType::Date => "Date",
            SystemType::DateTime => "DateTime",
            SystemType::Time => "Time",
            SystemType::Quantity => "Quantity",
        }
    }

    /// The type of a value that is no element; `None` for an element and for the types of CQL.
    #[must_use]
    pub fn of<V>(value: &Value<V>) -> Option<SystemType> {
        Some(match value {
            Value::Boolean(_) => SystemType::Boolean,
            Value::String(_) => SystemType::String,
            Value::Integer(_) => SystemType::Integer,
            Value::Long(_) => SystemType::Long,
            Value::Decimal(_) => SystemType::Decimal,
            Value::Date(_) => SystemType::Date,
            Value::DateTime(_) => SystemType::DateTime,
            Value::Time(_) => SystemType::Time,
            Value::Quantity(_) => SystemType::Quantity,
            _ => return None,
        })
    }
}

/// A type that items are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeSpecifier {
    /// A type of FHIR.
    Fhir(TypeId),
    /// A System type.
    System(SystemType),
    /// `Quantity` without namespace: the element and the System value alike.
    Either(TypeId, SystemType),
    /// A type of FHIR looked for in the System namespace: nothing is of it.
    Never,
}

impl TypeSpecifier {
    /// The type that a name stands for: without namespace a type of FHIR, if there is none a System type.
    /// `None` when there is no such type.
    #[must_use]
    pub fn resolve(namespace: Option<&str>, name: &str) -> Option<TypeSpecifier> {
        let fhir = schema::r4().named(name).filter(|id| !is_inner(*id));
        let system = SystemType::named(name);
        match namespace {
            Some("FHIR") => fhir.map(TypeSpecifier::Fhir),
            Some("System") => match (system, fhir) {
                (Some(ty), _) => Some(TypeSpecifier::System(ty)),
                (None, fhir) => fhir.map(|_| TypeSpecifier::Never),
            },
            Some(_) => None,
            None => match (fhir, system) {
                (Some(fhir), Some(system)) => Some(TypeSpecifier::Either(fhir, system)),
                (Some(fhir), None) => Some(TypeSpecifier::Fhir(fhir)),
                (None, system) => system.map(TypeSpecifier::System),
            },
        }
    }

    /// Names that a specifier may have, for suggestions.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        let fhir = schema::r4()
            .types()
            .iter()
            .filter(|ty| !is_inner(ty.id))
            .map(|ty| ty.name);
        fhir.chain(SystemType::ALL.map(SystemType::name))
    }

    /// Whether an item is of this type or of one that specialises it: `is`.
    pub(crate) fn includes<V: ElementView>(self, item: &Value<V>) -> bool {
        match self {
            TypeSpecifier::Fhir(ty) => fhir_type(item).is_some_and(|of| schema::r4().is_a(of, ty)),
            TypeSpecifier::System(SystemType::Any) => true,
            TypeSpecifier::System(ty) => SystemType::of(item) == Some(ty),
            TypeSpecifier::Either(fhir, system) => {
                TypeSpecifier::Fhir(fhir).includes(item)
                    || TypeSpecifier::System(system).includes(item)
            }
            TypeSpecifier::Never => false,
        }
    }

    /// Whether `as` and `ofType` keep an item. As `is`, but a primitive must be of the very type: `code` is a
    /// `string` and not kept by `ofType(string)`, which is how the choice types of FHIR are told apart.
    pub(crate) fn keeps<V: ElementView>(self, item: &Value<V>) -> bool {
        match (self, fhir_type(item)) {
            (TypeSpecifier::Fhir(ty), Some(of))
                if matches!(schema::r4().get(ty).kind, Kind::Primitive(_)) =>
            {
                of == ty
            }
            _ => self.includes(item),
        }
    }
}

impl fmt::Display for TypeSpecifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TypeSpecifier::Fhir(ty) => write!(f, "FHIR.{}", schema::r4().get(*ty).name),
            TypeSpecifier::System(ty) => write!(f, "System.{}", ty.name()),
            TypeSpecifier::Either(_, ty) => f.write_str(ty.name()),
            TypeSpecifier::Never => f.write_str("no type"),
        }
    }
}

/// The inner structure of a type (`Patient.contact`) cannot be named in a specifier.
fn is_inner(ty: TypeId) -> bool {
    schema::r4().get(ty).name.contains('.')
}

fn fhir_type<V: ElementView>(item: &Value<V>) -> Option<TypeId> {
    match item {
        Value::Node(element) => Some(element.type_id()),
        _ => None,
    }
}
