//! The tree of columns of one resource type, grown as elements occur and filled straight from JSON text.
//!
//! Every node counts its own rows. A value for row `n` first fills up rows that were passed over with nulls,
//! so elements that are absent cost nothing, and a resource that is refused half way leaves nodes that are
//! still whole: the next value pads over the gap, and the refused row is dropped at the end.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, StructArray};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field};
use foldhash::HashMap;
use salus_fhir::schema::{Kind, Primitive, TypeDef, TypeId, r4};

use crate::cursor::{Cursor, JsonError, JsonFault};
use crate::ids::FieldIds;
use crate::leaf::{Leaf, Text, Validity, scalar_text};
use crate::rest::{Rest, Trail};
use crate::table::Rewrite;

/// What reading a resource needs beside the nodes.
pub(super) struct Reading<'a, 'r> {
    pub cursor: Cursor<'a>,
    pub rest: &'r mut Rest,
    pub scratch: &'r mut String,
    /// How often `resourceType` came.
    pub resource_types: u32,
    /// Gives the new text of a reference that is to be rewritten.
    pub rewrite: Option<Rewrite<'r>>,
}

/// A column or a group of columns.
#[derive(Debug)]
pub(super) enum Node {
    Leaf(Leaf),
    /// JSON text of a whole resource (`contained`, `Bundle.entry.resource`).
    Open(Text),
    Object(Box<Object>),
    List(Box<List>),
}

/// The columns of a complex type.
#[derive(Debug)]
pub(super) struct Object {
    def: &'static TypeDef,
    validity: Validity,
    members: Vec<Member>,
    by_name: HashMap<Box<str>, usize>,
    /// The member after the one read last: keys mostly come in the same order.
    next: usize,
}

#[derive(Debug)]
struct Member {
    name: Box<str>,
    /// Place among the elements of the type, for the order of columns.
    order: usize,
    /// Whether the text of this member is a reference that may be rewritten.
    is_reference: bool,
    node: Node,
}

/// A repeated element.
#[derive(Debug)]
pub(super) struct List {
    validity: Validity,
    offsets: Vec<i32>,
    items: usize,
    node: Node,
}

/// How deep JSON may nest.
pub(super) const DEPTH_MAX: usize = 64;

impl Node {
    fn of(element: &salus_fhir::schema::Element) -> Self {
        let node = if element.open_resource {
            Self::Open(Text::default())
        } else {
            match r4().get(element.ty).kind {
                Kind::Primitive(primitive) => Self::Leaf(leaf(primitive)),
                _ => Self::Object(Box::new(Object::new(element.ty))),
            }
        };
        if element.list { Self::list(node) } else { node }
    }

    /// The node of `_name`: id and extensions of a primitive element.
    fn of_sibling(list: bool) -> Option<Self> {
        let node = Self::Object(Box::new(Object::new(r4().named("Element")?)));
        Some(if list { Self::list(node) } else { node })
    }

    fn list(node: Self) -> Self {
        Self::List(Box::new(List {
            validity: Validity::default(),
            offsets: vec![0],
            items: 0,
            node,
        }))
    }

    fn has(&self, row: usize) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.has(row),
            Self::Open(text) => text.len() > row,
            Self::Object(object) => object.validity.len() > row,
            Self::List(list) => list.validity.len() > row,
        }
    }

    /// Reads the value under the cursor into row `row`. What does not fit goes to the rest.
    /// Gives whether the column holds something.
    fn read(
        &mut self,
        row: usize,
        trail: &Trail<'_>,
        depth: usize,
        is_reference: bool,
        reading: &mut Reading<'_, '_>,
    ) -> Result<bool, JsonError> {
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
    fn finish(self, rows: usize, ids: &mut FieldIds<'_>) -> Option<(ArrayRef, Option<ArrayRef>)> {
        match self {
            Self::Leaf(leaf) => Some(leaf.finish(rows)),
            Self::Open(text) => Some((text.finish(rows), None)),
            Self::Object(object) => Some((object.finish(rows, ids)?, None)),
            Self::List(list) => Some((list.finish(rows, ids)?, None)),
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

impl Object {
    pub(super) fn new(ty: TypeId) -> Self {
        Self {
            def: r4().get(ty),
            validity: Validity::default(),
            members: Vec::new(),
            by_name: HashMap::default(),
            next: 0,
        }
    }

    /// Reads the object under the cursor into row `row`.
    pub(super) fn read(
        &mut self,
        row: usize,
        trail: &Trail<'_>,
        depth: usize,
        reading: &mut Reading<'_, '_>,
    ) -> Result<bool, JsonError> {
        let start = reading.cursor.offset();
        self.validity.pad_to(row);
        reading.cursor.expect(b'{')?;
        // The keys are borrowed from the text unless they hold an escape, which FHIR's never do.
        let mut key_scratch = String::new();
        let (mut empty, mut held) = (true, false);
        self.next = 0;
        let mut read = Ok(());
        loop {
            let key = match reading.cursor.next_key(empty, &mut key_scratch) {
                Ok(Some(key)) => key,
                Ok(None) => break,
                Err(error) => {
                    read = Err(error);
                    break;
                }
            };
            empty = false;
            match self.read_member(key, row, trail, depth, reading) {
                Ok(member_held) => held |= member_held,
                Err(error) => {
                    read = Err(error);
                    break;
                }
            }
        }
        self.validity.push(!empty);
        read?;
        if empty {
            reading.rest.keep(
                trail,
                reading
                    .cursor
                    .slice(start, reading.cursor.offset())
                    .trim_start(),
            );
        }
        Ok(held)
    }

    /// Gives whether a column holds something of the member.
    fn read_member(
        &mut self,
        key: &str,
        row: usize,
        trail: &Trail<'_>,
        depth: usize,
        reading: &mut Reading<'_, '_>,
    ) -> Result<bool, JsonError> {
        let below = trail.key(key);
        let Some(index) = self.member(key) else {
            if depth == 1 && key == "resourceType" {
                reading.resource_types += 1;
                if reading.resource_types > 1 {
                    return reading.cursor.fail(JsonFault::DuplicateKey);
                }
                return reading.cursor.string(reading.scratch).map(|_| true);
            }
            let raw = reading
                .cursor
                .raw_value(DEPTH_MAX.saturating_sub(depth), reading.scratch)?;
            reading.rest.keep(&below, raw);
            return Ok(false);
        };
        let Some(member) = self.members.get_mut(index) else {
            return Ok(false);
        };
        self.next = index + 1;
        if member.node.has(row) {
            return reading.cursor.fail(JsonFault::DuplicateKey);
        }
        member
            .node
            .read(row, &below, depth, member.is_reference, reading)
    }

    /// The member for `key`, made if it is an element of the type that did not occur before.
    #[inline]
    fn member(&mut self, key: &str) -> Option<usize> {
        if self
            .members
            .get(self.next)
            .is_some_and(|member| &*member.name == key)
        {
            return Some(self.next);
        }
        if let Some(&index) = self.by_name.get(key) {
            return Some(index);
        }
        self.grow(key)
    }

    fn grow(&mut self, key: &str) -> Option<usize> {
        let sibling_of = key.strip_prefix('_');
        let element = self.def.element(sibling_of.unwrap_or(key))?;
        let node = match sibling_of {
            None => Node::of(element),
            Some(_) if matches!(r4().get(element.ty).kind, Kind::Primitive(_)) => {
                Node::of_sibling(element.list)?
            }
            Some(_) => return None,
        };
        let place = self
            .def
            .elements()
            .iter()
            .position(|known| known.name == element.name)
            .unwrap_or(usize::MAX / 4);
        let is_reference =
            sibling_of.is_none() && self.def.name == "Reference" && key == "reference";
        let order = 2 * place + usize::from(sibling_of.is_some());
        self.members.push(Member {
            name: key.into(),
            order,
            is_reference,
            node,
        });
        self.by_name.insert(key.into(), self.members.len() - 1);
        Some(self.members.len() - 1)
    }

    /// The columns of `rows` rows, in the order of the R4 definition.
    pub(super) fn finish_members(
        mut self,
        rows: usize,
        ids: &mut FieldIds<'_>,
    ) -> (Vec<Arc<Field>>, Vec<ArrayRef>) {
        self.members.sort_by_key(|member| member.order);
        let mut fields = Vec::new();
        let mut arrays = Vec::new();
        for member in self.members {
            ids.enter(&member.name);
            let finished = member.node.finish(rows, ids);
            if let Some((array, _)) = &finished {
                fields.push(ids.field(&member.name, array.data_type().clone()));
            }
            ids.leave();
            let Some((array, digits)) = finished else {
                continue;
            };
            arrays.push(array);
            if let Some(digits) = digits {
                let name = format!("{}{DIGITS_SUFFIX}", member.name);
                ids.enter(&name);
                fields.push(ids.field(&name, DataType::Utf8));
                ids.leave();
                arrays.push(digits);
            }
        }
        (fields, arrays)
    }

    fn finish(mut self, rows: usize, ids: &mut FieldIds<'_>) -> Option<ArrayRef> {
        self.validity.pad_to(rows);
        let nulls = std::mem::take(&mut self.validity).finish();
        let (fields, arrays) = self.finish_members(rows, ids);
        if fields.is_empty() {
            return None;
        }
        StructArray::try_new(fields.into(), arrays, nulls)
            .ok()
            .map(|array| Arc::new(array) as ArrayRef)
    }
}

/// What the name of a decimal's digits column ends in.
pub const DIGITS_SUFFIX: &str = "_digits";

impl List {
    fn read(
        &mut self,
        row: usize,
        trail: &Trail<'_>,
        depth: usize,
        reading: &mut Reading<'_, '_>,
    ) -> Result<bool, JsonError> {
        let start = reading.cursor.offset();
        self.pad_to(row);
        let read = self.read_items(trail, depth, reading);
        // The list is closed whatever happened, so that its offsets stay whole.
        self.offsets
            .push(i32::try_from(self.items).unwrap_or(i32::MAX));
        let held = matches!(read, Ok(held) if held > 0);
        self.validity.push(held);
        if read? == 0 {
            let raw = reading
                .cursor
                .slice(start, reading.cursor.offset())
                .trim_start();
            reading.rest.keep(trail, raw);
        }
        Ok(held)
    }

    /// Gives the number of items that the column holds, nulls apart.
    fn read_items(
        &mut self,
        trail: &Trail<'_>,
        depth: usize,
        reading: &mut Reading<'_, '_>,
    ) -> Result<usize, JsonError> {
        reading.cursor.expect(b'[')?;
        let (mut held, mut position) = (0, 0);
        while reading.cursor.next_item(position == 0)? {
            if reading.cursor.peek() == b'n' {
                reading.cursor.word("null")?;
                self.items += 1;
            } else {
                self.items += 1;
                let row = self.items - 1;
                held += usize::from(self.node.read(
                    row,
                    &trail.item(position),
                    depth,
                    false,
                    reading,
                )?);
            }
            position += 1;
        }
        Ok(held)
    }

    fn pad_to(&mut self, rows: usize) {
        if self.validity.pad_to(rows) > 0 {
            self.offsets
                .resize(rows + 1, i32::try_from(self.items).unwrap_or(i32::MAX));
        }
    }

    fn finish(mut self, rows: usize, ids: &mut FieldIds<'_>) -> Option<ArrayRef> {
        self.pad_to(rows);
        ids.enter(ELEMENT);
        let values = self.node.finish(self.items, ids);
        let finished =
            values.map(|(values, _)| (ids.field(ELEMENT, values.data_type().clone()), values));
        ids.leave();
        let (field, values) = finished?;
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        ListArray::try_new(field, offsets, values, self.validity.finish())
            .ok()
            .map(|array| Arc::new(array) as ArrayRef)
    }
}

/// DuckLake's name for what a list holds.
pub const ELEMENT: &str = "element";
