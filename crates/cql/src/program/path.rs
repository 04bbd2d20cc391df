//! Paths of `Property`, split (ELM `Property.path`): `period.start`, `name[0].given`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use salus_fhir::schema::{self, Kind, TypeId};

/// A path of one step or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub steps: Box<[PathStep]>,
}

/// One step of a path.
#[derive(Debug)]
pub(crate) struct PathStep {
    pub name: Arc<str>,
    /// The item of the list that it leads to.
    pub index: Option<usize>,
    /// The type that it was last taken from, and how the model has the element there.
    last: AtomicU32,
}

/// How a type of the model has an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The value of a primitive.
    Value,
    /// The id of an element, which is a text of System, unlike that of a resource.
    Id,
    /// At most one.
    One,
    /// A list.
    List,
}

impl Access {
    const ALL: [Access; 4] = [Access::Value, Access::Id, Access::One, Access::List];

    /// How a type has an element; [`Access::One`] when it has none of the name, or a choice.
    pub fn of(ty: TypeId, name: &str) -> Access {
        let ty = schema::r4().get(ty);
        let is_primitive = matches!(ty.kind, Kind::Primitive(_));
        match name {
            "value" if is_primitive => Access::Value,
            "id" if ty.kind != Kind::Resource => Access::Id,
            name => match ty.element(name) {
                Some(element) if element.list => Access::List,
                _ => Access::One,
            },
        }
    }
}

impl Path {
    /// Reads a path. `None` when it has an empty step, or an index that is no number.
    pub fn parse(text: &str) -> Option<Path> {
        let steps = text.split('.').map(PathStep::parse);
        let steps: Box<[PathStep]> = steps.collect::<Option<_>>()?;
        Some(Path { steps })
    }
}

impl PathStep {
    fn parse(text: &str) -> Option<PathStep> {
        let (name, index) = match text.split_once('[') {
            Some((name, rest)) => {
                let index = rest.strip_suffix(']')?.parse().ok()?;
                (name, Some(index))
            }
            None => (text, None),
        };
        let name = name.trim_matches('`');
        (!name.is_empty()).then(|| PathStep {
            name: name.into(),
            index,
            last: AtomicU32::new(0),
        })
    }

    /// How a type has the element. Kept for the next time: most steps are taken from one type only.
    pub fn access(&self, ty: TypeId) -> Access {
        let key = u32::try_from(ty.index()).map_or(0, |index| (index + 1) << 2);
        let last = self.last.load(Ordering::Relaxed);
        if let (true, Some(access)) = (last & !3 == key, Access::ALL.get((last & 3) as usize)) {
            return *access;
        }
        let access = Access::of(ty, &self.name);
        self.last.store(key | access as u32, Ordering::Relaxed);
        access
    }
}

impl Clone for PathStep {
    fn clone(&self) -> PathStep {
        PathStep {
            name: self.name.clone(),
            index: self.index,
            last: AtomicU32::new(0),
        }
    }
}

impl PartialEq for PathStep {
    fn eq(&self, other: &PathStep) -> bool {
        self.name == other.name && self.index == other.index
    }
}

impl Eq for PathStep {}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn a_path_has_steps_with_indexes() {
        let path = Path::parse("name[1].given").unwrap();
        let steps: Vec<_> = path.steps.iter().map(|s| (&*s.name, s.index)).collect();
        assert_eq!(steps, [("name", Some(1)), ("given", None)]);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", "a.", "a[x]", "a[1", ".b"] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }
}
