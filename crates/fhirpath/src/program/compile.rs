//! From tree to steps.

use std::sync::{Arc, OnceLock};

use salus_base::{Code, Diagnostic, suggest};
use salus_fhir::schema;

use super::Program;
use super::specifier::TypeSpecifier;
use super::step::{CallStep, Literal, Step, StepKind, Variable};
use crate::functions::{self, ArgumentKind};
use crate::syntax::{self, Expr, ExprKind, Name, Span, SyntaxError, TypeOperator};

/// Why an expression cannot be compiled: the first thing that is wrong with it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CompileError {
    /// It is not written as FHIRPath is.
    #[error("the expression cannot be read")]
    Syntax {
        /// All that is wrong.
        errors: Vec<SyntaxError>,
    },
    /// There is no function of this name.
    #[error("there is no function `{name}()`")]
    UnknownFunction {
        /// Its name.
        name: String,
        /// One of nearly this name.
        suggestion: Option<&'static str>,
        /// The name in the call.
        span: Span,
    },
    /// A function of a variable that has none here.
    #[error("`%{variable}.{function}()` is not supported")]
    NoService {
        /// The variable, without `%`.
        variable: String,
        /// The function.
        function: String,
        /// The call.
        span: Span,
    },
    /// A function is called with too few or too many arguments.
    #[error("`{signature}` cannot be called with {count} arguments")]
    WrongArgumentCount {
        /// How it is called.
        signature: String,
        /// How many arguments there are.
        count: usize,
        /// The call.
        span: Span,
    },
    /// An argument must be the name of a type.
    #[error("`{function}()` takes the name of a type")]
    NotAType {
        /// The function.
        function: &'static str,
        /// The argument.
        span: Span,
    },
    /// There is no type of this name.
    #[error("there is no type `{name}`")]
    UnknownType {
        /// Its name, with its namespace when written.
        name: String,
        /// One of nearly this name.
        suggestion: Option<&'static str>,
        /// The type specifier.
        span: Span,
    },
}

impl CompileError {
    /// The part of the expression that is wrong.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            CompileError::Syntax { errors } => {
                errors.first().map_or(Span::default(), SyntaxError::span)
            }
            CompileError::UnknownFunction { span, .. }
            | CompileError::NoService { span, .. }
            | CompileError::WrongArgumentCount { span, .. }
            | CompileError::NotAType { span, .. }
            | CompileError::UnknownType { span, .. } => *span,
        }
    }

    /// The stable name of this kind of failure; of a syntax error its own.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            CompileError::Syntax { errors } => errors
                .first()
                .map_or(Code::new("SAL-FHIRPATH-0115"), SyntaxError::code),
            CompileError::UnknownFunction { .. } => Code::new("SAL-FHIRPATH-0116"),
            CompileError::NoService { .. } => Code::new("SAL-FHIRPATH-0109"),
            CompileError::WrongArgumentCount { .. } => Code::new("SAL-FHIRPATH-0117"),
            CompileError::NotAType { .. } => Code::new("SAL-FHIRPATH-0118"),
            CompileError::UnknownType { .. } => Code::new("SAL-FHIRPATH-0119"),
        }
    }

    /// The failure in words, with what can be done.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let found = Diagnostic::error(self.code(), self.to_string());
        match self {
            CompileError::Syntax { errors } => match errors.first() {
                Some(first) => first.diagnostic(),
                None => found,
            },
            CompileError::UnknownFunction { suggestion, .. } => match suggestion {
                Some(name) => found.help(format!("did you mean `{name}()`?")),
                None => found,
            },
            CompileError::UnknownType { suggestion, .. } => match suggestion {
                Some(name) => found.help(format!("did you mean `{name}`?")),
                None => found,
            },
            CompileError::NoService { .. } => {
                found.because("Salus makes no elements inside an expression")
            }
            CompileError::WrongArgumentCount { .. } | CompileError::NotAType { .. } => found,
        }
    }
}

pub(super) fn compile(text: &str) -> Result<Program, CompileError> {
    let parsed = syntax::parse(text);
    if !parsed.diagnostics.is_empty() {
        return Err(CompileError::Syntax {
            errors: parsed.diagnostics,
        });
    }
    of_tree(text, &parsed.expr)
}

pub(super) fn of_tree(text: &str, tree: &Expr) -> Result<Program, CompileError> {
    Ok(Program {
        text: Arc::from(text),
        root: step(tree)?,
    })
}

fn value(literal: &syntax::Literal) -> Literal {
    match literal {
        syntax::Literal::Boolean(value) => Literal::Boolean(*value),
        syntax::Literal::String(value) => Literal::String(value.clone()),
        syntax::Literal::Integer(value) => Literal::Integer(*value),
        syntax::Literal::Long(value) => Literal::Long(*value),
        syntax::Literal::Decimal(value) => Literal::Decimal(*value),
        syntax::Literal::Date(value) => Literal::Date(*value),
        syntax::Literal::DateTime(value) => Literal::DateTime(*value),
        syntax::Literal::Time(value) => Literal::Time(*value),
        syntax::Literal::Quantity(value) => Literal::Quantity(value.clone()),
    }
}

fn boxed(expr: &Expr) -> Result<Box<Step>, CompileError> {
    step(expr).map(Box::new)
}

fn step(expr: &Expr) -> Result<Step, CompileError> {
    let kind = match &expr.kind {
        ExprKind::Empty => StepKind::Empty,
        ExprKind::Literal(literal) => StepKind::Literal(value(literal)),
        ExprKind::This => StepKind::This,
        ExprKind::Index => StepKind::Index,
        ExprKind::Total => StepKind::Total,
        ExprKind::Variable { name } => StepKind::Variable(Variable::named(&name.text)),
        ExprKind::Member { on: None, name } => leading(name),
        ExprKind::Member { on: Some(on), name } => StepKind::Member {
            on: Some(boxed(on)?),
            name: name.text.clone(),
        },
        ExprKind::Call {
            on,
            name,
            arguments,
        } => call(on.as_deref(), name, arguments, expr.span)?,
        ExprKind::Item { on, index } => StepKind::Item {
            on: boxed(on)?,
            index: boxed(index)?,
        },
        ExprKind::Polarity { negative, operand } => StepKind::Polarity {
            negative: *negative,
            operand: boxed(operand)?,
        },
        ExprKind::Binary {
            operator,
            left,
            right,
        } => StepKind::Binary {
            operator: *operator,
            left: boxed(left)?,
            right: boxed(right)?,
        },
        ExprKind::TypeTest {
            operand,
            operator,
            ty,
        } => {
            let namespace = ty.namespace.as_ref().map(|name| &*name.text);
            let ty = resolve(namespace, &ty.name.text, expr.span)?;
            let operand = boxed(operand)?;
            match operator {
                TypeOperator::Is => StepKind::Is { operand, ty },
                TypeOperator::As => StepKind::As { operand, ty },
            }
        }
        // An expression with errors is refused before it is compiled.
        ExprKind::Error => return Err(CompileError::Syntax { errors: Vec::new() }),
    };
    Ok(Step {
        kind,
        span: expr.span,
    })
}

/// A leading identifier: a type of FHIR that `$this` may be of, or a child of `$this`.
fn leading(name: &Name) -> StepKind {
    let text = &name.text;
    let is_type_name = text.starts_with(|letter: char| letter.is_ascii_uppercase());
    match schema::r4().named(text).filter(|_| is_type_name) {
        Some(ty) => StepKind::TypeOrMember {
            ty,
            name: text.clone(),
        },
        None => StepKind::Member {
            on: None,
            name: text.clone(),
        },
    }
}

fn call(
    on: Option<&Expr>,
    name: &Name,
    arguments: &[Expr],
    span: Span,
) -> Result<StepKind, CompileError> {
    if let Some(ExprKind::Variable { name: variable }) = on.map(|on| &on.kind)
        && &*variable.text == "factory"
    {
        return Err(CompileError::NoService {
            variable: variable.text.to_string(),
            function: name.text.to_string(),
            span,
        });
    }
    let Some((function, signature)) = functions::find(&name.text) else {
        let names = functions::signatures().map(|(_, signature)| signature.name);
        return Err(CompileError::UnknownFunction {
            name: name.text.to_string(),
            suggestion: suggest::closest(&name.text, names),
            span: name.span,
        });
    };
    if !signature.takes(arguments.len()) {
        return Err(CompileError::WrongArgumentCount {
            signature: signature.to_string(),
            count: arguments.len(),
            span,
        });
    }
    let arguments = arguments.iter().enumerate().map(|(position, expr)| {
        match signature.argument(position).map(|argument| argument.kind) {
            Some(ArgumentKind::Type) => type_argument(signature.name, expr),
            _ => step(expr),
        }
    });
    Ok(StepKind::Call(Box::new(CallStep {
        on: on.map(step).transpose()?,
        function,
        name: signature.name,
        arguments: arguments.collect::<Result<_, _>>()?,
        pattern: OnceLock::new(),
    })))
}

fn type_argument(function: &'static str, expr: &Expr) -> Result<Step, CompileError> {
    let Some(ty) = expr.as_type() else {
        return Err(CompileError::NotAType {
            function,
            span: expr.span,
        });
    };
    let namespace = ty.namespace.as_ref().map(|name| &*name.text);
    let ty = resolve(namespace, &ty.name.text, expr.span)?;
    Ok(Step {
        kind: StepKind::Type(ty),
        span: expr.span,
    })
}

fn resolve(namespace: Option<&str>, name: &str, span: Span) -> Result<TypeSpecifier, CompileError> {
    TypeSpecifier::resolve(namespace, name).ok_or_else(|| CompileError::UnknownType {
        name: namespace.map_or_else(
            || name.to_owned(),
            |namespace| format!("{namespace}.{name}"),
        ),
        suggestion: suggest::closest(name, TypeSpecifier::names()),
        span,
    })
}
