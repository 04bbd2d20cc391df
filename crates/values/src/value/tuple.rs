//! Values by name.

use std::fmt;
use std::sync::Arc;

/// Values by name, in the order of their names. A name that is not there is null.
#[derive(Clone, PartialEq)]
pub struct Tuple<V> {
    elements: Box<[(Arc<str>, V)]>,
}

impl<V> Tuple<V> {
    /// Values by name; of a name that comes twice, the last counts.
    #[must_use]
    pub fn new<S: Into<Arc<str>>>(elements: impl IntoIterator<Item = (S, V)>) -> Tuple<V> {
        let mut sorted: Vec<(Arc<str>, V)> = Vec::new();
        for (name, value) in elements {
            let name = name.into();
            match sorted.binary_search_by(|(known, _)| known.cmp(&name)) {
                Ok(at) => {
                    if let Some(element) = sorted.get_mut(at) {
                        element.1 = value;
                    }
                }
                Err(at) => sorted.insert(at, (name, value)),
            }
        }
        Tuple {
            elements: sorted.into(),
        }
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&V> {
        let at = self
            .elements
            .binary_search_by(|(known, _)| (**known).cmp(name))
            .ok()?;
        self.elements.get(at).map(|(_, value)| value)
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.elements.iter().map(|(name, value)| (&**name, value))
    }
}

impl<V: fmt::Debug> fmt::Debug for Tuple<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
