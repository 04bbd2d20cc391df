//! An object store that hands out no byte it has not checked.
//!
//! A range is grown to whole blocks, read, compared with the block digests and cut again. Ranges that
//! come to touch are read once. Digests say how long a file is, so nothing after its end is ever read.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use object_store::path::Path;
use object_store::{
    Attributes, CopyOptions, Error, GetOptions, GetRange, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMultipartOptions, PutOptions,
    PutPayload, PutResult, Result,
};

use super::{Digests, FileDigest, StoreError};

/// The name of this store in errors.
const NAME: &str = "the data files";
/// How much a stream reads and checks at a time.
const STREAM_STEP_BYTES: u64 = 8 * 1024 * 1024;
/// Blocks that are this close are read in one go, with what lies between them.
const GAP_BYTES_MAX: u64 = 64 * 1024;

/// Verified, read-only access to a store.
#[derive(Clone, Debug)]
pub(super) struct Verified {
    inner: Arc<dyn ObjectStore>,
    digests: Arc<dyn Digests>,
}

impl Verified {
    pub(super) fn new(inner: Arc<dyn ObjectStore>, digests: Arc<dyn Digests>) -> Verified {
        Verified { inner, digests }
    }

    fn digest(&self, location: &Path) -> Result<Arc<FileDigest>> {
        let path = location.as_ref();
        self.digests.digest(path).ok_or_else(|| {
            wrap(StoreError::Unknown {
                path: path.to_owned(),
            })
        })
    }

    /// What the inner store says of a file, its length checked.
    async fn meta(&self, location: &Path, digest: &FileDigest) -> Result<ObjectMeta> {
        let meta = self
            .inner
            .head(location)
            .await
            .map_err(missing_of(location))?;
        check_length(location, digest, meta.size)?;
        Ok(meta)
    }

    /// Reads and checks ranges, which lie inside the file.
    async fn read(
        &self,
        location: &Path,
        digest: &FileDigest,
        ranges: &[Range<u64>],
    ) -> Result<Vec<Bytes>> {
        let wanted: Vec<Range<u64>> = ranges.iter().map(|range| digest.aligned(range)).collect();
        let fetched = merged(wanted);
        let pieces = match self.inner.get_ranges(location, &fetched).await {
            Ok(pieces) => pieces,
            Err(error) => return Err(self.explain(location, digest, error).await),
        };
        for (range, bytes) in fetched.iter().zip(&pieces) {
            let expected = range.end - range.start;
            check(location.as_ref(), digest, range.start, expected, bytes).map_err(wrap)?;
        }
        let cut = |range: &Range<u64>| {
            fetched
                .iter()
                .zip(&pieces)
                .find(|(outer, _)| outer.start <= range.start && range.end <= outer.end)
                .and_then(|(outer, bytes)| slice(bytes, range, outer.start))
                .ok_or_else(|| out_of_file(location, digest))
        };
        ranges.iter().map(cut).collect()
    }

    /// A short range in one request. What the store says of the file beyond its length is not asked for.
    async fn read_at_once(
        &self,
        location: &Path,
        digest: &FileDigest,
        range: Range<u64>,
    ) -> Result<GetResult> {
        let bytes = self
            .read(location, digest, std::slice::from_ref(&range))
            .await?;
        Ok(GetResult {
            payload: GetResultPayload::Stream(stream::iter(bytes.into_iter().map(Ok)).boxed()),
            meta: ObjectMeta {
                location: location.clone(),
                last_modified: Default::default(),
                size: digest.size_bytes,
                e_tag: None,
                version: None,
            },
            range,
            attributes: Attributes::default(),
        })
    }

    /// A read that failed may have failed because the file is gone or too short: then say so.
    async fn explain(&self, location: &Path, digest: &FileDigest, error: Error) -> Error {
        match self.meta(location, digest).await {
            Err(reason) if reason_is_ours(&reason) => reason,
            _ => missing_of(location)(error),
        }
    }

    /// The bytes of a range, read and checked step by step.
    fn stream(
        &self,
        location: &Path,
        digest: Arc<FileDigest>,
        range: Range<u64>,
    ) -> BoxStream<'static, Result<Bytes>> {
        let (store, location) = (self.clone(), location.clone());
        let steps = stream::try_unfold(range.start, move |start| {
            let (store, location) = (store.clone(), location.clone());
            let (digest, range) = (Arc::clone(&digest), range.clone());
            async move {
                if start >= range.end {
                    return Ok(None);
                }
                // Steps end where blocks end, so that no block is read twice.
                let step_end = digest.aligned(&(start..start + STREAM_STEP_BYTES)).end;
                let step = start..step_end.min(range.end).max(start + 1);
                let mut bytes = store
                    .read(&location, &digest, std::slice::from_ref(&step))
                    .await?;
                Ok(bytes.pop().map(|bytes| (bytes, step.end)))
            }
        });
        steps.boxed()
    }
}

#[async_trait]
impl ObjectStore for Verified {
    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        let digest = self.digest(location)?;
        let range = match &options.range {
            None => 0..digest.size_bytes,
            Some(range) => {
                resolve(range, digest.size_bytes).ok_or_else(|| out_of_file(location, &digest))?
            }
        };
        if is_plain(&options) && range.end - range.start <= STREAM_STEP_BYTES {
            return self.read_at_once(location, &digest, range).await;
        }
        // A head request with the caller's conditions; what is read after it is checked anyway.
        let head = GetOptions {
            head: true,
            range: None,
            ..options.clone()
        };
        let found = self
            .inner
            .get_opts(location, head)
            .await
            .map_err(missing_of(location))?;
        check_length(location, &digest, found.meta.size)?;
        let bytes = if options.head {
            stream::empty().boxed()
        } else {
            self.stream(location, Arc::clone(&digest), range.clone())
        };
        Ok(GetResult {
            payload: GetResultPayload::Stream(bytes),
            meta: found.meta,
            range,
            attributes: found.attributes,
        })
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let digest = self.digest(location)?;
        if ranges
            .iter()
            .any(|range| range.start > range.end || range.end > digest.size_bytes)
        {
            return Err(out_of_file(location, &digest));
        }
        self.read(location, &digest, ranges).await
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(read_only("put_opts"))
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Err(read_only("put_multipart_opts"))
    }

    fn delete_stream(
        &self,
        _: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        stream::once(async { Err(read_only("delete_stream")) }).boxed()
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(read_only("copy_opts"))
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verified({})", self.inner)
    }
}

/// Checks bytes that were read from the block boundary `start` on, `expected` of them.
pub(super) fn check(
    path: &str,
    digest: &FileDigest,
    start: u64,
    expected: u64,
    bytes: &[u8],
) -> std::result::Result<(), StoreError> {
    let found = bytes.len() as u64;
    if found != expected {
        return Err(StoreError::Length {
            path: path.to_owned(),
            expected_bytes: digest.size_bytes,
            found_bytes: start + found,
        });
    }
    match digest.first_changed(start, bytes) {
        None => Ok(()),
        Some(block) => Err(StoreError::Changed {
            path: path.to_owned(),
            block,
            offset: block * u64::from(digest.block_bytes),
        }),
    }
}

fn check_length(location: &Path, digest: &FileDigest, found_bytes: u64) -> Result<()> {
    if found_bytes == digest.size_bytes {
        return Ok(());
    }
    Err(wrap(StoreError::Length {
        path: location.to_string(),
        expected_bytes: digest.size_bytes,
        found_bytes,
    }))
}

/// Sorted ranges that touch, overlap or nearly do become one.
fn merged(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<u64>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end + GAP_BYTES_MAX => {
                last.end = last.end.max(range.end);
            }
            _ => merged.push(range),
        }
    }
    merged
}

/// The part of `bytes`, which start at `start` in the file, that `range` means.
fn slice(bytes: &Bytes, range: &Range<u64>, start: u64) -> Option<Bytes> {
    let from = usize::try_from(range.start.checked_sub(start)?).ok()?;
    let to = usize::try_from(range.end.checked_sub(start)?).ok()?;
    (from <= to && to <= bytes.len()).then(|| bytes.slice(from..to))
}

/// The bytes that a range of a file of this length means; `None` if it starts behind the end.
fn resolve(range: &GetRange, size: u64) -> Option<Range<u64>> {
    let (start, end) = match range {
        GetRange::Bounded(range) => (range.start, range.end.min(size)),
        GetRange::Offset(offset) => (*offset, size),
        GetRange::Suffix(length) => (size.saturating_sub(*length), size),
    };
    (start <= end).then_some(start..end)
}

/// Whether a request is for a range of the file, whatever its state.
fn is_plain(options: &GetOptions) -> bool {
    options.range.is_some()
        && !options.head
        && options.if_match.is_none()
        && options.if_none_match.is_none()
        && options.if_modified_since.is_none()
        && options.if_unmodified_since.is_none()
        && options.version.is_none()
}

fn out_of_file(location: &Path, digest: &FileDigest) -> Error {
    let source = format!(
        "a range of `{location}` lies outside its {} bytes",
        digest.size_bytes
    );
    Error::Generic {
        store: NAME,
        source: source.into(),
    }
}

fn wrap(source: StoreError) -> Error {
    Error::Generic {
        store: NAME,
        source: Box::new(source),
    }
}

fn reason_is_ours(error: &Error) -> bool {
    super::store_error_of(error).is_some()
}

fn missing_of(location: &Path) -> impl FnOnce(Error) -> Error {
    let path = location.to_string();
    move |error| match error {
        Error::NotFound { .. } => wrap(StoreError::Missing { path }),
        other => other,
    }
}

fn read_only(operation: &str) -> Error {
    Error::NotImplemented {
        operation: operation.to_owned(),
        implementer: NAME.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_nearly_touch_are_read_once() {
        let block = 65_536;
        let ranges = vec![
            4 * block..5 * block,
            0..block,
            block..2 * block,
            2 * block..3 * block,
        ];
        assert_eq!(merged(ranges), vec![0..5 * block]);
        let far = vec![0..block, 3 * block..4 * block];
        assert_eq!(merged(far.clone()), far);
    }

    #[test]
    fn ranges_are_cut_at_the_end_of_the_file() {
        assert_eq!(resolve(&GetRange::Bounded(5..50), 10), Some(5..10));
        assert_eq!(resolve(&GetRange::Suffix(4), 10), Some(6..10));
        assert_eq!(resolve(&GetRange::Offset(10), 10), Some(10..10));
        assert_eq!(resolve(&GetRange::Offset(11), 10), None);
    }
}
