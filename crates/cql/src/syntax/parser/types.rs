//! Type specifiers.

use super::{NESTING_MAX, Parser};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Name, TupleElement, TypeKind, TypeSpecifier};

impl Parser<'_> {
    pub(super) fn type_specifier(&mut self) -> TypeSpecifier {
        let start = self.peek();
        let kind = match self.nesting >= NESTING_MAX {
            true => {
                self.too_deep(start.span);
                TypeKind::Error
            }
            false => {
                self.nesting += 1;
                let kind = self.type_kind();
                self.nesting -= 1;
                kind
            }
        };
        let span = self.since(start);
        TypeSpecifier { kind, span }
    }

    fn type_kind(&mut self) -> TypeKind {
        let after = self.peek_at(1).kind;
        match self.word_at(0) {
            "List" if after == TokenKind::Less => TypeKind::List(Box::new(self.one_type())),
            "Interval" if after == TokenKind::Less => TypeKind::Interval(Box::new(self.one_type())),
            "Choice" if after == TokenKind::Less => {
                self.next();
                let open = self.next();
                TypeKind::Choice(self.list(open, TokenKind::Greater, |parser| {
                    Some(parser.type_specifier())
                }))
            }
            "Tuple" if after == TokenKind::BraceOpen => {
                self.next();
                let open = self.next();
                TypeKind::Tuple(self.list(open, TokenKind::BraceClose, Self::tuple_element))
            }
            _ => self.named_type(),
        }
    }

    /// `List<T>`, `Interval<T>`: the type in angle brackets.
    pub(super) fn one_type(&mut self) -> TypeSpecifier {
        self.next();
        let open = self.next();
        let ty = self.type_specifier();
        self.close(open, TokenKind::Greater);
        ty
    }

    fn tuple_element(&mut self) -> Option<TupleElement> {
        let Some(name) = self.name(true) else {
            self.unexpected("the name of an element", "write its name, then its type");
            return None;
        };
        Some(TupleElement {
            name,
            ty: self.type_specifier(),
        })
    }

    /// `Model.Type`
    pub(super) fn named_type(&mut self) -> TypeKind {
        let parts = self.type_names();
        match parts.is_empty() {
            true => TypeKind::Error,
            false => TypeKind::Named(parts),
        }
    }

    fn type_names(&mut self) -> Vec<Name> {
        let help = "write the name of a type: `Integer`, `FHIR.Patient`, `List<Code>`";
        let mut parts = Vec::new();
        loop {
            match self.name(!parts.is_empty()) {
                Some(name) => parts.push(name),
                None => self.unexpected("a type", help),
            }
            if parts.is_empty() || !self.accept(TokenKind::Dot) {
                return parts;
            }
        }
    }
}
