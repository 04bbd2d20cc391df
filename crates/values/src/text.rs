//! Equivalence of texts (FHIRPath §6.1.2, CQL 1.5.3 §12.2): case and the kind and amount of whitespace do not count.

/// Whether two texts are equivalent: the same letters in any case, with any whitespace where the other has whitespace.
#[must_use]
pub fn equivalent(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    if left.is_ascii() && right.is_ascii() {
        return ascii_equivalent(left.as_bytes(), right.as_bytes());
    }
    folded(left).eq(folded(right))
}

/// A hash key for [`equivalent`]: two texts are equivalent when their keys are the same.
#[must_use]
pub fn equivalence_key(text: &str) -> String {
    folded(text).collect()
}

fn ascii_equivalent(left: &[u8], right: &[u8]) -> bool {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if is_space(*a) && is_space(*b) => {
                while left.next_if(|byte| is_space(**byte)).is_some() {}
                while right.next_if(|byte| is_space(**byte)).is_some() {}
            }
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
            _ => return false,
        }
    }
}

/// As [`char::is_whitespace`], for ASCII.
fn is_space(byte: u8) -> bool {
    byte == b' ' || (b'\t'..=b'\r').contains(&byte)
}

/// The text in lower case, each run of whitespace as one space.
fn folded(text: &str) -> impl Iterator<Item = char> {
    let mut after_space = false;
    text.chars()
        .filter(move |letter| {
            let space = letter.is_whitespace();
            let again = space && after_space;
            after_space = space;
            !again
        })
        .flat_map(|letter| if letter.is_whitespace() { ' ' } else { letter }.to_lowercase())
}
