//! What a node of ELM can be: one table.

/// How a node holds what it is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One `operand`.
    Unary,
    /// A list `operand` of two.
    Binary,
    /// A list `operand` of three.
    Ternary,
    /// A list `operand` of any number.
    Nary,
    /// A list in `source`, with a `path` for each item.
    Aggregate,
    /// Fields of its own.
    Own,
    /// Not an expression: a part of one, of a library, or a type.
    Part,
}

macro_rules! kinds {
    ($($(#[$chapter:meta])* [$($name:ident: $shape:ident,)*])*) => {
        /// What a node is: the classes of the ELM schema (r1), in the order of its chapters.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[doc = concat!("`", stringify!($name), "`")] $name,)*)*
            /// A class that this table does not have; its name is in the field `type`.
            Unknown,
        }

        impl Kind {
            /// All of them but [`Kind::Unknown`].
            pub const ALL: &'static [Kind] = &[$($(Kind::$name,)*)*];

            /// Its name in the schema.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Kind::$name => stringify!($name),)*)*
                    Kind::Unknown => "",
                }
            }

            /// The kind of this name; [`Kind::Unknown`] if there is none.
            #[must_use]
            pub fn of(name: &str) -> Kind {
                match name {
                    $($(stringify!($name) => Kind::$name,)*)*
                    _ => Kind::Unknown,
                }
            }

            /// How it holds what it is applied to.
            #[must_use]
            pub const fn shape(self) -> Shape {
                match self {
                    $($(Kind::$name => Shape::$shape,)*)*
                    Kind::Unknown => Shape::Own,
                }
            }
        }
    };
}

kinds! {
    /// Libraries.
    [
        Library: Part, VersionedIdentifier: Part, UsingDef: Part, IncludeDef: Part, ParameterDef: Part,
        CodeSystemDef: Part, ValueSetDef: Part, CodeDef: Part, ConceptDef: Part, ContextDef: Part,
        ExpressionDef: Part, FunctionDef: Part, OperandDef: Part, Defs: Part,
    ]
    /// Annotations.
    [
        CqlToElmInfo: Part, CqlToElmError: Part, Annotation: Part, Narrative: Part, Tag: Part, Locator: Part,
    ]
    /// Types.
    [
        NamedTypeSpecifier: Part, ListTypeSpecifier: Part, IntervalTypeSpecifier: Part, TupleTypeSpecifier: Part,
        TupleElementDefinition: Part, ChoiceTypeSpecifier: Part, ParameterTypeSpecifier: Part,
    ]
    /// Literals and selectors.
    [
        Literal: Own, Null: Own, Tuple: Own, TupleElement: Part, Instance: Own, InstanceElement: Part, Property: Own,
        Interval: Own, List: Own, Quantity: Own, Ratio: Own, Code: Own, Concept: Own,
    ]
    /// References.
    [
        ExpressionRef: Own, FunctionRef: Nary, ParameterRef: Own, OperandRef: Own, IdentifierRef: Own,
        CodeSystemRef: Own, ValueSetRef: Own, CodeRef: Own, ConceptRef: Own,
    ]
    /// Queries.
    [
        Retrieve: Own, CodeFilterElement: Part, DateFilterElement: Part, OtherFilterElement: Part,
        IncludeElement: Part, Query: Own, AliasedQuerySource: Part, LetClause: Part, With: Part, Without: Part,
        ReturnClause: Part, AggregateClause: Part, SortClause: Part, ByDirection: Part, ByColumn: Part,
        ByExpression: Part, AliasRef: Own, QueryLetRef: Own, IterationRef: Own, Search: Own, Sort: Own,
    ]
    /// Conditions.
    [ Case: Own, CaseItem: Part, If: Own, ]
    /// Nullological operators.
    [ Coalesce: Nary, IsNull: Unary, IsTrue: Unary, IsFalse: Unary, ]
    /// Logic.
    [ And: Binary, Or: Binary, Xor: Binary, Implies: Binary, Not: Unary, ]
    /// Types of values.
    [
        As: Unary, Is: Unary, Convert: Unary, CanConvert: Unary, CanConvertQuantity: Binary, ConvertQuantity: Binary,
        Children: Own, Descendents: Own, ConvertsToBoolean: Unary, ConvertsToDate: Unary, ConvertsToDateTime: Unary,
        ConvertsToDecimal: Unary, ConvertsToInteger: Unary, ConvertsToLong: Unary, ConvertsToQuantity: Unary,
        ConvertsToRatio: Unary, ConvertsToString: Unary, ConvertsToTime: Unary, ToBoolean: Unary, ToChars: Unary,
        ToConcept: Unary, ToDate: Unary, ToDateTime: Unary, ToDecimal: Unary, ToInteger: Unary, ToLong: Unary,
        ToList: Unary, ToQuantity: Unary, ToRatio: Unary, ToString: Unary, ToTime: Unary,
    ]
    /// Comparison.
    [
        Equal: Binary, Equivalent: Binary, NotEqual: Binary, Less: Binary, Greater: Binary, LessOrEqual: Binary,
        GreaterOrEqual: Binary,
    ]
    /// Arithmetic.
    [
        Add: Binary, Subtract: Binary, Multiply: Binary, Divide: Binary, TruncatedDivide: Binary, Modulo: Binary,
        Ceiling: Unary, Floor: Unary, Truncate: Unary, Abs: Unary, Negate: Unary, Round: Own, Ln: Unary, Exp: Unary,
        Log: Binary, Power: Binary, Successor: Unary, Predecessor: Unary, MinValue: Own, MaxValue: Own,
        Precision: Unary, LowBoundary: Binary, HighBoundary: Binary,
    ]
    /// Texts.
    [
        Concatenate: Nary, Combine: Own, Split: Own, SplitOnMatches: Own, Length: Unary, Upper: Unary, Lower: Unary,
        Indexer: Binary, PositionOf: Own, LastPositionOf: Own, Substring: Own, StartsWith: Binary, EndsWith: Binary,
        Matches: Binary, ReplaceMatches: Ternary,
    ]
    /// Dates and times.
    [
        Now: Own, Today: Own, TimeOfDay: Own, Date: Own, DateTime: Own, Time: Own, DateFrom: Unary, TimeFrom: Unary,
        TimezoneFrom: Unary, TimezoneOffsetFrom: Unary, DateTimeComponentFrom: Unary, DurationBetween: Binary,
        DifferenceBetween: Binary, SameAs: Binary, SameOrBefore: Binary, SameOrAfter: Binary,
    ]
    /// Intervals.
    [
        Width: Unary, Size: Unary, PointFrom: Unary, Start: Unary, End: Unary, Contains: Binary,
        ProperContains: Binary, In: Binary, ProperIn: Binary, Includes: Binary, IncludedIn: Binary,
        ProperIncludes: Binary, ProperIncludedIn: Binary, Before: Binary, After: Binary, Meets: Binary,
        MeetsBefore: Binary, MeetsAfter: Binary, Overlaps: Binary, OverlapsBefore: Binary, OverlapsAfter: Binary,
        Starts: Binary, Ends: Binary, Collapse: Binary, Expand: Binary,
    ]
    /// Lists and sets.
    [
        Union: Nary, Intersect: Nary, Except: Nary, Exists: Unary, Times: Binary, Filter: Own, First: Own, Last: Own,
        Slice: Own, IndexOf: Own, Flatten: Unary, ForEach: Own, Repeat: Own, Distinct: Unary, Current: Own,
        Iteration: Own, Total: Own, SingletonFrom: Unary,
    ]
    /// Aggregates.
    [
        Aggregate: Own, Count: Aggregate, Sum: Aggregate, Product: Aggregate, GeometricMean: Aggregate,
        Min: Aggregate, Max: Aggregate, Avg: Aggregate, Median: Aggregate, Mode: Aggregate, Variance: Aggregate,
        PopulationVariance: Aggregate, StdDev: Aggregate, PopulationStdDev: Aggregate, AllTrue: Aggregate,
        AnyTrue: Aggregate,
    ]
    /// Codes and patients.
    [
        InCodeSystem: Own, AnyInCodeSystem: Own, InValueSet: Own, AnyInValueSet: Own, ExpandValueSet: Unary,
        Subsumes: Binary, SubsumedBy: Binary, CalculateAge: Unary, CalculateAgeAt: Binary,
    ]
    /// Messages.
    [ Message: Own, ]
}

impl Kind {
    /// The kind of what a field holds when it does not say so itself: in ELM only nodes that could be of several
    /// classes have a `type`.
    #[must_use]
    pub fn implied(parent: Kind, field: &str) -> Kind {
        match (parent, field) {
            (Kind::Library, "identifier" | "schemaIdentifier") => Kind::VersionedIdentifier,
            (Kind::Library, _) => Kind::Defs,
            (Kind::Defs, "def") => Kind::Unknown,
            (Kind::ConceptDef, "code") => Kind::CodeRef,
            (Kind::Concept, "code") => Kind::Code,
            (Kind::Code | Kind::CodeDef | Kind::ValueSetDef, "system" | "codeSystem") => {
                Kind::CodeSystemRef
            }
            (Kind::InCodeSystem | Kind::AnyInCodeSystem, "codesystem") => Kind::CodeSystemRef,
            (Kind::InValueSet | Kind::AnyInValueSet, "valueset") => Kind::ValueSetRef,
            (Kind::FunctionDef, "operand") => Kind::OperandDef,
            (Kind::Tuple, "element") => Kind::TupleElement,
            (Kind::Instance, "element") => Kind::InstanceElement,
            (Kind::TupleTypeSpecifier, "element") => Kind::TupleElementDefinition,
            (Kind::Ratio, "numerator" | "denominator") => Kind::Quantity,
            (Kind::Retrieve, "codeFilter") => Kind::CodeFilterElement,
            (Kind::Retrieve, "dateFilter") => Kind::DateFilterElement,
            (Kind::Retrieve, "otherFilter") => Kind::OtherFilterElement,
            (Kind::Retrieve, "include") => Kind::IncludeElement,
            (Kind::Query, "source") => Kind::AliasedQuerySource,
            (Kind::Query, "let") => Kind::LetClause,
            (Kind::Query, "return") => Kind::ReturnClause,
            (Kind::Query, "aggregate") => Kind::AggregateClause,
            (Kind::Query, "sort") => Kind::SortClause,
            (Kind::Case, "caseItem") => Kind::CaseItem,
            (Kind::Annotation, "s") | (Kind::Narrative, "s") => Kind::Narrative,
            (Kind::Annotation, "t") => Kind::Tag,
            _ => Kind::Unknown,
        }
    }

    /// The kind of the definitions in a part of a library (`usings`, `statements`, …).
    #[must_use]
    pub fn defined_in(part: &str) -> Kind {
        match part {
            "usings" => Kind::UsingDef,
            "includes" => Kind::IncludeDef,
            "parameters" => Kind::ParameterDef,
            "codeSystems" => Kind::CodeSystemDef,
            "valueSets" => Kind::ValueSetDef,
            "codes" => Kind::CodeDef,
            "concepts" => Kind::ConceptDef,
            "contexts" => Kind::ContextDef,
            "statements" => Kind::ExpressionDef,
            _ => Kind::Unknown,
        }
    }

    /// Whether a field of this kind holds a list, which XML writes as one element after the other.
    #[must_use]
    pub fn holds_list(self, field: &str) -> bool {
        match field {
            "operand" => self.shape() != Shape::Unary,
            "source" => self == Kind::Query,
            "element" => matches!(
                self,
                Kind::List | Kind::Tuple | Kind::Instance | Kind::TupleTypeSpecifier
            ),
            "code" => matches!(self, Kind::Concept | Kind::ConceptDef),
            "type" => self == Kind::ChoiceTypeSpecifier,
            "codeSystem" => self == Kind::ValueSetDef,
            "s" => self == Kind::Narrative,
            "def" | "annotation" | "signature" | "let" | "relationship" | "by" | "caseItem"
            | "codeFilter" | "dateFilter" | "otherFilter" | "include" | "choice" | "t" => true,
            _ => false,
        }
    }
}
