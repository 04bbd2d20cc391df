//! Paths of `Property`, split (ELM `Property.path`): `period.start`, `name[0].given`.

use std::sync::Arc;

/// A path of one step or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub steps: Box<[PathStep]>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathStep {
    pub name: Arc<str>,
    /// The item of the list that it leads to.
    pub index: Option<usize>,
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
        })
    }
}

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
