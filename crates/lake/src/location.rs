//! Where a lake lies: its catalogue (SQLite or PostgreSQL) and its data files (a folder or S3).

use std::fmt;
use std::path::{Component, Path, PathBuf};

/// Name of the SQLite catalogue inside a lake's folder.
const CATALOG_FILE: &str = "catalog.sqlite";
/// Name of the folder of data files inside a lake's folder.
const DATA_FOLDER: &str = "data";

/// The two places that make a lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The catalogue.
    pub catalog: CatalogUrl,
    /// The data files.
    pub data: DataUrl,
}

impl Location {
    /// The lake in the folder `lake`, unless `catalog` (`postgres://…`, or a path to a SQLite file) or
    /// `data` (`s3://bucket/prefix`, or a folder) says otherwise. Looks at no file.
    pub fn resolve(
        lake: &Path,
        catalog: Option<&str>,
        data: Option<&str>,
    ) -> Result<Location, LocationError> {
        let catalog = match catalog {
            Some(text) => CatalogUrl::parse(text)?,
            None => CatalogUrl::Sqlite(absolute(&lake.join(CATALOG_FILE))?),
        };
        let data = match data {
            Some(text) => DataUrl::parse(text)?,
            None => DataUrl::Local(absolute(&lake.join(DATA_FOLDER))?),
        };
        Ok(Location { catalog, data })
    }
}

/// The database that holds the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogUrl {
    /// A SQLite file, by absolute path.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres(PostgresUrl),
}

impl CatalogUrl {
    /// Parses `postgres://…`, `postgresql://…`, `sqlite:PATH` or a plain path.
    pub fn parse(text: &str) -> Result<CatalogUrl, LocationError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(CatalogUrl::Postgres(PostgresUrl(text.to_owned())));
        }
        let path = match text.split_once(':') {
            Some(("sqlite", rest)) => rest.strip_prefix("//").unwrap_or(rest),
            Some((scheme, _)) if is_scheme(scheme) => {
                return Err(LocationError::CatalogScheme {
                    scheme: scheme.to_owned(),
                });
            }
            _ => text,
        };
        if path.is_empty() {
            return Err(LocationError::Empty { what: "catalogue" });
        }
        Ok(CatalogUrl::Sqlite(absolute(Path::new(path))?))
    }
}

impl fmt::Display for CatalogUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatalogUrl::Sqlite(path) => write!(f, "{}", path.display()),
            CatalogUrl::Postgres(url) => write!(f, "{url}"),
        }
    }
}

/// A PostgreSQL URL. Shown without its password and parameters, which may hold one.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

impl PostgresUrl {
    /// The URL with everything in it, for the driver only; never put it into a message.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn redacted(&self) -> String {
        let text = self.0.split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, rest)) = text.split_once("://") else {
            return "postgres://…".to_owned();
        };
        let Some((user, place)) = rest.rsplit_once('@') else {
            return format!("{scheme}://{rest}");
        };
        match user.split_once(':') {
            Some((name, _)) => format!("{scheme}://{name}:…@{place}"),
            None => format!("{scheme}://{user}@{place}"),
        }
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({})", self.redacted())
    }
}

/// The place of the data files (DuckLake's `DATA_PATH`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataUrl {
    /// A local folder, by absolute path.
    Local(PathBuf),
    /// A prefix in an S3 bucket; endpoint and credentials come from the `AWS_*` variables.
    S3 {
        /// The bucket.
        bucket: String,
        /// The prefix without slashes at its ends; may be empty.
        prefix: String,
    },
}

impl DataUrl {
    /// Parses `s3://bucket/prefix`, `file://…` or a plain path.
    pub fn parse(text: &str) -> Result<DataUrl, LocationError> {
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() {
                return Err(LocationError::NoBucket {
                    url: text.to_owned(),
                });
            }
            return Ok(DataUrl::S3 {
                bucket: bucket.to_owned(),
                prefix: prefix.trim_matches('/').to_owned(),
            });
        }
        let path = match text.split_once("://") {
            Some(("file", rest)) => rest,
            Some((scheme, _)) if is_scheme(scheme) => {
                return Err(LocationError::DataScheme {
                    scheme: scheme.to_owned(),
                });
            }
            _ => text,
        };
        if path.is_empty() {
            return Err(LocationError::Empty { what: "data" });
        }
        Ok(DataUrl::Local(absolute(Path::new(path))?))
    }

    /// The place as DuckLake writes it into its catalogue, with a slash at the end.
    pub fn data_path(&self) -> String {
        match self {
            DataUrl::Local(path) => {
                let mut text = path.to_string_lossy().into_owned();
                if !text.ends_with('/') {
                    text.push('/');
                }
                text
            }
            DataUrl::S3 { bucket, prefix } if prefix.is_empty() => format!("s3://{bucket}/"),
            DataUrl::S3 { bucket, prefix } => format!("s3://{bucket}/{prefix}/"),
        }
    }
}

impl fmt::Display for DataUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.data_path())
    }
}

/// Why a place could not be understood.
#[derive(Debug, thiserror::Error)]
pub enum LocationError {
    /// The catalogue is neither a path nor a PostgreSQL URL.
    #[error("a catalogue cannot lie at `{scheme}:…`")]
    CatalogScheme {
        /// The scheme that was given.
        scheme: String,
    },
    /// The data is neither a path nor on S3.
    #[error("data files cannot lie at `{scheme}://…`")]
    DataScheme {
        /// The scheme that was given.
        scheme: String,
    },
    /// An S3 URL without a bucket.
    #[error("`{url}` names no bucket")]
    NoBucket {
        /// The URL that was given.
        url: String,
    },
    /// An empty text was given.
    #[error("the place of the {what} is empty")]
    Empty {
        /// `catalogue` or `data`.
        what: &'static str,
    },
    /// A relative path could not be resolved.
    #[error("cannot tell where `{path}` is")]
    Relative {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

/// Whether `text` looks like the scheme of a URL rather than the start of a path.
fn is_scheme(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

fn absolute(path: &Path) -> Result<PathBuf, LocationError> {
    let absolute = std::path::absolute(path).map_err(|source| LocationError::Relative {
        path: path.to_owned(),
        source,
    })?;
    Ok(without_dots(&absolute))
}

/// Takes `..` out, so that the same lake has the same place however it is named.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(component);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_however_it_is_named() {
        let plain = Location::resolve(Path::new("/srv/lake"), None, None).unwrap();
        let dotted = Location::resolve(Path::new("/srv/x/../lake/."), None, None).unwrap();
        assert_eq!(plain, dotted);
    }

    fn resolve(catalog: Option<&str>, data: Option<&str>) -> Result<Location, LocationError> {
        Location::resolve(Path::new("/srv/lake"), catalog, data)
    }

    #[test]
    fn a_folder_holds_both_unless_told_otherwise() {
        let location = resolve(None, None).unwrap();
        assert_eq!(
            location.catalog,
            CatalogUrl::Sqlite("/srv/lake/catalog.sqlite".into())
        );
        assert_eq!(location.data.data_path(), "/srv/lake/data/");
    }

    #[test]
    fn postgres_and_s3_are_recognised() {
        let location = resolve(Some("postgres://u@h/db"), Some("s3://b/a/c/")).unwrap();
        assert_eq!(location.catalog.to_string(), "postgres://u@h/db");
        assert_eq!(location.data.data_path(), "s3://b/a/c/");
        let root = DataUrl::parse("s3://b").unwrap();
        assert_eq!(root.data_path(), "s3://b/");
    }

    #[test]
    fn a_password_is_never_shown() {
        let location = resolve(
            Some("postgres://me:s3cr@t@host:5432/db?password=s3cret#s3cret"),
            None,
        )
        .unwrap();
        let shown = format!("{} {:?}", location.catalog, location);
        assert!(!shown.contains("s3cr"), "{shown}");
        assert!(shown.contains("postgres://me:…@host:5432/db"), "{shown}");
    }

    #[test]
    fn unknown_places_are_refused_in_words() {
        let mysql = resolve(Some("mysql://h/db"), None).unwrap_err();
        assert_eq!(mysql.to_string(), "a catalogue cannot lie at `mysql:…`");
        let gs = resolve(None, Some("gs://b/p")).unwrap_err();
        assert_eq!(gs.to_string(), "data files cannot lie at `gs://…`");
        assert!(resolve(None, Some("s3:///p")).is_err());
        assert!(resolve(Some(""), None).is_err());
    }
}
