//! Column ids: DuckLake numbers every column of a table, nested ones too, and the Parquet files carry the
//! numbers as `field_id`s.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use arrow::error::ArrowError;

use crate::column::{Column, ColumnType};

/// The key of a field's metadata under which the Parquet reader and writer of Arrow keep its `field_id`.
pub const FIELD_ID_KEY: &str = "PARQUET:field_id";

/// The columns of one table, known and new, shared by all writers of a batch.
#[derive(Debug)]
pub struct ColumnIds {
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    /// Path joined by `/` → id.
    ids: BTreeMap<String, i64>,
    types: BTreeMap<String, ColumnType>,
    next: i64,
}

impl ColumnIds {
    /// Starts from the columns that the table has.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        let mut known = Known {
            ids: BTreeMap::new(),
            types: BTreeMap::new(),
            next: 1,
        };
        known.add("", columns);
        Self {
            known: Mutex::new(known),
        }
    }

    /// The whole tree of columns as it is now.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .tree("")
    }

    /// The id of the column at `path`, given now if it is new. Without a type the column is only reserved: a
    /// group gets its id before its members do, and is real once it turns out to have any.
    fn id(&self, path: &str, ty: Option<ColumnType>) -> i64 {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ty) = ty.filter(|_| !known.types.contains_key(path)) {
            known.types.insert(path.to_owned(), ty);
        }
        if let Some(&id) = known.ids.get(path) {
            return id;
        }
        let id = known.next;
        known.next += 1;
        known.ids.insert(path.to_owned(), id);
        id
    }
}

impl Known {
    fn add(&mut self, above: &str, columns: &[Column]) {
        for column in columns {
            let path = join(above, &column.name);
            self.next = self.next.max(column.id + 1);
            self.add(&path, &column.children);
            self.types.insert(path.clone(), column.ty);
            self.ids.insert(path, column.id);
        }
    }

    fn tree(&self, above: &str) -> Vec<Column> {
        let prefix = if above.is_empty() {
            String::new()
        } else {
            format!("{above}/")
        };
        let mut columns: Vec<Column> = self
            .ids
            .range(prefix.clone()..)
            .take_while(|(path, _)| path.starts_with(&prefix))
            .filter_map(|(path, &id)| {
                let name = path
                    .strip_prefix(&prefix)
                    .filter(|name| !name.contains('/') && !name.is_empty())?;
                let ty = *self.types.get(path)?;
                Some(Column {
                    id,
                    name: name.to_owned(),
                    ty,
                    children: self.tree(path),
                })
            })
            .collect();
        columns.sort_by_key(|column| column.id);
        columns
    }
}

fn join(above: &str, name: &str) -> String {
    if above.is_empty() {
        name.to_owned()
    } else {
        format!("{above}/{name}")
    }
}

/// Walks a tree of columns and gives each field its id.
#[derive(Debug)]
pub struct FieldIds<'c> {
    columns: &'c ColumnIds,
    path: String,
    marks: Vec<usize>,
}

impl<'c> FieldIds<'c> {
    /// At the top of the table.
    #[must_use]
    pub fn new(columns: &'c ColumnIds) -> Self {
        Self {
            columns,
            path: String::new(),
            marks: Vec::new(),
        }
    }

    /// Goes down to the column `name`.
    pub fn enter(&mut self, name: &str) {
        self.marks.push(self.path.len());
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.path.push_str(name);
        self.columns.id(&self.path, None);
    }

    /// Goes up again.
    pub fn leave(&mut self) {
        self.path.truncate(self.marks.pop().unwrap_or(0));
    }

    /// The field for the column entered last.
    #[must_use]
    pub fn field(&self, name: &str, data_type: DataType) -> Arc<Field> {
        let id = self.columns.id(&self.path, Some(column_type(&data_type)));
        let metadata = [(FIELD_ID_KEY.to_owned(), id.to_string())].into();
        Arc::new(Field::new(name, data_type, true).with_metadata(metadata))
    }
}

/// DuckLake's name for an Arrow type that the lake writes.
fn column_type(data_type: &DataType) -> ColumnType {
    match data_type {
        DataType::Boolean => ColumnType::Boolean,
        DataType::Int32 => ColumnType::Int32,
        DataType::Int64 => ColumnType::Int64,
        DataType::Float64 => ColumnType::Float64,
        DataType::Binary => ColumnType::Blob,
        DataType::Timestamp(TimeUnit::Microsecond, None) => ColumnType::Timestamp,
        DataType::Struct(_) => ColumnType::Struct,
        DataType::List(_) => ColumnType::List,
        _ => ColumnType::Varchar,
    }
}

/// A record batch of plain columns, with their ids.
///
/// # Errors
/// When the columns differ in length, which would be a bug.
pub fn batch_of(
    columns: Vec<(&str, ArrayRef)>,
    ids: &mut FieldIds<'_>,
) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (name, array) in columns {
        ids.enter(name);
        fields.push(ids.field(name, array.data_type().clone()));
        ids.leave();
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}
