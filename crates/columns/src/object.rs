//! The columns of a complex type, or of a resource.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StructArray};
use arrow::datatypes::{DataType, Field};
use foldhash::HashMap;
use salus_fhir::schema::{Kind, TypeDef, TypeId, r4};

use crate::cursor::{JsonError, JsonFault};
use crate::ids::FieldIds;
use crate::key::WrittenKey;
use crate::leaf::Validity;
use crate::node::{DEPTH_MAX, DIGITS_SUFFIX, Node, Reading};
use crate::rest::Trail;
use crate::wanted::Reach;

/// The columns of a complex type.
#[derive(Debug)]
pub(super) struct Object {
    def: &'static TypeDef,
    reach: Reach,
    validity: Validity,
    members: Vec<Member>,
    by_name: HashMap<Box<str>, usize>,
    /// The member after the one read last: keys mostly come in the same order.
    next: usize,
}

#[derive(Debug)]
struct Member {
    name: Box<str>,
    written: WrittenKey,
    /// Place among the elements of the type, for the order of columns.
    order: usize,
    /// Whether the text of this member is a reference that may be rewritten.
    is_reference: bool,
    node: Node,
}

impl Object {
    /// No columns yet, of a type of which this much is read.
    pub(super) fn new(ty: TypeId, reach: Reach) -> Self {
        Self {
            def: r4().get(ty),
            reach,
            validity: Validity::default(),
            members: Vec::new(),
            by_name: HashMap::default(),
            next: 0,
        }
    }

    /// The number of rows so far.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.validity.len()
    }

    /// Reads the object under the cursor into row `row`. Gives whether a column holds something of it.
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
        let mut members = Members::default();
        self.next = 0;
        let read = self.read_members(&mut members, row, trail, depth, reading);
        self.validity.push(!members.empty);
        read?;
        if members.empty {
            let raw = reading.cursor.slice(start, reading.cursor.offset());
            reading.rest.keep(trail, raw.trim_start());
        }
        Ok(members.held)
    }

    fn read_members(
        &mut self,
        members: &mut Members,
        row: usize,
        trail: &Trail<'_>,
        depth: usize,
        reading: &mut Reading<'_, '_>,
    ) -> Result<(), JsonError> {
        loop {
            // Mostly the key that came next before comes next again.
            let expected = self.members.get(self.next);
            if expected.is_some_and(|m| reading.cursor.take_key(members.empty, &m.written)) {
                members.empty = false;
                members.held |= self.read_member(self.next, row, trail, depth, reading)?;
                continue;
            }
            let Some(key) = reading
                .cursor
                .next_key(members.empty, &mut members.scratch)?
            else {
                break;
            };
            members.empty = false;
            members.held |= match self.member(key) {
                Some(index) => self.read_member(index, row, trail, depth, reading)?,
                None => self.read_unknown(key, trail, depth, reading)?,
            };
        }
        // What is not wanted of it is there all the same.
        members.held |= self.reach.is_partial() && !members.empty;
        Ok(())
    }

    #[inline]
    fn read_member(
        &mut self,
        index: usize,
        row: usize,
        trail: &Trail<'_>,
        depth: usize,
        reading: &mut Reading<'_, '_>,
    ) -> Result<bool, JsonError> {
        let Some(member) = self.members.get_mut(index) else {
            return Ok(false);
        };
        self.next = index + 1;
        if member.node.has(row) {
            return reading.cursor.fail(JsonFault::DuplicateKey);
        }
        let below = trail.key(&member.name);
        member
            .node
            .read(row, &below, depth, member.is_reference, reading)
    }

    /// Reads the value of a key that no member can have.
    fn read_unknown(
        &mut self,
        key: &str,
        trail: &Trail<'_>,
        depth: usize,
        reading: &mut Reading<'_, '_>,
    ) -> Result<bool, JsonError> {
        if self.reach.is_partial() {
            return Node::Skipped.read(0, trail, depth, false, reading);
        }
        let raw = reading
            .cursor
            .raw_value(DEPTH_MAX.saturating_sub(depth), reading.scratch)?;
        reading.rest.keep(&trail.key(key), raw);
        Ok(false)
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
        if key == "resourceType" && self.def.kind == Kind::Resource {
            return Some(self.push(key, 0, Node::TypeName { rows: 0 }));
        }
        let sibling_of = key.strip_prefix('_');
        let element = self.def.element(sibling_of.unwrap_or(key))?;
        let is_primitive = matches!(r4().get(element.ty).kind, Kind::Primitive(_));
        let reach = match sibling_of {
            None => self.reach.member(element.name),
            Some(_) if is_primitive => self.reach.sibling(element.name),
            Some(_) => return None,
        };
        let node = match (reach, sibling_of) {
            (None, _) => Node::Skipped,
            (Some(reach), None) => Node::of(element, reach),
            (Some(reach), Some(_)) => Node::of_sibling(element, reach)?,
        };
        let place = self
            .def
            .elements()
            .iter()
            .position(|known| known.name == element.name)
            .unwrap_or(usize::MAX / 4);
        let order = 2 * place + usize::from(sibling_of.is_some());
        Some(self.push(key, order, node))
    }

    /// Adds a member and gives its place.
    fn push(&mut self, key: &str, order: usize, node: Node) -> usize {
        let index = self.members.len();
        self.members.push(Member {
            name: key.into(),
            written: WrittenKey::new(key),
            order,
            is_reference: self.def.name == "Reference" && key == "reference",
            node,
        });
        self.by_name.insert(key.into(), index);
        index
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

    pub(super) fn finish(mut self, rows: usize, ids: &mut FieldIds<'_>) -> Option<ArrayRef> {
        self.validity.pad_to(rows);
        let nulls = std::mem::take(&mut self.validity).finish();
        let is_partial = self.reach.is_partial();
        let (fields, arrays) = self.finish_members(rows, ids);
        if fields.is_empty() {
            // That it is there is all that may be wanted of it.
            return is_partial
                .then(|| Arc::new(StructArray::new_empty_fields(rows, nulls)) as ArrayRef);
        }
        StructArray::try_new(fields.into(), arrays, nulls)
            .ok()
            .map(|array| Arc::new(array) as ArrayRef)
    }
}

/// What was read of one object.
struct Members {
    empty: bool,
    held: bool,
    /// For keys with escapes, which FHIR's never have: the others are borrowed from the text.
    scratch: String,
}

impl Default for Members {
    fn default() -> Self {
        Self {
            empty: true,
            held: false,
            scratch: String::new(),
        }
    }
}
