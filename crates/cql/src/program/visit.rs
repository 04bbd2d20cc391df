//! The steps right below a step.

use super::expression::{
    Closed, Expression, ExpressionKind, Query, QueryResult, Sort, SortKey, VocabularyOperand,
};
use super::retrieve::{CodesOperand, Retrieve};

macro_rules! visitor {
    ($children:ident, $query:ident, $sort:ident, $retrieve:ident, $iter:ident, $($mutable:tt)?) => {
        impl Expression {
            /// Calls `visit` for each step right below, in the order in which they are evaluated.
            pub fn $children<'e>(&'e $($mutable)? self, visit: &mut dyn FnMut(&'e $($mutable)? Expression)) {
                match & $($mutable)? self.kind {
                    ExpressionKind::Null
                    | ExpressionKind::Constant(_)
                    | ExpressionKind::Local(_)
                    | ExpressionKind::Define(_)
                    | ExpressionKind::Parameter(_)
                    | ExpressionKind::ValueSet(_)
                    | ExpressionKind::Vocabulary(..)
                    | ExpressionKind::External(_) => {}
                    ExpressionKind::Call { arguments, .. } => arguments.$iter().for_each(visit),
                    ExpressionKind::Dispatch(dispatch) => dispatch.arguments.$iter().for_each(visit),
                    ExpressionKind::Once { expression, .. } => visit(expression),
                    ExpressionKind::Unary(_, one)
                    | ExpressionKind::Age(_, one)
                    | ExpressionKind::Component(_, one)
                    | ExpressionKind::Bound(_, _, one)
                    | ExpressionKind::LengthOfList(one)
                    | ExpressionKind::ExistsRow(one)
                    | ExpressionKind::Children(one)
                    | ExpressionKind::Descendants(one)
                    | ExpressionKind::Expand(one) => visit(one),
                    ExpressionKind::Binary(_, two)
                    | ExpressionKind::Precise(_, _, two)
                    | ExpressionKind::Counted(_, _, two)
                    | ExpressionKind::UnionOfLists(two)
                    | ExpressionKind::And(two)
                    | ExpressionKind::Or(two)
                    | ExpressionKind::Implies(two) => two.$iter().for_each(visit),
                    ExpressionKind::Ternary(_, three)
                    | ExpressionKind::If(three) => three.$iter().for_each(visit),
                    ExpressionKind::Nary(_, all)
                    | ExpressionKind::Coalesce(all)
                    | ExpressionKind::List(all) => all.$iter().for_each(visit),
                    ExpressionKind::Message(all) => all.$iter().for_each(visit),
                    ExpressionKind::Case(case) => {
                        case.comparand.$iter().for_each(&mut *visit);
                        for (when, then) in case.items.$iter() {
                            visit(when);
                            visit(then);
                        }
                        case.otherwise.$iter().for_each(visit);
                    }
                    ExpressionKind::Property(property) => visit(& $($mutable)? property.source),
                    ExpressionKind::Interval(interval) => {
                        visit(& $($mutable)? interval.low);
                        visit(& $($mutable)? interval.high);
                        for closed in [& $($mutable)? interval.low_closed, & $($mutable)? interval.high_closed] {
                            if let Closed::Expression(expression) = closed {
                                visit(expression);
                            }
                        }
                    }
                    ExpressionKind::Tuple(elements) => {
                        elements.$iter().for_each(|(_, element)| visit(element));
                    }
                    ExpressionKind::Instance(instance) => {
                        let elements = instance.elements.$iter();
                        elements.for_each(|(_, element)| visit(element));
                    }
                    ExpressionKind::Is(test) => visit(& $($mutable)? test.0),
                    ExpressionKind::As(cast) => visit(& $($mutable)? cast.operand),
                    ExpressionKind::Convert(conversion) | ExpressionKind::CanConvert(conversion) => {
                        visit(& $($mutable)? conversion.operand);
                    }
                    ExpressionKind::Query(query) => query.$query(visit),
                    ExpressionKind::Filter(scoped)
                    | ExpressionKind::ForEach(scoped)
                    | ExpressionKind::Repeat(scoped) => {
                        visit(& $($mutable)? scoped.source);
                        visit(& $($mutable)? scoped.body);
                    }
                    ExpressionKind::Sort(list) => {
                        visit(& $($mutable)? list.source);
                        list.sort.$sort(visit);
                    }
                    ExpressionKind::Fold(fold) => {
                        visit(& $($mutable)? fold.source);
                        fold.starting.$iter().for_each(&mut *visit);
                        visit(& $($mutable)? fold.body);
                    }
                    ExpressionKind::Retrieve(retrieve) => retrieve.$retrieve(visit),
                    ExpressionKind::InValueSet(membership) | ExpressionKind::InCodeSystem(membership) => {
                        visit(& $($mutable)? membership.code);
                        if let VocabularyOperand::Expression(vocabulary) = & $($mutable)? membership.vocabulary {
                            visit(vocabulary);
                        }
                    }
                }
            }
        }

        impl Query {
            fn $query<'e>(&'e $($mutable)? self, visit: &mut dyn FnMut(&'e $($mutable)? Expression)) {
                self.sources.$iter().for_each(|source| visit(& $($mutable)? source.expression));
                self.lets.$iter().for_each(|(_, expression)| visit(expression));
                for relationship in self.relationships.$iter() {
                    visit(& $($mutable)? relationship.source);
                    relationship.such_that.$iter().for_each(&mut *visit);
                }
                self.condition.$iter().for_each(&mut *visit);
                match & $($mutable)? self.result {
                    QueryResult::Rows => {}
                    QueryResult::Return { expression, .. } => visit(expression),
                    QueryResult::Aggregate { starting, expression, .. } => {
                        starting.$iter().for_each(&mut *visit);
                        visit(expression);
                    }
                }
                if let Some(sort) = & $($mutable)? self.sort {
                    sort.$sort(visit);
                }
            }
        }

        impl Sort {
            fn $sort<'e>(&'e $($mutable)? self, visit: &mut dyn FnMut(&'e $($mutable)? Expression)) {
                for by in self.by.$iter() {
                    if let SortKey::Expression(expression) = & $($mutable)? by.key {
                        visit(expression);
                    }
                }
            }
        }

        impl Retrieve {
            fn $retrieve<'e>(&'e $($mutable)? self, visit: &mut dyn FnMut(&'e $($mutable)? Expression)) {
                if let Some(CodesOperand::Expression(codes)) = & $($mutable)? self.codes {
                    visit(codes);
                }
                self.dates.$iter().for_each(&mut *visit);
                self.id.$iter().for_each(|(_, id)| visit(id));
                self.context.$iter().for_each(visit);
            }
        }
    };
}

visitor!(
    children,
    query_children,
    sort_children,
    retrieve_children,
    iter,
);
visitor!(
    children_mut,
    query_children_mut,
    sort_children_mut,
    retrieve_children_mut,
    iter_mut,
    mut
);
