//! What the reader of views takes and refuses, and in which words.

use super::*;

/// The codes and places of all that is wrong, one line each.
fn problems(json: &str) -> Vec<String> {
    let (_, found) = ViewDefinition::read(json);
    let line = |one: &Diagnostic| {
        let place = one.place.clone().unwrap_or_default();
        format!(
            "{} {}: {}{}",
            one.code,
            place.path.unwrap_or_else(|| "-".to_owned()),
            one.message,
            one.help
                .as_ref()
                .map(|help| format!(" ({help})"))
                .unwrap_or_default()
        )
    };
    found.iter().map(line).collect()
}

/// A view of patients with this select and these other members.
fn view(select: &str, others: &str) -> String {
    format!(r#"{{"resource": "Patient", "select": [{select}]{others}}}"#)
}

const COLUMN: &str = r#"{"column": [{"name": "id", "path": "id"}]}"#;

#[test]
fn a_view_is_read_with_all_it_says() {
    let view = ViewDefinition::parse(
        r#"{
            "resourceType": "ViewDefinition", "name": "names", "status": "draft", "fhirVersion": ["4.0.1"],
            "resource": "Patient",
            "constant": [{"name": "use", "valueCode": "official"}, {"name": "d", "valueDecimal": 1.20}],
            "select": [{
                "forEachOrNull": "name.where(use = %use)",
                "column": [{
                    "name": "born", "path": "%resource.birthDate", "description": "d", "collection": true,
                    "type": "http://hl7.org/fhir/StructureDefinition/date",
                    "tag": [{"name": "ansi/type", "value": "DATE"}, {"name": "a", "value": "b"}]
                }]
            }],
            "where": [{"path": "active", "description": "those who are"}]
        }"#,
    )
    .unwrap();
    let select = &view.selects[0];
    let column = &select.columns[0];
    assert!(
        matches!(&select.iteration, Iteration::ForEachOrNull(path) if path.text.starts_with("name"))
    );
    assert_eq!(column.ty.as_deref(), Some("date"));
    assert_eq!(column.ansi_type.as_deref(), Some("DATE"));
    assert_eq!(column.tags, [("a".to_owned(), "b".to_owned())]);
    assert_eq!(column.path.at.path, "select[0].column[0].path");
    assert_eq!(
        view.constants[1].value,
        ConstantValue::Decimal("1.20".to_owned())
    );
    assert_eq!(view.conditions[0].text, "active");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let found = problems(
        r#"{
            "resource": "Patientt",
            "select": [
                {"forEach": 1, "column": [{"name": "1st", "path": "id"}, {"path": "id"}, {"name": "ok"}]},
                {"forEach": "name", "forEachOrNull": "name", "column": "id"}
            ],
            "constant": [{"name": "c"}, {"name": "c", "valueInteger": 1.5}],
            "where": {"path": "active"}
        }"#,
    );
    let codes: Vec<&str> = found
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        codes,
        [
            "SAL-VIEW-0010",
            "SAL-VIEW-0010",
            "SAL-VIEW-0003",
            "SAL-VIEW-0006",
            "SAL-VIEW-0002",
            "SAL-VIEW-0002",
            "SAL-VIEW-0009",
            "SAL-VIEW-0003",
            "SAL-VIEW-0003",
            "SAL-VIEW-0005",
        ],
        "{found:#?}"
    );
}

#[test]
fn a_slip_of_the_hand_is_an_error_and_an_unknown_name_a_warning() {
    let slip = view(
        r#"{"foreach": "name", "column": [{"name": "a", "path": "id"}]}"#,
        "",
    );
    assert_eq!(
        problems(&slip),
        [
            "SAL-VIEW-0004 select[0].foreach: `select[0]` has a member that no view has: `foreach` (did you mean `forEach`?)"
        ]
    );
    assert!(ViewDefinition::parse(&slip).is_err());
    assert!(ViewDefinition::parse(&view(COLUMN, r#", "vendorSetting": true"#)).is_ok());
    assert!(problems(&view(COLUMN, r#", "_name": {"id": "x"}, "extension": []"#)).is_empty());
}

#[test]
fn what_is_no_view_is_refused_as_a_whole() {
    assert_eq!(problems("{")[0].split(' ').next(), Some("SAL-VIEW-0001"));
    assert_eq!(problems("[]")[0].split(' ').next(), Some("SAL-VIEW-0003"));
    assert_eq!(
        problems(r#"{"resourceType": "Patient", "id": "p"}"#),
        ["SAL-VIEW-0001 -: this is a resource of type `Patient`, not a ViewDefinition"]
    );
    let empty = problems("{}");
    assert_eq!(empty.len(), 2, "{empty:#?}");
    assert!(problems(r#"{"resource": "Patient", "select": []}"#)[0].contains("empty list"));
    assert!(problems(&view("{}", ""))[0].contains("no column"));
}

#[test]
fn columns_must_have_different_names_wherever_they_stand() {
    let nested = view(
        r#"{"column": [{"name": "a", "path": "id"}], "select": [{"column": [{"name": "a", "path": "id"}]}]}"#,
        "",
    );
    assert_eq!(problems(&nested).len(), 1);
    assert!(problems(&nested)[0].starts_with("SAL-VIEW-0007 select[0].select[0].column[0]"));
    let with_union = view(
        r#"{"column": [{"name": "a", "path": "id"}], "unionAll": [{"column": [{"name": "a", "path": "id"}]}]}"#,
        "",
    );
    assert!(problems(&with_union)[0].starts_with("SAL-VIEW-0007"));
}

#[test]
fn branches_of_a_union_must_have_the_same_columns_in_the_same_order() {
    let union = |first: &str, second: &str| {
        view(
            &format!(r#"{{"unionAll": [{{"column": [{first}]}}, {{"column": [{second}]}}]}}"#),
            "",
        )
    };
    let (a, b) = (
        r#"{"name": "a", "path": "id"}"#,
        r#"{"name": "b", "path": "id"}"#,
    );
    assert!(problems(&union(a, a)).is_empty());
    let ordered = union(&format!("{a}, {b}"), &format!("{b}, {a}"));
    assert!(
        problems(&ordered)[0].contains("`a`, `b`") && problems(&ordered)[0].contains("`b`, `a`")
    );
    assert!(problems(&union(a, b))[0].starts_with("SAL-VIEW-0008 select[0].unionAll[1]"));
    assert!(problems(&union(&format!("{a}, {b}"), a))[0].starts_with("SAL-VIEW-0008"));
    let list = r#"{"name": "a", "path": "id", "collection": true}"#;
    assert!(problems(&union(a, list))[0].contains("collection"));
}

#[test]
fn constants_take_every_type_as_fhir_writes_it() {
    let taken = |constant: &str| {
        problems(&view(
            COLUMN,
            &format!(r#", "constant": [{{"name": "c", {constant}}}]"#),
        ))
    };
    for good in [
        r#""valueBase64Binary": "aGk=""#,
        r#""valueBoolean": false"#,
        r#""valueCanonical": "http://a|1""#,
        r#""valueCode": "x""#,
        r#""valueDate": "2024-02""#,
        r#""valueDateTime": "2024-02-03T10:00:00+01:00""#,
        r#""valueDecimal": 1.50"#,
        r#""valueId": "a""#,
        r#""valueInstant": "2024-02-03T10:00:00.5Z""#,
        r#""valueInteger": -3"#,
        r#""valueInteger64": "9007199254740993""#,
        r#""valueOid": "urn:oid:1.2""#,
        r#""valuePositiveInt": 1"#,
        r#""valueString": "s""#,
        r#""valueTime": "10:00:00""#,
        r#""valueUnsignedInt": 0"#,
        r#""valueUri": "u""#,
        r#""valueUrl": "u""#,
        r#""valueUuid": "urn:uuid:1""#,
    ] {
        assert!(taken(good).is_empty(), "{good} {:?}", taken(good));
    }
    for bad in [
        r#""valueDate": "soon""#,
        r#""valueInteger": "3""#,
        r#""valuePositiveInt": 0"#,
        r#""valueBoolean": "true""#,
        r#""valueDecimal": "1.5""#,
        r#""valueQuantity": {}"#,
        r#""valueCode": "x", "valueString": "y""#,
        r#""value": "x""#,
    ] {
        assert!(
            taken(bad)[0].starts_with("SAL-VIEW-0010"),
            "{bad} {:?}",
            taken(bad)
        );
    }
    let reserved = problems(&view(
        COLUMN,
        r#", "constant": [{"name": "rowIndex", "valueInteger": 1}]"#,
    ));
    assert!(reserved[0].starts_with("SAL-VIEW-0007"));
}

#[test]
fn selects_that_are_nested_without_end_are_refused() {
    let mut nested = COLUMN.to_owned();
    for _ in 0..SELECT_DEPTH_MAX {
        nested = format!(r#"{{"select": [{nested}]}}"#);
    }
    assert!(problems(&view(&nested, ""))[0].starts_with("SAL-VIEW-0021"));
}
