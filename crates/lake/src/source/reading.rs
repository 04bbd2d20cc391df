//! Reading one source from its first byte to its last.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use salus_base::{Cancel, Limits};

use super::counted::Counted;
use super::decode::Decoder;
use super::defect::Defect;
use super::document;
use super::error::SourceError;
use super::frame::Chunk;
use super::input::{Input, InputKind};
use super::ndjson;
use super::run::{CHUNK_BYTES, Out, Pass, Run};
use super::sniff::{self, BOM, Shape};
use super::stream;
use super::summary::{Note, SourceKind, SourceSummary};
use super::window::Window;

/// Reads one source to its end and hands its chunks to `sink`, in order.
///
/// `progress` is told how many stored (compressed) bytes were read so far; never more than the
/// source has, also where it is read twice.
///
/// # Errors
/// If the source cannot be read, `cancel` was set, or `sink` gives an error. Chunks handed over
/// before stand.
pub fn read(
    input: &Input,
    limits: &Limits,
    cancel: &Cancel,
    progress: &dyn Fn(u64),
    sink: &mut dyn FnMut(Chunk) -> Result<(), SourceError>,
) -> Result<SourceSummary, SourceError> {
    let run = Run::new(&input.name, limits, cancel, progress);
    let mut out = Out::new(&run, sink);
    let mut window = Window::new(&run, decoder(input, &run)?);
    let shape = look(&mut window, &run)?;
    out.summary.kind = kind(shape);
    out.summary.compression = window.compression();
    let end = match shape {
        Shape::Ndjson => {
            ndjson::read(&mut window, &mut out)?;
            end(window, &mut out)?
        }
        Shape::Array => {
            stream::array(&mut window, &mut out)?;
            end(window, &mut out)?
        }
        Shape::Documents | Shape::Undecided => match document::read(&mut window, &mut out)? {
            document::Read::All => end(window, &mut out)?,
            document::Read::UpToLarge => large(input, &run, window, &mut out)?,
        },
        Shape::Empty => {
            if window.defect().is_none() {
                out.summary.note(Note::EmptySource);
            }
            end(window, &mut out)?
        }
        Shape::Foreign(what) => {
            out.add_bad(window.unread(), window.offset(), Defect::Foreign { what })?;
            end(window, &mut out)?
        }
    };
    let mut summary = out.summary;
    (summary.bytes, summary.blake3) = end.stored;
    summary.bytes_decompressed = end.bytes_decompressed;
    Ok(summary)
}

/// What is known when all was read.
struct End {
    /// Number and digest of the stored bytes.
    stored: (u64, [u8; 32]),
    bytes_decompressed: u64,
}

/// Says why the source ended too early, if it did, and reads what is left of it for the digest.
fn end(mut window: Window<'_>, out: &mut Out<'_>) -> Result<End, SourceError> {
    if let Some(defect) = window.defect().cloned() {
        out.add_bad(window.unread(), window.offset(), defect)?;
    }
    if let Some((defect, bytes)) = window.take_trailer() {
        out.add_bad(&bytes, window.produced(), defect)?;
    }
    out.flush()?;
    let bytes_decompressed = window.produced();
    Ok(End {
        stored: window.finish()?,
        bytes_decompressed,
    })
}

fn open(input: &Input, run: &Run<'_>) -> Result<Box<dyn Read>, SourceError> {
    match &input.kind {
        InputKind::Stdin => Ok(Box::new(io::stdin())),
        InputKind::File(path) | InputKind::Pipe(path) => {
            let file = File::open(path).map_err(|error| run.read_error(error))?;
            Ok(Box::new(file))
        }
        InputKind::Live(source) => match source.take() {
            Some(reader) => Ok(reader),
            None => {
                Err(run.read_error(io::Error::other("it was read before, and can be read once")))
            }
        },
    }
}

fn decoder(input: &Input, run: &Run<'_>) -> Result<Decoder, SourceError> {
    let counted = Counted::new(open(input, run)?);
    Decoder::new(counted, run.limits).map_err(|error| run.read_error(error))
}

/// Passes over a byte order mark and looks what comes.
fn look(window: &mut Window<'_>, run: &Run<'_>) -> Result<Shape, SourceError> {
    window.fill_to(CHUNK_BYTES)?;
    if window.unread().starts_with(BOM) {
        window.skip(BOM.len());
    }
    loop {
        let shape = sniff::shape(window.unread(), window.ended());
        let is_enough = window.unread().len() > run.limits.line_bytes_max;
        if shape != Shape::Undecided || is_enough {
            return Ok(shape);
        }
        window.fill_to(window.unread().len() + CHUNK_BYTES)?;
    }
}

fn kind(shape: Shape) -> SourceKind {
    match shape {
        Shape::Empty => SourceKind::Empty,
        Shape::Foreign(_) => SourceKind::Foreign,
        Shape::Ndjson => SourceKind::Ndjson,
        Shape::Array => SourceKind::Array,
        Shape::Documents | Shape::Undecided => SourceKind::Document,
    }
}

/// Reads a document that is too large to be held, and those after it: in two passes, over the file
/// or a copy. `window` stands at its beginning.
fn large(
    input: &Input,
    run: &Run<'_>,
    window: Window<'_>,
    out: &mut Out<'_>,
) -> Result<End, SourceError> {
    out.flush()?;
    match input.kind {
        InputKind::File(_) => large_file(input, run, window.offset(), out),
        InputKind::Pipe(_) | InputKind::Stdin | InputKind::Live(_) => large_pipe(run, window, out),
    }
}

fn large_file(
    input: &Input,
    run: &Run<'_>,
    offset: u64,
    out: &mut Out<'_>,
) -> Result<End, SourceError> {
    run.pass(Pass::First);
    let mut window = Window::new(run, decoder(input, run)?);
    window.skip_to(offset)?;
    let surveys = stream::survey(&mut window, run)?;
    let first = window.finish()?;
    run.pass(Pass::Second(first.0));
    let mut window = Window::new(run, decoder(input, run)?);
    window.skip_to(offset)?;
    stream::emit(&mut window, out, surveys)?;
    let end = end(window, out)?;
    if end.stored != first {
        return Err(SourceError::Changed {
            name: run.name.to_owned(),
        });
    }
    Ok(end)
}

fn large_pipe(
    run: &Run<'_>,
    mut window: Window<'_>,
    out: &mut Out<'_>,
) -> Result<End, SourceError> {
    let offset = window.offset();
    let mut copy = tempfile::tempfile().map_err(|error| run.spool_error(error))?;
    spool(&mut window, run, &mut copy)?;
    let (defect, trailer) = (window.defect().cloned(), window.take_trailer());
    let bytes_decompressed = window.produced();
    let stored = window.finish()?;
    run.pass(Pass::Copy);
    let mut first = Window::over_copy(run, copied(&copy, run)?, offset, defect.clone());
    let surveys = stream::survey(&mut first, run)?;
    let mut second = Window::over_copy(run, copied(&copy, run)?, offset, defect);
    stream::emit(&mut second, out, surveys)?;
    end(second, out)?;
    if let Some((defect, bytes)) = trailer {
        out.add_bad(&bytes, bytes_decompressed, defect)?;
        out.flush()?;
    }
    Ok(End {
        stored,
        bytes_decompressed,
    })
}

/// Writes the rest of a source to a file, lightly compressed.
fn spool(window: &mut Window<'_>, run: &Run<'_>, copy: &mut File) -> Result<(), SourceError> {
    let failed = |error| run.spool_error(error);
    let mut encoder = zstd::stream::write::Encoder::new(copy, 1).map_err(failed)?;
    loop {
        let text = window.unread();
        encoder.write_all(text).map_err(failed)?;
        let count = text.len();
        window.skip(count);
        if window.ended() {
            encoder.finish().map_err(failed)?;
            return Ok(());
        }
        window.fill_more()?;
    }
}

/// The copy that [`spool`] wrote, from its beginning.
fn copied(copy: &File, run: &Run<'_>) -> Result<Decoder, SourceError> {
    let failed = |error| run.spool_error(error);
    let mut file = copy.try_clone().map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    // What is in it passed the limits before.
    let limits = Limits {
        decompression_ratio_max: u64::MAX,
        ..*run.limits
    };
    Decoder::new(Counted::new(Box::new(file)), &limits).map_err(failed)
}
