//! A filter on the patient, turned into one on the bucket as well.
//!
//! Rows lie sorted by bucket, then code, then patient: the bounds of a page or row group
//! say little about the patient and all about the bucket.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::{Column, DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator, col, lit};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;

use crate::ingest::bucket;

const PATIENT: &str = "salus_patient";
const BUCKET: &str = "salus_bucket";
/// With more buckets than this, nothing would be skipped.
const BUCKETS_MAX: usize = 64;

/// The buckets in which the rows that pass these filters can lie; `None`: in any.
pub(super) fn buckets(filters: &[Expr]) -> Option<BTreeSet<i32>> {
    let found = filters.iter().filter_map(of_filter);
    let all = found.reduce(|some, others| some.intersection(&others).copied().collect())?;
    (all.len() <= BUCKETS_MAX).then_some(all)
}

fn of_filter(filter: &Expr) -> Option<BTreeSet<i32>> {
    let patients = patients_of(filter)?;
    Some(
        patients
            .into_iter()
            .map(|patient| bucket(Some(patient)))
            .collect(),
    )
}

/// The patients of whom a filter lets rows pass, if it is one on `salus_patient` alone:
/// `= 'a'`, `IN ('a', 'b')`, or several of these joined by OR.
pub fn patients_of(filter: &Expr) -> Option<Vec<&str>> {
    match filter {
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: Operator::Or,
            right,
        }) => {
            let mut patients = patients_of(left)?;
            patients.append(&mut patients_of(right)?);
            Some(patients)
        }
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: Operator::Eq,
            right,
        }) => match (is_patient(left), is_patient(right)) {
            (true, _) => Some(vec![text(right)?]),
            (_, true) => Some(vec![text(left)?]),
            _ => None,
        },
        Expr::InList(InList {
            expr,
            list,
            negated: false,
        }) if is_patient(expr) => list.iter().map(text).collect(),
        _ => None,
    }
}

/// Columns to read for a projection and, if it is not among them, the bucket at the end.
pub(super) fn with_bucket(
    schema: &SchemaRef,
    projection: Option<&Vec<usize>>,
) -> Option<Vec<usize>> {
    let bucket = schema.index_of(BUCKET).ok()?;
    let mut columns = match projection {
        Some(columns) => columns.clone(),
        None => (0..schema.fields().len()).collect(),
    };
    if !columns.contains(&bucket) {
        columns.push(bucket);
    }
    Some(columns)
}

/// Keeps the rows of these buckets, and of the columns the first `width`.
pub(super) fn only(
    buckets: &BTreeSet<i32>,
    plan: Arc<dyn ExecutionPlan>,
    width: usize,
    state: &dyn Session,
) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = plan.schema();
    let df_schema = DFSchema::try_from(schema.as_ref().clone())?;
    let physical = |expr| state.create_physical_expr(expr, &df_schema);
    let list = buckets.iter().map(|&bucket| lit(bucket)).collect();
    let filter = physical(col(BUCKET).in_list(list, false))?;
    let filtered: Arc<dyn ExecutionPlan> = Arc::new(FilterExec::try_new(filter, plan)?);
    if schema.fields().len() == width {
        return Ok(filtered);
    }
    let columns = schema.fields().iter().take(width).map(|field| {
        Ok((
            physical(Expr::Column(Column::from_name(field.name())))?,
            field.name().clone(),
        ))
    });
    Ok(Arc::new(ProjectionExec::try_new(
        columns.collect::<Result<Vec<_>>>()?,
        filtered,
    )?))
}

fn is_patient(expr: &Expr) -> bool {
    matches!(expr, Expr::Column(column) if column.name == PATIENT)
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(value, _) => ScalarValue::try_as_str(value).flatten(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_on_the_patient_name_its_bucket() {
        let one = col(PATIENT).eq(lit("a"));
        assert_eq!(
            buckets(std::slice::from_ref(&one)),
            Some(BTreeSet::from([bucket(Some("a"))]))
        );
        let two = col(PATIENT).in_list(vec![lit("a"), lit("b")], false);
        let either = one.clone().or(col(PATIENT).eq(lit("b")));
        assert_eq!(patients_of(&either), Some(vec!["a", "b"]));
        assert_eq!(
            buckets(std::slice::from_ref(&two)).map(|found| found.len()),
            Some(2)
        );
        assert_eq!(buckets(&[one, two]).map(|found| found.len()), Some(1));
        assert_eq!(buckets(&[col("id").eq(lit("a"))]), None);
        assert_eq!(buckets(&[col(PATIENT).not_eq(lit("a"))]), None);
    }
}
