//! Collections that are asked again and again whether they have an item: distinct items, unions, subsets.
//!
//! Few items are compared one by one. Many are found by their *prints*: numbers that are the same for items that are
//! equal. What has no print (a Quantity, which is equal to others in other units) is compared with everything. So the
//! answers are those of comparing everything with everything.

use std::hash::{BuildHasher, Hash};

use foldhash::HashMap;
use foldhash::fast::FixedState;
use salus_fhir::view::ElementView;
use salus_values::Value;

use super::equality::items_equal;
use crate::evaluate::{Collection, Machine, Outcome, system_value, text};
use crate::syntax::Span;

/// From how many items on they are found by their prints.
const MANY: usize = 16;

/// A collection that is asked which items it has.
pub(crate) struct Members<V> {
    items: Collection<V>,
    prints: Option<Prints>,
}

/// Where items of each print are.
#[derive(Default)]
struct Prints {
    places: HashMap<u64, Vec<usize>>,
    /// The items that have no print.
    others: Vec<usize>,
}

impl<V: ElementView> Members<V> {
    pub(crate) fn new() -> Members<V> {
        Members {
            items: Collection::new(),
            prints: None,
        }
    }

    /// The members of a collection, each as often as it is there.
    pub(crate) fn of(
        machine: &mut Machine<'_, V>,
        items: Collection<V>,
        span: Span,
    ) -> Outcome<Members<V>> {
        let mut members = Members {
            items,
            prints: None,
        };
        members.take_prints(machine, span)?;
        Ok(members)
    }

    /// The items that are not there yet.
    pub(crate) fn extend(
        &mut self,
        machine: &mut Machine<'_, V>,
        items: impl IntoIterator<Item = Value<V>>,
        span: Span,
    ) -> Outcome<()> {
        for item in items {
            self.insert(machine, item, span)?;
        }
        Ok(())
    }

    /// Adds an item unless it is there; says whether it was added.
    pub(crate) fn insert(
        &mut self,
        machine: &mut Machine<'_, V>,
        item: Value<V>,
        span: Span,
    ) -> Outcome<bool> {
        let print = match self.prints.is_some() {
            true => print(machine, &item, span)?,
            false => None,
        };
        if self.has(machine, &item, print, span)? {
            return Ok(false);
        }
        if let Some(prints) = &mut self.prints {
            prints.add(print, self.items.len());
        }
        self.items.push(item);
        self.take_prints(machine, span)?;
        Ok(true)
    }

    /// Whether an item is equal to this one.
    pub(crate) fn contains(
        &self,
        machine: &mut Machine<'_, V>,
        item: &Value<V>,
        span: Span,
    ) -> Outcome<bool> {
        let print = match self.prints.is_some() {
            true => print(machine, item, span)?,
            false => None,
        };
        self.has(machine, item, print, span)
    }

    pub(crate) fn items(&self) -> &[Value<V>] {
        &self.items
    }

    pub(crate) fn into_items(self) -> Collection<V> {
        self.items
    }

    fn has(
        &self,
        machine: &mut Machine<'_, V>,
        item: &Value<V>,
        print: Option<u64>,
        span: Span,
    ) -> Outcome<bool> {
        let (Some(prints), Some(print)) = (&self.prints, print) else {
            return super::contains(machine, &self.items, item, span);
        };
        let alike = prints.places.get(&print).into_iter().flatten();
        for place in alike.chain(&prints.others) {
            let Some(member) = self.items.get(*place) else {
                continue;
            };
            if items_equal(machine, member, item, span)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes the prints of all items once there are many.
    fn take_prints(&mut self, machine: &mut Machine<'_, V>, span: Span) -> Outcome<()> {
        if self.prints.is_some() || self.items.len() < MANY {
            return Ok(());
        }
        let mut prints = Prints::default();
        for (place, item) in self.items.iter().enumerate() {
            prints.add(print(machine, item, span)?, place);
        }
        self.prints = Some(prints);
        Ok(())
    }
}

impl Prints {
    fn add(&mut self, print: Option<u64>, place: usize) {
        match print {
            Some(print) => self.places.entry(print).or_default().push(place),
            None => self.others.push(place),
        }
    }
}

/// A number that is the same for items that are equal; `None` for items that are equal to some of other prints.
fn print<V: ElementView>(
    machine: &mut Machine<'_, V>,
    item: &Value<V>,
    span: Span,
) -> Outcome<Option<u64>> {
    machine.spend(1, span)?;
    if let Some(text) = text(item) {
        return Ok(Some(of(('t', &*text))));
    }
    match (system_value(item), item) {
        (Some(value), _) => Ok(of_value(&value)),
        (None, Value::Node(element)) => of_element(machine, element, span).map(Some),
        (None, _) => Ok(None),
    }
}

fn of(words: impl Hash) -> u64 {
    FixedState::default().hash_one(words)
}

/// Numbers of all types may be equal, dates and moments too.
fn of_value<V>(value: &Value<V>) -> Option<u64> {
    if let Some(number) = value.as_number() {
        let number = number.normalize();
        return Some(of(('n', number.digits(), number.scale())));
    }
    Some(match value {
        Value::Boolean(value) => of(('b', value)),
        Value::String(text) => of(('t', &**text)),
        // Those with an offset are equal to the same moment at another one, those without to none of these.
        Value::Date(date) => of(('d', false, date.to_date_time().epoch_millis(0))),
        Value::DateTime(moment) => of(('d', moment.offset().is_some(), moment.epoch_millis(0))),
        Value::Time(time) => of(('c', time.millis())),
        Value::Tuple(tuple) => {
            let parts = tuple.iter().map(|(name, value)| (name, of_part(value)));
            of(('p', parts.collect::<Vec<_>>()))
        }
        _ => return None,
    })
}

/// As [`of_value`], of a part of something: there a number has no print either, since it may be equal to a Quantity.
fn of_part<V>(value: &Value<V>) -> Option<u64> {
    match value.as_number() {
        Some(_) => None,
        None => of_value(value),
    }
}

/// Complex elements are equal when their children are.
fn of_element<V: ElementView>(
    machine: &mut Machine<'_, V>,
    element: &V,
    span: Span,
) -> Outcome<u64> {
    let mut children = Vec::new();
    element.all_children(&mut |name, child| children.push((name, Value::Node(child))));
    let mut parts = Vec::with_capacity(children.len());
    for (name, child) in &children {
        machine.spend(1, span)?;
        let part = match (system_value(child), child) {
            (Some(value), _) => of_part(&value),
            (None, Value::Node(element)) => Some(of_element(machine, element, span)?),
            (None, _) => None,
        };
        parts.push((*name, part));
    }
    Ok(of(('e', parts)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use salus_fhir::json::Document;
    use salus_fhir::view::JsonElement;
    use salus_values::DateTime;

    use super::*;
    use crate::evaluate::Environment;
    use crate::{Limits, Program};

    /// Elements that are equal to others in many ways, and that are nearly equal.
    const RECORD: &str = r#"{"resourceType": "Parameters", "id": "1", "parameter": [
        {"valueString": "1"}, {"valueCode": "1"}, {"valueInteger": 1}, {"valueDecimal": 1.0}, {"valueDecimal": 1.10},
        {"valueQuantity": {"value": 1}}, {"valueQuantity": {"value": 1.0, "code": "1", "system": "http://unitsofmeasure.org"}},
        {"valueQuantity": {"value": 100, "code": "cm", "system": "http://unitsofmeasure.org"}},
        {"valueQuantity": {"value": 1, "code": "m", "system": "http://unitsofmeasure.org"}},
        {"valueQuantity": {"value": 1, "comparator": "<"}}, {"valueQuantity": {"value": 1, "comparator": "<"}},
        {"valueDate": "2012"}, {"valueDateTime": "2012-01"}, {"valueDate": "2012-01"}, {"valueDate": "nonsense"},
        {"valueString": "nonsense"}, {"valueDateTime": "2012-01-01T10:00:00+02:00"}, {"valueInstant": "2012-01-01T08:00:00.000Z"},
        {"valueTime": "10:00"}, {"valueTime": "10:00:00"}, {"valueTime": "10:00:00.000"}, {"valueBoolean": true},
        {"valueCoding": {"code": "a"}}, {"valueCoding": {"code": "a"}}, {"valueCoding": {"code": "b"}},
        {"valueRange": {"low": {"value": 1}}}, {"valueRange": {"low": {"value": 1.0}}},
        {"_valueString": {"extension": [{"url": "u", "valueDecimal": 1}]}},
        {"_valueString": {"extension": [{"url": "u", "valueQuantity": {"value": 1}}]}}]}"#;

    /// Values, some equal to each other and to elements.
    const VALUES: &str = "1 | 1L | 1.10 | 1.1 'cm' | 100 'cm' | 1 'm' | 1 '1' | 'a' | '1' | true | @2012 | @2012-01 | \
        @2012-01-01T08:00:00Z | @2012-01-01T10:00:00 | @2012-01-01T08Z | @T10:00 | @T10:00:00.0 | 1.type() | 'a'.type()";

    fn pool(record: JsonElement<'static>) -> Vec<Value<JsonElement<'static>>> {
        let environment = Environment::new(DateTime::parse("2026-01-01T00:00:00Z").unwrap());
        let all = |expression: &str| {
            let program = Program::compile(expression).unwrap();
            program.evaluate(record, &environment).unwrap().into_vec()
        };
        let mut pool = all("parameter.value");
        pool.extend(all("parameter"));
        for value in VALUES.split(" | ") {
            pool.extend(all(value.trim()));
        }
        pool
    }

    fn record() -> JsonElement<'static> {
        static DOCUMENT: std::sync::OnceLock<Document<'static>> = std::sync::OnceLock::new();
        let document = DOCUMENT.get_or_init(|| Document::parse(RECORD).unwrap());
        JsonElement::resource(document).unwrap()
    }

    proptest! {
        #[test]
        fn members_are_those_that_comparing_everything_with_everything_finds(
            places in prop::collection::vec(0_usize..1_000, 0..120), asked in 0_usize..1_000
        ) {
            let pool = pool(record());
            let item = |place: usize| pool[place % pool.len()].clone();
            let environment = Environment::new(DateTime::parse("2026-01-01T00:00:00Z").unwrap());
            let mut machine = Machine::new(&environment, &[], None);
            let span = Span::default();

            let mut expected: Collection<_> = Collection::new();
            for place in &places {
                let item = item(*place);
                if !super::super::contains(&mut machine, &expected, &item, span).unwrap() {
                    expected.push(item);
                }
            }
            let mut members = Members::new();
            members.extend(&mut machine, places.iter().map(|place| item(*place)), span).unwrap();
            prop_assert_eq!(format!("{:?}", members.items()), format!("{expected:?}"));

            let all: Collection<_> = places.iter().map(|place| item(*place)).collect();
            let naive = super::super::contains(&mut machine, &all, &item(asked), span).unwrap();
            let members = Members::of(&mut machine, all, span).unwrap();
            prop_assert_eq!(members.contains(&mut machine, &item(asked), span).unwrap(), naive);
        }
    }

    #[test]
    fn a_hundred_thousand_items_are_told_apart_in_few_steps() {
        let text: Vec<String> = (0..50_000)
            .map(|n| format!("{{\"url\": \"u{n}\", \"valueInteger\": 1}}"))
            .collect();
        let both = [text.join(","), text.join(",")].join(",");
        let json = format!("{{\"resourceType\": \"Basic\", \"extension\": [{both}]}}");
        let document = Document::parse(&json).unwrap();
        let limits = Limits {
            steps_max: 5_000_000,
            ..Limits::default()
        };
        let environment =
            Environment::new(DateTime::parse("2026-01-01T00:00:00Z").unwrap()).limits(limits);
        let count = |expression: &str| {
            let program = Program::compile(expression).unwrap();
            let found = program
                .evaluate(JsonElement::resource(&document).unwrap(), &environment)
                .unwrap();
            format!("{found:?}")
        };
        assert_eq!(count("extension.distinct().count()"), "[50000]");
        assert_eq!(count("(extension | extension.url).count()"), "[100000]");
        assert_eq!(count("extension.url.subsetOf(extension.url)"), "[true]");
        assert_eq!(
            count("extension.url.exclude(extension.url.take(25000)).count()"),
            "[50000]"
        );
        assert_eq!(
            count("extension.intersect(extension.skip(50000)).count()"),
            "[50000]"
        );
    }
}
