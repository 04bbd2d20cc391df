//! Annotations: the text of each definition, cut into the pieces that nodes were made from (ELM schema, `Narrative`).
//!
//! Tools show with them which part of a measure was true for a patient: a piece has in `r` the `localId` of its node.

use crate::elm::{Field, Kind, Node};
use crate::resolve::translator::Translator;
use crate::syntax::{Item, Span, tags};

/// A node that was made from a part of the text.
#[derive(Debug, Clone, Copy)]
pub(in crate::resolve) struct Place {
    pub local_id: u32,
    pub span: Span,
}

impl Translator<'_> {
    /// Gives a definition its text and tags. `from` is how many places there were before it was translated.
    pub(super) fn annotate(&mut self, def: &mut Node, item: &Item, from: usize) {
        if !self.options.annotations {
            return;
        }
        let mut places: Vec<Place> = self.places.drain(from.min(self.places.len())..).collect();
        // What is around comes first; of what has the same text, what was made last.
        places.sort_by_key(|place| {
            let Span { start, end } = place.span;
            (start, u32::MAX - end, u32::MAX - place.local_id)
        });
        let before = item.comments.iter().map(|comment| comment.span);
        let before = before.filter(|span| span.end <= item.span.start);
        let start = before.map(|span| span.start).min();
        let whole = Span::new(start.unwrap_or(item.span.start), item.span.end);
        let mut pieces = Pieces {
            text: self.text,
            places: places.into_iter().peekable(),
        };
        let mut narrative = pieces.within(whole, None);
        if narrative.field("r").is_none()
            && let Some(id) = def.local_id()
        {
            narrative = Node::part(Kind::Narrative)
                .with("r", id)
                .with("s", vec![narrative]);
        }
        let mut annotation = Node::new(Kind::Annotation);
        let tags: Vec<Node> = tags(&item.comments)
            .map(|(name, value)| {
                let tag = Node::part(Kind::Tag).with("name", name);
                if value.is_empty() {
                    tag
                } else {
                    tag.with("value", value)
                }
            })
            .collect();
        if !tags.is_empty() {
            annotation.set("t", tags);
        }
        def.set("annotation", vec![annotation.with("s", narrative)]);
    }
}

/// The text of a definition, as it is cut.
struct Pieces<'t, P: Iterator<Item = Place>> {
    text: &'t str,
    places: std::iter::Peekable<P>,
}

impl<P: Iterator<Item = Place>> Pieces<'_, P> {
    /// The piece of a part of the text, cut where nodes are from parts of it.
    fn within(&mut self, span: Span, local_id: Option<u32>) -> Node {
        let mut parts = Vec::new();
        let mut at = span.start;
        while let Some(place) = self.places.peek().copied() {
            if place.span.start >= span.end && span.end > span.start || place.span.end > span.end {
                break;
            }
            self.places.next();
            // What starts before it is out of order: a node that stands for several parts of the text.
            if place.span.start < at {
                continue;
            }
            parts.extend(self.plain(at, place.span.start));
            parts.push(self.within(place.span, Some(place.local_id)));
            at = place.span.end;
        }
        let piece = Node::part(Kind::Narrative);
        let mut piece = match local_id {
            Some(id) => piece.with("r", id.to_string()),
            None => piece,
        };
        if parts.is_empty() {
            piece.set("value", self.value(at, span.end));
        } else {
            parts.extend(self.plain(at, span.end));
            piece.set("s", parts);
        }
        piece
    }

    /// A piece that no node is from, if there is any text.
    fn plain(&self, start: u32, end: u32) -> Option<Node> {
        let value = self.value(start, end);
        (start < end).then(|| Node::part(Kind::Narrative).with("value", value))
    }

    fn value(&self, start: u32, end: u32) -> Field {
        Field::List(vec![Field::from(Span::new(start, end).of(self.text))])
    }
}
