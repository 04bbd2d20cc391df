//! Types, resolved: what `is`, `as`, `convert` and overloads ask of a value.

use std::fmt;
use std::sync::Arc;

use salus_fhir::schema::{self, Kind, TypeId};

use crate::elm::{self, Node, QualifiedType};
use crate::model::{Models, Spec};

/// The URI of the types of CQL itself.
const SYSTEM: &str = "urn:hl7-org:elm-types:r1";

/// The types of CQL itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum SystemType {
    Boolean,
    Integer,
    Long,
    Decimal,
    String,
    Date,
    DateTime,
    Time,
    Quantity,
    Ratio,
    Code,
    Concept,
    Vocabulary,
    ValueSet,
    CodeSystem,
}

impl SystemType {
    const ALL: [SystemType; 15] = [
        SystemType::Boolean,
        SystemType::Integer,
        SystemType::Long,
        SystemType::Decimal,
        SystemType::String,
        SystemType::Date,
        SystemType::DateTime,
        SystemType::Time,
        SystemType::Quantity,
        SystemType::Ratio,
        SystemType::Code,
        SystemType::Concept,
        SystemType::Vocabulary,
        SystemType::ValueSet,
        SystemType::CodeSystem,
    ];

    pub fn named(name: &str) -> Option<SystemType> {
        SystemType::ALL.into_iter().find(|ty| ty.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            SystemType::Boolean => "Boolean",
            SystemType::Integer => "Integer",
            SystemType::Long => "Long",
            SystemType::Decimal => "Decimal",
            SystemType::String => "String",
            SystemType::Date => "Date",
            SystemType::DateTime => "DateTime",
            SystemType::Time => "Time",
            SystemType::Quantity => "Quantity",
            SystemType::Ratio => "Ratio",
            SystemType::Code => "Code",
            SystemType::Concept => "Concept",
            SystemType::Vocabulary => "Vocabulary",
            SystemType::ValueSet => "ValueSet",
            SystemType::CodeSystem => "CodeSystem",
        }
    }
}

/// A type as values are tested for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    /// Every value.
    Any,
    System(SystemType),
    Fhir(TypeId),
    List(Box<Type>),
    Interval(Box<Type>),
    Tuple(Box<[(Arc<str>, Type)]>),
    Choice(Box<[Type]>),
}

/// The class of an instance that is made in CQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum InstanceType {
    System(SystemType),
    Fhir(TypeId),
}

/// Why a type cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnknownType {
    pub name: String,
}

impl Type {
    /// The type of a name in ELM.
    pub fn named(name: QualifiedType<'_>, models: &Models) -> Result<Type, UnknownType> {
        let unknown = || UnknownType {
            name: format!("{{{}}}{}", name.url, name.name),
        };
        if name.url == SYSTEM || name.url.is_empty() {
            if name.name == "Any" {
                return Ok(Type::Any);
            }
            return SystemType::named(name.name)
                .map(Type::System)
                .ok_or_else(unknown);
        }
        fhir_type(name, models).map(Type::Fhir).ok_or_else(unknown)
    }

    /// The type of a specifier in ELM.
    pub fn of_specifier(node: &Node, models: &Models) -> Result<Type, UnknownType> {
        let inner = |field: &str| match node.node(field) {
            Some(of) => Type::of_specifier(of, models),
            None => Ok(Type::Any),
        };
        match node.kind() {
            elm::Kind::ListTypeSpecifier => inner("elementType").map(Box::new).map(Type::List),
            elm::Kind::IntervalTypeSpecifier => {
                inner("pointType").map(Box::new).map(Type::Interval)
            }
            elm::Kind::ChoiceTypeSpecifier => {
                // Older translators call the field `type`, which holds texts elsewhere.
                let choices = node.nodes("choice").chain(node.nodes("type"));
                choices
                    .map(|choice| Type::of_specifier(choice, models))
                    .collect::<Result<_, _>>()
                    .map(Type::Choice)
            }
            elm::Kind::TupleTypeSpecifier => {
                let elements = node.nodes("element").map(|element| {
                    let name = element.text("name").unwrap_or_default();
                    let specifier = element.node("elementType").or_else(|| element.node("type"));
                    let ty = match specifier {
                        Some(specifier) => Type::of_specifier(specifier, models)?,
                        None => Type::Any,
                    };
                    Ok((Arc::from(name), ty))
                });
                elements.collect::<Result<_, _>>().map(Type::Tuple)
            }
            // A specifier in a place that has only one sort may not say which it is.
            _ => match node.qualified("name") {
                Some(name) => Type::named(name, models),
                None => Ok(Type::Any),
            },
        }
    }

    /// The type in a field, or in the specifier beside it: `asType`, `asTypeSpecifier`.
    pub fn in_fields(
        node: &Node,
        name: &str,
        models: &Models,
    ) -> Result<Option<Type>, UnknownType> {
        if let Some(qualified) = node.qualified(name) {
            return Type::named(qualified, models).map(Some);
        }
        match node.node(&format!("{name}Specifier")) {
            Some(specifier) => Type::of_specifier(specifier, models).map(Some),
            None => Ok(None),
        }
    }

    /// How much of a value it says: the more, the closer is an overload that takes it.
    pub fn closeness(&self) -> usize {
        match self {
            Type::Any => 0,
            Type::Choice(_) => 1,
            Type::List(of) | Type::Interval(of) => 2 + of.closeness(),
            Type::System(_) | Type::Tuple(_) => 2,
            Type::Fhir(ty) => {
                let schema = schema::r4();
                let bases = std::iter::successors(Some(*ty), |ty| schema.get(*ty).base);
                2 + bases.count()
            }
        }
    }
}

/// The type of the data that a name of a model stands for.
pub(crate) fn fhir_type(name: QualifiedType<'_>, models: &Models) -> Option<TypeId> {
    let schema = schema::r4();
    // `Patient.Contact` of the model info is `Patient.contact` of the definitions.
    let by_name = |name: &str| schema.named(name).or_else(|| backbone(name));
    if name.url == "http://hl7.org/fhir"
        && let Some(ty) = by_name(name.name)
    {
        return Some(ty);
    }
    let model = models.of_url(name.url)?;
    let class = model.class(name.name)?;
    if let Some(ty) = class.target().and_then(by_name) {
        return Some(ty);
    }
    let base_of = |class: crate::model::Class<'_>| class.base().and_then(Spec::name).cloned();
    let is_enumeration = class.elements().any(|element| {
        let of = element.ty().name();
        element.name() == "value"
            && of.is_some_and(|of| &*of.model == "System" && &*of.name == "String")
    });
    if is_enumeration {
        // The value sets of required bindings are types of their own in the model info: `FHIR.AdministrativeGender`.
        return schema.named("code");
    }
    models
        .lineage(class)
        .find_map(|class| match class.model().url() {
            "http://hl7.org/fhir" => by_name(class.name()),
            _ => class.target().and_then(by_name),
        })
        .or_else(|| base_of(class).and_then(|base| by_name(&base.name)))
}

/// `Patient.Contact`, `Claim.Item.Detail` → `Patient.contact`, `Claim.item.detail`.
fn backbone(name: &str) -> Option<TypeId> {
    let (resource, rest) = name.split_once('.')?;
    let mut path = resource.to_owned();
    for part in rest.split('.') {
        let mut letters = part.chars();
        path.push('.');
        path.extend(letters.next()?.to_lowercase());
        path.push_str(letters.as_str());
    }
    schema::r4().named(&path)
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("Any"),
            Type::System(ty) => f.write_str(ty.name()),
            Type::Fhir(ty) => write!(f, "FHIR.{}", schema::r4().get(*ty).name),
            Type::List(of) => write!(f, "List<{of}>"),
            Type::Interval(of) => write!(f, "Interval<{of}>"),
            Type::Tuple(elements) => {
                f.write_str("Tuple{ ")?;
                for (position, (name, ty)) in elements.iter().enumerate() {
                    let comma = if position == 0 { "" } else { ", " };
                    write!(f, "{comma}{name} {ty}")?;
                }
                f.write_str(" }")
            }
            Type::Choice(types) => {
                f.write_str("Choice<")?;
                for (position, ty) in types.iter().enumerate() {
                    let comma = if position == 0 { "" } else { ", " };
                    write!(f, "{comma}{ty}")?;
                }
                f.write_str(">")
            }
        }
    }
}

/// Whether the type is one of resources.
pub(crate) fn is_resource(ty: TypeId) -> bool {
    schema::r4().get(ty).kind == Kind::Resource
}
