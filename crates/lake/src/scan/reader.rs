//! Opening Parquet files through the lake's store, footers kept in a cache.
//!
//! DataFusion's own cached reader turns a failed footer read into text; this one keeps
//! the error whole, so that a digest mismatch found by the store still names its file
//! and block when it reaches the user.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::datasource::physical_plan::{ParquetFileMetrics, ParquetFileReaderFactory};
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::future::BoxFuture;
use futures::{FutureExt, TryFutureExt};
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::ParquetMetaData;

/// Makes readers over one store and one footer cache.
#[derive(Debug)]
pub(super) struct LakeReaderFactory {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) footers: Arc<FileMetadataCache>,
}

impl ParquetFileReaderFactory for LakeReaderFactory {
    fn create_reader(
        &self,
        partition_index: usize,
        file: PartitionedFile,
        footer_bytes_hint: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let name = file.object_meta.location.as_ref();
        Ok(Box::new(LakeReader {
            metrics: ParquetFileMetrics::new(partition_index, name, metrics),
            store: Arc::clone(&self.store),
            footers: Arc::clone(&self.footers),
            footer_bytes_hint,
            file,
        }))
    }
}

struct LakeReader {
    metrics: ParquetFileMetrics,
    store: Arc<dyn ObjectStore>,
    footers: Arc<FileMetadataCache>,
    footer_bytes_hint: Option<usize>,
    file: PartitionedFile,
}

impl AsyncFileReader for LakeReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, ParquetResult<Bytes>> {
        self.count(&range);
        let location = &self.file.object_meta.location;
        self.store
            .get_range(location, range)
            .map_err(external)
            .boxed()
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, ParquetResult<Vec<Bytes>>> {
        ranges.iter().for_each(|range| self.count(range));
        async move {
            let location = &self.file.object_meta.location;
            self.store
                .get_ranges(location, &ranges)
                .await
                .map_err(external)
        }
        .boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, ParquetResult<Arc<ParquetMetaData>>> {
        let page_index = options.map(ArrowReaderOptions::column_index_policy);
        async move {
            DFParquetMetadata::new(&self.store, &self.file.object_meta)
                .with_file_metadata_cache(Some(Arc::clone(&self.footers)))
                .with_metadata_size_hint(self.footer_bytes_hint)
                .with_page_index_policy(page_index)
                .fetch_metadata()
                .await
                .map_err(external)
        }
        .boxed()
    }
}

impl LakeReader {
    fn count(&self, range: &Range<u64>) {
        let bytes = range.end.saturating_sub(range.start);
        self.metrics
            .bytes_scanned
            .add(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
}

fn external<E: std::error::Error + Send + Sync + 'static>(error: E) -> ParquetError {
    ParquetError::External(Box::new(error))
}
