//! Three-valued logic and nulls.

use salus_values::Uncertain;

use super::{Value, boolean, scene};
use crate::operators::{comparison, logic, nullological};

#[test]
fn unknown_stays_unknown_unless_the_other_side_decides() {
    let scene = scene();
    let and = |a: &Value, b: &Value| logic::and(a, b, &scene).unwrap();
    assert_eq!(and(&Value::Null, &boolean(false)), boolean(false));
    assert_eq!(and(&Value::Null, &boolean(true)), Value::Null);
    let implies = |a: &Value, b: &Value| logic::implies(a, b, &scene).unwrap();
    assert_eq!(implies(&Value::Null, &boolean(true)), boolean(true));
    assert_eq!(implies(&Value::Null, &boolean(false)), Value::Null);
    assert_eq!(implies(&boolean(false), &Value::Null), boolean(true));
}

#[test]
fn coalesce_takes_the_first_that_is_there() {
    let scene = scene();
    let list = Value::list([Value::Null, Value::Integer(5)]);
    assert_eq!(
        nullological::coalesce(&[list], &scene).unwrap(),
        Value::Integer(5)
    );
    assert_eq!(
        nullological::coalesce(&[Value::Null, Value::Null], &scene).unwrap(),
        Value::Null
    );
}

#[test]
fn an_uncertain_integer_compares_as_far_as_its_range_decides() {
    let scene = scene();
    let months = Value::Uncertain(Uncertain::new(3, 5));
    let less = |a: &Value, b: i32| comparison::less(a, &Value::Integer(b), &scene).unwrap();
    assert_eq!(less(&months, 6), boolean(true));
    assert_eq!(less(&months, 5), Value::Null);
    assert_eq!(less(&months, 3), boolean(false));
    let equal = |b: i32| comparison::equal(&months, &Value::Integer(b), &scene).unwrap();
    assert_eq!(equal(4), Value::Null);
    assert_eq!(equal(6), boolean(false));
    assert!(comparison::less(&boolean(true), &months, &scene).is_err());
}
