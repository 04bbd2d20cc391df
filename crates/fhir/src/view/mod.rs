//! A record as typed elements, whatever holds it: what FHIRPath, views and CQL walk on.
//!
//! ```text
//!   JSON text ──► json::Resource ──► view::JsonElement ─┐
//!   Arrow row ──► salus-columns ────► its element      ─┴─► ElementView ──► FHIRPath, views, CQL
//! ```
//!
//! An element knows its concrete type: choices are resolved (`value` of an Observation is a `Quantity`), open places
//! hold resources of their own type, lists are flattened. What R4 does not define is not there: elements of unknown
//! names have no type and are left out.
//!
//! ```
//! use salus_fhir::json::Document;
//! use salus_fhir::view::{ElementView, JsonElement};
//! use salus_fhir::schema;
//!
//! let text = r#"{"resourceType": "Observation", "valueQuantity": {"value": 6.10}}"#;
//! let document = Document::parse(text)?;
//! let observation = JsonElement::resource(&document).unwrap();
//! let mut found = Vec::new();
//! observation.children("value", &mut |value| found.push(value));
//! assert_eq!(schema::r4().get(found[0].type_id()).name, "Quantity");
//! # Ok::<(), salus_fhir::json::JsonError>(())
//! ```

mod json;

use std::borrow::Cow;

pub use json::JsonElement;

use crate::schema::TypeId;

/// The value of a primitive as the record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrimitiveText<'a> {
    /// `true` or `false`.
    Boolean(bool),
    /// The digits of a number as they were written: `6.10`, `1e3`.
    Number(Cow<'a, str>),
    /// The value of a string, escapes resolved.
    Text(Cow<'a, str>),
}

/// One element of a record: a resource, a complex element, or a primitive with its extensions.
///
/// Clones are cheap: an element is a place in a record that something else holds.
/// Every implementation gives the same elements in the same order for the same record.
pub trait ElementView: Clone {
    /// The concrete type: of a choice the type that is there, of an open place the type of the resource.
    fn type_id(&self) -> TypeId;

    /// The child elements of this element name, lists flattened, in order. The name of a choice (`value`) finds it
    /// whatever its type; its JSON names (`valueQuantity`) find nothing. `id` and `extension` of a primitive are those
    /// of its `_` sibling. An item of a list that has neither value nor extension (`null`) is left out.
    fn children(&self, name: &str, into: &mut impl FnMut(Self));

    /// All child elements with their element names (`value` for a choice), in the order of R4's definitions.
    fn all_children(&self, into: &mut impl FnMut(&'static str, Self));

    /// The value of a primitive. `None` for a complex element, and for a primitive that has extensions only.
    fn primitive(&self) -> Option<PrimitiveText<'_>>;

    /// The resource that this element is in, the innermost one: the element itself when it is a resource.
    /// `None` when it is in none.
    fn resource(&self) -> Option<Self>;

    /// The resource of [`ElementView::resource`], or the one that contains it when that is a contained resource:
    /// the `%rootResource` of FHIRPath. Entries of a Bundle and parameters are contained in nothing.
    fn root_resource(&self) -> Option<Self>;

    /// Appends the element as JSON: an object, or the value of a primitive (`null` when it has none).
    fn write_json(&self, out: &mut String);

    /// Whether both are the same place of the same record. False negatives are allowed: it only saves comparing
    /// the contents.
    fn is_same(&self, _other: &Self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
