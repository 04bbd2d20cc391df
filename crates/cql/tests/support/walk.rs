//! A second engine, for tests alone: it walks the syntax tree and applies the operators to the values that it finds,
//! without types, translation or ELM. What both engines agree on is not wrong by a slip of one of them.

use std::convert::Infallible;
use std::sync::Arc;

use salus_cql::conformance::{Engine, Refusal, Stage, selected};
use salus_cql::elm::Kind;
use salus_cql::operators::{self as op, EvaluationError, Scene};
use salus_cql::syntax::{
    self, BinaryOperator, Boundary, Component, ConvertTarget, Exactness, Expr, ExprKind, Iteration,
    Lapse, Per, Precision, Query, Relation, Side, Sort, SortDirection, Timing, Truth, TypeKind,
    TypeOperator, TypeSpecifier, UnaryOperator,
};
use salus_values::{CalendarUnit, CountedUnit, DateTime, Decimal, Point, Quantity, Tuple, Unit};

use super::functions;

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

fn grain(precision: Option<Precision>) -> Result<Option<op::Precision>, Stop> {
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

fn bounded(value: V, boundary: Option<Boundary>, scene: &Scene<'_>) -> Found {
    Ok(match boundary {
        None => value,
        Some(Boundary::Start) => op::interval::start(&value, None, scene)?,
        Some(Boundary::End) => op::interval::end(&value, None, scene)?,
    })
}

fn timing(
    phrase: &Timing,
    left: V,
    right: V,
    unknown: bool,
    wholes: (Option<bool>, Option<bool>),
    scene: &Scene<'_>,
) -> Found {
    let null = |kind: Kind| {
        unknown
            .then(|| op::interval::of_unknown_point_type(kind))
            .flatten()
    };
    let is_whole = |value: &V| matches!(value, V::Interval(_) | V::List(_));
    Ok(match phrase {
        Timing::Same {
            left: on,
            precision,
            relation,
            right: other,
        } => {
            let (left, right) = (bounded(left, *on, scene)?, bounded(right, *other, scene)?);
            let precision = grain(*precision)?;
            match relation {
                Relation::As => op::relation::same_as(&left, &right, precision, scene)?,
                Relation::OrBefore => {
                    op::relation::same_or_before(&left, &right, precision, scene)?
                }
                Relation::OrAfter => op::relation::same_or_after(&left, &right, precision, scene)?,
            }
        }
        Timing::Includes {
            properly,
            precision,
            right: on,
        } => {
            let right = bounded(right, *on, scene)?;
            let precision = grain(*precision)?;
            let by_type = on.is_none() && wholes.1.unwrap_or(!properly);
            match (properly, is_whole(&right) || (right.is_null() && by_type)) {
                (false, true) => op::relation::includes(&left, &right, precision, scene)?,
                (false, false) => op::relation::contains(&left, &right, precision, scene)?,
                (true, true) => op::relation::proper_includes(&left, &right, precision, scene)?,
                (true, false) if left.is_null() && !right.is_null() => V::Boolean(false),
                (true, false) => op::relation::proper_contains(&left, &right, precision, scene)?,
            }
        }
        Timing::During {
            left: on,
            properly,
            precision,
        } => {
            let left = bounded(left, *on, scene)?;
            let precision = grain(*precision)?;
            let by_type = on.is_none() && wholes.0.unwrap_or(!properly);
            match (properly, is_whole(&left) || (left.is_null() && by_type)) {
                (false, true) => op::relation::included_in(&left, &right, precision, scene)?,
                (false, false) => op::relation::in_(&left, &right, precision, scene)?,
                (true, true) => op::relation::proper_included_in(&left, &right, precision, scene)?,
                (true, false) => op::relation::proper_in(&left, &right, precision, scene)?,
            }
        }
        Timing::BeforeOrAfter {
            left: on,
            offset,
            side,
            inclusive,
            precision,
            right: other,
        } => {
            let (left, right) = (bounded(left, *on, scene)?, bounded(right, *other, scene)?);
            let precision = grain(*precision)?;
            match offset {
                None => match (side, inclusive) {
                    (Side::Before, false) => op::relation::before(&left, &right, precision, scene)?,
                    (Side::After, false) => op::relation::after(&left, &right, precision, scene)?,
                    (Side::Before, true) => {
                        op::relation::same_or_before(&left, &right, precision, scene)?
                    }
                    (Side::After, true) => {
                        op::relation::same_or_after(&left, &right, precision, scene)?
                    }
                },
                Some(offset) => {
                    let by = V::quantity(offset.quantity.clone());
                    offset_from(
                        &left,
                        &right,
                        &by,
                        offset.exactness,
                        *side,
                        *inclusive,
                        precision,
                        scene,
                    )?
                }
            }
        }
        Timing::Within {
            left: on,
            properly,
            quantity,
            right: other,
        } => {
            let (left, right) = (bounded(left, *on, scene)?, bounded(right, *other, scene)?);
            let by = V::quantity(quantity.clone());
            let low = op::arithmetic::subtract(
                &op::interval::start(&right, None, scene).unwrap_or(right.clone()),
                &by,
                scene,
            )?;
            let high = op::arithmetic::add(
                &op::interval::end(&right, None, scene).unwrap_or(right.clone()),
                &by,
                scene,
            )?;
            let whole = op::interval::interval(low, !properly, high, !properly, scene)?;
            match is_whole(&left) {
                true => op::relation::included_in(&left, &whole, None, scene)?,
                false => op::relation::in_(&left, &whole, None, scene)?,
            }
        }
        Timing::Meets { side, precision } => {
            if let Some(null) = null(Kind::Meets) {
                return Ok(null);
            }
            let precision = grain(*precision)?;
            match side {
                None => op::relation::meets(&left, &right, precision, scene)?,
                Some(Side::Before) => op::relation::meets_before(&left, &right, precision, scene)?,
                Some(Side::After) => op::relation::meets_after(&left, &right, precision, scene)?,
            }
        }
        Timing::Overlaps { side, precision } => {
            if let Some(null) = null(Kind::Overlaps) {
                return Ok(null);
            }
            let precision = grain(*precision)?;
            match side {
                None => op::relation::overlaps(&left, &right, precision, scene)?,
                Some(Side::Before) => {
                    op::relation::overlaps_before(&left, &right, precision, scene)?
                }
                Some(Side::After) => op::relation::overlaps_after(&left, &right, precision, scene)?,
            }
        }
        Timing::Starts { precision } => match null(Kind::Starts) {
            Some(null) => null,
            None => op::relation::starts(&left, &right, grain(*precision)?, scene)?,
        },
        Timing::Ends { precision } => match null(Kind::Ends) {
            Some(null) => null,
            None => op::relation::ends(&left, &right, grain(*precision)?, scene)?,
        },
    })
}

/// `3 days or less before`, as the Author's Guide defines it.
#[allow(clippy::too_many_arguments, reason = "the parts of a phrase")]
fn offset_from(
    left: &V,
    right: &V,
    by: &V,
    exactness: Exactness,
    side: Side,
    inclusive: bool,
    precision: Option<op::Precision>,
    scene: &Scene<'_>,
) -> Result<V, EvaluationError> {
    let end = |value: &V, late: bool| match value {
        V::Interval(_) if late => op::interval::end(value, None, scene),
        V::Interval(_) => op::interval::start(value, None, scene),
        point => Ok(point.clone()),
    };
    let (left, right) = match side {
        Side::Before => (end(left, true)?, end(right, false)?),
        Side::After => (end(left, false)?, end(right, true)?),
    };
    let far = match side {
        Side::Before => op::arithmetic::subtract(&right, by, scene)?,
        Side::After => op::arithmetic::add(&right, by, scene)?,
    };
    let within = |far_closed: bool| match side {
        Side::Before => {
            op::interval::interval(far.clone(), far_closed, right.clone(), inclusive, scene)
        }
        Side::After => {
            op::interval::interval(right.clone(), inclusive, far.clone(), far_closed, scene)
        }
    };
    match exactness {
        Exactness::Exactly => op::relation::same_as(&left, &far, precision, scene),
        Exactness::OrMore => match side {
            Side::Before => op::relation::same_or_before(&left, &far, precision, scene),
            Side::After => op::relation::same_or_after(&left, &far, precision, scene),
        },
        Exactness::MoreThan => match side {
            Side::Before => op::relation::before(&left, &far, precision, scene),
            Side::After => op::relation::after(&left, &far, precision, scene),
        },
        Exactness::OrLess => op::relation::in_(&left, &within(true)?, precision, scene),
        Exactness::LessThan => op::relation::in_(&left, &within(false)?, precision, scene),
    }
}

fn query_of(query: &Query, names: &mut Names, scene: &Scene<'_>) -> Found {
    let depth = names.len();
    let mut rows: Vec<Names> = vec![Vec::new()];
    let mut is_list = false;
    for source in &query.sources {
        let value = walk(&source.expr, names, scene)?;
        let items: Vec<V> = match value {
            V::List(items) => {
                is_list = true;
                items.to_vec()
            }
            V::Null => return Ok(V::Null),
            single => vec![single],
        };
        rows = rows
            .into_iter()
            .flat_map(|row| {
                items.iter().map(move |item| {
                    let mut row = row.clone();
                    row.push((source.alias.text.to_string(), item.clone()));
                    row
                })
            })
            .collect();
    }
    let mut kept = Vec::new();
    for mut row in rows {
        names.truncate(depth);
        names.extend(row.iter().cloned());
        for one in &query.lets {
            let value = walk(&one.expr, names, scene)?;
            names.push((one.name.text.to_string(), value.clone()));
            row.push((one.name.text.to_string(), value));
        }
        let mut related = true;
        for relationship in &query.relationships {
            let V::List(others) = walk(&relationship.source.expr, names, scene)? else {
                return refused("no list to relate to");
            };
            let mut found = false;
            for other in others.iter() {
                names.push((relationship.source.alias.text.to_string(), other.clone()));
                found |= walk(&relationship.condition, names, scene)? == V::Boolean(true);
                names.pop();
            }
            related &= found != relationship.without;
        }
        if !related {
            continue;
        }
        if let Some(filter) = &query.filter
            && walk(filter, names, scene)? != V::Boolean(true)
        {
            continue;
        }
        kept.push(row);
    }
    names.truncate(depth);
    let of_sources = |row: &Names| match query.sources.len() {
        1 => row[0].1.clone(),
        _ => V::Tuple(Arc::new(Tuple::new(
            row.iter()
                .take(query.sources.len())
                .map(|(name, value)| (name.as_str(), value.clone())),
        ))),
    };
    if let Some(aggregate) = &query.aggregate {
        let mut total = match &aggregate.starting {
            Some(starting) => walk(starting, names, scene)?,
            None => V::Null,
        };
        let mut seen: Vec<V> = Vec::new();
        for row in kept {
            let key = of_sources(&row);
            if aggregate.distinct && scene.elements(None).contains(&seen, &key) == Some(true) {
                continue;
            }
            seen.push(key);
            names.truncate(depth);
            names.extend(row);
            names.push((aggregate.name.text.to_string(), total));
            total = walk(&aggregate.expr, names, scene)?;
        }
        names.truncate(depth);
        return Ok(total);
    }
    let mut results = Vec::new();
    for row in kept {
        match &query.result {
            Some(result) => {
                names.truncate(depth);
                names.extend(row);
                results.push(walk(&result.expr, names, scene)?);
            }
            None => results.push(of_sources(&row)),
        }
    }
    names.truncate(depth);
    if query.result.as_ref().is_some_and(|result| !result.all) || query.sources.len() > 1 {
        results = scene.elements(None).distinct(&results);
    }
    if let Some(Sort::Direction(direction)) = &query.sort {
        let down = direction.direction == SortDirection::Descending;
        scene.elements(None).sort(&mut results, down);
    }
    if let Some(Sort::By(items)) = &query.sort {
        results = sorted_by(results, items, names, scene)?;
    }
    Ok(match is_list {
        true => V::list(results),
        false => results.pop().unwrap_or(V::Null),
    })
}

/// Sorted by expressions over the elements of each result.
fn sorted_by(
    results: Vec<V>,
    items: &[syntax::SortItem],
    names: &mut Names,
    scene: &Scene<'_>,
) -> Result<Vec<V>, Stop> {
    let depth = names.len();
    let mut keyed = Vec::new();
    for result in results {
        if let V::Tuple(tuple) = &result {
            names.extend(
                tuple
                    .iter()
                    .map(|(name, value)| (name.to_owned(), value.clone())),
            );
        }
        let mut keys = Vec::new();
        for item in items {
            keys.push(walk(&item.expr, names, scene)?);
        }
        names.truncate(depth);
        keyed.push((keys, result));
    }
    let grain = scene.grain(None);
    keyed.sort_by(|(left, _), (right, _)| {
        let orders = items
            .iter()
            .zip(left.iter().zip(right))
            .map(|(item, (left, right))| {
                let order = left.order(right, &grain);
                let down = item
                    .direction
                    .is_some_and(|by| by.direction == SortDirection::Descending);
                if down { order.reverse() } else { order }
            });
        orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    Ok(keyed.into_iter().map(|(_, result)| result).collect())
}
