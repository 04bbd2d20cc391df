//! RFC 4180.

use std::io::{self, Write};

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;

use super::cell;

/// Writes CSV; null is an empty field, an empty text is `""`.
pub(super) struct CsvWriter<'a> {
    out: io::BufWriter<&'a mut (dyn Write + Send)>,
    line: String,
    value: String,
}

impl<'a> CsvWriter<'a> {
    pub(super) fn new(schema: &Schema, out: &'a mut (dyn Write + Send)) -> io::Result<Self> {
        let mut writer = Self {
            out: io::BufWriter::new(out),
            line: String::new(),
            value: String::new(),
        };
        for (index, field) in schema.fields().iter().enumerate() {
            if index > 0 {
                writer.line.push(',');
            }
            quote(field.name(), &mut writer.line);
        }
        writer.end_line()?;
        Ok(writer)
    }

    pub(super) fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        for row in 0..batch.num_rows() {
            for (index, column) in batch.columns().iter().enumerate() {
                if index > 0 {
                    self.line.push(',');
                }
                if column.is_null(row) {
                    continue;
                }
                self.value.clear();
                cell::text(column, row, &mut self.value);
                quote(&self.value, &mut self.line);
            }
            self.end_line()?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }
}

fn quote(value: &str, line: &mut String) {
    let plain = !value.is_empty() && !value.contains(['"', ',', '\n', '\r']);
    if plain {
        line.push_str(value);
        return;
    }
    line.push('"');
    for part in value.split_inclusive('"') {
        line.push_str(part);
        if part.ends_with('"') {
            line.push('"');
        }
    }
    line.push('"');
}
