//! The stable names of diagnostics.

use std::fmt;

use serde::{Serialize, Serializer};

/// The stable name of one kind of diagnostic, for instance `SAL-LOAD-0003`.
///
/// Families: `SAL-LOAD` (a load as a whole), `SAL-SRC` (framing of the input), `SAL-ROW` (one resource
/// refused and quarantined), `SAL-CAT` (catalogue), `SAL-STORE` (files), `SAL-SQL` (queries), `SAL-RPT`
/// (report), `SAL-CLI` (command line). A code is never used again for something else.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Code(&'static str);

impl Code {
    /// A code; `SAL-`, a family in capitals, `-`, four digits. Checked by a test over the sources, not here, so that
    /// codes can be constants.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self(code)
    }

    /// The code as it is shown: `SAL-LOAD-0003`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}
