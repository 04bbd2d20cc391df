//! How libraries are laid out.

use super::*;

#[test]
fn what_fits_stands_on_one_line_and_what_does_not_has_a_line_for_each_clause() {
    let text = "define A: [Encounter: \"Inpatient\"] E with [Condition: \"Diabetes\"] C such that C.onset during \
        E.period and C.recorded before start of E.period where E.period during \"Measurement Period\" \
        and E.status = 'finished' return Tuple { id: E.id }";
    let expected = "define A:
  [Encounter: Inpatient] E
    with [Condition: Diabetes] C
      such that C.onset during E.period and C.recorded before start of E.period
    where E.period during \"Measurement Period\" and E.status = 'finished'
    return Tuple { id: E.id }
";
    assert_eq!(library(text).to_string(), expected);
    assert_eq!(library(expected).to_string(), expected);
}

#[test]
fn a_comment_keeps_its_place_and_its_lines() {
    let text = "/* about\n   A */\ndefine A:\n  // first\n  a\n    and\n      // second\n      b\n";
    let printed = library(text).to_string();
    assert_eq!(
        printed,
        "/* about\n   A */\ndefine A:\n  // first\n  a\n    and // second\n    b\n"
    );
    assert_eq!(library(&printed).to_string(), printed);
}
