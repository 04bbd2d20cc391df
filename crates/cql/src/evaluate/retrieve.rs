//! Retrieves, and what asks terminology.

use std::sync::Arc;

use salus_fhir::view::ElementView;
use salus_values::{Code, Grain, Interval, Value, logic};

use super::codes::{code_filter, codes_of, has_code, unanswered};
use super::element::Element;
use super::error::Cause;
use super::evaluation::Evaluation;
use super::observer::Observer;
use super::property;
use super::records::{CodeFilter, Found, Records, Request};
use super::step::wrong_type;
use super::{Item, Outcome};
use crate::operators::{self, Scene, Vocabulary};
use crate::program::{
    CodesOperand, Context, DatePath, Expression, Membership, Path, Retrieve, SystemType,
    VocabularyOperand,
};

/// The interval that dates are wanted in; `None` when it is null, and no date is in it.
type Dates<V> = Option<Arc<Interval<Item<V>>>>;

/// What a retrieve wants of records, as values.
struct Wanted<'e, V> {
    codes: Option<CodeFilter>,
    dates: Option<Dates<V>>,
    id: Option<(&'e Path, Item<V>)>,
}

impl<V: ElementView> Wanted<'_, V> {
    fn has_code(&self, node: &V, retrieve: &Retrieve, scene: &Scene<'_>) -> Outcome<bool> {
        match (&self.codes, &retrieve.code_path) {
            (Some(codes), Some(path)) => has_code(node, path, codes, scene.terminology),
            _ => Ok(true),
        }
    }

    /// Whether dates and id are those that are wanted.
    fn is_met_by(&self, item: &Item<V>, retrieve: &Retrieve, scene: &Scene<'_>) -> Outcome<bool> {
        if let Some(dates) = &self.dates
            && !is_during(item, retrieve.date_path.as_ref(), dates, &scene.grain(None))?
        {
            return Ok(false);
        }
        match &self.id {
            Some((path, id)) => has_id(item, path, id),
            None => Ok(true),
        }
    }
}

impl<'e, R: Records, O: Observer<R::Node>> Evaluation<'e, R, O> {
    pub(super) fn retrieve(&mut self, retrieve: &'e Retrieve) -> Outcome<Item<R::Node>> {
        let Some(context) = &retrieve.context else {
            return self.retrieve_here(retrieve);
        };
        let related = self.evaluate(context)?;
        let Value::Node(Element::Record(node)) = &related else {
            return Ok(Value::Null);
        };
        let of = match &self.context {
            Context::Specific(name) => name.clone(),
            Context::Unfiltered => "Patient".into(),
        };
        match self.records.subject_of(&of, node) {
            Some(subject) => self.as_subject(subject, |this| this.retrieve_here(retrieve)),
            None => self.list(Vec::new()),
        }
    }

    fn retrieve_here(&mut self, retrieve: &'e Retrieve) -> Outcome<Item<R::Node>> {
        let wanted = self.wanted(retrieve)?;
        let mut nodes = Vec::new();
        let request = Request {
            retrieve,
            subject: match (&self.context, &self.subject) {
                (Context::Specific(context), Some(subject)) => Some((&**context, subject)),
                _ => None,
            },
            codes: wanted.codes.as_ref(),
            terminology: self.scene.terminology,
        };
        let found = self.records.retrieve(&request, &mut nodes);
        let found = found.map_err(Cause::Records)?;
        self.spend(nodes.len())?;
        if let (Some(CodeFilter::ValueSet(value_set)), true) = (&wanted.codes, nodes.is_empty()) {
            // A value set that is missing is missed even where no record asks for it.
            let nobody = Code::new("", "");
            let asked = self.scene.terminology.in_value_set(&nobody, value_set);
            asked.map_err(|source| unanswered("Retrieve", source))?;
        }
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            if found == Found::ByType && !wanted.has_code(&node, retrieve, &self.scene)? {
                continue;
            }
            let item = Value::Node(Element::Record(node));
            if wanted.is_met_by(&item, retrieve, &self.scene)? {
                items.push(item);
            }
        }
        self.list(items)
    }

    fn wanted(&mut self, retrieve: &'e Retrieve) -> Outcome<Wanted<'e, R::Node>> {
        let codes = match &retrieve.codes {
            None => None,
            Some(CodesOperand::ValueSet(value_set)) => {
                Some(CodeFilter::ValueSet(value_set.clone()))
            }
            Some(CodesOperand::Expression(expression)) => {
                Some(code_filter(&self.evaluate(expression)?)?)
            }
        };
        let dates = match &retrieve.dates {
            None => None,
            Some(dates) => Some(self.dates(dates)?),
        };
        let id = match &retrieve.id {
            None => None,
            Some((path, id)) => Some((path, self.evaluate(id)?)),
        };
        Ok(Wanted { codes, dates, id })
    }

    fn dates(&mut self, expression: &'e Expression) -> Outcome<Dates<R::Node>> {
        match self.evaluate(expression)? {
            Value::Null => Ok(None),
            Value::Interval(interval) => Ok(Some(interval)),
            other => Err(wrong_type("the dates of a retrieve", "an Interval", &other)),
        }
    }

    /// The codes of a value set, kept for all records.
    pub(super) fn value_set_codes(&mut self, number: u32) -> Outcome<Item<R::Node>> {
        if let Some(Some(codes)) = self.value_sets.get(number as usize) {
            return Ok(codes.clone());
        }
        let Some(vocabulary) = self.program.vocabularies.get(number as usize) else {
            return Ok(Value::Null);
        };
        let codes = self.expanded(vocabulary)?;
        if let Some(slot) = self.value_sets.get_mut(number as usize) {
            *slot = Some(codes.clone());
        }
        Ok(codes)
    }

    fn expanded(&mut self, vocabulary: &Vocabulary) -> Outcome<Item<R::Node>> {
        let codes = operators::clinical::expand_value_set(vocabulary, &self.scene)?;
        self.checked(codes)
    }

    /// A value set or code system itself.
    pub(super) fn vocabulary(&mut self, ty: SystemType, number: u32) -> Outcome<Item<R::Node>> {
        let found = self.program.vocabularies.get(number as usize).cloned();
        let node = found.map(|found| match ty {
            SystemType::CodeSystem => Element::CodeSystem(found),
            _ => Element::ValueSet(found),
        });
        Ok(node.map(Value::Node).into())
    }

    pub(super) fn expand(&mut self, operand: &'e Expression) -> Outcome<Item<R::Node>> {
        match self.evaluate(operand)? {
            Value::Null => Ok(Value::Null),
            Value::Node(Element::ValueSet(vocabulary)) => self.expanded(&vocabulary),
            // Older ELM has the codes already.
            codes @ Value::List(_) => Ok(codes),
            other => Err(wrong_type(
                "the operand of ExpandValueSet",
                "a ValueSet",
                &other,
            )),
        }
    }

    pub(super) fn in_value_set(&mut self, membership: &'e Membership) -> Outcome<Item<R::Node>> {
        let code = self.evaluate(&membership.code)?;
        let value_set = match &membership.vocabulary {
            VocabularyOperand::Known(known) => known.clone(),
            VocabularyOperand::Expression(expression) => match self.evaluate(expression)? {
                Value::Null => return Ok(Value::Null),
                Value::Node(Element::ValueSet(known)) => known,
                // Older ELM has the codes already.
                Value::List(codes) => return in_codes(&code, &codes),
                other => return Err(wrong_type("the value set", "a ValueSet", &other)),
            },
        };
        Ok(operators::clinical::in_value_set(
            &code,
            &value_set,
            &self.scene,
        )?)
    }

    pub(super) fn in_code_system(&mut self, membership: &'e Membership) -> Outcome<Item<R::Node>> {
        let code = self.evaluate(&membership.code)?;
        let code_system = match &membership.vocabulary {
            VocabularyOperand::Known(known) => known.clone(),
            VocabularyOperand::Expression(expression) => match self.evaluate(expression)? {
                Value::Null => return Ok(Value::Null),
                Value::Node(Element::CodeSystem(known)) => known,
                other => return Err(wrong_type("the code system", "a CodeSystem", &other)),
            },
        };
        Ok(operators::clinical::in_code_system(
            &code,
            &code_system,
            &self.scene,
        )?)
    }
}

/// Whether one of the codes of a value is equivalent to one of a list.
fn in_codes<V: ElementView>(code: &Item<V>, known: &[Item<V>]) -> Outcome<Item<V>> {
    let (mut codes, mut wanted) = (Vec::new(), Vec::new());
    codes_of(code, &mut codes)?;
    for one in known {
        codes_of(one, &mut wanted)?;
    }
    let is = |code: &Code| wanted.iter().any(|one| one.equivalent(code));
    Ok(Value::Boolean(codes.iter().any(is)))
}

/// Whether the dates of a record are in an interval.
fn is_during<V: ElementView>(
    item: &Item<V>,
    path: Option<&DatePath>,
    dates: &Dates<V>,
    grain: &Grain,
) -> Outcome<bool> {
    let (Some(path), Some(dates)) = (path, dates) else {
        return Ok(false);
    };
    let within = |moment: &Item<V>| dates.contains(moment, grain);
    let found = match path {
        DatePath::One(path) => {
            let found = property::follow(item, path)?;
            let items = match &found {
                Value::List(items) => &**items,
                one => std::slice::from_ref(one),
            };
            logic::any(items.iter().map(|one| {
                let (low, high) = moments(one)?;
                match high {
                    None => within(&low),
                    Some(high) => dates.includes(&Interval::closed(low, high), grain),
                }
            }))
        }
        DatePath::Between(low, high) => {
            let moment = |path: &Path| -> Outcome<Item<V>> {
                let found = property::follow(item, path)?;
                Ok(moments(&found).map(|(low, _)| low).into())
            };
            let between = Interval::closed(moment(low)?, moment(high)?);
            dates.includes(&between, grain)
        }
    };
    Ok(found == Some(true))
}

/// The moment of a date, or start and end of a period.
fn moments<V: ElementView>(value: &Item<V>) -> Option<(Item<V>, Option<Item<V>>)> {
    let plain = |value: Item<V>| match value {
        Value::Node(node) => node.value().into(),
        other => other,
    };
    match value {
        Value::Node(node) => match node.value() {
            Some(value) => Some((value, None)),
            None => {
                let steps = |name: &str| Path::parse(name);
                let low = property::follow(value, &steps("start")?).ok()?;
                let high = property::follow(value, &steps("end")?).ok()?;
                Some((plain(low), Some(plain(high))))
            }
        },
        Value::Interval(interval) => Some((interval.low.clone(), Some(interval.high.clone()))),
        Value::Null => None,
        other => Some((other.clone(), None)),
    }
}

fn has_id<V: ElementView>(item: &Item<V>, path: &Path, id: &Item<V>) -> Outcome<bool> {
    let found = property::follow(item, path)?;
    let plain = |value: &Item<V>| match value {
        Value::Node(node) => node.value().into(),
        other => other.clone(),
    };
    Ok(match (plain(&found), plain(id)) {
        (Value::String(found), Value::String(wanted)) => found == wanted,
        _ => false,
    })
}
