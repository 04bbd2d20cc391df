//! Claims: what each encounter and each fill is charged, allowed and paid, in order of time.

use crate::calendar::Day;
use crate::chance::{Chance, Purpose};
use crate::chart::{
    Bill, BillKind, Chart, Encounter, EncounterIndex, ErrorAt, Line, PlantedError, ProcedureCode,
    Stay, Vaccine,
};
use crate::content::{Denial, Department, ErrorKind, Plan, Service, VisitKind};
use crate::cover::{Sharing, Split, YearToDate, percent_of};
use crate::world::World;

/// Benefit categories of FHIR's example code system.
const MEDICAL: &str = "1";
const SURGICAL: &str = "2";
const LABORATORY: &str = "5";
const IMAGING: &str = "4";
const ROOM_AND_BOARD: &str = "49";

/// Writes the claims of a chart.
pub fn settle<'w>(world: &'w World, chart: &mut Chart<'w>) {
    let mut settling = Settling {
        world,
        chance: Chance::new(world.seed, chart.person.number, Purpose::Billing),
        denials: Chance::new(world.seed, chart.person.number, Purpose::Denials),
        denied: Vec::new(),
        year: YearToDate::default(),
        bills: Vec::new(),
    };
    for (_, source) in in_order(chart) {
        match source {
            Source::Encounter(at) => settling.encounter(chart, at),
            Source::Dispense(at) => settling.dispense(chart, at),
        }
    }
    chart.bills = settling.bills;
    for (at, twin) in settling.denied {
        let spec = world
            .content
            .errors
            .iter()
            .find(|s| s.kind == ErrorKind::Denial);
        chart.errors.extend(spec.map(|spec| PlantedError {
            kind: &spec.id,
            why: &spec.why,
            twin,
            at: ErrorAt::Bill(at),
        }));
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Encounter(usize),
    Dispense(usize),
}

fn in_order(chart: &Chart<'_>) -> Vec<(Day, Source)> {
    let encounters = chart.encounters.iter().enumerate();
    let encounters = encounters.map(|(at, e)| (e.start.day, Source::Encounter(at)));
    let dispenses = chart.dispenses.iter().enumerate();
    let dispenses = dispenses.map(|(at, d)| (d.day, Source::Dispense(at)));
    let mut all: Vec<(Day, Source)> = encounters.chain(dispenses).collect();
    all.sort_unstable();
    all
}

struct Settling<'w> {
    world: &'w World,
    chance: Chance,
    denials: Chance,
    /// Denied bills (index), and whether they are sent again.
    denied: Vec<(usize, bool)>,
    year: YearToDate,
    bills: Vec<Bill<'w>>,
}

/// What becomes of a claim.
#[derive(Clone, Copy)]
enum Fate<'w> {
    Paid,
    /// Denied and left.
    Denied(&'w Denial),
    /// Denied, and sent again after some days.
    Again(&'w Denial, Day),
}

/// Who pays for a bill, and the factor on Medicare's amounts.
#[derive(Clone, Copy)]
struct Payer<'w> {
    spell: Option<usize>,
    plan: Option<&'w Plan>,
    factor: f64,
}

impl<'w> Settling<'w> {
    fn payer(&self, chart: &Chart<'w>, day: Day) -> Payer<'w> {
        match chart.covered(day) {
            Some((index, spell)) => Payer {
                spell: Some(index),
                plan: Some(spell.plan),
                factor: spell.plan.price_factor,
            },
            None => Payer {
                spell: None,
                plan: None,
                factor: self.world.content.prices.self_pay_factor,
            },
        }
    }

    /// What becomes of the next claim.
    fn fate(&mut self, payer: Payer<'w>) -> Fate<'w> {
        let Some(plan) = payer.plan else {
            return Fate::Paid;
        };
        let denied = self.denials.happens(plan.denied_share);
        let denials = &self.world.content.denials;
        let denial = self.denials.weighted(denials, |d| d.weight);
        let Some(denial) = denial.filter(|_| denied) else {
            return Fate::Paid;
        };
        let (again, after) = (
            self.denials.happens(denial.resubmitted),
            self.denials.between(18, 75),
        );
        if again {
            Fate::Again(denial, after)
        } else {
            Fate::Denied(denial)
        }
    }

    /// Adds a bill as it fares: paid, denied, or denied and sent again.
    fn push(&mut self, bill: Bill<'w>, fate: Fate<'w>) {
        let (denial, after) = match fate {
            Fate::Paid => return self.bills.push(bill),
            Fate::Denied(denial) => (denial, None),
            Fate::Again(denial, after) => (denial, Some(after)),
        };
        let nothing = |line: &Line<'w>| Line {
            allowed: 0,
            split: Split::default(),
            ..*line
        };
        let denied = self.bills.len();
        self.denied.push((denied, after.is_some()));
        self.bills.push(Bill {
            lines: bill.lines.iter().map(nothing).collect(),
            denied: Some(denial),
            ..bill
        });
        // What would be sent after the last day is not there yet.
        let sent = after.map(|days| bill.sent + 14 + days);
        if let Some(sent) = sent.filter(|&sent| sent <= self.world.end) {
            self.bills.push(Bill {
                sent,
                again: Some(denied),
                ..bill
            });
        }
    }

    fn encounter(&mut self, chart: &Chart<'w>, at: EncounterIndex) {
        let Some(encounter) = chart.encounters.get(at) else {
            return;
        };
        let day = encounter.start.day;
        let payer = self.payer(chart, day);
        if let Some(stay) = &encounter.stay {
            // A stay is billed at discharge.
            if !stay.discharge.is_empty() {
                self.stay(at, encounter, stay, payer);
            }
            return;
        }
        let fate = self.fate(payer);
        let payer = match fate {
            Fate::Denied(_) => Payer {
                plan: None,
                ..payer
            },
            Fate::Paid | Fate::Again(..) => payer,
        };
        let main = self.main_service(encounter);
        let mut lines = Vec::new();
        if let Some((service, sharing)) = main {
            lines.push(self.line(service, 1, category(encounter.kind()), sharing, day, payer));
        }
        self.extras(chart, at, &mut lines, payer);
        if lines.is_empty() {
            return;
        }
        let kind = match encounter.kind() {
            VisitKind::Emergency | VisitKind::Colonoscopy | VisitKind::Operation => {
                BillKind::Outpatient
            }
            _ => BillKind::Professional,
        };
        let bill = Bill {
            kind,
            encounter: Some(at),
            dispense: None,
            from: day,
            to: day,
            lines,
            spell: payer.spell,
            place: main.map_or("11", |(service, _)| &service.place_of_service),
            sent: day,
            denied: None,
            again: None,
        };
        self.push(bill, fate);
    }

    fn main_service(&self, encounter: &Encounter<'w>) -> Option<(&'w Service, Sharing)> {
        let safety_net = self
            .world
            .facility(encounter.facility)
            .is_some_and(|f| f.safety_net);
        let (id, sharing) = match encounter.kind() {
            VisitKind::AdultWellness => ("wellness", Sharing::Preventive),
            VisitKind::ChildWellness => ("child-wellness", Sharing::Preventive),
            VisitKind::Colonoscopy => ("colonoscopy", Sharing::Preventive),
            VisitKind::FollowUp | VisitKind::Problem | VisitKind::Prenatal if safety_net => {
                ("community", Sharing::Primary)
            }
            VisitKind::FollowUp | VisitKind::Problem | VisitKind::Prenatal => {
                ("primary", Sharing::Primary)
            }
            VisitKind::Specialist => ("specialist", Sharing::Primary),
            VisitKind::Operation => {
                let own = encounter.operation.map(|o| o.service.as_str());
                (own.unwrap_or("day-surgery"), Sharing::Usual)
            }
            VisitKind::Telehealth => ("telehealth", Sharing::Primary),
            VisitKind::UrgentCare => ("urgent", Sharing::Urgent),
            VisitKind::Emergency => match encounter.level {
                0..=3 => ("emergency-3", Sharing::Emergency),
                4 => ("emergency-4", Sharing::Emergency),
                _ => ("emergency-5", Sharing::Emergency),
            },
            // A vaccine is billed by itself.
            VisitKind::Vaccination | VisitKind::Inpatient => return None,
        };
        self.world
            .content
            .service(id)
            .map(|service| (service, sharing))
    }

    /// Laboratory tests, vaccines and tests done in the encounter.
    fn extras(
        &mut self,
        chart: &Chart<'w>,
        at: EncounterIndex,
        lines: &mut Vec<Line<'w>>,
        payer: Payer<'w>,
    ) {
        let Some(encounter) = chart.encounters.get(at) else {
            return;
        };
        let day = encounter.start.day;
        let content = &self.world.content;
        let wellness = matches!(
            encounter.kind(),
            VisitKind::AdultWellness | VisitKind::ChildWellness
        );
        let tests = chart.observations.iter().filter(|o| o.encounter == at);
        let tests = tests.filter(|o| o.measure.category == "laboratory").count();
        let sharing = if wellness {
            Sharing::Preventive
        } else {
            Sharing::Usual
        };
        if let (1.., Some(lab)) = (tests, content.service("lab")) {
            let tests = i64::try_from(tests).unwrap_or(1);
            lines.push(self.line(lab, tests, LABORATORY, sharing, day, payer));
        }
        for study in chart.studies.iter().filter(|s| s.encounter == at) {
            let category = match study.kind.category {
                Department::Pathology => LABORATORY,
                Department::Radiology | Department::Cardiology => IMAGING,
            };
            if let Some(service) = content.service(&study.kind.service) {
                lines.push(self.line(service, 1, category, sharing, day, payer));
            }
        }
        for service in encounter
            .services
            .iter()
            .filter_map(|id| content.service(id))
        {
            lines.push(self.line(service, 1, LABORATORY, sharing, day, payer));
        }
        // Without a report of its own: further imaging in half of the more urgent emergency visits.
        let urgent = encounter.kind() == VisitKind::Emergency && encounter.level >= 4;
        if let (true, Some(imaging)) = (
            urgent && self.chance.happens(0.5),
            content.service("imaging"),
        ) {
            lines.push(self.line(imaging, 1, IMAGING, Sharing::Usual, day, payer));
        }
        for vaccination in chart.immunizations.iter().filter(|v| v.encounter == at) {
            let id = match vaccination.vaccine {
                Vaccine::Influenza => "flu-administration",
                Vaccine::Scheduled(_) => "vaccine-administration",
            };
            if let Some(service) = content.service(id) {
                lines.push(self.line(service, 1, MEDICAL, Sharing::Preventive, day, payer));
            }
        }
        let stool_test = content.service("stool-test").filter(|s| {
            let here = chart.procedures.iter().filter(|p| p.encounter == Some(at));
            here.into_iter()
                .any(|p| matches!(p.code, ProcedureCode::Hcpcs(c, _) if c == s.hcpcs))
        });
        if let Some(service) = stool_test {
            lines.push(self.line(service, 1, LABORATORY, Sharing::Preventive, day, payer));
        }
    }

    fn line(
        &mut self,
        service: &'w Service,
        quantity: i64,
        category: &'static str,
        sharing: Sharing,
        day: Day,
        payer: Payer<'w>,
    ) -> Line<'w> {
        let medicare = service.allowed_cents * quantity;
        let code = (!service.hcpcs.is_empty()).then_some(("hcpcs", service.hcpcs.as_str()));
        let allowed = percent_of(medicare, payer.factor * self.chance.log_normal(1.0, 0.07));
        self.priced(
            code,
            &service.display,
            quantity,
            category,
            medicare,
            allowed,
            sharing,
            day,
            payer,
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a claim line has this many parts"
    )]
    fn priced(
        &mut self,
        code: Option<(&'static str, &'w str)>,
        text: &'w str,
        quantity: i64,
        category: &'static str,
        medicare: i64,
        allowed: i64,
        sharing: Sharing,
        day: Day,
        payer: Payer<'w>,
    ) -> Line<'w> {
        let charge = self.world.content.prices.charge_factor * self.chance.log_normal(1.0, 0.1);
        let submitted = percent_of(medicare, charge).max(allowed);
        let split = match payer.plan {
            Some(plan) => self.year.share(plan, day, sharing, allowed),
            None => Split::default(),
        };
        Line {
            code,
            text,
            quantity,
            category,
            submitted,
            allowed,
            split,
        }
    }

    /// A stay gives the hospital's claim by DRG and the physicians' claim.
    fn stay(
        &mut self,
        at: EncounterIndex,
        encounter: &Encounter<'w>,
        stay: &Stay<'w>,
        payer: Payer<'w>,
    ) {
        let prices = &self.world.content.prices;
        let base = prices.drg_base_cents * stay.admission.drg_weight;
        #[expect(clippy::cast_possible_truncation, reason = "cents of one stay")]
        let medicare = (base * self.chance.log_normal(1.0, 0.16)) as i64;
        let physicians = percent_of(medicare, prices.inpatient_professional_share);
        let surgical = if stay.admission.procedures.is_empty() {
            MEDICAL
        } else {
            SURGICAL
        };
        let text = stay.admission.drg_display.as_str();
        let parts = [
            (BillKind::Inpatient, medicare, text, ROOM_AND_BOARD),
            (
                BillKind::Professional,
                physicians,
                "Physician services in hospital",
                surgical,
            ),
        ];
        for (kind, medicare, text, category) in parts {
            let allowed = percent_of(medicare, payer.factor);
            let day = encounter.start.day;
            let fate = self.fate(payer);
            let payer = match fate {
                Fate::Denied(_) => Payer {
                    plan: None,
                    ..payer
                },
                Fate::Paid | Fate::Again(..) => payer,
            };
            let line = self.priced(
                None,
                text,
                1,
                category,
                medicare,
                allowed,
                Sharing::Usual,
                day,
                payer,
            );
            let bill = Bill {
                kind,
                encounter: Some(at),
                dispense: None,
                from: day,
                to: encounter.end.day,
                lines: vec![line],
                spell: payer.spell,
                place: "21",
                sent: encounter.end.day,
                denied: None,
                again: None,
            };
            self.push(bill, fate);
        }
    }

    /// A fill. Without cover the pharmacy sends no claim.
    fn dispense(&mut self, chart: &Chart<'w>, at: usize) {
        let Some(dispense) = chart.dispenses.get(at) else {
            return;
        };
        let Some(order) = chart.orders.get(dispense.order) else {
            return;
        };
        let payer = self.payer(chart, dispense.day);
        if payer.plan.is_none() {
            return;
        }
        let medicine = order.medicine;
        let allowed = percent_of(medicine.cents, self.chance.log_normal(1.0, 0.06));
        let code = Some(("rxnorm", medicine.rxcui.as_str()));
        let line = self.priced(
            code,
            &medicine.display,
            1,
            "",
            allowed,
            allowed,
            Sharing::Drug,
            dispense.day,
            payer,
        );
        self.bills.push(Bill {
            kind: BillKind::Pharmacy,
            encounter: None,
            dispense: Some(at),
            from: dispense.day,
            to: dispense.day,
            lines: vec![line],
            spell: payer.spell,
            place: "01",
            sent: dispense.day,
            denied: None,
            again: None,
        });
    }
}

fn category(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::Colonoscopy | VisitKind::Operation => SURGICAL,
        _ => MEDICAL,
    }
}
