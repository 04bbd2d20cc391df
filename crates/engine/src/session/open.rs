//! Opening a session: the lake's tables, the merges, the functions, the bounds.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{CatalogProviderList, MemoryCatalogProviderList, TableProvider};
use datafusion::datasource::empty::EmptyTable;
use datafusion::execution::disk_manager::DiskManagerBuilder;
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::ScalarUDF;
use datafusion::object_store::ObjectStore;
use datafusion::prelude::SessionConfig;
use salus_lake::Lake;
use salus_lake::catalog::{At, CatalogView, LoadInfo, RegisteredView, SnapshotInfo, SourceInfo};
use salus_lake::scan::LakeTable;
use tokio::sync::Mutex;

use super::catalog::{LakeCatalog, Names};
use super::definitions::as_stored;
use super::idle_join::DropIdleJoin;
use super::merged::MergedTable;
use super::{FHIR, SALUS, SHAPED, Session, system};
use crate::error::EngineError;
use crate::functions::{self, Survivors};
use crate::limits::QueryLimits;
use crate::principal::Principal;
use crate::view;

/// Under this name the lake's files are registered; nothing else can be read.
const LAKE_URL: &str = "salus://lake";
/// Consumers that an error about memory names.
const NAMED_CONSUMERS: usize = 3;

/// All that a session needs of a lake.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) view: Arc<CatalogView>,
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) loads: Vec<LoadInfo>,
    pub(crate) sources: Vec<SourceInfo>,
    pub(crate) snapshots: Vec<SnapshotInfo>,
    pub(crate) registered: Vec<RegisteredView>,
}

impl Parts {
    async fn of(lake: &Lake, at: At) -> Result<Self, EngineError> {
        let catalog = lake.catalog();
        let view = Arc::new(catalog.view(at).await.map_err(lake_error)?);
        Ok(Self {
            store: lake.reader(&view),
            registered: catalog
                .registered_views(view.snapshot)
                .await
                .map_err(lake_error)?,
            view,
            loads: catalog.loads().await.map_err(lake_error)?,
            sources: catalog.sources(None).await.map_err(lake_error)?,
            snapshots: catalog.snapshots().await.map_err(lake_error)?,
        })
    }
}

fn lake_error<E: std::error::Error + Send + Sync + 'static>(source: E) -> EngineError {
    EngineError::Lake {
        source: Box::new(source),
    }
}

fn bug<E: std::error::Error + Send + Sync + 'static>(source: E) -> EngineError {
    EngineError::Bug {
        what: "opening a session",
        source: Box::new(source),
    }
}

impl Session {
    /// Opens a session on a lake as it was `at` a snapshot.
    ///
    /// `as_of` is the day from which ages, activity and coverage are told; it is a
    /// parameter so that a result can be made again.
    ///
    /// # Errors
    /// [`EngineError::Lake`] if there is no such snapshot or the catalogue cannot be read;
    /// [`EngineError::Corrupt`] if the patients' links cannot be read.
    pub async fn open(
        lake: Arc<Lake>,
        principal: Principal,
        as_of: jiff::civil::Date,
        at: At,
        limits: QueryLimits,
    ) -> Result<Self, EngineError> {
        let parts = Parts::of(&lake, at).await?;
        Self::over(parts, principal, as_of, limits).await
    }

    /// Opens a session over the parts of a lake.
    pub(crate) async fn over(
        parts: Parts,
        principal: Principal,
        as_of: jiff::civil::Date,
        limits: QueryLimits,
    ) -> Result<Self, EngineError> {
        let names = || Arc::new(Names::default());
        let (fhir, salus, shaped) = (names(), names(), names());
        let catalog = LakeCatalog {
            fhir: Arc::clone(&fhir),
            salus: Arc::clone(&salus),
            shaped: Arc::clone(&shaped),
        };
        let mut state = state(&parts, catalog, as_of, &limits)?;
        let mut records = Records::of(&parts).map_err(bug)?;
        let survivors = Arc::new(read_survivors(&state, &records, &shaped).await?);
        let survivor = Arc::new(functions::survivor(Arc::clone(&survivors)));
        register(&mut state, &survivor)?;
        records.merges = Some((Arc::clone(&survivors), survivor));
        add_tables(&parts, &records, &fhir, &salus)?;
        let merged = system::merged_patients(&survivors).map_err(bug)?;
        shaped.add(view::MERGED_PATIENTS, Arc::new(merged));
        Ok(Self {
            principal,
            as_of,
            snapshot: parts.view.snapshot,
            limits,
            state,
            records: Arc::new(records),
            survivors,
            docs: view::all().iter().map(|view| view.doc.clone()).collect(),
            registered: parts.registered,
            fhir,
            salus,
            shaped,
            making: Mutex::new(()),
        })
    }
}

/// The lake's tables, as they are and in any shape.
#[derive(Debug)]
pub(super) struct Records {
    /// By schema and name.
    tables: BTreeMap<(String, String), LakeTable>,
    merges: Option<(Arc<Survivors>, Arc<ScalarUDF>)>,
}

impl Records {
    fn of(parts: &Parts) -> Result<Self, salus_lake::scan::ScanError> {
        let mut tables = BTreeMap::new();
        for table in &parts.view.tables {
            let (view, store) = (Arc::clone(&parts.view), Arc::clone(&parts.store));
            let lake = LakeTable::new(view, &table.schema, &table.name, store, lake_url())?;
            tables.insert((table.schema.clone(), table.name.clone()), lake);
        }
        Ok(Self {
            tables,
            merges: None,
        })
    }

    /// A table as its files have it, merges not applied.
    pub(super) fn table(&self, schema: &str, name: &str) -> Option<&LakeTable> {
        self.tables.get(&(schema.to_owned(), name.to_owned()))
    }

    /// Rows of a table, if it exists.
    pub(super) fn rows(&self, schema: &str, name: &str) -> Option<u64> {
        u64::try_from(self.table(schema, name)?.rows()).ok()
    }

    /// The columns of a FHIR table as its files have them; none if the lake has no such table.
    pub(super) fn stored_schema(&self, name: &str) -> Schema {
        let table = self.table(FHIR, name);
        table.map_or_else(Schema::empty, |table| as_stored(&table.schema()))
    }

    /// A FHIR table in this shape, merges applied; empty if the lake has no such table.
    pub(super) fn shaped(&self, name: &str, shape: &SchemaRef) -> Arc<dyn TableProvider> {
        match self.table(FHIR, name) {
            Some(table) => self.merged(Arc::new(table.shaped(Arc::clone(shape)))),
            // Not an `EmptyRelation`: DataFusion 55.2 drops those from a UNION and then mistakes
            // qualified for unqualified names in what is left.
            None => Arc::new(EmptyTable::new(Arc::clone(shape))),
        }
    }

    fn merged(&self, inner: Arc<dyn TableProvider>) -> Arc<dyn TableProvider> {
        match &self.merges {
            Some((survivors, survivor)) if !survivors.is_empty() => Arc::new(MergedTable {
                inner,
                survivors: Arc::clone(survivors),
                survivor: Arc::clone(survivor),
            }),
            _ => inner,
        }
    }
}

fn add_tables(
    parts: &Parts,
    records: &Records,
    fhir: &Names,
    salus: &Names,
) -> Result<(), EngineError> {
    salus.add(
        "quarantine",
        Arc::new(EmptyTable::new(system::quarantine_schema())),
    );
    salus.add(
        "history",
        Arc::new(EmptyTable::new(system::history_schema())),
    );
    for ((schema, name), table) in &records.tables {
        let table: Arc<dyn TableProvider> = Arc::new(table.clone());
        match schema.as_str() {
            SALUS => salus.add(name, table),
            _ => fhir.add(name, records.merged(table)),
        }
    }
    salus.add("loads", Arc::new(system::loads(&parts.loads).map_err(bug)?));
    salus.add(
        "sources",
        Arc::new(system::sources(&parts.sources).map_err(bug)?),
    );
    salus.add(
        "snapshots",
        Arc::new(system::snapshots(&parts.snapshots).map_err(bug)?),
    );
    Ok(())
}

fn lake_url() -> ObjectStoreUrl {
    ObjectStoreUrl::parse(LAKE_URL).unwrap_or_else(|_| ObjectStoreUrl::local_filesystem())
}

fn state(
    parts: &Parts,
    catalog: LakeCatalog,
    as_of: jiff::civil::Date,
    limits: &QueryLimits,
) -> Result<SessionState, EngineError> {
    let runtime = runtime(limits)?;
    runtime.register_object_store(lake_url().as_ref(), Arc::clone(&parts.store));
    let catalogs = MemoryCatalogProviderList::new();
    catalogs.register_catalog("lake".to_owned(), Arc::new(catalog));
    let mut state = SessionStateBuilder::new()
        .with_config(config(limits))
        .with_runtime_env(runtime)
        .with_catalog_list(Arc::new(catalogs))
        .with_default_features()
        .with_optimizer_rule(Arc::new(DropIdleJoin))
        .build();
    for function in functions::all() {
        register(&mut state, &function)?;
    }
    register(
        &mut state,
        &Arc::new(functions::as_of(days_since_epoch(as_of))),
    )?;
    let names = parts
        .sources
        .iter()
        .map(|source| (source.id, source.name.clone()));
    let names: HashMap<i64, String> = names.collect();
    register(&mut state, &Arc::new(functions::source_name(names)))?;
    Ok(state)
}

fn config(limits: &QueryLimits) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema("lake", FHIR)
        .with_information_schema(true)
        .with_target_partitions(limits.partitions);
    let options = config.options_mut();
    options.sql_parser.enable_ident_normalization = false;
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    config
}

fn runtime(limits: &QueryLimits) -> Result<Arc<RuntimeEnv>, EngineError> {
    let named = std::num::NonZeroUsize::new(NAMED_CONSUMERS).unwrap_or(std::num::NonZeroUsize::MIN);
    let pool = TrackConsumersPool::new(FairSpillPool::new(limits.memory_bytes), named);
    let disk = DiskManagerBuilder::default().with_max_temp_directory_size(limits.spill_bytes_max);
    RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(pool))
        .with_disk_manager_builder(disk)
        .build_arc()
        .map_err(bug)
}

fn register(state: &mut SessionState, function: &Arc<ScalarUDF>) -> Result<(), EngineError> {
    use datafusion::execution::FunctionRegistry as _;
    state.register_udf(Arc::clone(function)).map_err(bug)?;
    Ok(())
}

fn days_since_epoch(date: jiff::civil::Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// Reads `Patient.link` of type replaced-by, where the lake has any links at all.
async fn read_survivors(
    state: &SessionState,
    records: &Records,
    shaped: &Names,
) -> Result<Survivors, EngineError> {
    let linked = records
        .table(FHIR, "Patient")
        .filter(|table| table.schema().field_with_name("link").is_ok());
    let Some(table) = linked else {
        return Ok(Survivors::default());
    };
    let shape = view::shape::parse("link[]{type,other{reference}}").map_err(bug)?;
    shaped.add("links", Arc::new(table.shaped(shape)));
    let sql = format!(
        "SELECT id, reference_id(link['other']['reference'], 'Patient') AS survivor FROM ( \
         SELECT id, unnest(link) AS link FROM {SHAPED}.links WHERE link IS NOT NULL) \
         WHERE link['type'] = 'replaced-by'"
    );
    let plan = state.create_logical_plan(&sql).await.map_err(bug)?;
    let physical = state
        .create_physical_plan(&plan)
        .await
        .map_err(super::fault::while_running)?;
    let batches = datafusion::physical_plan::collect(physical, state.task_ctx())
        .await
        .map_err(super::fault::while_running)?;
    Ok(Survivors::of(&links(&batches)))
}

/// The first link of each patient that has one.
fn links(batches: &[arrow::array::RecordBatch]) -> HashMap<String, String> {
    use crate::functions::Text;
    let mut links = HashMap::new();
    for batch in batches {
        let (Some(ids), Some(survivors)) =
            (batch.column_by_name("id"), batch.column_by_name("survivor"))
        else {
            continue;
        };
        let (ids, survivors) = (Text::of(ids), Text::of(survivors));
        for row in 0..batch.num_rows() {
            if let (Some(id), Some(survivor)) = (ids.get(row), survivors.get(row)) {
                links
                    .entry(id.to_owned())
                    .or_insert_with(|| survivor.to_owned());
            }
        }
    }
    links
}
