//! Behaviour of reading model infos and of asking them.

use std::io::Read;
use std::path::PathBuf;

use flate2::read::GzDecoder;

use super::*;

fn models(name: &str, version: &str) -> Models {
    let mut models = Models::new().unwrap();
    models
        .add(Model::embedded(name, Some(version)).unwrap())
        .unwrap();
    models
}

/// All that tables say, as text.
fn shown(model: &Model) -> String {
    let mut out = format!(
        "{} {:?} {} {:?} {:?} {:?}\n{:?}\n{:?}\n",
        model.name(),
        model.version(),
        model.url(),
        model.target_url(),
        model.patient_class(),
        model.patient_birth_date(),
        model.contexts(),
        model.conversions()
    );
    for class in model.classes() {
        out += &format!(
            "{class} {:?} {:?} {:?} {:?} {:?} {} {:?}\n",
            class.base(),
            class.identifier(),
            class.label(),
            class.target(),
            class.primary_code_path(),
            class.is_retrievable(),
            class.relationships()
        );
        for element in class.elements() {
            out += &format!(
                "  {element:?} {:?} {}\n",
                element.target(),
                element.is_prohibited()
            );
        }
    }
    out
}

/// The model info as published, from the folder beside the repository; it may be missing on a desk, never in CI.
fn published(file: &str) -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/modelinfo");
    let missing = !folder.is_dir();
    assert!(
        !(missing && std::env::var("CI").is_ok_and(|ci| ci == "true")),
        "{} is missing: see CONTRIBUTING.md",
        folder.display()
    );
    if missing {
        return None;
    }
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let mut text = String::new();
    match file.strip_suffix(".gz") {
        Some(_) => GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap(),
        None => (&*bytes).read_to_string(&mut text).unwrap(),
    };
    Some(text)
}

#[test]
fn the_copies_in_the_program_say_what_the_published_files_say() {
    for (name, version) in EMBEDDED {
        let file = match *name {
            "System" => "system-modelinfo.xml".to_owned(),
            _ => format!("{}-modelinfo-{version}.xml.gz", name.to_lowercase()),
        };
        let Some(text) = published(&file) else { return };
        let published = Model::parse(&text).unwrap();
        let embedded = Model::embedded(name, Some(version)).unwrap();
        assert_eq!(embedded.version(), Some(*version));
        assert!(shown(&embedded) == shown(&published), "{name} {version}");
    }
}

#[test]
fn every_type_that_a_model_names_is_there() {
    for (name, version) in EMBEDDED {
        let models = models(name, version);
        let model = models.get(name).unwrap();
        let mut missing = Vec::new();
        let mut look = |spec: &Spec| {
            names(spec, &mut |name| {
                missing.extend(models.class_of(name).err())
            })
        };
        for class in model.classes() {
            class.base().into_iter().for_each(&mut look);
            class.elements().for_each(|element| look(element.ty()));
        }
        assert_eq!(missing, [], "{name} {version}");
    }
}

fn names(spec: &Spec, look: &mut impl FnMut(&TypeName)) {
    match spec {
        Spec::Named(name) => look(name),
        Spec::List(of) | Spec::Interval(of) => names(of, look),
        Spec::Choice(types) => types.iter().for_each(|one| names(one, look)),
        Spec::Tuple(elements) => elements.iter().for_each(|(_, ty)| names(ty, look)),
    }
}

#[test]
fn elements_of_base_types_are_found_and_choices_are_choices() {
    let models = models("FHIR", "4.0.1");
    let observation = models.class("FHIR", "Observation").unwrap();
    assert_eq!(
        models.element(observation, "id").unwrap().ty().to_string(),
        "FHIR.id"
    );
    let value = models.element(observation, "value").unwrap().ty();
    assert_eq!(value.alternatives().len(), 11);
    assert_eq!(
        models
            .element(observation, "category")
            .unwrap()
            .ty()
            .to_string(),
        "List<FHIR.CodeableConcept>"
    );
    let lineage: Vec<String> = models
        .lineage(observation)
        .map(|class| class.to_string())
        .collect();
    assert_eq!(
        lineage,
        [
            "FHIR.Observation",
            "FHIR.DomainResource",
            "FHIR.Resource",
            "System.Any"
        ]
    );
}

#[test]
fn patients_contexts_and_conversions_are_known() {
    let models = models("FHIR", "4.0.1");
    let fhir = models.get("FHIR").unwrap();
    assert_eq!(fhir.patient_class().unwrap().to_string(), "FHIR.Patient");
    assert_eq!(fhir.patient_birth_date(), Some("birthDate.value"));
    assert_eq!(fhir.conversions().len(), 264);
    let context = models.context("FHIR", "Patient").unwrap();
    assert_eq!(context.key_element.as_deref(), Some("id"));
    let error = models.context("FHIR", "Group").unwrap_err();
    assert!(
        error
            .diagnostic()
            .to_string()
            .contains("has no context `Group`")
    );
    let condition = models.class("FHIR", "Condition").unwrap();
    let keys: Vec<&str> = condition
        .relationships()
        .iter()
        .filter(|relationship| &*relationship.context == "Patient")
        .filter_map(|relationship| relationship.related_key_element.as_deref())
        .collect();
    assert!(keys.contains(&"patient"), "{keys:?}");
}

#[test]
fn profiles_map_to_resources_of_their_target() {
    let models = models("USCore", "6.1.0");
    let us_core = models.get("USCore").unwrap();
    assert_eq!(us_core.target_url(), Some("http://hl7.org/fhir"));
    assert_eq!(
        us_core.patient_class().unwrap().to_string(),
        "USCore.PatientProfile"
    );
    let targets = us_core
        .classes()
        .filter(|class| class.target() == Some("Observation"));
    assert!(targets.count() > 5);
}

#[test]
fn kinds_follow_base_types_lists_and_choices() {
    let models = models("FHIR", "4.0.1");
    let spec = |text: &str| Spec::parse(text, "FHIR", &["FHIR", "System"]).unwrap();
    assert!(models.is_kind_of(&spec("Patient"), &spec("Resource")));
    assert!(models.is_kind_of(&spec("List<Patient>"), &spec("List<System.Any>")));
    assert!(models.is_kind_of(&spec("Patient"), &spec("Choice<Encounter, DomainResource>")));
    assert!(!models.is_kind_of(&spec("Resource"), &spec("Patient")));
    assert!(!models.is_kind_of(&spec("Choice<Patient, System.Integer>"), &spec("Resource")));
    assert!(!models.is_kind_of(&spec("Interval<System.Date>"), &spec("List<System.Date>")));
}

#[test]
fn what_is_not_there_is_named_with_what_may_have_been_meant() {
    let models = models("FHIR", "4.0.1");
    let help = |error: ModelError| format!("{error}: {:?}", error.diagnostic());
    let error = help(models.class("FHIR", "Observaton").unwrap_err());
    assert!(
        error.contains("has no type `Observaton`") && error.contains("did you mean `Observation`?"),
        "{error}"
    );
    let patient = models.class("FHIR", "Patient").unwrap();
    let error = help(models.element(patient, "birthdate").unwrap_err());
    assert!(error.contains("did you mean `birthDate`?"), "{error}");
    let error = help(models.class("FIHR", "Patient").unwrap_err());
    assert!(error.contains("there are: System, FHIR"), "{error}");
    let error = help(Model::embedded("QICore", Some("1.0")).unwrap_err());
    assert!(error.contains("4.1.1, 5.0.0, 6.0.0"), "{error}");
    let error = help(Model::embedded("QDM", Some("5.6")).unwrap_err());
    assert!(error.contains("QDM is not supported"), "{error}");
}

#[test]
fn a_new_model_is_read_from_its_file_with_any_prefix() {
    let text = r#"<m:modelInfo xmlns:m="urn:hl7-org:elm-modelinfo:r1" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"
        name="Mini" version="1" url="urn:mini"><m:requiredModelInfo name="System" version="1.0.0"/>
        <m:typeInfo x:type="m:ClassInfo" name="Mini.Visit" baseType="System.Any" label="A &amp; B" retrievable="true">
        <m:element name="when" type="Interval&lt;System.DateTime&gt;"/>
        <m:element name="codes"><m:typeSpecifier x:type="m:ListTypeSpecifier" elementType="System.Code"/></m:element>
        </m:typeInfo></m:modelInfo>"#;
    let model = Model::parse(text).unwrap();
    let visit = model.class_of_label("A & B").next().unwrap();
    assert_eq!(visit.to_string(), "Mini.Visit");
    let types: Vec<String> = visit
        .elements()
        .map(|element| element.ty().to_string())
        .collect();
    assert_eq!(types, ["Interval<System.DateTime>", "List<System.Code>"]);
}

#[test]
fn what_is_no_model_info_is_refused_by_what_it_is() {
    let code = |text: &str| Model::parse(text).unwrap_err().code().as_str();
    assert_eq!(code("<library/>"), "SAL-CQL-0020");
    assert_eq!(code("<modelInfo"), "SAL-CQL-0020");
    assert_eq!(code(""), "SAL-CQL-0020");
    assert_eq!(code(&"<a>".repeat(100_000)), "SAL-CQL-0020");
    assert_eq!(code("<modelInfo name='x'/>"), "SAL-CQL-0021");
    assert_eq!(
        code("<modelInfo name='x' url='y' patientClassName='Set&lt;z>'/>"),
        "SAL-CQL-0021"
    );
}

#[test]
fn each_mistake_has_an_explanation() {
    for code in 20..=27 {
        let code = format!("SAL-CQL-{code:04}");
        assert!(salus_base::explanation(&code).is_some(), "{code}");
    }
}
