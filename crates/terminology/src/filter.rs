//! Filters of a value set over a code system (R4 valueset.html#filters, value set `filter-operator`).

use regex::Regex;
use salus_fhir::json::Node;

use crate::code_set::CodeSet;
use crate::code_system::{CodeSystem, PropertyValue};
use crate::codes::{CodeId, Codes};
use crate::error::TerminologyError;

/// A condition on the concepts of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The property: `concept`, `parent`, or one that the system defines.
    pub property: Box<str>,
    /// How the value is compared.
    pub operator: Operator,
    /// The value.
    pub value: Box<str>,
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `is-a`: the concept itself and all below.
    IsA,
    /// `descendent-of`: all below.
    DescendentOf,
    /// `is-not-a`: neither the concept nor anything below.
    IsNotA,
    /// `generalizes`: the concept itself and all above.
    Generalizes,
    /// `regex`: the whole value matches.
    Regex,
    /// `in`: one of a list with commas.
    In,
    /// `not-in`: none of a list with commas.
    NotIn,
    /// `exists`: whether the concept has the property, `true` or `false`.
    Exists,
}

impl Operator {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "=" => Self::Equal,
            "is-a" => Self::IsA,
            "descendent-of" => Self::DescendentOf,
            "is-not-a" => Self::IsNotA,
            "generalizes" => Self::Generalizes,
            "regex" => Self::Regex,
            "in" => Self::In,
            "not-in" => Self::NotIn,
            "exists" => Self::Exists,
            _ => return None,
        })
    }

    /// The name in FHIR.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::IsA => "is-a",
            Self::DescendentOf => "descendent-of",
            Self::IsNotA => "is-not-a",
            Self::Generalizes => "generalizes",
            Self::Regex => "regex",
            Self::In => "in",
            Self::NotIn => "not-in",
            Self::Exists => "exists",
        }
    }
}

/// Memory that a compiled pattern may take.
const PATTERN_BYTES_MAX: usize = 1 << 20;

impl Filter {
    /// Reads a `ValueSet.compose.include.filter`; `Err` is the operator's name that R4 does not have.
    pub(crate) fn read(node: Node<'_>) -> Result<Self, Box<str>> {
        let text = |name: &str| {
            let found = node.get(name).and_then(|node| node.string());
            found.unwrap_or_default().into_owned().into_boxed_str()
        };
        let operator = text("op");
        Ok(Self {
            property: text("property"),
            operator: Operator::named(&operator).ok_or(operator)?,
            value: text("value"),
        })
    }

    /// The concepts of the system that fit.
    ///
    /// # Errors
    /// When the filter names a concept that the system does not have, a property that it does not use, or a pattern
    /// that is none: a misspelt filter must not quietly choose nothing.
    pub(crate) fn select(
        &self,
        system: &CodeSystem,
        codes: &Codes,
    ) -> Result<CodeSet, TerminologyError> {
        use Operator as Op;
        match (self.operator, &*self.property) {
            (Op::IsA | Op::DescendentOf | Op::IsNotA | Op::Generalizes, _) => {
                self.by_hierarchy(system, codes)
            }
            (Op::Equal, "parent") => {
                let parent = self.concept(&self.value, system, codes)?;
                Ok(system.children(parent).iter().copied().collect())
            }
            (Op::Equal, "child") => {
                let child = self.concept(&self.value, system, codes)?;
                Ok(system.parents(child).iter().copied().collect())
            }
            (Op::In | Op::NotIn, "concept" | "code") => self.by_list(system, codes),
            _ => self.by_property(system, codes),
        }
    }

    fn by_hierarchy(
        &self,
        system: &CodeSystem,
        codes: &Codes,
    ) -> Result<CodeSet, TerminologyError> {
        let concept = self.concept(&self.value, system, codes)?;
        let itself = std::iter::once(concept);
        Ok(match self.operator {
            Operator::IsA => system
                .descendants(concept)
                .into_iter()
                .chain(itself)
                .collect(),
            Operator::DescendentOf => system.descendants(concept).into_iter().collect(),
            Operator::Generalizes => system
                .ancestors(concept)
                .into_iter()
                .chain(itself)
                .collect(),
            _ => {
                let below = system.descendants(concept);
                let all = system.concepts_in_order().iter().copied();
                all.filter(|code| *code != concept && !below.contains(code))
                    .collect()
            }
        })
    }

    fn by_list(&self, system: &CodeSystem, codes: &Codes) -> Result<CodeSet, TerminologyError> {
        let mut listed = CodeSet::default();
        for code in self.values() {
            listed.insert(self.concept(code, system, codes)?);
        }
        if self.operator == Operator::In {
            return Ok(listed);
        }
        let all = system.concepts_in_order().iter().copied();
        Ok(all.filter(|code| !listed.contains(*code)).collect())
    }

    fn by_property(&self, system: &CodeSystem, codes: &Codes) -> Result<CodeSet, TerminologyError> {
        let built_in = matches!(&*self.property, "concept" | "code" | "display");
        if !built_in && !system.has_property(&self.property) {
            return Err(TerminologyError::UnknownProperty {
                system: system.url.clone(),
                property: self.property.clone(),
            });
        }
        let pattern = match self.operator {
            Operator::Regex => Some(self.pattern(system)?),
            _ => None,
        };
        let fits = |code: &CodeId| {
            let values = self.values_of(*code, system, codes);
            match self.operator {
                Operator::Exists => values.is_empty() == (&*self.value == "false"),
                Operator::Equal => values.contains(&&*self.value),
                Operator::In => values
                    .iter()
                    .any(|value| self.values().any(|one| one == *value)),
                Operator::NotIn => !values
                    .iter()
                    .any(|value| self.values().any(|one| one == *value)),
                _ => pattern
                    .as_ref()
                    .is_some_and(|pattern| values.iter().any(|value| pattern.is_match(value))),
            }
        };
        let all = system.concepts_in_order().iter().copied();
        Ok(all.filter(fits).collect())
    }

    fn pattern(&self, system: &CodeSystem) -> Result<Regex, TerminologyError> {
        regex::RegexBuilder::new(&format!("^(?:{})$", self.value))
            .size_limit(PATTERN_BYTES_MAX)
            .build()
            .map_err(|source| TerminologyError::Pattern {
                system: system.url.clone(),
                pattern: self.value.clone(),
                source,
            })
    }

    fn values(&self) -> impl Iterator<Item = &str> {
        self.value.split(',').map(str::trim)
    }

    fn values_of<'v>(
        &self,
        code: CodeId,
        system: &'v CodeSystem,
        codes: &'v Codes,
    ) -> Vec<&'v str> {
        let text = |code: CodeId| codes.get(code).map(|(_, code)| code);
        match &*self.property {
            "concept" | "code" => text(code).into_iter().collect(),
            "display" => system.display(code).into_iter().collect(),
            name => system
                .properties(code)
                .iter()
                .filter(|property| &*property.code == name)
                .filter_map(|property| match &property.value {
                    PropertyValue::Code(other) => text(*other),
                    PropertyValue::Text(text) => Some(&**text),
                })
                .collect(),
        }
    }

    fn concept(
        &self,
        code: &str,
        system: &CodeSystem,
        codes: &Codes,
    ) -> Result<CodeId, TerminologyError> {
        let known = codes
            .find_system(&system.url)
            .and_then(|id| codes.find(id, code))
            .filter(|id| system.has(*id));
        known.ok_or_else(|| TerminologyError::UnknownConcept {
            system: system.url.clone(),
            code: code.into(),
        })
    }
}
