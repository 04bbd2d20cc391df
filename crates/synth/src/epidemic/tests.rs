//! The county's epidemics look like those of the United States, and scenarios do what they say.

use std::sync::LazyLock;

use super::*;
use crate::calendar::{civil, from_civil};
use crate::household::{Member, Role};

const START: (i32, i32, i32) = (2021, 11, 1);
const END: (i32, i32, i32) = (2026, 10, 31);

fn window() -> (Day, Day) {
    let day = |(y, m, d)| from_civil(y, m, d);
    (day(START), day(END))
}

/// Without a scenario: made once, the simulation takes half a second without optimisation.
static ORDINARY: LazyLock<Epidemics> = LazyLock::new(|| county(None));

fn county(scenario: Option<&str>) -> Epidemics {
    let content = Content::embedded().unwrap();
    Epidemics::simulate(&content, 42, window(), scenario).unwrap()
}

/// Two adults and two children, in one area.
fn family(id: u64, area: usize) -> Household {
    let born = [
        (1985, Role::Head),
        (1987, Role::Partner),
        (2015, Role::Child),
        (2020, Role::Child),
    ];
    let members = born
        .into_iter()
        .zip(id..)
        .map(|((year, role), number)| Member {
            number,
            birth: from_civil(year, 3, 1),
            female: number % 2 == 0,
            role,
        });
    Household {
        id,
        members: members.collect(),
        area,
    }
}

fn families(epidemics: &Epidemics, count: u64) -> Vec<Infection> {
    let areas = 12;
    (0..count)
        .flat_map(|n| epidemics.infect(&family(4 * n + 1, usize::try_from(n).unwrap() % areas)))
        .collect()
}

fn months(infections: &[Infection], pathogen: usize) -> [usize; 13] {
    let mut months = [0; 13];
    for infection in infections.iter().filter(|i| i.pathogen == pathogen) {
        months[usize::try_from(civil(infection.onset).1).unwrap()] += 1;
    }
    months
}

#[test]
fn a_household_depends_on_nothing_but_seed_and_itself() {
    let (one, two) = (&*ORDINARY, county(None));
    let infections = one.infect(&family(17, 3));
    assert!(!infections.is_empty());
    assert_eq!(infections, two.infect(&family(17, 3)));
    assert_ne!(infections, one.infect(&family(21, 3)));
    let scenario = include_str!("../../../../content/synth/scenarios/school-gastroenteritis.toml");
    let planted = county(Some(scenario));
    let endemic = planted.infect(&family(17, 3));
    assert_eq!(
        infections, endemic,
        "a scenario leaves other areas as they are"
    );
}

#[test]
fn seasons_fall_where_surveillance_sees_them() {
    let epidemics = &*ORDINARY;
    let infections = families(epidemics, 1500);
    let share = |pathogen: &str, wanted: &[usize]| {
        let index = epidemics
            .pathogens
            .iter()
            .position(|p| p.id == pathogen)
            .unwrap();
        let months = months(&infections, index);
        let inside: usize = wanted.iter().map(|&m| months[m]).sum();
        inside as f64 / months.iter().sum::<usize>() as f64
    };
    assert!(share("influenza", &[12, 1, 2, 3]) > 0.75);
    assert!(share("rsv", &[10, 11, 12, 1, 2]) > 0.75);
    assert!(share("norovirus", &[11, 12, 1, 2, 3, 4]) > 0.65);
    assert!(share("covid", &[7, 8, 9]) > 0.1, "a late-summer wave");
    assert!(share("covid", &[12, 1, 2]) > 0.3, "a winter wave");
}

#[test]
fn yearly_attack_is_that_of_the_literature() {
    let epidemics = &*ORDINARY;
    let families_of_four = 1500;
    let infections = families(epidemics, families_of_four);
    let person_years = 4.0 * families_of_four as f64 * 5.0;
    let rate = |pathogen: usize, ill: bool| {
        let all = infections.iter().filter(|i| i.pathogen == pathogen);
        all.filter(|i| !ill || i.severity > Severity::Silent)
            .count() as f64
            / person_years
    };
    // Families with children carry more than the 8 % of all people (Tokars 2018).
    let influenza = rate(0, true);
    assert!((0.08..0.20).contains(&influenza), "{influenza}");
    let at_home = infections
        .iter()
        .filter(|i| matches!(i.origin, Origin::Household(_)));
    let share = at_home.count() as f64 / infections.len() as f64;
    assert!((0.1..0.45).contains(&share), "infected at home: {share}");
}

#[test]
fn nobody_is_infected_twice_within_the_time_of_being_ill_nor_before_birth() {
    let epidemics = &*ORDINARY;
    for n in 0..300 {
        let home = family(4 * n + 1, 5);
        let infections = epidemics.infect(&home);
        for (at, infection) in infections.iter().enumerate() {
            let member = home.member(infection.number).unwrap();
            assert!(infection.exposed >= member.birth);
            assert!(infection.onset >= infection.exposed && infection.seeks >= infection.onset);
            let again = infections[at + 1..]
                .iter()
                .find(|i| (i.number, i.pathogen) == (infection.number, infection.pathogen));
            assert!(again.is_none_or(|i| i.exposed > infection.exposed + 2));
        }
    }
}

#[test]
fn a_source_at_home_was_ill_before() {
    let epidemics = &*ORDINARY;
    for n in 0..300 {
        let infections = epidemics.infect(&family(4 * n + 1, 2));
        for infection in &infections {
            let Origin::Household(source) = infection.origin else {
                continue;
            };
            let earlier = infections.iter().any(|i| {
                i.number == source
                    && i.pathogen == infection.pathogen
                    && i.exposed < infection.exposed
            });
            let (start, _) = window();
            assert!(earlier || infection.exposed < start + 30, "{infection:?}");
        }
    }
}

#[test]
fn a_point_source_infects_the_stated_share_of_its_ages_and_area_then_their_homes() {
    let scenario = include_str!("../../../../content/synth/scenarios/school-gastroenteritis.toml");
    let epidemics = county(Some(scenario));
    let outbreak = &epidemics.outbreaks[0];
    let (mut pupils, mut at_school, mut at_home) = (0, 0, 0);
    for n in 0..800 {
        let home = family(4 * n + 1, outbreak.area);
        pupils += 2;
        for infection in epidemics
            .infect(&home)
            .iter()
            .filter(|i| i.outbreak == Some(0))
        {
            match infection.origin {
                Origin::Outbreak(0) => {
                    assert_eq!(infection.exposed, outbreak.day);
                    at_school += 1;
                }
                Origin::Household(_) => at_home += 1,
                other => panic!("{other:?}"),
            }
        }
    }
    let share = f64::from(at_school) / f64::from(pupils);
    // 640 of about 1,570 pupils, homes included: a third by the meal itself.
    assert!((0.2..0.45).contains(&share), "{share}");
    assert!(at_home > at_school / 8, "{at_home} at home");
    let elsewhere = epidemics.infect(&family(1, outbreak.area + 1));
    assert!(elsewhere.iter().all(|i| i.outbreak.is_none()));
}

#[test]
fn a_propagated_outbreak_has_its_size_and_rises_over_weeks() {
    let scenario = include_str!("../../../../content/synth/scenarios/influenza-out-of-season.toml");
    let epidemics = county(Some(scenario));
    let planted = &epidemics.outbreaks[1];
    let mut infected = 0_usize;
    let mut days = Vec::new();
    for n in 0..1500 {
        let infections = epidemics.infect(&family(4 * n + 1, planted.area));
        for infection in infections.iter().filter(|i| i.outbreak == Some(1)) {
            infected += 1;
            days.push(infection.exposed - planted.day);
        }
    }
    let share = infected as f64 / 6000.0;
    // 6 % of all; families with small children are hit harder.
    assert!((0.04..0.16).contains(&share), "{share}");
    days.sort_unstable();
    assert!(days[days.len() / 2] > 14, "half come after two weeks");
}

#[test]
fn a_scenario_that_makes_no_sense_is_refused_in_words() {
    let refuse = |text: &str| {
        let content = Content::embedded().unwrap();
        let error = Epidemics::simulate(&content, 1, window(), Some(text)).unwrap_err();
        let found = error.diagnostic();
        format!("{found} {}", found.help.clone().unwrap_or_default())
    };
    let outbreak = |rest: &str| {
        format!("[[outbreak]]\nid = \"x\"\nkind = \"point-source\"\nwhy = \"\"\n{rest}")
    };
    let text = refuse(&outbreak(
        "pathogen = \"norovius\"\narea = \"00306\"\nsize = 10\nweeks_before_end = 4",
    ));
    assert!(
        text.contains("norovius") && text.contains("did you mean `norovirus`"),
        "{text}"
    );
    let text = refuse(&outbreak(
        "pathogen = \"norovirus\"\narea = \"99999\"\nsize = 10\nweeks_before_end = 4",
    ));
    assert!(text.contains("area `99999`"), "{text}");
    let text = refuse(&outbreak(
        "pathogen = \"norovirus\"\narea = \"00306\"\nsize = 10",
    ));
    assert!(
        text.contains("exactly one of `date` and `weeks_before_end`"),
        "{text}"
    );
    let text = refuse(&outbreak(
        "pathogen = \"norovirus\"\narea = \"00306\"\nsize = 1e9\nweeks_before_end = 4",
    ));
    assert!(text.contains("0.95"), "{text}");
}
