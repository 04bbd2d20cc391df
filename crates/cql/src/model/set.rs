//! The models that a library uses, together.

use std::sync::Arc;

use salus_base::suggest;

use super::error::ModelError;
use super::spec::{Spec, TypeName};
use super::table::{Class, Context, Element, Model};

/// How many base types a type may have above it; more are a circle in the model info.
const BASES_MAX: usize = 64;

/// The models that a library uses, `System` among them.
#[derive(Debug, Clone)]
pub struct Models {
    all: Vec<Arc<Model>>,
}

impl Models {
    /// `System` alone.
    ///
    /// # Errors
    /// [`ModelError::Damaged`] when the program's own copy of it cannot be read.
    pub fn new() -> Result<Models, ModelError> {
        Ok(Models {
            all: vec![Model::shared("System", None)?],
        })
    }

    /// Adds a model, and the models that it requires and that Salus carries. One of the same name is replaced.
    ///
    /// # Errors
    /// [`ModelError::UnknownModel`] when a required model is not there, [`ModelError::Refused`] for QDM.
    pub fn add(&mut self, model: impl Into<Arc<Model>>) -> Result<(), ModelError> {
        let model: Arc<Model> = model.into();
        if model.name() == "QDM" {
            return Err(ModelError::Refused {
                name: model.name().into(),
            });
        }
        for (name, version) in model.required() {
            if self.get(name).is_none() {
                let required = Model::shared(name, version)?;
                self.all.push(required);
            }
        }
        self.all.retain(|other| other.name() != model.name());
        self.all.push(model);
        Ok(())
    }

    /// The models, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Model> {
        self.all.iter().map(|model| &**model)
    }

    /// The models, to be shared with others.
    pub fn shared(&self) -> impl Iterator<Item = Arc<Model>> {
        self.all.iter().cloned()
    }

    /// The model of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Model> {
        self.iter().find(|model| model.name() == name)
    }

    /// The model with this URI, which ELM names types with.
    #[must_use]
    pub fn of_url(&self, url: &str) -> Option<&Model> {
        self.iter().find(|model| model.url() == url)
    }

    /// A model that must be there.
    ///
    /// # Errors
    /// [`ModelError::UnknownModel`] names those that there are.
    pub fn model(&self, name: &str) -> Result<&Model, ModelError> {
        self.get(name).ok_or_else(|| ModelError::UnknownModel {
            name: name.into(),
            version: None,
            known: join(self.iter().map(Model::name)),
        })
    }

    /// A type of a model.
    ///
    /// # Errors
    /// [`ModelError::UnknownModel`] or [`ModelError::UnknownType`], with the name that may have been meant.
    pub fn class(&self, model: &str, name: &str) -> Result<Class<'_>, ModelError> {
        let model = self.model(model)?;
        model.class(name).ok_or_else(|| {
            let names = model.classes().map(Class::name);
            ModelError::UnknownType {
                model: model.name().into(),
                name: name.into(),
                suggestion: suggest::closest(name, names).map(Into::into),
            }
        })
    }

    /// A type by its name.
    ///
    /// # Errors
    /// As [`Models::class`].
    pub fn class_of(&self, name: &TypeName) -> Result<Class<'_>, ModelError> {
        self.class(&name.model, &name.name)
    }

    /// A type by its name, if it is there: the models name types that they do not describe.
    #[must_use]
    pub fn find(&self, name: &TypeName) -> Option<Class<'_>> {
        self.get(&name.model)?.class(&name.name)
    }

    /// The type and its base types, up to `System.Any`. A base type that is not there ends it.
    pub fn lineage<'m>(&'m self, class: Class<'m>) -> impl Iterator<Item = Class<'m>> {
        std::iter::successors(Some(class), |class| {
            let base = class.base()?.name()?;
            self.get(&base.model)?.class(&base.name)
        })
        .take(BASES_MAX)
    }

    /// An element of a type, its own or one of its base types.
    ///
    /// # Errors
    /// [`ModelError::UnknownElement`], with the name that may have been meant.
    pub fn element<'m>(&'m self, class: Class<'m>, name: &str) -> Result<Element<'m>, ModelError> {
        let mut elements = self.lineage(class).flat_map(Class::elements);
        elements
            .find(|element| element.name() == name)
            .ok_or_else(|| {
                let names = self
                    .lineage(class)
                    .flat_map(Class::elements)
                    .map(Element::name);
                ModelError::UnknownElement {
                    ty: class.to_string(),
                    name: name.into(),
                    suggestion: suggest::closest(name, names).map(Into::into),
                }
            })
    }

    /// Whether `sub` is `base` or a kind of it. Choices are kinds of what all their types are kinds of, and every type
    /// is a kind of a choice that has it.
    #[must_use]
    pub fn is_kind_of(&self, sub: &Spec, base: &Spec) -> bool {
        match (sub, base) {
            _ if sub == base || is_any(base) => true,
            (Spec::Choice(types), _) => {
                !types.is_empty() && types.iter().all(|one| self.is_kind_of(one, base))
            }
            (_, Spec::Choice(types)) => types.iter().any(|one| self.is_kind_of(sub, one)),
            (Spec::Named(name), Spec::Named(wanted)) => self.find(name).is_some_and(|class| {
                let mut lineage = self.lineage(class);
                lineage.any(|class| {
                    class.model().name() == &*wanted.model && class.name() == &*wanted.name
                })
            }),
            (Spec::List(sub), Spec::List(base)) | (Spec::Interval(sub), Spec::Interval(base)) => {
                self.is_kind_of(sub, base)
            }
            (Spec::Tuple(sub), Spec::Tuple(base)) => {
                sub.len() == base.len()
                    && sub.iter().all(|(name, ty)| {
                        let mut same = base.iter().filter(|(other, _)| other == name);
                        same.any(|(_, wanted)| self.is_kind_of(ty, wanted))
                    })
            }
            _ => false,
        }
    }

    /// A context of a model.
    ///
    /// # Errors
    /// [`ModelError::UnknownContext`] names those that there are.
    pub fn context(&self, model: &str, name: &str) -> Result<&Context, ModelError> {
        let model = self.model(model)?;
        let contexts = model.contexts();
        let found = contexts.iter().find(|context| &*context.name == name);
        found.ok_or_else(|| ModelError::UnknownContext {
            model: model.name().into(),
            name: name.into(),
            known: join(contexts.iter().map(|context| &*context.name)),
        })
    }
}

fn is_any(spec: &Spec) -> bool {
    spec.name()
        .is_some_and(|name| &*name.model == "System" && &*name.name == "Any")
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
