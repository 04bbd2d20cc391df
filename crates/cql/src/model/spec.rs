//! Types as model infos name them.

use std::fmt;

use super::error::ModelError;

/// How many angle brackets a type may open.
const NESTING_MAX: usize = 32;

/// The name of a type and the model that it is in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeName {
    /// The model.
    pub model: Box<str>,
    /// The name in the model: `Patient`, `Patient.Contact`.
    pub name: Box<str>,
}

impl TypeName {
    /// A type of a model.
    pub fn new(model: impl Into<Box<str>>, name: impl Into<Box<str>>) -> TypeName {
        TypeName {
            model: model.into(),
            name: name.into(),
        }
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.model, self.name)
    }
}

/// A type: a class or a simple type, or one made of others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Spec {
    /// A type of a model.
    Named(TypeName),
    /// `List<T>`
    List(Box<Spec>),
    /// `Interval<T>`
    Interval(Box<Spec>),
    /// `Choice<T, …>`
    Choice(Vec<Spec>),
    /// `Tuple { name T, … }`
    Tuple(Vec<(Box<str>, Spec)>),
}

impl Spec {
    /// Reads a type as attributes have it: `FHIR.Patient`, `Interval<System.DateTime>`. A name without a model is one
    /// of `model`; what stands before the first dot is a model if it is one of `models`.
    ///
    /// # Errors
    /// [`ModelError::NotAType`] for anything else.
    pub fn parse(text: &str, model: &str, models: &[&str]) -> Result<Spec, ModelError> {
        let text = text.trim();
        let refused = || ModelError::NotAType {
            text: text.to_owned(),
        };
        if text.matches('<').count() > NESTING_MAX {
            return Err(refused());
        }
        if let Some((outer, rest)) = text.split_once('<') {
            let inner = rest.strip_suffix('>').ok_or_else(refused)?;
            let one = |inner| Spec::parse(inner, model, models).map(Box::new);
            return match outer.trim().to_ascii_lowercase().as_str() {
                "list" => one(inner).map(Spec::List),
                "interval" => one(inner).map(Spec::Interval),
                "choice" => split_commas(inner)
                    .map(|part| Spec::parse(part, model, models))
                    .collect::<Result<_, _>>()
                    .map(Spec::Choice),
                _ => Err(refused()),
            };
        }
        let plain = |character: char| !matches!(character, '<' | '>' | ',' | '{' | '}');
        if text.is_empty() || !text.chars().all(plain) {
            return Err(refused());
        }
        Ok(Spec::Named(match text.split_once('.') {
            Some((before, name)) if models.contains(&before) => TypeName::new(before, name),
            _ => TypeName::new(model, text),
        }))
    }

    /// The type itself, or the types of a choice.
    pub fn alternatives(&self) -> &[Spec] {
        match self {
            Spec::Choice(types) => types,
            one => std::slice::from_ref(one),
        }
    }

    /// The type's name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&TypeName> {
        match self {
            Spec::Named(name) => Some(name),
            _ => None,
        }
    }
}

/// The parts between commas that stand in no angle brackets.
pub(crate) fn split_commas(text: &str) -> impl Iterator<Item = &str> {
    let mut level = 0_i32;
    text.split(move |character| {
        level += i32::from(character == '<') - i32::from(character == '>');
        character == ',' && level == 0
    })
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spec::Named(name) => name.fmt(f),
            Spec::List(of) => write!(f, "List<{of}>"),
            Spec::Interval(of) => write!(f, "Interval<{of}>"),
            Spec::Choice(types) => {
                let types: Vec<String> = types.iter().map(Spec::to_string).collect();
                write!(f, "Choice<{}>", types.join(", "))
            }
            Spec::Tuple(elements) => {
                let elements: Vec<String> = elements
                    .iter()
                    .map(|(name, ty)| format!("{name} {ty}"))
                    .collect();
                write!(f, "Tuple {{ {} }}", elements.join(", "))
            }
        }
    }
}
