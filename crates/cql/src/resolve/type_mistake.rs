//! Types that do not fit, and what looks as if they did not.

use salus_base::{Code, Diagnostic, Severity};

use super::overload::OverloadError;
use super::signature::shown;
use crate::model::Spec;

/// Types that do not fit (Developer's Guide §3).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeMistake {
    /// No overload, or several.
    #[error("{operator}: {source}")]
    Overload {
        /// The operator or function, as it is written.
        operator: Box<str>,
        /// Why none is meant.
        #[source]
        source: OverloadError,
    },
    /// A value of one type where one of another must stand.
    #[error("{} is not {}", article(given), article(wanted))]
    Mismatch {
        /// The type of the value.
        given: Spec,
        /// The type that must stand there.
        wanted: Spec,
    },
    /// A list that stands for its single item.
    #[error("the list stands for its single item")]
    ListDemoted,
    /// An interval that stands for its single point.
    #[error("the interval stands for its single point")]
    IntervalDemoted,
    /// A Boolean that stands for a list of it alone.
    #[error("the Boolean stands for a list of it alone")]
    BooleanPromoted,
    /// ELM that would become too large.
    #[error("the ELM of this library says too much twice: more than {copied_max} nodes")]
    TooLarge {
        /// The bound.
        copied_max: usize,
    },
    /// Weeks where dates and times are compared or taken apart: they have none.
    #[error("a date or time has no weeks")]
    NoWeeks,
    /// A call with too few or too many arguments.
    #[error("`{written}` takes {wanted}, not {operands}")]
    Arguments {
        /// The function.
        written: Box<str>,
        /// How many it takes.
        wanted: usize,
        /// How many there are.
        operands: usize,
    },
    /// What must be a type is none.
    #[error("a type must stand here")]
    NoType,
    /// A function that is called on its first operand, where the options leave that out.
    #[error("functions cannot be called on their first operand here")]
    MethodsOff,
    /// A function that does not exist.
    #[error("there is no function `{name}`")]
    UnknownFunction {
        /// Its name.
        name: Box<str>,
        /// Which it may have been meant for.
        suggestion: Option<Box<str>>,
    },
    /// An interval of values without an order.
    #[error("there are no intervals of {}", shown(point))]
    NoPoint {
        /// The type of its ends.
        point: Spec,
    },
    /// An element that is given twice.
    #[error("the element `{name}` is given twice")]
    ElementTwice {
        /// Its name.
        name: Box<str>,
    },
    /// `Type { … }` of what is no class.
    #[error("{} has no elements", shown(ty))]
    NoClass {
        /// The type.
        ty: Spec,
    },
    /// `=` between codes, where `~` is meant most often.
    #[error("`=` compares how codes are shown and the versions of their systems, too")]
    CodesCompared {
        /// The operator that compares code and system only.
        instead: &'static str,
    },
    /// A comparison with null.
    #[error("what is compared with null has null as result")]
    NullCompared,
    /// A case that can never be.
    #[error("this case can never be")]
    Unreachable,
    /// A cast that never succeeds.
    #[error("{} is never {}", article(given), article(wanted))]
    NeverA {
        /// The type of the value.
        given: Spec,
        /// The type that it is cast to.
        wanted: Spec,
    },
    /// `convert` between types that have no conversion.
    #[error("{} cannot be converted to {}", article(given), shown(wanted))]
    NoConversion {
        /// The type of the value.
        given: Spec,
        /// The type that it should become.
        wanted: Spec,
    },
    /// `minimum` or `maximum` of a type that has none.
    #[error("{} has no smallest and no largest value", shown(ty))]
    Unbounded {
        /// The type.
        ty: Spec,
    },
    /// A type that several models have.
    #[error("several models have this type")]
    AmbiguousType {
        /// The types.
        candidates: Vec<Spec>,
    },
    /// `%name`, which nothing gives.
    #[error("there is no constant `%{name}`")]
    UnknownConstant {
        /// Its name, without `%`.
        name: Box<str>,
    },
}

impl TypeMistake {
    pub(super) fn severity(&self) -> Severity {
        match self {
            TypeMistake::ListDemoted
            | TypeMistake::IntervalDemoted
            | TypeMistake::BooleanPromoted
            | TypeMistake::CodesCompared { .. }
            | TypeMistake::NullCompared
            | TypeMistake::Unreachable => Severity::Warning,
            _ => Severity::Error,
        }
    }

    pub(super) fn code(&self) -> Code {
        Code::new(match self {
            TypeMistake::Overload { source, .. } => return source.code(),
            TypeMistake::Mismatch { .. } => "SAL-CQL-0042",
            TypeMistake::UnknownConstant { .. } => "SAL-CQL-0111",
            TypeMistake::ListDemoted | TypeMistake::IntervalDemoted => "SAL-CQL-0044",
            TypeMistake::BooleanPromoted => "SAL-CQL-0045",
            TypeMistake::TooLarge { .. } => "SAL-CQL-0046",
            TypeMistake::CodesCompared { .. } => "SAL-CQL-0058",
            TypeMistake::NullCompared => "SAL-CQL-0059",
            TypeMistake::MethodsOff => "SAL-CQL-0110",
            TypeMistake::NoWeeks => "SAL-CQL-0047",
            TypeMistake::Arguments { .. } => "SAL-CQL-0040",
            TypeMistake::NoType => "SAL-CQL-0057",
            TypeMistake::UnknownFunction { .. } => "SAL-CQL-0048",
            TypeMistake::NoPoint { .. } => "SAL-CQL-0049",
            TypeMistake::ElementTwice { .. } => "SAL-CQL-0050",
            TypeMistake::NoClass { .. } => "SAL-CQL-0051",
            TypeMistake::Unreachable => "SAL-CQL-0052",
            TypeMistake::NeverA { .. } => "SAL-CQL-0053",
            TypeMistake::NoConversion { .. } => "SAL-CQL-0054",
            TypeMistake::Unbounded { .. } => "SAL-CQL-0055",
            TypeMistake::AmbiguousType { .. } => "SAL-CQL-0056",
        })
    }

    pub(super) fn diagnostic(&self) -> Diagnostic {
        if let TypeMistake::Overload { source, .. } = self {
            let mut diagnostic = source.diagnostic();
            diagnostic.message = self.to_string();
            return diagnostic;
        }
        let help = self.help_with_types().unwrap_or_else(|| self.help());
        Diagnostic::new(self.code(), self.severity(), self.to_string()).help(help)
    }

    /// What to do, when it is about a type that must be another one.
    fn help_with_types(&self) -> Option<String> {
        Some(match self {
            TypeMistake::Mismatch { wanted, .. } => {
                format!("convert it: `convert … to {}`", shown(wanted))
            }
            TypeMistake::NoType => "name one: `is(Integer)`, `ofType(FHIR.Quantity)`".into(),
            TypeMistake::NoPoint { .. } => {
                "there are intervals of Integer, Long, Decimal, Quantity, Date, DateTime and Time"
                    .into()
            }
            TypeMistake::NoClass { .. } => "name a class: `Quantity`, `FHIR.Period`".into(),
            TypeMistake::NeverA { .. } => {
                "convert it with `convert … to …`, or take the cast away".into()
            }
            TypeMistake::NoConversion { wanted, .. } => {
                format!("write a function that makes {}", article(wanted))
            }
            TypeMistake::Unbounded { .. } => {
                "Integer, Long, Decimal, Quantity, Date, DateTime and Time have them".into()
            }
            TypeMistake::AmbiguousType { candidates } => {
                let names: Vec<String> = candidates.iter().map(Spec::to_string).collect();
                format!("say which: {}", names.join(", "))
            }
            TypeMistake::ListDemoted => {
                "say so with `singleton from`, or take one with `First(…)`".into()
            }
            TypeMistake::IntervalDemoted => {
                "say so with `point from`, or take an end with `start of`".into()
            }
            TypeMistake::BooleanPromoted => "write a list: `{ … }`".into(),
            _ => return None,
        })
    }

    /// What to do otherwise.
    fn help(&self) -> String {
        match self {
            TypeMistake::UnknownConstant { name } => {
                format!("define a parameter of this name: `parameter \"%{name}\" …`")
            }
            TypeMistake::NoWeeks => "compare by day, or count `weeks between`".into(),
            TypeMistake::Arguments { wanted, .. } => format!("give it {wanted}"),
            TypeMistake::CodesCompared { instead } => {
                format!("write `{instead}`, which compares code and system")
            }
            TypeMistake::NullCompared => "write `is null` or `is not null`".into(),
            TypeMistake::MethodsOff => {
                "write the operand in the parentheses, or allow method invocation".into()
            }
            TypeMistake::UnknownFunction { suggestion, .. } => match suggestion {
                Some(name) => format!("did you mean `{name}`?"),
                None => "define it, or include the library that does".into(),
            },
            TypeMistake::ElementTwice { .. } => "take one of them away".into(),
            TypeMistake::Unreachable => "take it away, or move it up".into(),
            TypeMistake::TooLarge { .. } => {
                "give the inner expressions names of their own, with `define`".into()
            }
            // What is about types has been said.
            _ => String::new(),
        }
    }
}

/// The type with `a` or `an` before it.
fn article(ty: &Spec) -> String {
    let name = shown(ty);
    let is_vowel = name.starts_with(['A', 'E', 'I', 'O', 'U']);
    format!("{} {name}", if is_vowel { "an" } else { "a" })
}
