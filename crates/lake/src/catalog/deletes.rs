//! DuckLake's delete files: Parquet with the positions of the deleted rows of one data file.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use salus_columns::FIELD_ID_KEY;

/// The field ids that DuckDB gives the two columns (from the Iceberg specification).
const FILE_PATH_FIELD_ID: i32 = 2_147_483_646;
const POS_FIELD_ID: i32 = 2_147_483_645;

/// The bytes of a delete file.
///
/// `data_file` is the full path of the data file (data path and relative path), `positions` are all its
/// deleted rows, counted from 0; they are written sorted and once each.
///
/// # Errors
/// What the Parquet writer says.
pub fn write(data_file: &str, positions: &[i64]) -> Result<Bytes, ParquetError> {
    let mut positions = positions.to_vec();
    positions.sort_unstable();
    positions.dedup();
    let schema = Arc::new(Schema::new(vec![
        field("file_path", DataType::Utf8, FILE_PATH_FIELD_ID),
        field("pos", DataType::Int64, POS_FIELD_ID),
    ]));
    let paths = StringArray::from_iter_values(positions.iter().map(|_| data_file));
    let columns: [Arc<dyn Array>; 2] = [Arc::new(paths), Arc::new(Int64Array::from(positions))];
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns.to_vec())?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let options = ArrowWriterOptions::new()
        .with_properties(properties)
        .with_skip_arrow_metadata(true);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new_with_options(&mut bytes, schema, options)?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(Bytes::from(bytes))
}

fn field(name: &str, ty: DataType, id: i32) -> Field {
    let metadata = HashMap::from([(FIELD_ID_KEY.to_owned(), id.to_string())]);
    Field::new(name, ty, true).with_metadata(metadata)
}

/// The positions in a delete file, sorted.
///
/// # Errors
/// What the Parquet reader says, or that there is no column `pos` of integers.
pub fn read(bytes: Bytes) -> Result<Vec<i64>, ParquetError> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes)?.build()?;
    let mut positions = Vec::new();
    for batch in reader {
        let batch = batch?;
        let column = batch
            .column_by_name("pos")
            .and_then(|column| column.as_primitive_opt::<Int64Type>())
            .filter(|column| column.null_count() == 0)
            .ok_or_else(|| ParquetError::General("no column `pos` of BIGINT".to_owned()))?;
        positions.extend_from_slice(column.values());
    }
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

/// Length of the Parquet footer without its last 8 bytes, as the catalogue wants it; `None` if `bytes`
/// are too short for a Parquet file.
pub fn footer_bytes(bytes: &[u8]) -> Option<i64> {
    let tail = bytes.last_chunk::<8>()?;
    let length = tail.first_chunk::<4>()?;
    Some(i64::from(u32::from_le_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_sorted_and_once() {
        let bytes = write("/lake/data/fhir/Patient/a.parquet", &[7, 1, 7, 3]).unwrap();
        assert_eq!(read(bytes.clone()).unwrap(), [1, 3, 7]);
        assert!(footer_bytes(&bytes).unwrap() > 100);
        assert_eq!(footer_bytes(b"PAR1"), None);
    }

    #[test]
    fn no_positions_are_fine_and_garbage_is_refused() {
        let none: [i64; 0] = [];
        assert_eq!(read(write("a", &[]).unwrap()).unwrap(), none);
        assert!(read(Bytes::from_static(b"PAR1 no, not this time PAR1")).is_err());
    }
}
