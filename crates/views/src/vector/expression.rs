//! Paths lowered to column operations. What has none is evaluated item by item with the path's program: always right,
//! and fast where it matters.

use std::sync::Arc;

use salus_fhir::schema::{self, TypeId};
use salus_fhirpath::Program;
use salus_fhirpath::syntax::{BinaryOperator, Expr, ExprKind, Literal, TypeOperator};

use crate::compile::{ROW_INDEX, walk};
use crate::definition::{Constant, ConstantValue};

/// An expression on the items of a focus, by columns or item by item.
#[derive(Debug)]
pub(crate) struct Expression {
    pub op: Op,
    /// The same, for one item. Absent where the column operation always works: literals.
    pub program: Option<Program>,
}

/// A column operation.
#[derive(Debug)]
pub(crate) enum Op {
    /// There is none.
    None,
    /// `{}`
    Empty,
    /// `$this`
    This,
    /// `%rowIndex`
    RowIndex,
    /// A literal or a constant.
    Scalar(Scalar),
    /// A leading identifier that names a type: the focus if it is of the type.
    TypeOrMember { ty: TypeId, name: Box<str> },
    /// `on.name`
    Member { on: Box<Op>, name: Box<str> },
    /// `on.name.ofType(ty)` of a choice.
    Choice {
        on: Box<Op>,
        name: Box<str>,
        ty: TypeId,
    },
    /// `on.where(criterion)`
    Where {
        on: Box<Op>,
        criterion: Box<Expression>,
    },
    /// `on.extension(url)`
    Extension { on: Box<Op>, url: Arc<str> },
    /// `on.first()`, `on.last()`, `on[n]`
    Pick { on: Box<Op>, which: Which },
    /// `on.exists()`
    Exists(Box<Op>),
    /// `on.empty()`
    Empties(Box<Op>),
    /// `on.count()`
    Count(Box<Op>),
    /// `on.not()`
    Not(Box<Op>),
    /// `on.join(separator)`
    Join { on: Box<Op>, separator: Arc<str> },
    /// `getResourceKey()`
    ResourceKey(Box<Op>),
    /// `on.getReferenceKey(ty)`
    ReferenceKey { on: Box<Op>, ty: Option<TypeId> },
    /// `=`, `!=` and the order of numbers.
    Compare {
        operator: BinaryOperator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// `and`, `or`, `xor`, `implies`.
    Logic {
        operator: BinaryOperator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// What must be one item at most: the operand of `as`.
    Single(Box<Op>),
    /// `on & ''`: text for nothing.
    OrNoText(Box<Op>),
}

/// Which item of each collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    First,
    Last,
    Nth(usize),
}

/// A value that is the same for all items.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    Boolean(bool),
    Integer(i32),
    /// A decimal that its double tells exactly.
    Decimal(f64),
    Text(Arc<str>),
}

/// How many significant digits a double tells without loss.
pub(crate) const EXACT_DIGITS: usize = 15;

/// Lowers the paths of a view.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lowering<'c> {
    pub constants: &'c [Constant],
}

impl Lowering<'_> {
    /// The expression for a whole path.
    pub(crate) fn path(self, expr: &Expr) -> Expression {
        match needs_one_machine(expr) {
            true => Expression {
                op: Op::None,
                program: program(expr),
            },
            false => self.expression(expr),
        }
    }

    fn expression(self, expr: &Expr) -> Expression {
        let op = self.op(expr);
        let program = match op {
            Op::Scalar(_) | Op::Empty => None,
            _ => program(expr),
        };
        Expression { op, program }
    }

    fn boxed(self, expr: &Expr) -> Box<Expression> {
        Box::new(self.expression(expr))
    }

    fn op(self, expr: &Expr) -> Op {
        match &expr.kind {
            ExprKind::Empty => Op::Empty,
            ExprKind::This => Op::This,
            ExprKind::Literal(literal) => scalar(literal).map_or(Op::None, Op::Scalar),
            ExprKind::Variable { name } => self.variable(&name.text),
            ExprKind::Member { on, name } => self.member(on.as_deref(), &name.text),
            ExprKind::Call {
                on,
                name,
                arguments,
            } => self.call(on.as_deref(), &name.text, arguments),
            ExprKind::Item { on, index } => self.item(on, index),
            ExprKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, left, right),
            ExprKind::TypeTest {
                operand,
                operator: TypeOperator::As,
                ty,
            } => match fhir_type(&ty.to_string()) {
                Some(ty) => Op::Single(Box::new(self.of_type(operand, ty))),
                None => Op::None,
            },
            _ => Op::None,
        }
    }

    fn variable(self, name: &str) -> Op {
        if name == ROW_INDEX {
            return Op::RowIndex;
        }
        let found = self.constants.iter().find(|constant| constant.name == name);
        found
            .and_then(|constant| constant_scalar(&constant.value))
            .map_or(Op::None, Op::Scalar)
    }

    fn on(self, on: Option<&Expr>) -> Box<Op> {
        Box::new(on.map_or(Op::This, |on| self.op(on)))
    }

    fn member(self, on: Option<&Expr>, name: &str) -> Op {
        let names_a_type = on.is_none() && name.starts_with(|c: char| c.is_ascii_uppercase());
        match schema::r4().named(name).filter(|_| names_a_type) {
            Some(ty) => Op::TypeOrMember {
                ty,
                name: name.into(),
            },
            None => Op::Member {
                on: self.on(on),
                name: name.into(),
            },
        }
    }

    fn call(self, on: Option<&Expr>, name: &str, arguments: &[Expr]) -> Op {
        match (name, arguments) {
            ("where", [criterion]) => Op::Where {
                on: self.on(on),
                criterion: self.boxed(criterion),
            },
            ("exists", []) => Op::Exists(self.on(on)),
            ("exists", [criterion]) => Op::Exists(Box::new(Op::Where {
                on: self.on(on),
                criterion: self.boxed(criterion),
            })),
            ("empty", []) => Op::Empties(self.on(on)),
            ("count", []) => Op::Count(self.on(on)),
            ("not", []) => Op::Not(self.on(on)),
            ("first", []) => self.pick(on, Which::First),
            ("last", []) => self.pick(on, Which::Last),
            ("ofType", [ty]) => match (on, ty.as_type().and_then(|t| fhir_type(&t.to_string()))) {
                (Some(on), Some(ty)) => self.of_type(on, ty),
                _ => Op::None,
            },
            ("extension", [url]) => match text(&url.kind) {
                Some(url) => Op::Extension {
                    on: self.on(on),
                    url,
                },
                None => Op::None,
            },
            ("join", []) => self.join(on, "".into()),
            ("join", [separator]) => match text(&separator.kind) {
                Some(separator) => self.join(on, separator),
                None => Op::None,
            },
            ("getResourceKey", []) => Op::ResourceKey(self.on(on)),
            ("getReferenceKey", []) => Op::ReferenceKey {
                on: self.on(on),
                ty: None,
            },
            ("getReferenceKey", [ty]) => {
                match ty.as_type().and_then(|ty| fhir_type(&ty.to_string())) {
                    Some(ty) => Op::ReferenceKey {
                        on: self.on(on),
                        ty: Some(ty),
                    },
                    None => Op::None,
                }
            }
            _ => Op::None,
        }
    }

    fn pick(self, on: Option<&Expr>, which: Which) -> Op {
        Op::Pick {
            on: self.on(on),
            which,
        }
    }

    fn join(self, on: Option<&Expr>, separator: Arc<str>) -> Op {
        Op::Join {
            on: self.on(on),
            separator,
        }
    }

    fn item(self, on: &Expr, index: &Expr) -> Op {
        let Op::Scalar(Scalar::Integer(index)) = self.op(index) else {
            return Op::None;
        };
        match usize::try_from(index) {
            Ok(index) => Op::Pick {
                on: Box::new(self.op(on)),
                which: Which::Nth(index),
            },
            Err(_) => Op::None,
        }
    }

    /// `ofType` right after a choice names the column at once; elsewhere the column tells its type.
    fn of_type(self, on: &Expr, ty: TypeId) -> Op {
        match &on.kind {
            ExprKind::Member { on, name } => Op::Choice {
                on: self.on(on.as_deref()),
                name: name.text.clone(),
                ty,
            },
            _ => Op::None,
        }
    }

    fn binary(self, operator: BinaryOperator, left: &Expr, right: &Expr) -> Op {
        match operator {
            BinaryOperator::Equal
            | BinaryOperator::NotEqual
            | BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => Op::Compare {
                operator,
                left: self.boxed(left),
                right: self.boxed(right),
            },
            BinaryOperator::And
            | BinaryOperator::Or
            | BinaryOperator::Xor
            | BinaryOperator::Implies => Op::Logic {
                operator,
                left: self.boxed(left),
                right: self.boxed(right),
            },
            BinaryOperator::Concatenate if text(&right.kind).is_some_and(|t| t.is_empty()) => {
                Op::OrNoText(Box::new(self.op(left)))
            }
            _ => Op::None,
        }
    }
}

/// The program of a part. Its text is only for showing it.
fn program(expr: &Expr) -> Option<Program> {
    Program::of_tree("", expr).ok()
}

/// Whether parts of the expression depend on more than their item: then it is evaluated whole.
fn needs_one_machine(expr: &Expr) -> bool {
    let mut found = false;
    walk(expr, &mut |part| {
        found |= match &part.kind {
            ExprKind::Index | ExprKind::Total | ExprKind::Error => true,
            ExprKind::Variable { name } => &*name.text == "context",
            ExprKind::Call { name, .. } => &*name.text == "defineVariable",
            _ => false,
        };
    });
    found
}

/// The FHIR type of a specifier as written; `None` for System types and unknown ones.
fn fhir_type(name: &str) -> Option<TypeId> {
    schema::r4().named(name.strip_prefix("FHIR.").unwrap_or(name))
}

fn text(kind: &ExprKind) -> Option<Arc<str>> {
    match kind {
        ExprKind::Literal(Literal::String(text)) => Some(Arc::clone(text)),
        _ => None,
    }
}

fn scalar(literal: &Literal) -> Option<Scalar> {
    Some(match literal {
        Literal::Boolean(value) => Scalar::Boolean(*value),
        Literal::Integer(value) => Scalar::Integer(*value),
        Literal::String(text) => Scalar::Text(Arc::clone(text)),
        Literal::Decimal(value) => decimal(&value.to_string())?,
        _ => return None,
    })
}

fn constant_scalar(value: &ConstantValue) -> Option<Scalar> {
    Some(match value {
        ConstantValue::Boolean(value) => Scalar::Boolean(*value),
        ConstantValue::Integer(value) => Scalar::Integer(*value),
        ConstantValue::Text(text) => Scalar::Text(text.as_str().into()),
        ConstantValue::Decimal(digits) => decimal(digits)?,
        _ => return None,
    })
}

fn decimal(digits: &str) -> Option<Scalar> {
    let exact = digits.bytes().filter(u8::is_ascii_digit).count() <= EXACT_DIGITS
        && !digits.contains(['e', 'E']);
    exact
        .then(|| digits.parse().ok().map(Scalar::Decimal))
        .flatten()
}
