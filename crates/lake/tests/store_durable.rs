//! Files are stored whole, and no changed byte comes back; locally and on S3.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use proptest::prelude::*;
use salus_lake::location::DataUrl;
use salus_lake::store::{
    BLOCK_BYTES, DigestTable, FileDigest, Store, StoreError, Verdict, store_error_of,
};
use tempfile::TempDir;

const NAME: &str = "fhir/Patient/a.parquet";
const OTHER: &str = "fhir/Patient/b.parquet";

/// A local store with two files of the same length, and a reader of them.
struct Fixture {
    folder: TempDir,
    store: Store,
    reader: Arc<dyn ObjectStore>,
    digest: FileDigest,
    bytes: Vec<u8>,
}

impl Fixture {
    async fn new(length: usize) -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&DataUrl::Local(folder.path().join("data"))).unwrap();
        let bytes: Vec<u8> = (0..length).map(|i| (i * 31 % 251) as u8).collect();
        let others: Vec<u8> = bytes.iter().map(|byte| byte ^ 0x55).collect();
        let digest = store.put_durable(NAME, bytes.clone().into()).await.unwrap();
        let other = store.put_durable(OTHER, others.into()).await.unwrap();
        let table = [(NAME.to_owned(), digest.clone()), (OTHER.to_owned(), other)];
        let reader = store.verified(Arc::new(DigestTable::from_iter(table)));
        Fixture {
            folder,
            store,
            reader,
            digest,
            bytes,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    /// The error of reading the whole file, and of reading its ranges.
    async fn errors(&self) -> Vec<StoreError> {
        let location = ObjectPath::parse(NAME).unwrap();
        let size = self.digest.size_bytes;
        let whole = async { self.reader.get(&location).await?.bytes().await };
        let both = [0..10, size - 10..size];
        let ranges = self.reader.get_ranges(&location, &both);
        let errors = [whole.await.map(drop), ranges.await.map(drop)];
        errors
            .into_iter()
            .filter_map(|read| read.err())
            .map(ours)
            .collect()
    }
}

/// The error of ours inside one of the object store, as a copy.
fn ours(error: object_store::Error) -> StoreError {
    match store_error_of(&error) {
        Some(StoreError::Changed {
            path,
            block,
            offset,
        }) => StoreError::Changed {
            path: path.clone(),
            block: *block,
            offset: *offset,
        },
        Some(StoreError::Length {
            path,
            expected_bytes,
            found_bytes,
        }) => StoreError::Length {
            path: path.clone(),
            expected_bytes: *expected_bytes,
            found_bytes: *found_bytes,
        },
        Some(StoreError::Missing { path }) => StoreError::Missing { path: path.clone() },
        Some(StoreError::Unknown { path }) => StoreError::Unknown { path: path.clone() },
        other => panic!("{other:?} in {error:?}"),
    }
}

#[tokio::test]
async fn a_file_is_stored_once_and_listed() {
    let lake = Fixture::new(1000).await;
    let again = lake
        .store
        .put_durable(NAME, Bytes::from_static(b"x"))
        .await
        .unwrap_err();
    assert!(matches!(again, StoreError::Exists { .. }));
    let listed = lake.store.list().await.unwrap();
    assert_eq!(listed, [(NAME.to_owned(), 1000), (OTHER.to_owned(), 1000)]);
    assert_eq!(
        lake.store.read(NAME, &lake.digest).await.unwrap(),
        lake.bytes
    );
    lake.store.delete(NAME).await.unwrap();
    lake.store.delete(NAME).await.unwrap();
    assert_eq!(lake.store.list().await.unwrap().len(), 1);
    assert_eq!(
        lake.store.verify(NAME, &lake.digest).await.unwrap(),
        Verdict::Missing
    );
}

#[tokio::test]
async fn paths_that_leave_the_folder_are_refused() {
    let lake = Fixture::new(10).await;
    for path in ["../x", "/etc/x", "a//b", "a/../b", "", "a/./b"] {
        let put = lake.store.put_durable(path, Bytes::from_static(b"x")).await;
        assert!(matches!(put, Err(StoreError::Path { .. })), "{path}");
    }
}

#[tokio::test]
async fn an_unfinished_file_is_told_apart() {
    let lake = Fixture::new(10).await;
    fs::write(lake.path("fhir/Patient/.unfinished-1"), b"half").unwrap();
    let listed = lake.store.list().await.unwrap();
    let unfinished: Vec<_> = listed
        .iter()
        .filter(|(path, _)| Store::is_unfinished(path))
        .collect();
    assert_eq!(unfinished.len(), 1);
}

#[tokio::test]
async fn reads_of_every_kind_give_the_right_bytes() {
    let lake = Fixture::new(300_000).await;
    let location = ObjectPath::parse(NAME).unwrap();
    let get = async |range: GetRange| {
        let options = GetOptions {
            range: Some(range),
            ..GetOptions::default()
        };
        let result = lake.reader.get_opts(&location, options).await.unwrap();
        (result.range.clone(), result.bytes().await.unwrap())
    };
    let (range, bytes) = get(GetRange::Suffix(8)).await;
    assert_eq!(
        (range, &bytes[..]),
        (299_992..300_000, &lake.bytes[299_992..])
    );
    let (_, bytes) = get(GetRange::Offset(65_535)).await;
    assert_eq!(bytes, lake.bytes[65_535..]);
    let (range, bytes) = get(GetRange::Bounded(299_000..400_000)).await;
    assert_eq!(
        (range, &bytes[..]),
        (299_000..300_000, &lake.bytes[299_000..])
    );
    let head = lake.reader.head(&location).await.unwrap();
    assert_eq!(head.size, 300_000);
    let beyond = lake
        .reader
        .get_ranges(&location, std::slice::from_ref(&(0..300_001)))
        .await;
    assert!(beyond.is_err());
    let put = lake.reader.put(&location, Bytes::new().into()).await;
    assert!(put.is_err(), "a reader does not write");
}

#[tokio::test]
async fn a_long_file_is_streamed_in_steps() {
    let lake = Fixture::new(20 * 1024 * 1024 + 7).await;
    let location = ObjectPath::parse(NAME).unwrap();
    let bytes = lake
        .reader
        .get(&location)
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert!(bytes == lake.bytes);
    let from = 70_001..17 * 1024 * 1024 + 13;
    let part = lake.reader.get_range(&location, from.start..from.end);
    assert!(part.await.unwrap() == lake.bytes[70_001..from.end as usize]);
}

#[tokio::test]
async fn a_flipped_bit_is_found_wherever_it_is() {
    let lake = Fixture::new(300_000).await;
    for at in [0, 65_535, 65_536, 131_072, 200_001, 299_999] {
        let mut spoiled = lake.bytes.clone();
        spoiled[at] ^= 0x10;
        fs::write(lake.path(NAME), &spoiled).unwrap();
        let block = at as u64 / u64::from(BLOCK_BYTES);
        let verdict = lake.store.verify(NAME, &lake.digest).await.unwrap();
        assert_eq!(
            verdict,
            Verdict::Changed {
                blocks: vec![block]
            }
        );
        let location = ObjectPath::parse(NAME).unwrap();
        let byte = std::slice::from_ref(&(at as u64..at as u64 + 1)).to_vec();
        let error = ours(lake.reader.get_ranges(&location, &byte).await.unwrap_err());
        assert!(matches!(error, StoreError::Changed { block: found, .. } if found == block));
        let diagnostic = error.diagnostic();
        assert_eq!(diagnostic.code.as_str(), "SAL-STORE-0009");
        assert!(diagnostic.help.unwrap().contains("salus doctor"));
        assert!(lake.store.read(NAME, &lake.digest).await.is_err());
    }
    fs::write(lake.path(NAME), &lake.bytes).unwrap();
    assert_eq!(
        lake.store.verify(NAME, &lake.digest).await.unwrap(),
        Verdict::Intact
    );
}

#[tokio::test]
async fn a_truncated_or_longer_file_is_found() {
    let lake = Fixture::new(300_000).await;
    for length in [0, 1, 65_536, 299_999] {
        fs::write(lake.path(NAME), &lake.bytes[..length]).unwrap();
        let errors = lake.errors().await;
        assert_eq!(errors.len(), 2, "{length}");
        let wanted = |error: &StoreError| {
            matches!(error, StoreError::Length { found_bytes, expected_bytes: 300_000, .. }
                if *found_bytes == length as u64)
        };
        assert!(errors.iter().all(wanted), "{length}: {errors:?}");
        let verdict = lake.store.verify(NAME, &lake.digest).await.unwrap();
        assert!(matches!(verdict, Verdict::Length { .. }));
    }
    let mut longer = lake.bytes.clone();
    longer.push(0);
    fs::write(lake.path(NAME), &longer).unwrap();
    assert!(matches!(
        lake.errors().await[0],
        StoreError::Length {
            found_bytes: 300_001,
            ..
        }
    ));
    fs::remove_file(lake.path(NAME)).unwrap();
    let errors = lake.errors().await;
    assert_eq!(errors.len(), 2);
    assert!(
        errors
            .iter()
            .all(|error| matches!(error, StoreError::Missing { .. })),
        "{errors:?}"
    );
}

#[tokio::test]
async fn a_swapped_file_is_found_and_an_unknown_one_refused() {
    let lake = Fixture::new(300_000).await;
    fs::copy(lake.path(OTHER), lake.path(NAME)).unwrap();
    let errors = lake.errors().await;
    assert_eq!(errors.len(), 2);
    assert!(
        errors
            .iter()
            .all(|error| matches!(error, StoreError::Changed { block: 0, .. }))
    );
    fs::write(lake.path("fhir/Patient/c.parquet"), b"not committed").unwrap();
    let stranger = ObjectPath::parse("fhir/Patient/c.parquet").unwrap();
    let error = ours(lake.reader.get(&stranger).await.unwrap_err());
    assert!(matches!(error, StoreError::Unknown { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_ranges_read_what_was_written_and_any_flip_under_them_is_found(
        length in 1_usize..400_000,
        cuts in prop::collection::vec((0.0_f64..1.0, 0.0_f64..1.0), 1..8),
        flip in 0.0_f64..1.0,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let lake = Fixture::new(length).await;
            let location = ObjectPath::parse(NAME).unwrap();
            let at = |share: f64| (share * length as f64) as u64;
            let ranges: Vec<_> = cuts
                .iter()
                .map(|(a, b)| at(a.min(*b))..at(a.max(*b)).max(at(a.min(*b)) + 1).min(length as u64))
                .collect();
            let read = lake.reader.get_ranges(&location, &ranges).await.unwrap();
            for (range, bytes) in ranges.iter().zip(&read) {
                assert_eq!(bytes[..], lake.bytes[range.start as usize..range.end as usize]);
            }
            let mut spoiled = lake.bytes.clone();
            let position = at(flip) as usize;
            spoiled[position] ^= 1;
            fs::write(lake.path(NAME), &spoiled).unwrap();
            let read = lake.reader.get_ranges(&location, &ranges).await;
            let hit = ranges.iter().any(|range| range.contains(&(position as u64)));
            assert!(!hit || read.is_err());
        });
    }
}
