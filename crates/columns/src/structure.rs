//! Where the strings and brackets of a JSON text are, as bits: one pass without branches, after which any value is
//! skipped by looking for the bit at which it ends.
//!
//! ```text
//!   text      {"a":[1,"}"],"b":"\""}
//!   quotes     1 1    1 1  1 1 1  1     the escaped one is not there
//!   opens     1   1                     what stands in strings is not there
//!   closes               1         1
//! ```
//!
//! Nothing is checked here but what a skip needs: that strings end and that brackets are balanced in number.

/// Bytes in a block: one bit each in a word.
const BLOCK: usize = 64;

/// The bits of one block.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// Quotes that begin or end a string.
    quotes: u64,
    /// `{` and `[` outside strings.
    opens: u64,
    /// `}` and `]` outside strings.
    closes: u64,
}

/// The strings and brackets of one text. Kept from text to text to spare allocations.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    blocks: Vec<Block>,
}

/// What the block before left open.
#[derive(Default)]
struct Carry {
    /// 1 where the next byte is escaped.
    escape: u64,
    /// All ones where the next byte is inside a string.
    string: u64,
}

impl Structure {
    /// Reads a text.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        self.blocks.clear();
        let mut carry = Carry::default();
        let (whole, last) = bytes.as_chunks::<BLOCK>();
        self.blocks
            .extend(whole.iter().map(|block| Block::of(block, &mut carry)));
        if !last.is_empty() {
            let mut block = [b' '; BLOCK];
            block
                .iter_mut()
                .zip(last)
                .for_each(|(to, from)| *to = *from);
            self.blocks.push(Block::of(&block, &mut carry));
        }
    }

    /// The offset of the quote that ends the string whose text starts at `from`.
    #[inline]
    pub(crate) fn string_end(&self, from: usize) -> Option<usize> {
        let mut at = from / BLOCK;
        let mut quotes = self.blocks.get(at)?.quotes & (u64::MAX << (from % BLOCK));
        while quotes == 0 {
            at += 1;
            quotes = self.blocks.get(at)?.quotes;
        }
        Some(at * BLOCK + bit(quotes))
    }

    /// The offset after the bracket that closes the one at `open`.
    #[inline]
    pub(crate) fn bracket_end(&self, open: usize) -> Option<usize> {
        let mut at = open / BLOCK;
        let block = self.blocks.get(at)?;
        let here = u64::MAX << (open % BLOCK);
        let (mut opens, mut closes) = (block.opens & here, block.closes & here);
        let mut depth = 0;
        loop {
            // Each closing bracket with those that open before it; a block with too few of them is passed whole.
            let closing = closes.count_ones();
            if closing >= depth {
                let mut left = closes;
                for closed in 1..=closing {
                    let below = (left & left.wrapping_neg()).wrapping_sub(1);
                    if depth + (opens & below).count_ones() == closed {
                        return Some(at * BLOCK + bit(left) + 1);
                    }
                    left &= left.wrapping_sub(1);
                }
            }
            depth = (depth + opens.count_ones()).checked_sub(closing)?;
            at += 1;
            let block = self.blocks.get(at)?;
            (opens, closes) = (block.opens, block.closes);
        }
    }
}

#[inline]
fn bit(bits: u64) -> usize {
    usize::try_from(bits.trailing_zeros()).unwrap_or(BLOCK)
}

impl Block {
    #[inline]
    fn of(block: &[u8; BLOCK], carry: &mut Carry) -> Block {
        // Most blocks have no backslash: to know that is cheaper than to find none.
        let escaped = match block.iter().fold(false, |any, byte| any | (*byte == b'\\')) {
            true => escaped(bits_where(block, |byte| byte == b'\\'), carry),
            false => std::mem::take(&mut carry.escape),
        };
        let quotes = bits_where(block, |byte| byte == b'"') & !escaped;
        let inside = prefix_xor(quotes) ^ carry.string;
        carry.string = 0_u64.wrapping_sub(inside >> (BLOCK - 1));
        Block {
            quotes,
            // `[` and `{` differ in one bit, as do `]` and `}`.
            opens: bits_where(block, |byte| byte | 0x20 == b'{') & !inside,
            closes: bits_where(block, |byte| byte | 0x20 == b'}') & !inside,
        }
    }
}

/// The bits of the bytes that are so. Written so that the compiler compares many bytes at once: a loop over bytes
/// into bytes, and then eight of them gathered into eight bits by one multiplication.
#[inline]
fn bits_where(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
    let mut found = [0_u8; BLOCK];
    for (found, byte) in found.iter_mut().zip(block) {
        *found = if is(*byte) { 0xFF } else { 0 };
    }
    let (words, _) = found.as_chunks::<8>();
    words.iter().enumerate().fold(0, |bits, (at, word)| {
        let spread = u64::from_le_bytes(*word) & 0x8040_2010_0804_0201;
        bits | (spread.wrapping_mul(0x0101_0101_0101_0101) >> 56) << (8 * at)
    })
}

/// The bytes after an odd number of backslashes.
#[inline]
fn escaped(backslashes: u64, carry: &mut Carry) -> u64 {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let backslashes = backslashes & !carry.escape;
    let after = backslashes << 1 | carry.escape;
    let odd_starts = backslashes & !EVEN & !after;
    let (runs, overflow) = odd_starts.overflowing_add(backslashes);
    carry.escape = u64::from(overflow);
    (EVEN ^ (runs << 1)) & after
}

/// Each bit: whether the number of bits up to and with it is odd.
#[inline]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, byte by byte.
    fn plainly(text: &[u8]) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
        let (mut quotes, mut opens, mut closes) = (Vec::new(), Vec::new(), Vec::new());
        let (mut inside, mut escaped) = (false, false);
        for (at, byte) in text.iter().enumerate() {
            if std::mem::take(&mut escaped) {
                continue;
            }
            match byte {
                b'\\' => escaped = true,
                b'"' => {
                    inside = !inside;
                    quotes.push(at);
                }
                b'{' | b'[' if !inside => opens.push(at),
                b'}' | b']' if !inside => closes.push(at),
                _ => {}
            }
        }
        (quotes, opens, closes)
    }

    fn places(structure: &Structure, of: impl Fn(&Block) -> u64) -> Vec<usize> {
        let mut places = Vec::new();
        for (at, block) in structure.blocks.iter().enumerate() {
            places.extend(
                (0..BLOCK)
                    .filter(|i| of(block) >> i & 1 == 1)
                    .map(|i| at * BLOCK + i),
            );
        }
        places
    }

    proptest! {
        #[test]
        fn bits_are_where_the_bytes_are(text in "([\\[\\]{}\"a,\\\\]|\\\\\\\\\\\\|é){0,200}") {
            let mut structure = Structure::default();
            structure.read(text.as_bytes());
            let (quotes, opens, closes) = plainly(text.as_bytes());
            // A bracket after a backslash outside of strings is no JSON; the plain way passes over it.
            let outside = text.contains("\\");
            prop_assert_eq!(places(&structure, |b| b.quotes), quotes);
            if !outside {
                prop_assert_eq!(places(&structure, |b| b.opens), opens);
                prop_assert_eq!(places(&structure, |b| b.closes), closes);
            }
        }

        #[test]
        fn a_bracket_ends_where_its_partner_is(
            before in "[a ]{0,70}",
            inside in prop::collection::vec("(\\{\\}|\\[\\[\\]\\]|\"[a-z\\]\\}\\[]{0,20}\"|\"\\\\\\\\\"|\"\\\\\"\\]\"|[0-9, ]{0,80})", 0..12),
        ) {
            let value = format!("{{[{}]}}", inside.concat());
            let text = format!("{before}{value}}}]");
            let mut structure = Structure::default();
            structure.read(text.as_bytes());
            prop_assert_eq!(structure.bracket_end(before.len()), Some(before.len() + value.len()));
        }
    }

    #[test]
    fn what_does_not_end_has_no_end() {
        let mut structure = Structure::default();
        structure.read(br#"{"a":[{}]"#);
        assert_eq!(structure.bracket_end(0), None);
        structure.read(br#""abc\""#);
        assert_eq!(structure.string_end(1), None);
    }
}
