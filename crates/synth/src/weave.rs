//! Threads that make groups of patients, handed over in the order of their numbers.
//!
//! Worker `w` of `n` makes groups `w`, `w + n`, `w + 2n`, … and each has a channel of its own with
//! room for one group; the caller takes from the channels in turn. So the order is fixed, nothing is
//! sorted, and memory is bounded by two groups a worker, at any number of patients. Emptied buffers go back.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use crate::billing;
use crate::care::{Care, second_record};
use crate::chart::Chart;
use crate::cover;
use crate::emit::{Buffers, Emitter};
use crate::epidemic::Infection;
use crate::error::SynthError;
use crate::generate::Options;
use crate::health::Health;
use crate::hl7v2;
use crate::household::{BLOCK, Household, neighbourhood};
use crate::inspect::inspect;
use crate::person::{Home, Person};
use crate::sink::Sink;
use crate::truth::{Rows, Truth};
use crate::world::World;

/// Patients in a group. A divisor of a neighbourhood's size.
const GROUP: u64 = 16;

/// The records and the truth of a group.
struct Group {
    buffers: Buffers,
    rows: Rows,
}

/// Makes everything, hands it to the sink in order, and the rows to `keep` after that.
pub fn weave(
    world: &World,
    options: &Options,
    sink: &mut dyn Sink,
    keep: &mut dyn FnMut(Rows),
) -> Result<(), SynthError> {
    let mut emitter = Emitter::new(world, Buffers::default());
    emitter.places();
    // What is planted is said once, with the places; patients then add their cases.
    let planted = Truth {
        outbreaks: world.truth(options).outbreaks,
        ..Truth::default()
    };
    let places = Group {
        buffers: emitter.finish(),
        rows: Rows {
            truth: planted,
            ..Rows::default()
        },
    };
    hand_over(places, sink, keep)?;
    let groups = options.patients.div_ceil(GROUP);
    let workers = u64::try_from(options.workers())
        .unwrap_or(1)
        .min(groups)
        .max(1);
    std::thread::scope(|scope| {
        let mut lines = Vec::new();
        for worker in 0..workers {
            let (full, taken) = sync_channel(1);
            let (back, empty) = channel();
            lines.push((taken, back));
            let mine = (worker..groups).step_by(usize::try_from(workers).unwrap_or(1));
            scope.spawn(move || work(world, options, mine, &full, &empty));
        }
        take_in_turn(groups, &lines, sink, keep)
    })
}

/// What a worker does until it is done or nobody takes any more.
fn work(
    world: &World,
    options: &Options,
    groups: impl Iterator<Item = u64>,
    full: &SyncSender<Group>,
    empty: &Receiver<Buffers>,
) {
    let mut near = Near::default();
    for index in groups {
        let mut buffers = empty.try_recv().unwrap_or_default();
        buffers.clear();
        let numbers = index * GROUP + 1..=((index + 1) * GROUP).min(options.patients);
        let group = make(world, options, &mut near, numbers, buffers);
        if full.send(group).is_err() {
            return;
        }
    }
}

fn take_in_turn(
    groups: u64,
    lines: &[(Receiver<Group>, Sender<Buffers>)],
    sink: &mut dyn Sink,
    keep: &mut dyn FnMut(Rows),
) -> Result<(), SynthError> {
    let turns = lines.iter().cycle();
    for (_, (taken, back)) in (0..groups).zip(turns) {
        // A worker ends early only by a panic, which the scope passes on.
        let Ok(group) = taken.recv() else { break };
        let buffers = hand_over(group, sink, keep)?;
        // The worker may be done.
        let _done = back.send(buffers);
    }
    Ok(())
}

fn hand_over(
    group: Group,
    sink: &mut dyn Sink,
    keep: &mut dyn FnMut(Rows),
) -> Result<Buffers, SynthError> {
    let Group { buffers, mut rows } = group;
    for (kind, buffer) in buffers.filled() {
        let resource_type = kind.name();
        rows.truth.counts.insert(resource_type, buffer.count);
        sink.lines(resource_type, &buffer.text)
            .map_err(|source| SynthError::Sink {
                resource_type,
                source,
            })?;
    }
    sink.rows(&rows).map_err(|source| SynthError::Sink {
        resource_type: "truth",
        source,
    })?;
    keep(rows);
    Ok(buffers)
}

/// The neighbourhood that a worker is in.
#[derive(Default)]
struct Near {
    index: Option<u64>,
    households: Vec<Lived>,
}

/// A household with its infections, drawn when they are first asked for.
struct Lived {
    household: Household,
    infections: Option<Vec<Infection>>,
}

impl Near {
    /// The household of a patient, and its infections.
    fn household(&mut self, world: &World, number: u64) -> Option<(&Household, &[Infection])> {
        let index = (number - 1) / BLOCK;
        if self.index != Some(index) {
            self.index = Some(index);
            let all = neighbourhood(world, index).into_iter();
            self.households = all
                .map(|household| Lived {
                    household,
                    infections: None,
                })
                .collect();
        }
        let mut all = self.households.iter_mut();
        let home = all.find(|h| h.household.member(number).is_some())?;
        let household = &home.household;
        let draw = || world.epidemics.infect(household);
        let infections = home.infections.get_or_insert_with(draw);
        Some((&home.household, infections))
    }
}

fn make(
    world: &World,
    options: &Options,
    near: &mut Near,
    numbers: std::ops::RangeInclusive<u64>,
    buffers: Buffers,
) -> Group {
    let mut emitter = Emitter::new(world, buffers);
    let mut rows = Rows::default();
    for number in numbers {
        let near = near.household(world, number);
        let chart = near.and_then(|(household, ill)| chart(world, household, ill, number));
        let Some(chart) = chart else {
            continue;
        };
        emitter.chart(&chart);
        inspect(world, &chart, &mut rows);
        if options.hl7v2 {
            hl7v2::messages(world, &chart, &mut rows.messages);
        }
    }
    Group {
        buffers: emitter.finish(),
        rows,
    }
}

/// The finished chart of one patient: a pure function of the world, the household and the number.
fn chart<'w>(
    world: &'w World,
    household: &Household,
    infections: &[Infection],
    number: u64,
) -> Option<Chart<'w>> {
    let member = household.member(number)?;
    let home = Home::draw(world, household)?;
    let mut person = Person::draw(world, &home, household.id, member);
    person.tie(world, &home, household);
    let health = Health::draw(world, &mut person);
    let cover = cover::draw(world, &person);
    person.second_record = second_record(world, &person, &cover);
    let mine = infections.iter().filter(|i| i.number == number).copied();
    let mut chart = Care::walk(world, person, health, cover, mine.collect());
    billing::settle(world, &mut chart);
    Some(chart)
}
