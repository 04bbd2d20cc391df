//! Expressions over the table's schema, rewritten to the schema of one file.
//!
//! DataFusion's own adapter does nearly all of it (missing columns, casts, struct fields
//! that a file lacks). This one takes over for the columns that [`reshape`] explains, and
//! takes away casts that change nothing, which would otherwise hide a plain column from
//! the row filter.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, Fields, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions::core::getfield::GetFieldFunc;
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::expressions::{CastExpr, Column, Literal};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_expr_adapter::{
    DefaultPhysicalExprAdapterFactory, PhysicalExprAdapter, PhysicalExprAdapterFactory,
};

use super::reshape::{find, fits, reshape};

/// Makes a [`LakeAdapter`] for each file.
#[derive(Debug)]
pub(super) struct LakeAdapterFactory;

impl PhysicalExprAdapterFactory for LakeAdapterFactory {
    fn create(
        &self,
        logical_file_schema: SchemaRef,
        physical_file_schema: SchemaRef,
    ) -> Result<Arc<dyn PhysicalExprAdapter>> {
        let misfits = misfits(&logical_file_schema, &physical_file_schema);
        let castable = castable_schema(&logical_file_schema, &physical_file_schema, &misfits);
        let inner = DefaultPhysicalExprAdapterFactory
            .create(Arc::new(castable), Arc::clone(&physical_file_schema))?;
        Ok(Arc::new(LakeAdapter {
            table: logical_file_schema,
            file: physical_file_schema,
            misfits,
            inner,
        }))
    }
}

/// Names of the columns that both schemas have and DataFusion cannot cast.
fn misfits(table: &Schema, file: &Schema) -> BTreeSet<String> {
    table
        .fields()
        .iter()
        .filter(|want| {
            find(file.fields(), want.name())
                .is_some_and(|have| !fits(have.data_type(), want.data_type()))
        })
        .map(|want| want.name().clone())
        .collect()
}

/// The table's schema with the misfits as the file has them, so that the inner adapter
/// leaves them alone.
fn castable_schema(table: &Schema, file: &Schema, misfits: &BTreeSet<String>) -> Schema {
    let fields: Fields = table
        .fields()
        .iter()
        .map(|want| match find(file.fields(), want.name()) {
            Some(have) if misfits.contains(want.name()) => Arc::clone(have),
            _ => Arc::clone(want),
        })
        .collect();
    Schema::new(fields)
}

/// Rewrites expressions for one file.
#[derive(Debug)]
struct LakeAdapter {
    table: SchemaRef,
    file: SchemaRef,
    misfits: BTreeSet<String>,
    inner: Arc<dyn PhysicalExprAdapter>,
}

impl PhysicalExprAdapter for LakeAdapter {
    fn rewrite(&self, expr: Arc<dyn PhysicalExpr>) -> Result<Arc<dyn PhysicalExpr>> {
        let expr = if self.misfits.is_empty() {
            expr
        } else {
            expr.transform_down(|node| self.rewrite_misfit(node))
                .data()?
        };
        let expr = self.inner.rewrite(expr)?;
        expr.transform_up(|node| self.drop_idle_cast(node)).data()
    }
}

impl LakeAdapter {
    fn rewrite_misfit(
        &self,
        node: Arc<dyn PhysicalExpr>,
    ) -> Result<Transformed<Arc<dyn PhysicalExpr>>> {
        if let Some(access) = self.rewrite_field_access(&node)? {
            return Ok(Transformed::new(access, true, TreeNodeRecursion::Jump));
        }
        let Some(column) = node.downcast_ref::<Column>() else {
            return Ok(Transformed::no(node));
        };
        if !self.misfits.contains(column.name()) {
            return Ok(Transformed::no(node));
        }
        let field = Arc::new(self.table.field_with_name(column.name())?.clone());
        let reshaped: Arc<dyn PhysicalExpr> = Arc::new(ReshapeExpr { child: node, field });
        Ok(Transformed::new(reshaped, true, TreeNodeRecursion::Jump))
    }

    /// `misfit['a']['b']` is resolved by name here, because the scan has promised to
    /// filter on it and recognises only a field access straight over a column.
    fn rewrite_field_access(
        &self,
        node: &Arc<dyn PhysicalExpr>,
    ) -> Result<Option<Arc<dyn PhysicalExpr>>> {
        let Some((column, path)) = field_access(node) else {
            return Ok(None);
        };
        if !self.misfits.contains(column.name()) {
            return Ok(None);
        }
        let wanted = self.table.field_with_name(column.name())?;
        let Some(wanted) = walk(wanted.data_type(), &path) else {
            return Ok(None);
        };
        let stored = self.file.field_with_name(column.name())?;
        match walk(stored.data_type(), &path) {
            None => Ok(Some(null_literal(wanted.data_type())?)),
            Some(stored) if stored.data_type() == wanted.data_type() => Ok(Some(Arc::clone(node))),
            Some(_) => Ok(Some(Arc::new(ReshapeExpr {
                child: self.of_file(node, column)?,
                field: Arc::clone(wanted),
            }))),
        }
    }

    /// The field access over the column as the file has it, so that it promises the
    /// file's type.
    fn of_file(
        &self,
        node: &Arc<dyn PhysicalExpr>,
        column: &Column,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let Some(access) = node.downcast_ref::<ScalarFunctionExpr>() else {
            return Ok(Arc::clone(node));
        };
        let stored = Column::new_with_schema(column.name(), &self.file)?;
        let keys = access.args().iter().skip(1).map(Arc::clone);
        let args = std::iter::once(Arc::new(stored) as Arc<dyn PhysicalExpr>)
            .chain(keys)
            .collect();
        let function = Arc::new(access.fun().clone());
        let options = Arc::new(access.config_options().clone());
        let access = ScalarFunctionExpr::try_new(function, args, &self.file, options)?;
        Ok(Arc::new(access))
    }

    /// A cast that keeps a flat type only changes metadata (the Parquet field id).
    fn drop_idle_cast(
        &self,
        node: Arc<dyn PhysicalExpr>,
    ) -> Result<Transformed<Arc<dyn PhysicalExpr>>> {
        if let Some(cast) = node.downcast_ref::<CastExpr>()
            && !cast.cast_type().is_nested()
            && cast.expr().is::<Column>()
            && cast.expr().data_type(&self.file)? == *cast.cast_type()
        {
            return Ok(Transformed::yes(Arc::clone(cast.expr())));
        }
        Ok(Transformed::no(node))
    }
}

/// The column and the keys of `column['a']['b']`, if the expression is one.
fn field_access(node: &Arc<dyn PhysicalExpr>) -> Option<(&Column, Vec<&str>)> {
    let access = ScalarFunctionExpr::try_downcast_func::<GetFieldFunc>(node.as_ref())?;
    let (source, keys) = access.args().split_first()?;
    let column = source.downcast_ref::<Column>()?;
    let path = keys
        .iter()
        .map(|key| {
            key.downcast_ref::<Literal>()?
                .value()
                .try_as_str()
                .flatten()
        })
        .collect::<Option<Vec<_>>>()?;
    Some((column, path))
}

fn walk<'a>(ty: &'a DataType, path: &[&str]) -> Option<&'a FieldRef> {
    let DataType::Struct(fields) = ty else {
        return None;
    };
    let (first, rest) = path.split_first()?;
    let field = find(fields, first)?;
    if rest.is_empty() {
        Some(field)
    } else {
        walk(field.data_type(), rest)
    }
}

fn null_literal(ty: &DataType) -> Result<Arc<dyn PhysicalExpr>> {
    Ok(Arc::new(Literal::new(ScalarValue::try_new_null(ty)?)))
}

/// [`reshape`] as an expression.
#[derive(Debug, Eq)]
struct ReshapeExpr {
    child: Arc<dyn PhysicalExpr>,
    field: FieldRef,
}

impl PartialEq for ReshapeExpr {
    fn eq(&self, other: &Self) -> bool {
        self.child.eq(&other.child) && self.field == other.field
    }
}

impl Hash for ReshapeExpr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.child.hash(state);
        self.field.hash(state);
    }
}

impl fmt::Display for ReshapeExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reshape({})", self.child)
    }
}

impl PhysicalExpr for ReshapeExpr {
    fn return_field(&self, _input: &Schema) -> Result<FieldRef> {
        Ok(Arc::clone(&self.field))
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        let array = self.child.evaluate(batch)?.into_array(batch.num_rows())?;
        Ok(ColumnarValue::Array(reshape(
            &array,
            self.field.data_type(),
        )?))
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.child]
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let child = children
            .into_iter()
            .next()
            .unwrap_or_else(|| Arc::clone(&self.child));
        Ok(Arc::new(Self {
            child,
            field: Arc::clone(&self.field),
        }))
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reshape(")?;
        self.child.fmt_sql(f)?;
        write!(f, ")")
    }
}
