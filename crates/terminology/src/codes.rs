//! Codes interned to integers.

use foldhash::HashMap;

use crate::aliases::canonical_system;

/// A code system by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SystemId(u32);

/// A code of a system by number: what value sets are sets of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeId(u32);

impl CodeId {
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    pub(crate) fn from_number(number: u32) -> Self {
        Self(number)
    }
}

/// All systems and codes that were ever named.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    systems: Vec<System>,
    by_url: HashMap<Box<str>, SystemId>,
    codes: Vec<(SystemId, Box<str>)>,
}

#[derive(Debug, Default)]
struct System {
    url: Box<str>,
    codes: HashMap<Box<str>, CodeId>,
    /// Codes are equal whatever their case (`CodeSystem.caseSensitive` is false).
    folds_case: bool,
}

impl System {
    fn key<'k>(&self, code: &'k str) -> std::borrow::Cow<'k, str> {
        if self.folds_case {
            code.to_lowercase().into()
        } else {
            code.into()
        }
    }
}

impl Codes {
    /// The number of a system, given now if it is new.
    pub(crate) fn system(&mut self, url: &str) -> SystemId {
        let url = canonical_system(url);
        if let Some(known) = self.by_url.get(url) {
            return *known;
        }
        let id = SystemId(u32::try_from(self.systems.len()).unwrap_or(u32::MAX));
        self.systems.push(System {
            url: url.into(),
            ..System::default()
        });
        self.by_url.insert(url.into(), id);
        id
    }

    /// The number of a code, given now if it is new.
    pub(crate) fn intern(&mut self, system: SystemId, code: &str) -> CodeId {
        let next = CodeId(u32::try_from(self.codes.len()).unwrap_or(u32::MAX));
        let Some(known) = self.systems.get_mut(system.0 as usize) else {
            return next;
        };
        let key = known.key(code);
        if let Some(id) = known.codes.get(&*key) {
            return *id;
        }
        let key = key.into_owned().into_boxed_str();
        known.codes.insert(key, next);
        self.codes.push((system, code.into()));
        next
    }

    /// From now on codes of this system are equal whatever their case. Codes that were interned before and differ only
    /// in case become one: the first.
    pub(crate) fn fold_case(&mut self, system: SystemId) {
        let Some(known) = self.systems.get_mut(system.0 as usize) else {
            return;
        };
        if known.folds_case {
            return;
        }
        known.folds_case = true;
        let mut codes: Vec<(Box<str>, CodeId)> = known.codes.drain().collect();
        codes.sort_unstable_by_key(|(_, id)| *id);
        for (code, id) in codes {
            known
                .codes
                .entry(code.to_lowercase().into_boxed_str())
                .or_insert(id);
        }
    }

    /// The number of a system that was named before.
    pub(crate) fn find_system(&self, url: &str) -> Option<SystemId> {
        self.by_url.get(canonical_system(url)).copied()
    }

    /// The number of a code that was named before.
    pub(crate) fn find(&self, system: SystemId, code: &str) -> Option<CodeId> {
        let known = self.systems.get(system.0 as usize)?;
        known.codes.get(&*known.key(code)).copied()
    }

    /// The URL of a system.
    pub(crate) fn url(&self, system: SystemId) -> &str {
        self.systems
            .get(system.0 as usize)
            .map_or("", |known| &known.url)
    }

    /// System and code of a number.
    pub(crate) fn get(&self, id: CodeId) -> Option<(SystemId, &str)> {
        let (system, code) = self.codes.get(id.0 as usize)?;
        Some((*system, code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_keeps_its_number_and_systems_do_not_mix() {
        let mut codes = Codes::default();
        let (a, b) = (codes.system("http://a"), codes.system("http://b"));
        let one = codes.intern(a, "x");
        assert_eq!(codes.intern(a, "x"), one);
        assert_ne!(codes.intern(b, "x"), one);
        assert_ne!(codes.intern(a, "X"), one);
        assert_eq!(codes.get(one), Some((a, "x")));
        assert_eq!(codes.find(b, "y"), None);
    }

    #[test]
    fn case_folds_where_the_system_says_so_even_late() {
        let mut codes = Codes::default();
        let a = codes.system("http://a");
        let one = codes.intern(a, "Ab");
        codes.fold_case(a);
        assert_eq!(codes.find(a, "aB"), Some(one));
        assert_eq!(codes.intern(a, "AB"), one);
    }
}
