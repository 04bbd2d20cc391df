//! Dates and times that may be partial, and what can be said about them all the same.

mod between;
mod boundary;
mod calendar;
mod compare;
mod date;
mod date_time;
mod offset;
mod precision;
mod read;
mod shift;
mod step;
mod time;

pub use between::CountedUnit;
pub use date::Date;
pub use date_time::DateTime;
pub use precision::Precision;
pub use shift::Duration;
pub use time::Time;
