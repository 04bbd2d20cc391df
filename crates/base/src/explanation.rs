//! The long words behind each code, for `salus explain CODE`.

/// What a code means, why it happens and what to do: one file of `src/explanations/`, named after the code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// The code, for instance `SAL-LOAD-0003`.
    pub code: &'static str,
    /// The first line of the file, without `# `.
    pub title: &'static str,
    /// The rest, in plain Markdown.
    pub text: &'static str,
}

/// Every explanation, in the order of the codes.
#[must_use]
pub fn registry() -> &'static [Explanation] {
    include!(concat!(env!("OUT_DIR"), "/explanations.rs"))
}

/// The explanation of one code, whatever the case it is written in.
#[must_use]
pub fn explanation(code: &str) -> Option<&'static Explanation> {
    registry()
        .iter()
        .find(|explanation| explanation.code.eq_ignore_ascii_case(code.trim()))
}

#[cfg(test)]
mod tests {
    use super::{explanation, registry};

    #[test]
    fn every_explanation_has_a_title_and_a_text() {
        for one in registry() {
            assert!(!one.title.is_empty(), "{} has no `# title` line", one.code);
            assert!(one.text.len() > 40, "{} says too little", one.code);
        }
    }

    #[test]
    fn a_code_is_found_in_any_case() {
        assert!(explanation(" sal-cli-0001 ").is_some());
        assert!(explanation("SAL-NONE-0000").is_none());
    }
}
