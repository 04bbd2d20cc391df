//! The documentation of the views as Markdown.

use std::fmt::Write as _;

use crate::view::ViewDoc;

/// One section per view: its purpose, and a table of its columns.
pub fn views_markdown<'a>(views: impl IntoIterator<Item = &'a ViewDoc>) -> String {
    let mut text = String::from(
        "# Views\n\nTables that nobody has to un-nest. `patient` is the patient key, the same in \
         all of them, after merges.\nDays and times are UTC; every row names the `source` file \
         and the byte (`source_offset`) it came from.\n",
    );
    for view in views {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## {}\n\n{}\n\n", view.name, view.purpose);
        text.push_str("| Column | Type | Meaning |\n|---|---|---|\n");
        for column in &view.columns {
            let meaning = column.meaning.replace('|', "\\|");
            let _ = writeln!(text, "| `{}` | {} | {meaning} |", column.name, column.ty);
        }
    }
    text
}
