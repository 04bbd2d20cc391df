//! Apache Parquet, zstd-compressed.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::failed;
use crate::error::EngineError;

/// Writes batches into one Parquet file.
pub(super) struct ParquetWriter<'a> {
    writer: ArrowWriter<&'a mut (dyn Write + Send)>,
}

impl<'a> ParquetWriter<'a> {
    pub(super) fn new(
        schema: &SchemaRef,
        out: &'a mut (dyn Write + Send),
    ) -> Result<Self, EngineError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let writer = ArrowWriter::try_new(out, SchemaRef::clone(schema), Some(properties));
        Ok(Self {
            writer: writer.map_err(parquet_failed)?,
        })
    }

    pub(super) fn batch(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        self.writer.write(batch).map_err(parquet_failed)
    }

    pub(super) fn finish(self) -> Result<(), EngineError> {
        self.writer.close().map(drop).map_err(parquet_failed)
    }
}

fn parquet_failed(error: ParquetError) -> EngineError {
    failed("Parquet", error)
}
