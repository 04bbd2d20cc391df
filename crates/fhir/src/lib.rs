//! FHIR R4 as tables, JSON views, references and partial dates.
