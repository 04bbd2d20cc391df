//! A second engine, for tests alone: it walks the syntax tree and applies the operators to the values that it finds,
//! without types, translation or ELM. What both engines agree on is not wrong by a slip of one of them.

use std::convert::Infallible;
use std::sync::Arc;

use salus_cql::conformance::{Engine, Refusal, Stage, selected};
use salus_cql::elm::Kind;
use salus_cql::operators::{self as op, EvaluationError, Scene};
use salus_cql::syntax::{
    self, BinaryOperator, Component, ConvertTarget, Expr, ExprKind, Iteration, Lapse, Per,
    Precision, Truth, TypeKind, TypeOperator, TypeSpecifier, UnaryOperator,
};
use salus_values::{CalendarUnit, CountedUnit, DateTime, Decimal, Quantity, Tuple, Unit};

use super::functions;
use super::query::query_of;
use super::timing::timing;

pub type V = op::Value<Infallible>;
pub type Found = Result<V, Stop>;

/// Why there is no value.
#[derive(Debug)]
pub enum Stop {
    Failed(EvaluationError),
    /// What a translator would refuse.
    Refused(String),
}

impl From<EvaluationError> for Stop {
    fn from(error: EvaluationError) -> Stop {
        Stop::Failed(error)
    }
}

pub fn refused<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Refused(why.into()))
}

/// The engine.
pub struct Walk {
    pub scene: Scene<'static>,
}

impl Walk {
    pub fn at(now: &str) -> Walk {
        Walk {
            scene: Scene::at(DateTime::parse(now).unwrap()),
        }
    }
}

impl Engine for Walk {
    type Node = Infallible;

    fn evaluate(&self, expression: &str) -> Result<V, Refusal> {
        let parsed = syntax::parse_expr(expression);
        if let Some(error) = parsed.diagnostics.first() {
            return Err(Refusal {
                stage: Stage::Translation,
                why: error.to_string(),
            });
        }
        let mut names = Vec::new();
        walk(&parsed.expr, &mut names, &self.scene).map_err(|stop| match stop {
            Stop::Failed(error) => Refusal {
                stage: Stage::Evaluation,
                why: error.to_string(),
            },
            Stop::Refused(why) => Refusal {
                stage: Stage::Translation,
                why,
            },
        })
    }
}

pub type Names = Vec<(String, V)>;

pub fn walk(expr: &Expr, names: &mut Names, scene: &Scene<'_>) -> Found {
    if let ExprKind::Literal(_) = &expr.kind {
        return Ok(selected(&expr.to_string()).unwrap());
    }
    let mut of = |expr: &Expr| walk(expr, names, scene);
    match &expr.kind {
        ExprKind::Identifier(name) => {
            match names.iter().rev().find(|(known, _)| **known == *name.text) {
                Some((_, value)) => Ok(value.clone()),
                None => refused(format!("no name {}", name.text)),
            }
        }
        ExprKind::Member { on, name } => match of(on)? {
            V::Tuple(tuple) => Ok(tuple.get(&name.text).cloned().unwrap_or(V::Null)),
            V::Null => Ok(V::Null),
            V::Quantity(quantity) if &*name.text == "value" => Ok(V::Decimal(quantity.value)),
            V::Quantity(quantity) => Ok(V::string(&quantity.unit.to_string())),
            V::Interval(interval) if &*name.text == "low" => Ok(interval.low.clone()),
            V::Interval(interval) if &*name.text == "high" => Ok(interval.high.clone()),
            other => refused(format!("no member of {}", other.type_name())),
        },
        ExprKind::Call {
            on,
            name,
            arguments,
        } => {
            let mut values = Vec::new();
            for argument in on.iter().map(|on| &**on).chain(arguments) {
                values.push(of(argument)?);
            }
            let first_is_list = arguments.first().is_some_and(is_list_typed);
            functions::call(&name.text, &values, first_is_list, scene)
        }
        ExprKind::Item { on, index } => item(&of(on)?, &of(index)?, scene),
        ExprKind::Unary { operator, operand } => unary(*operator, operand, of(operand)?, scene),
        ExprKind::Binary {
            operator,
            precision,
            left,
            right,
        } => {
            let precision = grain(*precision)?;
            let unknown = is_unknown_interval(left) || is_unknown_interval(right);
            let are_lists = is_list_typed(left) && is_list_typed(right);
            let (left, right) = (of(left)?, of(right)?);
            if are_lists && *operator == BinaryOperator::Union {
                return Ok(op::set::union_of_lists(&left, &right, scene)?);
            }
            binary(*operator, precision, left, right, unknown, scene)
        }
        ExprKind::Timing {
            phrase,
            left,
            right,
        } => {
            let unknown = is_unknown_interval(left) || is_unknown_interval(right);
            let wholes = (is_whole_typed(left), is_whole_typed(right));
            let (left, right) = (of(left)?, of(right)?);
            timing(phrase, left, right, unknown, wholes, scene)
        }
        ExprKind::Between {
            properly,
            operand,
            low,
            high,
        } => {
            let (value, low, high) = (of(operand)?, of(low)?, of(high)?);
            between(*properly, &value, low, high, scene)
        }
        ExprKind::LapseBetween {
            lapse,
            precision,
            low,
            high,
        } => lapse_between(*lapse, *precision, &of(low)?, &of(high)?, scene),
        ExprKind::LapseOf {
            lapse,
            precision,
            operand,
        } => {
            let interval = of(operand)?;
            let low = op::interval::start(&interval, None, scene)?;
            let high = op::interval::end(&interval, None, scene)?;
            lapse_between(*lapse, *precision, &low, &high, scene)
        }
        ExprKind::ComponentFrom { component, operand } => {
            let value = of(operand)?;
            Ok(match component {
                Component::Date => op::date_time::date_from(&value, scene)?,
                Component::Time => op::date_time::time_from(&value, scene)?,
                Component::TimezoneOffset => op::date_time::timezone_offset_from(&value, scene)?,
                other => {
                    let precision = other.text().parse().or_else(|_| refused("no week"))?;
                    op::date_time::component_from(&value, precision, scene)?
                }
            })
        }
        ExprKind::Truth {
            operand,
            negated,
            truth,
        } => {
            let value = of(operand)?;
            let is = match truth {
                Truth::Null => op::nullological::is_null(&value, scene)?,
                Truth::True => op::nullological::is_true(&value, scene)?,
                Truth::False => op::nullological::is_false(&value, scene)?,
            };
            match negated {
                true => Ok(op::logic::not(&is, scene)?),
                false => Ok(is),
            }
        }
        ExprKind::Type {
            operand,
            operator,
            ty,
        } => {
            let value = of(operand)?;
            match operator {
                TypeOperator::Is => Ok(V::Boolean(is_of(&value, ty))),
                TypeOperator::As if value.is_null() || is_of(&value, ty) => Ok(value),
                TypeOperator::As => Ok(V::Null),
                TypeOperator::Cast if value.is_null() || is_of(&value, ty) => Ok(value),
                TypeOperator::Cast => refused("cast"),
            }
        }
        ExprKind::Convert { operand, to } => {
            let value = of(operand)?;
            match to {
                ConvertTarget::Unit(unit) => {
                    let unit = V::string(&unit.to_string());
                    Ok(op::conversion::convert_quantity(&value, &unit, scene)?)
                }
                ConvertTarget::Type(ty) => {
                    functions::call(&format!("To{}", type_name(ty)), &[value], false, scene)
                }
            }
        }
        ExprKind::Extent { maximum, ty } => {
            let name = type_name(ty);
            Ok(match maximum {
                true => op::arithmetic::max_value(&name, scene)?,
                false => op::arithmetic::min_value(&name, scene)?,
            })
        }
        ExprKind::Iterate {
            iteration,
            operand,
            per,
        } => {
            let value = of(operand)?;
            let per = match per {
                None => V::Null,
                Some(Per::Expr(step)) => of(step)?.to_quantity().map(V::quantity).into(),
                Some(Per::Precision(precision)) => {
                    let unit = CalendarUnit::parse(precision.text()).unwrap();
                    V::quantity(Quantity::new(Decimal::ONE, Unit::Calendar(unit)))
                }
            };
            Ok(match iteration {
                Iteration::Expand => op::interval::expand(&value, &per, scene)?,
                Iteration::Collapse => op::interval::collapse(&value, &per, scene)?,
            })
        }
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => match of(condition)? {
            V::Boolean(true) => of(then),
            _ => of(otherwise),
        },
        ExprKind::Case(case) => {
            let comparand = case.comparand.as_ref().map(&mut of).transpose()?;
            for item in &case.items {
                let when = of(&item.when)?;
                let holds = match &comparand {
                    Some(comparand) => op::comparison::equal(comparand, &when, scene)?,
                    None => when,
                };
                if holds == V::Boolean(true) {
                    return of(&item.then);
                }
            }
            of(&case.otherwise)
        }
        ExprKind::Interval {
            low_closed,
            low,
            high,
            high_closed,
        } => {
            let (low, high) = functions::promoted(of(low)?, of(high)?);
            Ok(op::interval::interval(
                low,
                *low_closed,
                high,
                *high_closed,
                scene,
            )?)
        }
        ExprKind::Tuple(elements) => {
            let mut named = Vec::new();
            for element in elements {
                named.push((&*element.name.text, of(&element.value)?));
            }
            Ok(V::Tuple(Arc::new(Tuple::new(named))))
        }
        ExprKind::Instance { elements, ty } if type_name(ty) == "Quantity" => {
            let mut value = Decimal::ZERO;
            let mut unit = Unit::one();
            for element in elements {
                match of(&element.value)? {
                    V::String(text) => unit = Unit::of_text(&text),
                    number => value = number.as_number().unwrap(),
                }
            }
            Ok(V::quantity(Quantity::new(value, unit)))
        }
        ExprKind::List { items, .. } => {
            let mut list = Vec::new();
            for item in items {
                list.push(of(item)?);
            }
            Ok(V::list(functions::promoted_all(list)))
        }
        ExprKind::Query(query) => query_of(query, names, scene),
        _ => match selected(&expr.to_string()) {
            Some(value) => Ok(value),
            None => refused(format!("unknown: {expr}")),
        },
    }
}

/// A list by its type, though it may be null.
fn is_list_typed(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Type { ty, .. } => matches!(ty.kind, TypeKind::List(_)),
        ExprKind::List { .. } => true,
        ExprKind::Binary { left, right, .. } => is_list_typed(left) && is_list_typed(right),
        ExprKind::Query(query) => is_list_typed(&query.sources[0].expr),
        ExprKind::If { then, .. } => is_list_typed(then),
        ExprKind::Call { name, .. } => matches!(&*name.text, "Tail" | "Take" | "Skip"),
        ExprKind::Unary { operator, .. } => {
            matches!(operator, UnaryOperator::Distinct | UnaryOperator::Flatten)
        }
        _ => false,
    }
}

/// Whether it is a list or an interval by its type; `None` of a null of no type.
fn is_whole_typed(expr: &Expr) -> Option<bool> {
    match &expr.kind {
        ExprKind::Literal(syntax::Literal::Null) => None,
        ExprKind::Interval { .. }
        | ExprKind::List { .. }
        | ExprKind::Iterate { .. }
        | ExprKind::Query(_) => Some(true),
        ExprKind::Unary { operator, .. } => Some(matches!(
            operator,
            UnaryOperator::Distinct | UnaryOperator::Flatten
        )),
        ExprKind::Binary { operator, .. } => Some(matches!(
            operator,
            BinaryOperator::Union | BinaryOperator::Intersect | BinaryOperator::Except
        )),
        ExprKind::If { then, .. } => is_whole_typed(then),
        ExprKind::Type { ty, .. } => {
            Some(matches!(ty.kind, TypeKind::List(_) | TypeKind::Interval(_)))
        }
        ExprKind::Call {
            name, arguments, ..
        } if &*name.text == "First" => Some(matches!(arguments[0].kind, ExprKind::Iterate { .. })),
        _ => Some(false),
    }
}

/// `Interval[null, null]`, of no point type.
fn is_unknown_interval(expr: &Expr) -> bool {
    let is_null = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(syntax::Literal::Null));
    matches!(&expr.kind, ExprKind::Interval { low, high, .. } if is_null(low) && is_null(high))
}

/// The point type of an interval whose ends are cast.
fn point_type(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Interval { low, .. } => match &low.kind {
            ExprKind::Type { ty, .. } => Some(type_name(ty)),
            _ => None,
        },
        // The made expressions have intervals of Integers only.
        _ => Some("Integer".to_owned()),
    }
}

pub fn type_name(ty: &TypeSpecifier) -> String {
    match &ty.kind {
        TypeKind::Named(names) => names.last().unwrap().text.to_string(),
        TypeKind::List(_) => "List".to_owned(),
        TypeKind::Interval(_) => "Interval".to_owned(),
        TypeKind::Tuple(_) => "Tuple".to_owned(),
        _ => "Choice".to_owned(),
    }
}

fn is_of(value: &V, ty: &TypeSpecifier) -> bool {
    let name = type_name(ty);
    name == "Any" && !value.is_null() || value.type_name() == name
}

pub fn grain(precision: Option<Precision>) -> Result<Option<op::Precision>, Stop> {
    match precision {
        None => Ok(None),
        Some(precision) => match precision.text().parse() {
            Ok(precision) => Ok(Some(precision)),
            Err(_) => refused("weeks are not compared"),
        },
    }
}

fn item(on: &V, index: &V, scene: &Scene<'_>) -> Found {
    Ok(match on {
        V::String(_) => op::text::indexer(on, index, scene)?,
        _ => op::list::indexer(on, index, scene)?,
    })
}

fn unary(operator: UnaryOperator, operand: &Expr, value: V, scene: &Scene<'_>) -> Found {
    if matches!(
        operator,
        UnaryOperator::StartOf | UnaryOperator::EndOf | UnaryOperator::PointFrom
    ) && is_unknown_interval(operand)
    {
        return Ok(op::interval::of_unknown_point_type(Kind::Start).unwrap());
    }
    Ok(match operator {
        UnaryOperator::Not => op::logic::not(&value, scene)?,
        UnaryOperator::Exists => op::list::exists(&value, scene)?,
        UnaryOperator::Plus => value,
        UnaryOperator::Negate => op::arithmetic::negate(&value, scene)?,
        UnaryOperator::StartOf => {
            op::interval::start(&value, point_type(operand).as_deref(), scene)?
        }
        UnaryOperator::EndOf => op::interval::end(&value, point_type(operand).as_deref(), scene)?,
        UnaryOperator::WidthOf => op::interval::width(&value, scene)?,
        UnaryOperator::SuccessorOf => op::arithmetic::successor(&value, scene)?,
        UnaryOperator::PredecessorOf => op::arithmetic::predecessor(&value, scene)?,
        UnaryOperator::SingletonFrom => op::list::singleton_from(&value, scene)?,
        UnaryOperator::PointFrom => op::interval::point_from(&value, scene)?,
        UnaryOperator::Distinct => op::list::distinct(&value, scene)?,
        UnaryOperator::Flatten => op::list::flatten(&value, scene)?,
    })
}

fn binary(
    operator: BinaryOperator,
    precision: Option<op::Precision>,
    left: V,
    right: V,
    unknown: bool,
    scene: &Scene<'_>,
) -> Found {
    use BinaryOperator as B;
    let (left, right) = functions::promoted(left, right);
    let unknown_is = |kind: Kind| {
        unknown
            .then(|| op::interval::of_unknown_point_type(kind))
            .flatten()
    };
    let known = match operator {
        B::In => unknown_is(Kind::In),
        B::Contains => unknown_is(Kind::Contains),
        B::Union => unknown_is(Kind::Union),
        B::Intersect => unknown_is(Kind::Intersect),
        B::Except => unknown_is(Kind::Except),
        B::Equal => unknown_is(Kind::Equal),
        _ => None,
    };
    if let Some(known) = known {
        return Ok(known);
    }
    Ok(match operator {
        B::Union => op::set::union(&left, &right, scene)?,
        B::Intersect => op::set::intersect(&left, &right, scene)?,
        B::Except => op::set::except(&left, &right, scene)?,
        B::Implies => op::logic::implies(&left, &right, scene)?,
        B::Or => op::logic::or(&left, &right, scene)?,
        B::Xor => op::logic::xor(&left, &right, scene)?,
        B::And => op::logic::and(&left, &right, scene)?,
        B::In => op::relation::in_(&left, &right, precision, scene)?,
        B::Contains => op::relation::contains(&left, &right, precision, scene)?,
        B::Equal => op::comparison::equal(&left, &right, scene)?,
        B::NotEqual => op::comparison::not_equal(&left, &right, scene)?,
        B::Equivalent => op::comparison::equivalent(&left, &right, scene)?,
        B::NotEquivalent => {
            op::logic::not(&op::comparison::equivalent(&left, &right, scene)?, scene)?
        }
        B::LessOrEqual => op::comparison::less_or_equal(&left, &right, scene)?,
        B::Less => op::comparison::less(&left, &right, scene)?,
        B::Greater => op::comparison::greater(&left, &right, scene)?,
        B::GreaterOrEqual => op::comparison::greater_or_equal(&left, &right, scene)?,
        B::Add => op::arithmetic::add(&left, &right, scene)?,
        B::Subtract => op::arithmetic::subtract(&left, &right, scene)?,
        B::Concatenate => {
            let text = |value: V| {
                if value.is_null() {
                    V::string("")
                } else {
                    value
                }
            };
            op::text::concatenate(&[text(left), text(right)], scene)?
        }
        B::Multiply => op::arithmetic::multiply(&left, &right, scene)?,
        B::Divide => op::arithmetic::divide(&left, &right, scene)?,
        B::TruncatedDivide => op::arithmetic::truncated_divide(&left, &right, scene)?,
        B::Modulo => op::arithmetic::modulo(&left, &right, scene)?,
        B::Power => op::arithmetic::power(&left, &right, scene)?,
    })
}

fn between(properly: bool, value: &V, low: V, high: V, scene: &Scene<'_>) -> Found {
    if let V::Interval(_) = value {
        let whole = op::interval::interval(low, true, high, true, scene)?;
        return Ok(op::relation::included_in(value, &whole, None, scene)?);
    }
    let (a, low) = functions::promoted(value.clone(), low);
    let (b, high) = functions::promoted(value.clone(), high);
    Ok(match properly {
        true => op::logic::and(
            &op::comparison::greater(&a, &low, scene)?,
            &op::comparison::less(&b, &high, scene)?,
            scene,
        )?,
        false => op::logic::and(
            &op::comparison::greater_or_equal(&a, &low, scene)?,
            &op::comparison::less_or_equal(&b, &high, scene)?,
            scene,
        )?,
    })
}

fn lapse_between(
    lapse: Lapse,
    precision: Precision,
    low: &V,
    high: &V,
    scene: &Scene<'_>,
) -> Found {
    let unit = match precision {
        Precision::Week => CountedUnit::Week,
        other => CountedUnit::Of(other.text().parse().unwrap()),
    };
    Ok(match lapse {
        Lapse::Duration => op::date_time::duration_between(low, high, unit, scene)?,
        Lapse::Difference => op::date_time::difference_between(low, high, unit, scene)?,
    })
}
