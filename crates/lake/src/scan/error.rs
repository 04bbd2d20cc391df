//! What can go wrong between the catalogue and the rows.

/// A scan that cannot give the rows the catalogue promises.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The snapshot has no such table.
    #[error("snapshot {snapshot} has no table `{schema}.{table}`")]
    UnknownTable {
        /// The snapshot that was asked.
        snapshot: i64,
        /// Schema of the table, `fhir` or `salus`.
        schema: String,
        /// Name of the table.
        table: String,
    },
    /// A delete file could not be read.
    #[error("the delete file `{path}` cannot be read")]
    DeleteFile {
        /// Path of the delete file, relative to the lake's data folder.
        path: String,
        /// What the Parquet reader said.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// A delete file does not hold what the catalogue says of it.
    #[error(
        "the delete file `{path}` names {found} rows of `{data_path}`, the catalogue says {expected} of {record_count}"
    )]
    DeleteCount {
        /// Path of the delete file, relative to the lake's data folder.
        path: String,
        /// Path of the data file it belongs to.
        data_path: String,
        /// Distinct positions found that lie inside the data file.
        found: usize,
        /// Positions that the catalogue counts.
        expected: i64,
        /// Rows of the data file.
        record_count: i64,
    },
}

impl From<ScanError> for datafusion::error::DataFusionError {
    fn from(error: ScanError) -> Self {
        Self::External(Box::new(error))
    }
}
