//! Which of several signatures a call means (Developer's Guide §3, Overloads).

use foldhash::HashMap;
use salus_base::{Code, Diagnostic};

use super::conversion::{Conversions, Step, Usable, is_any};
use super::signature::{Signature, replace, shown, variable};
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

impl Conversions<'_> {
    /// The signature that a call with operands of these types means: the one whose farthest step is the closest, then
    /// the one with the fewest such steps, and so on.
    ///
    /// # Errors
    /// [`OverloadError`] with the candidates, when there is none or more than one.
    pub fn choose(
        &self,
        signatures: &[Signature],
        operands: &[Spec],
    ) -> Result<Chosen, OverloadError> {
        let mut found: Vec<(Vec<Step>, Chosen)> = signatures
            .iter()
            .enumerate()
            .filter_map(|(nth, signature)| {
                let chosen = self.matched(nth, signature, operands)?;
                let mut steps: Vec<Step> = chosen.usable.iter().map(|one| one.step).collect();
                steps.sort_by(|one, other| other.cmp(one));
                Some((steps, chosen))
            })
            .collect();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        let operands = operands.to_vec();
        let Some((closest, _)) = found.first() else {
            let candidates = signatures.to_vec();
            return Err(OverloadError::NoMatch {
                operands,
                candidates,
            });
        };
        let equal = found
            .iter()
            .take_while(|(steps, _)| steps == closest)
            .count();
        // A null is of every type: what it is used as does not matter when all operands are.
        if equal > 1 && !operands.iter().all(is_any) {
            let close = found.iter().take(equal);
            let candidates = close
                .filter_map(|(_, chosen)| signatures.get(chosen.nth).cloned())
                .collect();
            return Err(OverloadError::Ambiguous {
                operands,
                candidates,
            });
        }
        let (_, chosen) = found.swap_remove(0);
        Ok(chosen)
    }

    fn matched(&self, nth: usize, signature: &Signature, operands: &[Spec]) -> Option<Chosen> {
        if signature.operands.len() != operands.len() {
            return None;
        }
        let mut bound = HashMap::default();
        for (wanted, given) in signature.operands.iter().zip(operands) {
            self.bind(wanted, given, &mut bound)?;
        }
        let of = |name: &str| bound.get(name).cloned();
        let wanted: Vec<Spec> = signature
            .operands
            .iter()
            .map(|one| replace(one, &of))
            .collect();
        let usable = operands
            .iter()
            .zip(&wanted)
            .map(|(given, wanted)| self.usable(given, wanted))
            .collect::<Option<_>>()?;
        Some(Chosen {
            nth,
            operands: wanted,
            usable,
            result: replace(&signature.result, &of),
        })
    }

    /// Finds what the variables in `wanted` stand for when it is given this type: the widest type of all places.
    fn bind<'s>(
        &self,
        wanted: &'s Spec,
        given: &Spec,
        bound: &mut HashMap<&'s str, Spec>,
    ) -> Option<()> {
        if let Some(name) = variable(wanted) {
            match bound.get(name) {
                Some(before)
                    if !is_any(before)
                        && (is_any(given) || self.usable(given, before).is_some()) => {}
                Some(before) if !is_any(before) && self.usable(before, given).is_none() => {
                    return None;
                }
                _ => {
                    bound.insert(name, given.clone());
                }
            }
            return Some(());
        }
        match (wanted, given) {
            (Spec::List(wanted), Spec::List(given))
            | (Spec::Interval(wanted), Spec::Interval(given)) => self.bind(wanted, given, bound),
            _ => Some(()),
        }
    }
}
