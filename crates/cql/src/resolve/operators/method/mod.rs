//! Functions of the system that are called on their first operand, as FHIRPath has them: `list.where(…)`,
//! `text.length()` (Developer's Guide, Appendix I).

mod items;
mod values;

use crate::elm::Kind;
use crate::resolve::translator::Translator;
use crate::resolve::type_mistake::TypeMistake;
use crate::resolve::typed::Typed;
use crate::syntax::{Expr, Name, Span};

/// The methods that are an operator on what they are called on and their arguments.
const OPERATORS: &[(&str, Kind)] = &[
    ("abs", Kind::Abs),
    ("allTrue", Kind::AllTrue),
    ("anyTrue", Kind::AnyTrue),
    ("ceiling", Kind::Ceiling),
    ("convertsToBoolean", Kind::ConvertsToBoolean),
    ("convertsToDate", Kind::ConvertsToDate),
    ("convertsToDateTime", Kind::ConvertsToDateTime),
    ("convertsToDecimal", Kind::ConvertsToDecimal),
    ("convertsToInteger", Kind::ConvertsToInteger),
    ("convertsToQuantity", Kind::ConvertsToQuantity),
    ("convertsToString", Kind::ConvertsToString),
    ("convertsToTime", Kind::ConvertsToTime),
    ("count", Kind::Count),
    ("distinct", Kind::Distinct),
    ("endsWith", Kind::EndsWith),
    ("exclude", Kind::Except),
    ("exp", Kind::Exp),
    ("first", Kind::First),
    ("floor", Kind::Floor),
    ("intersect", Kind::Intersect),
    ("last", Kind::Last),
    ("length", Kind::Length),
    ("ln", Kind::Ln),
    ("log", Kind::Log),
    ("lower", Kind::Lower),
    ("matches", Kind::Matches),
    ("not", Kind::Not),
    ("power", Kind::Power),
    ("replaceMatches", Kind::ReplaceMatches),
    ("round", Kind::Round),
    ("single", Kind::SingletonFrom),
    ("startsWith", Kind::StartsWith),
    ("subsetOf", Kind::IncludedIn),
    ("substring", Kind::Substring),
    ("subsumedBy", Kind::SubsumedBy),
    ("subsumes", Kind::Subsumes),
    ("supersetOf", Kind::Includes),
    ("toBoolean", Kind::ToBoolean),
    ("toChars", Kind::ToChars),
    ("toDate", Kind::ToDate),
    ("toDateTime", Kind::ToDateTime),
    ("toDecimal", Kind::ToDecimal),
    ("toInteger", Kind::ToInteger),
    ("toQuantity", Kind::ToQuantity),
    ("toString", Kind::ToString),
    ("toTime", Kind::ToTime),
    ("truncate", Kind::Truncate),
    ("union", Kind::Union),
    ("upper", Kind::Upper),
];

/// The other methods of the system.
const OTHERS: [&str; 25] = [
    "all",
    "as",
    "children",
    "combine",
    "contains",
    "descendants",
    "descendents",
    "empty",
    "exists",
    "hasValue",
    "iif",
    "indexOf",
    "is",
    "lastIndexOf",
    "memberOf",
    "ofType",
    "repeat",
    "select",
    "skip",
    "sqrt",
    "tail",
    "take",
    "trace",
    "where",
    "toLong",
];

/// The names of the methods of the system, for suggestions.
pub(in crate::resolve) fn system_methods() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|(name, _)| *name).chain(OTHERS)
}

impl Translator<'_> {
    /// A function called on its first operand, `on.name(…)`: one of the system, or a fluent function that is defined.
    pub fn method(
        &mut self,
        on: &Expr,
        name: &Name,
        arguments: &[Expr],
        span: Span,
    ) -> Option<Typed> {
        let on = self.expression(on);
        match &*name.text {
            "where" | "all" | "select" | "repeat" => {
                let [criterion] = arguments else {
                    self.arguments(arguments);
                    return self.wrong_number(name, 1, arguments.len());
                };
                self.method_of_items(on?, &name.text, criterion, span)
            }
            "exists" if !arguments.is_empty() => {
                let [criterion] = arguments else {
                    self.arguments(arguments);
                    return self.wrong_number(name, 1, arguments.len());
                };
                let found = self.method_of_items(on?, "where", criterion, span)?;
                self.apply(Kind::Exists, "exists", vec![found], span)
            }
            "is" | "as" | "ofType" => {
                let [ty] = arguments else {
                    return self.wrong_number(name, 1, arguments.len());
                };
                let ty = self.type_argument(ty);
                self.method_of_type(on?, &name.text, ty?, span)
            }
            _ => {
                let arguments = self.arguments(arguments);
                self.method_of_values(on?, name, arguments?, span)
            }
        }
    }

    fn wrong_number<T>(&mut self, name: &Name, wanted: usize, operands: usize) -> Option<T> {
        let written = name.text.clone();
        let mistake = TypeMistake::Arguments {
            written,
            wanted,
            operands,
        };
        self.refuse(mistake, name.span)
    }
}
