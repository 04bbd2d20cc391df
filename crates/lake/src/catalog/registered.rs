//! Views that users registered: ViewDefinitions kept in the catalogue, with the snapshots at which they hold.
//!
//! Registering a view changes no data and makes no snapshot: a view holds from the newest snapshot on, until it is
//! replaced or dropped. Who looks back to an earlier snapshot does not see it.

use super::sql::{self, Fields, Value};
use super::{Catalog, CatalogError, tables};

/// A view as it was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredView {
    /// Its name in queries.
    pub name: String,
    /// Its definition, as the user gave it.
    pub definition: String,
    /// When it was registered, RFC 3339.
    pub created: String,
}

/// What happens to a view of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namesake {
    /// It stays, and the new one is refused.
    Refuse,
    /// The new one takes its place from the newest snapshot on.
    Replace,
}

impl Catalog {
    /// Registers a view. Whether the definition makes sense is the caller's to check.
    ///
    /// # Errors
    /// [`CatalogError::ViewExists`]; else as [`Catalog::begin_load`].
    pub async fn register_view(
        &self,
        view: &RegisteredView,
        namesake: Namesake,
    ) -> Result<(), CatalogError> {
        let failed = |source| self.failed("registering a view", source);
        let mut connection = self.connection().await?;
        let mut tx = self.begin_write(&mut connection).await?;
        let snapshot = newest(&mut tx).await.map_err(failed)?;
        let ended = end(&mut tx, &view.name, snapshot).await.map_err(failed)?;
        if ended > 0 && namesake == Namesake::Refuse {
            return Err(CatalogError::ViewExists {
                name: view.name.clone(),
            });
        }
        let row = vec![
            Value::from(view.name.as_str()),
            view.definition.as_str().into(),
            view.created.as_str().into(),
            snapshot.into(),
            Value::Int(None),
        ];
        self.insert(&mut tx, &tables::REGISTERED_VIEW, vec![row])
            .await?;
        tx.commit().await.map_err(failed)
    }

    /// Takes a view out of the register; earlier snapshots still know it.
    ///
    /// # Errors
    /// [`CatalogError::NoView`]; else as [`Catalog::begin_load`].
    pub async fn drop_view(&self, name: &str) -> Result<(), CatalogError> {
        let failed = |source| self.failed("dropping a view", source);
        let mut connection = self.connection().await?;
        let mut tx = self.begin_write(&mut connection).await?;
        let snapshot = newest(&mut tx).await.map_err(failed)?;
        if end(&mut tx, name, snapshot).await.map_err(failed)? == 0 {
            return Err(CatalogError::NoView {
                name: name.to_owned(),
            });
        }
        tx.commit().await.map_err(failed)
    }

    /// The views that hold at a snapshot, by name.
    ///
    /// # Errors
    /// [`CatalogError::Sql`].
    pub async fn registered_views(
        &self,
        snapshot: i64,
    ) -> Result<Vec<RegisteredView>, CatalogError> {
        let failed = |source| self.failed("reading its views", source);
        let text = "SELECT name, definition, created FROM salus_view \
                    WHERE begin_snapshot <= $1 AND (end_snapshot IS NULL OR end_snapshot > $1) \
                    ORDER BY name";
        let mut connection = self.connection().await?;
        let rows = sql::fetch(&mut connection, text, vec![snapshot.into()])
            .await
            .map_err(failed)?;
        let view = |row: &sqlx::any::AnyRow| -> Result<RegisteredView, sqlx::Error> {
            let mut fields = Fields::of(row);
            Ok(RegisteredView {
                name: fields.take()?,
                definition: fields.take()?,
                created: fields.take()?,
            })
        };
        rows.iter().map(|row| view(row).map_err(failed)).collect()
    }
}

async fn newest(tx: &mut sqlx::AnyConnection) -> Result<i64, sqlx::Error> {
    let text = "SELECT COALESCE(MAX(snapshot_id), 0) FROM ducklake_snapshot";
    let rows = sql::fetch(tx, text, Vec::new()).await?;
    rows.first().map_or(Ok(0), |row| Fields::of(row).take())
}

/// Ends the view of this name, and says how many there were: one or none.
async fn end(tx: &mut sqlx::AnyConnection, name: &str, snapshot: i64) -> Result<u64, sqlx::Error> {
    let text = "UPDATE salus_view SET end_snapshot = $1 WHERE name = $2 AND end_snapshot IS NULL";
    sql::execute(tx, text, vec![snapshot.into(), name.into()]).await
}
