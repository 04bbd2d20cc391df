//! An expression by itself: how it is read, which types it can have.

use salus_base::{Diagnostic, Place};
use salus_fhir::schema::{TypeId, r4};
use salus_fhirpath::syntax::{self, Expr, ExprKind, Span};
use salus_fhirpath::{CompileError, Program, types};

use crate::app::Outcome;
use crate::error::CliError;
use crate::face::Face;
use crate::grid;

/// Compiles an expression; what is wrong with it is shown.
pub fn compile(face: &Face, text: &str) -> Result<Program, CliError> {
    Program::compile(text).map_err(|error| {
        let found = match &error {
            CompileError::Syntax { errors } => errors
                .iter()
                .map(|error| (error.diagnostic(), error.span()))
                .collect(),
            other => vec![(other.diagnostic(), other.span())],
        };
        for (one, span) in &found {
            face.trouble(&pointed(one.clone(), text, *span));
        }
        CliError::Expression {
            problems: found.len(),
        }
    })
}

/// `--ast`.
pub fn tree(face: &Face, text: &str) -> Result<Outcome, CliError> {
    let expr = read(face, text)?;
    let json = serde_json::to_string_pretty(&expr).map_err(CliError::Json)?;
    face.data(&json)?;
    Ok(Outcome::Done)
}

/// `--types`: exit code 1 if the expression cannot give anything useful.
pub fn types(face: &Face, text: &str, context: Option<&str>) -> Result<Outcome, CliError> {
    let expr = read(face, text)?;
    let focus = match context {
        Some(name) => Some(named(name)?),
        None => first_name(&expr).and_then(|name| r4().resource(name)),
    };
    let typed = types::check(&expr, &types::Context::new(focus));
    let rows = typed
        .parts
        .iter()
        .map(|part| [part.span.of(text).to_owned(), part.shape.to_string()]);
    face.data(&grid::text(["part", "can be"], rows))?;
    for finding in &typed.findings {
        face.trouble(&pointed(finding.diagnostic(), text, finding.problem.span()));
    }
    Ok(match typed.is_sound() {
        true => Outcome::Done,
        false => Outcome::Findings,
    })
}

fn read(face: &Face, text: &str) -> Result<Expr, CliError> {
    let parsed = syntax::parse(text);
    for error in &parsed.diagnostics {
        face.trouble(&pointed(error.diagnostic(), text, error.span()));
    }
    match parsed.diagnostics.len() {
        0 => Ok(parsed.expr),
        problems => Err(CliError::Expression { problems }),
    }
}

fn named(name: &str) -> Result<TypeId, CliError> {
    r4().named(name).ok_or_else(|| CliError::UnknownType {
        name: name.to_owned(),
        nearest: salus_base::suggest::closest(name, r4().types().iter().map(|ty| ty.name)),
    })
}

/// The name that a path starts with.
fn first_name(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Member { on: None, name } => Some(&name.text),
        ExprKind::Member { on: Some(on), .. } | ExprKind::Call { on: Some(on), .. } => {
            first_name(on)
        }
        _ => None,
    }
}

/// The finding at the words of the expression that it is about.
pub fn pointed(found: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let words = span.of(text).trim();
    let place = match words {
        "" => format!("at the end of `{text}`"),
        words => format!("`{words}` in `{text}`"),
    };
    found.at(Place::in_file(place).byte(span.start.into()))
}
