//! Made-up expressions: for each type, ways to write one of it, filled at random with expressions of other types.

/// Types, and how expressions of each are written; `{…}` stands for an expression of that type.
const WAYS: &[(&str, &[&str])] = &[
    (
        "Boolean",
        &[
            "true",
            "false",
            "(null as Boolean)",
            "({Boolean} and {Boolean})",
            "({Boolean} or {Boolean})",
            "({Boolean} xor {Boolean})",
            "({Boolean} implies {Boolean})",
            "(not {Boolean})",
            "({Boolean} is true)",
            "({Boolean} is not false)",
            "({Integer} is null)",
            "({Date} is not null)",
            "({Integer} < {Integer})",
            "({Decimal} >= {Integer})",
            "({Long} > {Integer})",
            "({Quantity} <= {Quantity})",
            "({Date} < {Date})",
            "({DateTime} > {DateTime})",
            "({Time} >= {Time})",
            "({String} < {String})",
            "({Integer} = {Decimal})",
            "({String} != {String})",
            "({DateTime} ~ {DateTime})",
            "({Quantity} !~ {Quantity})",
            "({IntegerList} = {IntegerList})",
            "({IntegerInterval} ~ {DecimalInterval})",
            "({Tuple} = {Tuple})",
            "({Integer} in {IntegerList})",
            "({IntegerList} contains {Integer})",
            "({Decimal} in {DecimalInterval})",
            "({Date} in day of {DateInterval})",
            "({IntegerInterval} contains {Integer})",
            "({StringList} includes {StringList})",
            "({IntegerInterval} included in {IntegerInterval})",
            "({Integer} during {IntegerInterval})",
            "({IntegerInterval} properly includes {Integer})",
            "({IntegerList} properly included in {IntegerList})",
            "({DateInterval} before {DateInterval})",
            "({Date} after {DateInterval})",
            "({DateInterval} on or before {Date})",
            "({DateTimeInterval} same day as {DateTimeInterval})",
            "({DateTime} same month or after {DateTime})",
            "({DateInterval} overlaps {DateInterval})",
            "({IntegerInterval} meets before {IntegerInterval})",
            "({DateTimeInterval} overlaps after day of {DateTimeInterval})",
            "({DateInterval} starts {DateInterval})",
            "({DateTimeInterval} ends day of {DateTimeInterval})",
            "({DateInterval} starts during {DateInterval})",
            "({DateInterval} starts 3 days before start {DateInterval})",
            "({Date} 3 days or more after {Date})",
            "({DateInterval} ends 2 months or less before {DateInterval})",
            "({DateTime} more than 3 hours after {DateTime})",
            "({DateTime} less than 3 minutes before {DateTime})",
            "({Date} within 3 days of {Date})",
            "({DateTimeInterval} starts properly within 2 hours of {DateTimeInterval})",
            "({Integer} between {Integer} and {Decimal})",
            "({Date} properly between {Date} and {Date})",
            "exists {IntegerList}",
            "AnyTrue({ {Boolean}, {Boolean} })",
            "StartsWith({String}, {String})",
            "Matches({String}, 'a.*')",
            "({Any} is Integer)",
            "ConvertsToDate({String})",
            "(if {Boolean} then {Boolean} else {Boolean})",
            "({Choice} = {Integer})",
            "({Choice} is String)",
            "({Choice} in {IntegerList})",
            "exists (({IntegerList}) X where X > {Integer})",
            "({IntegerList}).exists($this > {Integer})",
            "AllTrue(({IntegerList}) X return X > {Integer})",
            "({StringList}).empty()",
            "(({IntegerList}) contains {Choice})",
        ],
    ),
    (
        "Integer",
        &[
            "0",
            "1",
            "2",
            "7",
            "(null as Integer)",
            "-3",
            "({Integer} + {Integer})",
            "({Integer} - {Integer})",
            "({Integer} * {Integer})",
            "({Integer} div 2)",
            "({Integer} mod 3)",
            "(-{Integer})",
            "Abs({Integer})",
            "Ceiling({Decimal})",
            "Floor({Decimal})",
            "Truncate({Decimal})",
            "successor of {Integer}",
            "Length({String})",
            "Length({IntegerList})",
            "PositionOf({String}, {String})",
            "Count({StringList})",
            "Sum({IntegerList})",
            "Max({IntegerList})",
            "First({IntegerList})",
            "Last({IntegerList})",
            "({IntegerList})[0]",
            "IndexOf({IntegerList}, {Integer})",
            "(start of {IntegerInterval})",
            "(end of {IntegerInterval})",
            "(width of {IntegerInterval})",
            "(year from {Date})",
            "(hour from {DateTime})",
            "(days between {Date} and {Date})",
            "(difference in months between {Date} and {DateTime})",
            "(duration in days of {DateInterval})",
            "Coalesce({Integer}, {Integer})",
            "Coalesce({IntegerList})",
            "ToInteger({String})",
            "(if {Boolean} then {Integer} else {Integer})",
            "(case when {Boolean} then {Integer} else null end)",
            "(case {Integer} when {Integer} then 1 when 2 then {Integer} else 0 end)",
            "({Any} as Integer)",
            "minimum Integer",
            "singleton from { {Integer} }",
            "Precision({Date})",
            "({Tuple}).a",
            "({Choice} as Integer)",
            "({Choice} + {Integer})",
            "Coalesce({Choice}, {Integer})",
            "(({IntegerList}) X aggregate R starting 0: R + X)",
            "First(({IntegerList}) X sort desc)",
            "({IntegerList}).first()",
            "Sum(from ({IntegerList}) A, ({IntegerList}) B where A < B return all A + B)",
            "({Tuple}.a)",
        ],
    ),
    (
        "Long",
        &[
            "0L",
            "5L",
            "(null as Long)",
            "({Long} + {Integer})",
            "({Long} * {Long})",
            "Abs({Long})",
            "ToLong({String})",
            "(convert {Integer} to Long)",
        ],
    ),
    (
        "Decimal",
        &[
            "0.0",
            "1.5",
            "2.25",
            "(null as Decimal)",
            "({Decimal} + {Integer})",
            "({Integer} / {Decimal})",
            "({Decimal} - {Decimal})",
            "Round({Decimal}, {Integer})",
            "Power({Decimal}, {Integer})",
            "Avg({IntegerList})",
            "Median({ {Decimal}, {Integer} })",
            "({Integer} / {Integer})",
            "(convert {Integer} to Decimal)",
            "(start of {DecimalInterval})",
            "Coalesce({Integer}, {Decimal})",
            "Abs({Decimal})",
            "(if {Boolean} then {Integer} else {Decimal})",
            "ToDecimal({String})",
            "Max({ {Decimal}, {Decimal} })",
        ],
    ),
    (
        "String",
        &[
            "'a'",
            "'abc'",
            "''",
            "(null as String)",
            "({String} + {String})",
            "({String} & {String})",
            "Upper({String})",
            "Substring({String}, {Integer})",
            "ToString({Integer})",
            "ToString({Date})",
            "Combine({StringList}, ',')",
            "First({StringList})",
            "({String})[0]",
            "(convert {Decimal} to String)",
            "Coalesce({String}, {String})",
            "(if {Boolean} then {String} else null)",
            "ToString({Quantity})",
        ],
    ),
    (
        "Date",
        &[
            "@2014-01-01",
            "@2014-06",
            "@2015",
            "(null as Date)",
            "({Date} + 3 days)",
            "({Date} - 1 month)",
            "Date(2014, {Integer}, 2)",
            "(start of {DateInterval})",
            "(date from {DateTime})",
            "ToDate('2014-01-02')",
            "Max({ {Date}, {Date} })",
            "(predecessor of {Date})",
            "Coalesce({Date}, {Date})",
            "(convert {DateTime} to Date)",
        ],
    ),
    (
        "DateTime",
        &[
            "@2014-01-01T10:00:00.0Z",
            "@2014-06-01T",
            "DateTime(2014, 1, 2)",
            "(null as DateTime)",
            "({DateTime} + 3 hours)",
            "({DateTime} - 90 minutes)",
            "(end of {DateTimeInterval})",
            "Coalesce({DateTime}, {Date})",
            "(convert {Date} to DateTime)",
            "(if {Boolean} then {Date} else {DateTime})",
            "Min({ {DateTime}, {Date} })",
        ],
    ),
    (
        "Time",
        &[
            "@T10:30",
            "@T23:59:59.999",
            "(null as Time)",
            "({Time} + 1 hour)",
            "Time({Integer}, 30)",
            "(time from {DateTime})",
        ],
    ),
    (
        "Quantity",
        &[
            "5 'mg'",
            "2.5 'g'",
            "3 days",
            "(null as Quantity)",
            "({Quantity} + {Quantity})",
            "({Quantity} * {Integer})",
            "({Quantity} / {Decimal})",
            "Quantity { value: {Decimal}, unit: 'mg' }",
            "Abs({Quantity})",
            "ToQuantity({Decimal})",
            "Sum({ {Quantity}, {Integer} })",
            "Coalesce({Quantity}, {Integer})",
        ],
    ),
    (
        "Choice",
        &[
            "({Integer} as Choice<Integer, String>)",
            "(if {Boolean} then {Integer} else {String})",
            "({String} as Choice<Integer, String>)",
            "(case when {Boolean} then {String} else {Integer} end)",
            "First({ {Integer}, {String} } union { {Integer} })",
        ],
    ),
    (
        "DecimalList",
        &[
            "{ {Decimal}, {Integer} }",
            "(null as List<Decimal>)",
            "{ 1.5 }",
            "({DecimalList} union {DecimalList})",
            "(({IntegerList}) X return X * 1.5)",
        ],
    ),
    (
        "Any",
        &[
            "(null as Any)",
            "({Integer} as Any)",
            "({String} as Any)",
            "null",
        ],
    ),
    (
        "Tuple",
        &[
            "Tuple { a: {Integer}, b: {String} }",
            "Tuple { a: {Integer}, b: null }",
            "Tuple { b: {String}, a: {Integer} }",
        ],
    ),
    (
        "IntegerList",
        &[
            "{ {Integer}, {Integer} }",
            "{ {Integer}, null }",
            "List<Integer>{ }",
            "(null as List<Integer>)",
            "({IntegerList} union {IntegerList})",
            "({IntegerList} intersect {IntegerList})",
            "({IntegerList} except {IntegerList})",
            "distinct {IntegerList}",
            "flatten { {IntegerList}, {IntegerList} }",
            "Skip({IntegerList}, {Integer})",
            "Take({IntegerList}, {Integer})",
            "Tail({IntegerList})",
            "expand {IntegerInterval}",
            "expand {IntegerInterval} per 2",
            "(if {Boolean} then {IntegerList} else null)",
            "(({IntegerList}) X where X > {Integer})",
            "(({IntegerList}) X return all X + {Integer})",
            "(({IntegerList}) X let Y: X * 2 where Y > {Integer} return Y sort asc)",
            "(({IntegerList}) X with ({IntegerList}) Y such that X = Y)",
            "(({IntegerList}) X without ({IntegerList}) Y such that Y > X return distinct X)",
            "({IntegerList}).where($this > {Integer})",
            "({IntegerList}).select($this + 1)",
            "(from ({IntegerList}) A, ({IntegerList}) B return A)",
            "({IntegerList}).skip({Integer})",
            "(({DecimalList}) D return Truncate(D))",
        ],
    ),
    (
        "StringList",
        &[
            "{ {String}, {String} }",
            "Split({String}, ',')",
            "({StringList} union {StringList})",
            "(null as List<String>)",
            "(({IntegerList}) X return ToString(X))",
            "(({StringList}) S where S is not null sort desc)",
            "({StringList}).distinct()",
        ],
    ),
    (
        "IntegerInterval",
        &[
            "Interval[{Integer}, {Integer}]",
            "Interval({Integer}, null]",
            "(null as Interval<Integer>)",
            "({IntegerInterval} union {IntegerInterval})",
            "({IntegerInterval} intersect {IntegerInterval})",
            "First(collapse { {IntegerInterval}, {IntegerInterval} })",
            "(if {Boolean} then {IntegerInterval} else null)",
        ],
    ),
    (
        "DecimalInterval",
        &[
            "Interval[{Integer}, {Decimal}]",
            "Interval[1.0, {Decimal})",
            "({DecimalInterval} except {IntegerInterval})",
            "(if {Boolean} then {IntegerInterval} else {DecimalInterval})",
            "Coalesce({IntegerInterval}, {DecimalInterval})",
        ],
    ),
    (
        "DateInterval",
        &[
            "Interval[{Date}, {Date}]",
            "Interval[{Date}, null)",
            "(null as Interval<Date>)",
            "({DateInterval} union {DateInterval})",
        ],
    ),
    (
        "DateTimeInterval",
        &[
            "Interval[{DateTime}, {DateTime})",
            "Interval[{Date}, {DateTime}]",
            "({DateTimeInterval} intersect {DateInterval})",
            "(if {Boolean} then {DateInterval} else {DateTimeInterval})",
        ],
    ),
];

/// How deep an expression nests before only its shortest ways are taken.
const DEPTH_MAX: usize = 3;

/// Numbers without a pattern that matters here; the same ones in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// So many expressions, the same ones in each run.
pub fn expressions(count: usize) -> Vec<String> {
    let mut numbers = Numbers(0x5a1d_05c9_1e77_2b41);
    let mut all = Vec::new();
    while all.len() < count {
        let (ty, _) = WAYS[numbers.below(WAYS.len())];
        let one = expression(ty, 0, &mut numbers);
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn expression(ty: &str, depth: usize, numbers: &mut Numbers) -> String {
    let (_, ways) = WAYS.iter().find(|(name, _)| *name == ty).unwrap();
    let ways = if depth >= DEPTH_MAX {
        &ways[..ways.len().min(3)]
    } else {
        ways
    };
    let way = ways[numbers.below(ways.len())];
    let mut filled = String::new();
    let mut rest = way;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let hole = after
            .split_once('}')
            .filter(|(name, _)| WAYS.iter().any(|(ty, _)| ty == name));
        match hole {
            Some((name, after)) => {
                filled.push_str(&expression(name, depth + 1, numbers));
                rest = after;
            }
            // The brace of a list.
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}
