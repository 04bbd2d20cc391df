//! One path: read, typed, compiled.

use salus_base::Diagnostic;
use salus_columns::{Extent, Projection};
use salus_fhir::schema::TypeId;
use salus_fhirpath::functions::Types;
use salus_fhirpath::syntax::{self, Expr, ExprKind, Literal, Span};
use salus_fhirpath::types::{self, Context, Count, Shape, Type, TypeProblem};
use salus_fhirpath::{Program, SystemType};

use super::plan::{Path, ROW_INDEX};
use super::projection::{ElementPath, Wants};
use super::tree::{as_views_mean_it, walk};
use crate::definition::{At, Constant, ConstantValue, PathText};
use crate::problem::{self, code};
use crate::vector::Lowering;

/// Compiles the paths of a view.
pub(super) struct Compiler<'c> {
    constants: &'c [Constant],
    pub(super) problems: &'c mut Vec<Diagnostic>,
    wants: Wants,
}

/// What is known of the items that a path is evaluated on.
#[derive(Debug, Clone)]
pub(super) struct Focus {
    shape: Shape,
    /// Where the items stand in the resource.
    paths: Vec<ElementPath>,
}

/// A path, and what is known of what it finds.
pub(super) struct Compiled {
    pub path: Path,
    pub shape: Shape,
    pub found: Focus,
}

impl Focus {
    /// The resource itself.
    pub(super) fn resource(resource: TypeId) -> Focus {
        Focus {
            shape: Shape::of(Type::Fhir(resource), Count::ONE),
            paths: vec![ElementPath::new()],
        }
    }

    /// Items of any of these.
    pub(super) fn any_of(parts: Vec<Focus>) -> Focus {
        let types = parts.iter().map(|part| part.shape.one_type());
        let one = types.reduce(|a, b| a.filter(|_| a == b)).flatten();
        Focus {
            shape: item_of(one),
            paths: parts.into_iter().flat_map(|part| part.paths).collect(),
        }
    }
}

/// One item of a type, if that is known.
fn item_of(ty: Option<Type>) -> Shape {
    ty.map_or_else(Shape::unknown, |ty| Shape::of(ty, Count::ONE))
}

impl<'c> Compiler<'c> {
    pub(super) fn new(
        constants: &'c [Constant],
        problems: &'c mut Vec<Diagnostic>,
    ) -> Compiler<'c> {
        Compiler {
            constants,
            problems,
            wants: Wants::default(),
        }
    }

    /// What all paths together look at.
    pub(super) fn projection(&self, resource: TypeId) -> Projection {
        self.wants.projection(resource)
    }

    /// A condition of the view, which must be able to be true.
    pub(super) fn condition(&mut self, text: &PathText, focus: &Focus) -> Option<Path> {
        let compiled = self.path(text, focus, Extent::Whole, Leniency::None)?;
        let shape = &compiled.shape;
        if !shape.is_empty() && !shape.system_types().meets(Types::BOOLEAN) {
            let message = format!("`where` gives {shape}, not a Boolean");
            self.problems.push(
                problem::error(code::WHERE_NOT_BOOLEAN, &text.at, message)
                    .help("compare with something, or ask `exists()`"),
            );
            return None;
        }
        Some(compiled.path)
    }

    /// The paths of `repeat`, and the items that they reach. What a path finds may have no element that another
    /// one names: a path need only make sense on something that is reached.
    pub(super) fn repeat(
        &mut self,
        texts: &[PathText],
        focus: &Focus,
    ) -> Option<(Vec<Path>, Focus)> {
        let compiled = texts
            .iter()
            .map(|text| self.path(text, focus, Extent::Whole, Leniency::Elements));
        let compiled: Vec<Option<Compiled>> = compiled.collect();
        let compiled = compiled.into_iter().collect::<Option<Vec<_>>>()?;
        for (text, one) in texts.iter().zip(&compiled) {
            self.repeats_elements(text, &one.shape);
        }
        // A path that finds nothing on the first item says nothing about what it finds below.
        let sure = compiled.iter().filter(|one| !one.shape.is_empty());
        let reached = Focus::any_of(sure.map(|one| one.found.clone()).collect());
        Some((compiled.into_iter().map(|one| one.path).collect(), reached))
    }

    /// Says so when a path of `repeat` gives values: nothing is below them, and a path that makes new ones of them
    /// would never end.
    fn repeats_elements(&mut self, text: &PathText, shape: &Shape) {
        let is_value = |ty: &Type| !matches!(ty, Type::Fhir(_));
        if shape.is_empty() || shape.is_open() || !shape.types().iter().all(is_value) {
            return;
        }
        let message = format!("`repeat` goes from element to element, but the path gives {shape}");
        self.problems.push(
            problem::error(code::TYPE_MISMATCH, &text.at, message)
                .help("let the path give elements, and make values of them in columns"),
        );
    }

    /// A path on such items.
    pub(super) fn path(
        &mut self,
        text: &PathText,
        focus: &Focus,
        extent: Extent,
        leniency: Leniency,
    ) -> Option<Compiled> {
        let expr = as_views_mean_it(self.read(text)?);
        let errors_before = self.problems.len();
        self.check_variables(&expr, text);
        let shape = self.shape(&expr, text, focus, leniency);
        let program = match Program::of_tree(&text.text, &expr) {
            Ok(program) => program,
            Err(error) => {
                if !problem::has_errors(self.problems.get(errors_before..).unwrap_or_default()) {
                    let inner = error.diagnostic();
                    self.problems
                        .push(inside(code::PATH_MEANING, text, error.span(), &inner));
                }
                return None;
            }
        };
        let paths = self.wants.look(&expr, &focus.paths);
        self.wants.want(&paths, extent);
        let found = Focus {
            shape: item_of(shape.one_type()),
            paths,
        };
        let lowering = Lowering {
            constants: self.constants,
        };
        let path = Path {
            text: text.clone(),
            program,
            columns: lowering.path(&expr),
            asks_row_index: asks(&expr, ROW_INDEX),
        };
        Some(Compiled { path, shape, found })
    }

    /// Reads a path; all that is wrong with how it is written is said.
    fn read(&mut self, text: &PathText) -> Option<Expr> {
        let read = syntax::parse(&text.text);
        for error in &read.diagnostics {
            let inner = error.diagnostic();
            self.problems
                .push(inside(code::PATH_SYNTAX, text, error.span(), &inner));
        }
        read.diagnostics.is_empty().then_some(read.expr)
    }

    /// Says which variables there are not. Those that the path defines itself are left to it.
    fn check_variables(&mut self, expr: &Expr, text: &PathText) {
        if defines_variables(expr) {
            return;
        }
        let constants = self.constants;
        let mut unknown = Vec::new();
        walk(expr, &mut |part| {
            if let ExprKind::Variable { name } = &part.kind
                && !is_known(&name.text, constants)
            {
                unknown.push((name.text.clone(), name.span));
            }
        });
        for (name, span) in unknown {
            let message = format!("there is no constant `%{name}`");
            let mut found = problem::error(code::UNDEFINED_CONSTANT, &at(text, span), message);
            let known = constants.iter().map(|constant| constant.name.as_str());
            found.help = problem::did_you_mean(&name, known)
                .or_else(|| Some("constants are defined in the view's `constant` list".to_owned()));
            self.problems.push(found);
        }
    }

    /// Types a path; what cannot be right is said.
    fn shape(&mut self, expr: &Expr, text: &PathText, focus: &Focus, leniency: Leniency) -> Shape {
        let mut context = Context::on(focus.shape.clone());
        for constant in self.constants {
            context = context.variable(&constant.name, shape_of(&constant.value));
        }
        let row_index = Shape::of(Type::System(SystemType::Integer), Count::ONE);
        let typed = types::check(expr, &context.variable(ROW_INDEX, row_index));
        for finding in &typed.findings {
            let is_said = match &finding.problem {
                // Said in the words of views.
                TypeProblem::NoSuchVariable { .. } => !defines_variables(expr),
                TypeProblem::NoSuchElement { .. } => leniency == Leniency::Elements,
                _ => false,
            };
            if !is_said {
                let inner = finding.diagnostic();
                let span = finding.problem.span();
                self.problems
                    .push(inside(code::PATH_MEANING, text, span, &inner));
            }
        }
        typed.result
    }
}

/// What is let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leniency {
    /// Nothing.
    None,
    /// Elements that the items do not have.
    Elements,
}

/// A finding of FHIRPath as one of the view, at its place in the JSON.
fn inside(code: salus_base::Code, text: &PathText, span: Span, inner: &Diagnostic) -> Diagnostic {
    let part = span.of(&text.text);
    let message = match part {
        "" => format!("in the path `{}`: {}", text.text, inner.message),
        part if part == text.text => format!("in the path `{part}`: {}", inner.message),
        part => format!("at `{part}` in the path `{}`: {}", text.text, inner.message),
    };
    let at = at(text, span);
    let mut found = match inner.severity {
        salus_base::Severity::Error => problem::error(code, &at, message),
        _ => problem::warning(code, &at, message),
    };
    found.help.clone_from(&inner.help);
    found.because(inner.code)
}

/// The place of a part of a path. Right to the byte as long as the path has no JSON escapes.
fn at(text: &PathText, span: Span) -> At {
    At {
        path: text.at.path.clone(),
        offset: text.at.offset + 1 + u64::from(span.start),
    }
}

fn asks(expr: &Expr, wanted: &str) -> bool {
    let mut found = false;
    walk(expr, &mut |part| {
        found |= matches!(&part.kind, ExprKind::Variable { name } if &*name.text == wanted);
    });
    found
}

fn defines_variables(expr: &Expr) -> bool {
    let mut found = false;
    walk(expr, &mut |part| {
        found |= matches!(
            &part.kind,
            ExprKind::Call { name, arguments, .. }
                if &*name.text == "defineVariable"
                    && matches!(
                        arguments.first().map(|first| &first.kind),
                        Some(ExprKind::Literal(Literal::String(_)))
                    )
        );
    });
    found
}

/// Whether a variable is a constant of the view or one that is always there (FHIRPath §9).
fn is_known(name: &str, constants: &[Constant]) -> bool {
    constants.iter().any(|constant| constant.name == name)
        || [
            "context",
            "resource",
            "rootResource",
            "ucum",
            "sct",
            "loinc",
            ROW_INDEX,
        ]
        .contains(&name)
        || name.starts_with("vs-")
        || name.starts_with("ext-")
}

fn shape_of(value: &ConstantValue) -> Shape {
    let ty = match value {
        ConstantValue::Boolean(_) => SystemType::Boolean,
        ConstantValue::Integer(_) => SystemType::Integer,
        ConstantValue::Long(_) => SystemType::Long,
        ConstantValue::Decimal(_) => SystemType::Decimal,
        ConstantValue::Date(_) => SystemType::Date,
        ConstantValue::DateTime(_) => SystemType::DateTime,
        ConstantValue::Time(_) => SystemType::Time,
        ConstantValue::Text(_) => SystemType::String,
    };
    Shape::of(Type::System(ty), Count::ONE)
}
