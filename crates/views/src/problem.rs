//! What is wrong with a view, all of it at once.

use salus_base::{Code, Diagnostic, Place, Severity, suggest};

use crate::definition::At;

/// What a diagnostic of a view calls its source until the caller, who knows the file, says better.
pub const SOURCE: &str = "ViewDefinition";

/// The codes of views. Each has its explanation in `salus-base`.
pub(crate) mod code {
    use salus_base::Code;

    pub const NOT_A_VIEW: Code = Code::new("SAL-VIEW-0001");
    pub const MISSING: Code = Code::new("SAL-VIEW-0002");
    pub const WRONG_JSON_TYPE: Code = Code::new("SAL-VIEW-0003");
    pub const UNKNOWN_MEMBER: Code = Code::new("SAL-VIEW-0004");
    pub const UNKNOWN_RESOURCE: Code = Code::new("SAL-VIEW-0005");
    pub const BAD_NAME: Code = Code::new("SAL-VIEW-0006");
    pub const DUPLICATE: Code = Code::new("SAL-VIEW-0007");
    pub const UNION: Code = Code::new("SAL-VIEW-0008");
    pub const ITERATIONS: Code = Code::new("SAL-VIEW-0009");
    pub const CONSTANT: Code = Code::new("SAL-VIEW-0010");
    pub const PATH_SYNTAX: Code = Code::new("SAL-VIEW-0011");
    pub const PATH_MEANING: Code = Code::new("SAL-VIEW-0012");
    pub const UNDEFINED_CONSTANT: Code = Code::new("SAL-VIEW-0013");
    pub const WHERE_NOT_BOOLEAN: Code = Code::new("SAL-VIEW-0014");
    pub const COLUMN_TYPE: Code = Code::new("SAL-VIEW-0015");
    pub const TYPE_MISMATCH: Code = Code::new("SAL-VIEW-0016");
    pub const SEVERAL_VALUES: Code = Code::new("SAL-VIEW-0017");
    pub const VALUE_MISFIT: Code = Code::new("SAL-VIEW-0018");
    pub const EVALUATION: Code = Code::new("SAL-VIEW-0019");
    pub const INPUT: Code = Code::new("SAL-VIEW-0020");
    pub const LIMIT: Code = Code::new("SAL-VIEW-0021");
    pub const OUTPUT: Code = Code::new("SAL-VIEW-0022");
}

/// An error at a place of the view; more can be said about it before it is given out.
pub(crate) fn error(code: Code, at: &At, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, message).at(place(at))
}

/// A warning at a place of the view.
pub(crate) fn warning(code: Code, at: &At, message: impl Into<String>) -> Diagnostic {
    Diagnostic::warning(code, message).at(place(at))
}

fn place(at: &At) -> Place {
    let place = Place::in_file(SOURCE).byte(at.offset);
    match at.path.as_str() {
        "" => place,
        path => place.element(path),
    }
}

/// "did you mean `x`?", when one of the candidates is near.
pub(crate) fn did_you_mean<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    suggest::closest(name, candidates).map(|near| format!("did you mean `{near}`?"))
}

/// Whether something keeps the view from running.
pub(crate) fn has_errors(found: &[Diagnostic]) -> bool {
    found.iter().any(|one| one.severity == Severity::Error)
}
