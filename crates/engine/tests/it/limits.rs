//! Every bound is a typed error that names it.

use std::num::NonZeroU64;
use std::time::Duration;

use salus_base::Cancel;
use salus_engine::{EngineError, Limit, OnRows, QueryLimits};
use salus_lake::catalog::At;

use crate::common::TestLake;

const MANY: &str = "SELECT * FROM generate_series(1, 100000)";
/// Work without end, for all a test can wait.
const ENDLESS: &str = "SELECT count(*) FROM generate_series(1, 1000000000000) WHERE value % 7 = 3";

fn run(limits: QueryLimits, sql: &str) -> Result<salus_engine::Answer, EngineError> {
    let lake = TestLake::new();
    let session = lake.session_with(At::Latest, limits);
    lake.runtime.block_on(session.sql(sql))
}

#[test]
fn too_many_rows_fail_or_are_cut() {
    let mut limits = QueryLimits {
        rows_max: NonZeroU64::new(10),
        ..QueryLimits::default()
    };
    let error = run(limits.clone(), MANY).unwrap_err();
    assert!(
        matches!(
            error,
            EngineError::LimitHit {
                limit: Limit::Rows { max: 10 }
            }
        ),
        "{error:?}"
    );
    limits.on_rows = OnRows::Cut;
    let answer = run(limits.clone(), MANY).unwrap();
    assert_eq!(
        (answer.rows(), answer.truncated.map(|cut| cut.rows_max)),
        (10, Some(10))
    );
    let answer = run(limits, "SELECT * FROM generate_series(1, 10)").unwrap();
    assert_eq!((answer.rows(), answer.truncated), (10, None));
}

#[test]
fn a_long_query_ends_at_its_time() {
    let limits = QueryLimits {
        time_max: Duration::from_secs(1),
        ..QueryLimits::default()
    };
    let error = run(limits, ENDLESS).unwrap_err();
    assert!(
        matches!(
            error,
            EngineError::LimitHit {
                limit: Limit::Time { seconds_max: 1 }
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_query_stops_when_the_caller_wishes() {
    let cancel = Cancel::new();
    let limits = QueryLimits {
        cancel: cancel.clone(),
        ..QueryLimits::default()
    };
    let lake = TestLake::new();
    let session = lake.session_with(At::Latest, limits);
    let error = lake.runtime.block_on(async {
        let stopper = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            cancel.cancel();
        };
        tokio::join!(session.sql(ENDLESS), stopper).0.unwrap_err()
    });
    assert!(matches!(error, EngineError::Cancelled), "{error:?}");
}

#[test]
fn memory_is_bounded() {
    let limits = QueryLimits {
        memory_bytes: 1 << 20,
        spill_bytes_max: 1 << 20,
        ..QueryLimits::default()
    };
    let sql = "SELECT value % 500000 AS k, count(DISTINCT value) FROM generate_series(1, 3000000) GROUP BY 1";
    let error = run(limits, sql).unwrap_err();
    assert!(
        matches!(
            error,
            EngineError::LimitHit {
                limit: Limit::Memory { .. }
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_long_text_is_refused() {
    let limits = QueryLimits {
        text_bytes_max: 10,
        ..QueryLimits::default()
    };
    let error = run(limits, "SELECT 1, 2, 3, 4").unwrap_err();
    assert!(
        matches!(
            error,
            EngineError::LimitHit {
                limit: Limit::Text { .. }
            }
        ),
        "{error:?}"
    );
}

#[test]
fn deep_nesting_is_refused() {
    let sql = format!("SELECT {}1{}", "(".repeat(5000), ")".repeat(5000));
    let error = run(QueryLimits::default(), &sql).unwrap_err();
    assert!(matches!(error, EngineError::Refused { .. }), "{error:?}");
}

#[test]
fn a_value_that_cannot_be_computed_is_the_querys_fault() {
    let error = run(
        QueryLimits::default(),
        "SELECT 1 / (value - value) FROM generate_series(1, 2)",
    )
    .unwrap_err();
    assert_eq!(
        error.diagnostic().code.to_string(),
        "SAL-SQL-0006",
        "{error:?}"
    );
}
