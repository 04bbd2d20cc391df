//! One evaluation: what is remembered of it, and what it may use.

use salus_base::suggest;
use salus_values::Value;

use super::element::{Element, type_name};
use super::error::{Cause, Failure};
use super::limits::Limits;
use super::observer::{Observer, Unobserved};
use super::records::Records;
use super::types;
use super::{Item, Outcome};
use crate::operators::Scene;
use crate::program::{Block, Context, Literal, Program};

/// How much of the stack one level of an expression may take.
const LEVEL_BYTES: usize = if cfg!(debug_assertions) {
    24 << 10
} else {
    3 << 10
};
/// So much more of the stack is left for operators.
const STACK_LEFT_BYTES: usize = 256 << 10;
/// So much more is taken at once.
const STACK_MORE_BYTES: usize = 4 << 20;

/// The evaluation of a program over records.
///
/// Defines are evaluated when they are asked for, each once for each subject (patient); what depends on no record is
/// evaluated once and kept when the subject changes.
pub struct Evaluation<'e, R: Records, O = Unobserved> {
    pub(super) program: &'e Program,
    pub(super) records: &'e R,
    pub(super) scene: Scene<'e>,
    pub(super) limits: Limits,
    pub(super) observer: O,
    pub(super) constants: Vec<Item<R::Node>>,
    pub(super) once: Vec<Option<Item<R::Node>>>,
    pub(super) value_sets: Vec<Option<Item<R::Node>>>,
    parameters: Vec<Option<Item<R::Node>>>,
    /// The values of the defines for the subject at hand.
    specific: Vec<Option<Item<R::Node>>>,
    /// The values of the defines that are for all records.
    unfiltered: Vec<Option<Item<R::Node>>>,
    /// The context that is evaluated in, and whose records are seen.
    pub(super) context: Context,
    pub(super) subject: Option<R::Subject>,
    /// Frames: the slots of what is being evaluated, the innermost last.
    pub(super) stack: Vec<Item<R::Node>>,
    pub(super) base: usize,
    depth: usize,
    /// Steps until the next look at the clock.
    pub(super) pause: u32,
    /// Steps after that.
    pub(super) steps_left: u64,
    /// Bytes of the lists and texts that were made.
    pub(super) made_bytes: usize,
}

impl<'e, R: Records> Evaluation<'e, R> {
    /// An evaluation that nobody watches.
    #[must_use]
    pub fn new(program: &'e Program, records: &'e R, scene: Scene<'e>) -> Evaluation<'e, R> {
        Evaluation::observed(program, records, scene, Unobserved)
    }
}

impl<'e, R: Records, O: Observer<R::Node>> Evaluation<'e, R, O> {
    /// An evaluation that is watched.
    #[must_use]
    pub fn observed(
        program: &'e Program,
        records: &'e R,
        scene: Scene<'e>,
        observer: O,
    ) -> Evaluation<'e, R, O> {
        let none = |count: usize| vec![None; count];
        Evaluation {
            program,
            records,
            scene,
            limits: Limits::default(),
            observer,
            constants: program.constants.iter().map(constant).collect(),
            once: none(program.once_count as usize),
            value_sets: none(program.vocabularies.len()),
            parameters: none(program.parameters.len()),
            specific: none(program.definitions.len()),
            unfiltered: none(program.definitions.len()),
            context: Context::Unfiltered,
            subject: None,
            stack: Vec::new(),
            base: 0,
            depth: 0,
            pause: 0,
            steps_left: Limits::default().steps_max,
            made_bytes: 0,
        }
    }

    /// Sets how much it may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.steps_left = limits.steps_max;
        self.limits = limits;
        self
    }

    /// Gives a parameter a value, before anything is evaluated: that of the main library, and those of the same name
    /// and type in the libraries that it includes.
    ///
    /// # Errors
    /// [`Cause::Unknown`] when there is none of this name, [`Cause::WrongParameter`] when it is of another type.
    pub fn parameter(&mut self, name: &str, value: Item<R::Node>) -> Result<(), Box<Failure>> {
        let all = self.program.parameters.iter();
        let mut named = all
            .zip(&mut self.parameters)
            .filter(|(one, _)| &*one.name == name);
        let Some((first, slot)) = named.next() else {
            let names = self.program.parameters.iter().map(|one| &*one.name);
            return Err(unknown("parameter", name, names));
        };
        if !types::is(&value, &first.ty) {
            let cause = Cause::WrongParameter {
                name: name.to_owned(),
                expected: first.ty.to_string(),
                found: type_name(&value),
            };
            return Err(cause.into());
        }
        for (_, slot) in named.filter(|(one, _)| one.ty == first.ty) {
            *slot = Some(value.clone());
        }
        *slot = Some(value);
        Ok(())
    }

    /// Looks at another subject from here on: forgets what was known of the one before, keeps what is known of all.
    pub fn enter(&mut self, context: &str, subject: Option<R::Subject>) {
        self.specific.fill(None);
        self.context = Context::Specific(context.into());
        self.subject = subject;
        self.pause = 0;
        self.steps_left = self.limits.steps_max;
        self.made_bytes = 0;
    }

    /// The value of a define of the main library: for the subject that was entered, or for all when the define is
    /// unfiltered. When none was entered and there is one only, for that one.
    ///
    /// # Errors
    /// [`Failure`], with the place where it failed.
    pub fn define(&mut self, name: &str) -> Result<Item<R::Node>, Box<Failure>> {
        let Some(number) = self.program.define(name) else {
            return Err(unknown("define", name, self.program.defines()));
        };
        self.define_number(number)
    }

    /// As [`Evaluation::define`], by the number of the define in [`Program::defines`].
    pub(crate) fn define_number(&mut self, number: u32) -> Result<Item<R::Node>, Box<Failure>> {
        let found = self.program.definitions.get(number as usize);
        if let Some(Context::Specific(context)) = found.map(|found| &found.context)
            && self.context != Context::Specific(context.clone())
        {
            let subjects = self.records.subjects(context);
            let mut subjects = subjects.map_err(Cause::Records)?;
            if subjects.len() > 1 {
                let cause = Cause::NotOneSubject {
                    define: found
                        .map(|found| found.name.to_string())
                        .unwrap_or_default(),
                    context: context.to_string(),
                    count: subjects.len(),
                };
                return Err(cause.into());
            }
            self.enter(context, subjects.pop());
        }
        let value = self.definition(number);
        value.map_err(|failure| self.placed(failure))
    }

    /// The value of a function of the main library for these operands, in the context that was entered.
    ///
    /// # Errors
    /// As [`Evaluation::define`].
    pub fn function(
        &mut self,
        name: &str,
        operands: &[Item<R::Node>],
    ) -> Result<Item<R::Node>, Box<Failure>> {
        let takes = |number: &&u32| {
            let function = self.program.functions.get(**number as usize);
            function.is_some_and(|function| types::take(&function.operands, operands))
        };
        let Some(number) = self.program.functions_named(name).iter().find(takes) else {
            let names = self.program.functions.iter().map(|one| &*one.name);
            return Err(unknown("function", name, names));
        };
        self.stack.extend_from_slice(operands);
        let value = self.call(*number, operands.len());
        value.map_err(|failure| self.placed(failure))
    }

    /// The failure with the place of its step in words; the evaluation is ready for the next define.
    fn placed(&mut self, mut failure: Box<Failure>) -> Box<Failure> {
        self.stack.clear();
        self.base = 0;
        self.depth = 0;
        let place = failure.step.and_then(|step| self.program.place(step));
        failure.place = failure.place.take().or_else(|| place.cloned());
        failure
    }

    /// The value of a define, as it is in the context at hand.
    pub(super) fn definition(&mut self, number: u32) -> Outcome<Item<R::Node>> {
        let Some(definition) = self.program.definitions.get(number as usize) else {
            return Ok(Value::Null);
        };
        let is_unfiltered = definition.context == Context::Unfiltered;
        let memo = match is_unfiltered {
            true => &self.unfiltered,
            false => &self.specific,
        };
        match (&definition.context, &self.context) {
            (Context::Specific(context), Context::Unfiltered) => {
                return self.for_each_subject(context, number);
            }
            (Context::Specific(wanted), Context::Specific(at_hand)) if wanted != at_hand => {
                let cause = Cause::NotOneSubject {
                    define: definition.name.to_string(),
                    context: wanted.to_string(),
                    count: 0,
                };
                return Err(cause.into());
            }
            _ => {}
        }
        if let Some(Some(value)) = memo.get(number as usize) {
            return Ok(value.clone());
        }
        let value = match is_unfiltered {
            true => self.unfiltered(|this| this.block(&definition.body))?,
            false => self.block(&definition.body)?,
        };
        let memo = match is_unfiltered {
            true => &mut self.unfiltered,
            false => &mut self.specific,
        };
        if let Some(slot) = memo.get_mut(number as usize) {
            *slot = Some(value.clone());
        }
        Ok(value)
    }

    /// Evaluates something for all records.
    fn unfiltered<T>(&mut self, work: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let context = std::mem::replace(&mut self.context, Context::Unfiltered);
        let subject = self.subject.take();
        let done = work(self);
        self.context = context;
        self.subject = subject;
        done
    }

    /// A define of one subject asked for from where all are seen: its values for all of them in one list, lists of
    /// them one after the other (CQL 1.5.3 Author's Guide, "Context").
    fn for_each_subject(
        &mut self,
        context: &std::sync::Arc<str>,
        number: u32,
    ) -> Outcome<Item<R::Node>> {
        if let Some(Some(value)) = self.unfiltered.get(number as usize) {
            return Ok(value.clone());
        }
        let subjects = self.records.subjects(context).map_err(Cause::Records)?;
        let none = vec![None; self.specific.len()];
        let specific = std::mem::replace(&mut self.specific, none);
        let mut all = Vec::new();
        let mut failure = None;
        let (steps_left, made_bytes) = (self.steps_left, self.made_bytes);
        for subject in subjects {
            // What an evaluation may use, it may for each of them.
            self.steps_left = steps_left;
            self.made_bytes = made_bytes;
            self.specific.fill(None);
            self.context = Context::Specific(context.clone());
            self.subject = Some(subject);
            match self.definition(number) {
                Ok(Value::List(items)) => all.extend(items.iter().cloned()),
                Ok(value) => all.push(value),
                Err(found) => {
                    failure = Some(found);
                    break;
                }
            }
        }
        self.specific = specific;
        self.context = Context::Unfiltered;
        self.subject = None;
        if let Some(failure) = failure {
            return Err(failure);
        }
        let value = self.list(all)?;
        if let Some(slot) = self.unfiltered.get_mut(number as usize) {
            *slot = Some(value.clone());
        }
        Ok(value)
    }

    /// Evaluates something as for another subject: a retrieve of a related context.
    pub(super) fn as_subject<T>(
        &mut self,
        subject: R::Subject,
        work: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let before = self.subject.replace(subject);
        let done = work(self);
        self.subject = before;
        done
    }

    /// The value of a parameter: what was given, or its default.
    pub(super) fn parameter_value(&mut self, number: u32) -> Outcome<Item<R::Node>> {
        if let Some(Some(value)) = self.parameters.get(number as usize) {
            return Ok(value.clone());
        }
        let Some(parameter) = self.program.parameters.get(number as usize) else {
            return Ok(Value::Null);
        };
        let value = match &parameter.default {
            Some(default) => self.unfiltered(|this| this.block(default))?,
            None => Value::Null,
        };
        if let Some(slot) = self.parameters.get_mut(number as usize) {
            *slot = Some(value.clone());
        }
        Ok(value)
    }

    /// Evaluates a block in a frame of its own.
    fn block(&mut self, block: &'e Block) -> Outcome<Item<R::Node>> {
        self.framed(self.stack.len(), block)
    }

    /// Calls a function whose operands are the last values on the stack.
    pub(super) fn call(&mut self, number: u32, operands: usize) -> Outcome<Item<R::Node>> {
        let Some(function) = self.program.functions.get(number as usize) else {
            return Ok(Value::Null);
        };
        let base = self.stack.len().saturating_sub(operands);
        self.framed(base, &function.body)
    }

    fn framed(&mut self, base: usize, block: &'e Block) -> Outcome<Item<R::Node>> {
        let depth_max = self.limits.depth_max;
        if self.depth >= depth_max {
            return Err(Cause::TooDeep { depth_max }.into());
        }
        self.depth += 1;
        let outer = std::mem::replace(&mut self.base, base);
        self.stack.resize(base + block.slots as usize, Value::Null);
        let left = STACK_LEFT_BYTES + LEVEL_BYTES * block.levels as usize;
        let value = stacker::maybe_grow(left, STACK_MORE_BYTES.max(left * 2), || {
            self.evaluate(&block.root)
        });
        self.stack.truncate(base);
        self.base = outer;
        self.depth -= 1;
        self.nested(value?)
    }
}

fn unknown<'n>(
    what: &'static str,
    name: &str,
    known: impl Iterator<Item = &'n str>,
) -> Box<Failure> {
    let suggestion = suggest::closest(name, known).map(str::to_owned);
    let name = name.to_owned();
    Cause::Unknown {
        what,
        name,
        suggestion,
    }
    .into()
}

/// A literal as a value among records.
fn constant<V>(literal: &Literal) -> Item<V> {
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
        Value::Ratio(value) => Value::Ratio(value.clone()),
        Value::Code(value) => Value::Code(value.clone()),
        Value::Concept(value) => Value::Concept(value.clone()),
        // The compiler makes no others.
        _ => Value::<Element<V>>::Null,
    }
}
