//! The digest of a file: enough to check the whole of it, or any range, against what was committed.

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
        FileDigest {
            size_bytes: bytes.len() as u64,
            blake3: *blake3::hash(bytes).as_bytes(),
            block_bytes: BLOCK_BYTES,
            blocks: bytes
                .chunks(BLOCK_BYTES as usize)
                .map(XxHash3_64::oneshot)
                .collect(),
        }
    }
}
