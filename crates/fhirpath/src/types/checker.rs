//! The walk over the tree.

use salus_base::{Severity, suggest};
use salus_fhir::schema;

use super::count::Count;
use super::problem::{Finding, TypeProblem};
use super::shape::{Shape, Type};
use super::{Context, Typed, TypedPart};
use crate::program::SystemType;
use crate::syntax::{Expr, ExprKind, Literal, Name, Span};

pub(super) struct Checker<'c> {
    context: &'c Context,
    /// `$this`.
    pub(super) this: Shape,
    /// `$index`: empty outside of lambdas.
    pub(super) index: Shape,
    /// `$total`: empty outside of `aggregate`.
    pub(super) total: Shape,
    /// What `defineVariable` has defined up to here.
    pub(super) defined: Vec<(Box<str>, Shape)>,
    /// Whether `defineVariable` has defined one whose name only evaluation knows.
    pub(super) defines_unknown: bool,
    /// Whether what is walked may never be evaluated: the body of a lambda, a branch.
    pub(super) is_lazy: bool,
    parts: Vec<TypedPart>,
    findings: Vec<Finding>,
}

impl<'c> Checker<'c> {
    pub(super) fn new(context: &'c Context) -> Checker<'c> {
        Checker {
            context,
            this: context.focus.clone(),
            index: Shape::empty(),
            total: Shape::empty(),
            defined: Vec::new(),
            defines_unknown: false,
            is_lazy: false,
            parts: Vec::new(),
            findings: Vec::new(),
        }
    }

    pub(super) fn check(mut self, expr: &Expr) -> Typed {
        let result = self.expression(expr);
        self.findings
            .sort_by_key(|finding| finding.problem.span().start);
        Typed {
            result,
            parts: self.parts,
            findings: self.findings,
        }
    }

    pub(super) fn error(&mut self, problem: TypeProblem) {
        self.found(problem, Severity::Error);
    }

    pub(super) fn warn(&mut self, problem: TypeProblem) {
        self.found(problem, Severity::Warning);
    }

    /// An error in strict mode, a warning otherwise.
    pub(super) fn refuse_if_strict(&mut self, problem: TypeProblem) {
        let severity = match self.context.strict {
            true => Severity::Error,
            false => Severity::Warning,
        };
        self.found(problem, severity);
    }

    fn found(&mut self, problem: TypeProblem, severity: Severity) {
        self.findings.push(Finding { problem, severity });
    }

    /// Walks without keeping findings and parts.
    pub(super) fn silently(&mut self, walk: impl FnOnce(&mut Self) -> Shape) -> Shape {
        let (parts, findings) = (self.parts.len(), self.findings.len());
        let shape = walk(self);
        self.parts.truncate(parts);
        self.findings.truncate(findings);
        shape
    }

    /// The shape of an expression.
    pub(super) fn expression(&mut self, expr: &Expr) -> Shape {
        let shape = match &expr.kind {
            ExprKind::Empty => Shape::empty(),
            ExprKind::Literal(literal) => of_literal(literal),
            ExprKind::This => self.this.clone(),
            ExprKind::Index => self.index.clone(),
            ExprKind::Total => self.total.clone(),
            ExprKind::Variable { name } => self.variable(name, expr.span),
            ExprKind::Member { on, name } => self.member(on.as_deref(), name),
            ExprKind::Call {
                on,
                name,
                arguments,
            } => self.call(on.as_deref(), name, arguments, expr.span),
            ExprKind::Item { on, index } => self.item(on, index),
            ExprKind::Polarity { negative, operand } => {
                self.polarity(*negative, operand, expr.span)
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, left, right, expr),
            ExprKind::TypeTest {
                operand,
                operator,
                ty,
            } => self.type_test(operand, *operator, ty),
            ExprKind::Error => Shape::unknown(),
        };
        let (span, kept) = (expr.span, shape.clone());
        self.parts.push(TypedPart { span, shape: kept });
        shape
    }

    /// An expression whose variables are its own.
    pub(super) fn enclosed(&mut self, expr: &Expr) -> Shape {
        let defined = self.defined.len();
        let shape = self.expression(expr);
        self.defined.truncate(defined);
        shape
    }

    fn variable(&mut self, name: &Name, span: Span) -> Shape {
        let defined = self.defined.iter().chain(&self.context.variables).rev();
        let mut defined = defined.filter(|(known, _)| *known == name.text);
        if let Some((_, shape)) = defined.next() {
            return shape.clone();
        }
        if let Some(shape) = self.environment(&name.text) {
            return shape;
        }
        if self.defines_unknown {
            return Shape::unknown();
        }
        let known = self.defined.iter().chain(&self.context.variables);
        let known = known.map(|(name, _)| &**name).chain(ENVIRONMENT);
        let suggestion = suggest::closest(&name.text, known).map(str::to_owned);
        self.error(TypeProblem::NoSuchVariable {
            name: name.text.to_string(),
            suggestion,
            span,
        });
        Shape::unknown()
    }

    /// The variables that are always there (§9, FHIR R4).
    fn environment(&self, name: &str) -> Option<Shape> {
        let text = || Shape::of(Type::System(SystemType::String), Count::ONE);
        match name {
            "context" => Some(self.context.focus.clone()),
            "resource" | "rootResource" => Some(self.resource()),
            "terminologies" | "factory" => Some(Shape::unknown()),
            "ucum" | "sct" | "loinc" => Some(text()),
            _ if name.starts_with("vs-") || name.starts_with("ext-") => Some(text()),
            _ => None,
        }
    }

    fn resource(&self) -> Shape {
        let schema = schema::r4();
        match self.context.focus.one_type() {
            Some(Type::Fhir(id)) if schema.get(id).kind == schema::Kind::Resource => {
                Shape::of(Type::Fhir(id), Count::ONE)
            }
            _ => any_resource(Count::AT_MOST_ONE),
        }
    }

    /// Says so if a collection without order is used by its order.
    pub(super) fn ordered(&mut self, collection: &Shape, what: &str, span: Span) {
        if !collection.is_ordered() {
            self.refuse_if_strict(TypeProblem::NoOrder {
                what: what.to_owned(),
                span,
            });
        }
    }

    /// Says so if several items are, or may be, where one is wanted.
    pub(super) fn single(&mut self, shape: &Shape, what: impl FnOnce() -> String, span: Span) {
        let count = shape.count();
        if shape.is_empty() || shape.is_open() || !count.may_be_many() {
            return;
        }
        let problem = TypeProblem::NotSingle {
            what: what(),
            count: count.to_string(),
            span,
        };
        match count.least > 1 && !self.is_lazy {
            true => self.error(problem),
            false => self.warn(problem),
        }
    }
}

/// The variables that are always there.
const ENVIRONMENT: [&str; 8] = [
    "context",
    "resource",
    "rootResource",
    "ucum",
    "sct",
    "loinc",
    "terminologies",
    "factory",
];

/// Any resource.
pub(super) fn any_resource(count: Count) -> Shape {
    match schema::r4().named("Resource") {
        Some(id) => Shape::of(Type::Fhir(id), count),
        None => Shape::unknown().with_count(count),
    }
}

/// The types of a shape in words.
pub(super) fn shown(shape: &Shape) -> String {
    let types: Vec<String> = shape.types().iter().map(Type::to_string).collect();
    match types.as_slice() {
        [] => "an empty collection".to_owned(),
        [one] => one.clone(),
        [first, second] => format!("{first} or {second}"),
        [first, second, rest @ ..] => {
            format!("{first}, {second} or {} other types", rest.len())
        }
    }
}

fn of_literal(literal: &Literal) -> Shape {
    let ty = SystemType::named(literal.type_name());
    Shape::of(Type::System(ty.unwrap_or(SystemType::Any)), Count::ONE)
}
