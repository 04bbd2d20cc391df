//! Codes and concepts (CQL 1.5.3 §17 "Clinical", Author's Guide "Terminology").

/// A code of a code system.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code {
    /// The code.
    pub code: Box<str>,
    /// The code system, by its URI.
    pub system: Option<Box<str>>,
    /// The version of the code system.
    pub version: Option<Box<str>>,
    /// What the code is called.
    pub display: Option<Box<str>>,
}

impl Code {
    /// A code of a system.
    #[must_use]
    pub fn new(code: &str, system: &str) -> Code {
        Code {
            code: code.into(),
            system: Some(system.into()),
            version: None,
            display: None,
        }
    }

    /// Whether both are the same code of the same system; version and display do not count (CQL 1.5.3 §12.2).
    #[must_use]
    pub fn equivalent(&self, other: &Code) -> bool {
        self.code == other.code && self.system == other.system
    }

    /// Whether all parts are the same, by the rules of tuples (CQL 1.5.3 §12.1): the first part that is not the same in
    /// both decides, and one that only one has is not known to be.
    #[must_use]
    pub fn equal(&self, other: &Code) -> Option<bool> {
        first_unequal([
            Some(self.code == other.code),
            parts_equal(self.system.as_deref(), other.system.as_deref()),
            parts_equal(self.version.as_deref(), other.version.as_deref()),
            parts_equal(self.display.as_deref(), other.display.as_deref()),
        ])
    }
}

/// Codes that mean the same, of one or several code systems.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Concept {
    /// The codes.
    pub codes: Box<[Code]>,
    /// What the concept is called.
    pub display: Option<Box<str>>,
}

impl Concept {
    /// Whether the two have an equivalent code in common (CQL 1.5.3 §12.2).
    #[must_use]
    pub fn equivalent(&self, other: &Concept) -> bool {
        self.codes.iter().any(|code| other.has(code))
    }

    /// Whether one of its codes is equivalent to a code.
    #[must_use]
    pub fn has(&self, code: &Code) -> bool {
        self.codes.iter().any(|known| known.equivalent(code))
    }

    /// Whether all codes, in order, and the display are equal; `None` as for [`Code::equal`].
    #[must_use]
    pub fn equal(&self, other: &Concept) -> Option<bool> {
        if self.codes.len() != other.codes.len() {
            return Some(false);
        }
        let codes = self
            .codes
            .iter()
            .zip(&other.codes)
            .map(|(left, right)| left.equal(right));
        let display = parts_equal(self.display.as_deref(), other.display.as_deref());
        first_unequal(codes.chain([display]))
    }
}

impl From<Code> for Concept {
    fn from(code: Code) -> Concept {
        Concept {
            display: code.display.clone(),
            codes: [code].into(),
        }
    }
}

/// As elements of tuples are compared: both missing is the same, one missing is not known.
fn parts_equal(left: Option<&str>, right: Option<&str>) -> Option<bool> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left == right),
        (None, None) => Some(true),
        _ => None,
    }
}

fn first_unequal(parts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    parts
        .into_iter()
        .find(|part| *part != Some(true))
        .unwrap_or(Some(true))
}
