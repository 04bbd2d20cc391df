//! Bounds of one evaluation.

use std::time::Instant;

use salus_base::Cancel;

/// How much one evaluation may use: of one define over all records when it is unfiltered, of all defines of one patient
/// otherwise. Passing a bound is a typed refusal.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Steps: one for each step of the program each time it is taken, one for each record retrieved and item compared.
    pub steps_max: u64,
    /// How deep defines and functions may nest.
    pub depth_max: usize,
    /// How deep lists, tuples and instances may nest in each other.
    pub nesting_max: usize,
    /// Items of one list.
    pub items_max: usize,
    /// Bytes of one text.
    pub text_bytes_max: usize,
    /// Bytes of all lists and texts that are made, whether they are still there or not.
    pub memory_bytes_max: usize,
    /// When it must be done.
    pub deadline: Option<Instant>,
    /// Who may ask it to stop.
    pub cancel: Cancel,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            steps_max: 2_000_000_000,
            depth_max: 1_000,
            nesting_max: 200,
            items_max: 10_000_000,
            text_bytes_max: 16 << 20,
            memory_bytes_max: 4 << 30,
            deadline: None,
            cancel: Cancel::new(),
        }
    }
}
