//! What a function looks like from outside: the part of the registration table that the checker and the guide read.

use std::fmt;
use std::ops::BitOr;

/// A set of System types, by which inputs, arguments and results are described. FHIR types count as the System type
/// that they convert to implicitly: `code` as `String`, `Age` as `Quantity`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Types(u16);

impl Types {
    /// No type: a result that is always empty.
    pub const NONE: Types = Types(0);
    /// `System.Boolean`.
    pub const BOOLEAN: Types = Types(1);
    /// `System.String`.
    pub const STRING: Types = Types(1 << 1);
    /// `System.Integer`.
    pub const INTEGER: Types = Types(1 << 2);
    /// `System.Long`.
    pub const LONG: Types = Types(1 << 3);
    /// `System.Decimal`.
    pub const DECIMAL: Types = Types(1 << 4);
    /// `System.Date`.
    pub const DATE: Types = Types(1 << 5);
    /// `System.DateTime`.
    pub const DATE_TIME: Types = Types(1 << 6);
    /// `System.Time`.
    pub const TIME: Types = Types(1 << 7);
    /// `System.Quantity`.
    pub const QUANTITY: Types = Types(1 << 8);
    /// Elements without a System type: resources, complex elements.
    pub const ELEMENT: Types = Types(1 << 9);
    /// `Integer`, `Long` and `Decimal`.
    pub const NUMBER: Types = Types(Types::INTEGER.0 | Types::LONG.0 | Types::DECIMAL.0);
    /// `Date`, `DateTime` and `Time`.
    pub const TEMPORAL: Types = Types(Types::DATE.0 | Types::DATE_TIME.0 | Types::TIME.0);
    /// Every System type.
    pub const SYSTEM: Types = Types(Types::ELEMENT.0 - 1);
    /// Everything.
    pub const ANY: Types = Types(Types::SYSTEM.0 | Types::ELEMENT.0);

    /// Both sets together; as `|`, also in constants.
    #[must_use]
    pub const fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// Whether every type of `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Types) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some type is in both.
    #[must_use]
    pub const fn meets(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    /// The names of the types in this set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        const NAMES: [&str; 10] = [
            "Boolean", "String", "Integer", "Long", "Decimal", "Date", "DateTime", "Time",
            "Quantity", "element",
        ];
        (0_u16..)
            .zip(NAMES)
            .filter(move |(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, name)| name)
    }
}

impl BitOr for Types {
    type Output = Types;

    fn bitor(self, other: Types) -> Types {
        self.or(other)
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Types::ANY {
            return f.write_str("any");
        }
        for (nth, name) in self.names().enumerate() {
            f.write_str(if nth > 0 { " | " } else { "" })?;
            f.write_str(name)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Types({self})")
    }
}

/// What a function is called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// Types that it can work with. Others are refused (by evaluation when they are there, by the checker when
    /// nothing else can be).
    pub types: Types,
    /// Whether several items are refused.
    pub single: bool,
}

impl Input {
    /// Any collection.
    pub const ANY: Input = Input {
        types: Types::ANY,
        single: false,
    };

    /// A collection of these types.
    #[must_use]
    pub const fn many(types: Types) -> Input {
        Input {
            types,
            single: false,
        }
    }

    /// At most one item, of these types.
    #[must_use]
    pub const fn one(types: Types) -> Input {
        Input {
            types,
            single: true,
        }
    }
}

/// How an argument is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind {
    /// Evaluated once, on what surrounds the call (`$this` outside).
    Value,
    /// Evaluated for each item of the input, which is `$this`; `$index` is its position.
    Lambda,
    /// As [`ArgumentKind::Lambda`] with the whole input as `$this`: the branches of `iif`.
    Branch,
    /// The name of a type.
    Type,
}

/// One argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// Its name in the specification.
    pub name: &'static str,
    /// How it is used.
    pub kind: ArgumentKind,
    /// Types that it may have.
    pub types: Types,
    /// Whether several items are refused.
    pub single: bool,
}

impl Argument {
    /// One value of these types.
    #[must_use]
    pub const fn one(name: &'static str, types: Types) -> Argument {
        Argument {
            name,
            kind: ArgumentKind::Value,
            types,
            single: true,
        }
    }

    /// A collection.
    #[must_use]
    pub const fn many(name: &'static str) -> Argument {
        Argument {
            name,
            kind: ArgumentKind::Value,
            types: Types::ANY,
            single: false,
        }
    }

    /// A criterion: a Boolean for each item.
    #[must_use]
    pub const fn criteria() -> Argument {
        Argument {
            name: "criteria",
            kind: ArgumentKind::Lambda,
            types: Types::BOOLEAN,
            single: true,
        }
    }

    /// A collection for each item.
    #[must_use]
    pub const fn lambda(name: &'static str) -> Argument {
        Argument {
            name,
            kind: ArgumentKind::Lambda,
            types: Types::ANY,
            single: false,
        }
    }

    /// An expression that is evaluated only when it is needed, on the whole input.
    #[must_use]
    pub const fn branch(name: &'static str, types: Types, single: bool) -> Argument {
        Argument {
            name,
            kind: ArgumentKind::Branch,
            types,
            single,
        }
    }

    /// A type specifier.
    #[must_use]
    pub const fn ty() -> Argument {
        Argument {
            name: "type",
            kind: ArgumentKind::Type,
            types: Types::NONE,
            single: true,
        }
    }
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returns {
    /// At most one item of these types.
    One(Types),
    /// A collection of these types.
    Many(Types),
    /// The input, or some of its items.
    Input,
    /// One item of the input.
    InputItem,
    /// The items of the input and of the argument of this position.
    InputAnd(usize),
    /// What the argument of this position gives, for all items together.
    Argument(usize),
    /// What the arguments from this position on give, one of them.
    AnyArgument(usize),
    /// What the argument of this position gives, and what it gives on that, and so on.
    Repeated(usize),
    /// Input items of the type that the argument of this position names.
    OfType(usize),
    /// The child elements of the input.
    Children,
    /// Elements at any depth below the input.
    Descendants,
    /// The extensions of the input.
    Extensions,
    /// Resources.
    Resources,
    /// The type information of reflection (§10.2).
    TypeInfo,
}

/// A function as it is called.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// What it is called on.
    pub input: Input,
    /// Its arguments, those that may be left out last.
    pub arguments: &'static [Argument],
    /// How many arguments must be there.
    pub required: usize,
    /// Whether the last argument may be given any number of times.
    pub variadic: bool,
    /// What it gives.
    pub returns: Returns,
    /// What it does, in one sentence for the guide.
    pub summary: &'static str,
}

impl Signature {
    /// A function of these arguments, all of which must be there.
    #[must_use]
    pub const fn new(
        name: &'static str,
        input: Input,
        arguments: &'static [Argument],
        returns: Returns,
        summary: &'static str,
    ) -> Signature {
        Signature {
            name,
            input,
            arguments,
            required: arguments.len(),
            variadic: false,
            returns,
            summary,
        }
    }

    /// The same with all arguments after the first `required` optional.
    #[must_use]
    pub const fn required(mut self, required: usize) -> Signature {
        self.required = required;
        self
    }

    /// The same with a last argument that repeats.
    #[must_use]
    pub const fn variadic(mut self) -> Signature {
        self.variadic = true;
        self
    }

    /// Whether it can be called with this many arguments.
    #[must_use]
    pub const fn takes(&self, count: usize) -> bool {
        self.required <= count && (self.variadic || count <= self.arguments.len())
    }

    /// The argument of this position; the last one again and again when it repeats.
    #[must_use]
    pub fn argument(&self, position: usize) -> Option<&'static Argument> {
        self.arguments
            .get(position)
            .or_else(|| self.arguments.last().filter(|_| self.variadic))
    }
}

impl fmt::Display for Signature {
    /// As in the specification: `substring(start : Integer [, length : Integer])`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (nth, argument) in self.arguments.iter().enumerate() {
            let optional = nth >= self.required;
            f.write_str(if optional { "[" } else { "" })?;
            f.write_str(if nth > 0 { ", " } else { "" })?;
            f.write_str(argument.name)?;
            match argument.kind {
                ArgumentKind::Type => {}
                ArgumentKind::Value if argument.types != Types::ANY => {
                    write!(f, " : {}", argument.types)?
                }
                ArgumentKind::Value => {}
                ArgumentKind::Lambda | ArgumentKind::Branch => f.write_str(" : expression")?,
            }
            f.write_str(if optional { "]" } else { "" })?;
        }
        f.write_str(if self.variadic { ", …)" } else { ")" })
    }
}
