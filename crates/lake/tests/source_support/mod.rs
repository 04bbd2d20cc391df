//! Reading bytes as a source, for the tests of `source`.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::io::Write;
use std::path::Path;

use salus_base::{Cancel, Limits};
use salus_lake::source::{self, FrameKind, Input, InputKind, SourceError, SourceSummary};

/// What a source came to.
pub struct ReadBack {
    pub pieces: Vec<Piece>,
    pub chunks: usize,
    pub summary: SourceSummary,
    pub progress_max: u64,
}

/// A frame with its bytes.
pub struct Piece {
    pub offset: u64,
    pub text: String,
    pub length: usize,
    pub kind: FrameKind,
}

/// Limits that make a few MiB a lot.
pub fn small_limits() -> Limits {
    Limits {
        line_bytes_max: 1 << 20,
        ..Limits::default()
    }
}

pub fn read_bytes(bytes: &[u8]) -> ReadBack {
    read_file(bytes, &Limits::default())
}

pub fn read_file(bytes: &[u8], limits: &Limits) -> ReadBack {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    read_path(InputKind::File(file.path().to_owned()), limits).unwrap()
}

/// As [`read_file`], but as something that cannot be read twice.
pub fn read_pipe(bytes: &[u8], limits: &Limits) -> ReadBack {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    read_path(InputKind::Pipe(file.path().to_owned()), limits).unwrap()
}

pub fn read_path(kind: InputKind, limits: &Limits) -> Result<ReadBack, SourceError> {
    let input = Input {
        name: "source".to_owned(),
        kind,
        size_bytes: None,
    };
    let (mut pieces, mut chunks) = (Vec::new(), 0);
    let progress_max = Cell::new(0);
    let summary = source::read(
        &input,
        limits,
        &Cancel::new(),
        &|bytes| {
            assert!(bytes > progress_max.get(), "progress only grows");
            progress_max.set(bytes);
        },
        &mut |chunk| {
            chunks += 1;
            let texts: Vec<Vec<u8>> = chunk
                .frames
                .iter()
                .map(|frame| chunk.bytes(frame).to_vec())
                .collect();
            for (frame, bytes) in chunk.frames.into_iter().zip(texts) {
                assert_eq!(bytes.len(), (frame.end - frame.start) as usize);
                let (length, offset) = (bytes.len(), frame.offset);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                pieces.push(Piece {
                    offset,
                    text,
                    length,
                    kind: frame.kind,
                });
            }
            Ok(())
        },
    )?;
    assert_eq!(
        summary.resources + summary.deletes + summary.bad,
        pieces.len() as u64,
        "the summary counts what was handed over"
    );
    Ok(ReadBack {
        pieces,
        chunks,
        summary,
        progress_max: progress_max.get(),
    })
}

pub fn read_named(path: &Path) -> Result<ReadBack, SourceError> {
    read_path(InputKind::File(path.to_owned()), &Limits::default())
}

/// Each frame as a line of text.
pub fn pieces(read: &ReadBack) -> Vec<String> {
    read.pieces.iter().map(show).collect()
}

fn show(piece: &Piece) -> String {
    let Piece {
        offset, text, kind, ..
    } = piece;
    match kind {
        FrameKind::Line => format!("{offset} line {text}"),
        FrameKind::Whole => format!("{offset} whole {text}"),
        FrameKind::Element => format!("{offset} element {text}"),
        FrameKind::Entry(info) => {
            format!(
                "{offset} entry {}/{} {text}",
                info.bundle.number, info.index
            )
        }
        FrameKind::Delete(info) => format!(
            "{offset} delete {}/{} {}/{} {text}",
            info.bundle.number, info.index, info.resource_type, info.id
        ),
        FrameKind::Bad(defect) => format!("{offset} bad {} {defect}: {text}", defect.code()),
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn gzip_best(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd_checked(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}
