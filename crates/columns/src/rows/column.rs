//! Elements column by column: what plans that work on whole columns go down.
//!
//! ```text
//!   rows 0 1 2 of Patient ─ items("name") ─►  owners 0 0 2   values 7 8 11     two names of row 0, none of row 1
//!   values 7 8 11 of name ─ items("given") ─► owners 0 2 2   values 4 9 10     positions in what was asked for
//! ```

use arrow::array::{Array, ListArray, StringArray, StructArray};
use salus_fhir::schema::{Element, TypeId};

use super::Rows;
use super::element::{Cell, RowElement};
use super::tree::{Branch, Cells, NONE};

/// The column of one element of the rows under one JSON name, lists laid flat.
#[derive(Clone, Copy)]
pub struct ElementColumn<'a> {
    rows: &'a Rows<'a>,
    branch: &'a Branch,
    column: u32,
}

/// The `_` sibling of a primitive element's column.
#[derive(Debug, Clone, Copy)]
pub struct Siblings<'a> {
    /// Of an element that repeats: whose each sibling is. Its items are aligned with those of
    /// [`ElementColumn::list`] by position, not by row.
    pub list: Option<&'a ListArray>,
    /// Ids and extensions.
    pub values: &'a StructArray,
}

/// Elements found in a column, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Items {
    /// Whose each element is: its position among the rows asked for. Ascending.
    pub owners: Vec<u32>,
    /// The row of each element's value in [`ElementColumn::values`]; [`Items::NONE`] where it has none.
    pub values: Vec<u32>,
    /// The row of each element's sibling in [`Siblings::values`]; [`Items::NONE`] where it has none. Empty when
    /// the column has no siblings.
    pub siblings: Vec<u32>,
}

impl Items {
    /// The row of a value or sibling that is not there.
    pub const NONE: u32 = NONE;
}

impl<'a> ElementColumn<'a> {
    pub(super) fn resource(rows: &'a Rows<'a>) -> Self {
        Self {
            rows,
            branch: rows.tree.resource(),
            column: 0,
        }
    }

    fn of(rows: &'a Rows<'a>, column: u32) -> Option<Self> {
        Some(Self {
            rows,
            branch: rows.tree.get(column)?,
            column,
        })
    }

    /// The type of its elements; of `contained` and other open places the type that is declared, which is
    /// `Resource`.
    #[must_use]
    pub fn ty(&self) -> TypeId {
        self.branch.ty
    }

    /// The element as R4 defines it; `None` for the resources themselves.
    #[must_use]
    pub fn definition(&self) -> Option<&'static Element> {
        self.branch.element
    }

    /// The columns of the elements inside its elements, in R4's order: of a primitive those of its siblings. What
    /// no row has has no column.
    pub fn members(self) -> impl Iterator<Item = ElementColumn<'a>> {
        let rows = self.rows;
        self.branch
            .members
            .iter()
            .filter_map(move |column| Self::of(rows, *column))
    }

    /// The columns of an element: one, or for a choice (`value`) one for each type that occurs. None when no row
    /// has it.
    pub fn member<'n>(
        self,
        name: &'n str,
    ) -> impl Iterator<Item = ElementColumn<'a>> + use<'a, 'n> {
        self.members()
            .filter(move |member| member.branch.name() == name)
    }

    /// Of an element that repeats: whose each value is, by row of the column around it.
    #[must_use]
    pub fn list(&self) -> Option<&'a ListArray> {
        self.branch.list.as_ref()
    }

    /// The values, lists laid flat: `Utf8` (JSON text of whole resources in open places), `Boolean`, `Int32`,
    /// `Float64` or `Struct`. `None` for the resources themselves, and when there are siblings only.
    #[must_use]
    pub fn values(&self) -> Option<&'a dyn Array> {
        Some(match &self.branch.cells {
            Cells::None | Cells::Rows => return None,
            Cells::Text(cells) | Cells::Open(cells, _) => cells,
            Cells::Boolean(cells) => cells,
            Cells::Int32(cells) => cells,
            Cells::Decimal(cells, _) => cells,
            Cells::Object(cells) => cells,
        })
    }

    /// Of a decimal: the digits as they were written, where the double does not tell them. A value that no double
    /// holds has digits and no double.
    #[must_use]
    pub fn digits(&self) -> Option<&'a StringArray> {
        match &self.branch.cells {
            Cells::Decimal(_, digits) => digits.as_ref(),
            _ => None,
        }
    }

    /// Whether its values are whole resources as JSON text: to be looked into by [`ElementColumn::item`] only.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.branch.cells, Cells::Open(..))
    }

    /// The siblings of a primitive element, if any row has one.
    #[must_use]
    pub fn siblings(&self) -> Option<Siblings<'a>> {
        self.branch.sibling.as_ref().map(|sibling| Siblings {
            list: sibling.list.as_ref(),
            values: &sibling.values,
        })
    }

    /// The elements of this column in each of these rows of the column around it, in order. Rows of a complex
    /// element are those of its values, rows of a primitive those of its siblings; [`Items::NONE`] has none.
    #[must_use]
    pub fn items(&self, rows: &[u32]) -> Items {
        let mut items = Items::default();
        if self.branch.sibling.is_some() {
            self.aligned_items(rows, &mut items);
            return items;
        }
        for (owner, &row) in (0..).zip(rows).filter(|(_, row)| **row != NONE) {
            let (from, to) = self.branch.values_of(row);
            for value in (from..to).filter(|value| self.branch.has_value(*value)) {
                items.owners.push(owner);
                items.values.push(value);
            }
        }
        items
    }

    fn aligned_items(&self, rows: &[u32], items: &mut Items) {
        for (owner, &row) in (0..).zip(rows).filter(|(_, row)| **row != NONE) {
            let values = self.branch.values_of(row);
            let siblings = self.branch.siblings_of(row);
            let count = (values.1 - values.0).max(siblings.1 - siblings.0);
            for position in 0..count {
                let at = |(from, to): (u32, u32), has: &dyn Fn(u32) -> bool| {
                    let at = from + position;
                    if at < to && has(at) { at } else { NONE }
                };
                let value = at(values, &|value| self.branch.has_value(value));
                let sibling = at(siblings, &|sibling| self.branch.has_sibling(sibling));
                if value != NONE || sibling != NONE {
                    items.owners.push(owner);
                    items.values.push(value);
                    items.siblings.push(sibling);
                }
            }
        }
    }

    /// One of the elements that [`ElementColumn::items`] found: the rows of its value and of its sibling. `None`
    /// when it has neither.
    #[must_use]
    pub fn item(self, value: u32, sibling: u32) -> Option<RowElement<'a>> {
        let there = |is: bool, at: u32| if is { at } else { NONE };
        let cell = Cell {
            rows: self.rows,
            column: self.column,
            value: there(self.branch.has_value(value), value),
            sibling: there(self.branch.has_sibling(sibling), sibling),
        };
        (cell.value != NONE || cell.sibling != NONE)
            .then(|| cell.show())
            .flatten()
    }

    pub(super) fn element(self, row: u32) -> RowElement<'a> {
        RowElement::cell(Cell {
            rows: self.rows,
            column: self.column,
            value: row,
            sibling: NONE,
        })
    }
}
