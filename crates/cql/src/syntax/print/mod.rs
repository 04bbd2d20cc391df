//! From tree to text: the canonical form.
//!
//! A library is written with one definition to a paragraph, two spaces further in for each level, lines of 100
//! characters where that can be, and its comments. An expression alone is written on one line, unless it has comments.
//! Parentheses stand where the tree needs them, quotes where a name needs them, and of several ways to write the same
//! there is one. Reading the text gives the same tree again.

mod doc;
mod expression;
mod library;
mod query;
mod timing;

use std::fmt::{self, Display, Formatter};

use doc::{Doc, WIDTH, layout, text};

use super::token::is_plain_name;
use super::tree::{Comment, Expr, Library, Name, QualifiedName, TypeKind, TypeSpecifier};
use salus_lexis::write_delimited;

impl Display for Library {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&layout(&library::library(self), WIDTH))
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&layout(&expression::expr(self), usize::MAX))
    }
}

impl Display for TypeSpecifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TypeKind::Named(parts) => f.write_str(&names(parts)),
            TypeKind::List(ty) => write!(f, "List<{ty}>"),
            TypeKind::Interval(ty) => write!(f, "Interval<{ty}>"),
            TypeKind::Tuple(elements) => {
                let elements: Vec<String> = elements
                    .iter()
                    .map(|element| format!("{} {}", name(&element.name), element.ty))
                    .collect();
                write!(f, "Tuple {{ {} }}", elements.join(", "))
            }
            TypeKind::Choice(types) => {
                let types: Vec<String> = types.iter().map(TypeSpecifier::to_string).collect();
                write!(f, "Choice<{}>", types.join(", "))
            }
            // Nothing that can be read: the tree of a text with mistakes is not to be read again.
            TypeKind::Error => f.write_str("\u{fffd}"),
        }
    }
}

impl Display for QualifiedName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&names(&self.parts))
    }
}

/// A name, in quotes if it needs them.
fn name(name: &Name) -> String {
    match is_plain_name(&name.text) {
        true => name.text.to_string(),
        false => delimited(&name.text, '"'),
    }
}

fn names(parts: &[Name]) -> String {
    let parts: Vec<String> = parts.iter().map(name).collect();
    parts.join(".")
}

/// A text in single quotes.
fn string(text: &str) -> String {
    delimited(text, '\'')
}

fn delimited(text: &str, delimiter: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    // Writing to a String cannot fail.
    let _ = write_delimited(&mut out, text, delimiter);
    out
}

/// Comments, each on its own line.
fn comments(comments: &[Comment]) -> Vec<Doc> {
    comments
        .iter()
        .flat_map(|comment| {
            // The lines of a block comment stay as they are: its layout is its author's.
            let mut lines = comment.text.lines().map(str::trim_end);
            let mut docs: Vec<Doc> = lines.next().map(text).into_iter().collect();
            docs.extend(lines.flat_map(|line| [text("\n"), text(line)]));
            docs.push(Doc::Line);
            docs
        })
        .collect()
}
