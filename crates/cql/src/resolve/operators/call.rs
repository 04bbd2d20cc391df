//! Functions of the system in call syntax: `Abs(x)`, `Coalesce(a, b)`, `Take(list, 3)`.

use salus_base::suggest;

use super::super::translator::Translator;
use super::super::type_mistake::TypeMistake;
use super::super::typed::{Typed, system};
use super::age::Age;
use super::method::system_methods;
use crate::elm::{Kind, Node};
use crate::syntax::{Expr, Name, Span};

/// The functions whose names are those of operators of ELM.
const OPERATORS: &[Kind] = &[
    Kind::AllTrue,
    Kind::AnyTrue,
    Kind::Avg,
    Kind::Count,
    Kind::GeometricMean,
    Kind::Max,
    Kind::Median,
    Kind::Min,
    Kind::Mode,
    Kind::PopulationStdDev,
    Kind::PopulationVariance,
    Kind::Product,
    Kind::StdDev,
    Kind::Sum,
    Kind::Variance,
    Kind::Abs,
    Kind::Ceiling,
    Kind::Exp,
    Kind::Floor,
    Kind::Ln,
    Kind::Negate,
    Kind::Precision,
    Kind::Predecessor,
    Kind::Successor,
    Kind::Truncate,
    Kind::HighBoundary,
    Kind::LowBoundary,
    Kind::Log,
    Kind::Modulo,
    Kind::Power,
    Kind::TruncatedDivide,
    Kind::Round,
    Kind::DateTime,
    Kind::Date,
    Kind::Time,
    Kind::Now,
    Kind::Today,
    Kind::TimeOfDay,
    Kind::IndexOf,
    Kind::First,
    Kind::Last,
    Kind::Slice,
    Kind::Contains,
    Kind::Expand,
    Kind::In,
    Kind::Includes,
    Kind::IncludedIn,
    Kind::ProperIncludes,
    Kind::ProperIncludedIn,
    Kind::Distinct,
    Kind::Exists,
    Kind::Flatten,
    Kind::Collapse,
    Kind::SingletonFrom,
    Kind::ExpandValueSet,
    Kind::Coalesce,
    Kind::Intersect,
    Kind::Union,
    Kind::Except,
    Kind::IsNull,
    Kind::IsTrue,
    Kind::IsFalse,
    Kind::Length,
    Kind::Width,
    Kind::Size,
    Kind::PointFrom,
    Kind::Indexer,
    Kind::StartsWith,
    Kind::EndsWith,
    Kind::Matches,
    Kind::ReplaceMatches,
    Kind::Concatenate,
    Kind::Combine,
    Kind::Split,
    Kind::SplitOnMatches,
    Kind::Upper,
    Kind::Lower,
    Kind::PositionOf,
    Kind::LastPositionOf,
    Kind::Substring,
    Kind::Not,
    Kind::And,
    Kind::Or,
    Kind::Xor,
    Kind::Implies,
    Kind::ConvertsToString,
    Kind::ConvertsToBoolean,
    Kind::ConvertsToInteger,
    Kind::ConvertsToLong,
    Kind::ConvertsToDecimal,
    Kind::ConvertsToDateTime,
    Kind::ConvertsToDate,
    Kind::ConvertsToTime,
    Kind::ConvertsToQuantity,
    Kind::ConvertsToRatio,
    Kind::ToString,
    Kind::ToBoolean,
    Kind::ToInteger,
    Kind::ToLong,
    Kind::ToDecimal,
    Kind::ToDateTime,
    Kind::ToDate,
    Kind::ToTime,
    Kind::ToQuantity,
    Kind::ToRatio,
    Kind::ToConcept,
    Kind::ToChars,
    Kind::CanConvertQuantity,
    Kind::ConvertQuantity,
    Kind::Equal,
    Kind::Greater,
    Kind::GreaterOrEqual,
    Kind::Less,
    Kind::LessOrEqual,
    Kind::Equivalent,
    Kind::Subsumes,
    Kind::SubsumedBy,
    Kind::Message,
];

/// The functions that are written as something else.
const OTHERS: [&str; 8] = [
    "Skip",
    "Take",
    "Tail",
    "NotEqual",
    "InValueSet",
    "AnyInValueSet",
    "InCodeSystem",
    "AnyInCodeSystem",
];

/// The operator that a function of this name is.
fn operator(name: &str) -> Option<Kind> {
    let kind = match name {
        "now" => Kind::Now,
        "today" => Kind::Today,
        "timeOfDay" => Kind::TimeOfDay,
        _ => Kind::of(name),
    };
    OPERATORS.contains(&kind).then_some(kind)
}

/// The names of the functions of the system, for suggestions.
pub(in super::super) fn system_functions() -> impl Iterator<Item = &'static str> {
    let operators = OPERATORS.iter().map(|kind| kind.name());
    operators.chain(OTHERS)
}

impl Translator<'_> {
    /// `name(…)`, `on.name(…)`
    pub fn call(
        &mut self,
        on: Option<&Expr>,
        name: &Name,
        arguments: &[Expr],
        span: Span,
    ) -> Option<Typed> {
        let Some(on) = on else {
            let operands = self.arguments(arguments)?;
            return match self.defined_function(None, name, &operands, false) {
                Some(result) => result,
                None => self.system_function(name, operands, span),
            };
        };
        match self.qualifier(on) {
            Some(library) if &*library.text == "System" => {
                let operands = self.arguments(arguments)?;
                self.system_function(name, operands, span)
            }
            Some(library) => {
                let operands = self.arguments(arguments)?;
                match self.defined_function(Some(&library), name, &operands, false) {
                    Some(result) => result,
                    None => self.unknown_function(name, false),
                }
            }
            None if self.options.method_invocation => self.method(on, name, arguments, span),
            None => {
                self.expression(on);
                self.arguments(arguments);
                self.refuse(TypeMistake::MethodsOff, name.span)
            }
        }
    }

    /// The arguments, all of them translated before any is given up.
    pub fn arguments(&mut self, arguments: &[Expr]) -> Option<Vec<Typed>> {
        let all: Vec<Option<Typed>> = arguments.iter().map(|one| self.expression(one)).collect();
        all.into_iter().collect()
    }

    /// A function of the system on these operands.
    pub fn system_function(
        &mut self,
        name: &Name,
        operands: Vec<Typed>,
        span: Span,
    ) -> Option<Typed> {
        let written = &*name.text;
        if let Some(kind) = operator(written) {
            return self.apply(kind, written, operands, span);
        }
        if let Some(age) = Age::parse(written) {
            return self.age(&age, written, operands, span);
        }
        match (written, operands.len()) {
            ("Skip" | "Tail" | "Take", _) => self.slice(written, operands, span),
            ("NotEqual", 2) => {
                let equal = self.apply(Kind::Equal, written, operands, span)?;
                self.apply(Kind::Not, written, vec![equal], span)
            }
            ("InValueSet" | "AnyInValueSet" | "InCodeSystem" | "AnyInCodeSystem", 2) => {
                let mut operands = operands.into_iter();
                let (code, terminology) = (operands.next()?, operands.next()?);
                self.in_terminology_of(code, terminology, span)
            }
            (other, _) if OTHERS.contains(&other) => {
                self.apply(Kind::of(other), written, operands, span)
            }
            _ => self.unknown_function(name, false),
        }
    }

    /// `Skip(list, n)`, `Take(list, n)` and `Tail(list)` are slices.
    pub(super) fn slice(
        &mut self,
        written: &str,
        mut operands: Vec<Typed>,
        span: Span,
    ) -> Option<Typed> {
        let integer = system("Integer");
        let wanted = if written == "Tail" { 1 } else { 2 };
        if operands.len() != wanted {
            let (operands, written) = (operands.len(), written.into());
            let mistake = TypeMistake::Arguments {
                written,
                wanted,
                operands,
            };
            return self.refuse(mistake, span);
        }
        if written == "Tail" {
            operands.push(self.value("Integer", "1"));
        }
        let mut typed = self.apply(Kind::Slice, written, operands, span)?;
        typed.node = typed
            .node
            .fields()
            .filter(|(name, _)| *name != "signature" && *name != "type")
            .fold(Node::new(Kind::Slice), |node, (name, field)| {
                node.with(name, field.clone())
            });
        let types = [typed.ty.clone(), integer.clone()];
        let taken = types.get(..wanted).unwrap_or_default();
        self.sign(&mut typed.node, taken, false, false);
        if written != "Take" {
            typed.node.set("endIndex", self.null_of(&integer).node);
            return Some(typed);
        }
        // A number of items that is null is none.
        let count = typed.node.node("startIndex").cloned()?;
        let zero = self.value("Integer", "0");
        let count = vec![Typed::new(count, integer), zero.clone()];
        let end = self.apply(Kind::Coalesce, written, count, span)?;
        typed.node.set("startIndex", zero.node);
        typed.node.set("endIndex", end.node);
        Some(typed)
    }

    /// Refuses a function or method that does not exist, with the one that may have been meant.
    pub(super) fn unknown_function(&mut self, name: &Name, is_method: bool) -> Option<Typed> {
        let own = self.function_names();
        let own = own.iter().map(|name| &**name);
        let methods = system_methods().filter(|_| is_method);
        let functions = system_functions().filter(|_| !is_method);
        let known = methods
            .chain(functions)
            .map(|name| -> &str { name })
            .chain(own);
        let suggestion = suggest::closest(&name.text, known).map(Box::from);
        let name_text = name.text.clone();
        let mistake = TypeMistake::UnknownFunction {
            name: name_text,
            suggestion,
        };
        self.refuse(mistake, name.span)
    }
}
