//! What can be wrong with a text or a unit.

/// A text is not a value of its type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {type_name}")]
pub struct ParseError {
    /// The System type: `Decimal`, `Date`, …
    pub type_name: &'static str,
    /// The text, or its first characters.
    pub text: Box<str>,
}

/// So much of a wrong text is shown.
const TEXT_MAX: usize = 60;

impl ParseError {
    pub(crate) fn new(type_name: &'static str, text: &str) -> ParseError {
        let shown: String = text.chars().take(TEXT_MAX).collect();
        ParseError {
            type_name,
            text: shown.into(),
        }
    }
}

/// A text is no unit of UCUM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{code}` is not a unit of UCUM")]
pub struct UnitError {
    /// The text, or its first characters.
    pub code: Box<str>,
}

impl UnitError {
    pub(crate) fn new(code: &str) -> UnitError {
        let shown: String = code.chars().take(TEXT_MAX).collect();
        UnitError { code: shown.into() }
    }
}
