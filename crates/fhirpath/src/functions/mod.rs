//! The functions, one module for each section of the specification, each with its registration table.
//!
//! A function is an entry of a table: its [`Signature`], which the checker and the guide read, and what runs it. To add
//! one, add an entry; nothing else knows its name.

mod signature;

mod aggregates;
mod boundaries;
mod combining;
mod components;
mod conversion;
mod encoding;
mod existence;
mod fhir;
mod filtering;
mod math;
mod strings;
mod subsetting;
mod terminology;
mod tree;
mod types;
mod utility;
mod views;

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;
use salus_fhir::view::{ElementView, JsonElement};
use salus_values::{Decimal, Value};

pub use signature::{Argument, ArgumentKind, Input, Returns, Signature, Types};

use crate::evaluate::{self, Collection, Machine, Outcome, Part, Scope};
use crate::program::{CallStep, StepKind, TypeSpecifier};
use crate::syntax::Span;

/// What runs a function: on an input, with the arguments of a call.
pub(crate) type Run<V> =
    fn(&mut Machine<'_, V>, &Call<'_, V>, Collection<V>) -> Outcome<Collection<V>>;

/// An entry of a registration table.
pub(crate) struct Function<V> {
    signature: Signature,
    run: Run<V>,
}

impl<V> Function<V> {
    const fn new(signature: Signature, run: Run<V>) -> Function<V> {
        Function { signature, run }
    }
}

/// The functions of one section.
pub(crate) struct Section<'t, V> {
    /// The section of the specification.
    name: &'static str,
    functions: &'t [Function<V>],
}

/// All tables, in the order of the specification.
const fn sections<'t, V: ElementView + 't>() -> &'t [Section<'t, V>] {
    const {
        &[
            existence::section(),
            filtering::section(),
            subsetting::section(),
            combining::section(),
            conversion::section(),
            strings::section(),
            encoding::section(),
            math::section(),
            tree::section(),
            utility::section(),
            components::section(),
            boundaries::section(),
            types::section(),
            aggregates::section(),
            fhir::section(),
            terminology::section(),
            views::section(),
        ]
    }
}

/// A function of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FunctionId {
    section: u8,
    entry: u8,
}

/// The functions in the order of the specification, with the section that defines each.
pub fn signatures() -> impl Iterator<Item = (&'static str, &'static Signature)> {
    sections::<JsonElement<'static>>()
        .iter()
        .flat_map(|section| {
            section
                .functions
                .iter()
                .map(|entry| (section.name, &entry.signature))
        })
}

/// The function of this name.
#[must_use]
pub fn signature(name: &str) -> Option<&'static Signature> {
    find(name).map(|(_, signature)| signature)
}

/// As [`signature()`], with its place in the tables.
pub(crate) fn find(name: &str) -> Option<(FunctionId, &'static Signature)> {
    static BY_NAME: OnceLock<HashMap<&'static str, (FunctionId, &'static Signature)>> =
        OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        let sections = (0_u8..).zip(sections::<JsonElement<'static>>());
        let entries = sections.flat_map(|(section, table)| {
            (0_u8..).zip(table.functions).map(move |(entry, function)| {
                (
                    function.signature.name,
                    (FunctionId { section, entry }, &function.signature),
                )
            })
        });
        entries.collect()
    });
    by_name.get(name).copied()
}

/// What runs a function.
pub(crate) fn implementation<V: ElementView>(id: FunctionId) -> Option<Run<V>> {
    let section = sections::<V>().get(usize::from(id.section))?;
    section
        .functions
        .get(usize::from(id.entry))
        .map(|entry| entry.run)
}

/// A call: where it stands, its arguments, and what surrounds it.
pub(crate) struct Call<'c, V> {
    pub step: &'c CallStep,
    pub span: Span,
    pub scope: &'c Scope<'c, V>,
}

impl<V: ElementView> Call<'_, V> {
    fn name(&self) -> &'static str {
        self.step.name
    }

    /// The input, in messages.
    fn input(&self) -> Part {
        Part::Input(self.name())
    }

    /// An argument, in messages.
    fn part(&self, position: usize) -> Part {
        Part::Argument(self.name(), position)
    }

    /// How many arguments there are.
    fn len(&self) -> usize {
        self.step.arguments.len()
    }

    fn has(&self, position: usize) -> bool {
        position < self.len()
    }

    /// The value of an argument, evaluated on what surrounds the call; empty when it is left out.
    fn argument(&self, machine: &mut Machine<'_, V>, position: usize) -> Outcome<Collection<V>> {
        match self.step.arguments.get(position) {
            Some(argument) => machine.nested(argument, self.scope),
            None => Ok(Collection::new()),
        }
    }

    fn string(&self, machine: &mut Machine<'_, V>, position: usize) -> Outcome<Option<Arc<str>>> {
        let found = self.argument(machine, position)?;
        evaluate::string(&found, self.part(position), self.span)
    }

    fn integer(&self, machine: &mut Machine<'_, V>, position: usize) -> Outcome<Option<i32>> {
        let found = self.argument(machine, position)?;
        evaluate::integer(&found, self.part(position), self.span)
    }

    fn decimal(&self, machine: &mut Machine<'_, V>, position: usize) -> Outcome<Option<Decimal>> {
        let found = self.argument(machine, position)?;
        evaluate::decimal(&found, self.part(position), self.span)
    }

    /// What an argument gives for one item of the input.
    fn lambda(
        &self,
        machine: &mut Machine<'_, V>,
        position: usize,
        item: &Value<V>,
        index: usize,
    ) -> Outcome<Collection<V>> {
        let scope = Scope {
            this: std::slice::from_ref(item),
            index: Some(index),
            total: self.scope.total,
        };
        match self.step.arguments.get(position) {
            Some(argument) => machine.nested(argument, &scope),
            None => Ok(Collection::new()),
        }
    }

    /// What an argument gives for the whole input.
    fn branch(
        &self,
        machine: &mut Machine<'_, V>,
        position: usize,
        input: &[Value<V>],
    ) -> Outcome<Collection<V>> {
        let scope = Scope {
            this: input,
            index: self.scope.index,
            total: self.scope.total,
        };
        match self.step.arguments.get(position) {
            Some(argument) => machine.nested(argument, &scope),
            None => Ok(Collection::new()),
        }
    }

    /// Whether the criterion in an argument holds for one item.
    fn criterion(
        &self,
        machine: &mut Machine<'_, V>,
        position: usize,
        item: &Value<V>,
        index: usize,
    ) -> Outcome<Option<bool>> {
        let found = self.lambda(machine, position, item, index)?;
        evaluate::boolean(&found, self.part(position), self.span)
    }

    /// The type that an argument names.
    fn ty(&self, position: usize) -> Option<TypeSpecifier> {
        match self.step.arguments.get(position).map(|step| &step.kind) {
            Some(StepKind::Type(ty)) => Some(*ty),
            _ => None,
        }
    }

    /// The one item of the input as text.
    fn text(&self, input: &[Value<V>]) -> Outcome<Option<Arc<str>>> {
        evaluate::string(input, self.input(), self.span)
    }
}
