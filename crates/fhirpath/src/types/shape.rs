//! What is known of a collection before there is a record: the types its items may have, and how many there may be.

use std::fmt;

use salus_fhir::schema::{self, Kind, Primitive, TypeId};

use super::count::Count;
use crate::functions::Types;
use crate::program::SystemType;

/// A type of FHIR, a System type, or what `type()` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A type of the System namespace.
    System(SystemType),
    /// A type of FHIR. An abstract one (`Resource`) stands for all that specialise it.
    Fhir(TypeId),
    /// The type information of reflection (§10.2).
    Information,
}

impl Type {
    /// Its place in the order in which types are kept and shown.
    fn rank(self) -> (u8, usize) {
        match self {
            Type::Fhir(id) => (0, id.index()),
            Type::System(ty) => (1, ty as usize),
            Type::Information => (2, 0),
        }
    }

    /// The System types that an item of this type counts as: its own, or the one that FHIR converts it to.
    #[must_use]
    pub fn system(self) -> Types {
        match self {
            Type::System(ty) => system_bit(ty),
            Type::Fhir(id) => fhir_bits(id),
            Type::Information => Types::ELEMENT,
        }
    }
}

/// The System types in the order of [`Types`].
const SYSTEM: [(SystemType, Types); 9] = [
    (SystemType::Boolean, Types::BOOLEAN),
    (SystemType::String, Types::STRING),
    (SystemType::Integer, Types::INTEGER),
    (SystemType::Long, Types::LONG),
    (SystemType::Decimal, Types::DECIMAL),
    (SystemType::Date, Types::DATE),
    (SystemType::DateTime, Types::DATE_TIME),
    (SystemType::Time, Types::TIME),
    (SystemType::Quantity, Types::QUANTITY),
];

fn system_bit(ty: SystemType) -> Types {
    let found = SYSTEM.iter().find(|(system, _)| *system == ty);
    found.map_or(Types::ANY, |(_, bit)| *bit)
}

fn fhir_bits(id: TypeId) -> Types {
    let schema = schema::r4();
    let def = schema.get(id);
    let of = match def.kind {
        Kind::Resource => Types::ELEMENT,
        Kind::Primitive(primitive) => primitive_bit(primitive),
        Kind::Complex if def.is_abstract => Types::ANY,
        Kind::Complex => match schema.named("Quantity") {
            Some(quantity) if schema.is_a(id, quantity) => Types::QUANTITY,
            _ => Types::ELEMENT,
        },
    };
    // Every element is one too, for functions that work with elements.
    of | Types::ELEMENT
}

fn primitive_bit(primitive: Primitive) -> Types {
    match primitive {
        Primitive::Boolean => Types::BOOLEAN,
        Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => Types::INTEGER,
        Primitive::Decimal => Types::DECIMAL,
        Primitive::Date => Types::DATE,
        Primitive::DateTime | Primitive::Instant => Types::DATE_TIME,
        Primitive::Time => Types::TIME,
        _ => Types::STRING,
    }
}

impl fmt::Display for Type {
    /// With its namespace: `FHIR.Patient`, `System.Boolean`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::System(ty) => write!(f, "System.{}", ty.name()),
            Type::Fhir(id) => write!(f, "FHIR.{}", schema::r4().get(*id).name),
            Type::Information => f.write_str("System.TypeInfo"),
        }
    }
}

/// What is known of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// In order, each once.
    types: Vec<Type>,
    /// Whether there may be items of other types too.
    open: bool,
    count: Count,
    /// Whether the order of the items means something.
    ordered: bool,
}

impl Shape {
    /// No items.
    #[must_use]
    pub fn empty() -> Shape {
        Shape::new(Vec::new(), false, Count::NONE)
    }

    /// Items of which nothing is known.
    #[must_use]
    pub fn unknown() -> Shape {
        Shape::new(Vec::new(), true, Count::MANY)
    }

    /// Items of one type.
    #[must_use]
    pub fn of(ty: Type, count: Count) -> Shape {
        Shape::new(vec![ty], false, count)
    }

    /// Items of these System types; of any type if elements are among them.
    #[must_use]
    pub fn system(types: Types, count: Count) -> Shape {
        let named = SYSTEM.iter().filter(|(_, bit)| types.contains(*bit));
        let named = named.map(|(ty, _)| Type::System(*ty)).collect();
        Shape::new(named, types.contains(Types::ELEMENT), count)
    }

    pub(super) fn new(mut types: Vec<Type>, open: bool, count: Count) -> Shape {
        types.sort_unstable_by_key(|ty| ty.rank());
        types.dedup();
        Shape {
            types,
            open,
            count,
            ordered: true,
        }
    }

    /// The types that items may have, each once. Other ones are possible too when the shape is open.
    #[must_use]
    pub fn types(&self) -> &[Type] {
        &self.types
    }

    /// Whether there may be items of types that are not known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// The one type that all items have, if that is known.
    #[must_use]
    pub fn one_type(&self) -> Option<Type> {
        match self.types.as_slice() {
            [ty] if !self.open => Some(*ty),
            _ => None,
        }
    }

    /// How many items there may be.
    #[must_use]
    pub fn count(&self) -> Count {
        self.count
    }

    /// Whether there are no items in any record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count.most == Some(0) || (self.types.is_empty() && !self.open)
    }

    /// The System types that the items count as.
    #[must_use]
    pub fn system_types(&self) -> Types {
        if self.open {
            return Types::ANY;
        }
        let all = self.types.iter().map(|ty| ty.system());
        all.fold(Types::NONE, Types::or)
    }

    pub(super) fn is_ordered(&self) -> bool {
        self.ordered
    }

    pub(super) fn unordered(mut self) -> Shape {
        self.ordered = false;
        self
    }

    pub(super) fn with_count(mut self, count: Count) -> Shape {
        self.count = count;
        self
    }

    /// One of the items.
    pub(super) fn item(&self) -> Shape {
        let mut item = self.clone().with_count(Count::ONE);
        item.ordered = true;
        item
    }

    /// Items of both types, in a number that the caller knows.
    pub(super) fn join(&self, other: &Shape, count: Count) -> Shape {
        let types = [self.types.as_slice(), other.types.as_slice()].concat();
        let mut joined = Shape::new(types, self.open || other.open, count);
        joined.ordered = self.ordered && other.ordered;
        joined
    }

    /// One or the other.
    pub(super) fn either(&self, other: &Shape) -> Shape {
        self.join(other, self.count.either(other.count))
    }

    /// The System values of the items.
    pub(super) fn as_system(&self) -> Shape {
        if self.open {
            return self.clone();
        }
        let own = |ty: &Type| !matches!(ty, Type::Fhir(_));
        let kept: Vec<Type> = self.types.iter().copied().filter(own).collect();
        let bits = self.types.iter().map(|ty| ty.system());
        let bits = bits.fold(Types::NONE, Types::or);
        let named = SYSTEM.iter().filter(|(_, bit)| bits.contains(*bit));
        let named = named.map(|(ty, _)| Type::System(*ty));
        Shape::new(kept.into_iter().chain(named).collect(), false, self.count)
    }
}

impl fmt::Display for Shape {
    /// The types and the count: `FHIR.Quantity | FHIR.string 0..1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.types.is_empty() && !self.open {
            return f.write_str("empty");
        }
        if self.types.len() > TYPES_SHOWN_MAX {
            return write!(f, "{} types {}", self.types.len(), self.count);
        }
        for (nth, ty) in self.types.iter().enumerate() {
            write!(f, "{}{ty}", if nth > 0 { " | " } else { "" })?;
        }
        if self.open {
            f.write_str(if self.types.is_empty() {
                "any"
            } else {
                " | any"
            })?;
        }
        write!(f, " {}", self.count)
    }
}

/// More types than this are counted, not named.
const TYPES_SHOWN_MAX: usize = 12;
