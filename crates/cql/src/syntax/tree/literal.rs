//! Literals (Author's Guide §2.1).

use std::sync::Arc;

use salus_values::{Date, DateTime, Decimal, Quantity, Time};

/// A literal, read and found valid.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// `'text'`, escapes resolved.
    String(Arc<str>),
    /// `5`
    Integer(i32),
    /// `5L`
    Long(i64),
    /// `5.0`, with the digits as written.
    Decimal(Decimal),
    /// `@2015-02`
    Date(Date),
    /// `@2015-02T`, `@2015-02-04T14:30Z`
    DateTime(DateTime),
    /// `@T14:30`
    Time(Time),
    /// `4 days`, `5 'mg'`. Whether UCUM knows the unit was not asked.
    Quantity(Arc<Quantity>),
    /// `1 'mg' : 5 'mL'`: numerator and denominator.
    Ratio(Arc<(Quantity, Quantity)>),
}

impl Literal {
    /// The name of its type in the model `System`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Literal::Null => "Any",
            Literal::Boolean(_) => "Boolean",
            Literal::String(_) => "String",
            Literal::Integer(_) => "Integer",
            Literal::Long(_) => "Long",
            Literal::Decimal(_) => "Decimal",
            Literal::Date(_) => "Date",
            Literal::DateTime(_) => "DateTime",
            Literal::Time(_) => "Time",
            Literal::Quantity(_) => "Quantity",
            Literal::Ratio(_) => "Ratio",
        }
    }
}
