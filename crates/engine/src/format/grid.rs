//! Tables for people: on a screen, or in Markdown.

use std::io::{self, Write};

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use comfy_table::presets::{ASCII_MARKDOWN, UTF8_FULL_CONDENSED};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};

use super::cell;

/// How a table is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableStyle {
    /// Columns of the screen; longer lines are wrapped. `None`: as wide as it gets.
    pub width: Option<u16>,
}

/// Gathers all rows, then draws them.
pub(super) struct Grid<'a> {
    table: Table,
    markdown: bool,
    out: &'a mut (dyn Write + Send),
}

impl<'a> Grid<'a> {
    pub(super) fn table(
        schema: &Schema,
        style: &TableStyle,
        out: &'a mut (dyn Write + Send),
    ) -> Self {
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED);
        if let Some(width) = style.width {
            table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(width);
        }
        Self::with(table, schema, false, out)
    }

    pub(super) fn markdown(schema: &Schema, out: &'a mut (dyn Write + Send)) -> Self {
        let mut table = Table::new();
        table.load_preset(ASCII_MARKDOWN);
        Self::with(table, schema, true, out)
    }

    fn with(
        mut table: Table,
        schema: &Schema,
        markdown: bool,
        out: &'a mut (dyn Write + Send),
    ) -> Self {
        table.force_no_tty();
        table.set_header(schema.fields().iter().map(|field| field.name().as_str()));
        for (column, field) in table.column_iter_mut().zip(schema.fields()) {
            if cell::is_number(field.data_type()) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Self {
            table,
            markdown,
            out,
        }
    }

    pub(super) fn batch(&mut self, batch: &RecordBatch) {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| {
                let mut text = String::new();
                cell::text(column, row, &mut text);
                Cell::new(if self.markdown {
                    escaped(&text)
                } else {
                    printable(&text)
                })
            });
            self.table.add_row(cells.collect::<Vec<_>>());
        }
    }

    pub(super) fn finish(self) -> io::Result<()> {
        writeln!(self.out, "{}", self.table)
    }
}

/// Control characters would move the cursor or change colours: they are shown, not sent.
fn printable(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let shown = |letter: char| match letter {
        '\n' | '\t' => " ".to_owned(),
        control if control.is_control() => control.escape_default().to_string(),
        other => other.to_string(),
    };
    text.chars().map(shown).collect()
}

fn escaped(text: &str) -> String {
    printable(text).replace('|', "\\|")
}
