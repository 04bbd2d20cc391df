//! One element of a row.

use std::borrow::Cow;

use salus_fhir::schema::{TypeId, r4};
use salus_fhir::view::{ElementView, JsonElement, PrimitiveText};

use super::Rows;
use super::open::Opened;
use super::tree::{Branch, Cells, NONE, wide};
use super::write::write_element;

/// An element of a row of [`Rows`]. Copied freely: 32 bytes.
#[derive(Clone, Copy)]
pub struct RowElement<'a> {
    place: Place<'a>,
}

#[derive(Clone, Copy)]
enum Place<'a> {
    Column(Cell<'a>),
    Json {
        element: JsonElement<'a>,
        within: &'a Opened<'a>,
    },
}

/// A value of a column, with its sibling if it is primitive. [`NONE`] for what is not there, not for both.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub rows: &'a Rows<'a>,
    pub column: u32,
    pub value: u32,
    pub sibling: u32,
}

impl<'a> RowElement<'a> {
    pub(super) fn cell(cell: Cell<'a>) -> Self {
        Self {
            place: Place::Column(cell),
        }
    }

    pub(super) fn json(element: JsonElement<'a>, within: &'a Opened<'a>) -> Self {
        Self {
            place: Place::Json { element, within },
        }
    }

    /// As [`RowElement::json`], of an element in the same resource.
    fn beside(within: &'a Opened<'a>) -> impl Fn(JsonElement<'a>) -> Self {
        move |element| Self::json(element, within)
    }
}

impl<'a> Cell<'a> {
    pub(super) fn branch(&self) -> Option<&'a Branch> {
        self.rows.tree.get(self.column)
    }

    /// The row in which its members stand.
    fn row_below(&self, branch: &Branch) -> u32 {
        match branch.cells {
            Cells::Object(_) | Cells::Rows => self.value,
            _ => self.sibling,
        }
    }

    /// The resource whose row this is in.
    fn row(&self) -> Cell<'a> {
        let mut at = *self;
        while let Some(branch) = at.branch().filter(|branch| branch.above != NONE) {
            let row = branch.row_above(at.value, at.sibling);
            at.column = branch.above;
            let is_object = at
                .branch()
                .is_none_or(|above| matches!(above.cells, Cells::Object(_) | Cells::Rows));
            (at.value, at.sibling) = if is_object { (row, NONE) } else { (NONE, row) };
        }
        at
    }

    /// Gives the elements of a column in row `row` of this one; whether there are any.
    fn items(
        &self,
        column: u32,
        branch: &'a Branch,
        row: u32,
        into: &mut impl FnMut(RowElement<'a>),
    ) -> bool {
        let (mut value, value_end) = branch.values_of(row);
        let (mut sibling, sibling_end) = branch.siblings_of(row);
        let mut any = false;
        while value < value_end || sibling < sibling_end {
            let there = |at: u32, is: bool| if is { at } else { NONE };
            let cell = Cell {
                rows: self.rows,
                column,
                value: there(value, value < value_end && branch.has_value(value)),
                sibling: there(
                    sibling,
                    sibling < sibling_end && branch.has_sibling(sibling),
                ),
            };
            if cell.value != NONE || cell.sibling != NONE {
                any = true;
                cell.show().into_iter().for_each(&mut *into);
            }
            value = value.saturating_add(1).min(value_end);
            sibling = sibling.saturating_add(1).min(sibling_end);
        }
        any
    }

    /// The element: of an open place the resource that is there.
    pub(super) fn show(self) -> Option<RowElement<'a>> {
        let branch = self.branch()?;
        let Cells::Open(texts, place) = &branch.cells else {
            return Some(RowElement::cell(self));
        };
        let text = texts.value(wide(self.value));
        let around = || RowElement::cell(self.row());
        self.rows
            .open
            .element(*place, wide(self.value), text, branch.ty, around)
    }

    pub(super) fn primitive(&self) -> Option<PrimitiveText<'a>> {
        let at = wide(self.value);
        let branch = self.branch().filter(|_| self.value != NONE)?;
        Some(match &branch.cells {
            Cells::Text(cells) => PrimitiveText::Text(Cow::Borrowed(cells.value(at))),
            Cells::Boolean(cells) => PrimitiveText::Boolean(cells.value(at)),
            Cells::Int32(cells) => PrimitiveText::Number(Cow::Owned(cells.value(at).to_string())),
            Cells::Decimal(cells, digits) => {
                let digits = digits.as_ref().filter(|digits| is_valid(digits, at));
                PrimitiveText::Number(match digits {
                    Some(digits) => Cow::Borrowed(digits.value(at)),
                    None => Cow::Owned(cells.value(at).to_string()),
                })
            }
            Cells::None | Cells::Rows | Cells::Open(..) | Cells::Object(_) => return None,
        })
    }
}

fn is_valid(array: &dyn arrow::array::Array, at: usize) -> bool {
    at < array.len() && array.is_valid(at)
}

impl<'a> ElementView for RowElement<'a> {
    fn type_id(&self) -> TypeId {
        match &self.place {
            // A cell is made of a column of its tree.
            Place::Column(cell) => cell.branch().map_or(cell.rows.resource, |branch| branch.ty),
            Place::Json { element, .. } => element.type_id(),
        }
    }

    fn children(&self, name: &str, into: &mut impl FnMut(Self)) {
        let cell = match &self.place {
            Place::Column(cell) => cell,
            Place::Json { element, within } => {
                let shown = Self::beside(within);
                return element.children(name, &mut |child| into(shown(child)));
            }
        };
        let Some(branch) = cell.branch() else { return };
        let row = cell.row_below(branch);
        if row == NONE {
            return;
        }
        for &column in &branch.members {
            let Some(member) = cell.rows.tree.get(column).filter(|m| m.name() == name) else {
                continue;
            };
            // A choice has one type.
            if cell.items(column, member, row, into) {
                return;
            }
        }
    }

    fn all_children(&self, into: &mut impl FnMut(&'static str, Self)) {
        let cell = match &self.place {
            Place::Column(cell) => cell,
            Place::Json { element, within } => {
                let shown = Self::beside(within);
                return element.all_children(&mut |name, child| into(name, shown(child)));
            }
        };
        let Some(branch) = cell.branch() else { return };
        let row = cell.row_below(branch);
        if row == NONE {
            return;
        }
        for &column in &branch.members {
            if let Some(member) = cell.rows.tree.get(column) {
                let name = member.name();
                cell.items(column, member, row, &mut |child| into(name, child));
            }
        }
    }

    fn primitive(&self) -> Option<PrimitiveText<'_>> {
        match &self.place {
            Place::Column(cell) => cell.primitive(),
            Place::Json { element, .. } => element.primitive(),
        }
    }

    fn resource(&self) -> Option<Self> {
        match &self.place {
            Place::Column(cell) => Some(Self::cell(cell.row())),
            Place::Json { element, within } => element.resource().map(Self::beside(within)),
        }
    }

    fn root_resource(&self) -> Option<Self> {
        let (element, within) = match &self.place {
            Place::Column(_) => return self.resource(),
            Place::Json { element, within } => (element, within),
        };
        let root = element.root_resource()?;
        match &within.around {
            // Entries and parameters are contained in nothing.
            Some(around) if within.is_root(&root) && !around.is_collection() => Some(*around),
            _ => Some(Self::json(root, within)),
        }
    }

    fn write_json(&self, out: &mut String) {
        match &self.place {
            Place::Column(cell) => write_element(cell, out),
            Place::Json { element, .. } => element.write_json(out),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.place, &other.place) {
            (Place::Column(one), Place::Column(other)) => {
                std::ptr::eq(one.rows, other.rows)
                    && (one.column, one.value, one.sibling)
                        == (other.column, other.value, other.sibling)
            }
            (Place::Json { element: one, .. }, Place::Json { element: other, .. }) => {
                one.is_same(other)
            }
            _ => false,
        }
    }
}

impl RowElement<'_> {
    /// Whether the resources in it stand for themselves.
    fn is_collection(&self) -> bool {
        matches!(r4().get(self.type_id()).name, "Bundle" | "Parameters")
    }
}

impl std::fmt::Debug for RowElement<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut json = String::new();
        self.write_json(&mut json);
        write!(f, "{} {json}", r4().get(self.type_id()).name)
    }
}
