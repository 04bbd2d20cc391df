//! The frame that every function of Salus fits into.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

/// What a function computes: arguments and number of rows in, one array out.
pub(super) type Body = Arc<dyn Fn(&[ColumnarValue], usize) -> Result<ArrayRef> + Send + Sync>;

/// The result type for given argument types, or a worded refusal.
pub(super) type Typing = fn(&[DataType]) -> Result<DataType>;

/// A scalar function made of a name, a typing and a body.
#[derive(Clone)]
pub(super) struct Function {
    name: &'static str,
    signature: Signature,
    typing: Typing,
    body: Body,
}

impl Function {
    /// A function of any of these numbers of arguments.
    pub(super) fn new(
        name: &'static str,
        arities: &[usize],
        typing: Typing,
        body: impl Fn(&[ColumnarValue], usize) -> Result<ArrayRef> + Send + Sync + 'static,
    ) -> Self {
        let arity = |&arity: &usize| match arity {
            0 => TypeSignature::Nullary,
            arity => TypeSignature::Any(arity),
        };
        let arities = arities.iter().map(arity).collect();
        let signature = Signature::one_of(arities, Volatility::Immutable);
        Self {
            name,
            signature,
            typing,
            body: Arc::new(body),
        }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

// Names are unique within a session, and plans do not travel between sessions.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        (self.typing)(arg_types)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args
            .args
            .iter()
            .all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let array = (self.body)(&args.args, rows)?;
        if constant {
            let value = datafusion::common::ScalarValue::try_from_array(&array, 0)?;
            return Ok(ColumnarValue::Scalar(value));
        }
        Ok(ColumnarValue::Array(array))
    }
}

/// The argument as an array of that many rows.
pub(super) fn array(args: &[ColumnarValue], index: usize, rows: usize) -> Result<ArrayRef> {
    match args.get(index) {
        Some(ColumnarValue::Array(array)) => Ok(Arc::clone(array)),
        Some(ColumnarValue::Scalar(value)) => value.to_array_of_size(rows),
        None => plan_err!("argument {} is missing", index + 1),
    }
}

/// The argument as one text that is the same for all rows, such as a type or a url.
pub(super) fn constant<'a>(
    args: &'a [ColumnarValue],
    index: usize,
    function: &str,
) -> Result<&'a str> {
    let value = match args.get(index) {
        Some(ColumnarValue::Scalar(value)) => value.try_as_str().flatten(),
        _ => None,
    };
    match value {
        Some(text) => Ok(text),
        None => plan_err!(
            "argument {} of `{function}` has to be a text in quotes",
            index + 1
        ),
    }
}
