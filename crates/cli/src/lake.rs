//! The lake that the settings name, opened.

use std::sync::Arc;

use jiff::civil::Date;
use salus_engine::{OnRows, Principal, QueryLimits, Session};
use salus_lake::Lake;
use salus_lake::catalog::At;
use salus_lake::location::Location;

use crate::clock;
use crate::config::Settings;
use crate::error::CliError;
use crate::work::Work;

/// Where the lake lies.
pub fn location(settings: &Settings) -> Result<Location, CliError> {
    let catalog = settings.catalog.as_deref();
    Ok(Location::resolve(
        &settings.lake,
        catalog,
        settings.data.as_deref(),
    )?)
}

/// Opens the lake; there must be one.
pub fn open(work: &Work, settings: &Settings) -> Result<Lake, CliError> {
    Ok(work.wait(Lake::open(&location(settings)?))?)
}

/// Opens the lake, or makes it.
pub fn open_or_create(work: &Work, settings: &Settings) -> Result<Lake, CliError> {
    Ok(work.wait(Lake::open_or_create(&location(settings)?, &clock::now()))?)
}

/// The lake as the user names it in the next command: nothing if it is the default.
pub fn flags(settings: &Settings) -> String {
    if settings.lake_named && settings.catalog.is_none() {
        format!(" --lake {}", settings.lake.display())
    } else {
        String::new()
    }
}

/// From where a session looks.
#[derive(Clone, Debug)]
pub struct Look {
    /// The day from which ages and activity are told.
    pub as_of: Date,
    /// The snapshot.
    pub at: At,
    /// Rows of one answer; `None` for no bound.
    pub rows_max: Option<u64>,
    /// What happens beyond.
    pub on_rows: OnRows,
}

/// Opens a session of the person at this machine.
pub fn session(
    work: &Work,
    settings: &Settings,
    lake: &Arc<Lake>,
    look: Look,
) -> Result<Session, CliError> {
    let limits = QueryLimits {
        rows_max: look.rows_max.and_then(std::num::NonZeroU64::new),
        on_rows: look.on_rows,
        cancel: work.cancel.clone(),
        ..QueryLimits::from(&settings.limits)
    };
    let session = Session::open(
        Arc::clone(lake),
        Principal::LocalOwner,
        look.as_of,
        look.at,
        limits,
    );
    Ok(work.wait(session)?)
}

/// A snapshot as a user names it: a number, or a time.
pub fn parse_at(text: &str) -> Result<At, std::convert::Infallible> {
    Ok(match text.trim() {
        "latest" => At::Latest,
        number if number.chars().all(|digit| digit.is_ascii_digit()) => number
            .parse()
            .map_or_else(|_| At::Time(number.to_owned()), At::Id),
        time => At::Time(time.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::{At, parse_at};

    #[test]
    fn a_snapshot_is_a_number_or_a_time() {
        assert_eq!(parse_at("12"), Ok(At::Id(12)));
        assert_eq!(parse_at("latest"), Ok(At::Latest));
        assert_eq!(
            parse_at("2026-11-25T03:00:00Z"),
            Ok(At::Time("2026-11-25T03:00:00Z".into()))
        );
    }
}
