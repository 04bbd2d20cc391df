//! Walks the steps of a program over a record.

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::Value;
use smallvec::smallvec;

use super::environment::{Environment, Observed, Observer};
use super::error::EvaluationError;
use super::resolve::Entries;
use super::{Collection, member};
use crate::functions::{self, Call};
use crate::operators;
use crate::program::{CallStep, Literal, Step, StepKind, TypeSpecifier, Variable};
use crate::syntax::{BinaryOperator, Span};

/// What steps and functions give.
pub(crate) type Outcome<T> = Result<T, EvaluationError>;

/// What a step is evaluated on.
pub(crate) struct Scope<'s, V> {
    /// `$this`
    pub this: &'s [Value<V>],
    /// `$index`
    pub index: Option<usize>,
    /// `$total`
    pub total: Option<&'s [Value<V>]>,
}

/// One evaluation.
pub(crate) struct Machine<'m, V> {
    pub environment: &'m Environment<'m, V>,
    /// `%context`, unless the environment says otherwise.
    pub focus: &'m [Value<V>],
    pub observer: Option<&'m mut dyn Observer<V>>,
    /// What `defineVariable` defined, in the order of definition; a scope is the tail that it added.
    variables: Vec<(Arc<str>, Collection<V>)>,
    pub(super) entries: Entries<V>,
    steps: u64,
    depth: usize,
}

impl<'m, V: ElementView> Machine<'m, V> {
    pub(crate) fn new(
        environment: &'m Environment<'m, V>,
        focus: &'m [Value<V>],
        observer: Option<&'m mut dyn Observer<V>>,
    ) -> Machine<'m, V> {
        Machine {
            environment,
            focus,
            observer,
            variables: Vec::new(),
            entries: Entries::new(),
            steps: 0,
            depth: 0,
        }
    }

    /// Evaluates a step.
    pub(crate) fn evaluate(&mut self, step: &Step, scope: &Scope<'_, V>) -> Outcome<Collection<V>> {
        self.spend(1, step.span)?;
        match self.observer.is_some() {
            false => self.dispatch(step, scope),
            true => self.watched(step, scope),
        }
    }

    fn watched(&mut self, step: &Step, scope: &Scope<'_, V>) -> Outcome<Collection<V>> {
        let result = self.dispatch(step, scope)?;
        if let Some(observer) = &mut self.observer {
            observer.step(Observed {
                span: step.span,
                depth: self.depth,
                this: scope.this,
                result: &result,
            });
        }
        Ok(result)
    }

    /// Evaluates an operand, argument or lambda: variables that it defines end with it.
    pub(crate) fn nested(&mut self, step: &Step, scope: &Scope<'_, V>) -> Outcome<Collection<V>> {
        let defined = self.variables.len();
        self.depth += 1;
        let depth_max = self.environment.limits.depth_max;
        if self.depth > depth_max {
            return Err(EvaluationError::TooDeep {
                depth_max,
                span: step.span,
            });
        }
        let result = self.evaluate(step, scope);
        self.depth -= 1;
        self.variables.truncate(defined);
        result
    }

    fn dispatch(&mut self, step: &Step, scope: &Scope<'_, V>) -> Outcome<Collection<V>> {
        match &step.kind {
            StepKind::Empty => Ok(Collection::new()),
            StepKind::Literal(literal) => Ok(smallvec![literal_value(literal)]),
            StepKind::This => Ok(scope.this.iter().cloned().collect()),
            StepKind::Index => Ok(scope.index.map(index_value).into_iter().collect()),
            StepKind::Total => Ok(scope.total.unwrap_or_default().iter().cloned().collect()),
            StepKind::Variable(variable) => self.variable(variable, step.span),
            StepKind::Member { on: None, name } => self.members(scope.this, name, step.span),
            StepKind::Member { on: Some(on), name } => {
                let on = self.evaluate(on, scope)?;
                self.members(&on, name, step.span)
            }
            StepKind::TypeOrMember { ty, name } => self.type_or_member(scope, *ty, name, step.span),
            StepKind::Call(call) => self.call(call, step.span, scope),
            StepKind::Item { on, index } => {
                let on = self.evaluate(on, scope)?;
                let index = self.nested(index, scope)?;
                operators::item(on, &index, step.span)
            }
            StepKind::Polarity { negative, operand } => {
                let operand = self.evaluate(operand, scope)?;
                operators::polarity(*negative, &operand, step.span)
            }
            StepKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, left, right, step.span, scope),
            StepKind::Is { operand, ty } => {
                let operand = self.nested(operand, scope)?;
                operators::is(&operand, *ty, step.span)
            }
            StepKind::As { operand, ty } => {
                let operand = self.nested(operand, scope)?;
                operators::as_type(operand, *ty, step.span)
            }
            // Functions that take a type read it from the step.
            StepKind::Type(_) => Ok(Collection::new()),
        }
    }

    fn members(&mut self, on: &[Value<V>], name: &str, span: Span) -> Outcome<Collection<V>> {
        let mut found = Collection::new();
        for item in on {
            member::children(item, name, &mut found);
        }
        self.spend(found.len() as u64, span)?;
        self.check_size(&found, span)?;
        Ok(found)
    }

    fn type_or_member(
        &mut self,
        scope: &Scope<'_, V>,
        ty: salus_fhir::schema::TypeId,
        name: &str,
        span: Span,
    ) -> Outcome<Collection<V>> {
        let ty = TypeSpecifier::Fhir(ty);
        if scope.this.iter().any(|item| ty.includes(item)) {
            let of_type = scope.this.iter().filter(|item| ty.includes(*item));
            return Ok(of_type.cloned().collect());
        }
        self.members(scope.this, name, span)
    }

    fn call(
        &mut self,
        call: &CallStep,
        span: Span,
        scope: &Scope<'_, V>,
    ) -> Outcome<Collection<V>> {
        let input = match &call.on {
            Some(on) => self.evaluate(on, scope)?,
            None => scope.this.iter().cloned().collect(),
        };
        let Some(run) = functions::implementation::<V>(call.function) else {
            return Ok(Collection::new());
        };
        let call = Call {
            step: call,
            span,
            scope,
        };
        let result = run(self, &call, input)?;
        self.check_size(&result, span)?;
        Ok(result)
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Step,
        right: &Step,
        span: Span,
        scope: &Scope<'_, V>,
    ) -> Outcome<Collection<V>> {
        let left = self.nested(left, scope)?;
        if let Some(decided) = operators::decided(operator, &left, span)? {
            return Ok(decided);
        }
        // Literals are by far the most common right operands: they need no collection of their own.
        if let (StepKind::Literal(literal), None) = (&right.kind, &self.observer) {
            let right = literal_value(literal);
            return operators::binary(self, operator, left, std::slice::from_ref(&right), span);
        }
        let right = self.nested(right, scope)?;
        operators::binary(self, operator, left, &right, span)
    }

    fn variable(&mut self, variable: &Variable, span: Span) -> Outcome<Collection<V>> {
        let environment = self.environment;
        let resource = |element: Option<V>| element.map(Value::Node).into_iter().collect();
        let focus = || match self.focus.first() {
            Some(Value::Node(element)) => Some(element),
            _ => None,
        };
        match variable {
            Variable::Context => Ok(match &environment.context {
                Some(context) => context.clone(),
                None => self.focus.iter().cloned().collect(),
            }),
            Variable::Resource => Ok(resource(match &environment.resource {
                Some(given) => Some(given.clone()),
                None => focus().and_then(ElementView::resource),
            })),
            Variable::RootResource => Ok(resource(
                match (&environment.root_resource, &environment.resource) {
                    (Some(given), _) => Some(given.clone()),
                    (None, Some(resource)) => resource.root_resource(),
                    (None, None) => focus().and_then(ElementView::root_resource),
                },
            )),
            Variable::NoValue => Ok(Collection::new()),
            Variable::Constant(url) => Ok(smallvec![Value::String(url.clone())]),
            Variable::Named(name) => self.named(name, span),
        }
    }

    fn named(&self, name: &str, span: Span) -> Outcome<Collection<V>> {
        let defined = self
            .variables
            .iter()
            .rev()
            .find(|(known, _)| **known == *name);
        if let Some((_, value)) = defined {
            return Ok(value.clone());
        }
        let given = &self.environment.variables;
        if let Some((_, value)) = given.iter().find(|(known, _)| **known == *name) {
            return Ok(value.clone());
        }
        let known = self.variables.iter().map(|(known, _)| &**known);
        let known = known.chain(given.iter().map(|(known, _)| &**known));
        let suggestion = salus_base::suggest::closest(name, known);
        Err(EvaluationError::UnknownVariable {
            name: name.to_owned(),
            suggestion: suggestion.map(str::to_owned),
            span,
        })
    }

    /// Defines a variable for the rest of the chain that is being evaluated.
    pub(crate) fn define(
        &mut self,
        name: Arc<str>,
        value: Collection<V>,
        span: Span,
    ) -> Outcome<()> {
        let given = &self.environment.variables;
        let taken = self.variables.iter().any(|(known, _)| *known == name)
            || given.iter().any(|(known, _)| **known == *name)
            || Variable::is_reserved(&name);
        if taken {
            return Err(EvaluationError::VariableTaken {
                name: name.to_string(),
                span,
            });
        }
        self.variables.push((name, value));
        Ok(())
    }

    /// Counts work that is about to be done.
    pub(crate) fn spend(&mut self, steps: u64, span: Span) -> Outcome<()> {
        self.steps = self.steps.saturating_add(steps);
        let steps_max = self.environment.limits.steps_max;
        if self.steps > steps_max {
            return Err(EvaluationError::TooManySteps { steps_max, span });
        }
        Ok(())
    }

    /// Refuses a collection that is larger than allowed.
    pub(crate) fn check_size(&self, found: &[Value<V>], span: Span) -> Outcome<()> {
        let size_max = self.environment.limits.items_max;
        if found.len() > size_max {
            return Err(EvaluationError::TooLarge {
                what: "a collection",
                size_max,
                span,
            });
        }
        Ok(())
    }

    /// Counts the making of a text, and refuses one that is larger than allowed. Asked before it is made.
    pub(crate) fn spend_text(&mut self, size_bytes: usize, span: Span) -> Outcome<()> {
        let size_max = self.environment.limits.text_bytes_max;
        if size_bytes > size_max {
            return Err(EvaluationError::TooLarge {
                what: "a text",
                size_max,
                span,
            });
        }
        self.spend(size_bytes as u64 / 64, span)
    }
}

/// A position as `$index` gives it.
fn index_value<V>(index: usize) -> Value<V> {
    Value::Integer(i32::try_from(index).unwrap_or(i32::MAX))
}

fn literal_value<V>(literal: &Literal) -> Value<V> {
    match literal {
        Value::Boolean(value) => Value::Boolean(*value),
        Value::Integer(value) => Value::Integer(*value),
        Value::Long(value) => Value::Long(*value),
        Value::Decimal(value) => Value::Decimal(*value),
        Value::String(value) => Value::String(value.clone()),
        Value::Date(value) => Value::Date(*value),
        Value::DateTime(value) => Value::DateTime(*value),
        Value::Time(value) => Value::Time(*value),
        Value::Quantity(value) => Value::Quantity(value.clone()),
        _ => Value::Null,
    }
}
