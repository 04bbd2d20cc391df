//! ELM that no translator writes: whatever it says, it is refused or has a value, and ends.

use std::fmt::Write;

use salus_cql::elm::{Kind, Library, Shape};
use salus_cql::evaluate::{Evaluation, JsonDocuments, JsonRecords, Limits};
use salus_cql::program::Program;

use super::support::{models, scene};

/// How many libraries are made.
const LIBRARIES: u64 = 1_000;

/// Numbers that are the same in every run (Steele, Lea, Flood: SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// Types of System, each with a text that is a value of it.
const LITERALS: [(&str, &str); 8] = [
    ("Integer", "7"),
    ("Integer", "-2147483648"),
    ("Decimal", "1.5"),
    ("String", "(a*)*é"),
    ("Boolean", "true"),
    ("DateTime", "2024-01-01T10:00:00Z"),
    ("Date", "2024-02"),
    ("Time", "10:30"),
];
const PATHS: [&str; 6] = [
    "value",
    "code.coding[0].code",
    "low",
    "id",
    "a.b",
    "effective",
];
/// Classes with fields of their own.
const OWN: [&str; 30] = [
    "Property",
    "Interval",
    "Retrieve",
    "Filter",
    "ForEach",
    "Repeat",
    "Aggregate",
    "If",
    "Round",
    "Combine",
    "Split",
    "SplitOnMatches",
    "PositionOf",
    "LastPositionOf",
    "Substring",
    "Now",
    "Today",
    "TimeOfDay",
    "Date",
    "DateTime",
    "Time",
    "First",
    "Last",
    "Slice",
    "IndexOf",
    "Message",
    "Children",
    "Descendents",
    "MinValue",
    "InValueSet",
];
/// Fields that hold an expression, in some class or other.
const FIELDS: [&str; 31] = [
    "source",
    "condition",
    "then",
    "else",
    "low",
    "high",
    "element",
    "iteration",
    "initialValue",
    "dateRange",
    "code",
    "valuesetExpression",
    "startIndex",
    "endIndex",
    "stringToSub",
    "stringToSplit",
    "separator",
    "separatorPattern",
    "pattern",
    "string",
    "length",
    "operand",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "severity",
    "message",
    "lowClosedExpression",
    "timezoneOffset",
];

/// Makes ELM, mostly of the right shape.
struct Maker {
    numbers: Numbers,
    /// References that are in scope.
    scope: Vec<String>,
    /// What else may be referred to.
    others: &'static [&'static str],
}

impl Maker {
    fn literal(&mut self) -> String {
        let (ty, text) = LITERALS[self.numbers.below(LITERALS.len())];
        format!(
            r#"{{"type":"Literal","valueType":"{{urn:hl7-org:elm-types:r1}}{ty}","value":"{text}"}}"#
        )
    }

    fn leaf(&mut self) -> String {
        match self.numbers.below(5) {
            0 => r#"{"type":"Null"}"#.to_owned(),
            1 if !self.scope.is_empty() => self.scope[self.numbers.below(self.scope.len())].clone(),
            2 if !self.others.is_empty() => self.numbers.one(self.others).to_owned(),
            _ => self.literal(),
        }
    }

    fn expression(&mut self, levels: usize) -> String {
        if levels == 0 {
            return self.leaf();
        }
        match self.numbers.below(8) {
            0 => self.query(levels),
            1 => {
                let items = self.several(levels, 3);
                format!(r#"{{"type":"List","element":[{}]}}"#, items.join(","))
            }
            2 => self.own(levels),
            3 => self.leaf(),
            _ => self.operator(levels),
        }
    }

    fn several(&mut self, levels: usize, count: usize) -> Vec<String> {
        (0..count).map(|_| self.expression(levels - 1)).collect()
    }

    fn query(&mut self, levels: usize) -> String {
        let source = self.expression(levels - 1);
        let scope = self.scope.len();
        self.scope
            .push(r#"{"type":"AliasRef","name":"X"}"#.to_owned());
        let mut text =
            format!(r#"{{"type":"Query","source":[{{"alias":"X","expression":{source}}}]"#);
        let parts = [
            (r#""where":"#, ""),
            (r#""return":{"expression":"#, "}"),
            (r#""aggregate":{"identifier":"T","expression":"#, "}"),
            (
                r#""relationship":[{"type":"Without","alias":"Y","expression":"#,
                "}]",
            ),
            (
                r#""sort":{"by":[{"type":"ByExpression","direction":"desc","expression":"#,
                "}]}",
            ),
        ];
        for (before, after) in parts {
            if self.numbers.below(3) == 0 {
                let inner = self.expression(levels - 1);
                write!(text, ",{before}{inner}{after}").unwrap();
            }
        }
        self.scope.truncate(scope);
        text + "}"
    }

    /// An operator with as many operands as it takes.
    fn operator(&mut self, levels: usize) -> String {
        let kind = loop {
            let kind = Kind::ALL[self.numbers.below(Kind::ALL.len())];
            if !matches!(kind.shape(), Shape::Own | Shape::Part) && kind != Kind::FunctionRef {
                break kind;
            }
        };
        let operands = match kind.shape() {
            Shape::Unary => format!(r#""operand":{}"#, self.expression(levels - 1)),
            Shape::Aggregate => format!(r#""source":{}"#, self.expression(levels - 1)),
            Shape::Ternary => format!(r#""operand":[{}]"#, self.several(levels, 3).join(",")),
            _ => format!(r#""operand":[{}]"#, self.several(levels, 2).join(",")),
        };
        self.finished(kind.name(), &operands)
    }

    /// A node of a class with fields of its own, with all of the fields that any of them has.
    fn own(&mut self, levels: usize) -> String {
        let kind = self.numbers.one(&OWN);
        let deep = self.numbers.below(FIELDS.len());
        let mut fields = Vec::new();
        for (position, field) in FIELDS.into_iter().enumerate() {
            let scope = self.scope.len();
            if matches!(field, "condition" | "element" | "iteration") && kind != "If" {
                self.scope
                    .push(r#"{"type":"Current","scope":"S"}"#.to_owned());
            }
            let levels = if position == deep || field == "source" {
                levels - 1
            } else {
                0
            };
            fields.push(format!(r#""{field}":{}"#, self.expression(levels)));
            self.scope.truncate(scope);
        }
        // Scopes are those of the operators that have one.
        let has_scope = matches!(kind, "Filter" | "ForEach" | "Repeat" | "Aggregate");
        let fields = fields.join(",");
        let fields = match has_scope {
            true => fields,
            false => fields.replace(r#"{"type":"Current","scope":"S"}"#, r#"{"type":"Null"}"#),
        };
        self.finished(kind, &fields)
    }

    fn finished(&mut self, kind: &str, fields: &str) -> String {
        let (ty, text) = LITERALS[self.numbers.below(LITERALS.len())];
        let mut node = format!(r#"{{"type":"{kind}",{fields}"#);
        for field in ["asType", "isType", "toType", "valueType"] {
            write!(node, r#","{field}":"{{urn:hl7-org:elm-types:r1}}{ty}""#).unwrap();
        }
        let path = match kind {
            "Property" => format!(r#","path":"{}""#, self.numbers.one(&PATHS)),
            _ => String::new(),
        };
        write!(
            node,
            r#","dataType":"{{http://hl7.org/fhir}}Observation","dateProperty":"effective","scope":"S","value":"{text}",
            "precision":"{}"{path}}}"#,
            self.numbers.one(&["Day", "Year", "Millisecond", "Month"])
        )
        .unwrap();
        node.replace(
            r#""precision":"Day""#,
            if kind == "Round" {
                r#""precision":null"#
            } else {
                r#""precision":"Day""#
            },
        )
    }
}

fn made(seed: u64) -> String {
    let mut maker = Maker {
        numbers: Numbers(seed),
        scope: Vec::new(),
        others: &[
            r#"{"type":"ExpressionRef","name":"Y"}"#,
            r#"{"type":"ParameterRef","name":"P"}"#,
            r#"{"type":"FunctionRef","name":"F","operand":[{"type":"Today"}]}"#,
            r#"{"type":"ValueSetRef","name":"V","preserve":true}"#,
            r#"{"type":"AliasRef","name":"nobody"}"#,
        ],
    };
    if !seed.is_multiple_of(8) {
        maker.others = &maker.others[..4];
    }
    let x = maker.expression(4);
    maker.others = &[];
    let (y, body) = (maker.expression(3), maker.expression(3));
    format!(
        r#"{{"library":{{"identifier":{{"id":"Main"}},
        "parameters":{{"def":[{{"name":"P","parameterType":"{{urn:hl7-org:elm-types:r1}}Any","default":{}}}]}},
        "valueSets":{{"def":[{{"name":"V","id":"http://nobody"}}]}},
        "statements":{{"def":[{{"name":"X","context":"Patient","expression":{x}}},
        {{"name":"Y","context":"Unfiltered","expression":{y}}},
        {{"type":"FunctionDef","name":"F","operand":[{{"name":"a"}}],"expression":{body}}}]}}}}}}"#,
        maker.literal()
    )
}

const PATIENT: &str = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p"}},
    {"resource":{"resourceType":"Observation","id":"o","code":{"coding":[{"system":"s","code":"1"}]},
    "effectiveDateTime":"2024-01-01","valueQuantity":{"value":1,"unit":"mg"}}}]}"#;

#[test]
fn whatever_elm_says_it_is_refused_or_has_a_value() {
    let mut documents = JsonDocuments::new();
    documents.add(PATIENT).unwrap();
    let records = JsonRecords::new(&documents);
    let limits = Limits {
        steps_max: 100_000,
        items_max: 10_000,
        text_bytes_max: 1 << 16,
        ..Limits::default()
    };
    let (mut refused, mut valued, mut failed) = (0, 0, 0);
    for seed in 0..LIBRARIES {
        let Ok(library) = Library::from_json(&made(seed)) else {
            panic!("{}", made(seed));
        };
        let Ok(program) = Program::new(&library, &[], models()) else {
            refused += 1;
            continue;
        };
        let mut evaluation = Evaluation::new(&program, &records, scene()).limits(limits.clone());
        for name in ["X", "Y"] {
            match evaluation.define(name) {
                Ok(value) => {
                    assert!(!format!("{value:?}").is_empty());
                    valued += 1;
                }
                Err(failure) => {
                    assert!(!failure.diagnostic().message.is_empty());
                    failed += 1;
                }
            }
        }
    }
    // All three are tried.
    assert!(
        refused > 0 && valued > 0 && failed > 0,
        "{refused} {valued} {failed}"
    );
}
