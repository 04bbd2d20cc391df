//! Names of tables, whatever the case they are written in.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use datafusion::catalog::{CatalogProvider, SchemaProvider, TableProvider};
use datafusion::common::Result;
use datafusion::logical_expr::TableType;

/// A name as it is, and the table.
type Named = (String, Arc<dyn TableProvider>);

/// The tables and views of one schema, found in any case.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By lower-case name.
    tables: RwLock<BTreeMap<String, Named>>,
}

impl Names {
    /// Adds or replaces a table.
    pub(super) fn add(&self, name: &str, table: Arc<dyn TableProvider>) {
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        tables.insert(name.to_lowercase(), (name.to_owned(), table));
    }

    /// The table of this name in any case.
    pub(super) fn get(&self, name: &str) -> Option<Arc<dyn TableProvider>> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        tables
            .get(&name.to_lowercase())
            .map(|(_, table)| Arc::clone(table))
    }

    /// All names, as they are.
    pub(super) fn all(&self) -> Vec<String> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        tables.values().map(|(name, _)| name.clone()).collect()
    }

    /// Tables that are not views, by name.
    pub(super) fn base_tables(&self) -> Vec<Named> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        let base = |(_, table): &&Named| table.table_type() == TableType::Base;
        tables.values().filter(base).cloned().collect()
    }
}

#[async_trait]
impl SchemaProvider for Names {
    fn table_names(&self) -> Vec<String> {
        self.all()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        Ok(self.get(name))
    }

    fn table_exist(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The one catalogue of a session: schemas `fhir` and `salus`, and a hidden one.
#[derive(Debug)]
pub(super) struct LakeCatalog {
    pub(super) fhir: Arc<Names>,
    pub(super) salus: Arc<Names>,
    pub(super) shaped: Arc<Names>,
}

impl CatalogProvider for LakeCatalog {
    fn schema_names(&self) -> Vec<String> {
        vec![super::FHIR.to_owned(), super::SALUS.to_owned()]
    }

    fn schema(&self, name: &str) -> Option<Arc<dyn SchemaProvider>> {
        let names = match name.to_lowercase().as_str() {
            super::FHIR => &self.fhir,
            super::SALUS => &self.salus,
            super::SHAPED => &self.shaped,
            _ => return None,
        };
        Some(Arc::clone(names) as Arc<dyn SchemaProvider>)
    }
}
