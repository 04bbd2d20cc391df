//! What the words of FHIRPath and of CQL have in common. CQL contains FHIRPath: both write texts, escapes, numbers,
//! dates and times alike, and differ in their keywords, symbols and delimiters.
//!
//! ```text
//!   text ──► Scanner ──► a language's own lexer ──► its words
//!               └─ Mistake ──► its own SyntaxError
//! ```
//!
//! ```
//! use salus_lexis::{Scanner, Written};
//!
//! let mut scanner = Scanner::new("@2015-02 'a'");
//! assert_eq!(scanner.temporal(), Some(Written::Date));
//! assert_eq!(scanner.since(0).of(scanner.text()), "@2015-02");
//! assert!(scanner.mistakes().is_empty());
//! ```
//!
//! Not here: which words there are, and what they make of each other.

mod escape;
mod literal;
mod mistake;
mod scanner;
mod span;

pub use escape::{unescape, write_delimited};
pub use literal::{Plain, Written, is_calendar_unit, least, plain, too_large, write_quantity};
pub use mistake::Mistake;
pub use scanner::{Scanner, Special, is_name_part, is_name_start};
pub use span::Span;
