//! The record of a patient as typed values, before it becomes FHIR.
//!
//! Records are numbered from 1 within their type; the number is part of the id. Links between
//! records are indexes into the chart's lists.

use crate::calendar::{Day, Moment};
use crate::content::{
    Admission, Allergy, Denial, Immunization, Measure, Medicine, Operation, OrderStatus, Panel,
    State, StudyKind, Variant, Visit, VisitKind,
};
use crate::cover::{Spell, Split};
use crate::epidemic::Infection;
use crate::health::Course;
use crate::json::Fixed;
use crate::person::Person;

/// Index of an encounter in its chart.
pub type EncounterIndex = usize;

/// Everything recorded about a patient.
#[derive(Debug)]
pub struct Chart<'w> {
    pub person: Person<'w>,
    pub cover: Vec<Spell<'w>>,
    pub encounters: Vec<Encounter<'w>>,
    pub problems: Vec<Problem<'w>>,
    pub observations: Vec<Observation<'w>>,
    pub reports: Vec<Report<'w>>,
    pub orders: Vec<Order<'w>>,
    pub dispenses: Vec<Dispense>,
    pub allergies: Vec<RecordedAllergy<'w>>,
    pub immunizations: Vec<Vaccination<'w>>,
    pub procedures: Vec<Procedure<'w>>,
    pub bills: Vec<Bill<'w>>,
    /// Cases of planted outbreaks: encounter and outbreak id.
    pub outbreak_cases: Vec<(EncounterIndex, &'w str)>,
    /// All infections, with the encounter where care was sought.
    pub infections: Vec<(Infection, Option<EncounterIndex>)>,
    /// Orders for tests and referrals.
    pub requests: Vec<Request<'w>>,
    /// Imaging and cytology.
    pub studies: Vec<Study<'w>>,
    /// Errors that were planted at rates.
    pub errors: Vec<PlantedError<'w>>,
    /// The course of each disease, as it was at last.
    pub courses: Vec<Course<'w>>,
}

impl<'w> Chart<'w> {
    /// An empty chart.
    #[must_use]
    pub fn new(person: Person<'w>, cover: Vec<Spell<'w>>) -> Chart<'w> {
        Chart {
            person,
            cover,
            encounters: Vec::new(),
            problems: Vec::new(),
            observations: Vec::new(),
            reports: Vec::new(),
            orders: Vec::new(),
            dispenses: Vec::new(),
            allergies: Vec::new(),
            immunizations: Vec::new(),
            procedures: Vec::new(),
            bills: Vec::new(),
            outbreak_cases: Vec::new(),
            infections: Vec::new(),
            requests: Vec::new(),
            studies: Vec::new(),
            errors: Vec::new(),
            courses: Vec::new(),
        }
    }

    /// The spell of cover of a day, with its index.
    #[must_use]
    pub fn covered(&self, day: Day) -> Option<(usize, Spell<'w>)> {
        self.cover
            .iter()
            .copied()
            .enumerate()
            .find(|(_, s)| s.covers(day))
    }

    /// Whether an encounter hangs on the duplicate record.
    #[must_use]
    pub fn on_duplicate(&self, encounter: Option<EncounterIndex>) -> bool {
        encounter
            .and_then(|at| self.encounters.get(at))
            .is_some_and(|e| e.duplicate)
    }
}

/// An encounter.
#[derive(Debug)]
pub struct Encounter<'w> {
    /// What kind, as content.
    pub visit: &'w Visit,
    /// Begin.
    pub start: Moment,
    /// End.
    pub end: Moment,
    /// ICD-10-CM reason.
    pub reason: Option<&'w str>,
    /// What the patient says is wrong, as it is typed at the desk.
    pub complaint: Option<String>,
    /// Further ICD-10-CM codes.
    pub secondary: Vec<&'w str>,
    /// Index of the facility.
    pub facility: usize,
    /// Number of the practitioner.
    pub practitioner: usize,
    /// Emergency level 3–5.
    pub level: u8,
    /// A hospital stay.
    pub stay: Option<Stay<'w>>,
    /// An operation without a night in hospital.
    pub operation: Option<&'w Operation>,
    /// Ids of priced services beside the visit, its tests, studies and vaccines.
    pub services: Vec<&'w str>,
    /// Whether it hangs on the duplicate record.
    pub duplicate: bool,
    /// Whether the end is missing in the record (a flaw).
    pub open: bool,
}

impl Encounter<'_> {
    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> VisitKind {
        self.visit.kind
    }
}

/// What is special about a hospital stay.
#[derive(Debug)]
pub struct Stay<'w> {
    /// Why.
    pub admission: &'w Admission,
    /// Planned (elective).
    pub planned: bool,
    /// Came through the emergency department.
    pub through_emergency: bool,
    /// The stay within 30 days before, if this is a readmission.
    pub readmission_of: Option<EncounterIndex>,
    /// FHIR discharge disposition code.
    pub discharge: &'static str,
}

/// A Condition.
#[derive(Debug)]
pub struct Problem<'w> {
    /// Content id of the disease; none: an encounter diagnosis.
    pub condition: Option<&'w str>,
    /// Its state.
    pub state: Option<&'w State>,
    /// ICD-10-CM.
    pub code: &'w str,
    /// Begin.
    pub onset: Option<Day>,
    /// End.
    pub abatement: Option<Day>,
    /// When it was written down.
    pub recorded: Day,
    /// Where it was written down.
    pub encounter: Option<EncounterIndex>,
    /// The code is missing, only text is there (a flaw).
    pub uncoded: bool,
    /// It was suspected and is not so (planted).
    pub refuted: bool,
}

/// The value of an observation.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// A number in the measure's unit.
    Number(Fixed),
    /// Systolic and diastolic pressure in mmHg.
    Pressure(i64, i64),
    /// SNOMED CT code and display.
    Coded(&'static str, &'static str),
}

/// An observation.
#[derive(Debug)]
pub struct Observation<'w> {
    /// What.
    pub measure: &'w Measure,
    /// When.
    pub at: Moment,
    /// Where.
    pub encounter: EncounterIndex,
    /// The value.
    pub value: Value,
    /// The date is missing (a flaw).
    pub undated: bool,
    /// The unit is missing (a flaw).
    pub unitless: bool,
    /// The unit in which it is reported; none: the usual one.
    pub variant: Option<&'w Variant>,
    /// The number was not converted to that unit (planted).
    pub mislabelled: bool,
    /// Entered in error; the right one follows (planted).
    pub void: bool,
    /// Sent with a wrong value at first (planted).
    pub amended: Option<Amended>,
}

/// A result that was sent with a wrong value and corrected later, under the same id.
#[derive(Debug, Clone, Copy)]
pub struct Amended {
    /// The value that was sent first.
    pub first: Fixed,
    /// When the right one was sent.
    pub at: Moment,
}

impl Amended {
    /// When a result is sent for the first time.
    #[must_use]
    pub fn sent_first(taken: Moment) -> Moment {
        taken.plus_minutes(180)
    }
}

impl<'w> Observation<'w> {
    /// The observation as it was sent before it was corrected.
    #[must_use]
    pub fn as_sent_first(&self, amended: Amended) -> Observation<'w> {
        Observation {
            value: Value::Number(amended.first),
            amended: None,
            ..*self
        }
    }
}

/// A DiagnosticReport over observations that follow each other.
#[derive(Debug)]
pub struct Report<'w> {
    /// The panel.
    pub panel: &'w Panel,
    /// Index of the first observation.
    pub first: usize,
    /// How many.
    pub count: usize,
}

/// A MedicationRequest.
#[derive(Debug)]
pub struct Order<'w> {
    /// What.
    pub medicine: &'w Medicine,
    /// When it was written.
    pub authored: Moment,
    /// Where.
    pub encounter: EncounterIndex,
    /// Days that it is good for, refills included.
    pub supply_days: i32,
    /// Condition of the ladder that it belongs to.
    pub ladder: Option<&'w str>,
    /// Status at the end of the data.
    pub status: OrderStatus,
    /// When it was stopped.
    pub stopped: Option<Day>,
    /// Whether it was stopped because the next order took its place.
    pub renewed: bool,
    /// ICD-10-CM reason.
    pub reason: Option<&'w str>,
    /// Why it was stopped, in words.
    pub stopped_for: Option<&'static str>,
    /// Whether side effects were asked about.
    pub reviewed: bool,
    /// Never picked up at the pharmacy.
    pub never_filled: bool,
    /// Another dose than the product's usual one: how much, how often a day (planted).
    pub dose: Option<(u32, u32)>,
    /// Another route (planted).
    pub route: Option<&'w str>,
    /// Part of a plant.
    pub planted: bool,
}

impl Order<'_> {
    /// Last day on which it can be taken.
    #[must_use]
    pub fn last_day(&self) -> Day {
        let supply = self.authored.day + self.supply_days - 1;
        self.stopped
            .map_or(supply, |stopped| supply.min(stopped - 1))
    }

    /// Whether it is taken on a day, as far as the record says.
    #[must_use]
    pub fn running(&self, day: Day) -> bool {
        !matches!(
            self.status,
            OrderStatus::Cancelled | OrderStatus::EnteredInError
        ) && (self.authored.day..=self.last_day()).contains(&day)
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'w> {
    /// A panel, with its report (index).
    Panel(&'w Panel, usize),
    /// A study (index).
    Study(usize),
    /// A specialist.
    Referral(&'w str),
}

/// A ServiceRequest.
#[derive(Debug)]
pub struct Request<'w> {
    /// What.
    pub asked: Asked<'w>,
    /// Where it was asked for.
    pub encounter: EncounterIndex,
    /// ICD-10-CM reason.
    pub reason: Option<&'w str>,
    /// Whether it was done.
    pub done: bool,
}

/// A report of imaging, a tracing or a slide.
#[derive(Debug)]
pub struct Study<'w> {
    /// What was looked at.
    pub kind: &'w StudyKind,
    /// Where it was asked for.
    pub encounter: EncounterIndex,
    /// What it says.
    pub conclusion: &'w str,
}

/// An error or a needless service planted at a rate, or a twin of one.
#[derive(Debug)]
pub struct PlantedError<'w> {
    /// Its id in the content.
    pub kind: &'w str,
    /// In words.
    pub why: &'w str,
    /// Whether it is the harmless twin.
    pub twin: bool,
    /// The record that carries it.
    pub at: ErrorAt,
}

/// The record that carries an error.
#[derive(Debug, Clone, Copy)]
pub enum ErrorAt {
    /// An order (index).
    Order(usize),
    /// An observation (index).
    Observation(usize),
    /// A report of a panel (index).
    Report(usize),
    /// A study (index).
    Study(usize),
    /// A bill (index).
    Bill(usize),
    /// The second record of the patient.
    SecondRecord,
}

/// A MedicationDispense.
#[derive(Debug)]
pub struct Dispense {
    /// Index of the order.
    pub order: usize,
    /// When it was handed over.
    pub day: Day,
    /// Index of the pharmacy.
    pub pharmacy: usize,
}

/// An AllergyIntolerance.
#[derive(Debug)]
pub struct RecordedAllergy<'w> {
    /// RxNorm ingredient.
    pub rxcui: &'w str,
    /// Its name.
    pub display: &'w str,
    /// `active`, `inactive`, `resolved`.
    pub status: &'w str,
    /// `confirmed`, `refuted`, …
    pub verification: &'w str,
    /// `hives` or `anaphylaxis`.
    pub reaction: &'w str,
    /// When it was written down.
    pub recorded: Day,
}

impl<'w> RecordedAllergy<'w> {
    /// A planted allergy.
    #[must_use]
    pub fn planted(allergy: &'w Allergy, recorded: Day) -> RecordedAllergy<'w> {
        RecordedAllergy {
            rxcui: &allergy.rxcui,
            display: &allergy.display,
            status: &allergy.status,
            verification: &allergy.verification,
            reaction: &allergy.reaction,
            recorded,
        }
    }

    /// Whether it counts: active and not refuted.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.status == "active" && !matches!(self.verification, "refuted" | "entered-in-error")
    }
}

/// Which vaccine.
#[derive(Debug, Clone, Copy)]
pub enum Vaccine<'w> {
    /// Of the schedule.
    Scheduled(&'w Immunization),
    /// The yearly one.
    Influenza,
}

/// An Immunization.
#[derive(Debug)]
pub struct Vaccination<'w> {
    /// Which.
    pub vaccine: Vaccine<'w>,
    /// When.
    pub at: Moment,
    /// Where.
    pub encounter: EncounterIndex,
}

/// The code of a procedure.
#[derive(Debug, Clone, Copy)]
pub enum ProcedureCode<'w> {
    /// ICD-10-PCS code and display.
    Pcs(&'w str, &'w str),
    /// HCPCS level II code and display.
    Hcpcs(&'w str, &'w str),
}

/// A Procedure.
#[derive(Debug)]
pub struct Procedure<'w> {
    /// What.
    pub code: ProcedureCode<'w>,
    /// When; history has only a day.
    pub day: Day,
    /// Where; none: before the records begin.
    pub encounter: Option<EncounterIndex>,
}

/// What kind of claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillKind {
    /// By a practitioner.
    Professional,
    /// By a hospital, outpatient.
    Outpatient,
    /// By a hospital, inpatient.
    Inpatient,
    /// By a pharmacy.
    Pharmacy,
}

/// A line of a claim.
#[derive(Debug, Clone, Copy)]
pub struct Line<'w> {
    /// System (`hcpcs`, `rxnorm`) and code; none: only text.
    pub code: Option<(&'static str, &'w str)>,
    /// Text.
    pub text: &'w str,
    /// How many.
    pub quantity: i64,
    /// Code of FHIR's example benefit categories.
    pub category: &'static str,
    /// Charged, in cents.
    pub submitted: i64,
    /// Allowed, in cents.
    pub allowed: i64,
    /// How it is shared; all zero without cover.
    pub split: Split,
}

/// A Claim, and its ExplanationOfBenefit where there was cover.
#[derive(Debug)]
pub struct Bill<'w> {
    /// What kind.
    pub kind: BillKind,
    /// Of an encounter.
    pub encounter: Option<EncounterIndex>,
    /// Or of a dispense.
    pub dispense: Option<usize>,
    /// First day of service.
    pub from: Day,
    /// Last day of service.
    pub to: Day,
    /// Lines.
    pub lines: Vec<Line<'w>>,
    /// Index of the spell of cover; none: the patient pays.
    pub spell: Option<usize>,
    /// CMS place of service.
    pub place: &'w str,
    /// When the claim was sent.
    pub sent: Day,
    /// Why it was denied, if it was.
    pub denied: Option<&'w Denial>,
    /// The denied bill that it sends again (index).
    pub again: Option<usize>,
}
