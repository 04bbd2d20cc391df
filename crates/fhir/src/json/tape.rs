//! The index of a JSON text: one small entry a value or key, in the order of the text.
//!
//! ```text
//! {"a":[1,2],"b":"x"}   0 Object next=8 │ 1 Key a │ 2 Array next=5 │ 3 Number │ 4 Number │ 5 Key b │ 6 String …
//! ```

/// What stands at an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    True,
    False,
    Number,
    /// A string or key without escapes: the text between the quotes is its value.
    Plain,
    /// A string or key with escapes.
    Escaped,
    Array,
    Object,
}

/// One value or key. Text positions are bytes; strings and keys without their quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
    /// Index of the entry after this value and all that is in it.
    pub next: u32,
}

/// The longest text that can be indexed: positions are 32 bits.
pub(super) const SIZE_BYTES_MAX: u64 = u32::MAX as u64 - 1;

/// A position or index; texts are no longer than [`SIZE_BYTES_MAX`], and have fewer entries than bytes.
pub(super) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// A position or index as used with slices.
pub(super) fn wide(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
