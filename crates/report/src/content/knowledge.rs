//! Knowledge tables: tab-separated files to tables of text columns.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};

use super::{FILES, stem};
use crate::ReportError;

/// Name and rows of every knowledge table.
pub(crate) fn tables() -> Result<Vec<(&'static str, RecordBatch)>, ReportError> {
    FILES
        .iter()
        .filter(|(path, _)| path.starts_with("knowledge/"))
        .map(|(path, text)| Ok((stem(path), table(path, text)?)))
        .collect()
}

fn table(path: &str, text: &str) -> Result<RecordBatch, ReportError> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let mut columns: Vec<Vec<&str>> = vec![Vec::new(); header.len()];
    for (index, line) in lines.enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() != header.len() {
            return Err(ReportError::Knowledge {
                path: path.to_owned(),
                line: index + 2,
            });
        }
        for (column, field) in columns.iter_mut().zip(fields) {
            column.push(field);
        }
    }
    let arrays = columns
        .into_iter()
        .map(|column| Arc::new(StringArray::from(column)) as ArrayRef);
    RecordBatch::try_from_iter(header.into_iter().zip(arrays))
        .map_err(|source| ReportError::Columns { source })
}
