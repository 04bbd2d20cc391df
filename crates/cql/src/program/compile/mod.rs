//! From ELM to steps.

mod body;
mod list;
mod literal;
mod operator;
mod query;
mod reference;
mod retrieve;

use std::sync::Arc;

use foldhash::HashMap;

use self::body::Body;
use super::error::{ElmPlace, ProgramError, ProgramProblem};
use super::expression::{Block, Expression, ExpressionKind, Literal};
use super::link::{Counts, Linked, included, title};
use super::path::Path;
use super::types::Type;
use super::{Context, Definition, Function, Parameter, Program, cycles, settle};
use crate::elm::{Kind, Library, Node};
use crate::model::Models;
use crate::operators::Vocabulary;

/// How deep expressions may nest.
pub(super) const DEPTH_MAX: usize = 2_000;
/// So much of the stack is left when more is taken.
const STACK_LEFT_BYTES: usize = 128 << 10;
/// So much more is taken at once.
const STACK_MORE_BYTES: usize = 2 << 20;

/// Calls `work` on a stack that is large enough for one level more.
pub(crate) fn deeper<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK_LEFT_BYTES, STACK_MORE_BYTES, work)
}

/// What is made while all libraries are compiled.
pub(super) struct Compiler<'l> {
    pub models: &'l Models,
    pub libraries: Vec<Linked<'l>>,
    /// The types of the operands of all functions.
    pub signatures: Vec<Box<[Type]>>,
    pub constants: Vec<Literal>,
    pub vocabularies: Vec<Arc<Vocabulary>>,
    pub places: Vec<ElmPlace>,
    pub retrieve_count: u32,
    pub errors: Vec<ProgramError>,
}

pub(super) fn compile(
    main: &Library,
    includes: &[&Library],
    models: &Models,
) -> Result<Program, Vec<ProgramError>> {
    let mut compiler = Compiler {
        models,
        libraries: Vec::new(),
        signatures: Vec::new(),
        constants: Vec::new(),
        vocabularies: Vec::new(),
        places: Vec::new(),
        retrieve_count: 0,
        errors: Vec::new(),
    };
    compiler.link(main, includes);
    compiler.signatures();
    let program = compiler.program();
    match program {
        Ok(mut program) => {
            settle::settle(&mut program);
            Ok(program)
        }
        Err(errors) => Err(errors),
    }
}

impl<'l> Compiler<'l> {
    /// Finds all libraries that are included, and what each calls the others.
    fn link(&mut self, main: &'l Library, includes: &[&'l Library]) {
        let mut counts = Counts::default();
        let mut numbers: HashMap<String, usize> = HashMap::default();
        numbers.insert(title(main.identifier()), 0);
        self.libraries.push(Linked::new(main, &mut counts));
        let mut next = 0;
        while let Some(linked) = self.libraries.get(next) {
            let library = linked.library;
            let from = linked.title.clone();
            for include in library.definitions("includes") {
                match included(include, includes) {
                    Ok(found) => {
                        let number =
                            *numbers.entry(title(found.identifier())).or_insert_with(|| {
                                self.libraries.push(Linked::new(found, &mut counts));
                                self.libraries.len() - 1
                            });
                        let local = include.text("localIdentifier");
                        let local = local.or_else(|| include.text("path")).unwrap_or_default();
                        if let Some(linked) = self.libraries.get_mut(next) {
                            linked.includes.insert(local, number);
                        }
                    }
                    Err(problem) => self.errors.push(ProgramError {
                        problem,
                        place: place_of(include, &from, ""),
                    }),
                }
            }
            next += 1;
        }
        self.include_cycles();
    }

    fn include_cycles(&mut self) {
        let edges: Vec<Vec<u32>> = self
            .libraries
            .iter()
            .map(|linked| {
                let to = linked.includes.values();
                to.filter_map(|number| u32::try_from(*number).ok())
                    .collect()
            })
            .collect();
        if let Some(cycle) = cycles::find(&edges) {
            let title = |number: &u32| {
                self.libraries
                    .get(*number as usize)
                    .map(|l| l.title.clone())
            };
            let names: Vec<Arc<str>> = cycle.iter().filter_map(title).collect();
            let library = names.first().cloned().unwrap_or_default();
            self.errors.push(ProgramError {
                problem: ProgramProblem::Cycle {
                    what: "libraries",
                    names: names.iter().map(ToString::to_string).collect(),
                },
                place: ElmPlace {
                    library,
                    ..ElmPlace::default()
                },
            });
        }
    }

    /// Resolves the operands of all functions, so that calls can choose among them.
    fn signatures(&mut self) {
        for number in 0..self.libraries.len() {
            let Some(linked) = self.libraries.get(number) else {
                return;
            };
            let library = linked.library;
            for node in library
                .statements()
                .filter(|node| node.kind() == Kind::FunctionDef)
            {
                let operands = node.nodes("operand").map(|operand| {
                    match Type::in_fields(operand, "operandType", self.models) {
                        Ok(ty) => ty.unwrap_or(Type::Any),
                        Err(unknown) => {
                            let title = self.libraries.get(number).map(|l| l.title.clone());
                            self.errors.push(ProgramError {
                                problem: ProgramProblem::UnknownType { name: unknown.name },
                                place: place_of(
                                    operand,
                                    &title.unwrap_or_default(),
                                    node.text("name").unwrap_or_default(),
                                ),
                            });
                            Type::Any
                        }
                    }
                });
                let operands: Box<[Type]> = operands.collect();
                self.signatures.push(operands);
            }
        }
    }

    fn program(mut self) -> Result<Program, Vec<ProgramError>> {
        let mut definitions = Vec::new();
        let mut functions = Vec::new();
        let mut parameters = Vec::new();
        for number in 0..self.libraries.len() {
            let Some(linked) = self.libraries.get(number) else {
                break;
            };
            let (library, title) = (linked.library, linked.title.clone());
            let mut known = foldhash::HashSet::default();
            for node in library.statements() {
                let name = node.text("name").unwrap_or_default();
                if node.kind() == Kind::FunctionDef {
                    functions.push(self.function(number, &title, node, functions.len()));
                } else if known.insert(name) {
                    definitions.push(self.definition(number, &title, node));
                }
            }
            let mut known = foldhash::HashSet::default();
            for node in library.definitions("parameters") {
                if known.insert(node.text("name").unwrap_or_default()) {
                    parameters.push(self.parameter(number, node));
                }
            }
        }
        let main = self.libraries.first();
        let boxed = |names: &HashMap<&str, u32>| {
            let names = names
                .iter()
                .map(|(name, number)| (Box::from(*name), *number));
            names.collect::<HashMap<Box<str>, u32>>()
        };
        let program = Program {
            main: main
                .map(|linked| boxed(&linked.definitions))
                .unwrap_or_default(),
            main_functions: main.map_or_else(HashMap::default, |linked| {
                let functions = linked.functions.iter();
                functions
                    .map(|(name, all)| (Box::from(*name), all.clone()))
                    .collect()
            }),
            main_parameters: main
                .map(|linked| boxed(&linked.parameters))
                .unwrap_or_default(),
            definitions,
            functions,
            parameters,
            vocabularies: self.vocabularies,
            constants: self.constants,
            once_count: 0,
            retrieve_count: self.retrieve_count,
            places: self.places,
        };
        let mut errors = self.errors;
        errors.extend(cycles::of_program(&program));
        match errors.is_empty() {
            true => Ok(program),
            false => Err(errors),
        }
    }

    fn definition(&mut self, library: usize, title: &Arc<str>, node: &'l Node) -> Definition {
        let name: Arc<str> = node.text("name").unwrap_or_default().into();
        let mut body = Body::new(self, library, name.clone());
        let expression = body.field(node, "expression");
        let body = Block::new(expression, body.slots());
        Definition {
            name,
            library: title.clone(),
            context: match node.text("context") {
                Some("Unfiltered" | "Population") => Context::Unfiltered,
                Some(context) => Context::Specific(context.into()),
                None => Context::Specific("Patient".into()),
            },
            body,
        }
    }

    fn function(
        &mut self,
        library: usize,
        title: &Arc<str>,
        node: &'l Node,
        number: usize,
    ) -> Function {
        let name: Arc<str> = node.text("name").unwrap_or_default().into();
        let operands = self.signatures.get(number).cloned().unwrap_or_default();
        let mut body = Body::new(self, library, name.clone());
        for operand in node.nodes("operand") {
            body.declare(operand.text("name").unwrap_or_default());
        }
        let is_external = node.boolean("external") == Some(true);
        let expression = match is_external {
            true => Expression {
                place: body.place(node),
                kind: ExpressionKind::External(name.clone()),
            },
            false => body.field(node, "expression"),
        };
        Function {
            accessor: accessor(&expression, operands.len()),
            body: Block::new(expression, body.slots()),
            name,
            library: title.clone(),
            operands,
        }
    }

    fn parameter(&mut self, library: usize, node: &'l Node) -> Parameter {
        let name: Arc<str> = node.text("name").unwrap_or_default().into();
        let models = self.models;
        let mut body = Body::new(self, library, name.clone());
        let ty = match Type::in_fields(node, "parameterType", models) {
            Ok(ty) => ty.unwrap_or(Type::Any),
            Err(unknown) => {
                body.report(node, ProgramProblem::UnknownType { name: unknown.name });
                Type::Any
            }
        };
        let default = node.node("default").map(|node| body.expression(node));
        let slots = body.slots();
        let default = default.map(|default| Block::new(default, slots));
        Parameter { name, ty, default }
    }
}

/// The path that a function follows from its only operand, if that is all that it does.
fn accessor(body: &Expression, operands: usize) -> Option<Path> {
    match &body.kind {
        ExpressionKind::Property(property) if operands == 1 => match property.source.kind {
            ExpressionKind::Local(0) => Some(property.path.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn place_of(node: &Node, library: &Arc<str>, define: &str) -> ElmPlace {
    ElmPlace {
        library: library.clone(),
        define: define.into(),
        local_id: node.local_id().map(Into::into),
        locator: node.locator().map(Into::into),
    }
}
