//! Types as they are written (grammar `typeSpecifier`).

use crate::model::{Class, Spec};
use crate::resolve::problem::Mistake;
use crate::resolve::translator::Translator;
use crate::resolve::type_mistake::TypeMistake;
use crate::resolve::typed::{choice_of, interval_of, list_of};
use crate::resolve::types::spec_of_class;
use crate::syntax::{Name, Span, TypeKind, TypeSpecifier};

impl<'t> Translator<'t> {
    /// The type that is written; nothing when a mistake in it has been reported.
    pub fn type_of(&mut self, ty: &TypeSpecifier) -> Option<Spec> {
        match &ty.kind {
            TypeKind::Named(parts) => self.named_type(parts, ty.span),
            TypeKind::List(item) => self.type_of(item).map(list_of),
            TypeKind::Interval(point) => self.type_of(point).map(interval_of),
            TypeKind::Tuple(elements) => {
                let all = elements
                    .iter()
                    .map(|one| (&one.name.text, self.type_of(&one.ty)));
                let all: Vec<_> = all.collect();
                let some = all.into_iter().map(|(name, ty)| Some((name.clone(), ty?)));
                some.collect::<Option<_>>().map(Spec::Tuple)
            }
            TypeKind::Choice(types) => {
                let all: Vec<_> = types.iter().map(|ty| self.type_of(ty)).collect();
                all.into_iter().collect::<Option<Vec<_>>>().map(choice_of)
            }
            // What could not be read has been reported.
            TypeKind::Error => None,
        }
    }

    fn named_type(&mut self, parts: &[Name], span: Span) -> Option<Spec> {
        match self.written_class(parts) {
            Ok(class) => Some(spec_of_class(class)),
            Err(error) => self.refuse(error, span),
        }
    }

    /// The class of this name: one of the model before the first dot, if that is one; else one that goes by this label
    /// in any model, or has this name in the first of the models in use, or in the others.
    pub fn written_class(&self, parts: &[Name]) -> Result<Class<'t>, Mistake> {
        let texts = |parts: &[Name]| {
            let texts: Vec<&str> = parts.iter().map(|part| &*part.text).collect();
            texts.join(".")
        };
        if let Some((first, rest @ [_, ..])) = parts.split_first()
            && let Some(model) = self.names.model(&first.text)
        {
            let name = texts(rest);
            let labelled = self
                .models
                .get(model)
                .and_then(|model| model.labelled(&name));
            return match labelled {
                Some(class) => Ok(class),
                None => Ok(self.models.class(model, &name)?),
            };
        }
        let name = texts(parts);
        let usings = self.names.usings.iter();
        let models: Vec<_> = usings
            .filter_map(|using| self.models.get(&using.model))
            .collect();
        let labelled = models.iter().find_map(|model| model.labelled(&name));
        let first = self.names.default_model().unwrap_or("System");
        let of_first = || self.models.get(first).and_then(|model| model.class(&name));
        if let Some(class) = labelled.or_else(of_first) {
            return Ok(class);
        }
        let named: Vec<Class<'t>> = models
            .iter()
            .filter_map(|model| model.class(&name))
            .collect();
        match named.as_slice() {
            [only] => Ok(*only),
            [] => Ok(self.models.class(first, &name)?),
            several => {
                let candidates = several.iter().map(|class| spec_of_class(*class)).collect();
                Err(TypeMistake::AmbiguousType { candidates }.into())
            }
        }
    }
}
