//! What a source holds, found by looking at its first bytes.

use super::cursor;
use super::defect::JsonKind;
use super::foreign::{self, Foreign};
use super::scan::{Step, ValueScan, is_space};

/// How far into a first value that spans several lines is looked.
const LOOK_BYTES: usize = 256 << 10;

/// The byte order mark of UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// What the decompressed text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Empty,
    Foreign(Foreign),
    Ndjson,
    Array,
    Documents,
    /// The first line is not yet at its end.
    Undecided,
}

/// Looks at `head`, the beginning of a source without its byte order mark; `whole` says that there
/// is no more.
pub(super) fn shape(head: &[u8], whole: bool) -> Shape {
    if let Some(foreign) = foreign::by_magic(head) {
        return Shape::Foreign(foreign);
    }
    let Some(start) = head.iter().position(|byte| !is_space(*byte)) else {
        return if whole { Shape::Empty } else { Shape::Ndjson };
    };
    let text = head.get(start..).unwrap_or_default();
    match text.first() {
        Some(b'{') => json(text, whole, Shape::Documents),
        Some(b'[') => json(text, whole, Shape::Array),
        _ => other(text, whole),
    }
}

/// The shape of text that begins with `{` or `[`: lines, or what `one` says.
fn json(text: &[u8], whole: bool, one: Shape) -> Shape {
    let first_line = memchr::memchr(b'\n', text);
    let look = first_line.map_or(text.len(), |end| text.len().min(end + LOOK_BYTES));
    let mut scan = ValueScan::new();
    let step = scan.feed(text.get(..look).unwrap_or(text));
    let in_first_line = |at: usize| first_line.is_none_or(|end| at <= end);
    match step {
        Step::Done(end) => {
            let rest = text.get(end..).unwrap_or_default();
            let is_alone = rest.iter().all(|byte| is_space(*byte));
            let is_one = is_alone && whole || one == Shape::Array && first_line.is_none();
            if in_first_line(end) && !is_one {
                Shape::Ndjson
            } else {
                one
            }
        }
        Step::More if first_line.is_none() && !whole => Shape::Undecided,
        Step::More if look < text.len() => one,
        Step::More if !whole => one,
        Step::More => lines_or(text, one),
        Step::Broken(at, _) if in_first_line(at) && looks_like_lines(text) => Shape::Ndjson,
        Step::Broken(..) => lines_or(text, one),
    }
}

/// Lines if some line is a resource by itself, else `one`.
fn lines_or(text: &[u8], one: Shape) -> Shape {
    if text
        .split(|byte| *byte == b'\n')
        .take(1000)
        .any(is_resource)
    {
        Shape::Ndjson
    } else {
        one
    }
}

/// Whether a line, without indentation, is one whole object with a `resourceType`.
fn is_resource(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    if line.first() != Some(&b'{') {
        return false;
    }
    ValueScan::new().feed(line) == Step::Done(line.len()) && cursor::resource_type(line).is_some()
}

/// Whether a first line that is broken is meant to stand by itself.
fn looks_like_lines(text: &[u8]) -> bool {
    let mut lines = text
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    let first = lines.next().unwrap_or_default();
    let second = lines.find(|line| !line.is_empty());
    first.ends_with(b"}")
        || second.is_some_and(|second| second.starts_with(b"{"))
        || text
            .split(|byte| *byte == b'\n')
            .take(1000)
            .any(is_resource)
}

/// The shape of text that begins with something else: lines if some line is meant as a resource, or
/// the first line is at least JSON.
fn other(text: &[u8], whole: bool) -> Shape {
    let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_first_whole = whole || first_line.len() < text.len();
    let is_json = is_first_whole
        && first_line
            .first()
            .is_some_and(|first| JsonKind::of(*first).is_some())
        && serde_json::from_slice::<serde::de::IgnoredAny>(first_line).is_ok();
    if is_json
        || text
            .split(|byte| *byte == b'\n')
            .take(1000)
            .any(is_resource)
    {
        return Shape::Ndjson;
    }
    match foreign::by_look(text) {
        look if is_first_whole || look == Foreign::Binary => Shape::Foreign(look),
        _ => Shape::Undecided,
    }
}
