//! Scans over hand-made files and a hand-made catalogue.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int32Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use arrow::util::pretty::pretty_format_batches;
use bytes::Bytes;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::prelude::{SessionConfig, SessionContext};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::{ArrowWriter, PARQUET_FIELD_ID_META_KEY};

use super::LakeTable;
use crate::catalog::{
    CatalogView, Column, ColumnStats, ColumnType, DataFile, DeleteFile, TableView, deletes,
};

const URL: &str = "salus://test";

fn column(id: i64, name: &str, ty: ColumnType, children: Vec<Column>) -> Column {
    Column {
        id,
        name: name.to_owned(),
        ty,
        children,
    }
}

/// `id`, `n`, `code{text, coding[]{code, system}}`, `salus_patient`, `salus_bucket`.
fn columns() -> Vec<Column> {
    let coding = vec![
        Column::leaf(6, "code", ColumnType::Varchar),
        Column::leaf(7, "system", ColumnType::Varchar),
    ];
    let element = column(5, "element", ColumnType::Struct, coding);
    let code = vec![
        Column::leaf(3, "text", ColumnType::Varchar),
        column(4, "coding", ColumnType::List, vec![element]),
    ];
    vec![
        Column::leaf(1, "id", ColumnType::Varchar),
        column(2, "code", ColumnType::Struct, code),
        Column::leaf(8, "n", ColumnType::Int32),
        Column::leaf(9, "salus_patient", ColumnType::Varchar),
        Column::leaf(10, "salus_bucket", ColumnType::Int32),
    ]
}

fn with_id(field: Field, id: i64) -> Field {
    field.with_metadata(HashMap::from([(
        PARQUET_FIELD_ID_META_KEY.to_owned(),
        id.to_string(),
    )]))
}

fn text(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// `code` of a file that knows only some of its fields; each value is used for all of them.
fn code(
    values: &[&str],
    with_text: bool,
    with_coding: bool,
    with_system: bool,
) -> (Field, ArrayRef) {
    let mut parts: Vec<(Field, ArrayRef)> = Vec::new();
    if with_text {
        parts.push((
            with_id(Field::new("text", DataType::Utf8, true), 3),
            text(values),
        ));
    }
    if with_coding {
        let mut fields = vec![with_id(Field::new("code", DataType::Utf8, true), 6)];
        let mut arrays = vec![text(values)];
        if with_system {
            fields.push(with_id(Field::new("system", DataType::Utf8, true), 7));
            arrays.push(text(values));
        }
        let coding = StructArray::new(Fields::from(fields), arrays, None);
        let element = Arc::new(with_id(
            Field::new("element", coding.data_type().clone(), true),
            5,
        ));
        let offsets = OffsetBuffer::from_lengths(values.iter().map(|_| 1));
        let list = ListArray::new(element, offsets, Arc::new(coding), None);
        parts.push((
            with_id(Field::new("coding", list.data_type().clone(), true), 4),
            Arc::new(list),
        ));
    }
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = parts.into_iter().unzip();
    let array = StructArray::new(Fields::from(fields), arrays, None);
    (
        with_id(Field::new("code", array.data_type().clone(), true), 2),
        Arc::new(array),
    )
}

fn batch(columns: Vec<(Field, ArrayRef)>) -> RecordBatch {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn ids(values: &[&str]) -> (Field, ArrayRef) {
    (
        with_id(Field::new("id", DataType::Utf8, true), 1),
        text(values),
    )
}

fn numbers(values: &[i32]) -> (Field, ArrayRef) {
    let array: ArrayRef = Arc::new(Int32Array::from(values.to_vec()));
    (with_id(Field::new("n", DataType::Int32, true), 8), array)
}

struct TestTable {
    store: Arc<InMemory>,
    view: CatalogView,
}

impl TestTable {
    fn new() -> Self {
        let table = TableView {
            id: 1,
            schema: "fhir".to_owned(),
            name: "T".to_owned(),
            folder: "fhir/T/".to_owned(),
            columns: columns(),
            column_id_max: 10,
            files: Vec::new(),
            record_count: 0,
        };
        let view = CatalogView {
            snapshot: 1,
            time: String::new(),
            schema_version: 1,
            tables: vec![table],
            unreadable: Vec::new(),
        };
        Self {
            store: Arc::new(InMemory::new()),
            view,
        }
    }

    async fn add(&mut self, batch: &RecordBatch, deleted: &[i64], stats: Vec<ColumnStats>) {
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(batch).unwrap();
        writer.close().unwrap();
        let index = self.view.tables[0].files.len();
        let path = format!("fhir/T/{index}.parquet");
        let size_bytes = i64::try_from(bytes.len()).unwrap();
        let footer_bytes = deletes::footer_bytes(&bytes).unwrap();
        self.store
            .put(&Path::from(path.as_str()), Bytes::from(bytes).into())
            .await
            .unwrap();
        let deletes = if deleted.is_empty() {
            None
        } else {
            Some(self.delete(index, deleted).await)
        };
        let record_count = i64::try_from(batch.num_rows()).unwrap();
        self.view.tables[0].files.push(DataFile {
            id: i64::try_from(index).unwrap(),
            path,
            record_count,
            size_bytes,
            footer_bytes,
            row_id_start: Some(0),
            begin_snapshot: 1,
            deletes,
            stats,
            digest: None,
        });
    }

    async fn delete(&self, index: usize, deleted: &[i64]) -> DeleteFile {
        let bytes = deletes::write(&format!("fhir/T/{index}.parquet"), deleted).unwrap();
        let path = format!("fhir/T/{index}-delete.parquet");
        let size_bytes = i64::try_from(bytes.len()).unwrap();
        let footer_bytes = deletes::footer_bytes(&bytes).unwrap();
        self.store
            .put(&Path::from(path.as_str()), bytes.into())
            .await
            .unwrap();
        DeleteFile {
            id: 100 + i64::try_from(index).unwrap(),
            path,
            count: i64::try_from(deleted.len()).unwrap(),
            size_bytes,
            footer_bytes,
            begin_snapshot: 1,
            digest: None,
        }
    }

    fn table(&self) -> LakeTable {
        let store: Arc<dyn ObjectStore> = Arc::clone(&self.store) as _;
        let url = ObjectStoreUrl::parse(URL).unwrap();
        LakeTable::new(Arc::new(self.view.clone()), "fhir", "T", store, url).unwrap()
    }

    fn context(&self, shape: Option<SchemaRef>) -> SessionContext {
        let mut config = SessionConfig::new().with_target_partitions(2);
        config.options_mut().execution.parquet.pushdown_filters = true;
        let context = SessionContext::new_with_config(config);
        let url = ObjectStoreUrl::parse(URL).unwrap();
        context.register_object_store(url.as_ref(), Arc::clone(&self.store) as _);
        let table = match shape {
            Some(shape) => self.table().shaped(shape),
            None => self.table(),
        };
        context.register_table("t", Arc::new(table)).unwrap();
        context
    }

    async fn query(&self, shape: Option<SchemaRef>, sql: &str) -> String {
        let batches = self
            .context(shape)
            .sql(sql)
            .await
            .unwrap()
            .collect()
            .await
            .unwrap();
        pretty_format_batches(&batches).unwrap().to_string()
    }
}

/// Three files, each knowing more of `code` than the one before.
async fn grown() -> TestTable {
    let mut table = TestTable::new();
    table
        .add(
            &batch(vec![ids(&["a"]), code(&["A"], true, false, false)]),
            &[],
            vec![],
        )
        .await;
    table
        .add(
            &batch(vec![
                ids(&["b"]),
                code(&["B"], false, true, false),
                numbers(&[2]),
            ]),
            &[],
            vec![],
        )
        .await;
    table
        .add(
            &batch(vec![
                numbers(&[3]),
                code(&["C"], true, true, true),
                ids(&["c"]),
            ]),
            &[],
            vec![],
        )
        .await;
    table
}

#[tokio::test]
async fn what_an_older_file_lacks_reads_as_null() {
    let table = grown().await;
    insta::assert_snapshot!(table.query(None, "SELECT id, n, code FROM t ORDER BY id").await, @r#"
    +----+---+-------------------------------------------+
    | id | n | code                                      |
    +----+---+-------------------------------------------+
    | a  |   | {text: A, coding: }                       |
    | b  | 2 | {text: , coding: [{code: B, system: }]}   |
    | c  | 3 | {text: C, coding: [{code: C, system: C}]} |
    +----+---+-------------------------------------------+
    "#);
}

#[tokio::test]
async fn nested_fields_can_be_filtered_whether_a_file_has_them_or_not() {
    let table = grown().await;
    insta::assert_snapshot!(table.query(None, "SELECT id FROM t WHERE code['text'] = 'C'").await, @r#"
    +----+
    | id |
    +----+
    | c  |
    +----+
    "#);
    insta::assert_snapshot!(table.query(None, "SELECT id FROM t WHERE code['text'] IS NULL").await, @r#"
    +----+
    | id |
    +----+
    | b  |
    +----+
    "#);
    insta::assert_snapshot!(table.query(None, "SELECT id FROM t WHERE code['coding'][1]['system'] IS NULL ORDER BY id").await, @r#"
    +----+
    | id |
    +----+
    | a  |
    | b  |
    +----+
    "#);
    insta::assert_snapshot!(table.query(None, "SELECT id, code['coding'][1]['code'] AS c FROM t WHERE n >= 2 ORDER BY id").await, @r#"
    +----+---+
    | id | c |
    +----+---+
    | b  | B |
    | c  | C |
    +----+---+
    "#);
}

fn narrow() -> SchemaRef {
    let coding = Fields::from(vec![
        Field::new("system", DataType::Utf8, true),
        Field::new("userSelected", DataType::Boolean, true),
    ]);
    let element = Field::new("element", DataType::Struct(coding), true);
    let code = Fields::from(vec![Field::new(
        "coding",
        DataType::List(Arc::new(element)),
        true,
    )]);
    Arc::new(Schema::new(vec![
        Field::new("code", DataType::Struct(code), true),
        Field::new("id", DataType::Utf8View, true),
        Field::new("never", DataType::Float64, true),
        Field::new("n", DataType::Int32, true),
    ]))
}

#[tokio::test]
async fn a_shape_takes_its_fields_from_files_that_share_none_with_it() {
    let table = grown().await;
    insta::assert_snapshot!(table.query(Some(narrow()), "SELECT * FROM t ORDER BY id").await, @r#"
    +-----------------------------------------+----+-------+---+
    | code                                    | id | never | n |
    +-----------------------------------------+----+-------+---+
    | {coding: }                              | a  |       |   |
    | {coding: [{system: , userSelected: }]}  | b  |       | 2 |
    | {coding: [{system: C, userSelected: }]} | c  |       | 3 |
    +-----------------------------------------+----+-------+---+
    "#);
    insta::assert_snapshot!(table.query(Some(narrow()), "SELECT id FROM t WHERE code['coding'] IS NULL AND never IS NULL").await, @r#"
    +----+
    | id |
    +----+
    | a  |
    +----+
    "#);
}

#[tokio::test]
async fn deleted_rows_are_never_seen() {
    let mut table = TestTable::new();
    let names: Vec<String> = (0..100).map(|n| format!("p{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let values: Vec<i32> = (0..100).collect();
    table
        .add(
            &batch(vec![ids(&names), numbers(&values)]),
            &[0, 5, 6, 99],
            vec![],
        )
        .await;
    table
        .add(&batch(vec![ids(&["x"]), numbers(&[5])]), &[0], vec![])
        .await;
    insta::assert_snapshot!(table.query(None, "SELECT count(*) AS n, min(n) AS lo, max(n) AS hi, sum(n) AS s FROM t").await, @r#"
    +----+----+----+------+
    | n  | lo | hi | s    |
    +----+----+----+------+
    | 96 | 1  | 98 | 4840 |
    +----+----+----+------+
    "#);
    insta::assert_snapshot!(table.query(None, "SELECT id FROM t WHERE n IN (4, 5, 6, 7, 99)").await, @r#"
    +-----+
    | id  |
    +-----+
    | p04 |
    | p07 |
    +-----+
    "#);
    insta::assert_snapshot!(table.query(None, "SELECT count(*) AS n FROM t").await, @r#"
    +----+
    | n  |
    +----+
    | 96 |
    +----+
    "#);
}

#[tokio::test]
async fn a_count_opens_no_file() {
    let table = grown().await;
    for index in 0..3 {
        table
            .store
            .delete(&Path::from(format!("fhir/T/{index}.parquet")))
            .await
            .unwrap();
    }
    insta::assert_snapshot!(table.query(None, "SELECT count(*) AS n FROM t").await, @r#"
    +---+
    | n |
    +---+
    | 3 |
    +---+
    "#);
}

#[tokio::test]
async fn bounds_of_the_catalogue_skip_files() {
    let mut table = TestTable::new();
    let stats = |lo: &str, hi: &str| {
        vec![ColumnStats {
            column_id: 8,
            min: Some(lo.to_owned()),
            max: Some(hi.to_owned()),
            ..ColumnStats::default()
        }]
    };
    table
        .add(
            &batch(vec![ids(&["a", "b"]), numbers(&[1, 2])]),
            &[],
            stats("1", "2"),
        )
        .await;
    table
        .add(
            &batch(vec![ids(&["c", "d"]), numbers(&[8, 9])]),
            &[],
            stats("8", "9"),
        )
        .await;
    table
        .store
        .delete(&Path::from("fhir/T/0.parquet"))
        .await
        .unwrap();
    insta::assert_snapshot!(table.query(None, "SELECT id FROM t WHERE n > 7 ORDER BY id").await, @r#"
    +----+
    | id |
    +----+
    | c  |
    | d  |
    +----+
    "#);
    insta::assert_snapshot!(table.query(None, "SELECT min(n) AS lo, max(n) AS hi FROM t").await, @r#"
    +----+----+
    | lo | hi |
    +----+----+
    | 1  | 9  |
    +----+----+
    "#);
}

#[tokio::test]
async fn a_delete_file_that_names_other_rows_is_refused() {
    let mut table = TestTable::new();
    table
        .add(
            &batch(vec![ids(&["a", "b"]), numbers(&[1, 2])]),
            &[1],
            vec![],
        )
        .await;
    if let Some(deletes) = &mut table.view.tables[0].files[0].deletes {
        deletes.count = 2;
    }
    let error = table
        .context(None)
        .sql("SELECT id FROM t")
        .await
        .unwrap()
        .collect()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("0-delete.parquet"), "{error}");
}

#[tokio::test]
async fn a_patient_is_looked_for_in_its_bucket() {
    let mut table = TestTable::new();
    let bucket = crate::ingest::bucket(Some("a"));
    let patients = (
        with_id(Field::new("salus_patient", DataType::Utf8, true), 9),
        text(&["a", "a", "z"]),
    );
    let buckets: ArrayRef = Arc::new(Int32Array::from(vec![bucket, bucket + 1, bucket]));
    let buckets = (
        with_id(Field::new("salus_bucket", DataType::Int32, true), 10),
        buckets,
    );
    table
        .add(
            &batch(vec![ids(&["1", "2", "3"]), patients, buckets]),
            &[],
            vec![],
        )
        .await;
    // Row 2 lies where no writer puts it: that it is not found shows that buckets are skipped.
    insta::assert_snapshot!(table.query(None, "SELECT id FROM t WHERE salus_patient = 'a'").await, @r#"
    +----+
    | id |
    +----+
    | 1  |
    +----+
    "#);
    insta::assert_snapshot!(table.query(None, "SELECT count(*) AS n FROM t WHERE salus_patient IN ('a', 'b')").await, @r#"
    +---+
    | n |
    +---+
    | 1 |
    +---+
    "#);
    insta::assert_snapshot!(table.query(None, "SELECT salus_bucket IS NOT NULL AS b FROM t WHERE salus_patient = 'z'").await, @r#"
    ++
    ++
    "#);
}
