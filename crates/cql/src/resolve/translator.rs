//! The state of a translation.

use super::conversion::Conversions;
use super::library::{Place, Statements};
use super::names::{NameMistake, Names};
use super::options::Options;
use super::problem::{Mistake, Problem};
use super::type_mistake::TypeMistake;
use super::typed::Typed;
use crate::elm::{Kind, Node};
use crate::model::{Models, Spec};
use crate::syntax::{Name, Span};

/// How many nodes may be written a second time, in a library. What ELM has no shorter way to say, such as both ends of
/// one interval, takes copies; copies of copies grow without bound.
const COPIED_MAX: usize = 1 << 20;

/// What is known while a library is translated.
pub(super) struct Translator<'t> {
    pub text: &'t str,
    pub models: &'t Models,
    pub conversions: Conversions<'t>,
    pub options: Options,
    pub problems: Vec<Problem>,
    pub names: Names<'t>,
    /// What was translated so far.
    pub made: Statements,
    /// The nodes of the definition that is translated, and of those that wait for it.
    pub places: Vec<Place>,
    /// Where the lines of the text start.
    lines: Vec<u32>,
    /// The last `localId` that was given.
    local_id: u32,
    /// How many nodes have been written a second time.
    copied: usize,
}

impl<'t> Translator<'t> {
    pub fn new(text: &'t str, models: &'t Models, options: Options) -> Translator<'t> {
        Translator {
            text,
            models,
            conversions: Conversions::of(models).lenient(options.leniency()),
            options,
            problems: Vec::new(),
            names: Names::default(),
            made: Statements::default(),
            places: Vec::new(),
            lines: line_starts(text),
            local_id: 0,
            copied: 0,
        }
    }

    /// Reports a mistake. Returns nothing, which is what the expression is then translated to.
    pub fn refuse<T>(&mut self, mistake: impl Into<Mistake>, span: Span) -> Option<T> {
        self.problems.push(Problem {
            mistake: mistake.into(),
            span,
        });
        None
    }

    /// Says what is legal but looks wrong.
    pub fn warn(&mut self, mistake: impl Into<Mistake>, span: Span) {
        let _: Option<()> = self.refuse(mistake, span);
    }

    /// The value a second time. Nothing when too much has been copied, which is reported once.
    pub fn copy(&mut self, value: &Typed, span: Span) -> Option<Typed> {
        if self.copied > COPIED_MAX {
            return None;
        }
        self.copied += value.node.size();
        if self.copied > COPIED_MAX {
            let copied_max = COPIED_MAX;
            return self.refuse(TypeMistake::TooLarge { copied_max }, span);
        }
        Some(value.clone())
    }

    /// Reports a name that nothing has.
    pub fn unknown<T>(&mut self, name: &Name) -> Option<T> {
        let names = self.names.scopes.names().chain(self.names.all());
        let suggestion = salus_base::suggest::closest(&name.text, names).map(Into::into);
        let unknown = name.text.clone();
        let mistake = NameMistake::Unknown {
            name: unknown,
            suggestion,
        };
        self.refuse(mistake, name.span)
    }

    /// Gives a translated node what the options want to be written: its number, its place, the type of its result.
    pub fn mark(&mut self, node: &mut Node, ty: &Spec, span: Span) {
        self.mark_place(node, span);
        self.mark_type(node, ty);
    }

    /// Gives it its number and its place, if they are wanted.
    pub fn mark_place(&mut self, node: &mut Node, span: Span) {
        if self.options.annotations && node.local_id().is_none() {
            self.local_id += 1;
            node.set("localId", self.local_id.to_string());
            let local_id = self.local_id;
            self.places.push(Place { local_id, span });
        }
        if self.options.locators && node.locator().is_none() {
            node.set("locator", self.locator(span));
        }
    }

    /// Writes the type of its result, if that is wanted.
    pub fn mark_type(&self, node: &mut Node, ty: &Spec) {
        if !self.options.result_types {
            return;
        }
        match ty {
            Spec::Named(name) => node.set("resultTypeName", self.type_name(name)),
            other => node.set("resultTypeSpecifier", self.type_specifier(other)),
        }
    }

    /// A node of this kind for a conversion that the text does not say.
    pub fn implied(&self, kind: Kind, operand: Node, ty: Spec) -> Typed {
        let mut node = Node::new(kind).with("operand", operand);
        self.mark_type(&mut node, &ty);
        Typed::new(node, ty)
    }

    /// Where a part of the text starts and ends, as ELM says it: lines and columns from 1, the last character
    /// included.
    pub fn locator(&self, span: Span) -> String {
        let last = span.end.saturating_sub(1).max(span.start);
        let (line, column) = self.line_column(span.start);
        let (last_line, last_column) = self.line_column(last);
        if (line, column) == (last_line, last_column) {
            format!("{line}:{column}")
        } else {
            format!("{line}:{column}-{last_line}:{last_column}")
        }
    }

    /// The line and column of a byte, both from 1; columns count characters.
    pub fn line_column(&self, at: u32) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line));
        let before = Span::new(start.copied().unwrap_or_default(), at).of(self.text);
        (line.max(1), before.chars().count() + 1)
    }
}

/// Where the lines of a text start, in bytes.
fn line_starts(text: &str) -> Vec<u32> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let starts = ends.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
    std::iter::once(0).chain(starts).collect()
}
