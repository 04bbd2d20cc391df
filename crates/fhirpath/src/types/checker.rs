//! The walk over the tree.

use salus_base::{Severity, suggest};
use salus_fhir::schema;

use super::problem::{Finding, TypeProblem};
use super::shape::{Count, Shape, Type};
use super::{Context, Typed, TypedPart, model, operators};
use crate::functions::Types;
use crate::program::{self, SystemType};
use crate::syntax::{
    BinaryOperator, Expr, ExprKind, Literal, Name, Span, TypeOperator, TypeSpecifier,
};

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

    fn member(&mut self, on: Option<&Expr>, name: &Name) -> Shape {
        let Some(on) = on else {
            return self.first_member(name);
        };
        let on = self.expression(on);
        self.child(&on, name)
    }

    /// A leading name: the focus itself if it is the name of its type, else its elements.
    fn first_member(&mut self, name: &Name) -> Shape {
        let focus = self.this.clone();
        let Some(id) = schema::r4().named(&name.text) else {
            return self.child(&focus, name);
        };
        let named = program::TypeSpecifier::Fhir(id);
        if focus.is_open() {
            return Shape::of(Type::Fhir(id), focus.count().or_fewer());
        }
        let kept = model::kept(&focus, named);
        if !kept.is_empty() {
            return kept.with_count(focus.count());
        }
        // `code` is both a type and an element.
        let is_element = |ty: &Type| model::member(*ty, &name.text).is_some();
        if focus.types().iter().any(is_element) || focus.is_empty() {
            return self.child(&focus, name);
        }
        if schema::r4().get(id).kind != schema::Kind::Resource {
            return self.child(&focus, name);
        }
        self.refuse_if_strict(TypeProblem::OtherFocus {
            name: format!("`{}`", name.text),
            focus: shown(&focus),
            span: name.span,
        });
        Shape::empty()
    }

    /// The child elements of this name.
    fn child(&mut self, on: &Shape, name: &Name) -> Shape {
        let found = on
            .types()
            .iter()
            .filter_map(|ty| model::member(*ty, &name.text))
            .reduce(|a, b| a.either(&b));
        if let Some(found) = found {
            let count = on.count().each(found.count());
            let found = match on.is_open() {
                true => found.join(&Shape::unknown(), count),
                false => found.with_count(count),
            };
            return if on.is_ordered() {
                found
            } else {
                found.unordered()
            };
        }
        if on.is_open() {
            return Shape::unknown();
        }
        if !on.is_empty() {
            self.no_such_element(on, name);
        }
        Shape::empty()
    }

    fn no_such_element(&mut self, on: &Shape, name: &Name) {
        let choice = on
            .types()
            .iter()
            .find_map(|ty| model::choice(*ty, &name.text));
        if let Some((choice, ty)) = choice {
            return self.error(TypeProblem::ChoiceByJsonName {
                name: name.text.to_string(),
                choice,
                ty,
                span: name.span,
            });
        }
        let known: Vec<&str> = on.types().iter().flat_map(|ty| model::names(*ty)).collect();
        self.error(TypeProblem::NoSuchElement {
            ty: shown(on),
            name: name.text.to_string(),
            suggestion: suggest::closest(&name.text, known).map(str::to_owned),
            span: name.span,
        });
    }

    fn item(&mut self, on: &Expr, index: &Expr) -> Shape {
        let collection = self.expression(on);
        self.ordered(&collection, "`[…]`", index.span);
        let position = self.enclosed(index);
        let found = position.system_types();
        if !position.is_empty() && !found.meets(Types::INTEGER) {
            self.error(TypeProblem::WrongArgument {
                function: "[…]".to_owned(),
                argument: "index",
                expected: Types::INTEGER.to_string(),
                found: shown(&position),
                span: index.span,
            });
        }
        self.single(&position, || "the position".to_owned(), index.span);
        let count = collection.count().or_one().or_fewer();
        collection.item().with_count(count)
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

    fn polarity(&mut self, negative: bool, operand: &Expr, span: Span) -> Shape {
        let shape = self.enclosed(operand);
        let sign = if negative { '-' } else { '+' };
        let numbers = Types::NUMBER | Types::QUANTITY;
        if !shape.is_empty() && !shape.system_types().meets(numbers) {
            self.error(TypeProblem::NoSign {
                sign,
                found: shown(&shape),
                span,
            });
            return Shape::system(numbers, Count::AT_MOST_ONE);
        }
        self.single(&shape, || format!("the operand of `{sign}`"), operand.span);
        let count = shape.count().or_one();
        shape.as_system().with_count(count)
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Expr,
        right: &Expr,
        whole: &Expr,
    ) -> Shape {
        let (before, after) = (self.enclosed(left), self.enclosed(right));
        match operator {
            BinaryOperator::Union => {
                let count = before.count().and(after.count());
                let least = count.least.max(distinct_literals(whole));
                return before.join(&after, Count { least, ..count });
            }
            BinaryOperator::Equal | BinaryOperator::NotEqual => {
                self.equality(&before, &after, whole.span);
            }
            BinaryOperator::Equivalent | BinaryOperator::NotEquivalent => {}
            BinaryOperator::In => self.operand(&before, "left", operator, left.span),
            BinaryOperator::Contains => self.operand(&after, "right", operator, right.span),
            BinaryOperator::And
            | BinaryOperator::Or
            | BinaryOperator::Xor
            | BinaryOperator::Implies => {
                self.condition(
                    &before,
                    || format!("the left side of `{operator}`"),
                    left.span,
                );
                self.condition(
                    &after,
                    || format!("the right side of `{operator}`"),
                    right.span,
                );
            }
            _ => return self.operation(operator, [left, right], [before, after], whole.span),
        }
        Shape::of(Type::System(SystemType::Boolean), Count::AT_MOST_ONE)
    }

    fn operand(&mut self, shape: &Shape, side: &str, operator: BinaryOperator, span: Span) {
        self.single(shape, || format!("the {side} side of `{operator}`"), span);
    }

    /// Says so if a condition is certainly not one, or not a Boolean.
    pub(super) fn condition(&mut self, shape: &Shape, what: impl Fn() -> String, span: Span) {
        self.single(shape, &what, span);
        if !shape.is_empty() && !shape.system_types().meets(Types::BOOLEAN) {
            self.refuse_if_strict(TypeProblem::NoCondition {
                what: what(),
                found: shown(shape),
                span,
            });
        }
    }

    fn equality(&mut self, left: &Shape, right: &Shape, span: Span) {
        let known = !left.is_empty() && !right.is_empty();
        if known && !operators::may_be_equal(left.system_types(), right.system_types()) {
            self.warn(TypeProblem::NeverEqual {
                left: shown(left),
                right: shown(right),
                span,
            });
        }
    }

    /// An operator on two single values.
    fn operation(
        &mut self,
        operator: BinaryOperator,
        exprs: [&Expr; 2],
        [left, right]: [Shape; 2],
        span: Span,
    ) -> Shape {
        let [before, after] = exprs;
        self.operand(&left, "left", operator, before.span);
        self.operand(&right, "right", operator, after.span);
        let concatenates = operator == BinaryOperator::Concatenate;
        let types = |shape: &Shape| match shape.is_empty() && concatenates {
            true => Types::STRING,
            false => shape.system_types(),
        };
        if !concatenates && (left.is_empty() || right.is_empty()) {
            return Shape::empty();
        }
        match operators::result(operator, types(&left), types(&right)) {
            Some(types) => Shape::system(types, Count::AT_MOST_ONE),
            None => {
                self.error(TypeProblem::NoSuchOperation {
                    operator: operator.symbol(),
                    left: shown(&left),
                    right: shown(&right),
                    span,
                });
                Shape::unknown()
            }
        }
    }

    fn type_test(&mut self, operand: &Expr, operator: TypeOperator, ty: &TypeSpecifier) -> Shape {
        let shape = self.expression(operand);
        self.single(
            &shape,
            || format!("the left side of `{}`", operator.symbol()),
            operand.span,
        );
        match operator {
            TypeOperator::Is => self.is(&shape, ty),
            TypeOperator::As => self.only(&shape, ty),
        }
    }

    /// `is`: whether items are of a type.
    pub(super) fn is(&mut self, shape: &Shape, ty: &TypeSpecifier) -> Shape {
        if let Some(specifier) = self.specifier(ty)
            && !shape.is_empty()
            && !model::may_be(shape, specifier)
        {
            self.never(shape, ty);
        }
        Shape::of(Type::System(SystemType::Boolean), Count::AT_MOST_ONE)
    }

    /// `as`, `ofType`: the items of a type.
    pub(super) fn only(&mut self, shape: &Shape, ty: &TypeSpecifier) -> Shape {
        let Some(specifier) = self.specifier(ty) else {
            return Shape::unknown();
        };
        let kept = model::kept(shape, specifier);
        if kept.is_empty() && !shape.is_empty() {
            self.never(shape, ty);
        }
        kept
    }

    fn never(&mut self, shape: &Shape, ty: &TypeSpecifier) {
        self.warn(TypeProblem::NeverOfType {
            found: shown(shape),
            ty: ty.to_string(),
            span: ty.span(),
        });
    }

    pub(super) fn specifier(&mut self, ty: &TypeSpecifier) -> Option<program::TypeSpecifier> {
        let namespace = ty.namespace.as_ref().map(|name| &*name.text);
        let found = program::TypeSpecifier::resolve(namespace, &ty.name.text);
        if found.is_none() {
            let near = suggest::closest(&ty.name.text, program::TypeSpecifier::names());
            self.error(TypeProblem::NoSuchType {
                name: ty.to_string(),
                suggestion: near.map(str::to_owned),
                span: ty.span(),
            });
        }
        found
    }
}

/// The variables that are always there.
const ENVIRONMENT: [&str; 6] = [
    "context",
    "resource",
    "rootResource",
    "ucum",
    "sct",
    "loinc",
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

/// How many items a union of literals has for certain.
fn distinct_literals(expr: &Expr) -> usize {
    let mut found: Vec<&Literal> = Vec::new();
    let mut at = vec![expr];
    while let Some(expr) = at.pop() {
        match &expr.kind {
            ExprKind::Literal(literal) if found.iter().all(|known| differ(known, literal)) => {
                found.push(literal);
            }
            ExprKind::Binary {
                operator: BinaryOperator::Union,
                left,
                right,
            } => {
                at.push(left);
                at.push(right);
            }
            _ => {}
        }
    }
    found.len()
}

/// Whether two literals are two items for certain.
fn differ(a: &Literal, b: &Literal) -> bool {
    match (a, b) {
        (Literal::Boolean(a), Literal::Boolean(b)) => a != b,
        (Literal::String(a), Literal::String(b)) => a != b,
        (Literal::Integer(a), Literal::Integer(b)) => a != b,
        (Literal::Long(a), Literal::Long(b)) => a != b,
        _ => false,
    }
}
