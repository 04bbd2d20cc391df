//! Types and elements: the rows of the type table.

use std::sync::OnceLock;

use super::lookup::Lookup;

/// A type of the schema that gave it. Small and cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(u16);

impl TypeId {
    pub(super) fn new(index: usize) -> TypeId {
        TypeId(u16::try_from(index).unwrap_or(u16::MAX))
    }

    /// Position in [`super::Schema::types`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One type: a resource, a data type, a primitive or a backbone element.
#[derive(Debug)]
pub struct TypeDef {
    /// Its id in the schema.
    pub id: TypeId,
    /// `Patient`, `HumanName`, `Patient.contact`, `string`.
    pub name: &'static str,
    /// What sort of type it is.
    pub kind: Kind,
    /// The type it specialises: `DomainResource`, `Element`, `BackboneElement`, `Quantity` for `Age`, …
    pub base: Option<TypeId>,
    /// True for `Resource`, `DomainResource`, `Element` and `BackboneElement`: never instantiated themselves.
    pub is_abstract: bool,
    pub(super) elements: Vec<Element>,
    pub(super) lookup: Lookup,
}

impl TypeDef {
    /// The element of this JSON name (`valueQuantity`, not `value`; without a leading `_`).
    #[inline]
    pub fn element(&self, json_name: &str) -> Option<&Element> {
        self.lookup.find(json_name, &self.elements)
    }

    /// All elements, inherited ones first, choices expanded; in the order of the specification.
    pub fn elements(&self) -> &[Element] {
        &self.elements
    }

    /// The elements of a choice: all with `choice_of` this name.
    pub fn choice<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements
            .iter()
            .filter(move |e| e.choice_of == Some(name))
    }

    /// What stands for an id of another schema: a type without elements.
    pub(super) fn unknown() -> &'static TypeDef {
        static UNKNOWN: OnceLock<TypeDef> = OnceLock::new();
        UNKNOWN.get_or_init(|| TypeDef {
            id: TypeId(u16::MAX),
            name: "",
            kind: Kind::Complex,
            base: None,
            is_abstract: true,
            elements: Vec::new(),
            lookup: Lookup::default(),
        })
    }
}

/// What sort of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A resource: its JSON has `resourceType`.
    Resource,
    /// A data type with elements, or a backbone element named by its path.
    Complex,
    /// A primitive: a JSON value, with an optional `_` sibling of type `Element`.
    Primitive(Primitive),
}

/// The primitive types of R4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `true` or `false`.
    Boolean,
    /// A signed 32-bit integer.
    Integer,
    /// 1 to 2,147,483,647.
    PositiveInt,
    /// 0 to 2,147,483,647.
    UnsignedInt,
    /// A decimal whose digits as written matter.
    Decimal,
    /// Unicode text.
    String,
    /// Text in GitHub-flavoured Markdown.
    Markdown,
    /// A code without leading, trailing or double spaces.
    Code,
    /// `[A-Za-z0-9\-\.]{1,64}`.
    Id,
    /// A URI.
    Uri,
    /// A URL.
    Url,
    /// A canonical URL of a resource, with an optional `|version`.
    Canonical,
    /// `urn:oid:…`.
    Oid,
    /// `urn:uuid:…`.
    Uuid,
    /// Bytes in base64.
    Base64Binary,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Date,
    /// A partial date, or a date with a time and a zone.
    DateTime,
    /// A moment: date, time to the second at least, zone.
    Instant,
    /// `hh:mm:ss`, with an optional fraction.
    Time,
    /// The `div` of a narrative.
    Xhtml,
}

impl Primitive {
    /// The primitive of this FHIR type name.
    pub fn named(name: &str) -> Option<Primitive> {
        Some(match name {
            "boolean" => Primitive::Boolean,
            "integer" => Primitive::Integer,
            "positiveInt" => Primitive::PositiveInt,
            "unsignedInt" => Primitive::UnsignedInt,
            "decimal" => Primitive::Decimal,
            "string" => Primitive::String,
            "markdown" => Primitive::Markdown,
            "code" => Primitive::Code,
            "id" => Primitive::Id,
            "uri" => Primitive::Uri,
            "url" => Primitive::Url,
            "canonical" => Primitive::Canonical,
            "oid" => Primitive::Oid,
            "uuid" => Primitive::Uuid,
            "base64Binary" => Primitive::Base64Binary,
            "date" => Primitive::Date,
            "dateTime" => Primitive::DateTime,
            "instant" => Primitive::Instant,
            "time" => Primitive::Time,
            "xhtml" => Primitive::Xhtml,
            _ => return None,
        })
    }
}

/// One element of a type, under one JSON name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// The JSON name: `birthDate`, `valueQuantity`.
    pub name: &'static str,
    /// The element's name when it is one type of a choice: `value` for `valueQuantity`.
    pub choice_of: Option<&'static str>,
    /// Its type; the backbone element's path for inner structure, the target's path for a content reference.
    pub ty: TypeId,
    /// True when it repeats: a JSON array.
    pub list: bool,
    /// Least number of values. For a choice it counts over all its types.
    pub min: u16,
    /// True when it holds any whole resource: `contained`, `Bundle.entry.resource`, `Parameters.parameter.resource`.
    pub open_resource: bool,
    /// True when the element can change the meaning of what contains it.
    pub modifier: bool,
    /// True when the element belongs to the summary view.
    pub summary: bool,
    /// Resource types that a `Reference` or `canonical` may point at; empty: any, or not a reference.
    pub targets: &'static [&'static str],
    /// Value set of a required binding, without version.
    pub binding: Option<&'static str>,
}
