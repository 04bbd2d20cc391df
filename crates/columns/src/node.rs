//! The tree of columns of one resource type, grown as elements occur and filled straight from JSON text.
//!
//! ```text
//! Object ─► Member ─► Node ─► Leaf │ Open │ Object │ List ─► Node │ Skipped (projections: passed over)
//! ```
//!
//! Every node counts its own rows. A value for row `n` first fills up rows that were passed over with nulls,
//! so elements that are absent cost nothing, and a resource that is refused half way leaves nodes that are
//! still whole: the next value pads over the gap, and the refused row is dropped at the end.

use arrow::array::ArrayRef;
use salus_fhir::schema::{Element, Kind, Primitive, r4};

use crate::cursor::{Cursor, JsonError};
use crate::ids::FieldIds;
use crate::leaf::{Leaf, Text, scalar_text};
use crate::list::List;
use crate::object::Object;
use crate::rest::{Rest, Trail};
use crate::structure::Structure;
use crate::table::Rewrite;
use crate::wanted::Reach;

/// What reading a resource needs beside the nodes.
pub(super) struct Reading<'a, 'r> {
    pub cursor: Cursor<'a>,
    pub rest: &'r mut Rest,
    pub scratch: &'r mut String,
    /// Gives the new text of a reference that is to be rewritten.
    pub rewrite: Option<Rewrite<'r>>,
    /// Where strings and brackets are; there when something may be skipped.
    pub structure: Option<&'r Structure>,
}

impl Reading<'_, '_> {
    /// Passes over the value under the cursor, whose brackets and strings alone are looked at.
    fn skip(&mut self) -> Result<(), JsonError> {
        match self.structure {
            Some(structure) => self.cursor.skip(structure),
            None => {
                self.cursor.peek();
                self.cursor.skip_unchecked()
            }
        }
    }
}

/// A column or a group of columns.
#[derive(Debug)]
pub(super) enum Node {
    Leaf(Leaf),
    /// JSON text of a whole resource (`contained`, `Bundle.entry.resource`).
    Open(Text),
    Object(Box<Object>),
    List(Box<List>),
    /// `resourceType`: the table's name says it. How many rows have been read.
    TypeName {
        rows: usize,
    },
    /// Not wanted: passed over wherever it comes.
    Skipped,
}

/// How deep JSON may nest.
pub(super) const DEPTH_MAX: usize = 64;

impl Node {
    /// The node of an element, of which this much is read.
    pub(super) fn of(element: &Element, reach: Reach) -> Self {
        let node = if element.open_resource {
            Self::Open(Text::default())
        } else {
            match r4().get(element.ty).kind {
                Kind::Primitive(primitive) => Self::Leaf(leaf(primitive)),
                _ => Self::Object(Box::new(Object::new(element.ty, reach))),
            }
        };
        Self::listed(node, element)
    }

    /// The node of `_name`: id and extensions of a primitive element.
    pub(super) fn of_sibling(element: &Element, reach: Reach) -> Option<Self> {
        let object = Object::new(r4().named("Element")?, reach);
        Some(Self::listed(Self::Object(Box::new(object)), element))
    }

    fn listed(node: Self, element: &Element) -> Self {
        match element.list {
            true => Self::List(Box::new(List::new(node))),
            false => node,
        }
    }

    /// Whether row `row` has been set.
    #[inline]
    pub(super) fn has(&self, row: usize) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.has(row),
            Self::Open(text) => text.len() > row,
            Self::Object(object) => object.len() > row,
            Self::List(list) => list.len() > row,
            Self::TypeName { rows } => *rows > row,
            Self::Skipped => false,
        }
    }

    /// Reads the value under the cursor into row `row`. What does not fit goes to the rest.
    /// Gives whether the column holds something.
    #[inline]
    pub(super) fn read(
        &mut self,
        row: usize,
        trail: &Trail<'_>,
        depth: usize,
        is_reference: bool,
        reading: &mut Reading<'_, '_>,
    ) -> Result<bool, JsonError> {
        match self {
            Self::Skipped => return reading.skip().map(|()| false),
            Self::TypeName { rows } => {
                *rows = row + 1;
                return reading.cursor.string(reading.scratch).map(|_| true);
            }
            _ => {}
        }
        let first = reading.cursor.peek();
        match (self, first) {
            (Self::Leaf(Leaf::Text(text)), b'"') => {
                read_text(text, row, trail, is_reference, reading)?;
                Ok(true)
            }
            (Self::Leaf(leaf), b't' | b'f' | b'-' | b'0'..=b'9') => {
                let raw = scalar_text(&mut reading.cursor)?;
                let fits = leaf.set_scalar(row, raw);
                if !fits {
                    reading.rest.keep(trail, raw);
                }
                Ok(fits)
            }
            (Self::Open(text), b'{') => {
                let raw = reading
                    .cursor
                    .raw_value(DEPTH_MAX - depth, reading.scratch)?;
                text.set(row, raw);
                Ok(true)
            }
            (Self::Object(object), b'{') if depth < DEPTH_MAX => {
                object.read(row, trail, depth + 1, reading)
            }
            (Self::List(list), b'[') if depth < DEPTH_MAX => {
                list.read(row, trail, depth + 1, reading)
            }
            _ => {
                let raw = reading
                    .cursor
                    .raw_value(DEPTH_MAX.saturating_sub(depth), reading.scratch)?;
                reading.rest.keep(trail, raw);
                Ok(false)
            }
        }
    }

    /// The array of `rows` rows, with the digits column of a decimal; `None` for a group without any column.
    pub(super) fn finish(
        self,
        rows: usize,
        ids: &mut FieldIds<'_>,
    ) -> Option<(ArrayRef, Option<ArrayRef>)> {
        match self {
            Self::Leaf(leaf) => Some(leaf.finish(rows)),
            Self::Open(text) => Some((text.finish(rows), None)),
            Self::Object(object) => Some((object.finish(rows, ids)?, None)),
            Self::List(list) => Some((list.finish(rows, ids)?, None)),
            Self::TypeName { .. } | Self::Skipped => None,
        }
    }
}

fn leaf(primitive: Primitive) -> Leaf {
    match primitive {
        Primitive::Boolean => Leaf::boolean(),
        Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => Leaf::int32(),
        Primitive::Decimal => Leaf::decimal(),
        _ => Leaf::text(),
    }
}

fn read_text(
    text: &mut Text,
    row: usize,
    trail: &Trail<'_>,
    is_reference: bool,
    reading: &mut Reading<'_, '_>,
) -> Result<(), JsonError> {
    let start = reading.cursor.offset();
    let value = reading.cursor.string(reading.scratch)?;
    let rewrite = reading.rewrite.filter(|_| is_reference);
    match rewrite.and_then(|rewrite| rewrite(value)) {
        Some(rewritten) => {
            text.set(row, &rewritten);
            let raw = reading.cursor.slice(start, reading.cursor.offset());
            reading.rest.keep_original(trail, raw);
        }
        None => text.set(row, value),
    }
    Ok(())
}

/// What the name of a decimal's digits column ends in.
pub const DIGITS_SUFFIX: &str = "_digits";

/// DuckLake's name for what a list holds.
pub const ELEMENT: &str = "element";
