//! Bundles.

use super::{Case, GOOD, bytes, line, text};

pub fn cases() -> Vec<Case> {
    let entry = |entry: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{GOOD}}},{entry}]}}"#
        )
    };
    let nested = |depth: usize| {
        (0..depth).fold(GOOD.to_owned(), |inner, _| {
            format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{inner}}}]}}"#)
        })
    };
    vec![
        text(
            "a Bundle without entries",
            r#"{"resourceType":"Bundle","type":"collection"}"#,
        ),
        text(
            "a Bundle with an empty list of entries",
            r#"{"resourceType":"Bundle","type":"searchset","entry":[]}"#,
        ),
        text(
            "a Bundle whose entry is an object",
            format!(r#"{{"resourceType":"Bundle","entry":{{"resource":{GOOD}}}}}"#),
        ),
        text(
            "a Bundle of unknown type",
            format!(r#"{{"resourceType":"Bundle","type":"heap","entry":[{{"resource":{GOOD}}}]}}"#),
        ),
        text("an entry without resource", entry("{}")),
        text("an entry that is text", entry("\"Patient/1\"")),
        text("an entry that is null", entry("null")),
        text(
            "an entry whose resource is text",
            entry(r#"{"resource":"Patient/1"}"#),
        ),
        text(
            "an entry whose resource is null",
            entry(r#"{"resource":null}"#),
        ),
        text(
            "an entry without resourceType",
            entry(r#"{"resource":{"id":"a"}}"#),
        ),
        text(
            "an entry with two resources",
            entry(&format!(r#"{{"resource":{GOOD},"resource":{GOOD}}}"#)),
        ),
        text(
            "an entry that deletes by search",
            entry(r#"{"request":{"method":"DELETE","url":"Patient?identifier=a|1"}}"#),
        ),
        text(
            "an entry that deletes nothing",
            entry(r#"{"request":{"method":"DELETE"}}"#),
        ),
        text(
            "an entry that deletes",
            entry(r#"{"request":{"method":"DELETE","url":"Patient/gone"}}"#),
        ),
        text(
            "an entry that patches",
            entry(
                r#"{"resource":{"resourceType":"Parameters"},"request":{"method":"PATCH","url":"Patient/1"}}"#,
            ),
        ),
        text(
            "an entry that reads",
            entry(r#"{"request":{"method":"GET","url":"Patient/1"}}"#),
        ),
        text(
            "an entry that is a search outcome",
            entry(
                r#"{"resource":{"resourceType":"OperationOutcome","issue":[]},"search":{"mode":"outcome"}}"#,
            ),
        ),
        text(
            "an entry nested 200 deep",
            entry(&format!(
                r#"{{"resource":{{"resourceType":"Patient","x":{}{}}}}}"#,
                "[".repeat(200),
                "]".repeat(200)
            )),
        ),
        text("an entry with invalid UTF-8", {
            let mut bytes =
                entry(r#"{"resource":{"resourceType":"Patient","id":"@"}}"#).into_bytes();
            bytes
                .iter_mut()
                .filter(|byte| **byte == b'@')
                .for_each(|byte| *byte = 0xff);
            bytes
        }),
        text(
            "two entries with one fullUrl",
            format!(
                r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{GOOD}}},{{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{{"resourceType":"Group","id":"g"}}}}]}}"#
            ),
        ),
        text(
            "an entry that refers to a fullUrl that is not there",
            entry(
                r#"{"resource":{"resourceType":"Condition","id":"a","subject":{"reference":"urn:uuid:00000000-0000-4000-8000-00000000dead"}}}"#,
            ),
        ),
        text("a Bundle in a Bundle", nested(2)),
        text("a Bundle in five Bundles", nested(6)),
        text(
            "a Bundle with a trailing comma",
            format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{GOOD}}},]}}"#),
        ),
        text(
            "a Bundle that is cut in an entry",
            format!(
                r#"{{"resourceType":"Bundle","entry":[{{"resource":{GOOD}}},{{"resource":{{"resourceType":"Pat"#
            ),
        ),
        text(
            "a Bundle that is cut between entries",
            format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{GOOD}}}"#),
        ),
        text(
            "a Bundle that is cut before its type is known",
            format!("{{\n\"entry\":[{{\"resource\":{GOOD}}},{{\"resource\":{{"),
        ),
        text(
            "a Bundle with text after it",
            format!("{}\nthe end\n", entry("{}")),
        ),
        line(
            "a Bundle line that is cut",
            format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{GOOD}}},{{"res"#),
        ),
        bytes("a Bundle of 20 MB that is cut", || {
            let entry = format!("{{\"resource\":{GOOD}}},\n");
            let mut text = b"{\"resourceType\":\"Bundle\",\"entry\":[\n".to_vec();
            while text.len() < 20_000_000 {
                text.extend(entry.bytes());
            }
            text.extend(b"{\"resource\":{\"resourceType\":\"Pat");
            text
        }),
        bytes("a Bundle of 20 MB with an entry of 18 MB", || {
            let mut text =
                format!("{{\"resourceType\":\"Bundle\",\"entry\":[{{\"resource\":{GOOD}}},")
                    .into_bytes();
            text.extend(b"{\"resource\":{\"resourceType\":\"Binary\",\"data\":\"");
            text.resize(text.len() + 18_000_000, b'A');
            text.extend(format!("\"}}}},{{\"resource\":{GOOD}}}]}}").bytes());
            text
        }),
        text(
            "an array of resources that is cut",
            format!("[{GOOD},\n{GOOD},\n{{\"resourceType\""),
        ),
        text(
            "an array with something that is no resource",
            format!("[{GOOD}, 1, null, [], {GOOD}]"),
        ),
        text("an array with text after it", format!("[{GOOD}] {GOOD}")),
        text("an empty array", "[]"),
    ]
}
