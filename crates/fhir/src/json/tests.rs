//! Behaviour of the JSON view.

use proptest::prelude::*;

use super::*;

fn doc(text: &str) -> Document<'_> {
    Document::parse(text).unwrap()
}

fn error(text: &str) -> JsonError {
    Document::parse(text).unwrap_err()
}

#[test]
fn a_primitive_and_its_sibling_are_one_node() {
    let text = r#"{"birthDate":"1970-03","_birthDate":{"id":"b","extension":[{"url":"u","valueString":"x"}]}}"#;
    let d = doc(text);
    let birth = d.root().get("birthDate").unwrap();
    assert_eq!(birth.string().as_deref(), Some("1970-03"));
    assert_eq!(birth.id().as_deref(), Some("b"));
    let value = birth.extension("u").unwrap().choice("value").unwrap();
    assert_eq!(
        (value.type_name, value.node.string().as_deref()),
        ("string", Some("x"))
    );
    assert!(birth.extension("v").is_none());
}

#[test]
fn an_element_with_a_sibling_only_is_there_without_value() {
    let d = doc(r#"{"_gender":{"extension":[{"url":"u"}]}}"#);
    let gender = d.root().get("gender").unwrap();
    assert!(!gender.has_value() && gender.string().is_none());
    assert_eq!(gender.extensions().count(), 1);
    assert_eq!(gender.offset(), 11);
    let names: Vec<_> = d
        .root()
        .fields()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(names, ["gender"]);
}

#[test]
fn fields_come_once_with_their_siblings_and_lone_siblings_last() {
    let d = doc(r#"{"_b":{"id":"1"},"_a":{"id":"2"},"a":1,"c":2}"#);
    let fields: Vec<_> = d
        .root()
        .fields()
        .map(|(name, node)| (name, node.id()))
        .collect();
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_ref()).collect();
    assert_eq!(names, ["a", "c", "b"]);
    assert_eq!(fields[0].1.as_deref(), Some("2"));
}

#[test]
fn lists_are_aligned_with_their_sibling_lists() {
    let text =
        r#"{"given":["A",null,"C"],"_given":[null,{"extension":[{"url":"u"}]},null,{"id":"d"}]}"#;
    let d = doc(text);
    let given: Vec<Node<'_>> = d.root().get("given").unwrap().items().collect();
    let values: Vec<_> = given
        .iter()
        .map(|n| n.string().map(Cow::into_owned))
        .collect();
    assert_eq!(
        values,
        [Some("A".to_owned()), None, Some("C".to_owned()), None]
    );
    let extended: Vec<bool> = given.iter().map(|n| n.extension("u").is_some()).collect();
    assert_eq!(extended, [false, true, false, false]);
    assert_eq!(given[3].id().as_deref(), Some("d"));
}

#[test]
fn a_value_that_is_no_list_is_its_only_item() {
    let d = doc(r#"{"a":{"b":1},"n":null,"e":[]}"#);
    let count = |name| d.root().get(name).unwrap().items().count();
    assert_eq!((count("a"), count("n"), count("e")), (1, 0, 0));
    assert_eq!(
        d.root().get("a").unwrap().first().unwrap().raw(),
        r#"{"b":1}"#
    );
}

#[test]
fn a_choice_is_found_by_its_element_name_and_only_by_a_type() {
    let d = doc(r#"{"valueSet":"http://x","valueDateTime":"2024","effectivePeriod":{}}"#);
    let value = d.root().choice("value").unwrap();
    assert_eq!(
        (value.type_name, value.node.raw()),
        ("dateTime", "\"2024\"")
    );
    assert_eq!(d.root().choice("effective").unwrap().type_name, "Period");
    assert!(d.root().choice("onset").is_none());
    let only_sibling = doc(r#"{"_valueCode":{"extension":[]}}"#);
    let value = only_sibling.root().choice("value").unwrap();
    assert_eq!((value.type_name, value.node.has_value()), ("code", false));
}

#[test]
fn decimals_keep_their_digits() {
    let d = doc(r#"[1.00, 0.1e-5, -0, 12345678901234567890.123, 1e400]"#);
    let texts: Vec<_> = d.root().items().filter_map(|n| n.number()).collect();
    assert_eq!(
        texts,
        ["1.00", "0.1e-5", "-0", "12345678901234567890.123", "1e400"]
    );
    let items: Vec<_> = d.root().items().collect();
    assert_eq!((items[0].integer(), items[2].integer()), (None, Some(0)));
    assert_eq!((items[0].double(), items[4].double()), (Some(1.0), None));
}

#[test]
fn strings_are_borrowed_when_nothing_is_escaped() {
    let d = doc(r#"["plain ü", "a\n\"\\\/\u00e9\ud83d\ude00", ""]"#);
    let strings: Vec<_> = d.root().items().filter_map(|n| n.string()).collect();
    assert!(matches!(strings[0], Cow::Borrowed("plain ü")));
    assert_eq!(strings[1], "a\n\"\\/é😀");
    assert!(matches!(strings[2], Cow::Borrowed("")));
}

#[test]
fn contained_resources_are_found_by_id() {
    let text = r##"{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Organization","id":"o"}]}"##;
    let resource = Resource::parse(text).unwrap();
    assert_eq!(
        (resource.type_name(), resource.id().as_deref()),
        ("Patient", Some("p"))
    );
    let type_of = |id| {
        resource
            .contained(id)
            .and_then(|n| n.get("resourceType")?.string())
    };
    assert_eq!(type_of("#o").as_deref(), Some("Organization"));
    assert_eq!(type_of("o").as_deref(), Some("Organization"));
    assert_eq!(type_of("#").as_deref(), Some("Patient"));
    assert!(type_of("#x").is_none());
    assert_eq!(resource.text(), text);
}

#[test]
fn references_are_literal_or_logical() {
    let d = doc(
        r#"[{"reference":"Patient/1","display":"P"},{"type":"Patient","identifier":{"value":"9"}},{"a":1}]"#,
    );
    let views: Vec<_> = d.root().items().map(|n| n.as_reference()).collect();
    let literal = views[0].as_ref().unwrap();
    assert_eq!(literal.shape().unwrap().target(), Some(("Patient", "1")));
    assert!(!literal.is_logical());
    let logical = views[1].as_ref().unwrap();
    assert!(logical.is_logical() && logical.type_name.as_deref() == Some("Patient"));
    assert!(views[2].is_none());
}

#[test]
fn escaped_keys_are_keys() {
    let d = doc(r#"{"\u0069d":"x"}"#);
    assert_eq!(d.root().get("id").unwrap().string().as_deref(), Some("x"));
}

#[test]
fn every_error_says_at_which_byte() {
    let at = |text: &str| error(text).offset();
    assert_eq!(error(""), JsonError::UnexpectedEnd { offset: 0 });
    assert_eq!(error("{\"a\":"), JsonError::UnexpectedEnd { offset: 5 });
    assert_eq!(error("[1,"), JsonError::UnexpectedEnd { offset: 3 });
    assert_eq!(error("\"a"), JsonError::UnexpectedEnd { offset: 2 });
    assert_eq!(error("{} x"), JsonError::Trailing { offset: 3 });
    assert_eq!(error("[01]"), JsonError::BadNumber { offset: 1 });
    assert_eq!(error(r#"["\x"]"#), JsonError::BadEscape { offset: 2 });
    assert_eq!(error(r#"["\ud800"]"#), JsonError::BadEscape { offset: 2 });
    assert_eq!(
        error(r#"["\ud800\u0041"]"#),
        JsonError::BadEscape { offset: 2 }
    );
    assert_eq!(
        error("[\"a\tb\"]"),
        JsonError::ControlCharacter { offset: 3 }
    );
    for (text, offset) in [
        ("[1,]", 3),
        ("{\"a\":1,}", 7),
        ("{a:1}", 1),
        ("[tru]", 4),
        ("[1 2]", 3),
        ("{\"a\" 1}", 5),
        ("[1.]", 1),
        ("[-]", 1),
        ("[1e]", 1),
        ("[+1]", 1),
        ("[.5]", 1),
        ("[NaN]", 1),
        ("\u{feff}{}", 0),
    ] {
        assert_eq!(at(text), offset, "{text}");
    }
    assert_eq!(
        Document::parse_bytes(b"[\"\xff\"]").unwrap_err(),
        JsonError::NotUtf8 { offset: 2 }
    );
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let twice = |text: &str| match error(text) {
        JsonError::DuplicateKey { offset, key } => (offset, key),
        other => panic!("{other}"),
    };
    assert_eq!(twice(r#"{"a":1,"b":2,"a":3}"#), (13, "a".to_owned()));
    assert_eq!(twice(r#"[{"a":{"x":1,"x":2}}]"#), (13, "x".to_owned()));
    assert_eq!(twice(r#"{"a":1,"\u0061":2}"#), (7, "a".to_owned()));
    let many: Vec<String> = (0..100).map(|i| format!("\"k{}\":{i}", i % 99)).collect();
    assert_eq!(twice(&format!("{{{}}}", many.join(","))).1, "k0");
    doc(r#"{"a":1,"b":{"a":1}}"#);
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Document::parse(&nested(DEPTH_MAX)).is_ok());
    let too_deep = JsonError::TooDeep {
        offset: 64,
        depth_max: DEPTH_MAX,
    };
    assert_eq!(error(&nested(DEPTH_MAX + 1)), too_deep);
    assert_eq!(error(&"[".repeat(1_000_000)), too_deep);
}

#[test]
fn what_is_no_resource_is_refused() {
    for text in [
        "[]",
        "{}",
        r#"{"resourceType":1}"#,
        "1",
        r#"{"resourceType":null}"#,
    ] {
        assert_eq!(
            Resource::parse(text).unwrap_err(),
            JsonError::NotAResource { offset: 0 }
        );
    }
    let code = |text| {
        Resource::parse(text)
            .unwrap_err()
            .diagnostic()
            .code
            .as_str()
    };
    assert_eq!((code("{}"), code("{")), ("SAL-ROW-0002", "SAL-ROW-0001"));
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("_?[a-z\"\\\\]{0,3}", inner, 0..6)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

/// The text of a node, written anew from what the view gives.
fn rewritten(node: Node<'_>) -> serde_json::Value {
    use serde_json::Value;
    match node.kind() {
        NodeKind::Absent => Value::Null,
        NodeKind::Boolean => Value::from(node.boolean().unwrap()),
        NodeKind::Number => Value::from(node.integer().unwrap()),
        NodeKind::String => Value::from(node.string().unwrap().into_owned()),
        NodeKind::Array => {
            let plain = node.at(node.value, None);
            plain.items().map(rewritten).collect()
        }
        NodeKind::Object => {
            let fields = node.members().map(|(key, at)| {
                (
                    node.text_of(key).into_owned(),
                    rewritten(node.at(Some(at), None)),
                )
            });
            Value::Object(fields.collect())
        }
    }
}

proptest! {
    #[test]
    fn the_view_gives_what_serde_gives(value in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.unwrap();
        let d = Document::parse(&text).unwrap();
        prop_assert_eq!(d.root().raw(), &text);
        prop_assert_eq!(rewritten(d.root()), value);
    }

    #[test]
    fn what_is_read_is_what_serde_reads(text in "[\\[\\]{}\",:0-9a-z\\\\. -]{0,24}") {
        let ours = Document::parse(&text);
        let theirs: Result<serde_json::Value, _> = serde_json::from_str(&text);
        match (ours, theirs) {
            (Ok(_), Ok(_)) | (Err(_), Err(_)) | (Err(JsonError::DuplicateKey { .. }), Ok(_)) => {}
            // serde refuses numbers that no double can hold; they are JSON all the same.
            (Ok(_), Err(error)) => prop_assert!(error.to_string().contains("out of range")),
            (Err(error), Ok(_)) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn no_bytes_make_the_view_fail_otherwise_than_by_an_error(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(d) = Document::parse_bytes(&bytes) {
            let _ = d.root().fields().count();
        }
    }
}
