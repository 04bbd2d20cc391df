//! Resources from files, one by one, however they are packed: for commands that look at records without a lake.

use salus_base::{Cancel, Diagnostic, Limits, Place};
use salus_lake::source::{FrameKind, Input, SourceError, discover, read};

use crate::error::CliError;
use crate::face::Face;

/// One resource of a source.
#[derive(Debug, Clone, Copy)]
pub struct Record<'r> {
    /// Its JSON.
    pub text: &'r str,
    /// The source as the user knows it.
    pub source: &'r str,
    /// Its first byte in the decompressed source.
    pub offset: u64,
}

/// What was passed over.
#[derive(Debug, Default, Clone, Copy)]
pub struct Passed {
    /// Pieces that are no resource.
    pub bad: u64,
}

/// Calls `each` for every resource under the paths: files, folders, patterns or `-`; NDJSON, Bundles, single
/// resources; plain, `.gz`, `.zst`. What is no resource is shown as a warning and passed over.
pub fn for_each(
    face: &Face,
    limits: &Limits,
    cancel: &Cancel,
    paths: &[String],
    each: &mut dyn FnMut(Record<'_>) -> Result<(), CliError>,
) -> Result<Passed, CliError> {
    let (inputs, found) = discover(paths)?;
    found.iter().for_each(|one| face.trouble(one));
    if inputs.is_empty() {
        return Err(CliError::NothingToLoad {
            paths: paths.join(" "),
        });
    }
    let mut passed = Passed::default();
    for input in &inputs {
        source(face, limits, cancel, input, each, &mut passed)?;
    }
    Ok(passed)
}

fn source(
    face: &Face,
    limits: &Limits,
    cancel: &Cancel,
    input: &Input,
    each: &mut dyn FnMut(Record<'_>) -> Result<(), CliError>,
    passed: &mut Passed,
) -> Result<(), CliError> {
    let mut failure = None;
    let mut sink = |chunk: salus_lake::source::Chunk| {
        for frame in &chunk.frames {
            let text = match &frame.kind {
                FrameKind::Line | FrameKind::Whole | FrameKind::Element | FrameKind::Entry(_) => {
                    std::str::from_utf8(chunk.bytes(frame)).ok()
                }
                FrameKind::Delete(_) => continue,
                FrameKind::Bad(defect) => {
                    let place = Place::in_file(&*input.name).byte(frame.offset);
                    face.trouble(&Diagnostic::warning(defect.code(), defect.to_string()).at(place));
                    None
                }
            };
            let Some(text) = text else {
                passed.bad += 1;
                continue;
            };
            let record = Record {
                text,
                source: &input.name,
                offset: frame.offset,
            };
            if let Err(error) = each(record) {
                failure = Some(error);
                return Err(SourceError::sink("stopped"));
            }
        }
        Ok(())
    };
    let done = read(input, limits, cancel, &|_| {}, &mut sink);
    match (failure, done) {
        (Some(error), _) => Err(error),
        (None, done) => Ok(done.map(|_| ())?),
    }
}
