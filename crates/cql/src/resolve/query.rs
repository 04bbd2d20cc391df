//! Queries and retrieves (Author's Guide §3 and §4).

use super::problem::TypeMistake;
use super::translator::Translator;
use super::typed::Typed;
use crate::syntax::{Query, Retrieve, Span};

impl Translator<'_> {
    pub fn query(&mut self, _query: &Query, span: Span) -> Option<Typed> {
        self.refuse(TypeMistake::NotYet { what: "a query" }, span)
    }

    pub fn retrieve(&mut self, _retrieve: &Retrieve, span: Span) -> Option<Typed> {
        self.refuse(TypeMistake::NotYet { what: "a retrieve" }, span)
    }
}
