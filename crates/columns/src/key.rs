//! The key of a member as it mostly stands in the text: `"name":`.

/// A key to be recognised fast: most are told by their first and their last eight bytes, without a call.
#[derive(Debug)]
pub(crate) struct WrittenKey {
    written: Box<[u8]>,
    first: u64,
    /// Which of the first eight bytes are the key's.
    first_mask: u64,
    last: u64,
}

impl WrittenKey {
    /// The key of a member of this name, which must not need escapes: FHIR's do not.
    pub(crate) fn new(name: &str) -> Self {
        let written: Box<[u8]> = format!("\"{name}\":").into_bytes().into();
        let mut first = [0; 8];
        first
            .iter_mut()
            .zip(&written)
            .for_each(|(to, from)| *to = *from);
        let unused_bits = 8 * 8_usize.saturating_sub(written.len());
        Self {
            first: u64::from_le_bytes(first),
            first_mask: u64::MAX >> unused_bits.min(56),
            last: written
                .last_chunk()
                .map_or(0, |last| u64::from_le_bytes(*last)),
            written,
        }
    }

    /// Its length in bytes.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.written.len()
    }

    /// Whether the text begins with it.
    #[inline]
    pub(crate) fn begins(&self, text: &[u8]) -> bool {
        let Some(first) = text.first_chunk() else {
            return text.starts_with(&self.written);
        };
        if (u64::from_le_bytes(*first) ^ self.first) & self.first_mask != 0 {
            return false;
        }
        match self.written.len() {
            0..=8 => true,
            length @ 9..=16 => text
                .get(..length)
                .and_then(<[u8]>::last_chunk)
                .is_some_and(|last| u64::from_le_bytes(*last) == self.last),
            _ => text.starts_with(&self.written),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_is_recognised_as_its_bytes_are(
            name in "[a-c]{1,20}",
            other in "[a-c]{0,20}",
            after in "(\":)?[a-c1\"]{0,20}",
        ) {
            let key = WrittenKey::new(&name);
            let written = format!("\"{name}\":");
            for text in [format!("{written}{after}"), format!("\"{other}{after}"), format!("\"{name}{after}")] {
                for end in 0..=text.len() {
                    let text = &text.as_bytes()[..end];
                    prop_assert_eq!(key.begins(text), text.starts_with(written.as_bytes()));
                }
            }
        }
    }
}
