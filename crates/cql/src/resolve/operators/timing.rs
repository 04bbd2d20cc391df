//! Phrases that relate intervals and points (Author's Guide §5.9, Reference §7).

use salus_values::Quantity;

use super::super::conversion::Leniency;
use super::super::literal;
use super::super::translator::Translator;
use super::super::typed::{Typed, system};
use crate::elm::Kind;
use crate::model::Spec;
use crate::syntax::{Boundary, Exactness, Expr, Offset, Precision, Relation, Side, Span, Timing};

/// Points stand for intervals where a phrase relates both.
const LENIENT: Leniency = Leniency::ALL;

impl Translator<'_> {
    pub fn timing(
        &mut self,
        phrase: &Timing,
        (left, right): (&Expr, &Expr),
        span: Span,
    ) -> Option<Typed> {
        let (left, right) = (self.expression(left), self.expression(right));
        let (left, right) = (left?, right?);
        match phrase {
            Timing::Same { .. } => self.same(phrase, left, right, span),
            Timing::Includes { .. } | Timing::During { .. } => {
                self.inside(phrase, left, right, span)
            }
            Timing::BeforeOrAfter {
                left: start,
                offset,
                side,
                inclusive,
                precision,
                right: end,
            } => {
                let left = self.at(*start, left, span)?;
                let right = self.at(*end, right, span)?;
                let how = (*side, *inclusive);
                match offset {
                    None => self.beside(how, left, right, *precision, span),
                    Some(offset) => self.beside_by(offset, how, (left, right), *precision, span),
                }
            }
            Timing::Within {
                left: start,
                properly,
                quantity,
                right: end,
            } => {
                let left = self.at(*start, left, span)?;
                let right = self.at(*end, right, span)?;
                self.within(quantity, *properly, left, right, span)
            }
            Timing::Meets { .. }
            | Timing::Overlaps { .. }
            | Timing::Starts { .. }
            | Timing::Ends { .. } => self.touching(phrase, left, right, span),
        }
    }

    /// `same day as`, `same day or before`
    fn same(&mut self, phrase: &Timing, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let Timing::Same {
            left: start,
            precision,
            relation,
            right: end,
        } = phrase
        else {
            return None;
        };
        let left = self.at(*start, left, span)?;
        let right = self.at(*end, right, span)?;
        let (kind, leniency) = match relation {
            Relation::As => (Kind::SameAs, self.conversions.leniency()),
            Relation::OrBefore => (Kind::SameOrBefore, LENIENT),
            Relation::OrAfter => (Kind::SameOrAfter, LENIENT),
        };
        self.precise_by(kind, "same", left, right, *precision, leniency, span)
    }

    /// `includes`, `during`: of a whole interval or list, or of a point or item when the phrase or the types say so.
    fn inside(&mut self, phrase: &Timing, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let (kinds, written, start, end, precision) = match phrase {
            Timing::Includes {
                properly: false,
                precision,
                right,
            } => (
                (Kind::Includes, Kind::Contains),
                "includes",
                None,
                *right,
                *precision,
            ),
            Timing::Includes {
                precision, right, ..
            } => {
                let kinds = (Kind::ProperIncludes, Kind::ProperContains);
                (kinds, "properly includes", None, *right, *precision)
            }
            Timing::During {
                left,
                properly: false,
                precision,
            } => (
                (Kind::IncludedIn, Kind::In),
                "during",
                *left,
                None,
                *precision,
            ),
            Timing::During {
                left, precision, ..
            } => {
                let kinds = (Kind::ProperIncludedIn, Kind::ProperIn);
                (kinds, "properly during", *left, None, *precision)
            }
            _ => return None,
        };
        let left = self.at(start, left, span)?;
        let right = self.at(end, right, span)?;
        if start.is_some() || end.is_some() {
            return self.precise(kinds.1, written, left, right, precision, span);
        }
        self.whole_or_member(kinds, written, left, right, precision, span)
    }

    /// `meets`, `overlaps`, `starts`, `ends`
    fn touching(
        &mut self,
        phrase: &Timing,
        left: Typed,
        right: Typed,
        span: Span,
    ) -> Option<Typed> {
        let (kind, written, precision) = match phrase {
            Timing::Meets { side, precision } => {
                let kind = sided(*side, Kind::Meets, Kind::MeetsBefore, Kind::MeetsAfter);
                (kind, "meets", *precision)
            }
            Timing::Overlaps { side, precision } => {
                let (before, after) = (Kind::OverlapsBefore, Kind::OverlapsAfter);
                let kind = sided(*side, Kind::Overlaps, before, after);
                (kind, "overlaps", *precision)
            }
            Timing::Starts { precision } => (Kind::Starts, "starts", *precision),
            Timing::Ends { precision } => (Kind::Ends, "ends", *precision),
            _ => return None,
        };
        self.precise(kind, written, left, right, precision, span)
    }

    /// An end of the value, if the phrase is about one.
    fn at(&mut self, boundary: Option<Boundary>, value: Typed, span: Span) -> Option<Typed> {
        match boundary {
            None => Some(value),
            Some(Boundary::Start) => self.applied(Kind::Start, value, span),
            Some(Boundary::End) => self.applied(Kind::End, value, span),
        }
    }

    /// `before`, `on or before`, `after`, `on or after`
    fn beside(
        &mut self,
        how: (Side, bool),
        left: Typed,
        right: Typed,
        precision: Option<Precision>,
        span: Span,
    ) -> Option<Typed> {
        let (kind, written) = match how {
            (Side::Before, false) => (Kind::Before, "before"),
            (Side::Before, true) => (Kind::SameOrBefore, "on or before"),
            (Side::After, false) => (Kind::After, "after"),
            (Side::After, true) => (Kind::SameOrAfter, "on or after"),
        };
        self.precise_by(kind, written, left, right, precision, LENIENT, span)
    }

    /// `3 days or more before`: between the near ends of both sides.
    fn beside_by(
        &mut self,
        offset: &Offset,
        (side, inclusive): (Side, bool),
        (left, right): (Typed, Typed),
        precision: Option<Precision>,
        span: Span,
    ) -> Option<Typed> {
        let (near, far, shift) = match side {
            Side::Before => (Kind::End, Kind::Start, Kind::Subtract),
            Side::After => (Kind::Start, Kind::End, Kind::Add),
        };
        let left = self.end_of(near, left, span)?;
        let right = self.end_of(far, right, span)?;
        match offset.exactness {
            Exactness::Exactly => {
                let right = self.shifted(shift, right, &offset.quantity, span)?;
                self.precise(Kind::SameAs, "same", left, right, precision, span)
            }
            Exactness::OrMore | Exactness::MoreThan => {
                let right = self.shifted(shift, right, &offset.quantity, span)?;
                let on_it = offset.exactness == Exactness::OrMore;
                self.beside((side, on_it), left, right, precision, span)
            }
            Exactness::OrLess | Exactness::LessThan => {
                let on_it = offset.exactness == Exactness::OrLess;
                let point = self.copy(&right, span)?;
                let again = self.copy(&right, span)?;
                let limit = self.shifted(shift, right, &offset.quantity, span)?;
                let ends = match side {
                    Side::Before => ((limit, on_it), (point, inclusive)),
                    Side::After => ((point, inclusive), (limit, on_it)),
                };
                let interval = self.marked_interval(ends.0, ends.1, span)?;
                let found = self.precise(Kind::In, "in", left, interval, precision, span)?;
                if on_it || inclusive {
                    return self.and_not_null(found, again, span);
                }
                Some(found)
            }
        }
    }

    /// An interval that a phrase makes.
    fn marked_interval(
        &mut self,
        low: (Typed, bool),
        high: (Typed, bool),
        span: Span,
    ) -> Option<Typed> {
        let mut interval = self.interval(low, high, span)?;
        self.mark(&mut interval.node, &interval.ty, span);
        Some(interval)
    }

    /// `within 3 days of`
    fn within(
        &mut self,
        quantity: &Quantity,
        properly: bool,
        left: Typed,
        right: Typed,
        span: Span,
    ) -> Option<Typed> {
        let is_interval = matches!(right.ty, Spec::Interval(_));
        let again = self.copy(&right, span)?;
        let point = (!is_interval).then(|| right.clone());
        let low = self.end_of(Kind::Start, right, span)?;
        let high = self.end_of(Kind::End, again, span)?;
        let low = self.shifted(Kind::Subtract, low, quantity, span)?;
        let high = self.shifted(Kind::Add, high, quantity, span)?;
        let interval = self.marked_interval((low, !properly), (high, !properly), span)?;
        let found = self.apply(Kind::In, "within", vec![left, interval], span)?;
        match point {
            Some(point) if !properly => self.and_not_null(found, point, span),
            _ => Some(found),
        }
    }

    /// This end of the value, if it is an interval.
    fn end_of(&mut self, end: Kind, value: Typed, span: Span) -> Option<Typed> {
        match value.ty {
            Spec::Interval(_) => self.applied(end, value, span),
            _ => Some(value),
        }
    }

    fn shifted(&mut self, kind: Kind, point: Typed, by: &Quantity, span: Span) -> Option<Typed> {
        let mut by = Typed::system(literal::quantity(by), "Quantity");
        self.mark(&mut by.node, &by.ty, span);
        self.applied_to_two(kind, point, by, span)
    }

    /// `found and point is not null`: an interval with a null end would go on without one.
    fn and_not_null(&mut self, mut found: Typed, point: Typed, span: Span) -> Option<Typed> {
        self.mark(&mut found.node, &found.ty, span);
        let is_null = self.applied(Kind::IsNull, point, span)?;
        let not_null = self.applied(Kind::Not, is_null, span)?;
        self.apply(Kind::And, "and", vec![found, not_null], span)
    }

    /// `operand properly between low and high`
    pub fn between(
        &mut self,
        properly: bool,
        operand: &Expr,
        (low, high): (&Expr, &Expr),
        span: Span,
    ) -> Option<Typed> {
        let operand = self.expression(operand);
        let (low, high) = (self.expression(low), self.expression(high));
        let (operand, low, high) = (operand?, low?, high?);
        if matches!(operand.ty, Spec::Interval(_)) {
            let kind = if properly {
                Kind::ProperIncludedIn
            } else {
                Kind::IncludedIn
            };
            let interval = self.interval((low, true), (high, true), span)?;
            return self.apply(kind, "between", vec![operand, interval], span);
        }
        let (above, below) = if properly {
            (Kind::Greater, Kind::Less)
        } else {
            (Kind::GreaterOrEqual, Kind::LessOrEqual)
        };
        let again = self.copy(&operand, span)?;
        let above = self.apply(above, "between", vec![operand, low], span);
        let below = self.apply(below, "between", vec![again, high], span);
        self.apply(Kind::And, "between", vec![above?, below?], span)
            .map(|typed| Typed::new(typed.node, system("Boolean")))
    }
}

fn sided(side: Option<Side>, either: Kind, before: Kind, after: Kind) -> Kind {
    match side {
        None => either,
        Some(Side::Before) => before,
        Some(Side::After) => after,
    }
}
