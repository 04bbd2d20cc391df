//! Ids of resources: the patient's id, a letter for the type, a number from 1.

/// Id of the duplicate Patient record.
#[must_use]
pub fn duplicate(patient: &str) -> String {
    format!("{patient}-dup")
}

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident $letter:literal;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(patient: &str, index: usize) -> String {
            format!(concat!("{}-", $letter, "{}"), patient, index + 1)
        }
    )*};
}

numbered! {
    /// Id of an Encounter.
    encounter "e";
    /// Id of a Condition.
    condition "c";
    /// Id of an Observation.
    observation "o";
    /// Id of a DiagnosticReport.
    report "g";
    /// Id of a MedicationRequest.
    order "m";
    /// Id of a MedicationDispense.
    dispense "d";
    /// Id of an AllergyIntolerance.
    allergy "a";
    /// Id of an Immunization.
    immunization "i";
    /// Id of a Procedure.
    procedure "r";
    /// Id of a Coverage.
    coverage "v";
    /// Id of a Claim.
    claim "b";
    /// Id of a ServiceRequest.
    request "s";
    /// Id of a Specimen.
    specimen "p";
    /// Id of an imaging or cytology DiagnosticReport.
    study "u";
    /// Id of a DocumentReference.
    document "n";
    /// Id of a Goal.
    goal "l";
    /// Id of an ExplanationOfBenefit.
    benefit "x";
}
