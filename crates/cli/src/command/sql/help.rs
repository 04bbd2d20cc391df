//! What the prompt answers to `\d`, `\dv` and `\h`.

use salus_base::suggest;
use salus_engine::{Session, ViewDoc};

use crate::face::thousands;
use crate::grid;

/// The commands of the prompt.
pub const COMMANDS: &str = "\
\\d          tables and views
\\d NAME     columns of a table or view
\\dv         views, with what they are for
\\f FORMAT   answers as table, json, ndjson, csv or md
\\h          this
\\q          leave (so does Ctrl-D)
A query ends with `;` and may go over several lines. Ctrl-C drops it.
";

/// `\d`: all tables and views.
pub fn tables(session: &Session) -> String {
    let tables = session.tables().into_iter().map(|table| {
        let name = if table.schema == "fhir" {
            table.name
        } else {
            format!("{}.{}", table.schema, table.name)
        };
        [
            name,
            "table".to_owned(),
            table.rows.map_or(String::new(), thousands),
        ]
    });
    let views = session
        .views()
        .iter()
        .map(|view| [view.name.clone(), "view".to_owned(), String::new()]);
    grid::text(["name", "kind", "rows"], views.chain(tables))
}

/// `\dv`: all views.
pub fn views(session: &Session) -> String {
    let rows = session
        .views()
        .iter()
        .map(|view| [view.name.clone(), first_sentence(&view.purpose).to_owned()]);
    grid::text(["view", "purpose"], rows)
}

/// Up to the first full stop or colon: the rest is shown by `\d NAME`.
fn first_sentence(text: &str) -> &str {
    [". ", ": "]
        .into_iter()
        .fold(text, |text, end| text.split(end).next().unwrap_or(text))
}

/// `\d NAME`: the columns of one.
pub fn columns(session: &Session, name: &str) -> String {
    if let Some(view) = session
        .views()
        .iter()
        .find(|view| view.name.eq_ignore_ascii_case(name))
    {
        return view_columns(view);
    }
    let tables = session.tables();
    let found = tables.iter().find(|table| {
        let full = format!("{}.{}", table.schema, table.name);
        table.name.eq_ignore_ascii_case(name) || full.eq_ignore_ascii_case(name)
    });
    match found {
        Some(table) => grid::text(
            ["column", "type"],
            table
                .columns
                .iter()
                .map(|(name, ty)| [name.clone(), ty.clone()]),
        ),
        None => {
            let views = session.views().iter().map(|view| view.name.as_str());
            let names = views.chain(tables.iter().map(|table| table.name.as_str()));
            let hint = suggest::closest(name, names);
            let hint = hint.map_or(String::new(), |hint| format!("; did you mean `{hint}`?"));
            format!("there is no table or view `{name}`{hint}\n")
        }
    }
}

fn view_columns(view: &ViewDoc) -> String {
    let rows = view.columns.iter().map(|column| {
        [
            column.name.clone(),
            column.ty.clone(),
            column.meaning.clone(),
        ]
    });
    format!(
        "{}\n\n{}",
        view.purpose,
        grid::text(["column", "type", "meaning"], rows)
    )
}
