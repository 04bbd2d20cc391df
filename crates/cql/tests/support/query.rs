//! Queries, for the walk.

use std::sync::Arc;

use salus_cql::operators::Scene;
use salus_cql::syntax::{Query, Sort, SortDirection, SortItem};
use salus_values::{Point, Tuple};

use super::walk::{Found, Names, Stop, V, refused, walk};

pub fn query_of(query: &Query, names: &mut Names, scene: &Scene<'_>) -> Found {
    let depth = names.len();
    let mut rows: Vec<Names> = vec![Vec::new()];
    let mut is_list = false;
    for source in &query.sources {
        let value = walk(&source.expr, names, scene)?;
        let items: Vec<V> = match value {
            V::List(items) => {
                is_list = true;
                items.to_vec()
            }
            V::Null => return Ok(V::Null),
            single => vec![single],
        };
        rows = rows
            .into_iter()
            .flat_map(|row| {
                items.iter().map(move |item| {
                    let mut row = row.clone();
                    row.push((source.alias.text.to_string(), item.clone()));
                    row
                })
            })
            .collect();
    }
    let mut kept = Vec::new();
    for mut row in rows {
        names.truncate(depth);
        names.extend(row.iter().cloned());
        for one in &query.lets {
            let value = walk(&one.expr, names, scene)?;
            names.push((one.name.text.to_string(), value.clone()));
            row.push((one.name.text.to_string(), value));
        }
        let mut related = true;
        for relationship in &query.relationships {
            let V::List(others) = walk(&relationship.source.expr, names, scene)? else {
                return refused("no list to relate to");
            };
            let mut found = false;
            for other in others.iter() {
                names.push((relationship.source.alias.text.to_string(), other.clone()));
                found |= walk(&relationship.condition, names, scene)? == V::Boolean(true);
                names.pop();
            }
            related &= found != relationship.without;
        }
        if !related {
            continue;
        }
        if let Some(filter) = &query.filter
            && walk(filter, names, scene)? != V::Boolean(true)
        {
            continue;
        }
        kept.push(row);
    }
    names.truncate(depth);
    let of_sources = |row: &Names| match query.sources.len() {
        1 => row[0].1.clone(),
        _ => V::Tuple(Arc::new(Tuple::new(
            row.iter()
                .take(query.sources.len())
                .map(|(name, value)| (name.as_str(), value.clone())),
        ))),
    };
    if let Some(aggregate) = &query.aggregate {
        let mut total = match &aggregate.starting {
            Some(starting) => walk(starting, names, scene)?,
            None => V::Null,
        };
        let mut seen: Vec<V> = Vec::new();
        for row in kept {
            let key = of_sources(&row);
            if aggregate.distinct && scene.elements(None).contains(&seen, &key) == Some(true) {
                continue;
            }
            seen.push(key);
            names.truncate(depth);
            names.extend(row);
            names.push((aggregate.name.text.to_string(), total));
            total = walk(&aggregate.expr, names, scene)?;
        }
        names.truncate(depth);
        return Ok(total);
    }
    let mut results = Vec::new();
    for row in kept {
        match &query.result {
            Some(result) => {
                names.truncate(depth);
                names.extend(row);
                results.push(walk(&result.expr, names, scene)?);
            }
            None => results.push(of_sources(&row)),
        }
    }
    names.truncate(depth);
    if query.result.as_ref().is_some_and(|result| !result.all) || query.sources.len() > 1 {
        results = scene.elements(None).distinct(&results);
    }
    if let Some(Sort::Direction(direction)) = &query.sort {
        let down = direction.direction == SortDirection::Descending;
        scene.elements(None).sort(&mut results, down);
    }
    if let Some(Sort::By(items)) = &query.sort {
        results = sorted_by(results, items, names, scene)?;
    }
    Ok(match is_list {
        true => V::list(results),
        false => results.pop().unwrap_or(V::Null),
    })
}

/// Sorted by expressions over the elements of each result.
fn sorted_by(
    results: Vec<V>,
    items: &[SortItem],
    names: &mut Names,
    scene: &Scene<'_>,
) -> Result<Vec<V>, Stop> {
    let depth = names.len();
    let mut keyed = Vec::new();
    for result in results {
        if let V::Tuple(tuple) = &result {
            names.extend(
                tuple
                    .iter()
                    .map(|(name, value)| (name.to_owned(), value.clone())),
            );
        }
        let mut keys = Vec::new();
        for item in items {
            keys.push(walk(&item.expr, names, scene)?);
        }
        names.truncate(depth);
        keyed.push((keys, result));
    }
    let grain = scene.grain(None);
    keyed.sort_by(|(left, _), (right, _)| {
        let orders = items
            .iter()
            .zip(left.iter().zip(right))
            .map(|(item, (left, right))| {
                let order = left.order(right, &grain);
                let down = item
                    .direction
                    .is_some_and(|by| by.direction == SortDirection::Descending);
                if down { order.reverse() } else { order }
            });
        orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    Ok(keyed.into_iter().map(|(_, result)| result).collect())
}
