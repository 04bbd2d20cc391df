//! What `source::read` frames, and where.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod source_support;

use salus_lake::source::{BundleKind, Compression, FrameKind, Note, SourceKind};
use source_support::{Piece, gzip, pieces, read_bytes, read_file, small_limits, zstd};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"1"}"#;

fn texts(pieces: &[Piece]) -> Vec<(u64, String)> {
    pieces
        .iter()
        .map(|piece| (piece.offset, piece.text.clone()))
        .collect()
}

#[test]
fn each_line_of_ndjson_is_a_frame_with_its_offset() {
    let text = "\u{feff}{\"a\":1}\r\n\n  \t\n {\"b\":2} \n{\"c\":3}";
    let read = read_bytes(text.as_bytes());
    let wanted = [(3, r#"{"a":1}"#), (18, r#"{"b":2}"#), (27, r#"{"c":3}"#)];
    assert_eq!(
        texts(&read.pieces),
        wanted.map(|(at, text)| (at, text.to_owned()))
    );
    assert_eq!((read.summary.lines, read.summary.resources), (3, 3));
    assert_eq!(read.summary.kind, SourceKind::Ndjson);
}

#[test]
fn many_chunks_lose_no_line_and_no_offset() {
    // Not so dull that it looks like a decompression bomb.
    let dull = |i: usize| format!("é{}", i * i * 7919).repeat(i % 70);
    let line = |i: usize| {
        format!(
            "{{\"resourceType\":\"Patient\",\"id\":\"{i}\",\"x\":\"{}\"}}",
            dull(i)
        )
    };
    let mut text = String::new();
    let mut wanted = Vec::new();
    for i in 0..20_000 {
        wanted.push((text.len() as u64, line(i)));
        text.push_str(&line(i));
        text.push('\n');
    }
    assert!(text.len() > 8 << 20, "{}", text.len());
    for bytes in [
        text.as_bytes().to_vec(),
        gzip(text.as_bytes()),
        zstd(text.as_bytes()),
    ] {
        let read = read_bytes(&bytes);
        assert!(read.chunks > 1);
        assert!(texts(&read.pieces) == wanted);
        assert_eq!(read.summary.blake3, *blake3::hash(&bytes).as_bytes());
        assert_eq!(read.summary.bytes, bytes.len() as u64);
        assert_eq!(read.summary.bytes_decompressed, text.len() as u64);
    }
}

#[test]
fn several_gzip_members_and_zstd_frames_are_one_text() {
    for (kind, compress) in [
        (Compression::Gzip, gzip as fn(&[u8]) -> Vec<u8>),
        (Compression::Zstd, zstd),
    ] {
        let mut bytes = compress(b"{\"a\":1}\n{\"b");
        bytes.extend(compress(b""));
        bytes.extend(compress(b"\":2}\n"));
        let read = read_bytes(&bytes);
        assert_eq!(pieces(&read), ["0 line {\"a\":1}", "8 line {\"b\":2}"]);
        assert_eq!(read.summary.compression, kind);
    }
    let mut padded = gzip(b"{\"a\":1}\n");
    padded.extend([0; 512]);
    assert_eq!(pieces(&read_bytes(&padded)), ["0 whole {\"a\":1}"]);
}

#[test]
fn one_document_is_one_frame_pretty_or_not() {
    let pretty = "{\n  \"resourceType\": \"Patient\",\n  \"id\": \"1\"\n}\n";
    for text in [PATIENT, pretty] {
        let read = read_bytes(text.as_bytes());
        assert_eq!(pieces(&read), [format!("0 whole {}", text.trim_end())]);
        assert_eq!(read.summary.kind, SourceKind::Document);
    }
}

#[test]
fn documents_one_after_the_other_are_all_framed() {
    let text = "{\n \"a\": 1\n}\n{\n \"b\": 2\n}{\"c\":3}";
    let read = read_bytes(text.as_bytes());
    let wanted = [
        "0 whole {\n \"a\": 1\n}",
        "12 whole {\n \"b\": 2\n}",
        "23 whole {\"c\":3}",
    ];
    assert_eq!(pieces(&read), wanted);
}

#[test]
fn items_of_an_array_are_framed() {
    let text = "[\n{\"a\":1}, 5 ,\n{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"X\"}}]}]";
    let read = read_bytes(text.as_bytes());
    let wanted = [
        "2 element {\"a\":1}",
        "11 bad SAL-SRC-0015 a JSON number, where a resource (a JSON object) is expected: 5",
        "61 entry 0/0 {\"resourceType\":\"X\"}",
    ];
    assert_eq!(pieces(&read), wanted);
    assert_eq!(read.summary.kind, SourceKind::Array);
}

#[test]
fn a_bundle_is_opened_as_a_line_and_as_a_document() {
    let bundle = concat!(
        r#"{"resourceType":"Bundle","type":"transaction","entry":["#,
        r#"{"fullUrl":"urn:uuid:00000000-0000-4000-8000-00000000000A","#,
        r#""resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},"#,
        r#"{"resource":{"resourceType":"Observation","id":"o"},"#,
        r#""request":{"method":"put","url":"Observation\/o"}},"#,
        r#"{"request":{"method":"DELETE","url":"Group/g"},"response":{"etag":"W/\"3\""}}]}"#
    );
    for text in [bundle.to_owned(), format!("{PATIENT}\n{bundle}\n")] {
        let read = read_bytes(text.as_bytes());
        let entries: Vec<&Piece> = read
            .pieces
            .iter()
            .filter(|piece| !matches!(piece.kind, FrameKind::Line))
            .collect();
        let FrameKind::Entry(first) = &entries[0].kind else {
            panic!()
        };
        assert_eq!(first.bundle.kind, BundleKind::Transaction);
        let id = first.id_if_missing().unwrap();
        assert_eq!(id, "00000000-0000-4000-8000-00000000000a");
        let resolved = first
            .bundle
            .names
            .resolve(first.full_url.as_deref().unwrap());
        assert_eq!(resolved, Some(format!("Patient/{id}")));
        let FrameKind::Entry(second) = &entries[1].kind else {
            panic!()
        };
        assert_eq!(second.url.as_deref(), Some("Observation/o"));
        assert_eq!(
            entries[1].text,
            r#"{"resourceType":"Observation","id":"o"}"#
        );
        let FrameKind::Delete(third) = &entries[2].kind else {
            panic!()
        };
        let named = (
            third.resource_type.as_str(),
            third.id.as_str(),
            third.version.as_deref(),
        );
        assert_eq!(named, ("Group", "g", Some("3")));
        for piece in entries {
            let at = piece.offset as usize;
            assert_eq!(
                text.get(at..at + piece.text.len()),
                Some(piece.text.as_str())
            );
        }
    }
}

#[test]
fn entries_that_are_no_records_are_left_out_with_a_note() {
    let text = concat!(
        r#"{"entry":[{"resource":{"resourceType":"OperationOutcome"},"search":{"mode":"outcome"}},"#,
        r#"{"request":{"method":"GET","url":"Patient"}},{"response":{"status":"200"}},"#,
        r#"{"resource":{"resourceType":"Patient"},"search":{"mode":"match"}}],"#,
        r#""link":[{"relation":"next"}],"type":"searchset","resourceType":"Bundle"}"#
    );
    let read = read_bytes(text.as_bytes());
    assert_eq!(
        pieces(&read),
        [r#"174 entry 0/3 {"resourceType":"Patient"}"#]
    );
    let notes: Vec<Note> = read.summary.notes.keys().copied().collect();
    let wanted = [
        Note::SearchOutcome,
        Note::ReadRequest,
        Note::ResponseOnly,
        Note::NextPage,
    ];
    assert_eq!(notes, wanted);
}

#[test]
fn a_history_comes_oldest_first() {
    let text = concat!(
        r#"{"resourceType":"Bundle","type":"history","entry":["#,
        r#"{"request":{"method":"DELETE","url":"A/1/_history/2"}},"#,
        r#"{"resource":{"resourceType":"A","id":"1"},"request":{"method":"POST","url":"A"}}]}"#
    );
    let read = read_bytes(text.as_bytes());
    let wanted = [
        r#"118 entry 0/1 {"resourceType":"A","id":"1"}"#.to_owned(),
        format!(
            "51 delete 0/0 A/1 {}",
            r#"{"request":{"method":"DELETE","url":"A/1/_history/2"}}"#
        ),
    ];
    assert_eq!(pieces(&read), wanted);
}

#[test]
fn nested_bundles_are_opened_four_deep() {
    let mut text = PATIENT.to_owned();
    for _ in 0..5 {
        text = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{text}}}]}}"#);
    }
    let read = read_bytes(text.as_bytes());
    assert_eq!(pieces(&read), [format!("230 entry 4/0 {PATIENT}")]);
    let deeper = format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{text}}}]}}"#);
    let read = read_bytes(deeper.as_bytes());
    assert_eq!(read.summary.bundles, 5);
    assert!(
        pieces(&read)[0].contains("nested deeper than 4 Bundles"),
        "{:?}",
        pieces(&read)
    );
}

/// A Bundle of which every entry is small, but the whole is larger than the limits of the test.
fn giant(entries: usize, after: &str) -> String {
    let entry = |i: usize| {
        format!(
            "{{\"fullUrl\":\"urn:uuid:00000000-0000-4000-8000-{i:012}\",\n\
             \"resource\":{{\"resourceType\":\"Patient\",\"id\":\"p{i}\"}}}}"
        )
    };
    let entries: Vec<String> = (0..entries).map(entry).collect();
    format!(
        "{{\"entry\": [{}],\n\"resourceType\":\"Bundle\",{after}}}\n",
        entries.join(",\n")
    )
}

#[test]
fn a_giant_bundle_is_streamed_with_the_names_of_all_its_entries() {
    let text = giant(40_000, r#""type":"collection""#);
    let plain = text.as_bytes().to_vec();
    for bytes in [plain.clone(), gzip(&plain)] {
        let from_pipe = read_bytes_with(&bytes);
        let from_file = read_file(&bytes, &small_limits());
        for read in [from_pipe, from_file] {
            assert_eq!(read.pieces.len(), 40_000);
            assert_eq!((read.summary.bundles, read.summary.bad), (1, 0));
            assert_eq!(read.summary.blake3, *blake3::hash(&bytes).as_bytes());
            assert_eq!(read.summary.bytes_decompressed, text.len() as u64);
            let FrameKind::Entry(first) = &read.pieces[0].kind else {
                panic!()
            };
            assert_eq!(first.bundle.kind, BundleKind::Collection);
            let last = first
                .bundle
                .names
                .resolve("urn:uuid:00000000-0000-4000-8000-000000039999");
            assert_eq!(last.as_deref(), Some("Patient/p39999"));
            for (i, piece) in read.pieces.iter().enumerate() {
                assert_eq!(
                    piece.text,
                    format!(r#"{{"resourceType":"Patient","id":"p{i}"}}"#)
                );
                let at = piece.offset as usize;
                assert_eq!(
                    text.get(at..at + piece.text.len()),
                    Some(piece.text.as_str())
                );
            }
            assert!(read.progress_max <= bytes.len() as u64);
        }
    }
}

fn read_bytes_with(bytes: &[u8]) -> source_support::ReadBack {
    source_support::read_pipe(bytes, &small_limits())
}

#[test]
fn what_stands_before_the_break_of_a_giant_bundle_is_kept() {
    let text = giant(40_000, "");
    let cut = &text.as_bytes()[..text.len() / 2];
    for read in [read_bytes_with(cut), read_file(cut, &small_limits())] {
        assert!((19_000..21_000).contains(&read.summary.resources));
        assert_eq!(read.summary.bad, 1);
    }
    let mut truncated = gzip(text.as_bytes());
    truncated.truncate(truncated.len() / 2);
    for read in [
        read_bytes_with(&truncated),
        read_file(&truncated, &small_limits()),
    ] {
        assert!(read.summary.resources > 10_000);
        assert_eq!(read.summary.bad, 1);
        assert!(
            pieces(&read)
                .last()
                .unwrap()
                .contains("gzip data ends too early")
        );
    }
}

#[test]
fn what_follows_a_giant_bundle_is_read_too() {
    let text = format!("{}{{\n\"resourceType\":\"Patient\"\n}}", giant(40_000, ""));
    // The trailing comma of `giant` with nothing after it breaks the Bundle only at its end.
    let read = read_file(text.as_bytes(), &small_limits());
    assert_eq!(read.summary.resources, 40_001);
    assert_eq!(read.summary.bad, 1);
}

#[test]
fn a_first_line_that_is_broken_does_not_hide_the_others() {
    for poison in [
        "{\"resourceType\":\"Patient\"",
        "{\"a\":\"",
        "oops",
        "{'a':1}",
        "[1,",
        "{\"a\":1},",
        "12",
    ] {
        let text = format!("{poison}\n{PATIENT}\n{PATIENT}\n");
        let read = read_bytes(text.as_bytes());
        let good = read
            .pieces
            .iter()
            .filter(|piece| piece.text == PATIENT)
            .count();
        assert_eq!(good, 2, "{poison}: {:?}", pieces(&read));
    }
}

#[test]
fn a_line_over_the_limit_is_passed_over_wherever_it_stands() {
    let long = format!("{{\"x\":\"{}\"}}", "x".repeat(9 << 20));
    for text in [
        format!("{long}\n{PATIENT}\n{PATIENT}\n"),
        format!("{PATIENT}\n{long}\n{PATIENT}\n"),
        format!("{PATIENT}\n{PATIENT}\n{long}"),
    ] {
        for read in [
            read_bytes_with(text.as_bytes()),
            read_file(text.as_bytes(), &small_limits()),
        ] {
            assert_eq!((read.summary.resources, read.summary.bad), (2, 1));
            let bad = read
                .pieces
                .iter()
                .find(|piece| piece.text != PATIENT)
                .unwrap();
            assert_eq!(bad.text.len(), 64 << 10);
            let words = format!("{} bytes long", long.len());
            assert!(
                pieces(&read).iter().any(|piece| piece.contains(&words)),
                "{words}"
            );
        }
    }
}

#[test]
fn a_million_tiny_bad_pieces_come_in_chunks_that_stay_small() {
    let lines = "1\n".repeat(1 << 20);
    let array = format!("[\n{}1]", "1,".repeat(1 << 20));
    for (text, count) in [(lines, 1 << 20), (array, (1 << 20) + 1)] {
        let read = read_bytes(text.as_bytes());
        assert_eq!(read.summary.bad, count);
        assert!(read.chunks >= 16, "{}", read.chunks);
        let offsets: Vec<u64> = read.pieces.iter().map(|piece| piece.offset).collect();
        assert!(offsets.windows(2).all(|pair| pair[1] == pair[0] + 2));
    }
}

#[test]
fn a_million_hollow_entries_are_told_together() {
    let text = format!(
        "{{\"resourceType\":\"Bundle\",\"entry\":[{}{{\"resource\":{PATIENT}}}]}}",
        "{},null,".repeat(500_000)
    );
    let read = read_bytes(text.as_bytes());
    assert_eq!((read.summary.resources, read.summary.bad), (1, 1001));
    let told = pieces(&read);
    assert!(
        told.iter()
            .any(|piece| piece.contains("999000 more entries of this Bundle"))
    );
    let FrameKind::Entry(info) = &read.pieces[1000].kind else {
        panic!()
    };
    assert_eq!(info.index, 1_000_000);
}
