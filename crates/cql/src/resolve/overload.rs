//! Which of several signatures a call means (Developer's Guide §3, Overloads).

use foldhash::HashMap;
use salus_base::{Code, Diagnostic};

use super::conversion::{Conversions, Leniency, Usable};
use super::signature::{Signature, replace, shown, variable};
use super::typed::{is_any, is_system, system};
use crate::model::Spec;

/// The signature that a call means, variables replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Which of the signatures, from 0.
    pub nth: usize,
    /// The types that the operands are used as.
    pub operands: Vec<Spec>,
    /// How each operand becomes one of its type.
    pub usable: Vec<Usable>,
    /// The type of the result.
    pub result: Spec,
    /// Whether others have as many operands.
    pub overloaded: bool,
}

/// Why a call means none of the signatures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OverloadError {
    /// None takes these operands.
    #[error("there is nothing that takes ({})", list(operands))]
    NoMatch {
        /// The types of the operands.
        operands: Vec<Spec>,
        /// What there is.
        candidates: Vec<Signature>,
    },
    /// Several take them, and none is closer than the others.
    #[error("({}) could be taken in {} ways", list(operands), candidates.len())]
    Ambiguous {
        /// The types of the operands.
        operands: Vec<Spec>,
        /// The signatures that are equally close.
        candidates: Vec<Signature>,
    },
}

fn list(types: &[Spec]) -> String {
    types.iter().map(shown).collect::<Vec<_>>().join(", ")
}

impl OverloadError {
    /// The stable name of this kind of mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::new(match self {
            OverloadError::NoMatch { .. } => "SAL-CQL-0040",
            OverloadError::Ambiguous { .. } => "SAL-CQL-0041",
        })
    }

    /// The mistake in words, with the candidates. Where it is, the caller knows.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let (OverloadError::NoMatch { candidates, .. }
        | OverloadError::Ambiguous { candidates, .. }) = self;
        let candidates: Vec<String> = candidates.iter().map(Signature::to_string).collect();
        let what = match self {
            OverloadError::NoMatch { .. } => "there are",
            OverloadError::Ambiguous { .. } => "say which with `as`",
        };
        Diagnostic::error(self.code(), self.to_string())
            .help(format!("{what}: {}", candidates.join("; ")))
    }
}

/// A signature without variables.
struct Candidate {
    nth: usize,
    /// Whether its variables were bound to whole choices.
    of_choices: bool,
    operands: Vec<Spec>,
    result: Spec,
}

impl Conversions<'_> {
    /// The signature that a call with operands of these types means: the one to whose types they are least far, and of
    /// several such the one with the simplest types.
    ///
    /// # Errors
    /// [`OverloadError`] with the candidates, when there is none or more than one.
    pub fn choose(
        &self,
        signatures: &[Signature],
        operands: &[Spec],
    ) -> Result<Chosen, OverloadError> {
        self.choose_by(signatures, operands, self.leniency())
    }

    /// The same, with other steps between single values and lists or intervals.
    ///
    /// # Errors
    /// As [`Conversions::choose`].
    pub fn choose_by(
        &self,
        signatures: &[Signature],
        operands: &[Spec],
        leniency: Leniency,
    ) -> Result<Chosen, OverloadError> {
        let candidates = self.candidates(signatures, operands, leniency);
        // A choice is there beside each of its types.
        let overloaded = candidates.iter().filter(|one| !one.of_choices).count() > 1;
        let mut found: Vec<Chosen> = candidates
            .into_iter()
            .filter_map(|candidate| self.matched(candidate, operands, leniency))
            .collect();
        self.drop_wider(&mut found);
        let rank = |chosen: &Chosen| (chosen.distance(), self.complexity(&chosen.operands));
        let Some(least) = found.iter().map(rank).min() else {
            return Err(OverloadError::NoMatch {
                operands: operands.to_vec(),
                candidates: signatures.to_vec(),
            });
        };
        found.retain(|chosen| rank(chosen) == least);
        let mut chosen = only(found, signatures, operands)?;
        chosen.overloaded = overloaded;
        Ok(chosen)
    }

    /// The signatures with as many operands; those with variables for each way to bind them.
    fn candidates(
        &self,
        signatures: &[Signature],
        operands: &[Spec],
        leniency: Leniency,
    ) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut alternatives: Option<Vec<Vec<Spec>>> = None;
        for (nth, signature) in signatures.iter().enumerate() {
            if signature.operands.len() != operands.len() {
                continue;
            }
            if !signature.has_variables() {
                candidates.push(Candidate {
                    nth,
                    of_choices: false,
                    operands: signature.operands.clone(),
                    result: signature.result.clone(),
                });
                continue;
            }
            let alternatives = alternatives.get_or_insert_with(|| expanded(operands));
            let several = alternatives.len() > 1;
            for (which, given) in alternatives.iter().enumerate() {
                let of_choices = several && which == 0;
                let instance = self.instance((nth, of_choices), signature, given, leniency);
                candidates.extend(instance.filter(|one| {
                    !candidates
                        .iter()
                        .any(|other| other.operands == one.operands)
                }));
            }
        }
        candidates
    }

    /// The signature with its variables bound so that it takes these operands.
    fn instance(
        &self,
        (nth, of_choices): (usize, bool),
        signature: &Signature,
        given: &[Spec],
        leniency: Leniency,
    ) -> Option<Candidate> {
        let mut bound = HashMap::default();
        for (wanted, given) in signature.operands.iter().zip(given) {
            self.bind(wanted, given, leniency, &mut bound)?;
        }
        let of = |name: &str| bound.get(name).cloned();
        let operands = signature.operands.iter();
        Some(Candidate {
            nth,
            of_choices,
            operands: operands.map(|one| replace(one, &of)).collect(),
            result: replace(&signature.result, &of),
        })
    }

    /// Finds what the variables in `wanted` stand for when it is given this type: the widest type of all places.
    fn bind<'s>(
        &self,
        wanted: &'s Spec,
        given: &Spec,
        leniency: Leniency,
        bound: &mut HashMap<&'s str, Spec>,
    ) -> Option<()> {
        if let Some(name) = variable(wanted) {
            return self.bind_variable(name, given, leniency, bound);
        }
        let (inner, targets): (&Spec, fn(&Spec) -> Option<&Spec>) = match wanted {
            Spec::List(item) => (item, item_of),
            Spec::Interval(point) => (point, point_of),
            // Whether the operand can be used as this type is found out later.
            _ => return Some(()),
        };
        if is_any(given) {
            return self.bind(inner, given, leniency, bound);
        }
        if let Some(part) = targets(given) {
            return self.bind(inner, part, leniency, bound);
        }
        if let Some(part) = self.targets(given).find_map(targets) {
            return self.bind(inner, part, leniency, bound);
        }
        let promotes = match wanted {
            Spec::List(_) => leniency.list_promotion,
            _ => leniency.interval_promotion && self.is_point(given),
        };
        promotes.then(|| self.bind(inner, given, leniency, bound))?
    }

    fn bind_variable<'s>(
        &self,
        name: &'s str,
        given: &Spec,
        leniency: Leniency,
        bound: &mut HashMap<&'s str, Spec>,
    ) -> Option<()> {
        let can_bind = match name {
            "C" => self.is_class(given),
            "R" => matches!(given, Spec::Tuple(_)),
            "H" => matches!(given, Spec::Choice(_)),
            _ => true,
        };
        let fits =
            |from: &Spec, to: &Spec| self.is_kind_of(from, to) || self.is_compatible(from, to);
        let rebinds = match bound.get(name) {
            None => true,
            Some(before) if fits(given, before) => return Some(()),
            Some(before) if fits(before, given) => true,
            Some(before) => match self.reach(given, before, leniency) {
                // The list of it alone would be an item: then the list is not what was meant.
                Some(_) => item_of(before).is_some_and(|item| fits(given, item)),
                None => {
                    self.reach(before, given, leniency)?;
                    true
                }
            },
        };
        if rebinds {
            can_bind.then(|| bound.insert(name, given.clone()))?;
        }
        Some(())
    }

    /// Whether intervals of it are possible: its values have an order, and each has a next one.
    pub(super) fn is_point(&self, spec: &Spec) -> bool {
        [
            "Integer", "Long", "Decimal", "Date", "DateTime", "Time", "Quantity",
        ]
        .iter()
        .any(|name| is_system(spec, name))
    }

    fn matched(
        &self,
        candidate: Candidate,
        operands: &[Spec],
        leniency: Leniency,
    ) -> Option<Chosen> {
        let usable = operands
            .iter()
            .zip(&candidate.operands)
            .map(|(given, wanted)| self.reach(given, wanted, leniency))
            .collect::<Option<_>>()?;
        Some(Chosen {
            nth: candidate.nth,
            operands: candidate.operands,
            usable,
            result: candidate.result,
            overloaded: false,
        })
    }

    /// Takes away the signatures whose types are wider than those of another one.
    fn drop_wider(&self, found: &mut Vec<Chosen>) {
        let is_wider = |wide: &Chosen, close: &Chosen| {
            wide.operands != close.operands
                && wide
                    .operands
                    .iter()
                    .zip(&close.operands)
                    .all(|(wide, close)| self.is_kind_of(close, wide))
        };
        let wider: Vec<bool> = found
            .iter()
            .map(|wide| found.iter().any(|close| is_wider(wide, close)))
            .collect();
        let mut wider = wider.into_iter();
        found.retain(|_| !wider.next().unwrap_or_default());
    }

    /// How complex types are together: of two signatures that are equally far, the simpler one is meant.
    pub(super) fn complexity(&self, types: &[Spec]) -> u32 {
        let one = |spec: &Spec| match spec {
            Spec::Named(_) if self.is_class(spec) => 3,
            Spec::Named(_) => 1,
            Spec::Tuple(_) => 2,
            Spec::Interval(_) => 4,
            Spec::List(_) => 5,
            Spec::Choice(_) => 6,
        };
        types.iter().map(one).sum()
    }
}

impl Chosen {
    /// How far the operands are from what it takes, together.
    pub(super) fn distance(&self) -> u32 {
        self.usable.iter().map(|usable| usable.distance).sum()
    }
}

/// The one that was found. When several were and all operands are null, it does not matter which: a null is of every
/// type, and so is what comes of it.
fn only(
    mut found: Vec<Chosen>,
    signatures: &[Signature],
    operands: &[Spec],
) -> Result<Chosen, OverloadError> {
    if found.len() > 1 && operands.iter().all(is_any) {
        let first = found.swap_remove(0);
        let same = found.iter().all(|other| other.result == first.result);
        return Ok(Chosen {
            operands: operands.to_vec(),
            usable: operands.iter().map(Usable::same).collect(),
            result: if same { first.result } else { system("Any") },
            ..first
        });
    }
    if found.len() > 1 {
        return Err(OverloadError::Ambiguous {
            operands: operands.to_vec(),
            candidates: found
                .iter()
                .filter_map(|chosen| signatures.get(chosen.nth).cloned())
                .collect(),
        });
    }
    found.pop().ok_or_else(|| OverloadError::NoMatch {
        operands: operands.to_vec(),
        candidates: signatures.to_vec(),
    })
}

/// How many ways to take one type of each choice are looked at. Two choices of all data types of FHIR are fewer.
const COMBINATIONS_MAX: usize = 1 << 12;

/// The types as they are, then, when there are choices, with one of its types for each. With so many ways that it would
/// take long, only as they are.
fn expanded(operands: &[Spec]) -> Vec<Vec<Spec>> {
    let mut all: Vec<Vec<Spec>> = vec![operands.to_vec()];
    let ways = operands.iter().map(|one| one.alternatives().len());
    if ways.fold(1, usize::saturating_mul) > COMBINATIONS_MAX {
        return all;
    }
    for (nth, operand) in operands.iter().enumerate() {
        let Spec::Choice(types) = operand else {
            continue;
        };
        for before in std::mem::take(&mut all) {
            for one in types {
                let mut changed = before.clone();
                if let Some(place) = changed.get_mut(nth) {
                    *place = one.clone();
                }
                all.push(changed);
            }
        }
    }
    let has_choices = operands.iter().any(|one| matches!(one, Spec::Choice(_)));
    if has_choices {
        all.insert(0, operands.to_vec());
    }
    all
}

fn item_of(spec: &Spec) -> Option<&Spec> {
    match spec {
        Spec::List(item) => Some(item),
        _ => None,
    }
}

fn point_of(spec: &Spec) -> Option<&Spec> {
    match spec {
        Spec::Interval(point) => Some(point),
        _ => None,
    }
}
