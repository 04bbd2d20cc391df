//! A wish to stop, shared between the one who wishes and those who work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that long work looks at between two steps. Clones share one flag.
///
/// Once set it stays set: who wants to work again makes a new one.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A flag that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks everyone who holds a clone to stop at the next safe place.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether someone asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::Cancel;

    #[test]
    fn a_clone_sees_the_wish_to_stop() {
        let cancel = Cancel::new();
        let worker = cancel.clone();
        assert!(!worker.is_cancelled());
        cancel.cancel();
        assert!(worker.is_cancelled());
    }
}
