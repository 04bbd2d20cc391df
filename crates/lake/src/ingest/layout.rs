//! The order of rows in a data file: what a scan can skip by. Chosen by measuring, see docs/adr/0004.

use std::cmp::Ordering;
use std::str::FromStr;

use super::gather::Pending;

/// The order of rows in a data file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// By the patient's bucket, then code, then patient.
    #[default]
    Bucket,
    /// By code, then patient: one code's rows together in the whole file.
    Code,
    /// By patient, then code: one patient's rows together.
    Patient,
}

impl FromStr for Layout {
    type Err = UnknownLayout;

    fn from_str(name: &str) -> Result<Self, UnknownLayout> {
        match name {
            "bucket" => Ok(Self::Bucket),
            "code" => Ok(Self::Code),
            "patient" => Ok(Self::Patient),
            _ => Err(UnknownLayout),
        }
    }
}

/// A name that no layout has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a layout is `bucket`, `code` or `patient`")]
pub struct UnknownLayout;

impl Layout {
    /// Compares two rows; rows that are otherwise alike stay in the order of their arrival.
    pub(super) fn compare(self, a: &Pending, b: &Pending) -> Ordering {
        let code = || a.meta.code.cmp(&b.meta.code);
        let patient = || a.meta.patient.cmp(&b.meta.patient);
        let clinical = match self {
            Self::Bucket => a
                .meta
                .bucket
                .cmp(&b.meta.bucket)
                .then_with(code)
                .then_with(patient),
            Self::Code => code().then_with(patient),
            Self::Patient => a
                .meta
                .bucket
                .cmp(&b.meta.bucket)
                .then_with(patient)
                .then_with(code),
        };
        clinical.then_with(|| a.arrival.cmp(&b.arrival))
    }
}
