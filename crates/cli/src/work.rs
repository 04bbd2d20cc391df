//! The threads that do the work, and Ctrl-C: once stops cleanly, twice at once.

use std::future::Future;

use salus_base::Cancel;
use tokio::runtime::Runtime;

use crate::error::CliError;
use crate::face::Face;

/// What a shell expects of a program that was interrupted.
const EXIT_INTERRUPTED: i32 = 130;

/// The threads, and the user's wish to stop.
///
/// They start here and not before, so that `--help` stays quick.
#[derive(Debug)]
pub struct Work {
    runtime: Runtime,
    /// Set by the first Ctrl-C (or SIGTERM).
    pub cancel: Cancel,
}

impl Work {
    /// Starts the threads and listens for Ctrl-C: once sets `cancel`, twice ends the process.
    pub fn start(face: &Face) -> Result<Self, CliError> {
        let work = Self::start_deaf()?;
        work.runtime
            .spawn(heed_signals(face.clone(), work.cancel.clone()));
        Ok(work)
    }

    /// Starts the threads; Ctrl-C is the caller's.
    pub fn start_deaf() -> Result<Self, CliError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("salus")
            .build()
            .map_err(CliError::Runtime)?;
        Ok(Self {
            runtime,
            cancel: Cancel::new(),
        })
    }

    /// Waits for a job. This thread is none of the runtime's, so between two jobs blocking calls are fine.
    pub fn wait<T>(&self, job: impl Future<Output = T>) -> T {
        self.runtime.block_on(job)
    }

    /// Waits for a job or for Ctrl-C, whichever comes first; `None` is Ctrl-C.
    pub fn wait_or_interrupt<T>(&self, job: impl Future<Output = T>) -> Option<T> {
        self.runtime.block_on(async {
            tokio::select! {
                done = job => Some(done),
                () = interrupted() => None,
            }
        })
    }

    /// Ends without waiting for work that nobody wants any more.
    pub fn end(self) {
        self.runtime.shutdown_background();
    }
}

async fn heed_signals(face: Face, cancel: Cancel) {
    interrupted().await;
    cancel.cancel();
    face.talk("Stopping cleanly; Ctrl-C again stops at once");
    interrupted().await;
    #[expect(
        clippy::exit,
        reason = "the user asked twice; what is not committed is not visible"
    )]
    std::process::exit(EXIT_INTERRUPTED);
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
}
