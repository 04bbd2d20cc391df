//! What is said of expressions that are wrong.

use super::*;

fn one(text: &str, expected: &str) {
    assert_eq!(findings(text), [expected], "{text}");
}

fn help(text: &str) -> Option<String> {
    typed("Patient", text).findings[0].diagnostic().help
}

#[test]
fn unknown_names_are_errors_with_the_nearest_known_one() {
    one(
        "name.givven",
        "error at `givven`: FHIR.HumanName has no element `givven`",
    );
    assert_eq!(
        help("name.givven").as_deref(),
        Some("did you mean `given`?")
    );
    one(
        "name.frist()",
        "error at `frist`: there is no function `frist`",
    );
    assert_eq!(
        help("name.frist()").as_deref(),
        Some("did you mean `first`?")
    );
    assert_eq!(
        help("name.exists").as_deref(),
        Some("did you mean `exists()`?")
    );
    assert_eq!(
        help("name.given()").as_deref(),
        Some("did you mean `given`?")
    );
    one(
        "active is Bolean",
        "error at `Bolean`: there is no type `Bolean`",
    );
    assert_eq!(
        help("active is Bolean").as_deref(),
        Some("did you mean `boolean`?")
    );
    one(
        "%contxt",
        "error at `%contxt`: there is no variable `%contxt` here",
    );
    assert_eq!(help("%contxt").as_deref(), Some("did you mean `%context`?"));
    one(
        "1.foo",
        "error at `foo`: System.Integer has no element `foo`",
    );
}

#[test]
fn the_json_name_of_a_choice_is_told_apart() {
    one(
        "deceasedBoolean",
        "error at `deceasedBoolean`: `deceasedBoolean` is the name in JSON; the element is `deceased`",
    );
    assert_eq!(
        help("deceasedBoolean").as_deref(),
        Some("write `deceased.ofType(boolean)`")
    );
}

#[test]
fn calls_are_held_against_their_signatures() {
    assert!(findings("name.take()")[0].ends_with("is called with 0 arguments"));
    assert!(findings("name.first(1)")[0].ends_with("is called with 1 arguments"));
    one(
        "identifier.first().startsWith('x')",
        "error at `identifier.first().startsWith('x')`: `startsWith` works on String, not on FHIR.Identifier",
    );
    one(
        "name.take('1')",
        "error at `'1'`: the argument `num` of `take` is Integer, not System.String",
    );
    one(
        "deceased.ofType('x')",
        "error at `'x'`: the argument of `ofType` is the name of a type",
    );
}

#[test]
fn operators_that_can_never_apply_are_errors() {
    one(
        "@1974-12-25 + 7",
        "error at `@1974-12-25 + 7`: `+` is not defined between System.Date and System.Integer",
    );
    assert_eq!(
        help("@1974-12-25 + 7").as_deref(),
        Some("say of what: `+ 7 days`, `- 1 year`")
    );
    one(
        "@1974-12-25 - 1 'cm'",
        "error at `1 'cm'`: `cm` cannot be added to or taken from a date or time",
    );
    one(
        "@T10:00 + 1 day",
        "error at `1 day`: `day` cannot be added to or taken from a date or time",
    );
    one(
        "active < 1",
        "error at `active < 1`: `<` is not defined between FHIR.boolean and System.Integer",
    );
    one(
        "-active",
        "error at `-active`: `-` is not defined before FHIR.boolean",
    );
    one(
        "'a' & 1",
        "error at `'a' & 1`: `&` is not defined between System.String and System.Integer",
    );
}

#[test]
fn several_items_where_one_is_wanted_are_an_error_only_when_they_are_certain() {
    one(
        "(1 | 2).not()",
        "error at `1 | 2`: the input of `not` is one item, not 2..2",
    );
    one(
        "(1 | 1).not()",
        "warning at `1 | 1`: the input of `not` is one item, not 1..2",
    );
    one(
        "name.given.startsWith('P')",
        "warning at `name.given`: the input of `startsWith` is one item, not 0..*",
    );
    one(
        "(1 | 2) + 1",
        "error at `1 | 2`: the left side of `+` is one item, not 2..2",
    );
}

#[test]
fn tests_for_types_that_cannot_be_are_warned_of() {
    one("gender.as(id)", "warning at `id`: FHIR.code is never id");
    one(
        "active is System.Boolean",
        "warning at `System.Boolean`: FHIR.boolean is never System.Boolean",
    );
    one(
        "gender = 1",
        "warning at `gender = 1`: FHIR.code and System.Integer are never equal",
    );
    assert_eq!(findings("gender.is(string)"), [""; 0]);
}

#[test]
fn strict_mode_refuses_what_is_only_warned_of_otherwise() {
    for text in [
        "Encounter.status",
        "children().skip(1)",
        "descendants().first()",
        "children()[0]",
        "iif('no condition', 1, 2)",
    ] {
        let read = syntax::parse(text);
        let patient = Context::new(schema::r4().resource("Patient"));
        let lax = check(&read.expr, &patient);
        assert!(lax.is_sound() && !lax.findings.is_empty(), "{text}");
        assert_eq!(lax.findings[0].severity, Severity::Warning);
        assert!(
            !check(&read.expr, &patient.strict(true)).is_sound(),
            "{text}"
        );
    }
}

#[test]
fn variables_end_with_the_path_that_defined_them() {
    assert_eq!(findings("defineVariable('a', 1).select(%a)"), [""; 0]);
    one(
        "defineVariable('a', 1).active | select(%a)",
        "error at `%a`: there is no variable `%a` here",
    );
    assert_eq!(findings("defineVariable(gender, 1).select(%male)"), [""; 0]);
}

#[test]
fn one_mistake_is_found_once() {
    assert_eq!(findings("nam.given.first().startsWith(1)").len(), 2);
    assert_eq!(
        findings("name.where(usee = 'official').given.frist().foo").len(),
        2
    );
    assert_eq!(findings("repeat(itm)").len(), 1);
}

#[test]
fn the_deepest_tree_is_checked() {
    let chain = "children()".to_owned() + &".children()".repeat(syntax::DEPTH_MAX - 1);
    assert!(typed("Patient", &chain).is_sound());
    let sum = "1".to_owned() + &" + 1".repeat(syntax::DEPTH_MAX - 1);
    assert_eq!(
        typed("Patient", &sum).result.to_string(),
        "System.Integer 0..1"
    );
    let nested = "iif(true, ".repeat(99) + "1" + &")".repeat(99);
    assert!(typed("Patient", &nested).is_sound());
}
