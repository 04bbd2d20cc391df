//! References to definitions of the same library, which may come later in the text.

use super::mistake::NameMistake;
use super::{State, What, reference};
use crate::model::Spec;
use crate::resolve::translator::Translator;
use crate::resolve::typed::{Typed, list_of};
use crate::syntax::Span;

/// How many definitions may be waiting for each other. Definitions are translated after those that they need, so this
/// is reached only by those that need each other.
const OPEN_MAX: usize = 64;

impl Translator<'_> {
    /// A reference to a definition of the library.
    pub(super) fn definition_ref(&mut self, at: usize, span: Span) -> Option<Typed> {
        let definition = self.names.get(at)?;
        let name = definition.name.text.clone();
        let Some(node) = reference(&definition.what) else {
            return self.refuse(NameMistake::LibraryAsValue { name }, span);
        };
        if self.names.constant {
            return self.refuse(NameMistake::NotConstant { name }, span);
        }
        let in_context = matches!(definition.what, What::Expression | What::Context);
        let context = in_context.then(|| definition.context.clone());
        let ty = self.result_of(at, span)?;
        let ty = self.seen_from_here(ty, context.as_deref());
        Some(Typed::new(node.with("name", &*name), ty))
    }

    /// The type of the result of a definition, which is translated now if it was not yet. Nothing when it has errors,
    /// which have been reported, or needs itself.
    pub(super) fn result_of(&mut self, at: usize, span: Span) -> Option<Spec> {
        match &self.names.get(at)?.state {
            State::Done(ty) => Some(ty.clone()),
            State::Failed => None,
            State::Open => self.circular(at, span),
            State::Waiting if self.names.open.len() >= OPEN_MAX => self.circular(at, span),
            State::Waiting => {
                self.translate_definition(at);
                match &self.names.get(at)?.state {
                    State::Done(ty) => Some(ty.clone()),
                    _ => None,
                }
            }
        }
    }

    fn circular<T>(&mut self, at: usize, span: Span) -> Option<T> {
        let name = |at: &usize| Some(&*self.names.get(*at)?.name.text);
        let open = &self.names.open;
        let start = open.iter().position(|one| *one == at).unwrap_or_default();
        let around = open.iter().skip(start).chain(std::iter::once(&at));
        let path: Vec<&str> = around.filter_map(name).collect();
        let mistake = NameMistake::Circular {
            name: name(&at)?.into(),
            path: shortened(&path).into(),
        };
        self.refuse(mistake, span)
    }

    /// The type of a definition of another context, seen from this one: without a context there is a result for each
    /// patient (Developer's Guide §1, Contexts).
    pub(super) fn seen_from_here(&self, ty: Spec, context: Option<&str>) -> Spec {
        let everyone = is_unfiltered(&self.names.context);
        match context {
            Some(context) if everyone && !is_unfiltered(context) => match ty {
                Spec::List(item) => Spec::List(item),
                one => list_of(one),
            },
            _ => ty,
        }
    }
}

/// The way round; of a long one, its start and its end.
fn shortened(path: &[&str]) -> String {
    match path {
        [one, two, three, .., before, last] if path.len() > 8 => {
            [one, two, three, "…", before, last].join(" → ")
        }
        all => all.join(" → "),
    }
}

/// Whether a context is that of everyone's data.
pub(in crate::resolve) fn is_unfiltered(context: &str) -> bool {
    matches!(context, "Unfiltered" | "Population" | "")
}
