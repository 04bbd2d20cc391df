//! Behaviour of the R4 tables.

use super::*;

#[test]
fn embedded_tables_can_be_read() {
    Schema::read_embedded().unwrap();
}

#[test]
fn an_element_is_small() {
    assert!(size_of::<Element>() <= 80);
    assert_eq!(size_of::<Primitive>(), 1);
}

#[test]
fn all_146_concrete_resources_of_r4_are_there_with_the_elements_of_their_bases() {
    let r4 = r4();
    assert_eq!(r4.resources().count(), 146);
    assert!(r4.resource("DomainResource").is_none());
    let patient = r4.get(r4.resource("Patient").unwrap());
    let names: Vec<&str> = patient.elements().iter().map(|e| e.name).collect();
    assert_eq!(
        names[..10],
        [
            "id",
            "meta",
            "implicitRules",
            "language",
            "text",
            "contained",
            "extension",
            "modifierExtension",
            "identifier",
            "active"
        ]
    );
    assert!(patient.element("contained").unwrap().open_resource);
    for def in r4.resources() {
        assert_eq!(
            def.elements().first().map(|e| e.name),
            Some("id"),
            "{}",
            def.name
        );
    }
    let age = r4.get(r4.named("Age").unwrap());
    assert!(age.element("value").is_some() && age.base == r4.named("Quantity"));
}

#[test]
fn every_element_is_found_by_its_json_name_and_no_other_is() {
    for def in r4().types() {
        for element in def.elements() {
            assert_eq!(def.element(element.name), Some(element), "{}", def.name);
        }
        for wrong in [
            "",
            "x",
            "nope",
            "value[x]",
            "idx",
            "extensions",
            "a_much_longer_name",
        ] {
            assert_eq!(def.element(wrong), None);
        }
    }
}

#[test]
fn choices_are_expanded_to_json_names() {
    let r4 = r4();
    let observation = r4.get(r4.resource("Observation").unwrap());
    assert_eq!(observation.choice("value").count(), 11);
    assert!(observation.element("value").is_none());
    let value = observation.element("valueDateTime").unwrap();
    assert_eq!(r4.get(value.ty).kind, Kind::Primitive(Primitive::DateTime));
    let extension = r4.get(r4.named("Extension").unwrap());
    assert_eq!(extension.choice("value").count(), 50);
}

#[test]
fn content_references_point_at_the_type_of_their_path() {
    let r4 = r4();
    let item = r4.get(r4.named("Questionnaire.item").unwrap());
    assert_eq!(item.element("item").unwrap().ty, item.id);
    let component = r4.get(r4.named("Observation.component").unwrap());
    assert_eq!(
        r4.get(component.element("referenceRange").unwrap().ty).name,
        "Observation.referenceRange"
    );
}

#[test]
fn primitives_have_the_elements_of_their_sibling() {
    let r4 = r4();
    for name in ["string", "code", "positiveInt", "date"] {
        let def = r4.get(r4.named(name).unwrap());
        assert_eq!(def.elements().len(), 2);
        assert!(def.element("extension").unwrap().list);
    }
}

#[test]
fn reference_targets_bindings_and_open_resources_are_kept() {
    let r4 = r4();
    let patient = r4.get(r4.resource("Patient").unwrap());
    assert_eq!(
        patient.element("generalPractitioner").unwrap().targets,
        ["Organization", "Practitioner", "PractitionerRole"]
    );
    assert_eq!(
        patient.element("gender").unwrap().binding,
        Some("http://hl7.org/fhir/ValueSet/administrative-gender")
    );
    let response = r4.get(r4.named("Bundle.entry.response").unwrap());
    assert!(response.element("outcome").unwrap().open_resource);
    let parameter = r4.get(r4.named("Parameters.parameter").unwrap());
    assert!(parameter.element("resource").unwrap().open_resource);
}

#[test]
fn search_parameters_speak_of_their_own_resource_only() {
    let of = |code| {
        r4().search_params("Condition")
            .iter()
            .find(|p| p.code == code)
            .unwrap()
    };
    assert_eq!(of("code").expression, Some("Condition.code"));
    assert_eq!(of("code").ty, SearchType::Token);
    assert_eq!(of("_lastUpdated").base, "Resource");
    assert_eq!(of("_text").expression, None);
}

#[test]
fn compartments_give_the_element_paths() {
    let r4 = r4();
    assert_eq!(
        r4.compartment("Patient", "Appointment"),
        ["participant.actor"]
    );
    assert_eq!(r4.compartment("Patient", "Organization"), [""; 0]);
    assert_eq!(r4.compartment("Encounter", "Encounter"), ["id"]);
    let params = r4.compartment_params("Patient", "Claim");
    assert!(
        params
            .iter()
            .any(|p| p.code == "payee" && p.paths == ["payee.party"])
    );
}

#[test]
fn compartment_and_clustering_paths_exist_in_the_types() {
    let r4 = r4();
    for def in r4.resources() {
        let found = r4.clustering(def.name);
        let compartment = r4.compartment("Patient", def.name);
        for path in found
            .code
            .iter()
            .chain(&found.dates)
            .chain(&found.patient)
            .chain(compartment)
        {
            let mut at = def;
            for name in path.split('.') {
                let element = at
                    .element(name)
                    .unwrap_or_else(|| panic!("{} {path}", def.name));
                at = r4.get(element.ty);
            }
        }
    }
}

#[test]
fn clustering_is_by_what_the_record_is_about() {
    let code = |resource| clustering(resource).code.first().copied();
    assert_eq!(code("Observation"), Some("code"));
    assert_eq!(code("MedicationRequest"), Some("medicationCodeableConcept"));
    assert_eq!(code("Immunization"), Some("vaccineCode"));
    assert_eq!(code("Encounter"), Some("type"));
    assert_eq!(code("Claim"), Some("type"));
    assert_eq!(code("Patient"), None);
    assert_eq!(clustering("Patient").patient, ["id"]);
    assert_eq!(clustering("Coverage").patient, ["beneficiary"]);
    assert_eq!(
        clustering("Observation").dates.first(),
        Some(&"effectiveDateTime")
    );
    assert_eq!(clustering("Nonsense"), Clustering::none());
}

#[test]
fn plain_search_expressions_name_elements_that_exist() {
    let r4 = r4();
    let mut checked = 0;
    for def in r4.resources() {
        for parameter in r4
            .search_params(def.name)
            .iter()
            .filter(|p| p.base == def.name)
        {
            let terms = parameter.expression.unwrap_or("").split(" | ");
            for path in terms.filter(|t| t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'))
            {
                let mut at = def;
                for name in path.split('.').skip(1) {
                    let found = at.element(name).or_else(|| at.choice(name).next());
                    let found = found.unwrap_or_else(|| panic!("{} {path}", parameter.code));
                    at = r4.get(found.ty);
                }
                checked += 1;
            }
        }
    }
    assert!(checked > 1_000);
}

#[test]
fn reading_the_tables_is_quick() {
    let start = std::time::Instant::now();
    Schema::read_embedded().unwrap();
    let millis = start.elapsed().as_secs_f64() * 1e3;
    println!("{millis:.1} ms");
    // 5 ms when optimised; this only catches a blow-up.
    assert!(millis < 500.0);
}
