//! Calls of functions that libraries define (Author's Guide §9, Developer's Guide §5).

use std::sync::Arc;

use salus_base::suggest;

use super::What;
use super::mistake::NameMistake;
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::resolve::library::Unit;
use crate::resolve::overload::{Chosen, OverloadError};
use crate::resolve::signature::Signature;
use crate::resolve::translator::Translator;
use crate::resolve::type_mistake::TypeMistake;
use crate::resolve::typed::{Typed, system};
use crate::syntax::Name;

/// A function that a call may mean.
struct Candidate {
    signature: Signature,
    fluent: bool,
    private: bool,
    origin: Origin,
}

/// Where it is defined.
enum Origin {
    /// In the library itself: which of its definitions it is.
    Here(usize),
    /// In another library: the type of its result, if it has no errors.
    Library(Option<Spec>),
}

impl Translator<'_> {
    /// A function that a library defines; nothing when there is none that is meant, which is no mistake: it may be one
    /// of the system.
    pub fn defined_function(
        &mut self,
        library: Option<&Name>,
        name: &Name,
        operands: &[Typed],
        fluent: bool,
    ) -> Option<Option<Typed>> {
        if let Some(library) = library {
            return Some(self.function_of_library(&library.text, name, operands, fluent));
        }
        let own = self.own_candidates(&name.text);
        if let Some(called) = self.called_function(None, name, operands, fluent, &own) {
            return Some(called);
        }
        if fluent {
            let includes: Vec<(Box<str>, Arc<Unit>)> = self
                .names
                .includes
                .iter()
                .filter_map(|include| Some((include.alias.clone(), include.unit.clone()?)))
                .collect();
            for (alias, unit) in includes {
                let mut candidates = candidates_of(&unit, &name.text);
                candidates.retain(|candidate| candidate.fluent);
                let called = self.called_function(Some(&alias), name, operands, true, &candidates);
                if let Some(called) = called {
                    return Some(called);
                }
            }
        }
        // What is none of the system's either is refused here, with what there is.
        let unknown_to_system = Kind::of(&name.text) == Kind::Unknown;
        (unknown_to_system && !own.is_empty()).then(|| self.no_overload(name, operands, &own))
    }

    fn function_of_library(
        &mut self,
        library: &str,
        name: &Name,
        operands: &[Typed],
        fluent: bool,
    ) -> Option<Typed> {
        // A library that could not be had has been reported.
        let unit = self.names.included(library)?.unit.clone()?;
        let candidates = candidates_of(&unit, &name.text);
        if candidates.is_empty() {
            let names = unit.exports.function_names();
            let suggestion = suggest::closest(&name.text, names).map(Into::into);
            return self.refuse(
                NameMistake::NotInLibrary {
                    library: library.into(),
                    name: name.text.clone(),
                    suggestion,
                },
                name.span,
            );
        }
        match self.called_function(Some(library), name, operands, fluent, &candidates) {
            Some(called) => called,
            None => self.no_overload(name, operands, &candidates),
        }
    }

    /// The functions of this name of the library itself. Those of a context that is another are there as well.
    fn own_candidates(&self, name: &str) -> Vec<Candidate> {
        let functions = self.names.functions(name).iter();
        let candidates = functions.filter_map(|at| {
            let What::Function(head) = &self.names.get(*at)?.what else {
                return None;
            };
            Some(Candidate {
                signature: head.signature.clone(),
                fluent: head.fluent,
                private: false,
                origin: Origin::Here(*at),
            })
        });
        candidates.collect()
    }

    /// The call of the function that is meant; nothing when none takes these operands.
    fn called_function(
        &mut self,
        library: Option<&str>,
        name: &Name,
        operands: &[Typed],
        fluent: bool,
        candidates: &[Candidate],
    ) -> Option<Option<Typed>> {
        let signatures: Vec<Signature> =
            candidates.iter().map(|one| one.signature.clone()).collect();
        let types: Vec<Spec> = operands.iter().map(|one| one.ty.clone()).collect();
        let chosen = match self.conversions.choose(&signatures, &types) {
            Ok(chosen) => chosen,
            Err(OverloadError::NoMatch { .. }) => return None,
            Err(source) => {
                let operator = name.text.clone();
                return Some(self.refuse(TypeMistake::Overload { operator, source }, name.span));
            }
        };
        let candidate = candidates.get(chosen.nth)?;
        if candidate.fluent && !fluent || fluent && !candidate.fluent {
            let (text, is_fluent) = (name.text.clone(), candidate.fluent);
            let mistake = NameMistake::Fluent {
                name: text,
                fluent: is_fluent,
            };
            return Some(self.refuse(mistake, name.span));
        }
        if let Some(library) = library
            && self
                .check_access(library, candidate.private, name)
                .is_none()
        {
            return Some(None);
        }
        let result = match &candidate.origin {
            Origin::Here(at) => self.result_of(*at, name.span),
            Origin::Library(result) => result.clone(),
        };
        let several = signatures
            .iter()
            .filter(|one| one.operands.len() == types.len());
        let several = several.count() > 1;
        let call = self.function_ref(library, name, operands, &chosen, several);
        Some(call.and_then(|call| Some(Typed::new(call, result?))))
    }

    fn function_ref(
        &mut self,
        library: Option<&str>,
        name: &Name,
        operands: &[Typed],
        chosen: &Chosen,
        several: bool,
    ) -> Option<Node> {
        let differs = operands.iter().map(|one| &one.ty).ne(&chosen.operands);
        let operands = self.as_chosen(operands.to_vec(), chosen, name.span)?;
        let mut node = Node::new(Kind::FunctionRef);
        if let Some(library) = library {
            node.set("libraryName", library);
        }
        node.set("name", &*name.text);
        self.sign(&mut node, &chosen.operands, several, differs);
        Some(node.with("operand", operands))
    }

    /// Writes which of the functions of a library a conversion means, if the options want it.
    pub fn sign_conversion(&self, node: &mut Node, library: &str, function: &str, from: &Spec) {
        let include = self.names.included(library);
        let included = include.and_then(|include| include.unit.as_ref());
        let Some(unit) = included.or(self.names.helpers.as_ref()) else {
            return;
        };
        let candidates = candidates_of(unit, function);
        let signatures: Vec<Signature> = candidates.into_iter().map(|one| one.signature).collect();
        let chosen = self
            .conversions
            .choose(&signatures, std::slice::from_ref(from));
        if let Ok(chosen) = chosen {
            let differs = chosen.operands.first() != Some(from);
            self.sign(node, &chosen.operands, signatures.len() > 1, differs);
        }
    }

    fn no_overload(
        &mut self,
        name: &Name,
        operands: &[Typed],
        candidates: &[Candidate],
    ) -> Option<Typed> {
        let source = OverloadError::NoMatch {
            operands: operands.iter().map(|one| one.ty.clone()).collect(),
            candidates: candidates.iter().map(|one| one.signature.clone()).collect(),
        };
        let operator = name.text.clone();
        self.refuse(TypeMistake::Overload { operator, source }, name.span)
    }

    /// Whether another function of the library takes exactly the same operands.
    pub(in crate::resolve) fn is_overload_taken(
        &self,
        name: &str,
        operands: &[Spec],
    ) -> Option<usize> {
        let functions = self.names.functions(name).iter().copied();
        functions.into_iter().find(|at| {
            self.names.get(*at).is_some_and(|one| match &one.what {
                What::Function(head) => head.signature.operands == operands,
                _ => false,
            })
        })
    }
}

fn candidates_of(unit: &Unit, name: &str) -> Vec<Candidate> {
    let functions = unit.exports.functions(name).iter();
    let candidates = functions.map(|function| Candidate {
        signature: Signature {
            operands: function.operands.clone(),
            result: function.result.clone().unwrap_or(system("Any")),
        },
        fluent: function.fluent,
        private: function.private,
        origin: Origin::Library(function.result.clone()),
    });
    candidates.collect()
}
