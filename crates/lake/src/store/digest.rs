//! The digest of a file: enough to check the whole of it, or any range, against what was committed.

use std::ops::Range;

use twox_hash::XxHash3_64;

/// Length of the blocks that are checked on their own: a range read verifies whole blocks.
pub const BLOCK_BYTES: u32 = 64 * 1024;

/// What the bytes of a file were when they were committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDigest {
    /// Length of the file.
    pub size_bytes: u64,
    /// BLAKE3 of all of it.
    pub blake3: [u8; 32],
    /// Length of a block; the last one may be shorter.
    pub block_bytes: u32,
    /// XXH3-64 of each block.
    pub blocks: Vec<u64>,
}

impl FileDigest {
    /// The digest of `bytes`, with blocks of [`BLOCK_BYTES`].
    pub fn of(bytes: &[u8]) -> FileDigest {
        let mut builder = DigestBuilder::default();
        builder.update(bytes);
        builder.finish()
    }

    /// The digest as bytes: length, BLAKE3, block length, blocks; numbers little-endian.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(44 + 8 * self.blocks.len());
        bytes.extend_from_slice(&self.size_bytes.to_le_bytes());
        bytes.extend_from_slice(&self.blake3);
        bytes.extend_from_slice(&self.block_bytes.to_le_bytes());
        bytes.extend_from_slice(&self.blocks_to_bytes());
        bytes
    }

    /// The digest out of [`FileDigest::encode`]'s bytes; `None` if they are not from there.
    pub fn decode(bytes: &[u8]) -> Option<FileDigest> {
        let (size, rest) = bytes.split_first_chunk::<8>()?;
        let (blake3, rest) = rest.split_first_chunk::<32>()?;
        let (block, blocks) = rest.split_first_chunk::<4>()?;
        let size = i64::try_from(u64::from_le_bytes(*size)).ok()?;
        FileDigest::from_parts(size, blake3, u32::from_le_bytes(*block).into(), blocks)
    }

    /// The block digests as bytes, little-endian.
    pub fn blocks_to_bytes(&self) -> Vec<u8> {
        self.blocks
            .iter()
            .flat_map(|block| block.to_le_bytes())
            .collect()
    }

    /// The digest out of the columns of `salus_file_digest`; `None` if their lengths do not fit.
    pub fn from_parts(
        size_bytes: i64,
        blake3: &[u8],
        block_bytes: i64,
        blocks: &[u8],
    ) -> Option<FileDigest> {
        let size_bytes = u64::try_from(size_bytes).ok()?;
        let block_bytes = u32::try_from(block_bytes).ok().filter(|bytes| *bytes > 0)?;
        let count = usize::try_from(size_bytes.div_ceil(block_bytes.into())).ok()?;
        if Some(blocks.len()) != count.checked_mul(8) {
            return None;
        }
        let (blocks, _) = blocks.as_chunks::<8>();
        Some(FileDigest {
            size_bytes,
            blake3: blake3.try_into().ok()?,
            block_bytes,
            blocks: blocks
                .iter()
                .map(|block| u64::from_le_bytes(*block))
                .collect(),
        })
    }

    /// The smallest range of whole blocks around `range`, cut at the end of the file.
    pub(super) fn aligned(&self, range: &Range<u64>) -> Range<u64> {
        let block = u64::from(self.block_bytes);
        let end = range.end.div_ceil(block).saturating_mul(block);
        (range.start / block * block)..end.min(self.size_bytes)
    }

    /// The number of the first block in `bytes`, which start at the block boundary `start`, that is not
    /// what was committed.
    pub(super) fn first_changed(&self, start: u64, bytes: &[u8]) -> Option<u64> {
        let first = start / u64::from(self.block_bytes);
        let chunks = bytes.chunks(self.block_bytes as usize);
        (first..)
            .zip(chunks)
            .find(|(number, chunk)| !self.block_is(*number, chunk))
            .map(|(number, _)| number)
    }

    fn block_is(&self, number: u64, bytes: &[u8]) -> bool {
        let expected = usize::try_from(number)
            .ok()
            .and_then(|index| self.blocks.get(index));
        expected == Some(&XxHash3_64::oneshot(bytes))
    }
}

/// Computes a [`FileDigest`] piece by piece.
#[derive(Default)]
pub struct DigestBuilder {
    blake3: blake3::Hasher,
    size_bytes: u64,
    blocks: Vec<u64>,
    /// The start of a block that is not full yet.
    open: Vec<u8>,
}

impl DigestBuilder {
    /// Adds the next bytes of the file.
    pub fn update(&mut self, bytes: &[u8]) {
        self.blake3.update(bytes);
        self.size_bytes += bytes.len() as u64;
        let mut rest = bytes;
        if !self.open.is_empty() {
            let missing = (BLOCK_BYTES as usize).saturating_sub(self.open.len());
            let (head, tail) = rest.split_at(missing.min(rest.len()));
            self.open.extend_from_slice(head);
            rest = tail;
            if self.open.len() < BLOCK_BYTES as usize {
                return;
            }
            self.blocks.push(XxHash3_64::oneshot(&self.open));
            self.open.clear();
        }
        let blocks = rest.chunks_exact(BLOCK_BYTES as usize);
        self.open.extend_from_slice(blocks.remainder());
        self.blocks.extend(blocks.map(XxHash3_64::oneshot));
    }

    /// The digest of all bytes so far.
    pub fn finish(mut self) -> FileDigest {
        if !self.open.is_empty() {
            self.blocks.push(XxHash3_64::oneshot(&self.open));
        }
        FileDigest {
            size_bytes: self.size_bytes,
            blake3: *self.blake3.finalize().as_bytes(),
            block_bytes: BLOCK_BYTES,
            blocks: self.blocks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|i| (i * 31 % 251) as u8).collect()
    }

    #[test]
    fn pieces_of_any_length_give_the_same_digest() {
        for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
            let whole = bytes(length);
            for piece in [1_000, 65_536, 70_000] {
                let mut builder = DigestBuilder::default();
                whole.chunks(piece).for_each(|chunk| builder.update(chunk));
                assert_eq!(builder.finish(), FileDigest::of(&whole), "{length} {piece}");
            }
        }
    }

    #[test]
    fn a_digest_survives_its_encoding_and_damage_does_not_pass() {
        let digest = FileDigest::of(&bytes(200_000));
        assert_eq!(digest.blocks.len(), 4);
        let encoded = digest.encode();
        assert_eq!(FileDigest::decode(&encoded), Some(digest));
        assert_eq!(FileDigest::decode(&encoded[..encoded.len() - 1]), None);
        assert_eq!(FileDigest::decode(b"short"), None);
        assert_eq!(FileDigest::from_parts(-1, &[0; 32], 65_536, &[]), None);
        assert_eq!(FileDigest::from_parts(0, &[0; 32], 0, &[]), None);
    }

    #[test]
    fn ranges_grow_to_whole_blocks_inside_the_file() {
        let digest = FileDigest::of(&bytes(200_000));
        assert_eq!(digest.aligned(&(70_000..70_001)), 65_536..131_072);
        assert_eq!(digest.aligned(&(199_000..200_000)), 196_608..200_000);
        assert_eq!(digest.aligned(&(0..200_000)), 0..200_000);
    }

    #[test]
    fn the_first_changed_block_is_named() {
        let mut whole = bytes(200_000);
        let digest = FileDigest::of(&whole);
        assert_eq!(digest.first_changed(0, &whole), None);
        whole[131_072] ^= 1;
        assert_eq!(digest.first_changed(0, &whole), Some(2));
        assert_eq!(digest.first_changed(65_536, &whole[65_536..131_072]), None);
        assert_eq!(
            digest.first_changed(196_608, &whole[196_608..199_999]),
            Some(3)
        );
    }
}
