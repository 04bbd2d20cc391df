//! Products and quotients of units: `cm` × `cm` is `cm2`, `g/cm3` / `g/cm3` is `1`.

use octofhir_ucum::UnitExpr;

use super::ucum::UcumUnit;

/// What is done with two units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operation {
    Multiply,
    Divide,
}

/// Simple units with their exponents, in the order they were written.
#[derive(Default)]
struct Factors(Vec<(String, i32)>);

/// The unit of a product or quotient; `None` for units that are not valid or take part in none.
pub(super) fn combine(left: &UcumUnit, right: &UcumUnit, operation: Operation) -> Option<UcumUnit> {
    let (left, right) = (left.meaning()?, right.meaning()?);
    if left.value.special.is_some() || right.value.special.is_some() {
        return None;
    }
    let mut factors = Factors::default();
    factors.collect(&left.terms, 1)?;
    factors.collect(
        &right.terms,
        if operation == Operation::Divide {
            -1
        } else {
            1
        },
    )?;
    UcumUnit::parse(&factors.code()).ok()
}

impl Factors {
    /// Adds the terms of a unit, raised to an exponent.
    fn collect(&mut self, terms: &UnitExpr, exponent: i32) -> Option<()> {
        match terms {
            UnitExpr::Product(terms) => {
                for term in terms {
                    self.collect(term, exponent)?;
                }
            }
            UnitExpr::Quotient(numerator, denominator) => {
                self.collect(numerator, exponent)?;
                self.collect(denominator, exponent.checked_neg()?)?;
            }
            UnitExpr::Reciprocal(term) => self.collect(term, exponent.checked_neg()?)?,
            UnitExpr::Power(term, power) => self.collect(term, exponent.checked_mul(*power)?)?,
            // What is counted (`{cells}`) stays in sight, though it has no meaning.
            UnitExpr::Symbol(_) | UnitExpr::Annotation(_) | UnitExpr::Annotated(..) => {
                self.add(terms.to_string(), exponent)?;
            }
            UnitExpr::Numeric(number) => {
                if number.to_integer_and_exponent() != (1, 0) {
                    self.add(terms.to_string(), exponent)?;
                }
            }
        }
        Some(())
    }

    fn add(&mut self, unit: String, exponent: i32) -> Option<()> {
        match self.0.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, sum)) => *sum = sum.checked_add(exponent)?,
            None => self.0.push((unit, exponent)),
        }
        Some(())
    }

    fn code(&self) -> String {
        let mut code = String::new();
        for (unit, exponent) in self.0.iter().filter(|(_, exponent)| *exponent > 0) {
            if !code.is_empty() {
                code.push('.');
            }
            write_power(&mut code, unit, *exponent);
        }
        for (unit, exponent) in self.0.iter().filter(|(_, exponent)| *exponent < 0) {
            code.push('/');
            write_power(&mut code, unit, exponent.saturating_neg());
        }
        if code.is_empty() {
            code.push('1');
        }
        code
    }
}

/// `m2`; a number or an annotated unit is repeated, since it takes no exponent.
fn write_power(code: &mut String, unit: &str, exponent: i32) {
    use std::fmt::Write;
    let takes_exponent = !unit.ends_with('}') && unit.parse::<f64>().is_err();
    if takes_exponent && exponent != 1 {
        let _ = write!(code, "{unit}{exponent}");
        return;
    }
    code.push_str(unit);
    let separator = if code.starts_with('/') { '/' } else { '.' };
    for _ in 1..exponent.min(8) {
        code.push(separator);
        code.push_str(unit);
    }
}
