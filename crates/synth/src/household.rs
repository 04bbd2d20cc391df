//! Who lives with whom.
//!
//! Patients are numbered; every [`BLOCK`] numbers in a row form a neighbourhood whose people are put
//! into households. A household depends on seed and numbers only, so patient `n` lives with the same
//! people whether there are a hundred patients or a million (people beyond the last number live in
//! the household, but have no record).

use crate::calendar::{Day, age_exact};
use crate::chance::{Chance, Purpose, interpolate};
use crate::person::Identity;
use crate::world::World;

/// Patient numbers in one neighbourhood.
pub const BLOCK: u64 = 64;

/// Share of adults who live with a partner, by age (Census Bureau, America's Families and Living
/// Arrangements 2023, table AD-3: married or cohabiting).
const PARTNERED: [[f64; 2]; 7] = [
    [18.0, 0.04],
    [24.0, 0.20],
    [30.0, 0.52],
    [40.0, 0.66],
    [60.0, 0.66],
    [75.0, 0.55],
    [90.0, 0.25],
];

/// Share of adults who live with a parent, by age (same source, table AD-1).
const WITH_PARENTS: [[f64; 2]; 4] = [[18.0, 0.80], [22.0, 0.55], [27.0, 0.22], [35.0, 0.07]];

/// What someone is in a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The adult whose number names the household.
    Head,
    /// The head's partner.
    Partner,
    /// A child of any age who lives with the head.
    Child,
}

/// Someone in a household.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Patient number.
    pub number: u64,
    /// Day of birth.
    pub birth: Day,
    /// Female sex.
    pub female: bool,
    /// What they are in it.
    pub role: Role,
}

/// People who live together.
#[derive(Debug, Clone)]
pub struct Household {
    /// Number of the head: names the household and its random streams.
    pub id: u64,
    /// Everyone, the head first.
    pub members: Vec<Member>,
    /// Index of the area where they live.
    pub area: usize,
}

impl Household {
    /// The parent of a child: the mother, if she lives here.
    #[must_use]
    pub fn parent(&self, child: &Member) -> Option<&Member> {
        let adults = self.members.iter().filter(|m| m.role != Role::Child);
        adults
            .filter(|m| m.number != child.number)
            .max_by_key(|m| (m.female, m.birth))
    }

    /// The days on which a member gave birth to the children of the household.
    pub fn births(&self, number: u64) -> impl Iterator<Item = Day> {
        let children = self.members.iter().filter(|m| m.role == Role::Child);
        children
            .filter(move |child| {
                let mother = self
                    .parent(child)
                    .filter(|p| p.female && p.number == number);
                let age = mother.map_or(0.0, |m| age_exact(m.birth, child.birth));
                (15.0..50.0).contains(&age)
            })
            .map(|child| child.birth)
    }

    /// The member of a patient number.
    #[must_use]
    pub fn member(&self, number: u64) -> Option<&Member> {
        self.members.iter().find(|m| m.number == number)
    }
}

/// The households of one neighbourhood: patient numbers `BLOCK * index + 1 ..= BLOCK * (index + 1)`.
#[must_use]
pub fn neighbourhood(world: &World, index: u64) -> Vec<Household> {
    let mut chance = Chance::new(world.seed, index, Purpose::Neighbourhood);
    let (mut adults, mut children) = (Vec::new(), Vec::new());
    for number in index * BLOCK + 1..=(index + 1) * BLOCK {
        let Identity { birth, female } = Identity::draw(world, number);
        let member = Member {
            number,
            birth,
            female,
            role: Role::Head,
        };
        if age_exact(birth, world.end) >= 18.0 {
            adults.push(member);
        } else {
            children.push(member);
        }
    }
    let mut households = couples(world, adults, &mut chance);
    grown_children(world, &mut households, &mut chance);
    for child in children {
        place(&mut households, child, &mut chance);
    }
    for household in &mut households {
        let mut draw = Chance::new(world.seed, household.id, Purpose::Home);
        let areas = world.content.region.area.iter().map(|a| a.population);
        household.area = draw.weighted_index(areas).unwrap_or(0);
    }
    households
}

fn couples(world: &World, mut left: Vec<Member>, chance: &mut Chance) -> Vec<Household> {
    let mut households = Vec::new();
    while !left.is_empty() {
        let head = left.remove(0);
        let age = age_exact(head.birth, world.end);
        let mut members = vec![head];
        // Both are asked when one is drawn, so the share is nearly that of the table.
        if chance.happens(interpolate(&PARTNERED, age)) {
            let same_sex = chance.happens(0.02);
            let found = left
                .iter()
                .enumerate()
                .filter(|(_, m)| (m.female == head.female) == same_sex)
                .map(|(at, m)| (at, (m.birth - head.birth).abs()))
                .filter(|(_, apart)| *apart < 9 * 365)
                .min_by_key(|(_, apart)| *apart);
            if let Some((at, _)) = found {
                let partner = left.remove(at);
                members.push(Member {
                    role: Role::Partner,
                    ..partner
                });
            }
        }
        households.push(Household {
            id: head.number,
            members,
            area: 0,
        });
    }
    households
}

/// Some young adults without a partner still live with their parents.
fn grown_children(world: &World, households: &mut Vec<Household>, chance: &mut Chance) {
    let alone: Vec<Member> = households
        .iter()
        .filter(|h| h.members.len() == 1)
        .filter_map(|h| h.members.first().copied())
        .collect();
    for young in alone {
        let age = age_exact(young.birth, world.end);
        if age >= 36.0 || !chance.happens(interpolate(&WITH_PARENTS, age)) {
            continue;
        }
        let parents: Vec<usize> = households
            .iter()
            .enumerate()
            .filter(|(_, h)| h.id != young.number && fits(h, young.birth))
            .map(|(at, _)| at)
            .collect();
        let Some(&at) = chance.pick(&parents) else {
            continue;
        };
        if let Some(household) = households.get_mut(at) {
            household.members.push(Member {
                role: Role::Child,
                ..young
            });
        }
        households.retain(|h| h.id != young.number);
    }
}

/// Whether the youngest of head and partner can be a parent of someone born then: 18 to 44 years apart.
fn fits(household: &Household, birth: Day) -> bool {
    let adults = household.members.iter().filter(|m| m.role != Role::Child);
    let youngest = adults.map(|m| m.birth).max().unwrap_or(birth);
    (18 * 365..44 * 365).contains(&(birth - youngest))
}

/// Puts a child where parents of its age are; siblings come together. A child is never alone.
fn place(households: &mut [Household], child: Member, chance: &mut Chance) {
    let weight = |h: &Household| {
        let adults = h.members.iter().filter(|m| m.role != Role::Child).count();
        let children = h.members.len() - adults;
        let room = [1.0, 1.3, 0.8, 0.3, 0.1].get(children).copied();
        let mother = h.members.iter().any(|m| m.role != Role::Child && m.female);
        let couple = match (adults > 1, mother) {
            (true, true) => 1.0,
            (_, true) => 0.45,
            // One child in forty lives with the father alone (same source, table C3).
            (_, false) => 0.06,
        };
        if fits(h, child.birth) {
            couple * room.unwrap_or(0.02)
        } else {
            1e-9
        }
    };
    let weights: Vec<f64> = households.iter().map(weight).collect();
    let at = chance.weighted_index(weights.into_iter()).unwrap_or(0);
    if let Some(household) = households.get_mut(at) {
        household.members.push(Member {
            role: Role::Child,
            ..child
        });
    }
}
