//! Where the lines that were typed at a prompt are kept.

use std::path::PathBuf;

/// `$XDG_STATE_HOME/salus/NAME`, which only the user can read: lines may hold names of patients.
pub fn path(name: &str) -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").filter(|state| !state.is_empty());
    let base = match state {
        Some(state) => PathBuf::from(state),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".local/state"),
    };
    Some(base.join("salus").join(name))
}
