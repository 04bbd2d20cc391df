//! Canonical references: `url|version` (R4 references.html#canonical).

use std::fmt;

/// A canonical URL with or without a version. A fragment (`#…`) is not kept: it names a part of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Canonical {
    /// The URL.
    pub url: Box<str>,
    /// The business version; `None` is any, by the manifest or the newest.
    pub version: Option<Box<str>>,
}

impl Canonical {
    /// Reads `url`, `url|version` or either with a fragment.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.split_once('#').map_or(text, |(before, _)| before);
        match text.split_once('|') {
            Some((url, version)) if !version.is_empty() => Self {
                url: url.into(),
                version: Some(version.into()),
            },
            Some((url, _)) => Self::any(url),
            None => Self::any(text),
        }
    }

    /// Any version of the URL.
    #[must_use]
    pub fn any(url: &str) -> Self {
        Self {
            url: url.into(),
            version: None,
        }
    }
}

impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}|{version}", self.url),
            None => f.write_str(&self.url),
        }
    }
}

/// Orders versions as people do: runs of digits by their number, all else by its text, so that `2.10` is after `2.9`.
pub(crate) fn compare_versions(a: &str, b: &str) -> std::cmp::Ordering {
    let (mut a, mut b) = (parts(a), parts(b));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return std::cmp::Ordering::Equal,
            (None, Some(_)) => return std::cmp::Ordering::Less,
            (Some(_), None) => return std::cmp::Ordering::Greater,
            (Some(one), Some(other)) => {
                let numbers = one.parse::<u64>().ok().zip(other.parse::<u64>().ok());
                let order = numbers.map_or_else(|| one.cmp(other), |(x, y)| x.cmp(&y));
                if order.is_ne() {
                    return order;
                }
            }
        }
    }
}

/// The runs of digits and of letters in a version; what stands between them only separates.
fn parts(version: &str) -> impl Iterator<Item = &str> {
    let mut rest = version;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest
            .find(|c: char| !c.is_alphanumeric() || c.is_ascii_digit() != digits)
            .unwrap_or(rest.len());
        let (part, after) = rest.split_at_checked(end)?;
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_may_have_a_version_and_a_fragment() {
        let whole = Canonical::parse("http://a/vs|1.0#part");
        assert_eq!(
            (&*whole.url, whole.version.as_deref()),
            ("http://a/vs", Some("1.0"))
        );
        assert_eq!(
            Canonical::parse("http://a/vs|"),
            Canonical::any("http://a/vs")
        );
        assert_eq!(
            Canonical::parse("http://a/vs|2").to_string(),
            "http://a/vs|2"
        );
    }

    #[test]
    fn versions_are_ordered_as_people_count() {
        use std::cmp::Ordering::{Equal, Greater, Less};
        assert_eq!(compare_versions("2.10.0", "2.9.1"), Greater);
        assert_eq!(compare_versions("20230901", "20240301"), Less);
        assert_eq!(compare_versions("1.0", "1.0.1"), Less);
        assert_eq!(compare_versions("1.0-beta", "1.0-alpha"), Greater);
        assert_eq!(compare_versions("2023-09", "2023-09"), Equal);
    }
}
