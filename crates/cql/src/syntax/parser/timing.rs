//! Phrases that relate intervals and points (grammar `intervalOperatorPhrase`).

use super::Parser;
use crate::syntax::operator::{
    Binding, Boundary, Exactness, Offset, Precision, Relation, Side, Timing,
};
use crate::syntax::token::{TokenKind, is_soft};
use crate::syntax::tree::{Expr, ExprKind};

const HELP: &str =
    "write a phrase such as `during`, `starts before`, `3 days or less after start`, `same day as`";

impl Parser<'_> {
    /// Whether such a phrase starts with the word at hand.
    pub(super) fn at_timing(&self) -> bool {
        let after = self.word_at(1);
        match self.word_at(0) {
            "starts" | "ends" | "occurs" | "same" | "includes" | "during" | "before" | "after"
            | "within" | "meets" | "overlaps" => true,
            "properly" => after != "between",
            "included" => after == "in",
            "on" => after == "or",
            "less" | "more" => after == "than",
            _ => self.at_offset(),
        }
    }

    /// `3 days or more before`, `3 days on or after`
    fn at_offset(&self) -> bool {
        let ahead = if self.at_unit(1) { 2 } else { 1 };
        self.peek().kind == TokenKind::Number
            && matches!(self.word_at(ahead), "or" | "before" | "after" | "on")
    }

    /// The phrase and what stands after it.
    pub(super) fn timing(&mut self, left: Expr) -> Expr {
        let Some(phrase) = self.phrase_between() else {
            self.unexpected("a phrase that relates two points in time", HELP);
            return self.error(left.span);
        };
        let right = self.expression(Some(Binding::Timing));
        let span = left.span.to(right.span);
        let kind = ExprKind::Timing {
            phrase: Box::new(phrase),
            left: Box::new(left),
            right: Box::new(right),
        };
        self.expr(kind, span)
    }

    fn phrase_between(&mut self) -> Option<Timing> {
        if self.accept_word("meets") {
            let (side, precision) = (self.side(), self.precision_of());
            return Some(Timing::Meets { side, precision });
        }
        if self.accept_word("overlaps") {
            let (side, precision) = (self.side(), self.precision_of());
            return Some(Timing::Overlaps { side, precision });
        }
        let left = self.left_end();
        let properly = self.accept_word("properly");
        match self.word_at(0) {
            "same" => Some(self.same(left)),
            "includes" => Some(self.includes(properly)),
            "during" => Some(self.during(left, properly, 1)),
            "included" if self.word_at(1) == "in" => Some(self.during(left, properly, 2)),
            "within" => self.within(left, properly),
            "before" | "after" | "on" | "less" | "more" => self.before_or_after(left),
            _ if self.at_offset() => self.before_or_after(left),
            _ => self.start_or_end_together(left),
        }
    }

    /// `starts`, `ends`, or nothing; `occurs` says no more than nothing.
    fn left_end(&mut self) -> Option<Boundary> {
        if self.accept_word("starts") {
            return Some(Boundary::Start);
        }
        if self.accept_word("ends") {
            return Some(Boundary::End);
        }
        self.accept_word("occurs");
        None
    }

    fn start_or_end_together(&mut self, left: Option<Boundary>) -> Option<Timing> {
        let precision = self.precision_of();
        Some(match left? {
            Boundary::Start => Timing::Starts { precision },
            Boundary::End => Timing::Ends { precision },
        })
    }

    /// `same day as start`, `same day or before`
    fn same(&mut self, left: Option<Boundary>) -> Timing {
        self.next();
        let precision = Precision::of(self.word_at(0));
        self.at += usize::from(precision.is_some());
        let relation = if self.accept_word("as") {
            Relation::As
        } else if self.accept_words(&["or", "before"]) {
            Relation::OrBefore
        } else if self.accept_words(&["or", "after"]) {
            Relation::OrAfter
        } else {
            self.unexpected(
                "`as`, `or before` or `or after`",
                "write `same day as`, `same day or before` or `same day or after`",
            );
            Relation::As
        };
        let right = self.right_end();
        Timing::Same {
            left,
            precision,
            relation,
            right,
        }
    }

    fn includes(&mut self, properly: bool) -> Timing {
        self.next();
        Timing::Includes {
            properly,
            precision: self.precision_of(),
            right: self.right_end(),
        }
    }

    fn during(&mut self, left: Option<Boundary>, properly: bool, words: usize) -> Timing {
        self.at += words;
        Timing::During {
            left,
            properly,
            precision: self.precision_of(),
        }
    }

    fn within(&mut self, left: Option<Boundary>, properly: bool) -> Option<Timing> {
        self.next();
        if self.peek().kind != TokenKind::Number {
            return None;
        }
        let quantity = self.quantity()?;
        self.expect_word("of", "`of`", "write `within 3 days of`");
        Some(Timing::Within {
            left,
            properly,
            quantity,
            right: self.right_end(),
        })
    }

    fn before_or_after(&mut self, left: Option<Boundary>) -> Option<Timing> {
        let offset = self.offset()?;
        let mut inclusive = self.accept_words(&["on", "or"]);
        let Some(side) = self.side() else {
            self.unexpected("`before` or `after`", HELP);
            return None;
        };
        inclusive |= self.accept_words(&["or", "on"]);
        Some(Timing::BeforeOrAfter {
            left,
            offset,
            side,
            inclusive,
            precision: self.precision_of(),
            right: self.right_end(),
        })
    }

    /// `3 days or more`, `less than 3 days`, or nothing; nothing at all if it cannot be read.
    fn offset(&mut self) -> Option<Option<Offset>> {
        let start = self.peek();
        let before = if self.accept_words(&["less", "than"]) {
            Exactness::LessThan
        } else if self.accept_words(&["more", "than"]) {
            Exactness::MoreThan
        } else {
            Exactness::Exactly
        };
        if self.peek().kind != TokenKind::Number {
            return (before == Exactness::Exactly).then_some(None);
        }
        let quantity = self.quantity()?;
        let exactness = if self.accept_words(&["or", "more"]) {
            Exactness::OrMore
        } else if self.accept_words(&["or", "less"]) {
            Exactness::OrLess
        } else {
            before
        };
        Some(Some(Offset {
            quantity,
            exactness,
            span: self.since(start),
        }))
    }

    fn side(&mut self) -> Option<Side> {
        let side = Side::of(self.word_at(0));
        self.at += usize::from(side.is_some());
        side
    }

    /// `day of`, if it comes next.
    pub(super) fn precision_of(&mut self) -> Option<Precision> {
        let precision = Precision::of(self.word_at(0)).filter(|_| self.word_at(1) == "of");
        self.at += if precision.is_some() { 2 } else { 0 };
        precision
    }

    /// `start` or `end`, if it stands before an operand and is not one itself.
    fn right_end(&mut self) -> Option<Boundary> {
        let boundary = Boundary::of(self.word_at(0)).filter(|_| self.at_operand(1));
        self.at += usize::from(boundary.is_some());
        boundary
    }

    /// Whether an operand can start so many words ahead; `of` and operators do not start one.
    fn at_operand(&self, ahead: usize) -> bool {
        let token = self.peek_at(ahead);
        match token.kind {
            TokenKind::Word
            | TokenKind::Delimited
            | TokenKind::Date
            | TokenKind::DateTime
            | TokenKind::Time
            | TokenKind::Number
            | TokenKind::LongNumber
            | TokenKind::String
            | TokenKind::This
            | TokenKind::Index
            | TokenKind::Total
            | TokenKind::Percent
            | TokenKind::ParenOpen
            | TokenKind::BraceOpen => true,
            TokenKind::Keyword => {
                let word = self.word_at(ahead);
                let starts = [
                    "Interval", "List", "Tuple", "case", "cast", "collapse", "convert", "distinct",
                    "expand", "false", "flatten", "if", "maximum", "minimum", "null", "true",
                ];
                (is_soft(word) && word != "end") || starts.contains(&word)
            }
            _ => false,
        }
    }
}
