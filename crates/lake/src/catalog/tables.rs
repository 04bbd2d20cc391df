//! The tables of a DuckLake 1.0 catalogue, as DuckDB 1.5.5 makes them, and the ones that Salus adds.

use super::sql::{Columns, Dialect, SqlType};
use SqlType::{Bytes, Flag, Int, Text, Time, Uuid};

/// A table: its name, its columns, and its first column's constraint if it has one.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Columns,
    constraint: Constraint,
}

enum Constraint {
    None,
    /// The first column is the primary key.
    Key,
    /// The first two columns are never null.
    Filled,
}

impl Table {
    /// The statement that makes the table, if it is not there.
    pub(super) fn create(&self, dialect: Dialect) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, (name, ty))| {
                let constraint = match (&self.constraint, index) {
                    (Constraint::Key, 0) => " PRIMARY KEY",
                    (Constraint::Filled, 0 | 1) => " NOT NULL",
                    _ => "",
                };
                format!("{name} {}{constraint}", dialect.type_name(*ty))
            })
            .collect();
        let (name, columns) = (self.name, columns.join(", "));
        format!("CREATE TABLE IF NOT EXISTS {name}({columns})")
    }
}

macro_rules! tables {
    ($($constant:ident $name:literal $constraint:ident { $($column:literal $ty:ident),* $(,)? })*) => {
        $(pub(super) const $constant: Table = Table {
            name: $name,
            columns: &[$(($column, $ty)),*],
            constraint: Constraint::$constraint,
        };)*
    };
}

tables! {
    METADATA "ducklake_metadata" Filled {
        "\"key\"" Text, "\"value\"" Text, "\"scope\"" Text, "scope_id" Int,
    }
    SNAPSHOT "ducklake_snapshot" Key {
        "snapshot_id" Int, "snapshot_time" Time, "schema_version" Int, "next_catalog_id" Int,
        "next_file_id" Int,
    }
    SNAPSHOT_CHANGES "ducklake_snapshot_changes" Key {
        "snapshot_id" Int, "changes_made" Text, "author" Text, "commit_message" Text,
        "commit_extra_info" Text,
    }
    SCHEMA "ducklake_schema" Key {
        "schema_id" Int, "schema_uuid" Uuid, "begin_snapshot" Int, "end_snapshot" Int,
        "schema_name" Text, "path" Text, "path_is_relative" Flag,
    }
    TABLE "ducklake_table" None {
        "table_id" Int, "table_uuid" Uuid, "begin_snapshot" Int, "end_snapshot" Int,
        "schema_id" Int, "table_name" Text, "path" Text, "path_is_relative" Flag,
    }
    VIEW "ducklake_view" None {
        "view_id" Int, "view_uuid" Uuid, "begin_snapshot" Int, "end_snapshot" Int, "schema_id" Int,
        "view_name" Text, "dialect" Text, "\"sql\"" Text, "column_aliases" Text,
    }
    TAG "ducklake_tag" None {
        "object_id" Int, "begin_snapshot" Int, "end_snapshot" Int, "\"key\"" Text, "\"value\"" Text,
    }
    COLUMN_TAG "ducklake_column_tag" None {
        "table_id" Int, "column_id" Int, "begin_snapshot" Int, "end_snapshot" Int, "\"key\"" Text,
        "\"value\"" Text,
    }
    DATA_FILE "ducklake_data_file" Key {
        "data_file_id" Int, "table_id" Int, "begin_snapshot" Int, "end_snapshot" Int,
        "file_order" Int, "path" Text, "path_is_relative" Flag, "file_format" Text,
        "record_count" Int, "file_size_bytes" Int, "footer_size" Int, "row_id_start" Int,
        "partition_id" Int, "encryption_key" Text, "mapping_id" Int, "partial_max" Int,
    }
    FILE_COLUMN_STATS "ducklake_file_column_stats" None {
        "data_file_id" Int, "table_id" Int, "column_id" Int, "column_size_bytes" Int,
        "value_count" Int, "null_count" Int, "min_value" Text, "max_value" Text,
        "contains_nan" Flag, "extra_stats" Text,
    }
    FILE_VARIANT_STATS "ducklake_file_variant_stats" None {
        "data_file_id" Int, "table_id" Int, "column_id" Int, "variant_path" Text,
        "shredded_type" Text, "column_size_bytes" Int, "value_count" Int, "null_count" Int,
        "min_value" Text, "max_value" Text, "contains_nan" Flag, "extra_stats" Text,
    }
    DELETE_FILE "ducklake_delete_file" Key {
        "delete_file_id" Int, "table_id" Int, "begin_snapshot" Int, "end_snapshot" Int,
        "data_file_id" Int, "path" Text, "path_is_relative" Flag, "format" Text,
        "delete_count" Int, "file_size_bytes" Int, "footer_size" Int, "encryption_key" Text,
        "partial_max" Int,
    }
    COLUMN "ducklake_column" None {
        "column_id" Int, "begin_snapshot" Int, "end_snapshot" Int, "table_id" Int,
        "column_order" Int, "column_name" Text, "column_type" Text, "initial_default" Text,
        "default_value" Text, "nulls_allowed" Flag, "parent_column" Int,
        "default_value_type" Text, "default_value_dialect" Text,
    }
    TABLE_STATS "ducklake_table_stats" None {
        "table_id" Int, "record_count" Int, "next_row_id" Int, "file_size_bytes" Int,
    }
    TABLE_COLUMN_STATS "ducklake_table_column_stats" None {
        "table_id" Int, "column_id" Int, "contains_null" Flag, "contains_nan" Flag,
        "min_value" Text, "max_value" Text, "extra_stats" Text,
    }
    PARTITION_INFO "ducklake_partition_info" None {
        "partition_id" Int, "table_id" Int, "begin_snapshot" Int, "end_snapshot" Int,
    }
    PARTITION_COLUMN "ducklake_partition_column" None {
        "partition_id" Int, "table_id" Int, "partition_key_index" Int, "column_id" Int,
        "\"transform\"" Text,
    }
    FILE_PARTITION_VALUE "ducklake_file_partition_value" None {
        "data_file_id" Int, "table_id" Int, "partition_key_index" Int, "partition_value" Text,
    }
    SCHEDULED "ducklake_files_scheduled_for_deletion" None {
        "data_file_id" Int, "path" Text, "path_is_relative" Flag, "schedule_start" Time,
    }
    INLINED_DATA_TABLES "ducklake_inlined_data_tables" None {
        "table_id" Int, "table_name" Text, "schema_version" Int,
    }
    COLUMN_MAPPING "ducklake_column_mapping" None {
        "mapping_id" Int, "table_id" Int, "\"type\"" Text,
    }
    NAME_MAPPING "ducklake_name_mapping" None {
        "mapping_id" Int, "column_id" Int, "source_name" Text, "target_field_id" Int,
        "parent_column" Int, "is_partition" Flag,
    }
    SCHEMA_VERSIONS "ducklake_schema_versions" None {
        "begin_snapshot" Int, "schema_version" Int, "table_id" Int,
    }
    MACRO "ducklake_macro" None {
        "schema_id" Int, "macro_id" Int, "macro_name" Text, "begin_snapshot" Int,
        "end_snapshot" Int,
    }
    MACRO_IMPL "ducklake_macro_impl" None {
        "macro_id" Int, "impl_id" Int, "dialect" Text, "\"sql\"" Text, "\"type\"" Text,
    }
    MACRO_PARAMETERS "ducklake_macro_parameters" None {
        "macro_id" Int, "impl_id" Int, "column_id" Int, "parameter_name" Text,
        "parameter_type" Text, "default_value" Text, "default_value_type" Text,
    }
    SORT_INFO "ducklake_sort_info" None {
        "sort_id" Int, "table_id" Int, "begin_snapshot" Int, "end_snapshot" Int,
    }
    SORT_EXPRESSION "ducklake_sort_expression" None {
        "sort_id" Int, "table_id" Int, "sort_key_index" Int, "expression" Text, "dialect" Text,
        "sort_direction" Text, "null_order" Text,
    }

    LOAD "salus_load" Key {
        "load_id" Int, "command" Text, "started" Text, "finished" Text, "status" Text,
        "snapshot_id" Int, "counts" Text,
    }
    SOURCE "salus_source" Key {
        "source_id" Int, "load_id" Int, "name" Text, "size_bytes" Int, "blake3" Bytes,
        "counts" Text,
    }
    FILE_DIGEST "salus_file_digest" Key {
        "path" Text, "size_bytes" Int, "blake3" Bytes, "block_bytes" Int, "blocks" Bytes,
    }
    REGISTERED_VIEW "salus_view" Filled {
        "name" Text, "definition" Text, "created" Text, "begin_snapshot" Int, "end_snapshot" Int,
    }
}

/// DuckLake's own tables, in the order in which DuckDB makes them.
pub(super) const DUCKLAKE: [Table; 28] = [
    METADATA,
    SNAPSHOT,
    SNAPSHOT_CHANGES,
    SCHEMA,
    TABLE,
    VIEW,
    TAG,
    COLUMN_TAG,
    DATA_FILE,
    FILE_COLUMN_STATS,
    FILE_VARIANT_STATS,
    DELETE_FILE,
    COLUMN,
    TABLE_STATS,
    TABLE_COLUMN_STATS,
    PARTITION_INFO,
    PARTITION_COLUMN,
    FILE_PARTITION_VALUE,
    SCHEDULED,
    INLINED_DATA_TABLES,
    COLUMN_MAPPING,
    NAME_MAPPING,
    SCHEMA_VERSIONS,
    MACRO,
    MACRO_IMPL,
    MACRO_PARAMETERS,
    SORT_INFO,
    SORT_EXPRESSION,
];

/// The tables of Salus's own books; a lake of an earlier release lacks the last ones.
pub(super) const BOOKS: [Table; 4] = [LOAD, SOURCE, FILE_DIGEST, REGISTERED_VIEW];
