//! The columns of a lake that hold what is wanted: what a scan reads from disk.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema};

use crate::node::DIGITS_SUFFIX;
use crate::wanted::{Projection, Reach};

/// The column that keeps what no other column could hold.
const REST: &str = "salus_rest";

impl Projection {
    /// The schema of a table with only the columns that hold wanted elements, digits of decimals among them, and
    /// `salus_rest`. A struct of which nothing inside is wanted keeps its first value, which says whether it is there.
    #[must_use]
    pub fn prune(&self, schema: &Schema) -> Schema {
        let reach = self.reach();
        let kept = |field: &FieldRef| match field.name().as_str() {
            REST => Some(Arc::clone(field)),
            name if crate::table::META_COLUMNS.contains(&name) => None,
            _ => prune_member(field, &reach, schema.fields()),
        };
        Schema::new(schema.fields().iter().filter_map(kept).collect::<Fields>())
    }
}

fn prune_fields(fields: &Fields, reach: &Reach) -> Fields {
    let kept = fields
        .iter()
        .filter_map(|field| prune_member(field, reach, fields));
    kept.collect()
}

/// The field as far as it is wanted.
fn prune_member(field: &FieldRef, reach: &Reach, all: &Fields) -> Option<FieldRef> {
    let name = field.name().as_str();
    let below = match name.strip_prefix('_') {
        Some(primitive) => reach.sibling(primitive)?,
        None => match reach.member(name) {
            Some(below) => below,
            None => {
                let decimal = name.strip_suffix(DIGITS_SUFFIX)?;
                let known = all.iter().any(|other| other.name() == decimal);
                reach.member(decimal).filter(|_| known)?
            }
        },
    };
    Some(pruned(field, &below))
}

fn pruned(field: &FieldRef, reach: &Reach) -> FieldRef {
    if !reach.is_partial() {
        return Arc::clone(field);
    }
    match field.data_type() {
        DataType::Struct(fields) => {
            let mut kept = prune_fields(fields, reach);
            if kept.is_empty() {
                kept = fields.first().map(witness).into_iter().collect();
            }
            with_type(field, DataType::Struct(kept))
        }
        DataType::List(item) => with_type(field, DataType::List(pruned(item, reach))),
        _ => Arc::clone(field),
    }
}

/// The field with as few values as will do to say whether it is there.
fn witness(field: &FieldRef) -> FieldRef {
    match field.data_type() {
        DataType::Struct(fields) => {
            let kept = fields.first().map(witness).into_iter().collect();
            with_type(field, DataType::Struct(kept))
        }
        DataType::List(item) => with_type(field, DataType::List(witness(item))),
        _ => Arc::clone(field),
    }
}

fn with_type(field: &FieldRef, data_type: DataType) -> FieldRef {
    Arc::new(Field::clone(field).with_data_type(data_type))
}

#[cfg(test)]
mod tests {
    use salus_fhir::schema::r4;

    use super::*;
    use crate::{ColumnIds, Extent, RowMeta, TableBuilder};

    fn schema() -> Schema {
        let observation = r4().resource("Observation").unwrap();
        let mut builder = TableBuilder::new(observation);
        let json = r#"{"resourceType":"Observation","id":"o","status":"final","_status":{"id":"s"},
            "code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}],"text":"HbA1c"},
            "subject":{"reference":"Patient/p"},"valueQuantity":{"value":6.10,"unit":"%"}}"#;
        builder.append(json, &RowMeta::default(), None).unwrap();
        let batch = builder.finish(&ColumnIds::new(&[])).unwrap();
        batch.schema().as_ref().clone()
    }

    fn names(wanted: &[(&[&str], Extent)]) -> Vec<String> {
        let mut projection = Projection::new(r4().resource("Observation").unwrap());
        for (path, extent) in wanted {
            projection.want(path, *extent).unwrap();
        }
        let mut names = Vec::new();
        for field in projection.prune(&schema()).fields() {
            leaves(field, String::new(), &mut names);
        }
        names
    }

    fn leaves(field: &Field, above: String, names: &mut Vec<String>) {
        let name = match field.name().as_str() {
            "element" => above,
            name if above.is_empty() => name.to_owned(),
            name => format!("{above}.{name}"),
        };
        match field.data_type() {
            DataType::Struct(fields) => fields
                .iter()
                .for_each(|field| leaves(field, name.clone(), names)),
            DataType::List(item) => leaves(item, name, names),
            _ => names.push(name),
        }
    }

    #[test]
    fn only_what_is_wanted_is_left_with_the_digits_of_decimals() {
        let wanted: &[(&[&str], Extent)] = &[
            (&["code", "coding", "code"], Extent::Value),
            (&["value", "value"], Extent::Value),
            (&["status"], Extent::Value),
        ];
        assert_eq!(
            names(wanted),
            [
                "status",
                "code.coding.code",
                "valueQuantity.value",
                "valueQuantity.value_digits",
                "salus_rest"
            ]
        );
    }

    #[test]
    fn a_struct_that_need_only_be_there_keeps_one_value() {
        assert_eq!(
            names(&[(&["code"], Extent::Value)]),
            ["code.coding.system", "salus_rest"]
        );
        assert_eq!(
            names(&[(&["status"], Extent::Element), (&["code"], Extent::Whole)]),
            [
                "status",
                "_status.id",
                "code.coding.system",
                "code.coding.code",
                "code.text",
                "salus_rest"
            ]
        );
    }
}
