//! The only door to the data: sessions, SQL and views over the lake.
