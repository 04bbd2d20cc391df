//! Elements of rows as JSON.

use salus_fhir::view::PrimitiveText;

use super::Rows;
use super::element::Cell;
use super::tree::{Branch, Cells, NONE, wide};
use crate::json::{Form, ResourceWriter};
use crate::rest::write_string;

/// Appends the element of a cell: the value of a primitive (`null` when it has none), an object, a whole resource.
pub(super) fn write_element(cell: &Cell<'_>, out: &mut String) {
    let Some(branch) = cell.branch() else { return };
    match &branch.cells {
        Cells::Rows => write_resource(cell.rows, cell.value, out),
        Cells::Object(_) => write_object(cell, branch, cell.value, out),
        Cells::Open(texts, _) if cell.value != NONE => out.push_str(texts.value(wide(cell.value))),
        _ => match cell.primitive() {
            Some(PrimitiveText::Boolean(value)) => {
                out.push_str(if value { "true" } else { "false" })
            }
            Some(PrimitiveText::Number(digits)) => out.push_str(&digits),
            Some(PrimitiveText::Text(text)) => write_string(&text, out),
            None => out.push_str("null"),
        },
    }
}

/// Appends a row with what is in no column, too.
fn write_resource(rows: &Rows<'_>, row: u32, out: &mut String) {
    let writer = ResourceWriter::new(rows.resource, &rows.batch, Form::Resolved);
    let before = out.len();
    // That its columns and its rest can be read was found when the rows were made.
    if writer.is_ok_and(|writer| writer.write(wide(row), out).is_ok()) {
        return;
    }
    out.truncate(before);
    out.push_str("null");
}

/// Appends the members that stand in this row, as an object.
fn write_object(at: &Cell<'_>, branch: &Branch, row: u32, out: &mut String) {
    out.push('{');
    let start = out.len();
    for &column in &branch.members {
        let cell = Cell {
            column,
            value: NONE,
            sibling: NONE,
            ..*at
        };
        if let (Some(member), Some(element)) =
            (cell.branch(), cell.branch().and_then(|m| m.element))
        {
            write_values(&cell, member, element.name, row, out);
            write_siblings(&cell, member, element.name, row, out);
        }
    }
    // Every member begins with a comma.
    if out.len() > start {
        out.remove(start);
    }
    out.push('}');
}

fn write_values(cell: &Cell<'_>, member: &Branch, name: &str, row: u32, out: &mut String) {
    let (from, to) = member.values_of(row);
    let is_there = |value| member.has_value(value);
    write_member(
        member.list.is_some(),
        "",
        name,
        (from, to),
        is_there,
        out,
        |value, out| {
            write_element(&Cell { value, ..*cell }, out);
        },
    );
}

fn write_siblings(cell: &Cell<'_>, member: &Branch, name: &str, row: u32, out: &mut String) {
    let Some(sibling) = &member.sibling else {
        return;
    };
    let range = member.siblings_of(row);
    let is_there = |at| member.has_sibling(at);
    write_member(
        sibling.list.is_some(),
        "_",
        name,
        range,
        is_there,
        out,
        |at, out| {
            write_object(cell, member, at, out);
        },
    );
}

/// Writes one member with a comma before it, if any of its places has something.
fn write_member(
    is_list: bool,
    prefix: &str,
    name: &str,
    (from, to): (u32, u32),
    is_there: impl Fn(u32) -> bool,
    out: &mut String,
    write: impl Fn(u32, &mut String),
) {
    if !(from..to).any(&is_there) {
        return;
    }
    out.extend([",\"", prefix, name, "\":"]);
    if !is_list {
        return write(from, out);
    }
    out.push('[');
    for at in from..to {
        if at > from {
            out.push(',');
        }
        match is_there(at) {
            true => write(at, out),
            false => out.push_str("null"),
        }
    }
    out.push(']');
}
