//! Whether every name in the content files is defined by one of them.

use salus_base::suggest::closest;

use super::{Content, Disease, Move, WELL};
use crate::error::SynthError;

/// Checks names between the files.
///
/// # Errors
/// [`SynthError::Unknown`] for the first name that nothing defines.
pub(super) fn names(content: &Content) -> Result<(), SynthError> {
    let check = Check { content };
    check.panels()?;
    check.diseases()?;
    check.medicines()?;
    check.events()?;
    check.plants()?;
    check.services()?;
    check.errors()
}

struct Check<'a> {
    content: &'a Content,
}

impl Check<'_> {
    fn panels(&self) -> Result<(), SynthError> {
        let all = self.content.panels.iter();
        each(all, |panel| {
            each(&panel.members, |member| self.measure(member, &panel.id))
        })
    }

    fn diseases(&self) -> Result<(), SynthError> {
        each(&self.content.diseases, |disease| {
            let place = &disease.id;
            let medicines = disease.line.iter().flat_map(|line| &line.medicines);
            each(medicines, |m| self.medicine(m, place))?;
            each(&disease.lab, |lab| self.panel(&lab.panel, place))?;
            let codes = disease.state.iter().flat_map(|state| &state.code);
            each(codes, |(code, _)| self.code(code, place))?;
            let effects = disease.effect.iter().map(|e| &e.measure);
            let goals = disease.goal.iter().map(|g| &g.measure);
            each(effects.chain(goals), |m| self.measure(m, place))?;
            let of_effects = disease.effect.iter().flat_map(|e| &e.state);
            let of_labs = disease.lab.iter().flat_map(|l| &l.state);
            let of_lines = disease.line.iter().flat_map(|l| &l.state);
            let of_referrals = disease.referral.iter().flat_map(|r| &r.state);
            let kept = disease.line.iter().flat_map(|l| &l.maintain);
            let states = of_effects
                .chain(of_labs)
                .chain(of_lines)
                .chain(of_referrals)
                .chain(kept);
            each(states, |state| self.state(state, disease))?;
            each(&disease.moves, |one| self.moves(disease, one))
        })
    }

    fn moves(&self, disease: &Disease, one: &Move) -> Result<(), SynthError> {
        let place = &disease.id;
        each([&one.from, &one.to], |state| self.state(state, disease))?;
        let others = one.also.iter().map(|also| &also.disease);
        each(others.chain(&one.needs), |d| self.condition(d, place))?;
        each(&one.when, |limit| self.measure(&limit.measure, place))?;
        let admissions = self.content.admissions.iter().map(|a| a.id.as_str());
        each(&one.admission, |id| {
            known("admission", id, place, admissions.clone())
        })?;
        let illnesses = self.content.illnesses.iter().map(|i| i.id.as_str());
        each(&one.illness, |id| {
            known("illness", id, place, illnesses.clone())
        })
    }

    fn events(&self) -> Result<(), SynthError> {
        each(&self.content.illnesses, |illness| {
            let place = &illness.id;
            each(&illness.codes, |(code, _)| self.code(code, place))?;
            each(&illness.medicines, |m| self.medicine(m, place))?;
            each(&illness.studies, |s| self.study(&s.study, place))?;
            each(&illness.needs, |c| self.condition(c, place))
        })?;
        each(&self.content.admissions, |stay| {
            let codes = std::iter::once(&stay.code).chain(&stay.secondary);
            each(codes, |code| self.code(code, &stay.id))?;
            each(&stay.needs, |c| self.condition(c, &stay.id))
        })?;
        each(&self.content.visits.visit, |visit| {
            self.service(&visit.service, &visit.display)
        })
    }

    fn errors(&self) -> Result<(), SynthError> {
        each(&self.content.errors, |error| {
            each(&error.medicines, |m| self.medicine(m, &error.id))?;
            each(&error.measures, |m| self.measure(m, &error.id))?;
            let reason = Some(&error.reason).filter(|code| !code.is_empty());
            each(reason, |code| self.code(code, &error.id))
        })
    }

    fn services(&self) -> Result<(), SynthError> {
        each(&self.content.studies, |s| self.service(&s.service, &s.id))?;
        each(&self.content.operations, |operation| {
            self.service(&operation.service, &operation.id)?;
            each(&operation.codes, |(code, _)| self.code(code, &operation.id))
        })?;
        each(&self.content.low_value, |one| {
            let place = &one.id;
            let codes = one.codes.iter().chain(&one.indicated_codes);
            each(codes.chain(&one.red_flags), |code| self.code(code, place))?;
            each(&one.indicated_in, |c| self.condition(c, place))?;
            each(one.study.iter().chain(&one.twin_study), |s| {
                self.study(s, place)
            })?;
            each(&one.panel, |panel| self.panel(panel, place))?;
            each(&one.medicines, |m| self.medicine(m, place))?;
            each(&one.bill, |service| self.service(service, place))
        })
    }

    fn plants(&self) -> Result<(), SynthError> {
        each(&self.content.plants, |plant| {
            each(&plant.orders, |o| {
                self.medicine(&o.medicine, &plant.id)?;
                each(&o.reason, |code| self.code(code, &plant.id))
            })?;
            let conditions = plant.make.force.iter().chain(&plant.make.forbid);
            each(conditions, |c| self.condition(c, &plant.id))?;
            each(&plant.make.reason, |code| self.code(code, &plant.id))
        })?;
        let areas = self.content.region.area.iter().map(|a| a.code.as_str());
        each(&self.content.outbreaks, |outbreak| {
            known("area", &outbreak.area, &outbreak.id, areas.clone())?;
            each(&outbreak.codes, |(code, _)| self.code(code, &outbreak.id))
        })
    }

    fn medicines(&self) -> Result<(), SynthError> {
        each(&self.content.medicines, |medicine| {
            each(&medicine.effect, |e| self.measure(&e.measure, &medicine.id))?;
            each(&medicine.stronger, |m| self.medicine(m, &medicine.id))
        })
    }

    fn measure(&self, id: &str, place: &str) -> Result<(), SynthError> {
        let all = self.content.measures.iter().map(|m| m.id.as_str());
        known("measure", id, place, all)
    }

    fn panel(&self, id: &str, place: &str) -> Result<(), SynthError> {
        let all = self.content.panels.iter().map(|p| p.id.as_str());
        known("panel", id, place, all)
    }

    fn service(&self, id: &str, place: &str) -> Result<(), SynthError> {
        let all = self.content.prices.service.iter().map(|s| s.id.as_str());
        known("service", id, place, all)
    }

    fn study(&self, id: &str, place: &str) -> Result<(), SynthError> {
        let all = self.content.studies.iter().map(|s| s.id.as_str());
        known("study", id, place, all)
    }

    fn medicine(&self, id: &str, place: &str) -> Result<(), SynthError> {
        let all = self.content.medicines.iter().map(|m| m.id.as_str());
        known("medicine", id, place, all)
    }

    fn code(&self, code: &str, place: &str) -> Result<(), SynthError> {
        let all = self.content.displays.keys().map(String::as_str);
        known("ICD-10-CM code", code, place, all)
    }

    fn state(&self, state: &str, disease: &Disease) -> Result<(), SynthError> {
        let own = disease.state.iter().map(|s| s.id.as_str());
        known("state", state, &disease.id, own.chain([WELL]))
    }

    /// A disease, or a state of one as `disease/state`.
    fn condition(&self, name: &str, place: &str) -> Result<(), SynthError> {
        let (id, state) = name.split_once('/').unwrap_or((name, WELL));
        let all = self.content.diseases.iter();
        known("disease", id, place, all.clone().map(|d| d.id.as_str()))?;
        each(all.filter(|d| d.id == id), |d| self.state(state, d))
    }
}

/// Checks all of them, up to the first that fails.
fn each<T>(
    all: impl IntoIterator<Item = T>,
    check: impl FnMut(T) -> Result<(), SynthError>,
) -> Result<(), SynthError> {
    all.into_iter().try_for_each(check)
}

fn known<'a>(
    kind: &'static str,
    name: &str,
    place: &str,
    all: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), SynthError> {
    if all.clone().any(|one| one == name) {
        return Ok(());
    }
    Err(SynthError::Unknown {
        kind,
        name: name.to_owned(),
        place: place.to_owned(),
        near: closest(name, all).map(str::to_owned),
    })
}
