//! Printing is the inverse of reading.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;

fn name() -> impl Strategy<Value = Name> {
    let text = prop_oneof![
        4 => "[a-z_][A-Za-z0-9_]{0,6}",
        2 => prop::sample::select(vec!["is", "as", "in", "contains", "div", "true", "day", "sort"])
            .prop_map(str::to_owned),
        1 => "\\PC{0,6}",
        1 => any::<String>(),
    ];
    text.prop_map(|text| Name {
        text: text.into(),
        span: Span::default(),
    })
}

fn type_specifier() -> impl Strategy<Value = TypeSpecifier> {
    (prop::option::of(name()), name())
        .prop_map(|(namespace, name)| TypeSpecifier { namespace, name })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<bool>().prop_map(Literal::Boolean),
        any::<String>().prop_map(|text| Literal::String(Arc::from(text))),
        // Negative numbers are negations; only the least ones are literals.
        prop_oneof![0..=i32::MAX, Just(i32::MIN)].prop_map(Literal::Integer),
        prop_oneof![0..=i64::MAX, Just(i64::MIN)].prop_map(Literal::Long),
        prop::sample::select(vec![
            "0.0",
            "1.10",
            "@2015",
            "@2015-02",
            "@2015-02-04",
            "@2015T",
            "@2015-02T",
            "@T14:30",
            "@2015-02-04T14:34:28.123+10:00",
            "@T14",
            "4 days",
            "10.1 'mg'",
            "1 'it\\'s'",
            "1 year",
        ])
        .prop_map(|text| match tree(text).kind {
            ExprKind::Literal(literal) => literal,
            other => panic!("{other:?}"),
        }),
    ]
}

fn leaf() -> impl Strategy<Value = ExprKind> {
    prop_oneof![
        Just(ExprKind::Empty),
        Just(ExprKind::This),
        Just(ExprKind::Index),
        Just(ExprKind::Total),
        literal().prop_map(ExprKind::Literal),
        name().prop_map(|name| ExprKind::Variable { name }),
        name()
            .prop_filter("a leading word that is an operand", |name| !name
                .text
                .is_empty())
            .prop_map(|name| ExprKind::Member { on: None, name }),
    ]
}

fn expression() -> impl Strategy<Value = Expr> {
    let node = |kind| Expr {
        kind,
        span: Span::default(),
    };
    leaf()
        .prop_map(node)
        .prop_recursive(6, 60, 4, move |inner| {
            let one = inner.clone().prop_map(Box::new);
            let on = prop::option::of(one.clone());
            prop_oneof![
                (on.clone(), name()).prop_map(|(on, name)| ExprKind::Member { on, name }),
                (on, name(), prop::collection::vec(inner, 0..3)).prop_map(
                    |(on, name, arguments)| {
                        ExprKind::Call {
                            on,
                            name,
                            arguments,
                        }
                    }
                ),
                (one.clone(), one.clone()).prop_map(|(on, index)| ExprKind::Item { on, index }),
                (any::<bool>(), one.clone())
                    .prop_map(|(negative, operand)| ExprKind::Polarity { negative, operand }),
                (
                    prop::sample::select(BinaryOperator::ALL.to_vec()),
                    one.clone(),
                    one.clone()
                )
                    .prop_map(|(operator, left, right)| ExprKind::Binary {
                        operator,
                        left,
                        right
                    }),
                (
                    one,
                    prop::sample::select(vec![TypeOperator::Is, TypeOperator::As]),
                    type_specifier()
                )
                    .prop_map(|(operand, operator, ty)| ExprKind::TypeTest {
                        operand,
                        operator,
                        ty
                    }),
            ]
            .prop_map(node)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_printed_reads_as_the_same_tree(expr in expression()) {
        let text = expr.to_string();
        let read = parse(&text);
        prop_assert_eq!(&read.diagnostics, &[], "{}", text);
        prop_assert_eq!(&read.expr, &expr, "{}", text);
        prop_assert_eq!(read.expr.to_string(), text);
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
            "a", "is", "as", "in", "and", "div", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*",
            "=", "!=", "%", "'x'", "`x`", "1", "1.0", "5L", "@2015", "@T12", "$this", "days", "\"", "'", "/*",
            "//", "\n", "sort(", "desc", "!", "2147483648", " ",
        ]), 0..60))
    {
        let text = words.concat();
        let read = parse(&text);
        if read.diagnostics.is_empty() {
            prop_assert_eq!(&parse(&read.expr.to_string()).expr, &read.expr);
        }
    }
}
