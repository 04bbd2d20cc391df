//! The text of a visit's note: complaint, history, medicines, findings, assessment and plan, put together from what
//! the record holds, in the shorthand of the trade. Nothing in it contradicts the coded record.

use crate::calendar::age_years;
use crate::chart::{Asked, Chart, Encounter, Order, Value};
use crate::content::{Measure, VisitKind};
use crate::json::Fixed;
use crate::world::World;

/// Problems, medicines and results named at most.
const NAMED_MAX: usize = 8;

/// Writes the note of an encounter.
pub(super) fn note(
    world: &World,
    chart: &Chart<'_>,
    index: usize,
    encounter: &Encounter<'_>,
) -> String {
    let mut note = Note {
        world,
        chart,
        index,
        encounter,
        text: String::with_capacity(700),
    };
    note.history();
    note.background();
    note.findings();
    note.assessment();
    note.text
}

struct Note<'a> {
    world: &'a World,
    chart: &'a Chart<'a>,
    index: usize,
    encounter: &'a Encounter<'a>,
    text: String,
}

impl Note<'_> {
    fn line(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.text.push_str(part));
        self.text.push('\n');
    }

    /// A line of a list, if there is anything to list.
    fn list(&mut self, title: &str, items: &[String]) {
        if !items.is_empty() {
            let items = items.join("; ");
            self.line(&[title, &items]);
        }
    }

    /// One of some ways to say a thing, the same each time for a visit.
    fn one_of<'t>(&self, ways: &[&'t str]) -> &'t str {
        let person = usize::try_from(self.chart.person.number).unwrap_or(0);
        let at = person
            .wrapping_mul(7)
            .wrapping_add(self.index.wrapping_mul(3));
        ways.get(at % ways.len().max(1)).copied().unwrap_or("")
    }

    fn history(&mut self) {
        let reason = self
            .world
            .content
            .display(self.encounter.reason.unwrap_or(""));
        let complaint = self.encounter.complaint.as_deref();
        match (complaint, self.encounter.kind()) {
            (Some(text), _) => self.line(&["CC: ", text]),
            (None, VisitKind::Specialist) => self.line(&["CC: referred for ", reason]),
            (None, _) => self.line(&[
                "CC: ",
                self.one_of(&["f/u ", "follow-up, ", "here for "]),
                reason,
            ]),
        }
        let age = age_years(self.chart.person.birth, self.encounter.start.day);
        let sex = if self.chart.person.female { "F" } else { "M" };
        let opening = format!("HPI: {age} y/o {sex} ");
        let told = match complaint {
            Some(_) => self.one_of(&[
                "presents with the above.",
                "here for the above; onset within the last days.",
                "with the above complaint, came on recently.",
                "seen for the above.",
            ]),
            None => self.one_of(&[
                "returns as planned.",
                "doing about the same since the last visit.",
                "here as scheduled, no new complaints.",
                "feels about as usual.",
            ]),
        };
        self.line(&[&opening, told]);
    }

    fn background(&mut self) {
        let day = self.encounter.start.day;
        let content = &self.world.content;
        let problems = self.chart.problems.iter().filter(|p| {
            p.condition.is_some() && p.recorded <= day && p.abatement.is_none_or(|end| end > day)
        });
        let problems: Vec<String> = problems
            .map(|p| content.display(p.code).to_owned())
            .take(NAMED_MAX)
            .collect();
        self.list("PMH: ", &problems);
        let taken = self.chart.orders.iter();
        let taken = taken.filter(|o| o.encounter != self.index && o.running(day));
        let taken: Vec<String> = taken
            .map(|o| o.medicine.display.clone())
            .take(NAMED_MAX)
            .collect();
        self.list("Meds: ", &taken);
        let allergies = self.chart.allergies.iter();
        let allergies = allergies.filter(|a| a.counts() && a.recorded <= day);
        let allergies: Vec<String> = allergies
            .map(|a| format!("{} ({})", a.display, a.reaction))
            .collect();
        if allergies.is_empty() {
            self.line(&["Allergies: NKDA"]);
        }
        self.list("Allergies: ", &allergies);
    }

    fn findings(&mut self) {
        let (mut vitals, mut results) = (Vec::new(), Vec::new());
        let own = self.chart.observations.iter();
        for seen in own.filter(|o| o.encounter == self.index && !o.void) {
            let measure = seen.measure;
            let vital = measure.category == "vital-signs";
            match seen.value {
                Value::Pressure(upper, lower) => vitals.push(format!("BP {upper}/{lower}")),
                Value::Number(number) if vital => {
                    let value = number.to_string();
                    vitals.push(format!("{} {value} {}", short(measure), measure.unit));
                }
                Value::Number(number) => {
                    results.extend(flagged(short(measure), number, measure.range))
                }
                Value::Coded(_, display) if measure.category == "laboratory" => {
                    results.push(format!("{}: {display}", short(measure)));
                }
                Value::Coded(..) => {}
            }
        }
        // A stay measures every day; the note names the first.
        vitals.truncate(NAMED_MAX);
        results.truncate(NAMED_MAX);
        self.list("Vitals: ", &vitals);
        self.list("Abnormal or notable results: ", &results);
        let studies = self
            .chart
            .studies
            .iter()
            .filter(|s| s.encounter == self.index);
        let studies: Vec<String> = studies
            .map(|s| format!("{}: {}", s.kind.display, s.conclusion))
            .collect();
        self.list("Studies: ", &studies);
    }

    fn assessment(&mut self) {
        let content = &self.world.content;
        let codes = self
            .encounter
            .reason
            .iter()
            .chain(&self.encounter.secondary);
        let mut plans: Vec<(&str, Vec<String>)> = codes.map(|code| (*code, Vec::new())).collect();
        for order in self
            .chart
            .orders
            .iter()
            .filter(|o| o.encounter == self.index)
        {
            let done = self.change(order);
            let reason = order.reason.unwrap_or("");
            match plans.iter_mut().find(|(code, _)| *code == reason) {
                Some((_, plan)) => plan.push(done),
                None => plans.push((reason, vec![done])),
            }
        }
        for (number, (code, plan)) in (1..).zip(&plans) {
            let head = format!("{number}. {}", content.display(code));
            match plan.is_empty() {
                true => self.line(&[&head]),
                false => self.line(&[&head, ": ", &plan.join("; ")]),
            }
        }
        let referred = self.chart.requests.iter();
        let referred = referred.filter(|r| r.encounter == self.index);
        let referred: Vec<String> = referred
            .filter_map(|r| match r.asked {
                Asked::Referral(to) => Some(format!("refer to {to}")),
                Asked::Panel(..) | Asked::Study(_) => None,
            })
            .collect();
        self.list("Also: ", &referred);
        let end = match self.encounter.complaint {
            Some(_) => self.one_of(&["Return if worse.", "RTC prn.", "Return precautions given."]),
            None => self.one_of(&["Follow up as planned.", "RTC as scheduled.", "Continue."]),
        };
        self.line(&[end]);
    }

    /// Begun, stepped up or gone on with.
    fn change(&self, order: &Order<'_>) -> String {
        let same = |o: &&Order<'_>| {
            o.medicine.ingredient == order.medicine.ingredient && o.authored < order.authored
        };
        let before = self.chart.orders.iter().rev().find(same);
        let word = match before {
            Some(o) if o.medicine.id != order.medicine.id => "change to",
            Some(_) => "continue",
            None => "start",
        };
        format!("{word} {}, {}", order.medicine.display, order.medicine.dose)
    }
}

/// What a measure is called at the bedside.
fn short(measure: &Measure) -> &str {
    match measure.id.as_str() {
        "weight" => "Wt",
        "height" => "Ht",
        "bmi" => "BMI",
        "temperature" => "T",
        "pulse" => "HR",
        "respiration" => "RR",
        "saturation" => "SpO2",
        "pain" => "pain",
        _ => measure.display.split(" [").next().unwrap_or(""),
    }
}

/// A number that lies outside its range, with its flag.
fn flagged(name: &str, number: Fixed, range: Option<[f64; 2]>) -> Option<String> {
    let [low, high] = range?;
    let flag = match number.value() {
        value if value < low => "L",
        value if value > high => "H",
        _ => return None,
    };
    Some(format!("{name} {number} ({flag})"))
}
