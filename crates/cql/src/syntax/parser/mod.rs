//! From words to the tree.
//!
//! Operators by precedence climbing, the rest by recursive descent, one module for each chapter of the tree. Where
//! something is missing or too much there is a diagnostic, and reading goes on at the next word that can be made sense
//! of: the closing bracket, the next definition.
//!
//! The grammar has two layers: an *expression* (queries, comparisons, logic) and a *term* (arithmetic, paths), which
//! alone may stand between `between` and `and` or after `start of`. They are two ways into [`Parser::operators`].

mod expression;
mod library;
mod query;
mod recovery;
mod selector;
mod term;
mod timing;
mod types;

use super::error::SyntaxError;
use super::lexer;
use super::token::{Token, TokenKind};
use super::tree::{Comment, Expr, Library, Name};

/// How deep brackets, clauses and prefixes may nest: each level takes several frames of the stack.
const NESTING_MAX: usize = 100;
/// No text has more mistakes worth reading than this.
const ERRORS_MAX: usize = 100;

/// What ends an expression besides what cannot go on with it.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    /// `as`, inside `cast`.
    at_as: bool,
    /// A comma, inside lists and arguments, so that a query without `from` has one source there.
    at_comma: bool,
}

pub(super) struct Parser<'t> {
    text: &'t str,
    /// The words; the last one is [`TokenKind::End`].
    tokens: Vec<Token>,
    at: usize,
    /// The comments that belong to nothing yet, the first one last.
    comments: Vec<Comment>,
    nesting: usize,
    ends: Ends,
    errors: Vec<SyntaxError>,
    /// Whether a bound was passed, after which nothing more is said.
    gave_up: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Parser<'t> {
        let mut words = lexer::words(text);
        words.comments.reverse();
        Parser {
            text,
            tokens: words.tokens,
            at: 0,
            comments: words.comments,
            nesting: 0,
            ends: Ends::default(),
            errors: words.errors,
            gave_up: false,
        }
    }

    /// The whole text as a library, and all that is wrong with it in the order of the text.
    pub(super) fn library(mut self) -> (Library, Vec<SyntaxError>) {
        let library = self.whole_library();
        (library, self.finish())
    }

    /// The whole text as one expression, and all that is wrong with it in the order of the text.
    pub(super) fn whole_expression(mut self) -> (Expr, Vec<SyntaxError>) {
        let expr = self.expression(None);
        while self.peek().kind != TokenKind::End {
            self.unexpected(
                "an operator or the end",
                "put a `.` or an operator before it, or take it away",
            );
            self.next();
        }
        (expr, self.finish())
    }

    fn finish(mut self) -> Vec<SyntaxError> {
        self.errors.sort_by_key(|error| error.span().start);
        self.errors.truncate(ERRORS_MAX);
        self.errors
    }

    /// Reads with other ends, for instance inside brackets.
    fn with_ends<T>(&mut self, ends: Ends, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.ends, ends);
        let made = read(self);
        self.ends = before;
        made
    }

    /// Things with commas between them, up to the closing bracket, which is stepped over.
    fn list<T>(
        &mut self,
        open: Token,
        close: TokenKind,
        mut one: impl FnMut(&mut Self) -> Option<T>,
    ) -> Vec<T> {
        let ends = Ends {
            at_comma: true,
            ..Ends::default()
        };
        self.with_ends(ends, |parser| {
            let mut all = Vec::new();
            if parser.accept(close) {
                return all;
            }
            loop {
                all.extend(one(parser));
                parser.skip_to(&[TokenKind::Comma, close], open);
                if !parser.accept(TokenKind::Comma) {
                    parser.accept(close);
                    return all;
                }
            }
        })
    }

    /// Steps over the closing bracket, after what should not stand before it.
    fn close(&mut self, open: Token, close: TokenKind) {
        self.skip_to(&[close], open);
        self.accept(close);
    }

    /// A text in single quotes.
    fn string(&mut self, expected: &'static str) -> Option<Name> {
        if self.peek().kind != TokenKind::String {
            self.unexpected(expected, "write it in single quotes: `'…'`");
            return None;
        }
        let token = self.next();
        Some(self.undelimited(token))
    }

    /// A text in single quotes after this word, if the word is there.
    fn string_after(&mut self, word: &str, expected: &'static str) -> Option<Name> {
        self.accept_word(word)
            .then(|| self.string(expected))
            .flatten()
    }
}
