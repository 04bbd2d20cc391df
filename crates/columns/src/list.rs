//! The columns of a repeated element.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};

use crate::cursor::JsonError;
use crate::ids::FieldIds;
use crate::leaf::Validity;
use crate::node::{ELEMENT, Node, Reading};
use crate::rest::Trail;

/// A repeated element: lists of items, which have rows of their own.
#[derive(Debug)]
pub(super) struct List {
    validity: Validity,
    offsets: Vec<i32>,
    items: usize,
    node: Node,
}

impl List {
    /// No lists yet, of items that this node reads.
    pub(super) fn new(node: Node) -> Self {
        Self {
            validity: Validity::default(),
            offsets: vec![0],
            items: 0,
            node,
        }
    }

    /// The number of rows so far.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.validity.len()
    }

    /// Reads the list under the cursor into row `row`. Gives whether the column holds something of it.
    pub(super) fn read(
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

    /// The array of `rows` rows; `None` where the items have no column.
    pub(super) fn finish(mut self, rows: usize, ids: &mut FieldIds<'_>) -> Option<ArrayRef> {
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
