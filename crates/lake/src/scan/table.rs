//! [`LakeTable`]: one table of one snapshot, for DataFusion.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Result, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetRowSelection;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfig, FileScanConfigBuilder, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;
use object_store::ObjectStore;
use parquet::arrow::arrow_reader::RowSelection;
use tokio::sync::OnceCell;

use super::adapter::LakeAdapterFactory;
use super::error::ScanError;
use super::reader::LakeReaderFactory;
use super::{arrow_schema, deletes, patient, statistics};
use crate::catalog::{CatalogView, TableView};

/// One table of one snapshot.
///
/// Cheap to clone; clones share what was read of the delete files.
#[derive(Clone)]
pub struct LakeTable {
    data: Arc<Data>,
    schema: SchemaRef,
}

struct Data {
    view: Arc<CatalogView>,
    index: usize,
    store: Arc<dyn ObjectStore>,
    url: ObjectStoreUrl,
    remaining: OnceCell<Vec<Option<RowSelection>>>,
}

impl Data {
    fn table(&self) -> Option<&TableView> {
        self.view.tables.get(self.index)
    }
}

impl fmt::Debug for LakeTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.data.table().map(|table| table.name.as_str());
        f.debug_struct("LakeTable")
            .field("table", &name)
            .finish_non_exhaustive()
    }
}

impl LakeTable {
    /// The table `schema.table` as of the snapshot of `view`. `store` must be the verified
    /// store of the lake, rooted at its data folder, and `url` the name under which the
    /// same store is registered in the session's runtime.
    ///
    /// # Errors
    /// [`ScanError::UnknownTable`].
    pub fn new(
        view: Arc<CatalogView>,
        schema: &str,
        table: &str,
        store: Arc<dyn ObjectStore>,
        url: ObjectStoreUrl,
    ) -> Result<Self, ScanError> {
        let found = view
            .tables
            .iter()
            .enumerate()
            .find(|(_, candidate)| candidate.schema == schema && candidate.name == table);
        let Some((index, found)) = found else {
            return Err(ScanError::UnknownTable {
                snapshot: view.snapshot,
                schema: schema.to_owned(),
                table: table.to_owned(),
            });
        };
        let schema = arrow_schema(&found.columns);
        let data = Data {
            view,
            index,
            store,
            url,
            remaining: OnceCell::new(),
        };
        Ok(Self {
            data: Arc::new(data),
            schema,
        })
    }

    /// The same rows in another shape: columns and nested fields are taken by name, those
    /// that the lake does not have read as nulls, those left out are not read from disk.
    /// Views over FHIR tables ask for just the fields they use.
    #[must_use]
    pub fn shaped(&self, schema: SchemaRef) -> Self {
        Self {
            data: Arc::clone(&self.data),
            schema,
        }
    }

    /// Rows that are not deleted.
    pub fn rows(&self) -> usize {
        let files = self.data.table().map_or(&[][..], |table| &table.files);
        files.iter().map(statistics::live_rows).sum()
    }

    async fn remaining(&self) -> Result<&[Option<RowSelection>], ScanError> {
        let load = || async {
            let mut remaining = Vec::new();
            for file in self.data.table().map_or(&[][..], |table| &table.files) {
                remaining.push(match &file.deletes {
                    Some(deletes) => {
                        Some(deletes::remaining_rows(&self.data.store, file, deletes).await?)
                    }
                    None => None,
                });
            }
            Ok(remaining)
        };
        self.data
            .remaining
            .get_or_try_init(load)
            .await
            .map(Vec::as_slice)
    }

    fn file_statistics(&self) -> Vec<Statistics> {
        let Some(table) = self.data.table() else {
            return Vec::new();
        };
        let of = |file| statistics::of_file(file, &table.columns, &self.schema);
        table.files.iter().map(of).collect()
    }

    async fn files(
        &self,
        statistics: &[Statistics],
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Vec<PartitionedFile>> {
        let Some(table) = self.data.table() else {
            return Ok(Vec::new());
        };
        let remaining = self.remaining().await?;
        let files = table.files.iter().zip(remaining).zip(statistics);
        let wanted = files.enumerate().filter(|(number, _)| wanted(*number));
        Ok(wanted
            .map(|(_, file)| file)
            .filter(|((file, _), _)| statistics::live_rows(file) > 0)
            .map(|((file, remaining), statistics)| {
                let size_bytes = u64::try_from(file.size_bytes).unwrap_or(0);
                let footer_bytes = usize::try_from(file.footer_bytes).unwrap_or(0);
                // The footer's length counts neither its own length field nor the magic.
                let part = PartitionedFile::new(file.path.clone(), size_bytes)
                    .with_metadata_size_hint(footer_bytes.saturating_add(8))
                    .with_statistics(Arc::new(statistics.clone()));
                match remaining {
                    Some(rows) => part.with_extension(ParquetRowSelection::new(rows.clone())),
                    None => part,
                }
            })
            .collect())
    }

    fn source(&self, state: &dyn Session) -> ParquetSource {
        let factory = LakeReaderFactory {
            store: Arc::clone(&self.data.store),
            footers: state.runtime_env().cache_manager.get_file_metadata_cache(),
        };
        ParquetSource::new(TableSchema::from(Arc::clone(&self.schema)))
            .with_table_parquet_options(state.default_table_options().parquet)
            .with_enable_page_index(true)
            .with_parquet_file_reader_factory(Arc::new(factory))
    }
}

impl LakeTable {
    async fn read(
        &self,
        state: &dyn Session,
        columns: Option<Vec<usize>>,
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let statistics = self.file_statistics();
        let files = self.files(&statistics, |_| true).await?;
        let groups = FileGroup::new(files).split_files(state.config().target_partitions());
        let config: FileScanConfig =
            FileScanConfigBuilder::new(self.data.url.clone(), Arc::new(self.source(state)))
                .with_file_groups(groups)
                .with_statistics(statistics::of_table(&statistics, &self.schema))
                .with_expr_adapter(Some(Arc::new(LakeAdapterFactory)))
                .with_projection_indices(columns)?
                .with_limit(limit)
                .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

impl LakeTable {
    pub(super) fn schema_ref(&self) -> &SchemaRef {
        &self.schema
    }

    pub(super) fn table(&self) -> Option<&TableView> {
        self.data.table()
    }

    pub(super) fn store(&self) -> &dyn ObjectStore {
        &self.data.store
    }

    /// Reads some files, by number, one after the other, the rows that a predicate lets pass.
    pub(super) async fn read_files(
        &self,
        state: &dyn Session,
        numbers: &[usize],
        columns: Vec<usize>,
        predicate: Arc<dyn PhysicalExpr>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let statistics = self.file_statistics();
        let files = self
            .files(&statistics, |number| numbers.contains(&number))
            .await?;
        let source = self
            .source(state)
            .with_predicate(predicate)
            .with_pushdown_filters(true)
            .with_reorder_filters(true);
        let config: FileScanConfig =
            FileScanConfigBuilder::new(self.data.url.clone(), Arc::new(source))
                .with_file_groups(vec![FileGroup::new(files)])
                .with_expr_adapter(Some(Arc::new(LakeAdapterFactory)))
                .with_projection_indices(Some(columns))?
                .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

#[async_trait]
impl TableProvider for LakeTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn statistics(&self) -> Option<Statistics> {
        Some(statistics::of_table(&self.file_statistics(), &self.schema))
    }

    /// All filters are welcome and none is promised here: the physical optimiser hands
    /// them to the Parquet source, which prunes with them and, where pushdown is on,
    /// filters while decoding and takes them off the plan.
    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let buckets = patient::buckets(filters);
        let widened = buckets
            .and_then(|buckets| Some((buckets, patient::with_bucket(&self.schema, projection)?)));
        let Some((buckets, columns)) = widened else {
            return self.read(state, projection.cloned(), limit).await;
        };
        let width = projection.map_or(self.schema.fields().len(), Vec::len);
        let plan = self.read(state, Some(columns), None).await?;
        patient::only(&buckets, plan, width, state)
    }
}
