//! Decompression: gzip and zstd by their first bytes, any number of members one after the other.
//!
//! What was decompressed before the data turned out to be damaged, cut off or a bomb is given out;
//! then comes the defect.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;
use salus_base::Limits;

use super::QUARANTINE_BYTES_MAX;
use super::counted::Counted;
use super::defect::Defect;
use super::summary::Compression;

/// Decompressed bytes after which the ratio is looked at: tiny sources may be anything.
const RATIO_FROM_BYTES: u64 = 1 << 20;

/// The decompressed bytes of a source.
pub(super) struct Decoder {
    member: Member,
    compression: Compression,
    produced: u64,
    ratio_max: u64,
    size_max: u64,
}

enum Member {
    Plain(Box<Counted>),
    Gzip(Box<GzDecoder<Counted>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, Counted>>),
}

/// What a pull brought.
pub(super) enum Pulled {
    Bytes(usize),
    End,
    /// The end, in the middle of something.
    Defect(Defect),
    /// The end, and then bytes that do not belong there: the first of them.
    Trailer(Defect, Vec<u8>),
}

impl Decoder {
    /// Looks at the first bytes of `counted` and decompresses accordingly.
    pub(super) fn new(mut counted: Counted, limits: &Limits) -> io::Result<Self> {
        let compression = compression(counted.peek(4)?);
        Ok(Self {
            member: Member::open(compression, counted)?,
            compression,
            produced: 0,
            ratio_max: limits.decompression_ratio_max,
            size_max: limits.source_bytes_max,
        })
    }

    pub(super) fn compression(&self) -> Compression {
        self.compression
    }

    /// Decompressed bytes given so far.
    pub(super) fn produced(&self) -> u64 {
        self.produced
    }

    /// Stored bytes read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.counted().bytes_read()
    }

    /// The next decompressed bytes. After a defect there are no more.
    ///
    /// # Errors
    /// If the source itself cannot be read.
    pub(super) fn pull(mut self, out: &mut [u8]) -> io::Result<(Self, Pulled)> {
        loop {
            let result = match &mut self.member {
                Member::Plain(counted) => counted.read(out),
                Member::Gzip(gzip) => gzip.read(out),
                Member::Zstd(zstd) => zstd.read(out),
            };
            match result {
                Ok(0) if self.compression == Compression::None => return Ok((self, Pulled::End)),
                Ok(0) => match self.next_member()? {
                    (next, None) => self = next,
                    (next, Some(pulled)) => return Ok((next, pulled)),
                },
                Ok(count) => {
                    self.produced += count as u64;
                    let pulled = self.bounded(count);
                    return Ok((self, pulled));
                }
                Err(error) if self.counted().failed() => return Err(error),
                Err(error) => {
                    let defect = self.damage(&error);
                    return Ok((self, Pulled::Defect(defect)));
                }
            }
        }
    }

    /// Reads the stored bytes to their end; gives their number and digest.
    pub(super) fn finish(self) -> io::Result<(u64, [u8; 32])> {
        self.member.into_counted().finish()
    }

    fn counted(&self) -> &Counted {
        match &self.member {
            Member::Plain(counted) => counted,
            Member::Gzip(gzip) => gzip.get_ref(),
            Member::Zstd(zstd) => zstd.get_ref(),
        }
    }

    fn bounded(&self, count: usize) -> Pulled {
        let compressed = self.counted().bytes_taken();
        let is_bomb = self.compression != Compression::None
            && self.produced > RATIO_FROM_BYTES
            && self.produced > compressed.saturating_mul(self.ratio_max);
        if is_bomb {
            let (ratio_max, decompressed) = (self.ratio_max, self.produced);
            return Pulled::Defect(Defect::Bomb {
                ratio_max,
                compressed,
                decompressed,
            });
        }
        if self.produced > self.size_max {
            return Pulled::Defect(Defect::SourceTooLarge { max: self.size_max });
        }
        Pulled::Bytes(count)
    }

    /// What comes after the end of a member: another one, nothing, or what does not belong here.
    fn next_member(self) -> io::Result<(Self, Option<Pulled>)> {
        let Self {
            member,
            compression: kind,
            ..
        } = self;
        let mut counted = member.into_counted();
        let head = counted.peek(4)?;
        let (is_end, is_next) = (head.is_empty(), compression(head) == kind);
        let pulled = if is_end {
            Some(Pulled::End)
        } else if is_next {
            None
        } else {
            Some(trailer(&mut counted, kind)?)
        };
        let member = match pulled {
            None => Member::open(kind, counted)?,
            Some(_) => Member::Plain(Box::new(counted)),
        };
        Ok((Self { member, ..self }, pulled))
    }

    fn damage(&self, error: &io::Error) -> Defect {
        let (compression, after) = (self.compression, self.counted().bytes_taken());
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Defect::Truncated { compression, after }
        } else {
            Defect::Damaged {
                compression,
                after,
                cause: error.to_string(),
            }
        }
    }
}

impl Member {
    fn open(compression: Compression, counted: Counted) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::Plain(Box::new(counted)),
            Compression::Gzip => Self::Gzip(Box::new(GzDecoder::new(counted))),
            Compression::Zstd => {
                let decoder = zstd::stream::read::Decoder::with_buffer(counted)?;
                Self::Zstd(Box::new(decoder.single_frame()))
            }
        })
    }

    fn into_counted(self) -> Counted {
        match self {
            Self::Plain(counted) => *counted,
            Self::Gzip(gzip) => gzip.into_inner(),
            Self::Zstd(zstd) => zstd.finish(),
        }
    }
}

fn compression(head: &[u8]) -> Compression {
    match head {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        // A skippable frame.
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
        _ => Compression::None,
    }
}

/// Reads what follows the last member. Zeros are padding, as gzip itself sees them.
fn trailer(counted: &mut Counted, compression: Compression) -> io::Result<Pulled> {
    let (mut length, mut only_zeros, mut kept) = (0_u64, true, Vec::new());
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = counted.read(&mut buffer)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        length += count as u64;
        only_zeros &= bytes.iter().all(|byte| *byte == 0);
        let room = QUARANTINE_BYTES_MAX.saturating_sub(kept.len());
        kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }
    if only_zeros {
        return Ok(Pulled::End);
    }
    let defect = Defect::Trailer {
        compression,
        length,
    };
    Ok(Pulled::Trailer(defect, kept))
}
