//! References: to defines, functions, parameters, names in scope, and terminology.

use std::sync::Arc;

use salus_base::suggest;

use super::body::Body;
use crate::elm::{Kind, Node};
use crate::operators::Vocabulary;
use crate::program::error::ProgramProblem;
use crate::program::expression::{
    Dispatch, Expression, ExpressionKind, Membership, Property, VocabularyOperand,
};
use crate::program::link::Linked;
use crate::program::path::Path;
use crate::program::types::{SystemType, Type};

impl<'l> Body<'_, 'l> {
    pub(super) fn reference(&mut self, node: &'l Node) -> ExpressionKind {
        let name = node.text("name").unwrap_or_default();
        match node.kind() {
            Kind::ExpressionRef => self.definition(node, name),
            Kind::FunctionRef => self.call(node, name),
            Kind::ParameterRef => self.parameter(node, name),
            Kind::OperandRef | Kind::AliasRef | Kind::QueryLetRef => match self.named(name) {
                Some(slot) => ExpressionKind::Local(slot),
                None => self.unknown_name(node, "alias", name),
            },
            Kind::IterationRef | Kind::Current | Kind::Iteration | Kind::Total => {
                match self.iteration(node) {
                    Some(slot) => ExpressionKind::Local(slot),
                    None => self.unknown_name(node, "scope", node.text("scope").unwrap_or(name)),
                }
            }
            Kind::IdentifierRef => self.identifier(node, name),
            Kind::ValueSetRef => match self.value_set(node) {
                // Before CQL 1.5 a reference to a value set was the list of its codes.
                Some(number) if node.boolean("preserve") == Some(true) => {
                    ExpressionKind::Vocabulary(SystemType::ValueSet, number)
                }
                Some(number) => ExpressionKind::ValueSet(number),
                None => ExpressionKind::Null,
            },
            Kind::CodeSystemRef => match self.code_system_vocabulary(node) {
                Some(number) => ExpressionKind::Vocabulary(SystemType::CodeSystem, number),
                None => ExpressionKind::Null,
            },
            Kind::ExpandValueSet => self.expand(node),
            _ => self.membership(node),
        }
    }

    /// The library that a reference in `library` names; its own when it names none.
    pub(super) fn library_of(&mut self, node: &Node, library: usize) -> Option<usize> {
        let Some(name) = node.text("libraryName") else {
            return Some(library);
        };
        let linked = self.compiler.libraries.get(library)?;
        let found = linked.includes.get(name).copied();
        // A library that is included and not there was named as such.
        let is_included = linked.library.definitions("includes");
        let mut is_included = is_included.map(|include| include.text("localIdentifier"));
        if found.is_none() && !is_included.any(|local| local == Some(name)) {
            self.unknown_name(node, "library", name);
        }
        found
    }

    /// Reports a name that is not there, with the one that may have been meant.
    pub(super) fn unknown_name(
        &mut self,
        node: &Node,
        what: &'static str,
        name: &str,
    ) -> ExpressionKind {
        let linked = self.compiler.libraries.get(self.library);
        let suggestion = match (what, linked) {
            ("define", Some(linked)) => suggest::closest(name, linked.definitions.keys().copied()),
            ("function", Some(linked)) => suggest::closest(name, linked.functions.keys().copied()),
            ("parameter", Some(linked)) => {
                suggest::closest(name, linked.parameters.keys().copied())
            }
            ("code", Some(linked)) => suggest::closest(name, linked.codes.keys().copied()),
            ("concept", Some(linked)) => suggest::closest(name, linked.concepts.keys().copied()),
            ("value set", Some(linked)) => {
                suggest::closest(name, linked.value_sets.keys().copied())
            }
            ("code system", Some(linked)) => {
                suggest::closest(name, linked.code_systems.keys().copied())
            }
            ("library", Some(linked)) => suggest::closest(name, linked.includes.keys().copied()),
            _ => suggest::closest(name, self.names_in_scope()),
        };
        let problem = ProgramProblem::UnknownName {
            what,
            name: name.to_owned(),
            suggestion: suggestion.map(str::to_owned),
        };
        self.report(node, problem)
    }

    fn definition(&mut self, node: &Node, name: &str) -> ExpressionKind {
        let Some(library) = self.library_of(node, self.library) else {
            return ExpressionKind::Null;
        };
        let linked = self.compiler.libraries.get(library);
        let is_elsewhere = library != self.library;
        let is_hidden = |linked: &&Linked<'_>| is_elsewhere && linked.private.contains(name);
        let linked = linked.filter(|linked| !is_hidden(linked));
        match linked.and_then(|linked| linked.definitions.get(name)) {
            Some(number) => ExpressionKind::Define(*number),
            None => self.unknown_name(node, "define", name),
        }
    }

    fn parameter(&mut self, node: &Node, name: &str) -> ExpressionKind {
        let Some(library) = self.library_of(node, self.library) else {
            return ExpressionKind::Null;
        };
        let linked = self.compiler.libraries.get(library);
        match linked.and_then(|linked| linked.parameters.get(name)) {
            Some(number) => ExpressionKind::Parameter(*number),
            None => self.unknown_name(node, "parameter", name),
        }
    }

    /// A name that the translator left open: in a `sort`, an element of the item.
    fn identifier(&mut self, node: &Node, name: &str) -> ExpressionKind {
        if let Some(slot) = self.named(name) {
            return ExpressionKind::Local(slot);
        }
        if let (Some(slot), Some(path)) = (self.sorted, Path::parse(name)) {
            let source = self.step(node, ExpressionKind::Local(slot));
            return ExpressionKind::Property(Box::new(Property { source, path }));
        }
        let linked = self.compiler.libraries.get(self.library);
        match linked.and_then(|linked| linked.definitions.get(name)) {
            Some(number) => ExpressionKind::Define(*number),
            None => self.unknown_name(node, "define", name),
        }
    }

    fn call(&mut self, node: &'l Node, name: &str) -> ExpressionKind {
        let arguments = self.all(node, "operand");
        let Some(library) = self.library_of(node, self.library) else {
            return ExpressionKind::Null;
        };
        let linked = self.compiler.libraries.get(library);
        let Some(overloads) = linked.and_then(|linked| linked.functions.get(name)) else {
            return self.unknown_name(node, "function", name);
        };
        let signature = |number: &u32| self.compiler.signatures.get(*number as usize);
        let mut candidates: Vec<(u32, Box<[Type]>)> = Vec::new();
        for number in overloads {
            // Enumerations of the model are one type in the data: the first of those that are the same will do.
            let types = signature(number).filter(|types| types.len() == arguments.len());
            if let Some(types) = types
                && !candidates.iter().any(|(_, known)| known == types)
            {
                candidates.push((*number, types.clone()));
            }
        }
        if candidates.is_empty() {
            let all = overloads.iter().filter_map(signature);
            let all = all
                .map(|types| format!("{name}({})", list(types)))
                .collect();
            let problem = ProgramProblem::NoOverload {
                name: name.to_owned(),
                count: arguments.len(),
                candidates: all,
            };
            return self.report(node, problem);
        }
        self.chosen(node, name, candidates, arguments)
    }

    /// The call of the function that the signature, or the types of the operands, say; else of the one that the values
    /// will say.
    fn chosen(
        &mut self,
        node: &'l Node,
        name: &str,
        candidates: Vec<(u32, Box<[Type]>)>,
        arguments: Box<[Expression]>,
    ) -> ExpressionKind {
        if let [(function, _)] = candidates.as_slice() {
            let function = *function;
            return ExpressionKind::Call {
                function,
                arguments,
            };
        }
        let models = self.compiler.models;
        let signature: Option<Vec<Type>> = node
            .signature()
            .map(|specifier| Type::of_specifier(specifier, models).ok())
            .collect();
        let types: Option<Vec<Type>> = node
            .operands()
            .map(
                |operand| match Type::in_fields(operand, "resultTypeName", models) {
                    Ok(Some(ty)) => Some(ty),
                    _ => {
                        let specifier = operand.result_type_specifier()?;
                        Type::of_specifier(specifier, models).ok()
                    }
                },
            )
            .collect();
        for wanted in [signature, types].into_iter().flatten() {
            let found = candidates.iter().find(|(_, types)| **types == *wanted);
            if let Some((function, _)) = found {
                let function = *function;
                return ExpressionKind::Call {
                    function,
                    arguments,
                };
            }
        }
        let mut candidates = candidates;
        // The closest first, so that the first that takes the values is the one.
        candidates.sort_by_key(|(_, types)| {
            std::cmp::Reverse(types.iter().map(Type::closeness).sum::<usize>())
        });
        ExpressionKind::Dispatch(Box::new(Dispatch {
            name: name.into(),
            candidates: candidates.into(),
            arguments,
        }))
    }

    /// The number of a value set.
    pub(super) fn value_set(&mut self, node: &Node) -> Option<u32> {
        let library = self.library_of(node, self.library)?;
        let name = node.text("name").unwrap_or_default();
        let linked = self.compiler.libraries.get(library)?;
        let Some(definition) = linked.value_sets.get(name).copied() else {
            self.unknown_name(node, "value set", name);
            return None;
        };
        let systems = definition.nodes("codeSystem");
        let code_systems: Option<Arc<[Vocabulary]>> = systems
            .map(|system| {
                let system = self.code_system(system, library)?;
                Some(vocabulary(system, Arc::new([])))
            })
            .collect();
        Some(self.add(vocabulary(definition, code_systems?)))
    }

    fn code_system_vocabulary(&mut self, node: &Node) -> Option<u32> {
        let definition = self.code_system(node, self.library)?;
        Some(self.add(vocabulary(definition, Arc::new([]))))
    }

    /// The definition of a code system that `library` names.
    pub(super) fn code_system(&mut self, node: &Node, library: usize) -> Option<&'l Node> {
        let library = self.library_of(node, library)?;
        let name = node.text("name").unwrap_or_default();
        let linked = self.compiler.libraries.get(library)?;
        let found = linked.code_systems.get(name).copied();
        if found.is_none() {
            self.unknown_name(node, "code system", name);
        }
        found
    }

    fn add(&mut self, vocabulary: Vocabulary) -> u32 {
        let all = &mut self.compiler.vocabularies;
        let known = all.iter().position(|known| **known == vocabulary);
        let number = known.unwrap_or_else(|| {
            all.push(Arc::new(vocabulary));
            all.len() - 1
        });
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    pub(super) fn vocabulary(&self, number: u32) -> Option<Arc<Vocabulary>> {
        self.compiler.vocabularies.get(number as usize).cloned()
    }

    fn expand(&mut self, node: &'l Node) -> ExpressionKind {
        match node.node("operand") {
            Some(operand) if operand.kind() == Kind::ValueSetRef => match self.value_set(operand) {
                Some(number) => ExpressionKind::ValueSet(number),
                None => ExpressionKind::Null,
            },
            _ => self.expand_value(node),
        }
    }

    /// A value set that only the evaluation knows.
    fn expand_value(&mut self, node: &'l Node) -> ExpressionKind {
        let operand = self.field(node, "operand");
        ExpressionKind::Expand(Box::new(operand))
    }

    fn membership(&mut self, node: &'l Node) -> ExpressionKind {
        let is_value_set = matches!(node.kind(), Kind::InValueSet | Kind::AnyInValueSet);
        let code = match node.kind() {
            Kind::AnyInValueSet | Kind::AnyInCodeSystem => self.field(node, "codes"),
            _ => self.field(node, "code"),
        };
        let (reference, expression) = match is_value_set {
            true => ("valueset", "valuesetExpression"),
            false => ("codesystem", "codesystemExpression"),
        };
        let vocabulary = match (node.node(reference), is_value_set) {
            (Some(reference), true) => self.value_set(reference),
            (Some(reference), false) => self.code_system_vocabulary(reference),
            (None, _) => None,
        };
        let vocabulary = match vocabulary.and_then(|number| self.vocabulary(number)) {
            Some(known) => VocabularyOperand::Known(known),
            // What was named and is not there is reported.
            None if node.node(reference).is_some() => return ExpressionKind::Null,
            None => VocabularyOperand::Expression(self.field(node, expression)),
        };
        let membership = Box::new(Membership { code, vocabulary });
        match is_value_set {
            true => ExpressionKind::InValueSet(membership),
            false => ExpressionKind::InCodeSystem(membership),
        }
    }
}

fn vocabulary(definition: &Node, code_systems: Arc<[Vocabulary]>) -> Vocabulary {
    Vocabulary {
        id: definition.text("id").unwrap_or_default().into(),
        version: definition.text("version").map(Into::into),
        name: definition.text("name").map(Into::into),
        code_systems,
    }
}

fn list(types: &[Type]) -> String {
    let types: Vec<String> = types.iter().map(Type::to_string).collect();
    types.join(", ")
}
