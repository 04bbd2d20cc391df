//! Results as columns.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Decimal128Builder, Int32Builder, Int64Builder, RecordBatch,
    StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use salus_cql::evaluate::{Item, notation};
use salus_fhir::view::ElementView;
use salus_values::{Decimal, Value};

use super::Question;
use crate::error::EngineError;

/// Digits of a Decimal of CQL, and those after the point.
const DECIMAL: (u8, i8) = (28, 8);

/// The columns of the results.
pub(super) struct Columns {
    schema: SchemaRef,
}

impl Columns {
    /// A column for each define, of the type that the library says its result has.
    pub fn of(question: &Question) -> Columns {
        let patient = Field::new("patient", DataType::Utf8, false);
        let defines = question.defines.iter().map(|define| {
            let def = question.library.statement(define);
            let ty = def.and_then(|def| def.result_type_name());
            let ty = match ty.map(|ty| ty.name) {
                Some("Boolean") => DataType::Boolean,
                Some("Integer") => DataType::Int32,
                Some("Long") => DataType::Int64,
                Some("Decimal") => DataType::Decimal128(DECIMAL.0, DECIMAL.1),
                _ => DataType::Utf8,
            };
            Field::new(define, ty, true)
        });
        let fields: Vec<Field> = std::iter::once(patient).chain(defines).collect();
        Columns {
            schema: Arc::new(Schema::new(fields)),
        }
    }

    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub fn builder(&self, patients: usize) -> Builder {
        let defines = self.schema.fields().iter().skip(1);
        Builder {
            schema: Arc::clone(&self.schema),
            patients: StringBuilder::with_capacity(patients, patients * 36),
            defines: defines
                .map(|field| DefineBuilder::new(field.data_type(), patients))
                .collect(),
            next: 0,
        }
    }
}

/// Takes results patient by patient.
pub(super) struct Builder {
    schema: SchemaRef,
    patients: StringBuilder,
    defines: Vec<DefineBuilder>,
    next: usize,
}

enum DefineBuilder {
    Boolean(BooleanBuilder),
    Integer(Int32Builder),
    Long(Int64Builder),
    Decimal(Decimal128Builder),
    Text(StringBuilder),
}

impl Builder {
    /// Begins the row of a patient.
    pub fn patient(&mut self, id: &str) {
        self.patients.append_value(id);
        self.next = 0;
    }

    /// The value of the next define of the patient.
    pub fn value<V: ElementView>(&mut self, value: &Item<V>) {
        if let Some(define) = self.defines.get_mut(self.next) {
            define.append(value);
        }
        self.next += 1;
    }

    pub fn finish(mut self) -> Result<RecordBatch, EngineError> {
        let bug = |source: arrow::error::ArrowError| EngineError::Bug {
            what: "the columns of results",
            source: Box::new(source),
        };
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.patients.finish())];
        for define in self.defines {
            columns.push(define.finish().map_err(bug)?);
        }
        RecordBatch::try_new(self.schema, columns).map_err(bug)
    }
}

impl DefineBuilder {
    fn new(ty: &DataType, patients: usize) -> DefineBuilder {
        match ty {
            DataType::Boolean => Self::Boolean(BooleanBuilder::with_capacity(patients)),
            DataType::Int32 => Self::Integer(Int32Builder::with_capacity(patients)),
            DataType::Int64 => Self::Long(Int64Builder::with_capacity(patients)),
            DataType::Decimal128(..) => Self::Decimal(Decimal128Builder::with_capacity(patients)),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    fn append<V: ElementView>(&mut self, value: &Item<V>) {
        match (self, value) {
            (Self::Boolean(column), Value::Boolean(value)) => column.append_value(*value),
            (Self::Boolean(column), _) => column.append_null(),
            (Self::Integer(column), Value::Integer(value)) => column.append_value(*value),
            (Self::Integer(column), _) => column.append_null(),
            (Self::Long(column), Value::Long(value)) => column.append_value(*value),
            (Self::Long(column), _) => column.append_null(),
            (Self::Decimal(column), Value::Decimal(value)) => {
                column.append_option(scaled(*value));
            }
            (Self::Decimal(column), _) => column.append_null(),
            (Self::Text(column), Value::Null) => column.append_null(),
            (Self::Text(column), Value::String(text)) => column.append_value(text),
            (Self::Text(column), Value::Date(value)) => column.append_value(value.to_string()),
            (Self::Text(column), Value::DateTime(value)) => column.append_value(value.to_string()),
            (Self::Text(column), Value::Time(value)) => column.append_value(value.to_string()),
            (Self::Text(column), other) => column.append_value(notation(other)),
        }
    }

    fn finish(self) -> Result<ArrayRef, arrow::error::ArrowError> {
        Ok(match self {
            Self::Boolean(mut column) => Arc::new(column.finish()),
            Self::Integer(mut column) => Arc::new(column.finish()),
            Self::Long(mut column) => Arc::new(column.finish()),
            Self::Decimal(mut column) => {
                let column = column.finish();
                Arc::new(column.with_precision_and_scale(DECIMAL.0, DECIMAL.1)?)
            }
            Self::Text(mut column) => Arc::new(column.finish()),
        })
    }
}

/// The number of units of the last digit.
fn scaled(value: Decimal) -> Option<i128> {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let scale = usize::try_from(DECIMAL.1).ok()?;
    let padded = format!("{whole}{fraction:0<scale$}");
    padded.parse().ok().filter(|_| fraction.len() <= scale)
}
