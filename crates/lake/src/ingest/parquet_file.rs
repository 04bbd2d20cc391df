//! One record batch as one Parquet file.

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnPath;

use crate::catalog::{ColumnStats, deletes};

/// Rows in a row group, at most.
const ROW_GROUP_ROWS_MAX: usize = 131_072;
/// Rows in a page, at most: what a scan skips by.
const PAGE_ROWS_MAX: usize = 8_192;
/// Length of a bound of text in the file, at most.
const STATISTICS_BYTES_MAX: usize = 64;

/// An encoded file.
#[derive(Debug, Clone)]
pub struct ParquetFile {
    /// The whole file.
    pub bytes: Bytes,
    /// Rows in it.
    pub rows: i64,
    /// Length of the footer without its last 8 bytes.
    pub footer_bytes: i64,
    /// Statistics of the columns at the top.
    pub stats: Vec<ColumnStats>,
}

/// Columns whose pages carry their bounds: what scans filter by.
const PRUNED: [&str; 8] = [
    "id",
    "status",
    "salus_bucket",
    "salus_code",
    "salus_date",
    "salus_load",
    "salus_patient",
    "salus_source",
];

/// Columns of which every value is another: a dictionary would only cost.
const DISTINCT: [&str; 4] = ["id", "salus_offset", "salus_digest", "salus_rest"];

/// Encodes batches of one schema.
///
/// # Errors
/// When the Parquet writer refuses them, which would be a bug.
pub fn encode(schema: &Schema, batches: &[RecordBatch]) -> Result<ParquetFile, ParquetError> {
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, schema.clone().into(), Some(properties(schema)))?;
    for batch in batches {
        writer.write(batch)?;
    }
    let metadata = writer.close()?;
    let footer_bytes = deletes::footer_bytes(&bytes).unwrap_or(0);
    let stats = stats(&metadata);
    Ok(ParquetFile {
        rows: metadata.file_metadata().num_rows(),
        bytes: bytes.into(),
        footer_bytes,
        stats,
    })
}

fn properties(schema: &Schema) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("salus ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS_MAX))
        .set_data_page_row_count_limit(PAGE_ROWS_MAX)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_statistics_truncate_length(Some(STATISTICS_BYTES_MAX))
        .set_column_index_truncate_length(Some(STATISTICS_BYTES_MAX));
    for field in schema.fields() {
        let path = ColumnPath::from(field.name().as_str());
        let name = field.name().as_str();
        if PRUNED.contains(&name) {
            properties =
                properties.set_column_statistics_enabled(path.clone(), EnabledStatistics::Page);
        } else if !matches!(field.data_type(), DataType::Struct(_) | DataType::List(_)) {
            properties =
                properties.set_column_statistics_enabled(path.clone(), EnabledStatistics::Chunk);
        }
        if DISTINCT.contains(&name) {
            properties = properties.set_column_dictionary_enabled(path, false);
        }
    }
    properties.build()
}

/// Statistics by column id, of the columns at the top of the table.
fn stats(metadata: &ParquetMetaData) -> Vec<ColumnStats> {
    let mut stats: Vec<ColumnStats> = Vec::new();
    for group in metadata.row_groups() {
        for chunk in group.columns() {
            let info = chunk.column_descr().self_type().get_basic_info();
            if !info.has_id() || chunk.column_path().parts().len() > 1 {
                continue;
            }
            let one = of_chunk(i64::from(info.id()), chunk);
            match stats
                .iter_mut()
                .find(|known| known.column_id == one.column_id)
            {
                Some(known) => merge(known, &one, chunk),
                None => stats.push(one),
            }
        }
    }
    stats
}

fn of_chunk(column_id: i64, chunk: &ColumnChunkMetaData) -> ColumnStats {
    let nulls = chunk
        .statistics()
        .and_then(Statistics::null_count_opt)
        .unwrap_or(0);
    let nulls = i64::try_from(nulls).unwrap_or(0);
    let (min, max) = chunk.statistics().map(bounds).unwrap_or_default();
    ColumnStats {
        column_id,
        size_bytes: chunk.compressed_size(),
        value_count: chunk.num_values() - nulls,
        null_count: nulls,
        min,
        max,
        contains_nan: None,
    }
}

/// Bounds of text and of integers; dates and doubles are left to the pages.
fn bounds(statistics: &Statistics) -> (Option<String>, Option<String>) {
    // Longer ones are cut short in the file, and a cut bound is not one of the values.
    let whole = |bytes: &&[u8]| bytes.len() < STATISTICS_BYTES_MAX;
    let text = |bytes: Option<&[u8]>| {
        bytes
            .filter(whole)
            .and_then(|bytes| Some(std::str::from_utf8(bytes).ok()?.to_owned()))
    };
    match statistics {
        Statistics::ByteArray(_) => (
            text(statistics.min_bytes_opt()),
            text(statistics.max_bytes_opt()),
        ),
        Statistics::Int32(values) => (
            values.min_opt().map(i32::to_string),
            values.max_opt().map(i32::to_string),
        ),
        _ => (None, None),
    }
}

fn merge(known: &mut ColumnStats, one: &ColumnStats, chunk: &ColumnChunkMetaData) {
    known.size_bytes += one.size_bytes;
    known.value_count += one.value_count;
    known.null_count += one.null_count;
    let numeric = matches!(chunk.statistics(), Some(Statistics::Int32(_)));
    let smaller = |a: &str, b: &str| match (numeric, a.parse::<i64>(), b.parse::<i64>()) {
        (true, Ok(a), Ok(b)) => a < b,
        _ => a < b,
    };
    if let (Some(min), Some(other)) = (&known.min, &one.min)
        && smaller(other, min)
    {
        known.min = Some(other.clone());
    }
    if let (Some(max), Some(other)) = (&known.max, &one.max)
        && smaller(max, other)
    {
        known.max = Some(other.clone());
    }
    // A chunk of nulls alone has no bounds and changes none.
    if known.min.is_none() {
        known.min.clone_from(&one.min);
        known.max.clone_from(&one.max);
    }
}
