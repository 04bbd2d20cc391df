//! From nodes to ELM JSON.

use std::fmt::Write;

use super::node::{Field, Node};

/// Without spaces.
pub(super) fn compact(node: &Node) -> String {
    let mut out = String::new();
    write_node(&mut out, node, None);
    out
}

/// One field or item to a line.
pub(super) fn pretty(node: &Node) -> String {
    let mut out = String::new();
    write_node(&mut out, node, Some(0));
    out.push('\n');
    out
}

fn write_node(out: &mut String, node: &Node, level: Option<usize>) {
    let items = node.fields().map(|(name, field)| (Some(name), field));
    write_items(out, ('{', '}'), items, level);
}

fn write_items<'f>(
    out: &mut String,
    (open, close): (char, char),
    items: impl Iterator<Item = (Option<&'f str>, &'f Field)>,
    level: Option<usize>,
) {
    out.push(open);
    let inner = level.map(|level| level + 1);
    let mut any = false;
    for (name, field) in items {
        out.push_str(if any { "," } else { "" });
        any = true;
        new_line(out, inner);
        if let Some(name) = name {
            write_text(out, name);
            out.push_str(if level.is_some() { ": " } else { ":" });
        }
        write_field(out, field, inner);
    }
    if any {
        new_line(out, level);
    }
    out.push(close);
}

fn new_line(out: &mut String, level: Option<usize>) {
    if let Some(level) = level {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    }
}

fn write_field(out: &mut String, field: &Field, level: Option<usize>) {
    match field {
        Field::Null => out.push_str("null"),
        Field::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Field::Number(text) => out.push_str(text),
        Field::Text(text) => write_text(out, text),
        Field::List(fields) => write_items(
            out,
            ('[', ']'),
            fields.iter().map(|field| (None, field)),
            level,
        ),
        Field::Node(node) => write_node(out, node, level),
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
