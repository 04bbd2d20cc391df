//! The shapes of `Reference.reference`.
//!
//! ```
//! use salus_fhir::reference::{parse, Reference};
//! let Reference::Relative { type_name, id, version } = parse("Patient/42/_history/3") else { panic!() };
//! assert_eq!((type_name, id, version), ("Patient", "42", Some("3")));
//! ```
//!
//! Reading says only what a reference looks like; [`crate::bundle`] resolves it inside a Bundle. A logical reference
//! (identifier only) has no such text: see [`crate::json::Node::as_reference`].

use crate::schema;

/// A reference, by its shape. Parts are borrowed from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// `Patient/1`, `Patient/1/_history/2`.
    Relative {
        /// The resource type, by shape: it may be one that R4 does not know.
        type_name: &'a str,
        /// The id, which may break FHIR's rule for ids (see [`is_id`]).
        id: &'a str,
        /// The version, when the reference is to one.
        version: Option<&'a str>,
    },
    /// `https://a.example/fhir/Patient/1`; the type is one of R4.
    Absolute {
        /// The server's base, without the last slash: `https://a.example/fhir`.
        base: &'a str,
        /// The resource type.
        type_name: &'a str,
        /// The id.
        id: &'a str,
        /// The version, when the reference is to one.
        version: Option<&'a str>,
    },
    /// `urn:uuid:…`, `urn:oid:…` or another URN, whole.
    Urn(&'a str),
    /// `#a`: a contained resource, by its id; empty for the container itself (`#`).
    Contained(&'a str),
    /// `Patient?identifier=…`, in a transaction: whichever resource a search finds.
    Conditional {
        /// The resource type.
        type_name: &'a str,
        /// The search, without `?`.
        query: &'a str,
    },
    /// Anything else: a URL of no FHIR shape, or nonsense.
    Other(&'a str),
}

impl<'a> Reference<'a> {
    /// Type and id, when the reference has them.
    pub fn target(&self) -> Option<(&'a str, &'a str)> {
        match *self {
            Reference::Relative { type_name, id, .. }
            | Reference::Absolute { type_name, id, .. } => Some((type_name, id)),
            _ => None,
        }
    }

    /// The version that the reference names.
    pub fn version(&self) -> Option<&'a str> {
        match *self {
            Reference::Relative { version, .. } | Reference::Absolute { version, .. } => version,
            _ => None,
        }
    }
}

/// Reads a reference. Never fails: what has no known shape is [`Reference::Other`].
pub fn parse(text: &str) -> Reference<'_> {
    if let Some(id) = text.strip_prefix('#') {
        return Reference::Contained(id);
    }
    // The first of these bytes tells the shapes apart.
    let mark = text.bytes().position(|b| matches!(b, b'/' | b'?' | b':'));
    let split = mark.and_then(|at| text.split_at_checked(at));
    let found = split.and_then(|(before, after)| {
        let mut rest = after.chars();
        match rest.next() {
            Some('/') => relative(before, rest.as_str()),
            Some('?') => conditional(before, rest.as_str()),
            _ if before.eq_ignore_ascii_case("urn") => Some(Reference::Urn(text)),
            _ => absolute(text, after),
        }
    });
    found.unwrap_or(Reference::Other(text))
}

/// Whether the text keeps FHIR's rule for ids: 1 to 64 of letters, digits, `-` and `.`.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

fn relative<'a>(type_name: &'a str, rest: &'a str) -> Option<Reference<'a>> {
    // Nearly always there is no version, and the rest is the id.
    let (id, version) = match is_segment(rest) {
        true => (rest, None),
        false => {
            let (id, rest) = rest.split_once('/')?;
            let version = rest.strip_prefix("_history/")?;
            (is_segment(id) && is_segment(version)).then_some((id, Some(version)))?
        }
    };
    is_type_name(type_name).then_some(Reference::Relative {
        type_name,
        id,
        version,
    })
}

fn conditional<'a>(type_name: &'a str, query: &'a str) -> Option<Reference<'a>> {
    let good = is_type_name(type_name) && !query.is_empty();
    good.then_some(Reference::Conditional { type_name, query })
}

/// `after_scheme` starts with the colon.
fn absolute<'a>(text: &'a str, after_scheme: &str) -> Option<Reference<'a>> {
    let host_bytes = after_scheme.strip_prefix("://")?.bytes();
    let (mut rest, mut id) = text.rsplit_once('/')?;
    let mut version = None;
    if let Some(resource) = rest.strip_suffix("/_history") {
        version = Some(id);
        (rest, id) = resource.rsplit_once('/')?;
    }
    let (base, type_name) = rest.rsplit_once('/')?;
    // Something stands between `://` and the type.
    let has_host = host_bytes.take_while(|b| *b != b'/').count() > 0 && !base.ends_with('/');
    let good = has_host && is_segment(id) && version.is_none_or(is_segment);
    (good && schema::r4().resource(type_name).is_some()).then_some(Reference::Absolute {
        base,
        type_name,
        id,
        version,
    })
}

/// Letters, the first a capital.
fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A path segment that can be an id: looser than [`is_id`], as records often are.
fn is_segment(text: &str) -> bool {
    let bad = |b: u8| matches!(b, b'/' | b'?' | b'#' | b'|') || b.is_ascii_whitespace();
    // Looks at every byte without stopping at a bad one: so many are looked at in one step.
    !text.is_empty() && !text.bytes().fold(false, |found, b| found | bad(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn relative_references_have_type_id_and_perhaps_version() {
        let relative = |type_name, id, version| Reference::Relative {
            type_name,
            id,
            version,
        };
        assert_eq!(parse("Patient/1"), relative("Patient", "1", None));
        assert_eq!(
            parse("Patient/a-b.c/_history/7"),
            relative("Patient", "a-b.c", Some("7"))
        );
        assert_eq!(
            parse("Custom2/under_score"),
            relative("Custom2", "under_score", None)
        );
    }

    #[test]
    fn absolute_references_have_a_base_that_may_have_a_path_and_a_port() {
        let text = "https://a.example:8443/x/fhir/Patient/1/_history/2";
        let Reference::Absolute {
            base,
            type_name,
            id,
            version,
        } = parse(text)
        else {
            panic!()
        };
        assert_eq!(base, "https://a.example:8443/x/fhir");
        assert_eq!((type_name, id, version), ("Patient", "1", Some("2")));
        assert_eq!(parse(text).target(), Some(("Patient", "1")));
        assert_eq!(parse(text).version(), Some("2"));
    }

    #[test]
    fn urns_contained_and_conditional_references_are_told_apart() {
        assert!(matches!(
            parse("urn:uuid:0c1b"),
            Reference::Urn("urn:uuid:0c1b")
        ));
        assert!(matches!(parse("URN:OID:1.2"), Reference::Urn(_)));
        assert_eq!(parse("#p1"), Reference::Contained("p1"));
        assert_eq!(parse("#"), Reference::Contained(""));
        let query = "identifier=http://hl7.org/fhir/sid/us-npi|99";
        let text = format!("Practitioner?{query}");
        assert_eq!(
            parse(&text),
            Reference::Conditional {
                type_name: "Practitioner",
                query
            }
        );
    }

    #[test]
    fn other_texts_are_kept_as_they_are() {
        for text in [
            "",
            "Patient",
            "Patient/",
            "/1",
            "patient/1",
            "Patient/1/2",
            "Patient/1?x=y",
            "Patient/1#a",
            "http://a.example/Nonsense/1",
            "http://Patient/1",
            "mailto:a@b.example",
            "Patient/1/_history/",
            "Patient /1",
            "http://a.example/ValueSet/x|1.0",
            "?a=b",
            "http:///Patient/1",
            "https://a.example//Patient/1",
            "http://a.example/Patient/1/2",
            "http://a.example/Patient/1?x=y",
            "urn",
        ] {
            assert_eq!(parse(text), Reference::Other(text));
        }
    }

    #[test]
    fn ids_keep_the_rule_of_fhir() {
        assert!(is_id("a-1.B") && !is_id("") && !is_id("a_b") && !is_id(&"x".repeat(65)));
    }

    proptest! {
        #[test]
        fn any_text_has_a_shape(text in "\\PC{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_composed_is_read_back(id in "[A-Za-z0-9.-]{1,64}", base in "https://[a-z]{1,9}(/[a-z]{1,5}){0,3}") {
            let text = format!("{base}/Observation/{id}");
            let expected =
                Reference::Absolute { base: &base, type_name: "Observation", id: &id, version: None };
            prop_assert_eq!(parse(&text), expected);
        }
    }
}
