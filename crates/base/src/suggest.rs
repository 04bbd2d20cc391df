//! "Did you mean …": the nearest of the names that would have been right.

/// The candidate nearest to `name`, if one is near enough to be a slip of the hand.
///
/// Case does not count. Near enough: at most one edit for every three characters, and at least one.
/// Among equally near candidates the first wins.
///
/// ```
/// use salus_base::suggest::closest;
/// assert_eq!(closest("Observaton", ["Patient", "Observation"]), Some("Observation"));
/// assert_eq!(closest("Claim", ["Patient", "Observation"]), None);
/// ```
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let edits_max = (wanted.chars().count() / 3).max(1);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let edits = strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
        if edits <= edits_max && best.is_none_or(|(fewest, _)| edits < fewest) {
            best = Some((edits, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn another_case_is_the_nearest_of_all() {
        assert_eq!(closest("patient", ["patients", "Patient"]), Some("Patient"));
    }

    #[test]
    fn two_letters_swapped_are_one_slip() {
        assert_eq!(closest("laod", ["load", "report"]), Some("load"));
    }

    #[test]
    fn a_short_word_does_not_match_everything() {
        assert_eq!(closest("x", ["load", "sql"]), None);
    }
}
