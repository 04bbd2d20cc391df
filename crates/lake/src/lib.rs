//! The lake: records in, DuckLake commits, verified scans, records out.

pub mod columns;
