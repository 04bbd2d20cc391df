//! JSON, as one array or one object per line.

use std::io::{self, Write};

use arrow::array::RecordBatch;

use super::cell;

/// Writes rows as JSON objects; every column is there, null where it is null.
pub(super) struct JsonWriter<'a> {
    out: io::BufWriter<&'a mut (dyn Write + Send)>,
    lines: bool,
    first: bool,
    row: String,
}

impl<'a> JsonWriter<'a> {
    /// One array of all rows.
    pub(super) fn array(out: &'a mut (dyn Write + Send)) -> io::Result<Self> {
        let mut writer = Self::lines(out);
        writer.lines = false;
        writer.out.write_all(b"[")?;
        Ok(writer)
    }

    /// One object per line.
    pub(super) fn lines(out: &'a mut (dyn Write + Send)) -> Self {
        Self {
            out: io::BufWriter::new(out),
            lines: true,
            first: true,
            row: String::new(),
        }
    }

    pub(super) fn batch(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            self.row.clear();
            if !self.lines {
                self.row.push_str(if self.first { "\n" } else { ",\n" });
            }
            self.first = false;
            self.row.push('{');
            for (index, (field, column)) in schema.fields().iter().zip(batch.columns()).enumerate()
            {
                if index > 0 {
                    self.row.push(',');
                }
                cell::string(field.name(), &mut self.row);
                self.row.push(':');
                cell::json(column, row, &mut self.row);
            }
            self.row.push('}');
            if self.lines {
                self.row.push('\n');
            }
            self.out.write_all(self.row.as_bytes())?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if !self.lines {
            self.out
                .write_all(if self.first { b"]\n" } else { b"\n]\n" })?;
        }
        self.out.flush()
    }
}
