//! Texts that know where their lines may break.
//!
//! A group is written on one line if it fits; if not, its own breaks become lines, and the groups in it decide for
//! themselves. A comment up to the end of its line breaks all groups around it.

/// How wide a line may be.
pub(super) const WIDTH: usize = 100;

/// A text to be laid out.
pub(super) enum Doc {
    /// A text without line breaks.
    Text(String),
    /// A space, or a new line if the group does not fit.
    Space,
    /// Nothing, or a new line if the group does not fit.
    Break,
    /// A new line in any case.
    Line,
    /// One after the other.
    All(Vec<Doc>),
    /// Broken together or not at all.
    Group(Vec<Doc>),
    /// New lines in it start two spaces further in.
    Indent(Box<Doc>),
}

/// A text.
pub(super) fn text(text: impl Into<String>) -> Doc {
    Doc::Text(text.into())
}

/// One after the other, further in.
pub(super) fn indent(docs: Vec<Doc>) -> Doc {
    Doc::Indent(Box::new(Doc::All(docs)))
}

/// Items between brackets, on one line or each on its own.
pub(super) fn enclosed(open: &str, items: Vec<Doc>, close: &str) -> Doc {
    let mut inside = vec![Doc::Break];
    for (nth, item) in items.into_iter().enumerate() {
        if nth > 0 {
            inside.extend([text(","), Doc::Space]);
        }
        inside.push(item);
    }
    Doc::Group(vec![text(open), indent(inside), Doc::Break, text(close)])
}

/// Writes a text; lines are at most `width` wide where that can be.
pub(super) fn layout(doc: &Doc, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    let mut todo: Vec<(usize, bool, &Doc)> = vec![(0, false, doc)];
    while let Some((level, flat, doc)) = todo.pop() {
        match doc {
            Doc::Text(text) => {
                out.push_str(text);
                column += text.chars().count();
            }
            Doc::Space if flat => {
                out.push(' ');
                column += 1;
            }
            Doc::Break if flat => {}
            Doc::Space | Doc::Break | Doc::Line => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', level));
                column = level;
            }
            Doc::All(docs) => todo.extend(docs.iter().rev().map(|doc| (level, flat, doc))),
            Doc::Indent(doc) => todo.push((level + 2, flat, doc)),
            Doc::Group(docs) => {
                let flat = flat || fits(docs, &todo, width.saturating_sub(column));
                todo.extend(docs.iter().rev().map(|doc| (level, flat, doc)));
            }
        }
    }
    out
}

/// Whether the docs on one line, and what follows them up to where a line may break, are no wider than `room`.
fn fits(docs: &[Doc], after: &[(usize, bool, &Doc)], room: usize) -> bool {
    let mut room = room;
    let mut todo: Vec<(bool, &Doc)> = docs.iter().rev().map(|doc| (true, doc)).collect();
    let mut after = after.iter().rev();
    loop {
        let Some((flat, doc)) = todo.pop() else {
            match after.next() {
                Some((_, flat, doc)) => todo.push((*flat, doc)),
                None => return true,
            }
            continue;
        };
        match doc {
            Doc::Text(text) => match room.checked_sub(text.chars().count()) {
                Some(left) => room = left,
                None => return false,
            },
            Doc::Space if flat => match room.checked_sub(1) {
                Some(left) => room = left,
                None => return false,
            },
            Doc::Break if flat => {}
            Doc::Space | Doc::Break => return true,
            // A line inside the group breaks it; one after it ends what must fit.
            Doc::Line => return !flat,
            Doc::All(docs) | Doc::Group(docs) => {
                todo.extend(docs.iter().rev().map(|doc| (flat, doc)));
            }
            Doc::Indent(doc) => todo.push((flat, doc)),
        }
    }
}
