//! The threads that do the work, and Ctrl-C: once stops cleanly, twice at once.

use salus_base::Cancel;

use crate::error::CliError;
use crate::face::Face;

/// What a shell expects of a program that was interrupted.
const EXIT_INTERRUPTED: i32 = 130;

/// Runs `job` to its end. The threads start here and not before, so that `--help` stays quick.
///
/// `job` gets the flag that Ctrl-C (and SIGTERM) sets.
pub fn run<T>(
    face: &Face,
    job: impl AsyncFnOnce(Cancel) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("salus")
        .build()
        .map_err(CliError::Runtime)?;
    let cancel = Cancel::new();
    runtime.spawn(heed_signals(face.clone(), cancel.clone()));
    let result = runtime.block_on(job(cancel));
    // Work that nobody waits for any more must not keep the user waiting.
    runtime.shutdown_background();
    result
}

async fn heed_signals(face: Face, cancel: Cancel) {
    interrupted().await;
    cancel.cancel();
    face.talk("stopping cleanly; Ctrl-C again stops at once");
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
