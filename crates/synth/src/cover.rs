//! Insurance: spells of cover with gaps between them, and how an allowed amount is shared.

use crate::calendar::{Day, YEAR_DAYS, civil, from_civil};
use crate::chance::{Chance, Purpose};
use crate::content::Plan;
use crate::person::Person;
use crate::world::World;

/// A spell of cover. Between spells the person has none.
#[derive(Debug, Clone, Copy)]
pub struct Spell<'w> {
    /// The plan.
    pub plan: &'w Plan,
    /// First day.
    pub from: Day,
    /// Last day; none: still running at the end of the data.
    pub to: Option<Day>,
}

impl Spell<'_> {
    /// Whether it covers a day.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// Draws the spells of a person, in order of time.
#[must_use]
pub fn draw<'w>(world: &'w World, person: &Person<'_>) -> Vec<Spell<'w>> {
    let chance = &mut Chance::new(world.seed, person.number, Purpose::Money);
    let last = person.death.unwrap_or(world.end);
    let lost = person
        .plant
        .and_then(|p| p.make.uninsured_days)
        .map(|days| world.end - days);
    let mut spells = Vec::new();
    let mut day = world.start.max(person.birth);
    let mut first = true;
    while day <= last {
        let plan = plan(
            world,
            person,
            day,
            lost.is_some() || person.plant.is_some(),
            chance,
        );
        let until = change(world, person, plan, day, chance).min(last + 1);
        let (until, ended) = match lost {
            Some(lost) => (until.min(lost), until >= lost),
            None => (until, false),
        };
        if let Some(plan) = plan.filter(|_| until > day) {
            // Cover that is there at the start of the records began earlier.
            let from = if first {
                back(person, day, chance)
            } else {
                day
            };
            let to = (until <= last).then_some(until - 1);
            spells.push(Spell { plan, from, to });
        }
        if ended {
            break;
        }
        first = false;
        let turns_65 = until == birthday_65(world, person);
        let child = person.age(day) < 19.0;
        let gap = plan.is_some() && !turns_65 && chance.happens(if child { 0.3 } else { 0.62 });
        let [short, long] = world.content.coverage.change.gap_days;
        day = until + if gap { chance.between(short, long) } else { 0 };
        // A gap ends at the latest with Medicare.
        let medicare = birthday_65(world, person);
        if until < medicare {
            day = day.min(medicare);
        }
    }
    spells
}

fn back(person: &Person<'_>, day: Day, chance: &mut Chance) -> Day {
    let from = (day - chance.between(0, 1400)).max(person.birth);
    let (year, month, _) = civil(from);
    from_civil(year, month, 1).max(person.birth)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a life in days is far inside i32"
)]
fn birthday_65(world: &World, person: &Person<'_>) -> Day {
    let years = f64::from(world.content.coverage.change.medicare_from_age);
    person.birth + (years * YEAR_DAYS) as Day
}

/// When the present state (covered or not) ends.
fn change(
    world: &World,
    person: &Person<'_>,
    plan: Option<&Plan>,
    day: Day,
    chance: &mut Chance,
) -> Day {
    let change = &world.content.coverage.change;
    let far = world.end + 1;
    if plan.is_some_and(|p| p.id == "medicare") {
        return far;
    }
    let mean_years = if plan.is_some() {
        1.0 / change.loss_per_year
    } else {
        1.6
    };
    // Poor people lose cover more often.
    let mean_years = mean_years
        * if person.poor() && plan.is_some() {
            0.55
        } else {
            1.0
        };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, then bounded by the window"
    )]
    let length = (chance.exponential(mean_years) * YEAR_DAYS) as Day;
    let until = day.saturating_add(length.max(45)).min(far);
    let medicare = birthday_65(world, person);
    if day < medicare {
        until.min(medicare.max(day + 1))
    } else {
        until
    }
}

fn plan<'w>(
    world: &'w World,
    person: &Person<'_>,
    day: Day,
    must: bool,
    chance: &mut Chance,
) -> Option<&'w Plan> {
    let change = &world.content.coverage.change;
    let age = person.age(day);
    let id = if age >= f64::from(change.medicare_from_age) - 0.01 {
        "medicare"
    } else if age < 19.0 {
        child_plan(person, change.children_medicaid_below_fpl, chance)
    } else {
        adult_plan(world, person, chance)
    };
    let id = if id.is_empty() && must {
        "marketplace"
    } else {
        id
    };
    world.plan(id)
}

fn child_plan(person: &Person<'_>, medicaid_below: f64, chance: &mut Chance) -> &'static str {
    let draw = chance.unit();
    match person.income < medicaid_below {
        true if draw < 0.90 => "medicaid",
        true if draw < 0.965 => "employer",
        false if draw < 0.93 => "employer",
        false if draw < 0.98 => "marketplace",
        _ => "",
    }
}

fn adult_plan(world: &World, person: &Person<'_>, chance: &mut Chance) -> &'static str {
    let change = &world.content.coverage.change;
    if chance.happens(change.disabled_medicare_share) {
        return "medicare";
    }
    let below = person.income < change.medicaid_below_fpl;
    if below && chance.happens(change.medicaid_take_up) {
        return "medicaid";
    }
    let middle = person.income < 2.5;
    let employer = match (below, middle) {
        (true, _) => change.employer_share_poor,
        (false, true) => change.employer_share - 0.17,
        (false, false) => change.employer_share,
    };
    if chance.happens(employer) {
        "employer"
    } else if chance.happens(change.marketplace_share) {
        "marketplace"
    } else {
        ""
    }
}

/// How a service is shared between plan and patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Free by law.
    Preventive,
    /// Copayment of the primary-care visit.
    Primary,
    /// Copayment of urgent care.
    Urgent,
    /// Copayment of the emergency department, then as usual.
    Emergency,
    /// Deductible, then coinsurance.
    Usual,
    /// Coinsurance of medicines.
    Drug,
}

/// An allowed amount, shared. All in cents; the four sum to the allowed amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Split {
    /// Patient: counted to the deductible.
    pub deductible: i64,
    /// Patient: fixed copayment.
    pub copay: i64,
    /// Patient: percentage.
    pub coinsurance: i64,
    /// The plan pays.
    pub paid: i64,
}

impl Split {
    /// What the patient owes.
    #[must_use]
    pub fn patient(&self) -> i64 {
        self.deductible + self.copay + self.coinsurance
    }
}

/// What a person has used of deductible and out-of-pocket maximum this year.
#[derive(Debug, Default)]
pub struct YearToDate {
    year: i32,
    plan: String,
    deductible: i64,
    out_of_pocket: i64,
}

impl YearToDate {
    /// Shares an allowed amount and remembers it.
    pub fn share(&mut self, plan: &Plan, day: Day, how: Sharing, allowed: i64) -> Split {
        let year = civil(day).0;
        if self.year != year || self.plan != plan.id {
            *self = YearToDate {
                year,
                plan: plan.id.clone(),
                ..YearToDate::default()
            };
        }
        let copay = match how {
            Sharing::Primary => plan.primary_copay_cents,
            Sharing::Urgent => plan.urgent_copay_cents,
            Sharing::Emergency => plan.emergency_copay_cents,
            Sharing::Preventive | Sharing::Usual | Sharing::Drug => 0,
        }
        .min(allowed);
        let deducts = matches!(how, Sharing::Usual | Sharing::Emergency)
            || (copay == 0 && matches!(how, Sharing::Primary | Sharing::Urgent));
        let left = if deducts {
            (plan.deductible_cents - self.deductible).max(0)
        } else {
            0
        };
        let deductible = left.min(allowed - copay);
        let rest = allowed - copay - deductible;
        let percent = match how {
            Sharing::Preventive => 0.0,
            Sharing::Drug => plan.drug_coinsurance,
            _ if deducts => plan.coinsurance,
            _ => 0.0,
        };
        let room = (plan.out_of_pocket_max_cents - self.out_of_pocket).max(0);
        let split = Split {
            deductible,
            copay,
            coinsurance: percent_of(rest, percent),
            paid: 0,
        };
        let split = capped(split, room);
        self.deductible += split.deductible;
        self.out_of_pocket += split.patient();
        Split {
            paid: allowed - split.patient(),
            ..split
        }
    }
}

/// Nothing above the room left under the out-of-pocket maximum.
fn capped(split: Split, room: i64) -> Split {
    let copay = split.copay.min(room);
    let deductible = split.deductible.min(room - copay);
    let coinsurance = split.coinsurance.min(room - copay - deductible);
    Split {
        deductible,
        copay,
        coinsurance,
        paid: 0,
    }
}

/// A share of cents, rounded half away from zero. Float is enough: amounts are far below 2^53.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "small amounts"
)]
pub fn percent_of(cents: i64, share: f64) -> i64 {
    (cents as f64 * share).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Content;

    #[test]
    fn the_parts_sum_to_the_allowed_amount_and_the_maximum_holds() {
        let content = Content::embedded().unwrap();
        for plan in &content.coverage.plan {
            let mut year = YearToDate::default();
            let mut patient = 0;
            for (n, how) in [
                Sharing::Usual,
                Sharing::Primary,
                Sharing::Emergency,
                Sharing::Drug,
            ]
            .into_iter()
            .cycle()
            .take(200)
            .enumerate()
            {
                let allowed = 5_000 + 3_000 * i64::try_from(n).unwrap();
                let split = year.share(plan, 20_000, how, allowed);
                assert_eq!(split.patient() + split.paid, allowed);
                patient += split.patient();
            }
            assert!(patient <= plan.out_of_pocket_max_cents);
            assert_eq!(
                year.share(plan, 20_000, Sharing::Preventive, 100).patient(),
                0
            );
        }
    }
}
