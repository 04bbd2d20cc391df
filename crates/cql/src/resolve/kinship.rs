//! Which types are kinds of others, and which values `as` can make one of another type.

use super::conversion::Conversions;
use super::typed::is_any;
use crate::model::{Class, Spec, TypeName};

impl Conversions<'_> {
    /// Whether every value of `sub` is one of `base`.
    #[must_use]
    pub fn is_kind_of(&self, sub: &Spec, base: &Spec) -> bool {
        match (sub, base) {
            _ if sub == base || is_any(base) => true,
            (Spec::Named(name), Spec::Named(wanted)) => self.lineage_has(name, wanted),
            (Spec::List(sub), Spec::List(base)) | (Spec::Interval(sub), Spec::Interval(base)) => {
                self.is_kind_of(sub, base)
            }
            (Spec::Tuple(sub), Spec::Tuple(base)) => {
                pairwise(sub, base, |sub, base| self.is_kind_of(sub, base))
            }
            (Spec::Choice(sub), Spec::Choice(base)) => {
                sub.len() == base.len() && sub.iter().all(|one| base.contains(one))
            }
            _ => false,
        }
    }

    fn lineage_has(&self, name: &TypeName, wanted: &TypeName) -> bool {
        self.models.find(name).is_some_and(|class| {
            let mut lineage = self.models.lineage(class);
            lineage.any(|class| {
                class.name() == &*wanted.name && class.model().name() == &*wanted.model
            })
        })
    }

    /// Whether `as` makes a value of `from` one of `to` without a conversion: null is of every type, a choice is what
    /// its types are, a tuple is what has its elements.
    #[must_use]
    pub fn is_compatible(&self, from: &Spec, to: &Spec) -> bool {
        let each_in = |some: &[Spec], others: &[Spec]| {
            let is_in = |one: &Spec| others.iter().any(|other| self.is_kind_of(one, other));
            some.iter().all(is_in)
        };
        match (from, to) {
            _ if from == to || is_any(from) => true,
            (Spec::Choice(some), Spec::Choice(others)) => {
                each_in(some, others) || each_in(others, some)
            }
            (_, Spec::Choice(types)) => types.iter().any(|one| self.is_kind_of(from, one)),
            (Spec::Choice(types), _) => types
                .iter()
                .any(|one| is_any(one) || self.is_kind_of(one, to)),
            (Spec::Tuple(elements), Spec::Named(name))
            | (Spec::Named(name), Spec::Tuple(elements)) => self.has_elements(name, elements),
            _ => false,
        }
    }

    /// Whether the class has these elements and no others.
    fn has_elements(&self, name: &TypeName, elements: &[(Box<str>, Spec)]) -> bool {
        let Some(class) = self.models.find(name) else {
            return false;
        };
        let own: Vec<(Box<str>, Spec)> = self
            .models
            .lineage(class)
            .flat_map(Class::elements)
            .map(|element| (element.name().into(), element.ty().clone()))
            .collect();
        !own.is_empty() && pairwise(&own, elements, |one, other| self.is_compatible(one, other))
    }

    /// Whether it is a type whose values have no elements, as `System.Integer`.
    pub(super) fn is_simple(&self, spec: &Spec) -> bool {
        let class = spec.name().and_then(|name| self.models.find(name));
        class.is_some_and(Class::is_simple)
    }

    /// Whether it is a class, as `System.Quantity`.
    pub(super) fn is_class(&self, spec: &Spec) -> bool {
        let class = spec.name().and_then(|name| self.models.find(name));
        class.is_some_and(|class| !class.is_simple())
    }
}

/// Whether both have elements of the same names, whose types are related.
pub(super) fn pairwise(
    some: &[(Box<str>, Spec)],
    others: &[(Box<str>, Spec)],
    related: impl Fn(&Spec, &Spec) -> bool,
) -> bool {
    some.len() == others.len()
        && some.iter().all(|(name, ty)| {
            let mut same = others.iter().filter(|(other, _)| other == name);
            same.any(|(_, other)| related(ty, other))
        })
}
