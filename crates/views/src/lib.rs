//! SQL-on-FHIR ViewDefinitions.
