//! What expressions give.

use super::*;

fn gives(resource: &str, text: &str, expected: &str) {
    let typed = typed(resource, text);
    let errors = of_typed(&typed, text);
    assert_eq!(typed.result.to_string(), expected, "{text}: {errors:?}");
    assert!(typed.is_sound(), "{text}: {errors:?}");
}

#[test]
fn paths_have_the_types_and_counts_of_r4() {
    gives("Patient", "Patient", "FHIR.Patient 1..1");
    gives("Patient", "birthDate", "FHIR.date 0..1");
    gives("Patient", "Patient.name.given", "FHIR.string 0..*");
    gives("Patient", "name[0].family", "FHIR.string 0..1");
    gives("Patient", "contact.name", "FHIR.HumanName 0..*");
    gives("Patient", "contact.first()", "FHIR.Patient.contact 0..1");
    gives("Patient", "contained", "FHIR.Resource 0..*");
    gives(
        "Patient",
        "contained.ofType(Observation).status",
        "FHIR.code 0..*",
    );
    gives("Patient", "birthDate.extension.url", "FHIR.uri 0..*");
    gives("Bundle", "entry.resource.id", "FHIR.id 0..*");
    gives(
        "Bundle",
        "entry.resource.subject",
        "FHIR.CodeableConcept | FHIR.Reference 0..*",
    );
}

#[test]
fn choices_have_all_their_types_until_one_is_chosen() {
    gives(
        "Observation",
        "value",
        "FHIR.boolean | FHIR.dateTime | FHIR.integer | FHIR.string | FHIR.time | FHIR.CodeableConcept | FHIR.Period | FHIR.Quantity | FHIR.Range | FHIR.Ratio | FHIR.SampledData 0..1",
    );
    gives(
        "Observation",
        "value.ofType(Quantity)",
        "FHIR.Quantity 0..1",
    );
    gives(
        "Observation",
        "(value as Quantity).unit",
        "FHIR.string 0..1",
    );
    gives("Observation", "value.as(string)", "FHIR.string 0..1");
    gives("Observation", "value.unit", "FHIR.string 0..1");
    gives("Observation", "effective.start", "FHIR.dateTime 0..1");
    gives("Observation", "value is Quantity", "System.Boolean 0..1");
}

#[test]
fn literals_and_operators_have_system_types() {
    gives("Patient", "1", "System.Integer 1..1");
    gives("Patient", "5L + 1", "System.Long 0..1");
    gives("Patient", "1 + 2", "System.Integer 0..1");
    gives("Patient", "1 / 2", "System.Decimal 0..1");
    gives("Patient", "1 + 2.0", "System.Decimal 0..1");
    gives("Patient", "2 * 3 'mg'", "System.Quantity 0..1");
    gives("Patient", "'a' & 'b' + 'c'", "System.String 0..1");
    gives("Patient", "birthDate + 1 year", "System.Date 0..1");
    gives("Patient", "@2015T - 1 month", "System.DateTime 0..1");
    gives("Patient", "birthDate < today()", "System.Boolean 0..1");
    gives("Patient", "-1", "System.Integer 1..1");
    gives("Patient", "{}", "empty");
    gives("Patient", "{} + 1", "empty");
    gives(
        "Patient",
        "name | telecom",
        "FHIR.ContactPoint | FHIR.HumanName 0..*",
    );
    gives("Patient", "1 | 2 | 2", "System.Integer 2..3");
}

#[test]
fn functions_give_what_their_signatures_say() {
    gives(
        "Patient",
        "name.where(use = 'official').given",
        "FHIR.string 0..*",
    );
    gives(
        "Patient",
        "name.select(given.first() & family)",
        "System.String 0..*",
    );
    gives("Patient", "name.first().select(family)", "FHIR.string 0..1");
    gives("Patient", "name.exists()", "System.Boolean 0..1");
    gives("Patient", "name.count()", "System.Integer 0..1");
    gives(
        "Patient",
        "iif(active, name.first(), contact.name.first())",
        "FHIR.HumanName 0..1",
    );
    gives(
        "Patient",
        "iif(active, 'a', 1)",
        "System.String | System.Integer 0..1",
    );
    gives(
        "Patient",
        "generalPractitioner.resolve()",
        "FHIR.Resource 0..*",
    );
    gives(
        "Patient",
        "generalPractitioner.resolve().ofType(Practitioner).name",
        "FHIR.HumanName 0..*",
    );
    gives(
        "Patient",
        "generalPractitioner.resolve().where($this is Organization).name",
        "FHIR.string | FHIR.HumanName | FHIR.MedicinalProduct.name | FHIR.SubstanceSpecification.name 0..*",
    );
    gives("Patient", "name.select($index)", "System.Integer 0..*");
    gives(
        "Patient",
        "name.given.union(name.family)",
        "FHIR.string 0..*",
    );
    gives("Patient", "type().name", "System.String 0..1");
    gives(
        "Questionnaire",
        "repeat(item)",
        "FHIR.Questionnaire.item 0..*",
    );
    gives(
        "QuestionnaireResponse",
        "repeat(item | answer).linkId",
        "FHIR.string 0..*",
    );
    gives("Patient", "descendants()", "any 0..*");
    gives(
        "Patient",
        "name.given.aggregate($total + $this, '')",
        "System.String 0..1",
    );
    gives(
        "Patient",
        "name.sort(-family, given.first())",
        "FHIR.HumanName 0..*",
    );
    gives(
        "Patient",
        "multipleBirth.ofType(integer).abs()",
        "System.Integer 0..1",
    );
}

#[test]
fn variables_have_the_shapes_of_what_defined_them() {
    gives("Patient", "%context", "FHIR.Patient 1..1");
    gives("Patient", "name.select(%resource.id)", "FHIR.id 0..*");
    gives(
        "Patient",
        "%`vs-administrative-gender`",
        "System.String 1..1",
    );
    gives(
        "Patient",
        "name.first().defineVariable('n').select(%n.given)",
        "FHIR.string 0..*",
    );
    gives(
        "Patient",
        "defineVariable('d', birthDate).name.where(%d < today())",
        "FHIR.HumanName 0..*",
    );
    let context = Context::new(schema::r4().resource("Patient"));
    let number = Shape::system(crate::functions::Types::INTEGER, Count::ONE);
    let read = syntax::parse("%rowIndex + 1");
    let typed = check(&read.expr, &context.variable("rowIndex", number));
    assert!(typed.is_sound());
    assert_eq!(typed.result.to_string(), "System.Integer 0..1");
}

#[test]
fn without_a_focus_a_leading_type_is_believed() {
    let unknown = Context::new(None);
    let of = |text: &str| {
        check(&syntax::parse(text).expr, &unknown)
            .result
            .to_string()
    };
    assert_eq!(of("Patient.name"), "FHIR.HumanName 0..*");
    assert_eq!(of("name.given"), "any 0..*");
    assert!(!check(&syntax::parse("Patient.nam").expr, &unknown).is_sound());
}

#[test]
fn parts_are_listed_each_after_its_own() {
    let text = "name.given.first() = 'a'";
    let typed = typed("Patient", text);
    let parts: Vec<String> = typed
        .parts
        .iter()
        .map(|part| format!("{}: {}", part.span.of(text), part.shape))
        .collect();
    assert_eq!(
        parts,
        [
            "name: FHIR.HumanName 0..*",
            "name.given: FHIR.string 0..*",
            "name.given.first(): FHIR.string 0..1",
            "'a': System.String 1..1",
            "name.given.first() = 'a': System.Boolean 0..1",
        ]
    );
}
