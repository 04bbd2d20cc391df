//! Evaluates steps.

use salus_values::Value;

use super::element::{Element, type_name};
use super::error::Cause;
use super::evaluation::Evaluation;
use super::observer::Observer;
use super::property;
use super::query::Wanted;
use super::records::Records;
use super::types;
use super::{Item, Outcome};
use crate::operators;
use crate::operators::message::Message;
use crate::program::{
    Bound, Case, Conversion, Dispatch, Expression, ExpressionKind, Property, SystemType,
};

impl<'e, R: Records, O: Observer<R::Node>> Evaluation<'e, R, O> {
    /// The value of a step.
    pub(super) fn evaluate(&mut self, expression: &'e Expression) -> Outcome<Item<R::Node>> {
        if self.pause == 0 {
            self.look()?;
        }
        self.pause -= 1;
        match self.dispatch(expression) {
            Ok(value) => {
                if O::WATCHES
                    && let Some(place) = self.program.place(expression.place)
                {
                    self.observer.step(place, &value);
                }
                Ok(value)
            }
            Err(mut failure) => {
                failure.step.get_or_insert(expression.place);
                Err(failure)
            }
        }
    }

    fn dispatch(&mut self, expression: &'e Expression) -> Outcome<Item<R::Node>> {
        match &expression.kind {
            ExpressionKind::Null => Ok(Value::Null),
            ExpressionKind::Constant(number) => {
                Ok(self.constants.get(*number as usize).cloned().into())
            }
            ExpressionKind::Local(slot) => Ok(self.local(*slot).cloned().into()),
            ExpressionKind::Define(number) => self.definition(*number),
            ExpressionKind::Parameter(number) => self.parameter_value(*number),
            ExpressionKind::Once { number, expression } => self.once(*number, expression),
            ExpressionKind::Unary(operator, operand) => {
                let operand = self.evaluate(operand)?;
                let value = operator.apply(&operand, &self.scene)?;
                self.checked(value)
            }
            ExpressionKind::Binary(operator, operands) => {
                let [left, right] = &**operands;
                let left = self.evaluate(left)?;
                let right = self.evaluate(right)?;
                let value = operator.apply(&left, &right, &self.scene)?;
                self.checked(value)
            }
            ExpressionKind::Precise(operator, precision, operands) => {
                let [left, right] = &**operands;
                let left = self.evaluate(left)?;
                let right = self.evaluate(right)?;
                Ok(operator.apply(&left, &right, *precision, &self.scene)?)
            }
            ExpressionKind::And(operands) => self.and(operands),
            ExpressionKind::Or(operands) => self.or(operands),
            ExpressionKind::Property(property) => self.property(property),
            ExpressionKind::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                match self.truth(condition, "the condition of `if`")? {
                    Some(true) => self.evaluate(then),
                    _ => self.evaluate(otherwise),
                }
            }
            ExpressionKind::Call {
                function,
                arguments,
            } => self.called(*function, arguments),
            ExpressionKind::Query(query) => self.query(query, Wanted::All),
            ExpressionKind::ExistsRow(query) => self.exists_row(query),
            ExpressionKind::Retrieve(retrieve) => self.retrieve(retrieve),
            _ => self.rare(expression),
        }
    }

    /// Steps that are not worth a place in the loop: conditions and operators.
    #[inline(never)]
    fn rare(&mut self, expression: &'e Expression) -> Outcome<Item<R::Node>> {
        match &expression.kind {
            ExpressionKind::Implies(operands) => self.implies(operands),
            ExpressionKind::Case(case) => self.case(case),
            ExpressionKind::Coalesce(operands) => self.coalesce(operands),
            ExpressionKind::Ternary(operator, operands) => {
                let [first, second, third] = &**operands;
                let first = self.evaluate(first)?;
                let second = self.evaluate(second)?;
                let third = self.evaluate(third)?;
                let value = operator.apply(&first, &second, &third, &self.scene)?;
                self.checked(value)
            }
            ExpressionKind::Nary(operator, operands) => {
                let values = self.arguments(operands)?;
                let value = operator.apply(&values, &self.scene)?;
                self.checked(value)
            }
            ExpressionKind::Age(unit, operand) => {
                let operand = self.evaluate(operand)?;
                Ok(operators::clinical::calculate_age(
                    &operand,
                    *unit,
                    &self.scene,
                )?)
            }
            ExpressionKind::Component(precision, operand) => {
                let operand = self.evaluate(operand)?;
                Ok(operators::date_time::component_from(
                    &operand,
                    *precision,
                    &self.scene,
                )?)
            }
            ExpressionKind::Counted(operator, unit, operands) => {
                let [left, right] = &**operands;
                let left = self.evaluate(left)?;
                let right = self.evaluate(right)?;
                Ok(operator.apply(&left, &right, *unit, &self.scene)?)
            }
            ExpressionKind::Bound(bound, point, operand) => {
                let operand = self.evaluate(operand)?;
                let point = point.map(SystemType::name);
                Ok(match bound {
                    Bound::Start => operators::interval::start(&operand, point, &self.scene)?,
                    Bound::End => operators::interval::end(&operand, point, &self.scene)?,
                })
            }
            ExpressionKind::UnionOfLists(operands) => {
                let [left, right] = &**operands;
                let left = self.evaluate(left)?;
                let right = self.evaluate(right)?;
                let value = operators::set::union_of_lists(&left, &right, &self.scene)?;
                self.checked(value)
            }
            ExpressionKind::LengthOfList(operand) => {
                let operand = self.evaluate(operand)?;
                Ok(operators::list::length(&operand, &self.scene)?)
            }
            _ => self.typed(expression),
        }
    }

    /// Steps that ask for types, and calls that they decide.
    fn typed(&mut self, expression: &'e Expression) -> Outcome<Item<R::Node>> {
        match &expression.kind {
            ExpressionKind::Dispatch(dispatch) => self.dispatched(dispatch),
            ExpressionKind::Is(test) => {
                let (operand, ty) = &**test;
                let value = self.evaluate(operand)?;
                Ok(Value::Boolean(!value.is_null() && types::is(&value, ty)))
            }
            ExpressionKind::As(cast) => {
                let value = self.evaluate(&cast.operand)?;
                if value.is_null() || types::is(&value, &cast.ty) {
                    return Ok(value);
                }
                match cast.strict {
                    false => Ok(Value::Null),
                    true => Err(not_of_type(&value, &cast.ty)),
                }
            }
            ExpressionKind::Convert(conversion) => self.convert(conversion),
            ExpressionKind::CanConvert(conversion) => {
                let value = self.evaluate(&conversion.operand)?;
                if value.is_null() {
                    return Ok(Value::Null);
                }
                let converted = self.converted(&value, conversion);
                Ok(Value::Boolean(
                    converted.is_ok_and(|found| !found.is_null()),
                ))
            }
            ExpressionKind::External(name) => {
                let name = name.to_string();
                Err(Cause::External { name }.into())
            }
            _ => self.made_or_listed(expression),
        }
    }

    /// Steps that make values, or work on each item of a list.
    fn made_or_listed(&mut self, expression: &'e Expression) -> Outcome<Item<R::Node>> {
        match &expression.kind {
            ExpressionKind::Interval(interval) => self.interval(interval),
            ExpressionKind::List(items) => {
                let items = self.arguments(items)?;
                self.list(items.into_vec())
            }
            ExpressionKind::Tuple(elements) => self.tuple(elements),
            ExpressionKind::Instance(instance) => self.instance(instance),
            ExpressionKind::Filter(scoped) => self.filter(scoped),
            ExpressionKind::ForEach(scoped) => self.for_each(scoped),
            ExpressionKind::Repeat(scoped) => self.repeat(scoped),
            ExpressionKind::Sort(list) => self.sorted(list),
            ExpressionKind::Fold(fold) => self.fold(fold),
            ExpressionKind::Children(source) => self.children(source),
            ExpressionKind::Descendants(source) => self.descendants(source),
            ExpressionKind::ValueSet(number) => self.value_set_codes(*number),
            ExpressionKind::Vocabulary(ty, number) => self.vocabulary(*ty, *number),
            ExpressionKind::Expand(operand) => self.expand(operand),
            ExpressionKind::InValueSet(membership) => self.in_value_set(membership),
            ExpressionKind::InCodeSystem(membership) => self.in_code_system(membership),
            ExpressionKind::Message(operands) => self.message(operands),
            // All others are steps of their own above.
            _ => Ok(Value::Null),
        }
    }

    pub(super) fn local(&self, slot: u32) -> Option<&Item<R::Node>> {
        self.stack.get(self.base + slot as usize)
    }

    pub(super) fn set(&mut self, slot: u32, value: Item<R::Node>) {
        if let Some(local) = self.stack.get_mut(self.base + slot as usize) {
            *local = value;
        }
    }

    fn once(&mut self, number: u32, expression: &'e Expression) -> Outcome<Item<R::Node>> {
        // Who watches sees every step for every subject.
        if !O::WATCHES
            && let Some(Some(value)) = self.once.get(number as usize)
        {
            return Ok(value.clone());
        }
        let value = self.evaluate(expression)?;
        if let Some(slot) = self.once.get_mut(number as usize) {
            *slot = Some(value.clone());
        }
        Ok(value)
    }

    fn property(&mut self, property: &'e Property) -> Outcome<Item<R::Node>> {
        if !O::WATCHES {
            // An alias is looked into where it is, and elements of elements need no step of their own.
            match &property.source.kind {
                ExpressionKind::Local(slot) => {
                    return match self.local(*slot) {
                        Some(source) => property::follow(source, &property.path),
                        None => Ok(Value::Null),
                    };
                }
                ExpressionKind::Property(inner) => {
                    let source = self.property(inner)?;
                    return property::follow(&source, &property.path);
                }
                _ => {}
            }
        }
        let source = self.evaluate(&property.source)?;
        property::follow(&source, &property.path)
    }

    /// Whether a query gives anything. Who watches sees all of its rows.
    fn exists_row(&mut self, expression: &'e Expression) -> Outcome<Item<R::Node>> {
        let found = match &expression.kind {
            ExpressionKind::Query(query) if !O::WATCHES => self.query(query, Wanted::One)?,
            _ => self.evaluate(expression)?,
        };
        Ok(operators::list::exists(&found, &self.scene)?)
    }

    /// A Boolean or null.
    pub(super) fn truth(
        &mut self,
        expression: &'e Expression,
        what: &'static str,
    ) -> Outcome<Option<bool>> {
        match self.evaluate(expression)? {
            Value::Boolean(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            other => Err(wrong_type(what, "a Boolean", &other)),
        }
    }

    /// The right operand is not evaluated when the left one decides.
    fn and(&mut self, operands: &'e [Expression; 2]) -> Outcome<Item<R::Node>> {
        let [left, right] = operands;
        let left = self.truth(left, "an operand of `and`")?;
        if left == Some(false) {
            return Ok(Value::Boolean(false));
        }
        let right = self.truth(right, "an operand of `and`")?;
        Ok(salus_values::logic::and(left, right).into())
    }

    fn or(&mut self, operands: &'e [Expression; 2]) -> Outcome<Item<R::Node>> {
        let [left, right] = operands;
        let left = self.truth(left, "an operand of `or`")?;
        if left == Some(true) {
            return Ok(Value::Boolean(true));
        }
        let right = self.truth(right, "an operand of `or`")?;
        Ok(salus_values::logic::or(left, right).into())
    }

    fn implies(&mut self, operands: &'e [Expression; 2]) -> Outcome<Item<R::Node>> {
        let [left, right] = operands;
        let left = self.truth(left, "an operand of `implies`")?;
        if left == Some(false) {
            return Ok(Value::Boolean(true));
        }
        let right = self.truth(right, "an operand of `implies`")?;
        Ok(salus_values::logic::implies(left, right).into())
    }

    fn case(&mut self, case: &'e Case) -> Outcome<Item<R::Node>> {
        let comparand = match &case.comparand {
            Some(comparand) => Some(self.evaluate(comparand)?),
            None => None,
        };
        for (when, then) in &case.items {
            let is = match &comparand {
                Some(comparand) => {
                    let when = self.evaluate(when)?;
                    let equal = operators::comparison::equal(comparand, &when, &self.scene)?;
                    matches!(equal, Value::Boolean(true))
                }
                None => self.truth(when, "the condition of `when`")? == Some(true),
            };
            if is {
                return self.evaluate(then);
            }
        }
        match &case.otherwise {
            Some(otherwise) => self.evaluate(otherwise),
            None => Ok(Value::Null),
        }
    }

    /// The first that is not null; of one list, its first element that is not.
    fn coalesce(&mut self, operands: &'e [Expression]) -> Outcome<Item<R::Node>> {
        for operand in operands {
            let value = self.evaluate(operand)?;
            if let (Value::List(items), [_]) = (&value, operands) {
                return Ok(items.iter().find(|item| !item.is_null()).cloned().into());
            }
            if !value.is_null() {
                return Ok(value);
            }
        }
        Ok(Value::Null)
    }

    fn called(&mut self, function: u32, arguments: &'e [Expression]) -> Outcome<Item<R::Node>> {
        let called = self.program.functions.get(function as usize);
        if let (Some(path), [argument], false) = (
            called.and_then(|one| one.accessor.as_ref()),
            arguments,
            O::WATCHES,
        ) {
            let operand = self.evaluate(argument)?;
            return property::follow(&operand, path);
        }
        let values = self.arguments(arguments)?;
        self.stack.extend(values);
        self.call(function, arguments.len())
    }

    fn dispatched(&mut self, dispatch: &'e Dispatch) -> Outcome<Item<R::Node>> {
        let values = self.arguments(&dispatch.arguments)?;
        let mut candidates = dispatch.candidates.iter();
        let Some((function, _)) = candidates.find(|(_, types)| types::take(types, &values)) else {
            let found: Vec<String> = values.iter().map(type_name).collect();
            let cause = Cause::NoOverload {
                name: dispatch.name.to_string(),
                found: found.join(", "),
            };
            return Err(cause.into());
        };
        let count = values.len();
        self.stack.extend(values);
        self.call(*function, count)
    }

    fn convert(&mut self, conversion: &'e Conversion) -> Outcome<Item<R::Node>> {
        let value = self.evaluate(&conversion.operand)?;
        match value.is_null() {
            true => Ok(Value::Null),
            false => self.converted(&value, conversion),
        }
    }

    fn converted(
        &mut self,
        value: &Item<R::Node>,
        conversion: &Conversion,
    ) -> Outcome<Item<R::Node>> {
        if types::is(value, &conversion.ty) {
            return Ok(value.clone());
        }
        // What a primitive of the model converts to is what its value does.
        let inner = match value {
            Value::Node(node) => node.value(),
            _ => None,
        };
        let value = inner.as_ref().unwrap_or(value);
        match conversion.operator {
            Some(operator) => Ok(operator.apply(value, &self.scene)?),
            None => Err(not_of_type(value, &conversion.ty)),
        }
    }

    fn message(&mut self, operands: &'e [Expression; 5]) -> Outcome<Item<R::Node>> {
        let [source, condition, code, severity, text] = operands;
        let source = self.evaluate(source)?;
        if self.truth(condition, "the condition of `Message`")? != Some(true) {
            return Ok(source);
        }
        let code = self.evaluate(code)?;
        let severity = self.evaluate(severity)?;
        let text = self.evaluate(text)?;
        let message = Message {
            condition: &Value::Boolean(true),
            code: &code,
            severity: &severity,
            text: &text,
        };
        Ok(operators::message::message(&source, &message, &self.scene)?)
    }
}

pub(super) fn wrong_type<V: salus_fhir::view::ElementView>(
    what: &'static str,
    expected: &'static str,
    value: &Item<V>,
) -> Box<super::Failure> {
    let found = type_name(value);
    Cause::WrongType {
        what,
        expected,
        found,
    }
    .into()
}

pub(super) fn not_of_type<V: salus_fhir::view::ElementView>(
    value: &Value<Element<V>>,
    ty: &crate::program::Type,
) -> Box<super::Failure> {
    Cause::NotOfType {
        expected: ty.to_string(),
        found: type_name(value),
    }
    .into()
}
