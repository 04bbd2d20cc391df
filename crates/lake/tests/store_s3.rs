//! The same store on S3: against the server that `SALUS_TEST_S3_ENDPOINT` names (moto, in CI).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod catalog_support;

use std::sync::Arc;

use bytes::Bytes;
use object_store::ObjectStoreExt;
use object_store::path::Path as ObjectPath;
use salus_lake::location::DataUrl;
use salus_lake::store::{DigestTable, Store, StoreError, Verdict, store_error_of};

const NAME: &str = "fhir/Patient/a.parquet";

#[test]
fn files_on_s3_are_stored_once_listed_verified_and_deleted() {
    let Some(endpoint) = catalog_support::setting("SALUS_TEST_S3_ENDPOINT", "an S3 server") else {
        return;
    };
    let bucket = format!("salus-test-{}", uuid::Uuid::new_v4());
    catalog_support::make_bucket(&endpoint, &bucket);
    // The store takes its settings from the environment, so this test runs in a process of its own.
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "inside_the_process_with_the_settings",
            "--nocapture",
        ])
        .env("AWS_ENDPOINT_URL", &endpoint)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("SALUS_TEST_BUCKET", &bucket)
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn inside_the_process_with_the_settings() {
    let Ok(bucket) = std::env::var("SALUS_TEST_BUCKET") else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(exercise(&format!("s3://{bucket}/some/prefix")));
    runtime.block_on(exercise(&format!("s3://{bucket}")));
}

async fn exercise(url: &str) {
    let store = Store::open(&DataUrl::parse(url).unwrap()).unwrap();
    let bytes: Vec<u8> = (0..200_000).map(|i| (i % 251) as u8).collect();
    let digest = store.put_durable(NAME, bytes.clone().into()).await.unwrap();
    let lost_answer = store.put_durable(NAME, bytes.clone().into()).await.unwrap();
    assert_eq!(
        lost_answer, digest,
        "the same bytes again are the same file"
    );
    let other = store.put_durable(NAME, Bytes::from_static(b"other")).await;
    assert!(matches!(other, Err(StoreError::Exists { .. })), "{other:?}");
    let listed = store.list().await.unwrap();
    assert!(listed.contains(&(NAME.to_owned(), 200_000)), "{listed:?}");

    let table = DigestTable::from_iter([(NAME.to_owned(), digest.clone())]);
    let reader = store.verified(Arc::new(table));
    let location = ObjectPath::parse(NAME).unwrap();
    let ranges = [5..70_000, 199_990..200_000];
    let read = reader.get_ranges(&location, &ranges).await.unwrap();
    assert!(read[0] == bytes[5..70_000] && read[1] == bytes[199_990..]);
    assert!(reader.get(&location).await.unwrap().bytes().await.unwrap() == bytes);
    assert_eq!(store.verify(NAME, &digest).await.unwrap(), Verdict::Intact);

    let mut spoiled = bytes.clone();
    spoiled[150_000] ^= 1;
    store
        .unverified()
        .put(&location, spoiled.into())
        .await
        .unwrap();
    let error = reader.get_ranges(&location, &ranges[..1]).await;
    assert!(error.is_ok(), "the spoiled block is not among these");
    let error = reader
        .get(&location)
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap_err();
    assert!(matches!(
        store_error_of(&error),
        Some(StoreError::Changed { block: 2, .. })
    ));
    let verdict = store.verify(NAME, &digest).await.unwrap();
    assert_eq!(verdict, Verdict::Changed { blocks: vec![2] });

    store.delete(NAME).await.unwrap();
    store.delete(NAME).await.unwrap();
    assert_eq!(store.verify(NAME, &digest).await.unwrap(), Verdict::Missing);
    let error = reader.get_ranges(&location, &ranges).await.unwrap_err();
    assert!(
        matches!(store_error_of(&error), Some(StoreError::Missing { .. })),
        "{error}"
    );
}
