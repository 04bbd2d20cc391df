//! What operators give for the types of their operands (§6).

use crate::functions::Types;
use crate::syntax::BinaryOperator;

/// The System types that an operator may give, operand types being what they may be. `None` when it is not defined
/// for any pair of them.
pub(super) fn result(operator: BinaryOperator, left: Types, right: Types) -> Option<Types> {
    let mut found = None;
    for a in SINGLE.into_iter().filter(|ty| left.contains(*ty)) {
        for b in SINGLE.into_iter().filter(|ty| right.contains(*ty)) {
            if let Some(ty) = of_pair(operator, a, b) {
                found = Some(found.unwrap_or(Types::NONE).or(ty));
            }
        }
    }
    found
}

/// The types one by one.
const SINGLE: [Types; 9] = [
    Types::BOOLEAN,
    Types::STRING,
    Types::INTEGER,
    Types::LONG,
    Types::DECIMAL,
    Types::DATE,
    Types::DATE_TIME,
    Types::TIME,
    Types::QUANTITY,
];

const POINT: Types = Types::DATE.or(Types::DATE_TIME);
const MEASURED: Types = Types::NUMBER.or(Types::QUANTITY);

/// What an operator that is not defined for all types gives for two of them.
fn of_pair(operator: BinaryOperator, left: Types, right: Types) -> Option<Types> {
    let both = |of: Types| of.contains(left) && of.contains(right);
    match operator {
        BinaryOperator::Concatenate => both(Types::STRING).then_some(Types::STRING),
        BinaryOperator::Add if both(Types::STRING) => Some(Types::STRING),
        BinaryOperator::Add | BinaryOperator::Subtract
            if Types::TEMPORAL.contains(left) && right == Types::QUANTITY =>
        {
            Some(left)
        }
        BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply => {
            both(MEASURED).then(|| wider(left, right))
        }
        BinaryOperator::Divide => both(MEASURED).then(|| wider(wider(left, right), Types::DECIMAL)),
        BinaryOperator::DivideTruncated | BinaryOperator::Modulo => {
            both(Types::NUMBER).then(|| match wider(left, right) {
                // The specification leaves open whether Longs give a Long; evaluation gives a Decimal.
                Types::LONG => Types::LONG | Types::DECIMAL,
                other => other,
            })
        }
        BinaryOperator::Less
        | BinaryOperator::LessOrEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterOrEqual => is_comparable(left, right).then_some(Types::BOOLEAN),
        _ => Some(Types::BOOLEAN),
    }
}

/// Whether two values of these types may be equal, or one before the other.
pub(super) fn is_comparable(left: Types, right: Types) -> bool {
    let both = |of: Types| of.contains(left) && of.contains(right);
    (left == right && left != Types::BOOLEAN) || both(MEASURED) || both(POINT)
}

/// Whether items of these types may be equal.
pub(super) fn may_be_equal(left: Types, right: Types) -> bool {
    let pairs = |a: Types| {
        let mut others = SINGLE.into_iter().filter(move |b| right.contains(*b));
        others.any(move |b| a == b || is_comparable(a, b))
    };
    let elements = left.contains(Types::ELEMENT) && right.contains(Types::ELEMENT);
    elements || SINGLE.into_iter().filter(|a| left.contains(*a)).any(pairs)
}

/// The type that both convert to implicitly.
fn wider(left: Types, right: Types) -> Types {
    let order = [Types::QUANTITY, Types::DECIMAL, Types::LONG];
    let widest = order.into_iter().find(|ty| left == *ty || right == *ty);
    widest.unwrap_or(Types::INTEGER)
}

/// The types with those that convert to them implicitly (§5.5, FHIR R4).
pub(super) fn convertible(to: Types) -> Types {
    let mut all = to;
    if to.contains(Types::QUANTITY) || to.contains(Types::DECIMAL) {
        all = all | Types::NUMBER;
    }
    if to.contains(Types::LONG) {
        all = all | Types::INTEGER;
    }
    if to.contains(Types::DATE_TIME) {
        all = all | Types::DATE;
    }
    all
}

/// The types of the boundaries of values: whole numbers have bounds between them.
pub(super) fn bounded(of: Types) -> Types {
    let kept = SINGLE.into_iter().filter(|ty| of.contains(*ty));
    kept.map(|ty| {
        if Types::NUMBER.contains(ty) {
            Types::DECIMAL
        } else {
            ty
        }
    })
    .fold(Types::NONE, Types::or)
}
