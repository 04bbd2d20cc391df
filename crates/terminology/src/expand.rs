//! From the definition of a value set to its members (R4 valueset.html#compose).

use crate::canonical::Canonical;
use crate::code_set::CodeSet;
use crate::code_system::{CodeSystem, Content};
use crate::error::TerminologyError;
use crate::terminology::Terminology;
use crate::value_set::{Definition, Include, ValueSet};

/// How deeply value sets may be made of value sets.
const DEPTH_MAX: usize = 64;

/// One expansion, with the value sets that it is within.
pub(crate) struct Expansion<'t> {
    terminology: &'t Terminology,
    /// The versions of code systems that are named without one.
    systems: &'t [Canonical],
    within: Vec<Canonical>,
}

impl<'t> Expansion<'t> {
    pub(crate) fn of(terminology: &'t Terminology) -> Self {
        Self {
            terminology,
            systems: &[],
            within: Vec::new(),
        }
    }

    /// The same, where code systems that are named without a version are of these.
    pub(crate) fn with(self, systems: &'t [Canonical]) -> Self {
        Self { systems, ..self }
    }

    /// The members of a value set.
    pub(crate) fn value_set(&mut self, canonical: &Canonical) -> Result<CodeSet, TerminologyError> {
        if self.within.contains(canonical) || self.within.len() >= DEPTH_MAX {
            return Err(TerminologyError::Circle {
                canonical: canonical.clone(),
                within: self.within.clone(),
            });
        }
        self.within.push(canonical.clone());
        let members = match implicit(canonical) {
            Some((system, below)) => self.implicit(system, below),
            None => {
                let set = self.terminology.value_set(canonical)?;
                self.members(set)
            }
        };
        self.within.pop();
        members
    }

    fn members(&mut self, set: &ValueSet) -> Result<CodeSet, TerminologyError> {
        match &set.definition {
            Definition::Expansion(members) => Ok(members.clone()),
            Definition::PartOfExpansion { held, total } => Err(TerminologyError::PartOfExpansion {
                url: set.url.clone(),
                held: *held,
                total: *total,
            }),
            Definition::Nothing => Err(TerminologyError::NoDefinition {
                url: set.url.clone(),
            }),
            Definition::Compose {
                include,
                exclude,
                only_active,
            } => {
                let mut members = CodeSet::default();
                for part in include {
                    members.add(&self.part(part, *only_active)?);
                }
                for part in exclude {
                    members.remove(&self.part(part, false)?);
                }
                Ok(members)
            }
        }
    }

    /// What fits all parts of one include: its system, its codes or filters, and every value set that it names.
    fn part(&mut self, part: &Include, only_active: bool) -> Result<CodeSet, TerminologyError> {
        let mut members = match part.system {
            Some(_) => Some(self.of_system(part, only_active)?),
            None => None,
        };
        for canonical in &part.value_sets {
            let other = self.value_set(canonical)?;
            match &mut members {
                Some(members) => members.keep(&other),
                None => members = Some(other),
            }
        }
        Ok(members.unwrap_or_default())
    }

    fn of_system(&self, part: &Include, only_active: bool) -> Result<CodeSet, TerminologyError> {
        let Some(system) = part.system else {
            return Ok(CodeSet::default());
        };
        let mut canonical = self
            .terminology
            .system_canonical(system, part.version.as_deref());
        if canonical.version.is_none() {
            canonical.version = self.version_of(&canonical.url);
        }
        let known = self.terminology.code_system(&canonical);
        let mut members: CodeSet = match (&part.codes, part.filters.as_slice()) {
            // Codes that are listed need no code system.
            (Some(codes), []) => codes.iter().copied().collect(),
            (Some(codes), _) => {
                let mut members: CodeSet = codes.iter().copied().collect();
                members.keep(&self.filtered(part, self.whole(known.as_ref(), &canonical)?)?);
                members
            }
            (None, []) => {
                let whole = self.whole(known.as_ref(), &canonical)?;
                whole.concepts_in_order().iter().copied().collect()
            }
            (None, _) => self.filtered(part, self.whole(known.as_ref(), &canonical)?)?,
        };
        if let (true, Ok(system)) = (only_active, known) {
            let inactive = members.iter().filter(|code| system.is_inactive(*code));
            let inactive: CodeSet = inactive.collect();
            members.remove(&inactive);
        }
        Ok(members)
    }

    /// The version of a code system that was asked for.
    fn version_of(&self, url: &str) -> Option<Box<str>> {
        let mut systems = self.systems.iter();
        let found = systems.find(|one| self.terminology.is_same_system(&one.url, url))?;
        found.version.clone()
    }

    /// The code system, if all of it is here.
    fn whole<'k>(
        &self,
        known: Result<&&'k CodeSystem, &TerminologyError>,
        canonical: &Canonical,
    ) -> Result<&'k CodeSystem, TerminologyError> {
        match known {
            Ok(system) if system.content == Content::Complete => Ok(system),
            Ok(_) => Err(TerminologyError::PartOfCodeSystem {
                canonical: canonical.clone(),
            }),
            Err(TerminologyError::NoCodeSystem { canonical, loaded }) => {
                Err(TerminologyError::NoCodeSystem {
                    canonical: canonical.clone(),
                    loaded: loaded.clone(),
                })
            }
            Err(_) => Err(TerminologyError::NoCodeSystem {
                canonical: canonical.clone(),
                loaded: Vec::new(),
            }),
        }
    }

    fn filtered(&self, part: &Include, system: &CodeSystem) -> Result<CodeSet, TerminologyError> {
        let mut members: Option<CodeSet> = None;
        for filter in &part.filters {
            let filter = filter
                .as_ref()
                .map_err(|operator| TerminologyError::UnknownOperator {
                    system: system.url.clone(),
                    operator: operator.clone(),
                })?;
            let chosen = filter.select(system, &self.terminology.codes)?;
            match &mut members {
                Some(members) => members.keep(&chosen),
                None => members = Some(chosen),
            }
        }
        Ok(members.unwrap_or_default())
    }

    fn implicit(&self, system: &str, below: Option<&str>) -> Result<CodeSet, TerminologyError> {
        let canonical = Canonical::any(system);
        let known = self.terminology.code_system(&canonical);
        let whole = self.whole(known.as_ref(), &canonical)?;
        let Some(code) = below else {
            return Ok(whole.concepts_in_order().iter().copied().collect());
        };
        let concept = self.terminology.code(system, code);
        let concept = concept.filter(|concept| whole.has(*concept));
        let concept = concept.ok_or_else(|| TerminologyError::UnknownConcept {
            system: system.into(),
            code: code.into(),
        })?;
        let below = whole.descendants(concept).into_iter();
        Ok(below.chain([concept]).collect())
    }
}

/// The system and concept of an implicit value set: `SYSTEM?fhir_vs` (all) and `SYSTEM?fhir_vs=isa/CODE`
/// (R4 snomedct.html#implicit).
fn implicit(canonical: &Canonical) -> Option<(&str, Option<&str>)> {
    let (system, query) = canonical.url.split_once("?fhir_vs")?;
    match query {
        "" => Some((system, None)),
        query => Some((system, Some(query.strip_prefix("=isa/")?))),
    }
}
