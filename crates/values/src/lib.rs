//! The System types under FHIRPath and CQL, exact and three-valued, with no knowledge of FHIR.
//!
//! ```text
//!             Value<N>      any value, or a node N of a record
//!    ┌───────────┼───────────────┬──────────────┐
//! Decimal   Date DateTime    Quantity        Interval<V>   List, Tuple
//!           Time             Ratio           (of any Point)
//!             │                 │
//!         Precision          Unit ── UcumUnit, CalendarUnit
//! ```
//!
//! - **Exact.** No number passes through floating point: [`Decimal`] has 28 digits, and units convert by proportions of
//!   whole numbers. What does not fit has no result (`None`); nothing wraps, saturates or panics.
//! - **Uncertain is `None`.** Whether 2012 is before March 2012, or 1 `'cm'` more than 1 `'s'`, nobody knows; so
//!   comparisons are `Option<Ordering>` and `Option<bool>`, and [`logic`] joins them. `==` and hashes are those of the
//!   written value, for maps and tests.
//! - **Two languages.** Where CQL differs from FHIRPath, its function ends in `_cql` or takes a [`Grain`]; the
//!   documents are FHIRPath 3.0.0-ballot and CQL 1.5.3, and sections are of those.
//! - **The clock is a parameter.** Nothing here asks what time it is, or where.
//! - **Bounded.** The caches of units are, and so is what a text may ask for; [`Interval::expand`] refuses to make more
//!   than [`INTERVALS_MAX`] intervals.
//!
//! ```
//! use salus_values::{Date, Grain, Interval, Value};
//!
//! let date = |text| Value::<()>::Date(Date::parse(text).unwrap());
//! let stay = Interval::closed(date("2024-03-01"), date("2024-03-09"));
//! // It is not known when the next one ends, but it begins after this.
//! let next = Interval::new(date("2024-04-01"), true, Value::Null, false);
//! assert_eq!(stay.before(&next, &Grain::default()), Some(true));
//! assert_eq!(stay.contains(&date("2024-03"), &Grain::default()), None);
//! ```
//!
//! What it does not do: parse expressions, dispatch operators on types, look into nodes (see [`NodeRelation`]), or know
//! value sets.

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
pub use value::{Elements, Index, NodeRelation, SameNode, Tuple, Value};
