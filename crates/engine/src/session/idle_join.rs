//! An optimiser rule: a left join that adds nothing is dropped.
//!
//! `patients` joins the payer of each patient; a query that does not ask for the payer
//! should not read the claims. A left join keeps every left row once if the right side is
//! grouped by the very keys of the join, and adds nothing if no right column is used above.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, JoinType, Result};
use datafusion::logical_expr::{Aggregate, Expr, Join, LogicalPlan, Projection};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

/// Drops left joins whose right side is unique by the keys and unused.
#[derive(Debug)]
pub(super) struct DropIdleJoin;

impl OptimizerRule for DropIdleJoin {
    fn name(&self) -> &str {
        "drop_idle_join"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Projection(projection) = &plan else {
            return Ok(Transformed::no(plan));
        };
        let LogicalPlan::Join(join) = projection.input.as_ref() else {
            return Ok(Transformed::no(plan));
        };
        if !is_idle(join, &projection.expr) {
            return Ok(Transformed::no(plan));
        }
        let left = Arc::clone(&join.left);
        let kept = Projection::try_new_with_schema(
            projection.expr.clone(),
            left,
            Arc::clone(&projection.schema),
        )?;
        Ok(Transformed::yes(LogicalPlan::Projection(kept)))
    }
}

fn is_idle(join: &Join, used: &[Expr]) -> bool {
    if join.join_type != JoinType::Left || join.filter.is_some() || join.on.is_empty() {
        return false;
    }
    let right = join.right.schema();
    let of_right = |column: &Column| right.has_column(column);
    if used
        .iter()
        .any(|expr| expr.column_refs().into_iter().any(of_right))
    {
        return false;
    }
    let keys: Option<Vec<&Column>> = join
        .on
        .iter()
        .map(|(_, key)| match key {
            Expr::Column(column) => Some(column),
            _ => None,
        })
        .collect();
    keys.is_some_and(|keys| unique_by(&join.right, &keys))
}

/// Whether the plan has at most one row for each value of these columns together.
fn unique_by(plan: &LogicalPlan, keys: &[&Column]) -> bool {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => {
            let schema = alias.input.schema();
            inner_keys(keys, &alias.schema, |index| {
                Some(Column::from(schema.qualified_field(index)))
            })
            .is_some_and(|keys| unique_by(&alias.input, &keys.iter().collect::<Vec<_>>()))
        }
        LogicalPlan::Projection(projection) => {
            let column_of = |index: usize| bare(projection.expr.get(index)?).cloned();
            inner_keys(keys, &projection.schema, column_of)
                .is_some_and(|keys| unique_by(&projection.input, &keys.iter().collect::<Vec<_>>()))
        }
        LogicalPlan::Filter(filter) => unique_by(&filter.input, keys),
        LogicalPlan::Aggregate(aggregate) => is_grouped_by(aggregate, keys),
        _ => false,
    }
}

fn inner_keys(
    keys: &[&Column],
    schema: &datafusion::common::DFSchema,
    column_of: impl Fn(usize) -> Option<Column>,
) -> Option<Vec<Column>> {
    keys.iter()
        .map(|key| column_of(schema.maybe_index_of_column(key)?))
        .collect()
}

fn bare(expr: &Expr) -> Option<&Column> {
    match expr {
        Expr::Column(column) => Some(column),
        Expr::Alias(alias) => bare(&alias.expr),
        _ => None,
    }
}

/// Every group expression is among the keys, so a value of the keys is one group at most.
fn is_grouped_by(aggregate: &Aggregate, keys: &[&Column]) -> bool {
    let groups = 0..aggregate.group_expr.len();
    let grouping_set = aggregate
        .group_expr
        .iter()
        .any(|expr| matches!(expr, Expr::GroupingSet(_)));
    !grouping_set
        && groups
            .map(|index| Column::from(aggregate.schema.qualified_field(index)))
            .all(|group| keys.contains(&&group))
}
