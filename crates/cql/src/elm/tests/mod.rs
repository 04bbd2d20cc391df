//! Behaviour of reading and writing ELM.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// A library with every way to say something that ELM has, and fields that no schema knows.
fn sample() -> Value {
    json!({"library": {
        "annotation": [{"translatorVersion": "3.1.0", "type": "CqlToElmInfo"}],
        "identifier": {"id": "Sample", "system": "http://example.org", "version": "1.0"},
        "schemaIdentifier": {"id": "urn:hl7-org:elm", "version": "r1"},
        "usings": {"def": [{"localIdentifier": "FHIR", "uri": "http://hl7.org/fhir", "version": "4.0.1"}]},
        "valueSets": {"def": [{"name": "V", "id": "urn:v", "accessLevel": "Public", "codeSystem": [{"name": "S"}]}]},
        "codes": {"def": [{"name": "C", "id": "c", "codeSystem": {"name": "S"}}]},
        "concepts": {"def": [{"name": "K", "code": [{"name": "C"}]}]},
        "parameters": {"def": [{"name": "P", "parameterTypeSpecifier": {"type": "IntervalTypeSpecifier", "pointType":
            {"type": "NamedTypeSpecifier", "name": "{urn:hl7-org:elm-types:r1}DateTime"}}}]},
        "statements": {"def": [
            {"name": "A", "context": "Patient", "accessLevel": "Public", "localId": "7", "locator": "1:1-2:3",
             "resultTypeName": "{urn:hl7-org:elm-types:r1}Boolean",
             "annotation": [{"type": "Annotation", "s": {"r": "7", "s": [{"value": ["define ", "A"]}]},
                "t": [{"name": "author", "value": "J"}]}],
             "expression": {"type": "Exists", "operand": {"type": "Query", "source": [{"alias": "E", "expression":
                {"type": "Retrieve", "dataType": "{http://hl7.org/fhir}Encounter", "codeProperty": "type",
                 "codes": {"type": "ToList", "operand": {"type": "CodeRef", "name": "C"}}, "include": []}}],
                "let": [{"identifier": "x", "expression": {"type": "Null"}}],
                "relationship": [{"type": "With", "alias": "F", "suchThat": {"type": "Literal", "value": "true"}}],
                "where": {"type": "InValueSet", "code": {"type": "Property", "path": "class", "scope": "E"},
                    "valueset": {"name": "V", "preserve": true}},
                "return": {"distinct": false, "expression": {"type": "AliasRef", "name": "E"}},
                "sort": {"by": [{"direction": "asc", "type": "ByDirection"}]}}}},
            {"type": "FunctionDef", "name": "f", "external": true, "operand": [{"name": "a", "operandTypeSpecifier":
                {"type": "NamedTypeSpecifier", "name": "{http://hl7.org/fhir}Patient"}}]},
            {"name": "B", "expression": {"type": "Case", "caseItem": [{"when": {"type": "Null"}, "then":
                {"type": "Quantity", "value": 1.50, "unit": "mg"}}], "else": {"type": "FromTheFuture", "x": [1, null]}}},
        ]},
        "somethingNew": {"def": [1, {"a": -1.0e5}]},
    }, "beside": "it"})
}

fn read(value: &Value) -> Library {
    Library::from_json(&value.to_string()).unwrap()
}

#[test]
fn what_is_written_equals_what_was_read() {
    let library = read(&sample());
    for text in [library.to_json(), library.to_json_pretty()] {
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), sample());
        assert_eq!(Library::from_json(&text).unwrap(), library);
    }
}

#[test]
fn numbers_and_the_order_of_fields_stay_as_written() {
    let text = r#"{"library":{"z":1.50,"a":1e+2,"m":-0,"é":"\\\"\n\u0001"}}"#;
    assert_eq!(Library::from_json(text).unwrap().to_json(), text);
}

#[test]
fn nodes_without_a_type_are_what_their_place_says() {
    let library = read(&sample());
    assert_eq!(library.identifier().id, "Sample");
    assert_eq!(library.node().kind(), Kind::Library);
    let kinds = |part: &str| {
        library
            .definitions(part)
            .map(Node::kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds("usings"), [Kind::UsingDef]);
    assert_eq!(
        kinds("statements"),
        [Kind::ExpressionDef, Kind::FunctionDef, Kind::ExpressionDef]
    );
    let a = library.statement("A").unwrap();
    assert_eq!((a.local_id(), a.locator()), (Some("7"), Some("1:1-2:3")));
    assert_eq!(a.result_type_name().unwrap().name, "Boolean");
    let query = a.node("expression").unwrap().operands().next().unwrap();
    assert_eq!(query.kind(), Kind::Query);
    assert_eq!(
        query.nodes("source").next().unwrap().kind(),
        Kind::AliasedQuerySource
    );
    assert_eq!(
        query.node("return").unwrap().boolean("distinct"),
        Some(false)
    );
    let in_value_set = query.node("where").unwrap();
    assert_eq!(
        in_value_set.node("valueset").unwrap().kind(),
        Kind::ValueSetRef
    );
    let retrieve = query
        .nodes("source")
        .next()
        .unwrap()
        .node("expression")
        .unwrap();
    let ty = retrieve.qualified("dataType").unwrap();
    assert_eq!((ty.url, ty.name), ("http://hl7.org/fhir", "Encounter"));
    let case = library.statement("B").unwrap().node("expression").unwrap();
    assert_eq!(
        case.nodes("caseItem").next().unwrap().kind(),
        Kind::CaseItem
    );
    assert_eq!(case.node("else").unwrap().kind(), Kind::Unknown);
    assert!(library.statement("f").is_none());
}

#[test]
fn every_kind_is_found_by_its_name() {
    for kind in Kind::ALL {
        assert_eq!(Kind::of(kind.name()), *kind);
    }
    assert!(Kind::ALL.len() > 200);
    assert_eq!(
        (Kind::Not.shape(), Kind::And.shape(), Kind::Coalesce.shape()),
        (Shape::Unary, Shape::Binary, Shape::Nary)
    );
}

#[test]
fn a_library_that_is_built_reads_back_as_itself() {
    let sum =
        Node::new(Kind::Add).with("operand", vec![Node::new(Kind::Null), Node::new(Kind::Now)]);
    let define = Node::part(Kind::ExpressionDef)
        .with("name", "Sum")
        .with("expression", sum);
    let statements = Node::part(Kind::Defs).with("def", vec![define]);
    let built = Library::new(Node::part(Kind::Library).with("statements", statements));
    assert_eq!(Library::from_json(&built.to_json()).unwrap(), built);
    assert_eq!(
        built
            .statement("Sum")
            .unwrap()
            .node("expression")
            .unwrap()
            .operands()
            .count(),
        2
    );
}

#[test]
fn xml_is_read_as_the_json_of_the_same_library() {
    let xml = r#"<?xml version="1.0"?>
<library xmlns="urn:hl7-org:elm:r1" xmlns:t="urn:hl7-org:elm-types:r1" xmlns:fhir="http://hl7.org/fhir"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:a="urn:hl7-org:cql-annotations:r1">
  <annotation translatorVersion="3.1.0" xsi:type="a:CqlToElmInfo"/>
  <identifier id="L" version="1"/>
  <statements>
    <def name="A" context="Patient">
      <expression xsi:type="Query">
        <source alias="E"><expression dataType="fhir:Encounter" xsi:type="Retrieve"/></source>
        <where xsi:type="Not"><operand xsi:type="Equal">
          <operand valueType="t:Integer" value="1" xsi:type="Literal"/>
          <operand value="2.50" unit="&lt;mg" xsi:type="Quantity"/>
        </operand></where>
        <return distinct="false"><expression name="E" xsi:type="AliasRef"/></return>
      </expression>
    </def>
    <def name="f" xsi:type="FunctionDef"><operand name="a"><operandTypeSpecifier name="t:Code" xsi:type="NamedTypeSpecifier"/></operand>
    </def>
  </statements>
</library>"#;
    let expected = json!({"library": {
        "annotation": [{"type": "CqlToElmInfo", "translatorVersion": "3.1.0"}],
        "identifier": {"id": "L", "version": "1"},
        "statements": {"def": [
            {"name": "A", "context": "Patient", "expression": {"type": "Query",
                "source": [{"alias": "E", "expression": {"type": "Retrieve", "dataType": "{http://hl7.org/fhir}Encounter"}}],
                "where": {"type": "Not", "operand": {"type": "Equal", "operand": [
                    {"type": "Literal", "valueType": "{urn:hl7-org:elm-types:r1}Integer", "value": "1"},
                    {"type": "Quantity", "value": 2.50, "unit": "<mg"}]}},
                "return": {"distinct": false, "expression": {"type": "AliasRef", "name": "E"}}}},
            {"type": "FunctionDef", "name": "f", "operand": [{"name": "a", "operandTypeSpecifier":
                {"type": "NamedTypeSpecifier", "name": "{urn:hl7-org:elm-types:r1}Code"}}]},
        ]},
    }});
    let library = Library::from_xml(xml).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&library.to_json()).unwrap(),
        expected
    );
    let kinds: Vec<Kind> = library.statements().map(Node::kind).collect();
    assert_eq!(kinds, [Kind::ExpressionDef, Kind::FunctionDef]);
}

#[test]
fn what_is_no_elm_is_refused_by_what_it_is_and_where() {
    let error = |text: &str| {
        let error = Library::from_json(text).unwrap_err();
        assert!(salus_base::explanation(error.code().as_str()).is_some());
        error.diagnostic().to_string()
    };
    assert_eq!(
        error("{\"library\": }"),
        "SAL-CQL-0030: expected a value (ELM, byte 12)"
    );
    assert_eq!(
        error("{\"a\" 1}"),
        "SAL-CQL-0030: expected `:` (ELM, byte 5)"
    );
    assert_eq!(
        error("{} x"),
        "SAL-CQL-0030: expected the end of the document (ELM, byte 3)"
    );
    assert_eq!(error("{}"), "SAL-CQL-0032: the document has no `library`");
    assert_eq!(error("[1]"), "SAL-CQL-0032: the document has no `library`");
    assert!(
        error(&"[".repeat(1_000_000))
            .starts_with("SAL-CQL-0031: the document nests deeper than 1000")
    );
    assert!(error(&" ".repeat(BYTES_MAX + 1)).starts_with("SAL-CQL-0031: the document has"));
    assert_eq!(
        Library::from_xml("<modelInfo/>").unwrap_err(),
        ElmError::NotALibrary
    );
    assert!(matches!(
        Library::from_xml("<library>"),
        Err(ElmError::NotXml { .. })
    ));
}

#[test]
fn a_chain_of_four_hundred_operators_is_no_deeper_than_what_is_read() {
    let open = r#"{"type":"Or","operand":["#.repeat(400);
    let text = format!(
        r#"{{"library":{{"statements":{{"def":[{{"expression":{open}1{}}}]}}}}}}"#,
        "]}".repeat(400)
    );
    assert_eq!(Library::from_json(&text).unwrap().to_json(), text);
}

/// Any JSON, with names and types of ELM among its own.
fn any_json() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "type",
        "operand",
        "source",
        "def",
        "library",
        "name",
        "statements",
        "expression",
        "element",
        "x",
        "\u{e9}\"\\",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| json!(f64::from(number) / 8.0)),
        any::<String>().prop_map(Value::from),
        prop::sample::select(Kind::ALL.to_vec()).prop_map(|kind| Value::from(kind.name())),
    ];
    leaf.prop_recursive(5, 60, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_library_is_written_as_it_was_read(library in prop::collection::btree_map("[a-z]{1,9}", any_json(), 0..6)) {
        let document = json!({"library": library});
        let read = Library::from_json(&document.to_string()).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Value>(&read.to_json()).unwrap(), &document);
        prop_assert_eq!(&Library::from_json(&read.to_json_pretty()).unwrap(), &read);
    }

    #[test]
    fn any_text_is_read_as_serde_reads_it(text in r#"[\[\]{}:,"\\a1.e+ \n-]{0,40}|\PC{0,20}"#) {
        let ours = super::read::document(&text);
        let theirs = serde_json::from_str::<Value>(&text);
        // Numbers that no f64 holds are refused by serde_json only.
        prop_assert!(ours.is_ok() || theirs.is_err(), "{}", text);
        let out_of_range = theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
        prop_assert!(ours.is_err() || theirs.is_ok() || out_of_range, "{}", text);
        let _ = Library::from_xml(&text);
    }
}
