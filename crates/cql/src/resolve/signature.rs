//! Signatures: the types of operands and result, with variables.

use std::fmt;

use crate::model::{ModelError, Spec, TypeName, split_commas};

/// The model of type variables: no model has this name.
const VARIABLE: &str = "";

/// The types that an operator or function takes and returns. A single capital letter is a variable, which stands for
/// any type, the same one wherever it stands: `List<T>, T -> Boolean`. `C` stands for classes only, `R` for tuples, `H`
/// for choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The types of its operands.
    pub operands: Vec<Spec>,
    /// The type of its result.
    pub result: Spec,
}

impl Signature {
    /// Reads a signature over the types of System.
    ///
    /// # Errors
    /// [`ModelError::NotAType`] when there is no `->`, or what stands around it are no types.
    pub fn parse(text: &str) -> Result<Signature, ModelError> {
        let (operands, result) = text.split_once("->").ok_or_else(|| ModelError::NotAType {
            text: text.to_owned(),
        })?;
        let spec = |text: &str| Spec::parse(text, "System", &["System"]).map(variables);
        let operands = match operands.trim() {
            "" => Vec::new(),
            some => split_commas(some).map(spec).collect::<Result<_, _>>()?,
        };
        Ok(Signature {
            operands,
            result: spec(result)?,
        })
    }
}

impl Signature {
    /// Whether there are variables in it.
    pub(super) fn has_variables(&self) -> bool {
        self.operands.iter().any(has_variables)
    }
}

fn has_variables(spec: &Spec) -> bool {
    variable(spec).is_some()
        || match spec {
            Spec::List(of) | Spec::Interval(of) => has_variables(of),
            Spec::Choice(types) => types.iter().any(has_variables),
            Spec::Named(_) | Spec::Tuple(_) => false,
        }
}

/// The type with single capital letters as variables.
fn variables(spec: Spec) -> Spec {
    match spec {
        Spec::Named(name) if is_letter(&name.name) => {
            Spec::Named(TypeName::new(VARIABLE, name.name))
        }
        Spec::List(of) => Spec::List(Box::new(variables(*of))),
        Spec::Interval(of) => Spec::Interval(Box::new(variables(*of))),
        Spec::Choice(types) => Spec::Choice(types.into_iter().map(variables).collect()),
        other => other,
    }
}

fn is_letter(name: &str) -> bool {
    matches!(name.as_bytes(), [letter] if letter.is_ascii_uppercase())
}

/// The name of the variable, if the type is one.
pub(super) fn variable(spec: &Spec) -> Option<&str> {
    spec.name()
        .filter(|name| &*name.model == VARIABLE)
        .map(|name| &*name.name)
}

/// The type with variables replaced by what they stand for; `System.Any` for those that stand for nothing.
pub(super) fn replace(spec: &Spec, of: &impl Fn(&str) -> Option<Spec>) -> Spec {
    if let Some(name) = variable(spec) {
        return of(name).unwrap_or_else(|| super::typed::system("Any"));
    }
    match spec {
        Spec::List(item) => Spec::List(Box::new(replace(item, of))),
        Spec::Interval(point) => Spec::Interval(Box::new(replace(point, of))),
        Spec::Choice(types) => Spec::Choice(types.iter().map(|one| replace(one, of)).collect()),
        other => other.clone(),
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operands: Vec<String> = self.operands.iter().map(shown).collect();
        write!(f, "({}) -> {}", operands.join(", "), shown(&self.result))
    }
}

/// The type as authors write it: System's and variables without a model.
pub(super) fn shown(spec: &Spec) -> String {
    match spec {
        Spec::Named(name) if matches!(&*name.model, "System" | VARIABLE) => name.name.to_string(),
        Spec::List(of) => format!("List<{}>", shown(of)),
        Spec::Interval(of) => format!("Interval<{}>", shown(of)),
        Spec::Choice(types) => {
            let types: Vec<String> = types.iter().map(shown).collect();
            format!("Choice<{}>", types.join(", "))
        }
        other => other.to_string(),
    }
}
