//! Settings: a flag wins over a `SALUS_*` variable (clap reads both), that over `salus.toml`, that over the default.

use std::path::{Path, PathBuf};

use salus_base::{Limits, suggest};
use serde::Deserialize;

use crate::app::{Globals, When};
use crate::error::CliError;

/// The file that is read when no other is named.
const FILE: &str = "salus.toml";
/// The lake when none is named.
const LAKE: &str = "salus-lake";
/// The names in `salus.toml`.
const NAMES: &[&str] = &["lake", "catalog", "data", "color", "quiet", "limits"];

/// What holds for this run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the lake.
    pub lake: PathBuf,
    /// Whether the lake was named by anyone, or is the default.
    pub lake_named: bool,
    /// Catalogue elsewhere.
    pub catalog: Option<String>,
    /// Data files elsewhere.
    pub data: Option<String>,
    /// When to colour.
    pub color: When,
    /// Whether to say nothing but data and errors.
    pub quiet: bool,
    /// How often `-v` was given.
    pub verbose: u8,
    /// The bounds.
    pub limits: Limits,
}

/// `salus.toml` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    lake: Option<PathBuf>,
    catalog: Option<String>,
    data: Option<String>,
    color: Option<When>,
    quiet: Option<bool>,
    limits: Limits,
}

impl Settings {
    /// Brings flags, variables and the file together.
    pub fn gather(globals: &Globals) -> Result<Self, CliError> {
        let file = match &globals.config {
            Some(path) => File::read(path)?,
            None if Path::new(FILE).is_file() => File::read(Path::new(FILE))?,
            None => File::default(),
        };
        let lake = globals.lake.clone().or(file.lake);
        Ok(Self {
            lake_named: lake.is_some() || globals.catalog.is_some() || file.catalog.is_some(),
            lake: lake.unwrap_or_else(|| PathBuf::from(LAKE)),
            catalog: globals.catalog.clone().or(file.catalog),
            data: globals.data.clone().or(file.data),
            color: globals.color.or(file.color).unwrap_or(When::Auto),
            quiet: globals.quiet || file.quiet.unwrap_or(false),
            verbose: globals.verbose,
            limits: file.limits,
        })
    }
}

impl File {
    fn read(path: &Path) -> Result<Self, CliError> {
        let text = std::fs::read_to_string(path).map_err(|source| CliError::ReadFile {
            path: path.to_owned(),
            source,
        })?;
        let mut file = Self::parse(path, &text)?;
        // A path in the file means the same whatever folder Salus is started in.
        let folder = path.parent().unwrap_or(Path::new(""));
        file.lake = file.lake.map(|lake| folder.join(lake));
        Ok(file)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, CliError> {
        let wrong = |error: toml::de::Error| CliError::Settings {
            path: path.to_owned(),
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            message: error.message().to_owned(),
        };
        let table: toml::Table = toml::from_str(text).map_err(wrong)?;
        check_names(path, "", &table, NAMES)?;
        if let Some(toml::Value::Table(limits)) = table.get("limits") {
            let names = limit_names();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            check_names(path, "limits.", limits, &names)?;
        }
        toml::from_str(text).map_err(wrong)
    }
}

fn check_names(
    path: &Path,
    prefix: &str,
    table: &toml::Table,
    names: &[&str],
) -> Result<(), CliError> {
    let Some(name) = table.keys().find(|key| !names.contains(&key.as_str())) else {
        return Ok(());
    };
    let nearest = suggest::closest(name, names.iter().copied());
    Err(CliError::UnknownSetting {
        path: path.to_owned(),
        name: format!("{prefix}{name}"),
        nearest: nearest.map(|nearest| format!("{prefix}{nearest}")),
    })
}

/// The names of all bounds, as they are written in `[limits]`.
fn limit_names() -> Vec<String> {
    match serde_json::to_value(Limits::default()) {
        Ok(serde_json::Value::Object(fields)) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<File, CliError> {
        File::parse(Path::new("salus.toml"), text)
    }

    #[test]
    fn an_empty_file_changes_nothing() {
        let file = parse("").unwrap();
        assert_eq!(file.limits, Limits::default());
        assert!(file.lake.is_none());
    }

    #[test]
    fn a_bound_can_be_set_alone() {
        let file = parse("[limits]\njson_depth_max = 32\n").unwrap();
        assert_eq!(
            file.limits,
            Limits {
                json_depth_max: 32,
                ..Limits::default()
            }
        );
    }

    #[test]
    fn a_misspelt_name_is_refused_with_the_nearest() {
        let error = parse("catalogue = \"x\"").unwrap_err();
        assert!(error.diagnostic().help.unwrap().contains("`catalog`"));
        let error = parse("[limits]\njson_deph_max = 1").unwrap_err();
        assert!(
            error
                .diagnostic()
                .help
                .unwrap()
                .contains("`limits.json_depth_max`")
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused_with_its_line() {
        let error = parse("lake = \"a\"\nquiet = \"yes\"").unwrap_err();
        assert!(
            error
                .diagnostic()
                .place
                .unwrap()
                .source
                .ends_with("salus.toml, line 2")
        );
    }
}
