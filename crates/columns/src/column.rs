//! Columns as DuckLake knows them: numbered, named, typed, nested.

/// A column, or an element nested in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Number of the column in its table; also its Parquet `field_id`.
    pub id: i64,
    /// Name; the only child of a list is called `element`.
    pub name: String,
    /// Type.
    pub ty: ColumnType,
    /// The members of a struct, or the one element of a list; empty otherwise.
    pub children: Vec<Column>,
}

impl Column {
    /// A column without children.
    pub fn leaf(id: i64, name: impl Into<String>, ty: ColumnType) -> Column {
        Column {
            id,
            name: name.into(),
            ty,
            children: Vec::new(),
        }
    }
}

/// The types that Salus stores. DuckLake's names for them are given by [`ColumnType::ducklake_name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// `boolean`.
    Boolean,
    /// `int32`.
    Int32,
    /// `int64`.
    Int64,
    /// `float64`.
    Float64,
    /// `varchar`, UTF-8.
    Varchar,
    /// `blob`.
    Blob,
    /// `timestamp`: microseconds since 1970, without a zone.
    Timestamp,
    /// `struct`.
    Struct,
    /// `list`.
    List,
}

impl ColumnType {
    /// The name that DuckLake 1.0 gives the type.
    pub fn ducklake_name(self) -> &'static str {
        match self {
            ColumnType::Boolean => "boolean",
            ColumnType::Int32 => "int32",
            ColumnType::Int64 => "int64",
            ColumnType::Float64 => "float64",
            ColumnType::Varchar => "varchar",
            ColumnType::Blob => "blob",
            ColumnType::Timestamp => "timestamp",
            ColumnType::Struct => "struct",
            ColumnType::List => "list",
        }
    }

    /// The type with this DuckLake name; `None` if Salus does not know it.
    pub fn from_ducklake_name(name: &str) -> Option<ColumnType> {
        Some(match name {
            "boolean" => ColumnType::Boolean,
            "int32" => ColumnType::Int32,
            "int64" => ColumnType::Int64,
            "float64" => ColumnType::Float64,
            "varchar" => ColumnType::Varchar,
            "blob" => ColumnType::Blob,
            "timestamp" => ColumnType::Timestamp,
            "struct" => ColumnType::Struct,
            "list" => ColumnType::List,
            _ => return None,
        })
    }

    /// Whether columns of the type hold other columns rather than values.
    pub fn is_nested(self) -> bool {
        matches!(self, ColumnType::Struct | ColumnType::List)
    }
}
