//! Values that are added one by one and stay where they are, so that others may borrow them meanwhile.

use std::cell::{Cell, OnceCell};

/// Values in one piece of memory.
const CHUNK: usize = 1024;

/// Values that stay until the arena goes.
pub struct Arena<'a, T> {
    first: OnceCell<Box<Chunk<T>>>,
    last: Cell<Option<&'a Chunk<T>>>,
}

struct Chunk<T> {
    values: Box<[OnceCell<T>]>,
    used: Cell<usize>,
    next: OnceCell<Box<Chunk<T>>>,
}

impl<T> Chunk<T> {
    fn new() -> Box<Self> {
        Box::new(Self {
            values: (0..CHUNK).map(|_| OnceCell::new()).collect(),
            used: Cell::new(0),
            next: OnceCell::new(),
        })
    }

    /// The next free place.
    fn free(&self) -> Option<&OnceCell<T>> {
        let place = self.values.get(self.used.get())?;
        self.used.set(self.used.get() + 1);
        Some(place)
    }
}

impl<'a, T> Arena<'a, T> {
    /// An empty arena.
    pub fn new() -> Self {
        Self {
            first: OnceCell::new(),
            last: Cell::new(None),
        }
    }

    /// Adds a value and lends it for as long as the arena lives.
    pub fn add(&'a self, value: T) -> &'a T {
        let mut chunk: &'a Chunk<T> = match self.last.get() {
            Some(chunk) => chunk,
            None => self.first.get_or_init(Chunk::new),
        };
        loop {
            self.last.set(Some(chunk));
            match chunk.free() {
                Some(place) => return place.get_or_init(|| value),
                None => chunk = chunk.next.get_or_init(Chunk::new),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arena;

    #[test]
    fn what_was_added_stays_while_more_is_added() {
        let arena = Arena::new();
        let all: Vec<&String> = (0..5000).map(|n: u32| arena.add(n.to_string())).collect();
        assert!(
            all.iter()
                .enumerate()
                .all(|(n, value)| **value == n.to_string())
        );
    }
}
