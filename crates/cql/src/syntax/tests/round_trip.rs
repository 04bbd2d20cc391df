//! Printing is the inverse of reading.

use proptest::prelude::*;

use super::*;

/// A text of the grammar, with parentheses left to chance: what it means does not matter, only that it stays.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a",
        "B",
        "\"a b\"",
        "`c`",
        "\"where\"",
        "date",
        "%p",
        "$this",
        "null",
        "true",
        "1",
        "2.50",
        "3L",
        "'x\\'y'",
        "4 days",
        "5 'mg'",
        "@2014-02",
        "@2014-02-03T10:00Z",
        "@T10:30",
        "{}",
        "{ : }",
        "[Encounter]",
        "[Patient -> Observation: code in \"V\"]",
        "[X: \"V\"]",
        "[X: a.b ~ c]",
        "maximum Integer",
        "-2147483648",
        "Code 'c' from S display 'd'",
        "Concept { Code 'c' from S, Code 'd' from L.S }",
        "1 'g' : 2 'L'",
        "$index",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 3, |inner| {
        let one = || inner.clone();
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            3 => one().prop_map(|a| format!("({a})")),
            2 => (two(), prop::sample::select(BinaryOperator::ALL.to_vec()))
                .prop_map(|((a, b), operator)| format!("{a} {operator} {b}")),
            1 => (two(), prop::sample::select(BinaryOperator::ALL.to_vec()))
                .prop_map(|((a, b), operator)| format!("({a}) {operator} ({b})")),
            2 => (one(), prop::sample::select(UnaryOperator::ALL.to_vec()))
                .prop_map(|(a, operator)| format!("{operator} {a}")),
            2 => (two(), prop::sample::select(vec![
                "starts before", "same day as", "3 days or more after start", "on or before day of", "included in",
                "properly includes", "within 2 hours of end", "overlaps after", "meets day of", "ends", "in month of",
                "more than 1 'd' before",
            ])).prop_map(|((a, b), phrase)| format!("({a}) {phrase} ({b})")),
            1 => two().prop_map(|(a, b)| format!("({a}) properly between ({b}) and c")),
            1 => two().prop_map(|(a, b)| format!("difference in weeks between ({a}) and ({b})")),
            1 => one().prop_map(|a| format!("duration in months of ({a})")),
            1 => one().prop_map(|a| format!("timezoneoffset from ({a})")),
            1 => one().prop_map(|a| format!("({a}) is not null")),
            1 => one().prop_map(|a| format!("({a}) as Choice<FHIR.\"a b\", List<Interval<Integer>>>")),
            1 => one().prop_map(|a| format!("cast ({a}) as Tuple {{ end Code }}")),
            1 => one().prop_map(|a| format!("convert ({a}) to 'mg'")),
            1 => one().prop_map(|a| format!("collapse ({a}) per day")),
            1 => two().prop_map(|(a, b)| format!("expand {a} per ({b})")),
            1 => two().prop_map(|(a, b)| format!("if {a} then {b} else 1")),
            1 => two().prop_map(|(a, b)| format!("case {a} when {b} then 1 else {b} end")),
            1 => two().prop_map(|(a, b)| format!("Interval[{a}, {b})")),
            1 => two().prop_map(|(a, b)| format!("Tuple {{ end: {a}, \"x y\": {b} }}")),
            1 => one().prop_map(|a| format!("FHIR.Quantity {{ value: {a} }}")),
            1 => two().prop_map(|(a, b)| format!("List<Integer>{{ {a}, {b} }}")),
            1 => two().prop_map(|(a, b)| format!("({a}).f({b}).end[0]")),
            1 => two().prop_map(|(a, b)| format!("({a}) x where {b} return all x sort by y desc, start of z")),
            1 => two().prop_map(|(a, b)| format!("from ({a}) x, [B] y let q: {b} without (c) d such that {a}")),
            1 => two().prop_map(|(a, b)| format!("({a}) x aggregate distinct r starting ({b}): r")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_printed_reads_as_the_same_tree(text in expression()) {
        let read = parse_expr(&text);
        // By chance some are none: `a between b` has no place for a query.
        prop_assume!(read.diagnostics.is_empty());
        let printed = read.expr.to_string();
        let again = parse_expr(&printed);
        prop_assert_eq!(&again.diagnostics, &[], "{} / {}", text, printed);
        prop_assert_eq!(&again.expr, &read.expr, "{} / {}", text, printed);
        prop_assert_eq!(again.expr.to_string(), printed);
    }

    #[test]
    fn a_library_that_is_laid_out_reads_as_the_same_tree(texts in prop::collection::vec(expression(), 1..4)) {
        let text: String = texts.iter().enumerate().map(|(nth, text)| format!("// {nth}\ndefine A{nth}: /* b */ {text}\n")).collect();
        let read = parse(&text);
        prop_assume!(read.diagnostics.is_empty());
        let printed = read.library.to_string();
        let again = parse(&printed);
        prop_assert_eq!(&again.diagnostics, &[], "{}", printed);
        prop_assert_eq!(&again.library, &read.library, "{}", printed);
        prop_assert_eq!(printed.matches("/* b */").count(), texts.len());
        prop_assert_eq!(again.library.to_string(), printed);
    }

    #[test]
    fn any_text_is_read_without_a_panic_and_with_places_inside_it(text in ".{0,200}") {
        for error in parse(&text).diagnostics {
            let span = error.span();
            prop_assert!(span.start <= span.end && span.end as usize <= text.len());
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
        }
    }

    #[test]
    fn any_words_in_any_order_are_read(words in prop::collection::vec(
        prop::sample::select(vec![
            "a", "is", "as", "in", "and", "(", ")", "[", "]", "{", "}", ".", ",", ":", "->", "+", "-", "=", "%", "'x'",
            "\"x\"", "1", "5L", "@2015", "$this", "days", "\"", "'", "/*", "//", "\n", "define", "function", "not",
            "exists", "from", "where", "return", "sort", "by", "with", "such", "that", "starts", "before", "or", "more",
            "Interval", "List", "<", ">", "Tuple", "Code", "case", "when", "then", "else", "end", "if", "start", "of",
            "date", "convert", "to", "parameter", "valueset", "library", "aggregate", "let", "between", "per",
        ]), 0..60))
    {
        let text = words.join(" ");
        let read = parse(&text);
        if read.diagnostics.is_empty() {
            prop_assert_eq!(&parse(&read.library.to_string()).library, &read.library, "{}", text);
        }
        let read = parse_expr(&text);
        if read.diagnostics.is_empty() {
            prop_assert_eq!(&parse_expr(&read.expr.to_string()).expr, &read.expr, "{}", text);
        }
    }
}
