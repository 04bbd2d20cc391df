//! Expressions evaluated on all items of a focus at once.

use std::cell::RefCell;
use std::sync::Arc;

use arrow::array::{Array, Int32Array, ListArray, StringArray};
use arrow::error::ArrowError;
use salus_columns::{ElementColumn, RowElement};
use salus_fhir::schema::{self, TypeId};
use salus_fhirpath::{Collection, Environment, EvaluationError, Program};
use salus_values::Value;

use super::expression::{Expression, Op, Scalar, Which};
use super::operations;
use super::owners::{Owners, narrow, wide};
use super::ragged::{Dense, Elements, Picks, Ragged, Values};
use crate::compile::ROW_INDEX;

/// Why an operation gives no columns.
#[derive(Debug)]
pub(crate) enum Stop {
    /// There is no column operation for this, or not for these columns: item by item it is.
    ItemByItem,
    /// Arrow refused.
    Failed(ArrowError),
}

impl From<ArrowError> for Stop {
    fn from(error: ArrowError) -> Stop {
        Stop::Failed(error)
    }
}

pub(crate) type Outcome<T> = Result<T, Stop>;

/// What expressions are evaluated on: `$this` for each of many items.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'a> {
    /// One for each item; none is absent.
    pub values: Values<'a>,
    /// `%rowIndex` for each item; `None`: 0 for all.
    pub row_index: Option<Arc<[i32]>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn items(&self) -> usize {
        self.values.len()
    }

    /// The position of an item in its iteration.
    pub(crate) fn row_index(&self, item: usize) -> i32 {
        let all = self.row_index.as_deref();
        all.and_then(|all| all.get(item)).copied().unwrap_or(0)
    }

    /// The positions that the values of these items inherit.
    fn inherited(&self, owners: &Owners) -> Option<Arc<[i32]>> {
        let all = self.row_index.as_deref()?;
        let of = |owner: u32| all.get(wide(owner)).copied().unwrap_or(0);
        Some(owners.iter().map(of).collect())
    }
}

/// Evaluates expressions over one batch.
pub(crate) struct Evaluator<'e, 'a> {
    environment: RefCell<Environment<'e, RowElement<'a>>>,
}

impl<'e, 'a> Evaluator<'e, 'a> {
    pub(crate) fn new(environment: Environment<'e, RowElement<'a>>) -> Evaluator<'e, 'a> {
        Evaluator {
            environment: RefCell::new(environment),
        }
    }

    /// An expression on every item: by columns, or item by item.
    pub(crate) fn expression(
        &self,
        expression: &Expression,
        scope: &Scope<'a>,
    ) -> Outcome<Ragged<'a>> {
        match self.operation(&expression.op, scope) {
            Err(Stop::ItemByItem) => match &expression.program {
                // What cannot be evaluated here is evaluated with all that is around it, which may not need it.
                Some(program) => self
                    .item_by_item(program, scope)
                    .map_err(|_| Stop::ItemByItem),
                None => Err(Stop::ItemByItem),
            },
            found => found,
        }
    }

    /// A program on every item, one after the other.
    fn item_by_item(
        &self,
        program: &Program,
        scope: &Scope<'a>,
    ) -> Result<Ragged<'a>, EvaluationError> {
        let (mut owners, mut values) = (Vec::new(), Vec::new());
        for item in 0..scope.items() {
            let found = self.item(program, scope, item)?;
            owners.extend(std::iter::repeat_n(narrow(item), found.len()));
            values.extend(found);
        }
        Ok(Ragged {
            owners: Owners::Of {
                items: scope.items(),
                owners: owners.into(),
            },
            values: Values::Mixed(values.into()),
        })
    }

    /// A program on one item.
    pub(crate) fn item(
        &self,
        program: &Program,
        scope: &Scope<'a>,
        item: usize,
    ) -> Result<Collection<RowElement<'a>>, EvaluationError> {
        let Some(this) = value(&scope.values, item) else {
            return Ok(Collection::new());
        };
        let mut environment = self.environment.borrow_mut();
        let index = std::iter::once(Value::Integer(scope.row_index(item))).collect();
        environment.set_variable(ROW_INDEX, index);
        program.evaluate_on(std::slice::from_ref(&this), &environment)
    }

    fn operation(&self, op: &Op, scope: &Scope<'a>) -> Outcome<Ragged<'a>> {
        let items = scope.items();
        match op {
            Op::None => Err(Stop::ItemByItem),
            Op::Empty => Ok(Ragged::none(items)),
            Op::This => Ok(Ragged::each(scope.values.clone())),
            Op::RowIndex => Ok(row_indices(scope)),
            Op::Scalar(scalar) => Ok(Ragged::each(Values::Scalar(scalar.clone(), items))),
            Op::TypeOrMember { ty, name } => type_or_member(scope, *ty, name),
            Op::Member { on, name } => member(&self.operation(on, scope)?, name),
            Op::Choice { on, name, ty } => choice(&self.operation(on, scope)?, name, *ty),
            Op::Single(on) => single(self.operation(on, scope)?),
            Op::Where { on, criterion } => {
                self.filter(self.operation(on, scope)?, criterion, scope)
            }
            Op::Extension { on, url } => extension(&self.operation(on, scope)?, url),
            Op::Pick { on, which } => pick(&self.operation(on, scope)?, *which),
            Op::Exists(on) => {
                let there = operations::exists(&self.operation(on, scope)?);
                Ok(made(Dense::Boolean(there)))
            }
            Op::Empties(on) => {
                let there = operations::exists(&self.operation(on, scope)?);
                Ok(made(Dense::Boolean(arrow::compute::not(&there)?)))
            }
            Op::Count(on) => {
                let counts = operations::count(&self.operation(on, scope)?)?;
                Ok(made(Dense::Integer(counts)))
            }
            Op::Not(on) => {
                let on = operations::booleans(&self.operation(on, scope)?)?;
                Ok(made(Dense::Boolean(arrow::compute::not(&on)?)))
            }
            Op::Join { on, separator } => {
                let joined = operations::join(&self.operation(on, scope)?, separator)?;
                Ok(made(Dense::Text(joined)))
            }
            Op::OrNoText(on) => {
                let texts = operations::or_no_text(&self.operation(on, scope)?)?;
                Ok(made(Dense::Text(texts)))
            }
            Op::ResourceKey(on) => resource_key(&self.operation(on, scope)?),
            Op::ReferenceKey { on, ty } => reference_key(&self.operation(on, scope)?, *ty),
            Op::Compare {
                operator,
                left,
                right,
            } => {
                let left = operations::operand(&self.expression(left, scope)?)?;
                let right = operations::operand(&self.expression(right, scope)?)?;
                let found = operations::compare(*operator, &left, &right, items)?;
                Ok(made(Dense::Boolean(found)))
            }
            Op::Logic {
                operator,
                left,
                right,
            } => {
                let left = operations::booleans(&self.expression(left, scope)?)?;
                let right = operations::booleans(&self.expression(right, scope)?)?;
                let found = operations::logic(*operator, &left, &right)?;
                Ok(made(Dense::Boolean(found)))
            }
        }
    }

    /// `where`: the values for which the criterion is true.
    fn filter(
        &self,
        on: Ragged<'a>,
        criterion: &Expression,
        scope: &Scope<'a>,
    ) -> Outcome<Ragged<'a>> {
        let on = on.compact()?;
        if matches!(on.values, Values::Mixed(_)) && on.values.len() > 0 {
            return Err(Stop::ItemByItem);
        }
        let inner = Scope {
            values: on.values.clone(),
            row_index: scope.inherited(&on.owners),
        };
        let holds = operations::booleans(&self.expression(criterion, &inner)?)?;
        Ok(on.pick(&operations::true_places(&holds))?)
    }
}

/// One value as FHIRPath has it.
pub(crate) fn value<'a>(values: &Values<'a>, index: usize) -> Option<Value<RowElement<'a>>> {
    Some(match values {
        Values::Elements(elements) => Value::Node(elements.element(index)?),
        Values::Mixed(values) => values.get(index)?.clone(),
        Values::Scalar(scalar, _) => operations::scalar_value(scalar),
        Values::Made(dense) => operations::dense_value(dense, index)?,
    })
}

fn made<'a>(dense: Dense) -> Ragged<'a> {
    Ragged::each(Values::Made(dense))
}

fn row_indices<'a>(scope: &Scope<'a>) -> Ragged<'a> {
    match &scope.row_index {
        None => Ragged::each(Values::Scalar(Scalar::Integer(0), scope.items())),
        Some(all) => made(Dense::Integer(Int32Array::from(all.to_vec()))),
    }
}

fn type_or_member<'a>(scope: &Scope<'a>, ty: TypeId, name: &str) -> Outcome<Ragged<'a>> {
    let Values::Elements(elements) = &scope.values else {
        return Err(Stop::ItemByItem);
    };
    let this = Ragged::each(scope.values.clone());
    match schema::r4().is_a(elements.column.ty(), ty) {
        true => Ok(this),
        false => member(&this, name),
    }
}

/// The elements under a name: of a choice those of its type, if the batch has but one.
fn member<'a>(on: &Ragged<'a>, name: &str) -> Outcome<Ragged<'a>> {
    members(on, name, |_| true)
}

/// The elements under a name that are of a type, as `ofType` keeps them.
fn choice<'a>(on: &Ragged<'a>, name: &str, ty: TypeId) -> Outcome<Ragged<'a>> {
    let r4 = schema::r4();
    let is_primitive = matches!(r4.get(ty).kind, schema::Kind::Primitive(_));
    members(on, name, |column| {
        let of = column.ty();
        let is_kept = of == ty || (!is_primitive && r4.is_a(of, ty));
        // What an open place holds is of its own type.
        is_kept || column.is_open()
    })
}

fn members<'a>(
    on: &Ragged<'a>,
    name: &str,
    wanted: impl Fn(&ElementColumn<'a>) -> bool,
) -> Outcome<Ragged<'a>> {
    let elements = match &on.values {
        Values::Elements(elements) => elements,
        values if values.len() == 0 => return Ok(Ragged::none(on.items())),
        _ => return Err(Stop::ItemByItem),
    };
    let mut found = elements.column.member(name).filter(wanted);
    match (found.next(), found.next()) {
        (None, _) => Ok(Ragged::none(on.items())),
        (Some(column), None) if is_plain(&column) => Ok(descend(&on.owners, elements, column)),
        _ => Err(Stop::ItemByItem),
    }
}

/// Whether the values of a column are all there is of its elements: no siblings, no resources as text, no decimals
/// that no double holds.
fn is_plain(column: &ElementColumn<'_>) -> bool {
    let values = column.values();
    let has_digits_only = column.digits().is_some_and(|digits| {
        let is_there = |at: usize| values.is_some_and(|values| values.is_valid(at));
        (0..digits.len()).any(|at| digits.is_valid(at) && !is_there(at))
    });
    column.siblings().is_none() && !column.is_open() && values.is_some() && !has_digits_only
}

/// From elements to those of a column inside.
fn descend<'a>(owners: &Owners, elements: &Elements<'a>, column: ElementColumn<'a>) -> Ragged<'a> {
    let Some(list) = column.list() else {
        return Ragged {
            owners: owners.clone(),
            values: Values::Elements(Elements {
                column,
                picks: elements.picks.clone(),
            }),
        };
    };
    let (inner, picks) = lay_flat(list, &elements.picks);
    Ragged {
        owners: owners.compose(&inner),
        values: Values::Elements(Elements { column, picks }),
    }
}

/// The items of the lists at some places: whose each is, and where.
fn lay_flat(list: &ListArray, places: &Picks) -> (Owners, Picks) {
    let offsets = list.value_offsets();
    let bound = |at: usize| {
        let offset = offsets.get(at).copied().unwrap_or(0);
        u32::try_from(offset).unwrap_or(0)
    };
    let mut owners = Vec::with_capacity(places.len());
    let mut picks = Vec::with_capacity(places.len());
    for (owner, place) in (0_u32..).zip(places.iter()) {
        let place = wide(place);
        if list.is_valid(place) {
            for at in bound(place)..bound(place + 1) {
                owners.push(owner);
                picks.push(at);
            }
        }
    }
    // Often every element has one item, and nothing is left out: then places stay what they are.
    let is_plain = picks.len() == list.values().len() && picks.first().is_none_or(|at| *at == 0);
    let picks = match is_plain {
        true => Picks::All(picks.len()),
        false => Picks::Some(picks.into()),
    };
    let each = owners.len() == places.len()
        && (0_u32..).zip(&owners).all(|(place, owner)| place == *owner);
    let owners = match each {
        true => Owners::Each(places.len()),
        false => Owners::Of {
            items: places.len(),
            owners: owners.into(),
        },
    };
    (owners, picks)
}

fn single<'a>(on: Ragged<'a>) -> Outcome<Ragged<'a>> {
    match on.owners.is_single() {
        true => Ok(on),
        false => Err(Stop::ItemByItem),
    }
}

fn pick<'a>(on: &Ragged<'a>, which: Which) -> Outcome<Ragged<'a>> {
    if matches!(on.owners, Owners::Each(_)) && which != Which::Nth(0) {
        return Ok(match which {
            Which::First | Which::Last => on.clone(),
            Which::Nth(_) => Ragged::none(on.items()),
        });
    }
    let on = on.compact()?;
    let offsets = on.owners.offsets();
    let picks = offsets.array_windows().filter_map(|[from, to]| {
        let at = match which {
            Which::First => *from,
            Which::Last => to.checked_sub(1)?,
            Which::Nth(nth) => from.checked_add(u32::try_from(nth).ok()?)?,
        };
        (*from..*to).contains(&at).then_some(at)
    });
    Ok(on.pick(&picks.collect::<Vec<_>>())?)
}

/// `extension(url)`: short for `extension.where(url = …)`.
fn extension<'a>(on: &Ragged<'a>, url: &str) -> Outcome<Ragged<'a>> {
    let extensions = member(on, "extension")?.compact()?;
    let urls = member(&Ragged::each(extensions.values.clone()), "url")?;
    let urls = operations::operand(&urls)?;
    let wanted = operations::Operand::Scalar(Scalar::Text(url.into()));
    let operator = salus_fhirpath::syntax::BinaryOperator::Equal;
    let is_it = operations::compare(operator, &urls, &wanted, extensions.values.len())?;
    Ok(extensions.pick(&operations::true_places(&is_it))?)
}

/// The id of resources. Other elements have none, so they are left to the function itself.
fn resource_key<'a>(on: &Ragged<'a>) -> Outcome<Ragged<'a>> {
    match &on.values {
        Values::Elements(elements)
            if schema::r4().get(elements.column.ty()).kind == schema::Kind::Resource =>
        {
            member(on, "id")
        }
        _ => Err(Stop::ItemByItem),
    }
}

/// The ids in references, of those that point at a type.
fn reference_key<'a>(on: &Ragged<'a>, ty: Option<TypeId>) -> Outcome<Ragged<'a>> {
    let references = member(on, "reference")?;
    let Values::Elements(elements) = &references.values else {
        return Ok(references);
    };
    let Some(Dense::Text(texts)) = elements.dense()? else {
        return Err(Stop::ItemByItem);
    };
    let keys: StringArray = operations::reference_keys(&texts, ty);
    Ok(Ragged {
        owners: references.owners,
        values: Values::Made(Dense::Text(keys)),
    })
}
