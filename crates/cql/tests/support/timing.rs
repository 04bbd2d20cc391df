//! Timing phrases, for the walk.

use salus_cql::elm::Kind;
use salus_cql::operators::{self as op, EvaluationError, Scene};
use salus_cql::syntax::{Boundary, Exactness, Relation, Side, Timing};

use super::walk::{Found, V, grain};

fn bounded(value: V, boundary: Option<Boundary>, scene: &Scene<'_>) -> Found {
    Ok(match boundary {
        None => value,
        Some(Boundary::Start) => op::interval::start(&value, None, scene)?,
        Some(Boundary::End) => op::interval::end(&value, None, scene)?,
    })
}

pub fn timing(
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
