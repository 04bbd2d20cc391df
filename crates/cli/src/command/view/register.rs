//! The register of views in the lake.

use std::path::Path;
use std::sync::Arc;

use salus_engine::{OnRows, Session};
use salus_lake::catalog::{At, Namesake, RegisteredView};

use super::compile;
use crate::app::Outcome;
use crate::clock;
use crate::config::Settings;
use crate::error::CliError;
use crate::face::{Face, thousands};
use crate::grid;
use crate::lake::{self, Look};
use crate::work::Work;

/// Length of a name in queries, at most.
const NAME_BYTES_MAX: usize = 255;

/// Registers a view.
pub fn create(
    face: &Face,
    settings: &Settings,
    name: &str,
    path: &Path,
    replace: bool,
) -> Result<Outcome, CliError> {
    let (definition, view) = compile(face, path)?;
    let work = Work::start(face)?;
    let session = session(&work, settings)?;
    if !is_name(name) || session.is_own_name(name) {
        return Err(CliError::ViewName {
            name: name.to_owned(),
            is_taken: is_name(name),
        });
    }
    let registered = RegisteredView {
        name: name.to_owned(),
        definition,
        created: clock::now(),
    };
    let namesake = match replace {
        true => Namesake::Replace,
        false => Namesake::Refuse,
    };
    let lake = lake::open(&work, settings)?;
    let done = work.wait(lake.catalog().register_view(&registered, namesake));
    done.map_err(salus_lake::LakeError::from)?;
    work.end();
    let flags = lake::flags(settings);
    face.talk(&format!(
        "Registered `{name}`: {} columns of {}\nNext: salus sql{flags} 'SELECT * FROM {name}'",
        thousands(view.columns().len() as u64),
        view.resource(),
    ));
    Ok(Outcome::Done)
}

/// Lists the views.
pub fn list(face: &Face, settings: &Settings) -> Result<Outcome, CliError> {
    let work = Work::start(face)?;
    let session = session(&work, settings)?;
    let views = session.registered_views();
    if views.is_empty() {
        face.talk("No view is registered; `salus view create NAME VIEW.json` registers one");
    } else {
        let rows = views
            .iter()
            .map(|view| [view.name.clone(), view.created.clone()]);
        face.data(&grid::text(["name", "registered"], rows))?;
    }
    work.end();
    Ok(Outcome::Done)
}

/// Writes the definition of a view as it was given.
pub fn show(face: &Face, settings: &Settings, name: &str) -> Result<Outcome, CliError> {
    let work = Work::start(face)?;
    let session = session(&work, settings)?;
    let mut views = session.registered_views().iter();
    let Some(view) = views.find(|view| view.name.eq_ignore_ascii_case(name)) else {
        return Err(no_view(name));
    };
    face.data(&view.definition)?;
    work.end();
    Ok(Outcome::Done)
}

/// Takes a view out of the register.
pub fn remove(face: &Face, settings: &Settings, name: &str) -> Result<Outcome, CliError> {
    let work = Work::start(face)?;
    let session = session(&work, settings)?;
    let mut views = session.registered_views().iter();
    let Some(view) = views.find(|view| view.name.eq_ignore_ascii_case(name)) else {
        return Err(no_view(name));
    };
    let lake = lake::open(&work, settings)?;
    let done = work.wait(lake.catalog().drop_view(&view.name));
    done.map_err(salus_lake::LakeError::from)?;
    work.end();
    face.talk(&format!("Dropped `{}`", view.name));
    Ok(Outcome::Done)
}

fn no_view(name: &str) -> CliError {
    let name = name.to_owned();
    salus_lake::LakeError::from(salus_lake::catalog::CatalogError::NoView { name }).into()
}

/// Letters, digits and underscores, no digit first: what SQL reads without quotes.
fn is_name(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let rest = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    starts && rest && name.len() <= NAME_BYTES_MAX
}

fn session(work: &Work, settings: &Settings) -> Result<Session, CliError> {
    let lake = Arc::new(lake::open(work, settings)?);
    let look = Look {
        as_of: clock::today(),
        at: At::Latest,
        rows_max: None,
        on_rows: OnRows::Fail,
    };
    lake::session(work, settings, &lake, look)
}
