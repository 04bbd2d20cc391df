//! `repeat`: level by level over the columns, and then in the order in which a walk meets the items, each before what
//! is below it.

use std::sync::Arc;

use super::owners::{Owners, narrow, wide};
use super::ragged::Ragged;
use super::rows::{ROWS_PER_BATCH_MAX, Rows, none};
use super::select::{BatchRows, Focus};
use crate::compile::{Path, SelectPlan};
use crate::error::ViewError;
use crate::row::{REPEAT_DEPTH_MAX, ROWS_PER_RESOURCE_MAX};

/// Items that one path found on the items of another part.
struct Part<'a> {
    focus: Focus<'a>,
    /// The number of each item's parent among all items; `None`: it was found on the select's own item.
    parents: Vec<Option<u32>>,
    /// The select's item that each is below.
    roots: Arc<[u32]>,
    /// The number of the part's first item.
    first: u32,
}

impl<'a> BatchRows<'_, '_, 'a> {
    /// The rows of all items that the paths find, to any depth.
    pub(super) fn repeat(
        &self,
        select: &SelectPlan,
        paths: &[Path],
        focus: &Focus<'a>,
    ) -> Result<Rows, ViewError> {
        let parts = self.parts(paths, focus)?;
        let positions = positions(&parts, focus.items());
        let mut made = Vec::new();
        for part in &parts {
            let places = wide(part.first)..wide(part.first) + part.focus.items();
            let of_part = positions.get(places).unwrap_or_default();
            let within: Arc<[i32]> = of_part.iter().map(|position| position.within).collect();
            let mut numbered = part.focus.clone();
            numbered.scope.row_index = Some(within);
            let rows = self.items(select, &numbered)?;
            // Rows go in the order of the walk: owners are positions of the walk until all parts are together.
            let of_walk = |row: u32| {
                of_part
                    .get(wide(row))
                    .map_or(0, |position| position.overall)
            };
            made.push((
                rows.owners.iter().map(of_walk).collect::<Vec<u32>>(),
                rows.columns,
            ));
        }
        let types = self
            .view
            .columns
            .get(select.range.clone())
            .unwrap_or_default();
        let mut together = vec![none(
            positions.len(),
            types.iter().map(|c| c.ty.data_type()),
        )];
        together.extend(made.into_iter().map(|(owners, columns)| Rows {
            owners: Owners::Of {
                items: positions.len(),
                owners: owners.into(),
            },
            columns,
        }));
        let united = Rows::union(together)?;
        let roots = roots_in_order(&parts, &positions);
        let of_root = |position: u32| roots.get(wide(position)).copied().unwrap_or(u32::MAX);
        let rows = Rows {
            owners: Owners::Of {
                items: focus.items(),
                owners: united.owners.iter().map(of_root).collect(),
            },
            columns: united.columns,
        };
        self.bounded(rows, focus)
    }

    /// All items, level by level.
    fn parts(&self, paths: &[Path], focus: &Focus<'a>) -> Result<Vec<Part<'a>>, ViewError> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        let mut next = 0_u32;
        let roots: Arc<[u32]> = (0..narrow(focus.items())).collect();
        let mut level: Vec<(Focus<'a>, Arc<[u32]>, Option<u32>)> =
            vec![(focus.clone(), roots, None)];
        for depth in 0.. {
            let mut below = Vec::new();
            for (around, roots, first) in &level {
                for path in paths {
                    let found = self.path(path, around)?;
                    if found.values.len() == 0 {
                        continue;
                    }
                    if depth >= REPEAT_DEPTH_MAX {
                        return Err(self.too_deep(path, around, &found));
                    }
                    let part = part(around, roots, *first, &found, next);
                    next = next.saturating_add(narrow(part.focus.items()));
                    below.push((
                        part.focus.clone(),
                        Arc::clone(&part.roots),
                        Some(part.first),
                    ));
                    parts.push(part);
                }
            }
            if below.is_empty() {
                break;
            }
            self.check_counts(&parts, focus)?;
            level = below;
        }
        Ok(parts)
    }

    fn too_deep(&self, path: &Path, around: &Focus<'a>, found: &Ragged<'a>) -> ViewError {
        let item = found.owners.iter().next().map_or(0, wide);
        let row = around.rows.get(item).copied().map_or(0, wide);
        ViewError::TooDeep {
            path: Box::new(path.text.clone()),
            depth_max: REPEAT_DEPTH_MAX,
            record: Box::new((self.record)(row)),
        }
    }

    /// Refuses more items of one item than rows that it may have, and more of all than can be held.
    fn check_counts(&self, parts: &[Part<'a>], focus: &Focus<'a>) -> Result<(), ViewError> {
        let items: usize = parts.iter().map(|part| part.focus.items()).sum();
        if items <= ROWS_PER_RESOURCE_MAX {
            return Ok(());
        }
        let mut counts = vec![0_usize; focus.items()];
        for root in parts.iter().flat_map(|part| part.roots.iter()) {
            if let Some(count) = counts.get_mut(wide(*root)) {
                *count += 1;
            }
        }
        let mut counts = counts.into_iter();
        match counts.position(|count| count > ROWS_PER_RESOURCE_MAX) {
            Some(item) => Err(self.too_many(focus, item)),
            None if items > ROWS_PER_BATCH_MAX => Err(ViewError::BatchTooLarge {
                rows_max: ROWS_PER_BATCH_MAX,
            }),
            None => Ok(()),
        }
    }
}

fn part<'a>(
    around: &Focus<'a>,
    roots: &Arc<[u32]>,
    first_around: Option<u32>,
    found: &Ragged<'a>,
    first: u32,
) -> Part<'a> {
    let root = |owner: u32| roots.get(wide(owner)).copied().unwrap_or(u32::MAX);
    // The paths themselves see the position of what the select is on.
    let inherited = found
        .owners
        .iter()
        .map(|owner| around.scope.row_index(wide(owner)));
    Part {
        focus: around.numbered(found, inherited.collect()),
        parents: found
            .owners
            .iter()
            .map(|owner| first_around.map(|first| first.saturating_add(owner)))
            .collect(),
        roots: found.owners.iter().map(root).collect(),
        first,
    }
}

/// Where the walk meets an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Position {
    /// Among all items.
    overall: u32,
    /// Among those of the same select's item: `%rowIndex`.
    within: i32,
}

/// Where the walk meets each item, by number.
fn positions(parts: &[Part<'_>], roots: usize) -> Vec<Position> {
    let items: usize = parts.iter().map(|part| part.parents.len()).sum();
    // Children in the order of the paths: parts stand in it, level by level.
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); items];
    let mut tops: Vec<Vec<u32>> = vec![Vec::new(); roots];
    for part in parts {
        for ((number, parent), root) in (part.first..).zip(&part.parents).zip(part.roots.iter()) {
            let list = match parent {
                Some(parent) => children.get_mut(wide(*parent)),
                None => tops.get_mut(wide(*root)),
            };
            if let Some(list) = list {
                list.push(number);
            }
        }
    }
    let mut positions = vec![Position::default(); items];
    let mut overall = 0;
    for top in tops {
        let mut within = 0;
        let mut stack: Vec<u32> = top.into_iter().rev().collect();
        while let Some(number) = stack.pop() {
            if let Some(position) = positions.get_mut(wide(number)) {
                *position = Position { overall, within };
            }
            overall += 1;
            within += 1;
            let below = children.get(wide(number)).map_or(&[][..], Vec::as_slice);
            stack.extend(below.iter().rev());
        }
    }
    positions
}

/// The select's item of each position of the walk.
fn roots_in_order(parts: &[Part<'_>], positions: &[Position]) -> Vec<u32> {
    let mut roots = vec![u32::MAX; positions.len()];
    for part in parts {
        for (number, root) in (part.first..).zip(part.roots.iter()) {
            let position = positions.get(wide(number)).map_or(0, |p| p.overall);
            if let Some(place) = roots.get_mut(wide(position)) {
                *place = *root;
            }
        }
    }
    roots
}
