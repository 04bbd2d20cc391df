//! Code systems that are named by an OID in some records and by a URL in others.
//!
//! Source: HL7 Terminology (THO) external code systems, each with its OID.

/// OID and canonical URL.
const ALIASES: &[(&str, &str)] = &[
    ("2.16.840.1.113883.6.1", "http://loinc.org"),
    ("2.16.840.1.113883.6.96", "http://snomed.info/sct"),
    (
        "2.16.840.1.113883.6.88",
        "http://www.nlm.nih.gov/research/umls/rxnorm",
    ),
    (
        "2.16.840.1.113883.6.90",
        "http://hl7.org/fhir/sid/icd-10-cm",
    ),
    (
        "2.16.840.1.113883.6.4",
        "http://www.cms.gov/Medicare/Coding/ICD10",
    ),
    (
        "2.16.840.1.113883.6.103",
        "http://hl7.org/fhir/sid/icd-9-cm",
    ),
    (
        "2.16.840.1.113883.6.104",
        "http://hl7.org/fhir/sid/icd-9-cm",
    ),
    ("2.16.840.1.113883.6.12", "http://www.ama-assn.org/go/cpt"),
    (
        "2.16.840.1.113883.6.285",
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    ),
    ("2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"),
    ("2.16.840.1.113883.6.69", "http://hl7.org/fhir/sid/ndc"),
    ("2.16.840.1.113883.6.8", "http://unitsofmeasure.org"),
    ("2.16.840.1.113883.6.13", "http://www.ada.org/cdt"),
    (
        "2.16.840.1.113883.5.1",
        "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender",
    ),
    (
        "2.16.840.1.113883.5.4",
        "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    ),
];

/// The URL that a system is known by here.
pub(crate) fn canonical_system(system: &str) -> &str {
    let oid = system.strip_prefix("urn:oid:");
    let known = oid.and_then(|oid| ALIASES.iter().find(|(alias, _)| *alias == oid));
    known.map_or(system, |(_, url)| url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_oid_and_a_url_name_one_system() {
        assert_eq!(
            canonical_system("urn:oid:2.16.840.1.113883.6.1"),
            "http://loinc.org"
        );
        assert_eq!(canonical_system("http://loinc.org"), "http://loinc.org");
        assert_eq!(canonical_system("urn:oid:1.2.3"), "urn:oid:1.2.3");
    }
}
