//! Ranges of one data file, as the Parquet reader asks for them.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, TryFutureExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};

/// One data file.
#[derive(Debug)]
pub struct FileReader {
    store: Arc<dyn ObjectStore>,
    path: Path,
    size_bytes: u64,
}

impl FileReader {
    /// The file at `path`, which has `size_bytes` bytes.
    pub fn new(store: Arc<dyn ObjectStore>, path: &str, size_bytes: u64) -> Self {
        Self {
            store,
            path: Path::from(path),
            size_bytes,
        }
    }
}

impl AsyncFileReader for FileReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes>> {
        self.store
            .get_range(&self.path, range)
            .map_err(|error| ParquetError::External(Box::new(error)))
            .boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>>> {
        let size_bytes = self.size_bytes;
        let pages = options.map_or(PageIndexPolicy::Skip, |options| {
            options.offset_index_policy()
        });
        async move {
            let metadata = ParquetMetaDataReader::new()
                .with_offset_index_policy(pages)
                .load_and_finish(self, size_bytes)
                .await?;
            Ok(Arc::new(metadata))
        }
        .boxed()
    }
}
