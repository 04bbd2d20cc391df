//! Three-valued logic (FHIRPath §6.5, CQL 1.5.3 §13): `None` is *unknown* (null, empty).

/// Both: false as soon as one is false, even when the other is unknown.
#[must_use]
pub fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Either: true as soon as one is true, even when the other is unknown.
#[must_use]
pub fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// One and not the other: unknown when either is.
#[must_use]
pub fn xor(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    Some(left? != right?)
}

/// If `left` then `right`: `not left or right`.
#[must_use]
pub fn implies(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    or(not(left), right)
}

/// The opposite: unknown of unknown.
#[must_use]
pub fn not(operand: Option<bool>) -> Option<bool> {
    operand.map(|value| !value)
}

/// Whether all are true (`AllTrue` does not count unknowns; this does).
pub fn all(operands: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for operand in operands {
        match operand {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

/// Whether any is true.
pub fn any(operands: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for operand in operands {
        match operand {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}
