//! Random records written in every form that is read: what comes out is what went in. The windows are
//! so small here that every record lies across the ends of several.

use std::io::Write;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use salus_base::{Cancel, Limits};
use serde_json::{Value, json};

use super::{FrameKind, Input, InputKind, SourceSummary, read};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        r#"[{}\[\]",:\\ a-c]{0,40}"#.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-e\"\\\\]{0,6}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn resource() -> impl Strategy<Value = Value> {
    value().prop_map(|x| json!({"resourceType": "Patient", "x": x}))
}

/// A document and the resources in it.
fn document() -> impl Strategy<Value = (Value, Vec<Value>)> {
    prop_oneof![
        resource().prop_map(|resource| (resource.clone(), vec![resource])),
        vec(resource(), 0..6).prop_map(|resources| {
            let entry = |resource| json!({"request": {"method": "POST"}, "resource": resource});
            let entries: Vec<Value> = resources.iter().map(entry).collect();
            (
                json!({"resourceType": "Bundle", "type": "batch", "entry": entries}),
                resources,
            )
        }),
    ]
}

/// How documents are written one after the other.
#[derive(Debug, Clone, Copy)]
enum Form {
    Lines,
    Documents,
    Array,
}

fn write(documents: &[Value], form: Form) -> String {
    let line = |value: &Value| format!("{value}\n");
    let pretty = |value: &Value| format!("{value:#}\n");
    match form {
        // A first line that is no record makes sure that even a single line is one.
        Form::Lines => format!("7\n{}", documents.iter().map(line).collect::<String>()),
        Form::Documents => documents.iter().map(pretty).collect(),
        Form::Array => format!("{:#}", Value::from(documents.to_vec())),
    }
}

type Frames = Vec<(u64, Vec<u8>, bool)>;

fn frames(bytes: &[u8], limits: &Limits, is_pipe: bool) -> (SourceSummary, Frames) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let path = file.path().to_owned();
    let kind = if is_pipe {
        InputKind::Pipe(path)
    } else {
        InputKind::File(path)
    };
    let input = Input {
        name: "source".to_owned(),
        kind,
        size_bytes: None,
    };
    let mut frames = Vec::new();
    let summary = read(&input, limits, &Cancel::new(), &|_| {}, &mut |chunk| {
        for frame in &chunk.frames {
            let is_bad = matches!(frame.kind, FrameKind::Bad(_));
            frames.push((frame.offset, chunk.bytes(frame).to_vec(), is_bad));
        }
        Ok(())
    });
    (summary.unwrap(), frames)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_is_framed(
        documents in vec(document(), 1..6),
        form in prop_oneof![Just(Form::Lines), Just(Form::Documents), Just(Form::Array)],
        compress in any::<bool>(),
        is_pipe in any::<bool>(),
        is_giant in any::<bool>(),
    ) {
        let (documents, resources): (Vec<Value>, Vec<Vec<Value>>) = documents.into_iter().unzip();
        let text = write(&documents, form);
        let stored = if compress { zstd::encode_all(text.as_bytes(), 1).unwrap() } else { text.clone().into() };
        let mut limits = Limits::default();
        if is_giant && matches!(form, Form::Documents) {
            // Just enough for each entry, so that Bundles are streamed.
            let longest = resources.iter().flatten().map(|r| format!("{:#}", json!([{"entry": [{"resource": r, "request": {"method": "POST"}}]}])).len());
            limits.line_bytes_max = longest.max().unwrap_or(64).max(64);
        }
        let (summary, frames) = frames(&stored, &limits, is_pipe);
        let good: Vec<_> = frames.iter().filter(|(_, _, is_bad)| !is_bad).collect();
        for (offset, bytes, _) in &good {
            prop_assert!(text.as_bytes()[*offset as usize..].starts_with(bytes));
        }
        let found: Vec<Value> =
            good.iter().map(|(_, bytes, _)| serde_json::from_slice(bytes).unwrap()).collect();
        prop_assert_eq!(found, resources.concat());
        prop_assert_eq!(summary.bad, u64::from(matches!(form, Form::Lines)));
        prop_assert_eq!(summary.bytes_decompressed, text.len() as u64);
    }

    #[test]
    fn a_text_that_is_cut_keeps_what_stands_before(
        documents in vec(document(), 1..6),
        cut in 0..2000_usize,
        is_pipe in any::<bool>(),
    ) {
        let (documents, resources): (Vec<Value>, Vec<Vec<Value>>) = documents.into_iter().unzip();
        let text = write(&documents, Form::Documents);
        let cut = cut % text.len();
        let (_, frames) = frames(&text.as_bytes()[..cut], &Limits::default(), is_pipe);
        let found = frames.iter().filter(|(_, _, is_bad)| !is_bad);
        let found: Vec<Value> =
            found.map(|(_, bytes, _)| serde_json::from_slice(bytes).unwrap()).collect();
        prop_assert_eq!(&found[..], &resources.concat()[..found.len()]);
    }
}
