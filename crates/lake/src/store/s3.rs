//! An S3 bucket, set up by the variables `AWS_*`.

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, S3ConditionalPut};

/// Opens a bucket. `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and the
/// rest of `AWS_*` are taken from the environment; without an endpoint it is Amazon's.
pub(super) fn open(bucket: &str) -> Result<AmazonS3, object_store::Error> {
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint);
    if endpoint.is_some_and(|endpoint| is_local_http(&endpoint)) {
        builder = builder.with_allow_http(true);
    }
    builder.build()
}

/// Whether an endpoint is plain HTTP on this very machine, where nobody listens in.
fn is_local_http(endpoint: &str) -> bool {
    let Some(rest) = endpoint.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for local in [
            "http://127.0.0.1:5000",
            "http://localhost/",
            "http://[::1]:9000/x",
        ] {
            assert!(is_local_http(local), "{local}");
        }
        for other in [
            "https://127.0.0.1",
            "http://10.0.0.1",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example:80",
            "http://user@evil.example",
        ] {
            assert!(!is_local_http(other), "{other}");
        }
    }
}
