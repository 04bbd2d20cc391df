//! Small plain tables: a heading, rows, two spaces between columns.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

/// The rows below their headings, columns as wide as they need.
pub fn text<const N: usize>(
    headings: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table
        .load_preset(NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(headings);
    table.add_rows(rows);
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end().strip_prefix(' ').unwrap_or(line.trim_end()));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_line_up_and_lines_have_no_space_at_their_end() {
        let rows = [
            ["1".to_owned(), "one".to_owned()],
            ["22".to_owned(), String::new()],
        ];
        assert_eq!(super::text(["n", "word"], rows), "n   word\n1   one\n22\n");
    }
}
