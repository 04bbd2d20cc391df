//! Value sets and code systems that were loaded from FHIR resources, as the operators ask for them.
//!
//! ```
//! use salus_cql::operators::{Terminology as _, Vocabulary};
//! use salus_cql::terminology::LoadedTerminology;
//! use salus_fhir::json::Resource;
//! use salus_terminology::Terminology;
//! use salus_values::Code;
//!
//! let text = r#"{"resourceType": "ValueSet", "url": "http://a.example/vs", "status": "active", "compose": {
//!     "include": [{"system": "http://loinc.org", "concept": [{"code": "4548-4"}]}]}}"#;
//! let mut terminology = Terminology::default();
//! terminology.add(&Resource::parse(text)?)?;
//!
//! let loaded = LoadedTerminology::new(terminology);
//! let hba1c = Vocabulary { id: "http://a.example/vs".into(), version: None, name: None, code_systems: [].into() };
//! assert!(loaded.in_value_set(&Code::new("4548-4", "http://loinc.org"), &hba1c)?);
//! let missing = Vocabulary { id: "http://a.example/vz".into(), ..hba1c };
//! assert!(loaded.expand(&missing).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use foldhash::{HashMap, HashSet};
use salus_terminology::{Canonical, CodeSet, Content, Terminology, TerminologyError as Unanswered};
use salus_values::Code;

use crate::operators::{self, TerminologyError, Vocabulary};

/// Terminology that was loaded from FHIR resources. Each value set is expanded once; then membership is one look into a
/// bitmap. It may be shared between threads.
#[derive(Debug, Default)]
pub struct LoadedTerminology {
    terminology: Terminology,
    members: RwLock<HashMap<Vocabulary, Arc<Members>>>,
}

/// The members of a value set, in the forms that were asked for.
#[derive(Debug)]
struct Members {
    set: Arc<CodeSet>,
    codes: OnceLock<Arc<[Code]>>,
    /// The codes without their systems.
    bare: OnceLock<HashSet<Box<str>>>,
}

impl LoadedTerminology {
    /// Takes what was loaded.
    #[must_use]
    pub fn new(terminology: Terminology) -> LoadedTerminology {
        LoadedTerminology {
            terminology,
            members: RwLock::default(),
        }
    }

    /// What was loaded.
    #[must_use]
    pub fn terminology(&self) -> &Terminology {
        &self.terminology
    }

    /// The members of a value set as a bitmap over the codes of [`LoadedTerminology::terminology`].
    ///
    /// # Errors
    /// When the value set is missing or cannot be expanded wholly.
    pub fn members(&self, value_set: &Vocabulary) -> Result<Arc<CodeSet>, TerminologyError> {
        self.known(value_set)
            .map(|members| Arc::clone(&members.set))
    }

    fn known(&self, value_set: &Vocabulary) -> Result<Arc<Members>, TerminologyError> {
        let known = self.members.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(members) = known.get(value_set) {
            return Ok(Arc::clone(members));
        }
        drop(known);
        let asked = canonical(value_set);
        let systems: Vec<Canonical> = value_set.code_systems.iter().map(canonical).collect();
        let set = match systems.iter().any(|system| system.version.is_some()) {
            true => self.terminology.expand_with(&asked, &systems).map(Arc::new),
            false => self.terminology.expand(&asked),
        };
        let members = Arc::new(Members {
            set: set.map_err(|error| unanswered("value set", &asked, &error))?,
            codes: OnceLock::new(),
            bare: OnceLock::new(),
        });
        let mut known = self.members.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(value_set.clone(), Arc::clone(&members));
        Ok(members)
    }

    fn named<'s>(&'s self, set: &'s CodeSet) -> impl Iterator<Item = (&'s str, &'s str)> {
        set.iter().filter_map(|id| self.terminology.name(id))
    }
}

impl operators::Terminology for LoadedTerminology {
    fn expand(&self, value_set: &Vocabulary) -> Result<Arc<[Code]>, TerminologyError> {
        let members = self.known(value_set)?;
        let codes = members.codes.get_or_init(|| {
            let codes = self.named(&members.set).map(|(system, code)| Code {
                display: self.terminology.display(system, code).map(Into::into),
                ..Code::new(code, system)
            });
            codes.collect()
        });
        Ok(Arc::clone(codes))
    }

    fn in_value_set(&self, code: &Code, value_set: &Vocabulary) -> Result<bool, TerminologyError> {
        let members = self.known(value_set)?;
        let Some(system) = &code.system else {
            let bare = members.bare.get_or_init(|| {
                let codes = self.named(&members.set);
                codes.map(|(_, code)| code.into()).collect()
            });
            return Ok(bare.contains(&code.code));
        };
        Ok(self.terminology.is_member(&members.set, system, &code.code))
    }

    fn in_code_system(
        &self,
        code: &Code,
        code_system: &Vocabulary,
    ) -> Result<bool, TerminologyError> {
        let asked = canonical(code_system);
        let known = self
            .terminology
            .code_system(&asked)
            .map_err(|error| unanswered("code system", &asked, &error))?;
        let system = code.system.as_deref().unwrap_or(&known.url);
        let id = self.terminology.code(system, &code.code);
        match id.is_some_and(|id| known.has(id)) {
            true => Ok(true),
            // Of another system it is not, whatever of this one is here.
            false if !self.terminology.is_same_system(system, &known.url) => Ok(false),
            false if known.content == Content::Complete => Ok(false),
            false => Err(part(&asked)),
        }
    }

    fn subsumes(
        &self,
        ancestor: &Code,
        descendant: &Code,
    ) -> Result<Option<bool>, TerminologyError> {
        let (Some(system), Some(other)) = (&ancestor.system, &descendant.system) else {
            return Ok(None);
        };
        if !self.terminology.is_same_system(system, other) {
            return Ok(None);
        }
        let asked = Canonical {
            url: system.clone(),
            version: ancestor
                .version
                .clone()
                .or_else(|| descendant.version.clone()),
        };
        let known = self
            .terminology
            .code_system(&asked)
            .map_err(|error| unanswered("code system", &asked, &error))?;
        let id = |code: &Code| {
            let id = self.terminology.code(system, &code.code);
            id.filter(|id| known.has(*id))
        };
        match (id(ancestor), id(descendant)) {
            (Some(ancestor), Some(descendant)) => Ok(Some(
                ancestor == descendant || known.ancestors(descendant).contains(&ancestor),
            )),
            _ if known.content == Content::Complete => Ok(None),
            _ => Err(part(&asked)),
        }
    }
}

/// The URL and version that a library says; a version may also stand in the id, after `|`.
fn canonical(vocabulary: &Vocabulary) -> Canonical {
    let written = Canonical::parse(&vocabulary.id);
    Canonical {
        version: vocabulary
            .version
            .as_deref()
            .map(Into::into)
            .or(written.version),
        url: written.url,
    }
}

/// Why terminology has no answer. Only what was asked for itself is missing; what it is made of makes it unusable.
fn unanswered(what: &'static str, asked: &Canonical, error: &Unanswered) -> TerminologyError {
    let missing = |nearest: Option<&str>| TerminologyError::Missing {
        what,
        id: asked.to_string().into(),
        nearest: nearest.map(Into::into),
    };
    let is_asked = |canonical: &Canonical, loaded: &[Box<str>]| {
        canonical.url == asked.url && loaded.is_empty()
    };
    match error {
        Unanswered::NoValueSet {
            canonical,
            loaded,
            nearest,
        } if is_asked(canonical, loaded) => missing(nearest.as_deref()),
        Unanswered::NoCodeSystem { canonical, loaded } if is_asked(canonical, loaded) => {
            missing(None)
        }
        _ => TerminologyError::Unusable {
            what,
            id: asked.to_string().into(),
            cause: in_words(error),
        },
    }
}

/// The error with what can be done about it.
fn in_words(error: &Unanswered) -> String {
    let found = error.diagnostic();
    let more = [found.cause, found.help].into_iter().flatten();
    more.fold(found.message, |text, more| format!("{text}; {more}"))
}

fn part(asked: &Canonical) -> TerminologyError {
    TerminologyError::Unusable {
        what: "code system",
        id: asked.to_string().into(),
        cause: "only a part of it is loaded".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use salus_fhir::json::Resource;

    use super::*;
    use crate::operators::Terminology as _;

    const FRUIT: &str = "http://a.example/fruit";

    fn loaded() -> LoadedTerminology {
        let mut terminology = Terminology::default();
        for text in [
            r#"{"resourceType":"CodeSystem","url":"http://a.example/fruit","version":"1","content":"complete","concept":[
                {"code":"fruit","concept":[{"code":"apple","display":"Apple"},{"code":"pear"}]}]}"#,
            r#"{"resourceType":"CodeSystem","url":"http://a.example/fruit","version":"2","content":"complete","concept":[
                {"code":"fruit","concept":[{"code":"apple","display":"Apple"},{"code":"pear"},{"code":"fig"}]}]}"#,
            r#"{"resourceType":"CodeSystem","url":"http://a.example/part","content":"fragment","concept":[{"code":"a"}]}"#,
            r#"{"resourceType":"ValueSet","url":"http://a.example/all","version":"7","compose":{"include":[
                {"system":"http://a.example/fruit"}]}}"#,
            r#"{"resourceType":"ValueSet","url":"http://a.example/torn","compose":{"include":[
                {"valueSet":["http://a.example/gone"]}]}}"#,
        ] {
            terminology.add(&Resource::parse(text).unwrap()).unwrap();
        }
        LoadedTerminology::new(terminology)
    }

    fn named(id: &str) -> Vocabulary {
        Vocabulary {
            id: id.into(),
            version: None,
            name: None,
            code_systems: [].into(),
        }
    }

    fn version(id: &str, version: &str) -> Vocabulary {
        Vocabulary {
            version: Some(version.into()),
            ..named(id)
        }
    }

    #[test]
    fn a_code_without_a_system_is_a_member_by_itself() {
        let loaded = loaded();
        let all = named("http://a.example/all");
        let bare = Code {
            system: None,
            ..Code::new("pear", "")
        };
        assert_eq!(loaded.in_value_set(&bare, &all), Ok(true));
        let other = Code::new("pear", "http://a.example/other");
        assert_eq!(loaded.in_value_set(&other, &all), Ok(false));
    }

    #[test]
    fn an_expansion_has_systems_and_displays() {
        let loaded = loaded();
        let codes = loaded.expand(&named("http://a.example/all")).unwrap();
        let apple = codes.iter().find(|code| &*code.code == "apple").unwrap();
        assert_eq!(apple.display.as_deref(), Some("Apple"));
        assert_eq!(apple.system.as_deref(), Some(FRUIT));
    }

    #[test]
    fn a_library_says_with_which_version_of_a_code_system_a_value_set_is_expanded() {
        let loaded = loaded();
        let fig = Code::new("fig", FRUIT);
        let newest = named("http://a.example/all");
        let first = Vocabulary {
            code_systems: [version(FRUIT, "1")].into(),
            ..newest.clone()
        };
        assert_eq!(loaded.in_value_set(&fig, &newest), Ok(true));
        assert_eq!(loaded.in_value_set(&fig, &first), Ok(false));
    }

    #[test]
    fn what_is_missing_is_named_and_never_empty() {
        let loaded = loaded();
        let missing = loaded.expand(&named("http://a.example/al")).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "there is no value set `http://a.example/al`; did you mean `http://a.example/all`?"
        );
        let other = loaded.expand(&version("http://a.example/all", "8"));
        assert_eq!(
            other.unwrap_err().to_string(),
            "value set `http://a.example/all|8` cannot be used: the value set `http://a.example/all|8` is not loaded; \
             loaded is version 7"
        );
        let torn = loaded.expand(&named("http://a.example/torn")).unwrap_err();
        assert!(
            torn.to_string()
                .starts_with("value set `http://a.example/torn` cannot be used: the value set `http://a.example/gone`"),
            "{torn}"
        );
    }

    #[test]
    fn a_code_is_in_the_version_of_a_code_system_that_has_it() {
        let loaded = loaded();
        let fig = Code::new("fig", FRUIT);
        assert_eq!(loaded.in_code_system(&fig, &named(FRUIT)), Ok(true));
        assert_eq!(loaded.in_code_system(&fig, &version(FRUIT, "1")), Ok(false));
        let other = Code::new("fig", "http://a.example/other");
        assert_eq!(loaded.in_code_system(&other, &named(FRUIT)), Ok(false));
        let part = named("http://a.example/part");
        let known = Code::new("a", "http://a.example/part");
        assert_eq!(loaded.in_code_system(&known, &part), Ok(true));
        let unknown = Code::new("b", "http://a.example/part");
        assert!(loaded.in_code_system(&unknown, &part).is_err());
    }

    #[test]
    fn a_code_subsumes_those_below_it_and_itself() {
        let loaded = loaded();
        let code = |code: &str| Code::new(code, FRUIT);
        let asked = |one: &str, other: &str| loaded.subsumes(&code(one), &code(other)).unwrap();
        assert_eq!(asked("fruit", "fig"), Some(true));
        assert_eq!(asked("fig", "fruit"), Some(false));
        assert_eq!(asked("fig", "fig"), Some(true));
        assert_eq!(asked("fig", "nut"), None);
        let other = Code::new("fig", "http://a.example/other");
        assert_eq!(loaded.subsumes(&code("fruit"), &other), Ok(None));
    }
}
