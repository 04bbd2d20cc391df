//! Which elements of a resource are wanted: what a projection reads of NDJSON while it skips everything else.
//!
//! ```
//! use salus_columns::{Extent, Projection};
//! use salus_fhir::schema::r4;
//!
//! let mut projection = Projection::new(r4().resource("Observation").unwrap());
//! projection.want(&["id"], Extent::Value)?;
//! projection.want(&["code", "coding", "code"], Extent::Value)?;
//! // A choice, whatever its type: `valueQuantity.unit`, and nothing of `valueString`.
//! projection.want(&["value", "unit"], Extent::Value)?;
//! assert!(projection.want(&["code", "codig"], Extent::Value).is_err());
//! # Ok::<(), salus_columns::ProjectionError>(())
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use salus_fhir::schema::{Element, Kind, TypeDef, TypeId, r4};
use thiserror::Error;

/// How much of an element is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Whether it is there, and its value when it is primitive. A primitive that has extensions only (its `_`
    /// sibling and no value) is taken for absent.
    Value,
    /// As [`Extent::Value`], and a primitive that has extensions only is there too, without a value. What FHIRPath
    /// counts as an element.
    Element,
    /// The element with everything in it, extensions of primitives among it.
    Whole,
}

/// Why an element cannot be wanted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProjectionError {
    /// R4 defines no such element.
    #[error("`{type_name}` has no element `{element}`")]
    NoElement {
        /// The type that was to have it.
        type_name: &'static str,
        /// The name asked for.
        element: String,
    },
}

/// The wanted elements of one resource type.
#[derive(Debug, Clone)]
pub struct Projection {
    resource: TypeId,
    wanted: Arc<Wanted>,
}

/// The wanted members of a JSON object.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// Everything is.
    whole: bool,
    /// By JSON name, without `_`.
    members: BTreeMap<&'static str, WantedMember>,
}

/// What is wanted of one element.
#[derive(Debug, Clone, Default)]
struct WantedMember {
    below: Arc<Wanted>,
    /// What of the `_` sibling of a primitive; `None`: nothing, not even whether it is there.
    sibling: Option<Arc<Wanted>>,
}

/// What of the members of an object is read.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// All.
    Everything,
    /// The wanted ones.
    Only(Arc<Wanted>),
}

impl Projection {
    /// Wants nothing yet of resources of this type: only that they are there.
    #[must_use]
    pub fn new(resource: TypeId) -> Self {
        Self {
            resource,
            wanted: Arc::default(),
        }
    }

    /// Wants everything: what the columns of a lake hold.
    #[must_use]
    pub fn whole(resource: TypeId) -> Self {
        let mut projection = Self::new(resource);
        Arc::make_mut(&mut projection.wanted).whole = true;
        projection
    }

    /// The resource type.
    #[must_use]
    pub fn resource(&self) -> TypeId {
        self.resource
    }

    /// Wants an element, and that the elements above it are there. The path holds element names from the resource
    /// down; the name of a choice (`value`) means all its types that have what follows, its JSON names
    /// (`valueQuantity`) mean one. Of a resource inside the resource (`contained`) everything is read, whatever the
    /// path says further.
    ///
    /// # Errors
    /// When R4 has no such element. What was wanted before stays wanted.
    pub fn want(
        &mut self,
        path: &[impl AsRef<str>],
        extent: Extent,
    ) -> Result<(), ProjectionError> {
        let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
        Arc::make_mut(&mut self.wanted).want(r4().get(self.resource), &path, extent)
    }

    pub(crate) fn reach(&self) -> Reach {
        Reach::of(&self.wanted)
    }
}

impl Wanted {
    fn want(
        &mut self,
        ty: &'static TypeDef,
        path: &[&str],
        extent: Extent,
    ) -> Result<(), ProjectionError> {
        let Some((&name, below)) = path.split_first() else {
            self.whole |= extent == Extent::Whole;
            return Ok(());
        };
        let mut outcome = Err(ProjectionError::NoElement {
            type_name: ty.name,
            element: name.to_owned(),
        });
        for element in named(ty, name) {
            // One type of a choice that has what follows is enough.
            match self.want_in(element, below, extent) {
                Ok(()) => outcome = Ok(()),
                Err(error) if outcome.is_err() => outcome = Err(error),
                Err(_) => {}
            }
        }
        outcome
    }

    fn want_in(
        &mut self,
        element: &'static Element,
        below: &[&str],
        extent: Extent,
    ) -> Result<(), ProjectionError> {
        let ty = r4().get(element.ty);
        // Tried apart, so that a path that cannot be leaves nothing behind.
        let mut member = self.members.get(element.name).cloned().unwrap_or_default();
        if element.open_resource {
            Arc::make_mut(&mut member.below).whole = true;
        } else if !matches!(ty.kind, Kind::Primitive(_)) {
            Arc::make_mut(&mut member.below).want(ty, below, extent)?;
        } else if !below.is_empty() || extent != Extent::Value {
            let sibling = Arc::make_mut(member.sibling.get_or_insert_default());
            sibling.want(ty, below, extent)?;
        }
        self.members.insert(element.name, member);
        Ok(())
    }
}

/// The elements of this JSON name, or the types of the choice of this name.
fn named<'n>(
    ty: &'static TypeDef,
    name: &'n str,
) -> impl Iterator<Item = &'static Element> + use<'n> {
    ty.elements()
        .iter()
        .filter(move |element| element.name == name || element.choice_of == Some(name))
}

impl Reach {
    fn of(wanted: &Arc<Wanted>) -> Self {
        match wanted.whole {
            true => Self::Everything,
            false => Self::Only(Arc::clone(wanted)),
        }
    }

    /// Whether only what is wanted is read.
    pub(crate) fn is_partial(&self) -> bool {
        matches!(self, Self::Only(_))
    }

    /// What of an element is read; `None`: it is skipped.
    pub(crate) fn member(&self, name: &str) -> Option<Reach> {
        match self {
            Self::Everything => Some(Self::Everything),
            Self::Only(wanted) => Some(Self::of(&wanted.members.get(name)?.below)),
        }
    }

    /// What of the `_` sibling of a primitive element is read; `None`: it is skipped.
    pub(crate) fn sibling(&self, name: &str) -> Option<Reach> {
        match self {
            Self::Everything => Some(Self::Everything),
            Self::Only(wanted) => Some(Self::of(wanted.members.get(name)?.sibling.as_ref()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patient() -> Projection {
        Projection::new(r4().resource("Patient").unwrap())
    }

    #[test]
    fn choices_are_expanded_to_the_types_that_have_what_follows() {
        let mut projection = Projection::new(r4().resource("Observation").unwrap());
        projection.want(&["value", "unit"], Extent::Value).unwrap();
        let names: Vec<_> = projection.wanted.members.keys().copied().collect();
        assert_eq!(names, ["valueQuantity"]);
        projection.want(&["effective"], Extent::Value).unwrap();
        assert!(projection.reach().member("effectivePeriod").is_some());
        assert!(projection.reach().member("effectiveDateTime").is_some());
        assert!(projection.reach().member("status").is_none());
    }

    #[test]
    fn siblings_are_read_only_where_they_are_wanted() {
        let mut projection = patient();
        projection.want(&["birthDate"], Extent::Value).unwrap();
        assert!(projection.reach().sibling("birthDate").is_none());
        projection.want(&["gender"], Extent::Element).unwrap();
        let gender = projection.reach().sibling("gender").unwrap();
        assert!(gender.member("extension").is_none());
        projection
            .want(&["birthDate", "extension", "url"], Extent::Value)
            .unwrap();
        let birth_date = projection.reach().sibling("birthDate").unwrap();
        assert!(birth_date.member("extension").is_some() && birth_date.member("id").is_none());
        projection.want(&["name"], Extent::Whole).unwrap();
        let name = projection.reach().member("name").unwrap();
        assert!(!name.is_partial() && name.sibling("given").is_some());
    }

    #[test]
    fn an_element_that_r4_does_not_have_is_refused_and_leaves_nothing() {
        let mut projection = patient();
        let error = projection
            .want(&["name", "famly"], Extent::Value)
            .unwrap_err();
        assert_eq!(error.to_string(), "`HumanName` has no element `famly`");
        assert!(projection.wanted.members.is_empty());
    }

    #[test]
    fn a_resource_inside_is_wanted_whole_whatever_the_path_says() {
        let mut projection = patient();
        projection
            .want(&["contained", "code"], Extent::Value)
            .unwrap();
        assert!(projection.reach().member("contained").is_some());
    }
}
