//! The functions, one module for each section of the specification, each with its registration table.

mod signature;

pub use signature::{Argument, ArgumentKind, Input, Returns, Signature, Types};

/// The functions in the order of the specification, with the section that defines each.
pub fn signatures() -> impl Iterator<Item = (&'static str, &'static Signature)> {
    std::iter::empty()
}

/// The function of this name.
#[must_use]
pub fn signature(name: &str) -> Option<&'static Signature> {
    signatures()
        .map(|(_, signature)| signature)
        .find(|signature| signature.name == name)
}
