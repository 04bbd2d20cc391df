//! The clauses of a define with their values, as text.

use std::collections::BTreeSet;

use salus_cql::elm::{self, Field, Kind, Node, Shape};
use salus_cql::evaluate::{Item, notation};
use salus_fhir::view::ElementView;

use super::super::folders::Source;
use super::super::library::{Library, offsets};
use super::trace::{Seen, Trace, Truth};
use crate::face::{Face, Ink};

/// Characters of a clause, and of a value, that are shown on one line.
const CLAUSE_CHARS_MAX: usize = 72;
const VALUE_CHARS_MAX: usize = 160;

/// Shows defines.
pub struct Tree<'t> {
    face: &'t Face,
    library: &'t Library,
    trace: &'t Trace,
}

/// Lines in the making: a clause, how deep it is, and what it gave.
type Lines = Vec<(usize, String, String)>;

impl<'t> Tree<'t> {
    /// What was seen of a library.
    pub fn new(face: &'t Face, library: &'t Library, trace: &'t Trace) -> Self {
        Self {
            face,
            library,
            trace,
        }
    }

    /// A define and those that it needs, each once.
    pub fn define<V: ElementView>(&self, name: &str, value: Option<&Item<V>>) -> String {
        let mut out = String::new();
        let main: &elm::Library = &self.library.main;
        let mut waiting = vec![(main, name.to_owned())];
        let mut shown = BTreeSet::new();
        let value = value.map_or_else(
            || "failed".to_owned(),
            |value| cut(&notation(value), VALUE_CHARS_MAX),
        );
        while let Some((library, name)) = waiting.pop() {
            let id = library.identifier().id.to_owned();
            if !shown.insert((id.clone(), name.clone())) {
                continue;
            }
            let Some(body) = library
                .statement(&name)
                .and_then(|def| def.node("expression"))
            else {
                continue;
            };
            let is_first = out.is_empty();
            let is_reached = body
                .local_id()
                .is_some_and(|local| self.trace.of(&id, local).is_some());
            if !is_first && !is_reached {
                continue;
            }
            self.section(
                &mut out,
                library,
                &name,
                body,
                is_first.then_some(value.as_str()),
            );
            let mut needed = Vec::new();
            self.needed(library, body, &mut needed);
            waiting.extend(needed.into_iter().rev());
        }
        out
    }

    fn section(
        &self,
        out: &mut String,
        library: &elm::Library,
        name: &str,
        body: &Node,
        value: Option<&str>,
    ) {
        let id = library.identifier().id;
        let title = match value {
            Some(value) => format!("{name}: {value}"),
            None => match std::ptr::eq(library, &*self.library.main) {
                true => name.to_owned(),
                false => format!("{id}.{name}"),
            },
        };
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&self.face.ink_data(Ink::Strong, &title));
        out.push('\n');
        let source = self.library.folders.text_of(id);
        if let (true, Some(source)) = (self.face.color_out(), &source) {
            self.coloured(out, id, body, source);
        }
        let mut lines = Lines::new();
        self.lines(id, body, source.as_ref(), "", 1, &mut lines);
        let width = lines
            .iter()
            .map(|(depth, clause, _)| depth * 2 + clause.chars().count());
        let width = width.max().unwrap_or(0);
        for (depth, clause, value) in &lines {
            let indent = depth * 2;
            let gap = width - indent - clause.chars().count();
            out.push_str(&format!("{:indent$}{clause}{:gap$}  {value}\n", "", ""));
        }
        let mut records = BTreeSet::new();
        self.decided(library, body, &mut records, 0);
        if value.is_some() && !records.is_empty() {
            let all: Vec<&str> = records.iter().map(String::as_str).collect();
            out.push_str(&format!("  decided by {}\n", all.join(", ")));
        }
    }

    /// One line for each clause; literals speak for themselves, and what has the words of the clause around it is part
    /// of that.
    fn lines(
        &self,
        library: &str,
        node: &Node,
        source: Option<&Source>,
        around: &str,
        depth: usize,
        lines: &mut Lines,
    ) {
        let locator = node.locator().unwrap_or(around);
        let is_clause = node.local_id().is_some()
            && node.locator().is_some()
            && locator != around
            && is_expression(node.kind());
        let mut below = depth;
        if is_clause {
            let words = self.words(node, source);
            let seen = node.local_id().and_then(|id| self.trace.of(library, id));
            lines.push((depth, words, self.value(seen)));
            below += 1;
        }
        children(node, &mut |child| {
            self.lines(library, child, source, locator, below, lines);
        });
    }

    /// The first line of a clause.
    fn words(&self, node: &Node, source: Option<&Source>) -> String {
        let words = source.and_then(|source| {
            let (start, end) = offsets(&source.text, node.locator()?)?;
            source.text.get(start..end)
        });
        let words = words.unwrap_or_else(|| node.kind().name());
        let whole = words.split_whitespace().collect::<Vec<_>>().join(" ");
        cut(&whole, CLAUSE_CHARS_MAX)
    }

    fn value(&self, seen: Option<&Seen>) -> String {
        let Some(seen) = seen else {
            return self.face.ink_data(Ink::Faint, "not needed");
        };
        let text = match (seen.times, seen.truths, seen.values.as_slice()) {
            (1, _, [only]) => cut(only, VALUE_CHARS_MAX),
            (times, [yes, no, unknown], _) if yes + no + unknown == times && yes + no > 0 => {
                let counts = [(yes, "true"), (no, "false"), (unknown, "null")];
                let counts = counts.iter().filter(|(count, _)| *count > 0);
                let words: Vec<String> = counts
                    .map(|(count, word)| format!("{word} × {count}"))
                    .collect();
                words.join(", ")
            }
            (times, _, [only]) => format!("{} × {times}", cut(only, VALUE_CHARS_MAX)),
            (times, _, values) => {
                let first: Vec<String> = values
                    .iter()
                    .map(|value| cut(value, VALUE_CHARS_MAX / 3))
                    .collect();
                let more = if times > values.len() { ", …" } else { "" };
                format!("{}{more} ({times} times)", first.join(", "))
            }
        };
        match ink(seen) {
            Some(ink) => self.face.ink_data(ink, &text),
            None => text,
        }
    }

    /// The text of the define, each clause in the colour of its truth.
    fn coloured(&self, out: &mut String, library: &str, body: &Node, source: &Source) {
        let Some((start, end)) = body.locator().and_then(|at| offsets(&source.text, at)) else {
            return;
        };
        let mut inks: Vec<Option<Ink>> = vec![None; end.saturating_sub(start)];
        self.paint(library, body, source, start, &mut inks);
        let text = source.text.get(start..end).unwrap_or_default();
        let mut run = String::new();
        let mut at_hand = None;
        out.push_str("  ");
        let flush = |run: &mut String, ink: Option<Ink>, out: &mut String| {
            let words = match ink {
                Some(ink) => self.face.ink_data(ink, run),
                None => run.clone(),
            };
            out.push_str(&words);
            run.clear();
        };
        for (at, character) in text.char_indices() {
            let ink = inks.get(at).copied().flatten();
            if ink != at_hand || character == '\n' {
                flush(&mut run, at_hand, out);
                at_hand = ink;
            }
            match character {
                '\n' => out.push('\n'),
                _ => run.push(character),
            }
        }
        flush(&mut run, at_hand, out);
        out.push_str("\n\n");
    }

    fn paint(
        &self,
        library: &str,
        node: &Node,
        source: &Source,
        from: usize,
        inks: &mut [Option<Ink>],
    ) {
        if let (Some(id), Some((start, end))) = (
            node.local_id(),
            node.locator().and_then(|at| offsets(&source.text, at)),
        ) && is_expression(node.kind())
        {
            let ink = match self.trace.of(library, id) {
                Some(seen) => ink(seen),
                None => Some(Ink::Faint),
            };
            let range = start.saturating_sub(from)..end.saturating_sub(from).min(inks.len());
            if let (Some(ink), Some(painted)) = (ink, inks.get_mut(range)) {
                painted.fill(Some(ink));
            }
        }
        children(node, &mut |child| {
            self.paint(library, child, source, from, inks)
        });
    }

    /// The defines that an expression refers to.
    fn needed<'l>(
        &'l self,
        library: &'l elm::Library,
        node: &Node,
        into: &mut Vec<(&'l elm::Library, String)>,
    ) {
        if node.kind() == Kind::ExpressionRef
            && let (Some(of), Some(name)) = (self.referred(library, node), node.text("name"))
        {
            into.push((of, name.to_owned()));
        }
        children(node, &mut |child| self.needed(library, child, into));
    }

    /// The library that a reference names.
    fn referred<'l>(&'l self, library: &'l elm::Library, node: &Node) -> Option<&'l elm::Library> {
        let Some(called) = node.text("libraryName") else {
            return Some(library);
        };
        let mut includes = library.definitions("includes");
        let include = includes.find(|include| include.text("localIdentifier") == Some(called))?;
        let path = include.text("path")?;
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut all = self.library.included.iter();
        all.find(|one| one.identifier().id == name)
            .map(|one| &**one)
    }

    /// The records that made a clause what it is: those that it is, or is of; of `and` and `or` those of the sides that
    /// decided; else those of what it is made of.
    fn decided(
        &self,
        library: &elm::Library,
        node: &Node,
        into: &mut BTreeSet<String>,
        depth: usize,
    ) {
        // Defines do not need each other in a circle, and clauses nest no deeper than what was translated.
        if depth > elm::DEPTH_MAX {
            return;
        }
        let id = library.identifier().id;
        let seen = |node: &Node| node.local_id().and_then(|local| self.trace.of(id, local));
        if let Some(seen) = seen(node).filter(|seen| !seen.records.is_empty()) {
            into.extend(seen.records.iter().cloned());
            if seen.has_more_records {
                into.insert("more".to_owned());
            }
            return;
        }
        if node.kind() == Kind::ExpressionRef {
            let of = self.referred(library, node);
            let body =
                of.and_then(|of| Some((of, of.statement(node.text("name")?)?.node("expression")?)));
            if let Some((of, body)) = body {
                self.decided(of, body, into, depth + 1);
            }
            return;
        }
        let truth = seen(node).and_then(Seen::truth);
        let decides = match (node.kind(), truth) {
            (Kind::And, Some(Truth::False)) => Some(Truth::False),
            (Kind::Or, Some(Truth::True)) => Some(Truth::True),
            _ => None,
        };
        children(node, &mut |child| {
            let is_deciding = match decides {
                None => true,
                Some(wanted) => seen(child).and_then(Seen::truth) == Some(wanted),
            };
            if is_deciding {
                self.decided(library, child, into, depth + 1);
            }
        });
    }
}

fn ink(seen: &Seen) -> Option<Ink> {
    seen.truth().map(|truth| match truth {
        Truth::True => Ink::Good,
        Truth::False => Ink::Bad,
        Truth::Null => Ink::Warn,
    })
}

/// The nodes below a node, but types and what is only about the text.
pub fn children(node: &Node, give: &mut dyn FnMut(&Node)) {
    for (name, field) in node.fields() {
        if matches!(
            name,
            "annotation" | "signature" | "resultTypeSpecifier" | "asTypeSpecifier"
        ) {
            continue;
        }
        match field {
            Field::Node(child) => give(child),
            Field::List(all) => all.iter().for_each(|one| {
                if let Field::Node(child) = one {
                    give(child);
                }
            }),
            _ => {}
        }
    }
}

/// Whether a node has a value that is worth a line.
fn is_expression(kind: Kind) -> bool {
    // Literals and names of value sets speak for themselves.
    let is_plain = matches!(
        kind,
        Kind::Literal | Kind::ValueSetRef | Kind::CodeSystemRef | Kind::Unknown
    );
    !is_plain && kind.shape() != Shape::Part
}

/// A text of at most so many characters.
fn cut(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text.to_owned(),
        Some((end, _)) => {
            let mut text = text.to_owned();
            text.truncate(end);
            text.push('…');
            text
        }
    }
}
