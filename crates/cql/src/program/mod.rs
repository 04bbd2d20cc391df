//! A program: a library and all that it includes, linked and compiled from ELM.
//!
//! ```text
//!   elm::Library ─┐
//!   includes ─────┼─► link: names ─► compile: one tree of steps for each define ─► settle ─► Program
//!   models ───────┘                                                                  │
//!                                  what never changes is found, and evaluated once ◄─┘
//! ```
//!
//! A program knows no records and no clock: it is compiled once, shared between threads, and evaluated as often as
//! wanted ([`crate::evaluate`]).

mod compile;
mod cycles;
mod error;
mod expression;
mod link;
mod operator;
mod path;
mod retrieve;
mod settle;
mod types;
mod visit;

use std::sync::Arc;

use foldhash::HashMap;

pub use error::{ElmPlace, ProgramError, ProgramProblem};
pub use retrieve::Retrieve;

pub(crate) use expression::{
    Block, Bound, Case, Closed, Conversion, Dispatch, Expression, ExpressionKind, Fold, Instance,
    Interval, Literal, Membership, Property, Query, QueryResult, Relationship, Scoped, Side, Sort,
    SortKey, SortList, VocabularyOperand,
};
pub(crate) use path::{Access, Path, PathStep};
pub(crate) use retrieve::{CodesOperand, DatePath};
pub(crate) use types::{InstanceType, SystemType, Type};

use crate::elm::Library;
use crate::model::Models;
use crate::operators::Vocabulary;

/// A library and all that it includes, ready to be evaluated. It may be shared between threads.
#[derive(Debug)]
pub struct Program {
    pub(crate) definitions: Vec<Definition>,
    pub(crate) functions: Vec<Function>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) vocabularies: Vec<Arc<Vocabulary>>,
    pub(crate) constants: Vec<Literal>,
    /// How many steps are kept for all records.
    pub(crate) once_count: u32,
    pub(crate) retrieve_count: u32,
    places: Vec<ElmPlace>,
    /// The defines of the main library by name.
    main: HashMap<Box<str>, u32>,
    /// The functions of the main library by name.
    main_functions: HashMap<Box<str>, Vec<u32>>,
    main_parameters: HashMap<Box<str>, u32>,
}

/// A define.
#[derive(Debug)]
pub(crate) struct Definition {
    pub name: Arc<str>,
    pub library: Arc<str>,
    pub context: Context,
    pub body: Block,
}

/// For what a define is evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Context {
    /// For all records at once: `Unfiltered`, in older ELM `Population`.
    Unfiltered,
    /// For one of what the context is about: `Patient`, `Practitioner`.
    Specific(Arc<str>),
}

impl Definition {
    /// Whether it is evaluated for one patient or the like.
    pub fn is_specific(&self) -> bool {
        matches!(self.context, Context::Specific(_))
    }
}

/// A function.
#[derive(Debug)]
pub(crate) struct Function {
    pub name: Arc<str>,
    pub library: Arc<str>,
    /// The types of its operands; they are the first slots of its frame.
    pub operands: Box<[Type]>,
    pub body: Block,
    /// The path, when all that it does is to follow one from its only operand, as `FHIRHelpers.ToString` does.
    pub accessor: Option<Path>,
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub name: Arc<str>,
    pub ty: Type,
    pub default: Option<Block>,
}

impl Program {
    /// Links and compiles a library with those that it includes, directly or not; the order of `includes` does not
    /// matter. `models` are those that the libraries use.
    ///
    /// # Errors
    /// All that is wrong with all of the libraries.
    pub fn new(
        main: &Library,
        includes: &[&Library],
        models: &Models,
    ) -> Result<Program, Vec<ProgramError>> {
        compile::compile(main, includes, models)
    }

    /// The defines of the main library, in its order: those that may be asked for.
    pub fn defines(&self) -> impl Iterator<Item = &str> {
        self.main_definitions().map(|(_, found)| &*found.name)
    }

    pub(crate) fn main_definitions(&self) -> impl Iterator<Item = (u32, &Definition)> {
        // Definitions stand in the order of the libraries, the main one first.
        (0..).zip(&self.definitions).take(self.main.len())
    }

    /// The number of a define of the main library.
    pub(crate) fn define(&self, name: &str) -> Option<u32> {
        self.main.get(name).copied()
    }

    /// The functions of the main library that have this name.
    pub(crate) fn functions_named(&self, name: &str) -> &[u32] {
        self.main_functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// The parameters of the main library.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters
            .iter()
            .take(self.main_parameters.len())
            .map(|parameter| &*parameter.name)
    }

    /// All retrieves of all libraries: what records they may ask for.
    #[must_use]
    pub fn retrieves(&self) -> Vec<&Retrieve> {
        let definitions = self.definitions.iter().map(|one| &one.body);
        let functions = self.functions.iter().map(|one| &one.body);
        let defaults = self
            .parameters
            .iter()
            .filter_map(|one| one.default.as_ref());
        let mut found = Vec::new();
        for block in definitions.chain(functions).chain(defaults) {
            retrieves_of(&block.root, &mut found);
        }
        found
    }

    /// Whether a define looks at all subjects at once: in the context Unfiltered it retrieves, or asks for a define of
    /// each patient.
    #[must_use]
    pub fn looks_at_all(&self) -> bool {
        let mut unfiltered = self.definitions.iter().filter(|one| !one.is_specific());
        unfiltered.any(|definition| self.reads_records(&definition.body.root))
    }

    fn reads_records(&self, expression: &Expression) -> bool {
        let mut reads = match &expression.kind {
            ExpressionKind::Retrieve(_) => true,
            ExpressionKind::Define(number) => self
                .definitions
                .get(*number as usize)
                .is_some_and(Definition::is_specific),
            _ => false,
        };
        compile::deeper(|| {
            expression.children(&mut |child| reads = reads || self.reads_records(child));
        });
        reads
    }

    /// How many retrieves there are: one more than the greatest [`Retrieve::number`].
    #[must_use]
    pub fn retrieve_count(&self) -> usize {
        self.retrieve_count as usize
    }

    /// Where a step is in ELM.
    pub(crate) fn place(&self, number: u32) -> Option<&ElmPlace> {
        self.places.get(number as usize)
    }
}

fn retrieves_of<'p>(expression: &'p Expression, found: &mut Vec<&'p Retrieve>) {
    if let ExpressionKind::Retrieve(retrieve) = &expression.kind {
        found.push(retrieve);
    }
    compile::deeper(|| expression.children(&mut |child| retrieves_of(child, found)));
}
