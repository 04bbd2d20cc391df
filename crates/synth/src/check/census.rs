//! What the records say of each person, kept small.

use std::collections::BTreeMap;

use super::figure::Figure;
use super::report::Report;
use super::resource::{Class, Quantity, Resource};
use crate::calendar::{Day, from_civil};

/// Numbers words, so that each is kept once.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: BTreeMap<String, usize>,
    words: Vec<String>,
}

impl Words {
    fn number(&mut self, word: &str) -> usize {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), self.words.len() - 1);
        self.words.len() - 1
    }

    pub(super) fn word(&self, number: usize) -> &str {
        self.words.get(number).map_or("", String::as_str)
    }
}

/// The last value of an observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// A number with its unit.
    Number(f64, usize),
    /// A code.
    Code(usize),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Visit {
    pub class: usize,
    pub start: Day,
    pub end: Day,
    pub reason: usize,
}

/// What the records say of one person.
#[derive(Debug, Default)]
pub(super) struct Person {
    pub birth: Day,
    pub female: bool,
    pub death: Option<Day>,
    /// Codes of active problems.
    pub problems: Vec<usize>,
    /// Last value by LOINC code.
    pub last: BTreeMap<usize, (Day, Value)>,
    pub visits: Vec<Visit>,
    /// Medicines: name, first and last day.
    pub medicines: Vec<(usize, Day, Day)>,
    /// Vaccines: CVX code and day.
    pub vaccines: Vec<(usize, Day)>,
    /// Cover: plan, first and last day.
    pub covers: Vec<(usize, Day, Day)>,
    /// Money: plan, allowed and paid cents.
    pub money: Vec<(usize, f64, f64)>,
}

/// A count of people and what happened to them, from records.
#[derive(Debug)]
pub struct Census {
    pub(super) start: Day,
    pub(super) end: Day,
    pub(super) words: Words,
    pub(super) people: Vec<Person>,
    pub(super) resources: BTreeMap<&'static str, u64>,
    ids: BTreeMap<String, usize>,
    /// Plan of each Coverage.
    plans: BTreeMap<String, usize>,
}

impl Census {
    /// A census of records between two days, both included.
    pub(crate) fn new(start: Day, end: Day) -> Census {
        Census {
            start,
            end,
            words: Words::default(),
            people: Vec::new(),
            resources: BTreeMap::new(),
            ids: BTreeMap::new(),
            plans: BTreeMap::new(),
        }
    }

    /// Reads a resource. Patients and Coverages must come before what names them; resources of
    /// people who were not announced are counted and left.
    ///
    /// # Errors
    /// Where the line is not JSON of such a resource.
    pub fn read(
        &mut self,
        resource_type: &'static str,
        line: &str,
    ) -> Result<(), serde_json::Error> {
        *self.resources.entry(resource_type).or_default() += 1;
        match resource_type {
            "Patient" => self.patient(&serde_json::from_str(line)?),
            "Coverage" => self.coverage(&serde_json::from_str(line)?),
            "Condition"
            | "Observation"
            | "Encounter"
            | "MedicationRequest"
            | "Immunization"
            | "ExplanationOfBenefit" => {
                let resource: Resource<'_> = serde_json::from_str(line)?;
                if let Some(at) = self.person(&resource) {
                    self.record(resource_type, at, &resource);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Holds what was read against figures.
    #[must_use]
    pub fn report(&self, figures: &[Figure]) -> Report {
        let rows = figures.iter().map(|figure| self.row(figure));
        Report::new(rows.collect(), self.people.len())
    }

    fn patient(&mut self, found: &Resource<'_>) {
        let replaced = found.link.iter().find(|l| l.kind == "replaced-by");
        if let Some(&survivor) = replaced.and_then(|l| self.ids.get(l.other.id())) {
            self.ids.insert(found.id.to_string(), survivor);
            return;
        }
        let death = found.deceased_date_time.as_deref().and_then(day);
        self.ids.insert(found.id.to_string(), self.people.len());
        self.people.push(Person {
            birth: day(&found.birth_date).unwrap_or(0),
            female: found.gender == "female",
            death,
            ..Person::default()
        });
    }

    fn coverage(&mut self, found: &Resource<'_>) {
        let Some(Class::Values(values)) = &found.class else {
            return;
        };
        let plan = values.first().map_or("", |v| v.value.as_ref());
        let plan = self.words.number(plan);
        self.plans.insert(found.id.to_string(), plan);
        let (from, to) = self.period(found);
        let person = self.person(found).and_then(|at| self.people.get_mut(at));
        if let (Some(person), Some(from)) = (person, from) {
            person.covers.push((plan, from, to.unwrap_or(self.end)));
        }
    }

    fn person(&self, found: &Resource<'_>) -> Option<usize> {
        let whom = found.subject.as_ref();
        let whom = whom.or(found.patient.as_ref());
        let whom = whom.or(found.beneficiary.as_ref())?;
        self.ids.get(whom.id()).copied()
    }

    fn period(&self, found: &Resource<'_>) -> (Option<Day>, Option<Day>) {
        let period = found.period.as_ref();
        let start = period.and_then(|p| p.start.as_deref());
        let end = period.and_then(|p| p.end.as_deref());
        (start.and_then(day), end.and_then(day))
    }

    fn record(&mut self, resource_type: &str, at: usize, found: &Resource<'_>) {
        match resource_type {
            "Condition" => self.problem(at, found),
            "Observation" => self.observation(at, found),
            "Encounter" => self.visit(at, found),
            "MedicationRequest" => self.medicine(at, found),
            "Immunization" => self.vaccine(at, found),
            _ => self.benefit(at, found),
        }
    }

    fn problem(&mut self, at: usize, found: &Resource<'_>) {
        let categories = found.category.as_slice();
        let listed = categories.iter().any(|c| c.code() == "problem-list-item");
        let active = found.clinical_status.as_ref();
        let active =
            active.is_some_and(|s| matches!(s.code(), "active" | "relapse" | "recurrence"));
        let code = found.code.as_ref().map_or("", |c| c.code());
        if !listed || !active || code.is_empty() {
            return;
        }
        let code = self.words.number(code);
        if let Some(person) = self.people.get_mut(at) {
            person.problems.push(code);
        }
    }

    fn observation(&mut self, at: usize, found: &Resource<'_>) {
        let Some(when) = found.effective_date_time.as_deref().and_then(day) else {
            return;
        };
        let own = found.code.as_ref().map_or("", |c| c.code());
        if let Some(quantity) = &found.value_quantity {
            self.value(at, own, when, quantity);
        }
        if let Some(coded) = &found.value_codeable_concept {
            let value = Value::Code(self.words.number(coded.code()));
            self.keep(at, own, when, value);
        }
        for component in &found.component {
            if let Some(quantity) = &component.value_quantity {
                self.value(at, component.code.code(), when, quantity);
            }
        }
    }

    fn value(&mut self, at: usize, loinc: &str, when: Day, quantity: &Quantity<'_>) {
        if let Some(number) = quantity.value {
            let value = Value::Number(number, self.words.number(&quantity.code));
            self.keep(at, loinc, when, value);
        }
    }

    fn keep(&mut self, at: usize, loinc: &str, when: Day, value: Value) {
        let loinc = self.words.number(loinc);
        let Some(person) = self.people.get_mut(at) else {
            return;
        };
        let known = person.last.entry(loinc).or_insert((when, value));
        if when >= known.0 {
            *known = (when, value);
        }
    }

    fn visit(&mut self, at: usize, found: &Resource<'_>) {
        let (Some(start), end) = self.period(found) else {
            return;
        };
        let class = match &found.class {
            Some(Class::Coding(coding)) => self.words.number(&coding.code),
            _ => self.words.number(""),
        };
        let reasons = found.reason_code.as_slice();
        let reason = self.words.number(reasons.first().map_or("", |r| r.code()));
        if let Some(person) = self.people.get_mut(at) {
            person.visits.push(Visit {
                class,
                start,
                end: end.unwrap_or(start),
                reason,
            });
        }
    }

    fn medicine(&mut self, at: usize, found: &Resource<'_>) {
        if matches!(
            found.status.as_ref(),
            "cancelled" | "entered-in-error" | "draft"
        ) {
            return;
        }
        let period = found.dispense_request.as_ref();
        let period = period.and_then(|r| r.validity_period.as_ref());
        let from = period.and_then(|p| p.start.as_deref()).and_then(day);
        let to = period.and_then(|p| p.end.as_deref()).and_then(day);
        let name = found.medication_codeable_concept.as_ref();
        let name = name.map_or("", |c| c.display()).to_lowercase();
        let name = self.words.number(&name);
        if let (Some(person), Some(from), Some(to)) = (self.people.get_mut(at), from, to) {
            person.medicines.push((name, from, to));
        }
    }

    fn vaccine(&mut self, at: usize, found: &Resource<'_>) {
        let when = found.occurrence_date_time.as_deref().and_then(day);
        let cvx = found.vaccine_code.as_ref().map_or("", |c| c.code());
        let cvx = self.words.number(cvx);
        if let (Some(person), Some(when)) = (self.people.get_mut(at), when) {
            person.vaccines.push((cvx, when));
        }
    }

    fn benefit(&mut self, at: usize, found: &Resource<'_>) {
        let coverage = found.insurance.first().map_or("", |i| i.coverage.id());
        let Some(&plan) = self.plans.get(coverage) else {
            return;
        };
        let total = |category: &str| {
            let totals = found.total.as_slice().iter();
            let mut matching = totals.filter(|t| t.category.code() == category);
            matching.next().map_or(0.0, |t| t.amount.value)
        };
        let (allowed, paid) = (total("eligible"), total("benefit"));
        if let Some(person) = self.people.get_mut(at) {
            match person.money.iter_mut().find(|m| m.0 == plan) {
                Some(known) => {
                    known.1 += allowed;
                    known.2 += paid;
                }
                None => person.money.push((plan, allowed, paid)),
            }
        }
    }
}

/// The day of a date or date-time that is whole to the day.
fn day(text: &str) -> Option<Day> {
    let mut parts = text.get(..10)?.splitn(3, '-').map(str::parse::<i32>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(month)), Some(Ok(date))) => Some(from_civil(year, month, date)),
        _ => None,
    }
}
