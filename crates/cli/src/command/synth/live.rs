//! Records on their way into the lake while the next are made up.

use std::io::{self, Read};
use std::sync::mpsc::Receiver;

use salus_lake::source::{Input, InputKind, LiveSource};
use salus_synth::{Chunk, Chunks, Options, stream};

use super::made;
use crate::app::Outcome;
use crate::command::load::{Job, outcome};
use crate::command::summary;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::Face;
use crate::lake;
use crate::work::Work;

/// Pieces that wait for the loader.
const WAITING: usize = 64;

/// Makes records up and loads them at once.
pub fn load(face: &Face, settings: &Settings, options: Options) -> Result<Outcome, CliError> {
    let work = Work::start(face)?;
    let lake = lake::open_or_create(&work, settings)?;
    let (sink, chunks) = Chunks::new(WAITING);
    let name = format!(
        "salus synth --patients {} --years {} --seed {} --end-date {}",
        options.patients, options.years, options.seed, options.end_date
    );
    let job = Job {
        command: name.clone(),
        inputs: vec![Input {
            name,
            kind: InputKind::Live(LiveSource::new(Lines::new(chunks))),
            size_bytes: None,
        }],
        workers: None,
        layout: salus_lake::ingest::Layout::default(),
    };
    let (made_up, loaded) = std::thread::scope(|scope| {
        let options = &options;
        // The sink goes when all is made: that is the end of the source.
        let maker = scope.spawn(move || {
            let mut sink = sink;
            stream(options, &mut sink)
        });
        let loaded = job.run(face, settings, &lake, &work.cancel);
        let made_up = match maker.join() {
            Ok(made_up) => made_up,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        (made_up, loaded)
    });
    let (loaded, took) = loaded?;
    face.talk(&summary::text(face, &loaded, took));
    if !loaded.stopped {
        face.talk(&format!("Made up {}", made(&options, &made_up?)));
        summary::next(face, settings, &loaded);
    }
    work.end();
    Ok(outcome(&loaded))
}

/// The chunks as one text.
struct Lines {
    chunks: Receiver<Chunk>,
    chunk: Vec<u8>,
    at: usize,
}

impl Lines {
    fn new(chunks: Receiver<Chunk>) -> Self {
        Self {
            chunks,
            chunk: Vec::new(),
            at: 0,
        }
    }
}

impl Read for Lines {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.chunk.len() {
            match self.chunks.recv() {
                Ok(chunk) => (self.chunk, self.at) = (chunk.ndjson.into_bytes(), 0),
                Err(_) => return Ok(0),
            }
        }
        let mut rest = self.chunk.get(self.at..).unwrap_or_default();
        let read = rest.read(out)?;
        self.at += read;
        Ok(read)
    }
}
