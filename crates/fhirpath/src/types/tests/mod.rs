//! Behaviour of static typing.

mod findings;
mod shapes;
mod suite;

use salus_base::Severity;
use salus_fhir::schema;

use super::*;
use crate::syntax;

/// The types of an expression on a resource.
fn typed(resource: &str, text: &str) -> Typed {
    let read = syntax::parse(text);
    assert_eq!(read.diagnostics, [], "{text}");
    check(&read.expr, &Context::new(schema::r4().resource(resource)))
}

/// The findings of an expression on a Patient, each with its severity and text.
fn findings(text: &str) -> Vec<String> {
    of_typed(&typed("Patient", text), text)
}

fn of_typed(typed: &Typed, text: &str) -> Vec<String> {
    let shown = |finding: &Finding| {
        let span = finding.problem.span();
        format!(
            "{} at `{}`: {}",
            finding.severity,
            span.of(text),
            finding.problem
        )
    };
    typed.findings.iter().map(shown).collect()
}
