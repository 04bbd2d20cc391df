//! A small open-addressing table from JSON name to element: the load's hottest look-up.

use super::types::Element;

/// Slots hold `index + 1` of an element, 0 when free; their number is a power of two, at most half full.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    slots: Vec<u16>,
}

impl Lookup {
    pub(super) fn new(elements: &[Element]) -> Lookup {
        let mut slots = vec![0_u16; (elements.len() * 2).next_power_of_two().max(2)];
        for (number, element) in (1_u16..).zip(elements) {
            let mut at = slot(element.name, slots.len());
            while slots.get(at).is_some_and(|s| *s != 0) {
                at = (at + 1) & (slots.len() - 1);
            }
            if let Some(free) = slots.get_mut(at) {
                *free = number;
            }
        }
        Lookup { slots }
    }

    #[inline]
    pub(super) fn find<'a>(&self, name: &str, elements: &'a [Element]) -> Option<&'a Element> {
        let mut at = slot(name, self.slots.len());
        loop {
            let number = usize::from(*self.slots.get(at)?);
            let element = elements.get(number.checked_sub(1)?)?;
            if element.name == name {
                return Some(element);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

/// Where a name's search starts. `slots` is 0 or a power of two.
#[inline]
fn slot(name: &str, slots: usize) -> usize {
    // Names differ in their first and last eight bytes and their length; the multiply mixes upwards.
    let hash = (head(name.as_bytes()) ^ tail(name.as_bytes()).rotate_left(23) ^ name.len() as u64)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (hash >> 40) as usize & slots.wrapping_sub(1)
}

#[inline]
fn head(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk::<8>(), bytes.first_chunk::<4>()) {
        (Some(eight), _) => u64::from_le_bytes(*eight),
        (None, Some(four)) => u64::from(u32::from_le_bytes(*four)),
        (None, None) => bytes.iter().fold(0, |sum, b| sum << 8 | u64::from(*b)),
    }
}

#[inline]
fn tail(bytes: &[u8]) -> u64 {
    match (bytes.last_chunk::<8>(), bytes.last_chunk::<4>()) {
        (Some(eight), _) => u64::from_le_bytes(*eight),
        (None, Some(four)) => u64::from(u32::from_le_bytes(*four)),
        (None, None) => 0,
    }
}
