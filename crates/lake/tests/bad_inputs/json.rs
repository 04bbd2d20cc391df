//! JSON that is not JSON, or not FHIR: most of this only the ingest can see.

use super::{Case, GOOD, bytes, line, text};

pub fn cases() -> Vec<Case> {
    let mut cases = syntax();
    cases.extend(values());
    cases.extend(sizes());
    cases.extend(resources());
    cases
}

fn syntax() -> Vec<Case> {
    vec![
        line("trailing comma", r#"{"resourceType":"Patient","id":"a",}"#),
        text(
            "trailing comma in a document",
            "{\n  \"resourceType\": \"Patient\",\n  \"id\": \"a\",\n}\n",
        ),
        line("single quotes", "{'resourceType':'Patient'}"),
        line("names without quotes", r#"{resourceType:"Patient"}"#),
        line(
            "NaN",
            r#"{"resourceType":"Observation","id":"a","valueQuantity":{"value":NaN}}"#,
        ),
        line(
            "Infinity",
            r#"{"resourceType":"Observation","id":"a","valueQuantity":{"value":Infinity}}"#,
        ),
        line(
            "a leading zero",
            r#"{"resourceType":"Patient","id":"a","multipleBirthInteger":01}"#,
        ),
        line(
            "a raw line feed in a string",
            "{\"resourceType\":\"Patient\",\"id\":\"a\nb\"}",
        ),
        line(
            "a raw tab in a string",
            "{\"resourceType\":\"Patient\",\"id\":\"a\",\"x\":\"\t\"}",
        ),
        line(
            "an unknown escape",
            r#"{"resourceType":"Patient","id":"\x41"}"#,
        ),
        line(
            "a lone surrogate",
            r#"{"resourceType":"Patient","id":"a","x":"\ud800"}"#,
        ),
        line("a missing colon", r#"{"resourceType" "Patient"}"#),
        line(
            "a missing bracket",
            r#"{"resourceType":"Patient","name":[{"family":"A"}"#,
        ),
        line("a bracket too many", r#"{"resourceType":"Patient"}}"#),
        line("JSON in a JSON string", format!("{:?}", GOOD)),
    ]
}

fn values() -> Vec<Case> {
    let observation = |value: &str| {
        format!(r#"{{"resourceType":"Observation","id":"a","valueQuantity":{{"value":{value}}}}}"#)
    };
    vec![
        line("1e400", observation("1e400")),
        line("a huge exponent", observation("1e999999999999")),
        line("a tiny exponent", observation("1e-999999999999")),
        line("negative zero", observation("-0.0")),
        line(
            "a decimal of 100 digits",
            observation(&format!("1.{}", "123456789".repeat(11))),
        ),
        line(
            "an integer of 30 digits",
            r#"{"resourceType":"Patient","id":"a","multipleBirthInteger":123456789012345678901234567890}"#,
        ),
        line(
            "an integer with a fraction",
            r#"{"resourceType":"Patient","id":"a","multipleBirthInteger":1.5}"#,
        ),
        line(
            "a boolean as text",
            r#"{"resourceType":"Patient","id":"a","active":"yes"}"#,
        ),
        line(
            "text as a number",
            r#"{"resourceType":"Patient","id":"a","gender":7}"#,
        ),
        line(
            "an object where text belongs",
            r#"{"resourceType":"Patient","id":"a","birthDate":{"year":1970}}"#,
        ),
        line(
            "text where an object belongs",
            r#"{"resourceType":"Observation","id":"a","code":"8480-6"}"#,
        ),
        line(
            "one where a list belongs",
            r#"{"resourceType":"Patient","id":"a","name":{"family":"A"}}"#,
        ),
        line(
            "a list where one belongs",
            r#"{"resourceType":"Patient","id":"a","gender":["male"]}"#,
        ),
        line(
            "null where a value belongs",
            r#"{"resourceType":"Patient","id":"a","gender":null}"#,
        ),
        line(
            "a list of nulls",
            r#"{"resourceType":"Patient","id":"a","name":[null]}"#,
        ),
        line("an empty object", "{}"),
        line(
            "an empty list",
            r#"{"resourceType":"Patient","id":"a","name":[]}"#,
        ),
        line(
            "the 30th of February",
            r#"{"resourceType":"Patient","id":"a","birthDate":"1970-02-30"}"#,
        ),
        line(
            "a date in words",
            r#"{"resourceType":"Patient","id":"a","birthDate":"last spring"}"#,
        ),
        line(
            "an unknown element",
            r#"{"resourceType":"Patient","id":"a","shoeSize":43}"#,
        ),
    ]
}

fn sizes() -> Vec<Case> {
    let nested = |depth: usize| {
        let (open, close) = (
            r#"{"url":"a","extension":["#.repeat(depth),
            "]}".repeat(depth),
        );
        format!(r#"{{"resourceType":"Patient","id":"a","extension":[{open}{close}]}}"#)
    };
    vec![
        line("nested 200 deep", nested(100)),
        text(
            "a document nested 200 deep",
            nested(100).replacen('{', "{\n", 1),
        ),
        line("an array bomb", "[".repeat(100_000)),
        line(
            "a depth bomb in a resource",
            format!(
                r#"{{"resourceType":"Patient","x":{}"#,
                "[".repeat(1_000_000)
            ),
        ),
        text(
            "a depth bomb as a document",
            format!(
                "{{\n\"resourceType\":\"Patient\",\"x\":{}",
                "[".repeat(1_000_000)
            ),
        ),
        bytes("an object of 100,000 names", || {
            let members: Vec<String> = (0..100_000).map(|i| format!("\"x{i}\":{i}")).collect();
            format!(
                "{{\"resourceType\":\"Patient\",\"id\":\"a\",{}}}\n{GOOD}\n",
                members.join(",")
            )
            .into_bytes()
        }),
        bytes("a list of 1,000,000 numbers", || {
            format!(
                "{{\"resourceType\":\"Patient\",\"id\":\"a\",\"x\":[{}1]}}\n{GOOD}\n",
                "1,".repeat(1_000_000)
            )
            .into_bytes()
        }),
        line(
            "a name of 100 KB",
            format!(
                r#"{{"resourceType":"Patient","id":"a","{}":1}}"#,
                "n".repeat(100_000)
            ),
        ),
    ]
}

fn resources() -> Vec<Case> {
    vec![
        line("no resourceType", r#"{"id":"a","gender":"male"}"#),
        line("resourceType twice", r#"{"resourceType":"Patient","id":"a","resourceType":"Group"}"#),
        line("the same name twice", r#"{"resourceType":"Patient","id":"a","gender":"male","gender":"female"}"#),
        line("the same name twice within", r#"{"resourceType":"Patient","id":"a","name":[{"family":"A","family":"B"}]}"#),
        line("resourceType is a number", r#"{"resourceType":1,"id":"a"}"#),
        line("an unknown resource type", r#"{"resourceType":"Starship","id":"a"}"#),
        line("a resource type in small letters", r#"{"resourceType":"patient","id":"a"}"#),
        line("a data type as a resource", r#"{"resourceType":"HumanName","id":"a"}"#),
        line("a resource of R5", r#"{"resourceType":"SubscriptionStatus","id":"a"}"#),
        line("no id", r#"{"resourceType":"Patient","gender":"male"}"#),
        line("an empty id", r#"{"resourceType":"Patient","id":""}"#),
        line("an id of wrong characters", r#"{"resourceType":"Patient","id":"a b/c_d"}"#),
        line("an id of 200 characters", format!(r#"{{"resourceType":"Patient","id":"{}"}}"#, "a".repeat(200))),
        line("an id that is a number", r#"{"resourceType":"Patient","id":12}"#),
        line("an id that is a path", r#"{"resourceType":"Patient","id":"../../etc/passwd"}"#),
        line("a reference that dangles", r#"{"resourceType":"Condition","id":"a","subject":{"reference":"Patient/nobody"}}"#),
        line("a reference to itself", r#"{"resourceType":"Observation","id":"a","hasMember":[{"reference":"Observation/a"}]}"#),
        text("references in a circle", [
            r#"{"resourceType":"Patient","id":"a","link":[{"other":{"reference":"Patient/b"},"type":"replaced-by"}]}"#,
            r#"{"resourceType":"Patient","id":"b","link":[{"other":{"reference":"Patient/a"},"type":"replaced-by"}]}"#,
        ].join("\n")),
        line("a reference that is no reference", r#"{"resourceType":"Condition","id":"a","subject":{"reference":"???"}}"#),
        line("a resource contained in itself", r##"{"resourceType":"Patient","id":"a","contained":[{"resourceType":"Patient","id":"a","managingOrganization":{"reference":"#a"}}]}"##),
    ]
}
