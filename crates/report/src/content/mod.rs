//! The clinical content built into the binary: indicators, value sets and knowledge tables, all data.

mod indicator;
mod knowledge;
mod value_set;

pub use indicator::{Direction, Indicator, Kind, Need, Prepared, Sort, Span};
pub(crate) use knowledge::tables;
pub(crate) use value_set::table as value_set_table;

use crate::ReportError;

include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// The sections of the report in their order: id, title and the question each answers.
pub(crate) const SECTIONS: [(&str, &str, &str); 6] = [
    ("quality", "Quality", "Is our care good?"),
    ("safety", "Safety", "Who is exposed to harm right now?"),
    ("cost", "Cost", "Where does the money go?"),
    ("access", "Access", "Who cannot get or afford care?"),
    ("outbreak", "Outbreak", "Is something spreading?"),
    (
        "chronic",
        "Chronic",
        "Who is getting worse, or falling out of care?",
    ),
];

/// Every indicator, by section and order.
///
/// # Errors
///
/// When a content file is not well formed; a test keeps that from ever being released.
pub fn indicators() -> Result<Vec<Indicator>, ReportError> {
    let mut all = Vec::new();
    for (section, _, _) in SECTIONS {
        let prefix = format!("indicators/{section}/");
        let mut found = Vec::new();
        for (path, text) in FILES.iter().filter(|(path, _)| path.starts_with(&prefix)) {
            found.push(Indicator::parse(section, path, text)?);
        }
        found.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        all.append(&mut found);
    }
    Ok(all)
}

/// The tables that several indicators stand on, in the order in which they are made.
pub(crate) fn prepared() -> Result<Vec<Prepared>, ReportError> {
    FILES
        .iter()
        .filter(|(path, _)| path.starts_with("indicators/shared/"))
        .map(|(path, text)| Prepared::parse(path, text))
        .collect()
}

/// File name without folder and ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
