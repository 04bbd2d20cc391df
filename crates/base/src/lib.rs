//! Diagnostics, limits and names that every crate of Salus shares.
