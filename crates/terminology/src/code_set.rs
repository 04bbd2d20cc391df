//! An expanded value set.

use roaring::RoaringBitmap;

use crate::codes::CodeId;

/// A set of codes: the expansion of a value set. Membership is one look into a bitmap.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CodeSet {
    members: RoaringBitmap,
}

impl CodeSet {
    /// Whether the code is a member.
    #[must_use]
    pub fn contains(&self, code: CodeId) -> bool {
        self.members.contains(code.number())
    }

    /// Number of members.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.members.len()
    }

    /// Whether there is no member. That is an answer, not a failure: a value set may be empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The members, in the order in which their codes were first named.
    pub fn iter(&self) -> impl Iterator<Item = CodeId> + '_ {
        self.members.iter().map(CodeId::from_number)
    }

    /// Adds a code.
    pub(crate) fn insert(&mut self, code: CodeId) {
        self.members.insert(code.number());
    }

    /// Adds all members of another set.
    pub(crate) fn add(&mut self, other: &CodeSet) {
        self.members |= &other.members;
    }

    /// Takes out all members of another set.
    pub(crate) fn remove(&mut self, other: &CodeSet) {
        self.members -= &other.members;
    }

    /// Keeps only what is also in another set.
    pub(crate) fn keep(&mut self, other: &CodeSet) {
        self.members &= &other.members;
    }
}

impl FromIterator<CodeId> for CodeSet {
    fn from_iter<I: IntoIterator<Item = CodeId>>(codes: I) -> Self {
        Self {
            members: codes.into_iter().map(CodeId::number).collect(),
        }
    }
}
