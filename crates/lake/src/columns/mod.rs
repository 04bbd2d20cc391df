//! Resources as nested Arrow columns, and back.
