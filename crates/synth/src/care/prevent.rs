//! Immunization and colorectal screening.

use super::Care;
use crate::agenda::{Event, influenza_season};
use crate::calendar::{Day, Moment, weekday};
use crate::chance::Chance;
use crate::chart::{EncounterIndex, Procedure, ProcedureCode, Vaccination, Vaccine};
use crate::content::{Immunization, VisitKind};
use crate::person::Person;
use crate::world::World;

/// ICD-10-CM: cancer of the digestive organs in the family, which makes a colonoscopy one of high risk.
const FAMILY_HISTORY: &str = "Z80.0";

/// What a person accepts and what was done last.
#[derive(Debug)]
pub(super) struct State<'w> {
    /// Vaccines that the person accepts, with the doses given.
    accepted: Vec<(&'w Immunization, usize)>,
    influenza: bool,
    influenza_season: Option<i32>,
    last_influenza: Option<Day>,
    last_colonoscopy: Option<Day>,
    last_stool_test: Option<Day>,
    prefers_stool_test: bool,
    high_risk: bool,
    invited: bool,
}

impl<'w> State<'w> {
    /// Draws what the person accepts and the last colonoscopy before the records.
    pub(super) fn draw(world: &'w World, person: &Person<'_>, chance: &mut Chance) -> State<'w> {
        let prevention = &world.content.prevention;
        let mut accepted = Vec::new();
        for vaccine in &prevention.immunization {
            if chance.happens(vaccine.uptake) {
                // Doses due before the records began are taken as given elsewhere.
                let before = |months: &&i32| due(person, **months) < world.start - 45;
                accepted.push((vaccine, vaccine.ages_months.iter().filter(before).count()));
            }
        }
        let colorectal = &prevention.colorectal;
        let never = person.plant.is_some_and(|p| p.make.never_screened);
        let age = person.age(world.start);
        let screened = chance.happens(colorectal.ever_screened_at(age));
        let years_ago = chance.unit() * (age - f64::from(colorectal.from_age)).clamp(0.5, 11.0);
        #[expect(clippy::cast_possible_truncation, reason = "a decade in days")]
        let past = world.start - (years_ago * 365.0) as Day;
        State {
            accepted,
            influenza: chance.happens(
                prevention
                    .influenza
                    .uptake_at(crate::calendar::age_years(person.birth, world.end)),
            ),
            influenza_season: None,
            last_influenza: None,
            last_colonoscopy: (screened && !never).then_some(past),
            last_stool_test: None,
            prefers_stool_test: chance.happens(colorectal.prefers_stool_test),
            high_risk: chance.happens(colorectal.high_risk_share),
            invited: !never,
        }
    }
}

impl State<'_> {
    /// Whether the first dose of a vaccine is accepted at birth; it then counts as given.
    pub(super) fn accepts_first(&mut self, vaccine: Option<&Immunization>) -> bool {
        let mut accepted = self.accepted.iter_mut();
        let known = accepted.find(|(own, _)| vaccine.is_some_and(|v| v.cvx == own.cvx));
        known.is_some_and(|(_, doses)| {
            *doses += 1;
            true
        })
    }
}

fn due(person: &Person<'_>, months: i32) -> Day {
    #[expect(clippy::cast_possible_truncation, reason = "a life in days")]
    let days = (f64::from(months) * 30.44) as Day;
    person.birth + days
}

impl<'w> Care<'w> {
    /// The colonoscopy before the records began, as history without an encounter.
    pub(super) fn past_colonoscopy(&mut self) {
        if let Some(day) = self.prevention.last_colonoscopy {
            let code = self.colonoscopy_code();
            self.chart.procedures.push(Procedure {
                code,
                day,
                encounter: None,
            });
        }
    }

    /// Doses that are due, and influenza in season.
    pub(super) fn vaccinate(&mut self, encounter: EncounterIndex) {
        let at = self.start(encounter).plus_minutes(15);
        let mut given = Vec::new();
        for (vaccine, doses) in &mut self.prevention.accepted {
            let next = vaccine.ages_months.get(*doses);
            if next.is_some_and(|&months| due(&self.chart.person, months) <= at.day) {
                *doses += 1;
                given.push(Vaccine::Scheduled(vaccine));
            }
        }
        let season = influenza_season(at.day);
        let old_enough = self.chart.person.age(at.day) >= 0.5;
        if season.is_some() && season != self.prevention.influenza_season && old_enough {
            let accepts = self.prevention.influenza && self.chance.happens(0.95);
            if accepts {
                self.prevention.influenza_season = season;
                self.prevention.last_influenza = Some(at.day);
                given.push(Vaccine::Influenza);
            }
        }
        let vaccinations = given.into_iter().map(|vaccine| Vaccination {
            vaccine,
            at,
            encounter,
        });
        self.chart.immunizations.extend(vaccinations);
    }

    /// Whether the influenza vaccine keeps an illness mild: given two weeks to half a year before.
    pub(super) fn spared_by_vaccine(&mut self, exposed: Day, effect: f64) -> bool {
        let given = self.prevention.last_influenza.map(|day| exposed - day);
        let works = given.is_some_and(|days| (14..190).contains(&days));
        works && self.chance.happens(effect)
    }

    /// A short visit for the influenza vaccine, if it was not given yet.
    pub(super) fn flu_shot(&mut self, at: Moment) {
        let season = influenza_season(at.day);
        let given = season.is_none() || season == self.prevention.influenza_season;
        let young = self.chart.person.age(at.day) < 0.5;
        if given || young || !self.prevention.influenza {
            return;
        }
        if let Some(encounter) = self.open(VisitKind::Vaccination, at, None) {
            self.prevention.influenza_season = season;
            self.prevention.last_influenza = Some(at.day);
            self.chart.immunizations.push(Vaccination {
                vaccine: Vaccine::Influenza,
                at: at.plus_minutes(4),
                encounter,
            });
        }
    }

    /// Colorectal screening when it is due: a stool test at once, or a colonoscopy in some weeks.
    pub(super) fn screen_colorectal(&mut self, encounter: EncounterIndex) {
        let day = self.start(encounter).day;
        let rules = &self.world.content.prevention.colorectal;
        let age = self.chart.person.age(day);
        let of_age = age >= f64::from(rules.from_age) && age <= f64::from(rules.to_age);
        let years = |from: Option<Day>| from.map_or(f64::INFINITY, |d| f64::from(day - d) / 365.25);
        let up_to_date = years(self.prevention.last_colonoscopy)
            < f64::from(rules.colonoscopy_years)
            || years(self.prevention.last_stool_test) < f64::from(rules.stool_test_years);
        if !of_age || up_to_date || !self.prevention.invited {
            return;
        }
        if !self.chance.happens(0.24 * self.chart.person.engagement) {
            return;
        }
        if self.prevention.prefers_stool_test {
            self.stool_test(encounter, day);
        } else {
            self.refer_colonoscopy(day);
        }
    }

    fn stool_test(&mut self, encounter: EncounterIndex, day: Day) {
        self.prevention.last_stool_test = Some(day);
        if let Some(service) = self.world.content.service("stool-test") {
            let code = ProcedureCode::Hcpcs(&service.hcpcs, &service.display);
            self.chart.procedures.push(Procedure {
                code,
                day,
                encounter: Some(encounter),
            });
        }
        let positive = self.chance.happens(0.06);
        self.take_stool_test(encounter, positive);
        if positive {
            self.refer_colonoscopy(day);
        }
    }

    fn refer_colonoscopy(&mut self, day: Day) {
        let mut on = day + self.chance.between(18, 75);
        on -= (weekday(on) - 4).max(0);
        // Counted as done from the referral, so that nobody is invited twice.
        self.prevention.last_colonoscopy = Some(on);
        let minute = self.chance.between(42, 84) * 10;
        self.agenda
            .add(Moment { day: on, minute }, Event::Colonoscopy);
    }

    fn colonoscopy_code(&self) -> ProcedureCode<'w> {
        let id = if self.prevention.high_risk {
            "colonoscopy-high-risk"
        } else {
            "colonoscopy"
        };
        self.world.content.service(id).map_or(
            ProcedureCode::Hcpcs("G0121", "Colorectal cancer screening; colonoscopy"),
            |s| ProcedureCode::Hcpcs(&s.hcpcs, &s.display),
        )
    }

    pub(super) fn colonoscopy(&mut self, at: Moment) {
        let Some(encounter) = self.open(VisitKind::Colonoscopy, at, None) else {
            return;
        };
        let code = self.colonoscopy_code();
        self.chart.procedures.push(Procedure {
            code,
            day: at.day,
            encounter: Some(encounter),
        });
        if let (true, Some(visit)) = (
            self.prevention.high_risk,
            self.chart.encounters.get_mut(encounter),
        ) {
            visit.secondary.push(FAMILY_HISTORY);
        }
        let mut chance = self.chance.clone();
        let _moved = self.chance.unit();
        // Sensitivity for adenoma about 85 % (Knudsen 2021); it is taken out.
        if self.health.has("colon-cancer/adenoma", at.day) && self.chance.happens(0.85) {
            self.health.clear("colon-cancer", at.day);
            self.diagnose(encounter, "K63.5");
        } else if self.health.has("colon-cancer/preclinical", at.day) {
            self.health
                .advance("colon-cancer", "local", at.day + 9, &mut chance);
            let at = Moment {
                day: at.day + 21,
                minute: 420,
            };
            if let Some(admission) = self.world.content.admission("bowel-resection") {
                let event = Event::Stay {
                    admission,
                    planned: true,
                    after: None,
                };
                self.agenda.add(at, event);
            }
        }
    }
}
