//! Bounds of one evaluation.

/// How much one evaluation may use. Passing a bound is a typed refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Steps: one for each step of the program on each item it works on, one for each comparison of items, one for
    /// each 64 bytes of text made.
    pub steps_max: u64,
    /// How deep evaluation may nest: lambdas, arguments, operands.
    pub depth_max: usize,
    /// Items of one collection.
    pub items_max: usize,
    /// Bytes of one text.
    pub text_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            steps_max: 50_000_000,
            depth_max: 256,
            items_max: 1_000_000,
            text_bytes_max: 16 << 20,
        }
    }
}
