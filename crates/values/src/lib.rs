//! The System types under FHIRPath and CQL.

pub mod logic;
pub mod text;

mod coding;
mod decimal;
mod error;
mod interval;
mod quantity;
mod ratio;
mod temporal;
mod uncertain;
mod value;

pub use coding::{Code, Concept};
pub use decimal::Decimal;
pub use error::{ParseError, UnitError};
pub use interval::{Expanded, Grain, INTERVALS_MAX, Interval, Point};
pub use quantity::{CalendarUnit, Quantity, UcumUnit, Unit};
pub use ratio::Ratio;
pub use temporal::{CountedUnit, Date, DateTime, Duration, Precision, Time};
pub use uncertain::Uncertain;
pub use value::{Elements, NodeRelation, SameNode, Tuple, Value};
