//! Circles among libraries, defines and functions, which have no value.

use super::Program;
use super::error::{ElmPlace, ProgramError, ProgramProblem};
use super::expression::{Expression, ExpressionKind};

/// A way around in a graph, its first node again at its end.
pub(super) fn find(edges: &[Vec<u32>]) -> Option<Vec<u32>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        OnTheWay,
        Done,
    }
    let mut seen = vec![Seen::No; edges.len()];
    for start in 0..edges.len() {
        if seen.get(start) != Some(&Seen::No) {
            continue;
        }
        // The way from the start, and how many edges of each node on it were taken. No recursion: the way may be long.
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, taken)) = way.last_mut() {
            let node = *node;
            if let Some(seen) = seen.get_mut(node) {
                *seen = Seen::OnTheWay;
            }
            let next = edges.get(node).and_then(|to| to.get(*taken));
            *taken += 1;
            match next.map(|next| *next as usize) {
                Some(next) => match seen.get(next) {
                    Some(Seen::No) => way.push((next, 0)),
                    Some(Seen::OnTheWay) => {
                        let around = way.iter().map(|(node, _)| *node);
                        let around = around.skip_while(|node| *node != next).chain([next]);
                        return Some(around.filter_map(|node| u32::try_from(node).ok()).collect());
                    }
                    _ => {}
                },
                None => {
                    if let Some(seen) = seen.get_mut(node) {
                        *seen = Seen::Done;
                    }
                    way.pop();
                }
            }
        }
    }
    None
}

/// The circle among defines and functions, if there is one. Functions that the values choose do not count: an overload
/// may call another of its name.
pub(super) fn of_program(program: &Program) -> Option<ProgramError> {
    let definitions = program.definitions.iter().map(|one| &one.body.root);
    let functions = program.functions.iter().map(|one| &one.body.root);
    let first_function = u32::try_from(program.definitions.len()).unwrap_or(u32::MAX);
    let edges: Vec<Vec<u32>> = definitions
        .chain(functions)
        .map(|body| {
            let mut to = Vec::new();
            needs(body, first_function, &mut to);
            to
        })
        .collect();
    let cycle = find(&edges)?;
    let named = |number: &u32| match number.checked_sub(first_function) {
        None => {
            let found = program.definitions.get(*number as usize)?;
            Some((found.name.clone(), found.library.clone()))
        }
        Some(function) => {
            let found = program.functions.get(function as usize)?;
            Some((found.name.clone(), found.library.clone()))
        }
    };
    let all: Vec<_> = cycle.iter().filter_map(named).collect();
    let (define, library) = all.first().cloned().unwrap_or_default();
    Some(ProgramError {
        problem: ProgramProblem::Cycle {
            what: "defines",
            names: all.iter().map(|(name, _)| format!("`{name}`")).collect(),
        },
        place: ElmPlace {
            library,
            define,
            ..ElmPlace::default()
        },
    })
}

fn needs(expression: &Expression, first_function: u32, into: &mut Vec<u32>) {
    match &expression.kind {
        ExpressionKind::Define(number) => into.push(*number),
        ExpressionKind::Call { function, .. } => into.push(first_function + function),
        _ => {}
    }
    super::compile::deeper(|| {
        expression.children(&mut |child| needs(child, first_function, into));
    });
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_circle_is_found_with_its_way() {
        assert_eq!(find(&[vec![1], vec![2], vec![1]]), Some(vec![1, 2, 1]));
        assert_eq!(find(&[vec![0]]), Some(vec![0, 0]));
    }

    #[test]
    fn two_ways_to_one_place_are_no_circle() {
        assert_eq!(find(&[vec![1, 2], vec![3], vec![3], vec![]]), None);
    }

    #[test]
    fn a_way_of_many_nodes_needs_no_stack() {
        let mut edges: Vec<Vec<u32>> = (1..200_000).map(|next| vec![next]).collect();
        edges.push(vec![]);
        assert_eq!(find(&edges), None);
    }
}
