//! Random damage to small inputs: nothing panics, nothing is framed that is not there, and good
//! lines survive their neighbours.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod source_support;

use proptest::collection::vec;
use proptest::prelude::*;
use salus_base::Limits;
use salus_lake::source::{Compression, FrameKind};
use source_support::{ReadBack, gzip, pieces, read_file, read_pipe, zstd};

const LINE: &str = r#"{"resourceType":"Patient","id":"1","name":[{"family":"Å\"\\"}]}"#;

const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"history","link":[{"relation":"next"}],"entry":[
 {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{"resourceType":"Patient","id":"1"},
  "request":{"method":"PUT","url":"Patient/1"},"response":{"status":"200","etag":"W/\"1\""}},
 {"request":{"method":"DELETE","url":"Patient/2"}},
 {"resource":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Group","x":[1,-2.5e3,null]}}]}},
 {"resource":{"resourceType":"OperationOutcome"},"search":{"mode":"outcome"}}
]}"#;

/// What damage puts in: what means something to some part of the reading.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\0",
    b" ",
    b"\xff",
    b"\xef\xbb\xbf",
    b"1e400",
    b"null",
    b"\"resourceType\":\"Bundle\"",
    b"\"entry\":[",
    b"\"resource\":",
    b"{\"resourceType\":\"Patient\"}",
    b"\n{",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"MSH|",
    b"[[[[[[[[[[[[[[[[[[[[",
    b"\"request\":{\"method\":\"DELETE\"}",
];

#[derive(Debug, Clone)]
enum Damage {
    Flip(usize, u8),
    Cut(usize, usize),
    Insert(usize, usize),
    Repeat(usize, usize),
    Truncate(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0..10_000_usize;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        (at(), 1..40_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        (at(), 0..PIECES.len()).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (at(), 1..200_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
        at().prop_map(Damage::Truncate),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    match *damage {
        Damage::Flip(at, byte) => bytes[at % length] ^= byte,
        Damage::Cut(at, count) => {
            let at = at % length;
            bytes.drain(at..length.min(at + count));
        }
        Damage::Insert(at, piece) => {
            let at = at % length;
            bytes.splice(at..at, PIECES[piece].iter().copied());
        }
        Damage::Repeat(at, count) => {
            let at = at % length;
            let again = bytes[at..length.min(at + count)].to_vec();
            bytes.splice(at..at, again);
        }
        Damage::Truncate(at) => bytes.truncate(at % length),
    }
}

fn seeds() -> Vec<String> {
    let one_line = BUNDLE.replace('\n', "");
    vec![
        format!("{LINE}\n{LINE}\r\n\n{LINE}"),
        BUNDLE.to_owned(),
        format!("{LINE}\n{one_line}\n{LINE}\n"),
        format!("[{LINE},\n{BUNDLE}, 7]"),
        format!("{BUNDLE}\n{BUNDLE}\n{{\n}}"),
        one_line,
    ]
}

fn input() -> impl Strategy<Value = Vec<u8>> {
    let before = vec(damage(), 0..6);
    let after = vec(damage(), 0..3);
    (0..seeds().len(), 0..3_usize, before, after).prop_map(|(seed, compress, before, after)| {
        let mut bytes = seeds().swap_remove(seed).into_bytes();
        before.iter().for_each(|damage| apply(&mut bytes, damage));
        if compress > 0 {
            bytes = if compress == 1 {
                gzip(&bytes)
            } else {
                zstd(&bytes)
            };
            after.iter().for_each(|damage| apply(&mut bytes, damage));
        }
        bytes
    })
}

fn check(bytes: &[u8], read: &ReadBack) {
    let is_plain = read.summary.compression == Compression::None;
    assert_eq!(read.summary.bytes, bytes.len() as u64);
    assert_eq!(read.summary.blake3, *blake3::hash(bytes).as_bytes());
    for piece in &read.pieces {
        let end = piece.offset + piece.length as u64;
        match &piece.kind {
            FrameKind::Bad(_) => {}
            _ => {
                assert!(end <= read.summary.bytes_decompressed);
                assert!(piece.text.starts_with('{'), "{:?}", piece.text);
                if is_plain {
                    let there = &bytes[piece.offset as usize..end as usize];
                    assert_eq!(there, piece.text.as_bytes());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_panics_and_never_invents(bytes in input(), line_bytes_max in 16..2000_usize) {
        let limits = Limits { line_bytes_max, ..Limits::default() };
        let from_file = read_file(&bytes, &limits);
        let from_pipe = read_pipe(&bytes, &limits);
        check(&bytes, &from_file);
        prop_assert_eq!(pieces(&from_file), pieces(&from_pipe));
        prop_assert_eq!(from_file.summary, from_pipe.summary);
    }

    #[test]
    fn good_lines_survive_any_junk_between_them(junk in vec(any::<u8>(), 0..200)) {
        let mut text = format!("{LINE}\n").into_bytes();
        text.extend(junk.iter().filter(|byte| **byte != b'\n'));
        text.extend(format!("\n{LINE}\n").bytes());
        let read = read_file(&text, &Limits::default());
        let good = read.pieces.iter().filter(|piece| piece.text == LINE).count();
        prop_assert_eq!(good, 2);
    }

    #[test]
    fn anything_at_all_can_be_read(bytes in vec(any::<u8>(), 0..600)) {
        check(&bytes, &read_file(&bytes, &Limits::default()));
    }
}
