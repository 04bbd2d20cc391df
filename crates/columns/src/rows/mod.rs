//! The rows of a record batch as FHIR elements: [`salus_fhir::view`] over Arrow.
//!
//! ```text
//!   RecordBatch ─► Tree of columns ──► RowElement (a column, a row) ─┐
//!        │           └ JSON text of contained resources ─► parsed ───┴─► ElementView
//!        └ rows with a salus_rest ─► their whole JSON ─────► parsed ─────┘
//! ```
//!
//! A row of which some element is in no column is shown by the JSON that the row is written back as, whole: so the
//! elements are always those of the resource.
//!
//! ```
//! use salus_columns::{ColumnIds, Rows, RowMeta, TableBuilder};
//! use salus_fhir::{schema::r4, view::ElementView};
//!
//! let observation = r4().resource("Observation").unwrap();
//! let mut builder = TableBuilder::new(observation);
//! builder.append(
//!     r#"{"resourceType": "Observation", "valueQuantity": {"value": 6.10}}"#,
//!     &RowMeta::default(),
//!     None,
//! )?;
//! let batch = builder.finish(&ColumnIds::new(&[]))?;
//!
//! let rows = Rows::new(observation, &batch)?;
//! let mut found = Vec::new();
//! rows.element(0).children("value", &mut |value| found.push(value));
//! assert_eq!(r4().get(found[0].type_id()).name, "Quantity");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod column;
mod element;
mod open;
mod tree;
mod write;

use arrow::array::{Array, AsArray, RecordBatch};
use foldhash::HashMap;
use salus_fhir::schema::{TypeDef, TypeId, r4};

use crate::json::{Form, ResourceWriter, WriteError};
use crate::rest::{OriginalsOnly, Patch, Step};

pub use column::{ElementColumn, Items, Siblings};
pub use element::RowElement;
use open::{OpenPlaces, Whole};
use tree::{Tree, narrow};

/// The resources of a record batch, references resolved as the lake knows them.
///
/// Elements borrow it for as long as it lives, since what they parse is kept in it: make it, let it stay where it
/// is, and drop it after them.
#[derive(Debug)]
pub struct Rows<'a> {
    resource: TypeId,
    batch: RecordBatch,
    tree: Tree,
    open: OpenPlaces<'a>,
    /// The rows that are shown by their JSON.
    whole: HashMap<u32, Whole<'a>>,
    whole_rows: Vec<u32>,
}

impl<'a> Rows<'a> {
    /// The rows of `batch`, which are resources of type `resource`: as the lake, [`crate::TableBuilder`] or
    /// [`crate::ProjectedTable`] lay them out.
    ///
    /// # Errors
    /// When a column has a type that the lake does not write, or a `salus_rest` cannot be read.
    pub fn new(resource: TypeId, batch: &RecordBatch) -> Result<Self, WriteError> {
        let tree = Tree::new(resource, batch)?;
        let mut rows = Self {
            resource,
            batch: batch.clone(),
            open: OpenPlaces::new(tree.open_places()),
            tree,
            whole: HashMap::default(),
            whole_rows: Vec::new(),
        };
        rows.find_whole()?;
        Ok(rows)
    }

    /// Finds the rows of which some element is in no column, and writes their JSON.
    fn find_whole(&mut self) -> Result<(), WriteError> {
        let rests = self.batch.column_by_name("salus_rest");
        let Some(rests) = rests.and_then(|rests| rests.as_string_opt::<i32>()) else {
            return Ok(());
        };
        if rests.null_count() == rests.len() {
            return Ok(());
        }
        let def = r4().get(self.resource);
        let originals = OriginalsOnly::new();
        let mut writer = None;
        let with_rest = rests
            .iter()
            .enumerate()
            .filter_map(|(row, rest)| Some((row, rest?)))
            .filter(|(_, rest)| !originals.are_all_of(rest));
        for (row, rest) in with_rest {
            let patch = Patch::read(rest, false).map_err(WriteError::Rest)?;
            if !is_seen(&patch, def) {
                continue;
            }
            let writer = match &mut writer {
                Some(writer) => writer,
                none => none.insert(ResourceWriter::new(
                    self.resource,
                    &self.batch,
                    Form::Resolved,
                )?),
            };
            let mut text = String::new();
            writer.write(row, &mut text)?;
            self.whole.insert(narrow(row), Whole::new(text));
            self.whole_rows.push(narrow(row));
        }
        Ok(())
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The resource of row `row`, which must be less than [`Rows::len`].
    pub fn element(&'a self, row: usize) -> RowElement<'a> {
        let row = narrow(row);
        let shown = self.whole.get(&row).and_then(Whole::element);
        shown.unwrap_or_else(|| self.column().element(row))
    }

    /// The resources themselves as a column, to go down from: what the columns know of them. Rows that are
    /// [`Rows::shown_by_json`] may have elements that no column has.
    pub fn column(&'a self) -> ElementColumn<'a> {
        ElementColumn::resource(self)
    }

    /// The rows of which some element is in no column, ascending: a plan that works on columns leaves them to
    /// [`Rows::element`].
    #[must_use]
    pub fn shown_by_json(&self) -> &[u32] {
        &self.whole_rows
    }
}

/// Whether something of what no column holds is an element of R4. Views do not show the others: mostly elements of
/// another version or a vendor, right under the resource.
fn is_seen(patch: &Patch<'_>, def: &TypeDef) -> bool {
    patch.below.iter().any(|(step, _)| match step {
        Step::Key(key) => {
            let name = key.strip_prefix('_').unwrap_or(key);
            def.element(name).is_some()
        }
        Step::Item(_) => true,
    }) || patch.raw.is_some()
}

#[cfg(test)]
mod tests;
