//! Nodes of ELM by where they stand in the text, and their types in words.

use crate::elm::{self, Field, Kind, Node};
use crate::syntax::Span;

/// A node, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'n> {
    pub node: &'n Node,
    pub span: Span,
}

/// The smallest node of a library that stands at a place and has a type.
pub(super) fn innermost<'l>(library: &'l elm::Library, text: &str, at: usize) -> Option<Found<'l>> {
    let holds = |span: Span| (span.start as usize..span.end as usize).contains(&at);
    smallest(library, text, &holds)
}

/// The largest node that ends at a place and has a type: what stands before a point.
pub(super) fn ending_at<'l>(library: &'l elm::Library, text: &str, at: usize) -> Option<Found<'l>> {
    let lines = Lines::of(text);
    let mut best: Option<Found<'l>> = None;
    for statement in library.statements() {
        walk(statement, &lines, &mut |found| {
            let is_larger = best.is_none_or(|best| found.span.start < best.span.start);
            if found.span.end as usize == at && is_larger {
                best = Some(found);
            }
        });
    }
    best
}

fn smallest<'l>(
    library: &'l elm::Library,
    text: &str,
    holds: &dyn Fn(Span) -> bool,
) -> Option<Found<'l>> {
    let lines = Lines::of(text);
    let mut best: Option<Found<'l>> = None;
    let size = |span: Span| span.end - span.start;
    for part in ["parameters", "statements"] {
        for definition in library.definitions(part) {
            walk(definition, &lines, &mut |found| {
                // Of two with the same words the outer one says what is meant: the inner was made for it.
                let is_smaller = best.is_none_or(|best| size(found.span) < size(best.span));
                if holds(found.span) && is_smaller {
                    best = Some(found);
                }
            });
        }
    }
    best
}

/// Gives every typed node with its place, outer ones first.
fn walk<'l>(node: &'l Node, lines: &Lines, give: &mut dyn FnMut(Found<'l>)) {
    let span = node.locator().and_then(|locator| lines.span(locator));
    if let (Some(span), Some(_)) = (span, type_of(node)) {
        give(Found { node, span });
    }
    for (name, field) in node.fields() {
        if matches!(name, "annotation" | "signature" | "resultTypeSpecifier") {
            continue;
        }
        match field {
            Field::Node(child) => walk(child, lines, give),
            Field::List(all) => {
                for one in all {
                    if let Field::Node(child) = one {
                        walk(child, lines, give);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Where the lines of a text start.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Lines<'t> {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines {
            text,
            starts: std::iter::once(0).chain(after).collect(),
        }
    }

    /// The bytes of a locator: lines and columns from 1, the last column included.
    fn span(&self, locator: &str) -> Option<Span> {
        let (from, to) = locator.split_once('-').unwrap_or((locator, locator));
        let start = self.byte(from)?;
        let last = self.byte(to)?;
        let width = self
            .text
            .get(last..)?
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        let end = u32::try_from(last + width).ok()?;
        Some(Span::new(u32::try_from(start).ok()?, end))
    }

    fn byte(&self, place: &str) -> Option<usize> {
        let (line, column) = place.split_once(':')?;
        let line = line.parse::<usize>().ok()?.checked_sub(1)?;
        let column = column.parse::<usize>().ok()?.checked_sub(1)?;
        let start = *self.starts.get(line)?;
        let rest = self.text.get(start..)?;
        let within = rest.char_indices().map(|(at, _)| at);
        within.chain([rest.len()]).nth(column).map(|at| start + at)
    }
}

/// The type of a node in words: `List<Quantity>`.
pub(super) fn type_of(node: &Node) -> Option<String> {
    if let Some(specifier) = node.result_type_specifier() {
        return of_specifier(specifier);
    }
    node.result_type_name().map(|name| name.name.to_owned())
}

fn of_specifier(node: &Node) -> Option<String> {
    let part = |name: &str| node.node(name).and_then(of_specifier);
    match node.kind() {
        Kind::NamedTypeSpecifier => node.qualified("name").map(|name| name.name.to_owned()),
        Kind::ListTypeSpecifier => Some(format!("List<{}>", part("elementType")?)),
        Kind::IntervalTypeSpecifier => Some(format!("Interval<{}>", part("pointType")?)),
        Kind::ChoiceTypeSpecifier => {
            let all: Option<Vec<String>> = node.nodes("choice").map(of_specifier).collect();
            Some(format!("Choice<{}>", all?.join(", ")))
        }
        Kind::TupleTypeSpecifier => {
            let element = |one: &Node| {
                let ty = one.node("elementType").or_else(|| one.node("type"))?;
                Some(format!("{} {}", one.text("name")?, of_specifier(ty)?))
            };
            let all: Option<Vec<String>> = node.nodes("element").map(element).collect();
            Some(format!("Tuple {{ {} }}", all?.join(", ")))
        }
        _ => None,
    }
}

/// The named types that a node's value, or the items of it, may have; elements of tuples by name.
pub(super) fn elements_of(node: &Node) -> (Vec<(&str, &str)>, Vec<&str>) {
    let (mut named, mut tuple) = (Vec::new(), Vec::new());
    match node.result_type_specifier() {
        Some(specifier) => gather(specifier, &mut named, &mut tuple),
        None => named.extend(node.result_type_name().map(|name| (name.url, name.name))),
    }
    (named, tuple)
}

fn gather<'n>(node: &'n Node, named: &mut Vec<(&'n str, &'n str)>, tuple: &mut Vec<&'n str>) {
    match node.kind() {
        Kind::NamedTypeSpecifier => {
            named.extend(node.qualified("name").map(|name| (name.url, name.name)));
        }
        Kind::ListTypeSpecifier => {
            if let Some(item) = node.node("elementType") {
                gather(item, named, tuple);
            }
        }
        Kind::ChoiceTypeSpecifier => node
            .nodes("choice")
            .for_each(|choice| gather(choice, named, tuple)),
        Kind::TupleTypeSpecifier => {
            tuple.extend(node.nodes("element").filter_map(|one| one.text("name")));
        }
        Kind::IntervalTypeSpecifier => tuple.extend(["low", "high", "lowClosed", "highClosed"]),
        _ => {}
    }
}
