//! Messages (Reference §11).

use super::Rows;
use crate::elm::Kind;

pub(super) const ROWS: &[Rows] = &[(
    &[Kind::Message],
    &["T, Boolean, String, String, String -> T"],
)];
