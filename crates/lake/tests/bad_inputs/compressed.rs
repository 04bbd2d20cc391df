//! gzip and zstd.

use super::{Case, GOOD, bytes};
use crate::source_support::{gzip, gzip_best, zstd, zstd_checked};

fn lines(count: usize) -> Vec<u8> {
    let line = |i: usize| format!("{}\n", GOOD.replace("good", &format!("good-{}", i * 7919)));
    (0..count).map(line).collect::<String>().into_bytes()
}

fn cut(mut bytes: Vec<u8>, keep: usize) -> Vec<u8> {
    bytes.truncate(keep);
    bytes
}

fn flipped(mut bytes: Vec<u8>, from_end: usize) -> Vec<u8> {
    let at = bytes.len() - from_end;
    bytes[at] ^= 0xff;
    bytes
}

fn and(mut bytes: Vec<u8>, more: &[u8]) -> Vec<u8> {
    bytes.extend(more);
    bytes
}

pub fn cases() -> Vec<Case> {
    let half = |bytes: Vec<u8>| {
        let length = bytes.len();
        cut(bytes, length / 2)
    };
    vec![
        bytes("gzip that ends too early", move || half(gzip(&lines(1000)))),
        bytes("gzip that ends in its header", || cut(gzip(&lines(1)), 6)),
        bytes("gzip that ends before its checksum", || {
            let bytes = gzip(&lines(10));
            let length = bytes.len();
            cut(bytes, length - 8)
        }),
        bytes("gzip with a wrong checksum", || {
            flipped(gzip(&lines(10)), 8)
        }),
        bytes("gzip with a wrong length", || flipped(gzip(&lines(10)), 4)),
        bytes("gzip with a flipped byte", || {
            flipped(gzip(&lines(1000)), 5000)
        }),
        bytes("gzip of another method", || {
            b"\x1f\x8b\x07\0\0\0\0\0\0\x03abc".to_vec()
        }),
        bytes("two magic bytes of gzip alone", || b"\x1f\x8b".to_vec()),
        bytes("gzip and then garbage", || and(gzip(&lines(2)), b"garbage")),
        bytes("gzip and then zeros", || and(gzip(&lines(2)), &[0; 100])),
        bytes("gzip and then NDJSON", || and(gzip(&lines(2)), &lines(1))),
        bytes("gzip of gzip", || gzip(&gzip(&lines(2)))),
        bytes("gzip of nothing", || gzip(b"")),
        bytes("gzip of zstd", || gzip(&zstd(&lines(2)))),
        bytes("gzip bomb", || {
            gzip_best(&and(lines(1), &vec![b' '; 64 << 20]))
        }),
        bytes("zstd bomb", || zstd(&and(lines(1), &vec![b'\n'; 64 << 20]))),
        bytes("gzip bomb in one string", || {
            gzip_best(&and(
                b"{\"resourceType\":\"Patient\",\"id\":\"".to_vec(),
                &vec![b'a'; 64 << 20],
            ))
        }),
        bytes("zstd that ends too early", move || half(zstd(&lines(1000)))),
        bytes("zstd that ends in its header", || cut(zstd(&lines(1)), 5)),
        bytes("zstd with a flipped byte", || {
            let bytes = zstd(&lines(1000));
            let middle = bytes.len() / 2;
            flipped(bytes, middle)
        }),
        bytes("zstd with a wrong checksum", || {
            flipped(zstd_checked(&lines(10)), 2)
        }),
        bytes("zstd and then garbage", || and(zstd(&lines(2)), b"garbage")),
        bytes("a Bundle in gzip that ends too early", move || {
            let text = String::from_utf8(lines(1000)).unwrap();
            let entries: Vec<String> = text
                .lines()
                .map(|line| format!("{{\"resource\":{line}}}"))
                .collect();
            half(gzip(
                format!(
                    "{{\"resourceType\":\"Bundle\",\"entry\":[\n{}]}}",
                    entries.join(",\n")
                )
                .as_bytes(),
            ))
        }),
    ]
}
