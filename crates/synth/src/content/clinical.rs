//! Content about illness and care: conditions, measures, medicines, acute illness, stays, prevention.

use serde::Deserialize;

use crate::chance::interpolate;

/// Risk ratios by trait; 1 where not given.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    pub obese: Option<f64>,
    pub smoker: Option<f64>,
    pub former_smoker: Option<f64>,
    pub never_smoker: Option<f64>,
    pub black: Option<f64>,
    pub hispanic: Option<f64>,
    pub female: Option<f64>,
    pub male: Option<f64>,
    pub poor: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measures {
    pub measure: Vec<Measure>,
    pub panel: Vec<Panel>,
}

/// An observation code with its unit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    pub id: String,
    pub loinc: String,
    pub display: String,
    pub unit: String,
    pub ucum: String,
    pub category: String,
    pub digits: u8,
    /// What healthy people have.
    #[serde(default)]
    pub usual: Usual,
    /// Other units in which some laboratories and scales report it.
    #[serde(default)]
    pub variant: Vec<Variant>,
    /// Reference range, as printed on reports.
    pub range: Option<[f64; 2]>,
    /// Position in the file.
    #[serde(skip)]
    pub number: usize,
}

/// What healthy people have, and how it scatters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Usual {
    /// Mean (median, if `log`) of an adult.
    pub mean: f64,
    /// Of men, if it differs.
    pub male: Option<f64>,
    /// Of women, if it differs.
    pub female: Option<f64>,
    /// Added by age: `[age, amount]`.
    pub by_age: Vec<[f64; 2]>,
    /// Added for each kg/m² of body-mass index above 27.
    pub per_bmi: f64,
    /// Standard deviation between people (of the logarithm, if `log`).
    pub between: f64,
    /// Standard deviation from one measurement to the next (of the logarithm, if `log`).
    pub within: f64,
    /// Log-normal rather than normal.
    pub log: bool,
    /// Added in pregnancy by weeks since the last period: `[week, amount]`, up to half a year after birth.
    pub pregnancy: Vec<[f64; 2]>,
    /// A measure that it goes along with between people, and how much (correlation).
    pub follows: Option<(String, f64)>,
    /// Medicines do less the nearer the value is to this, and their full work from `treated_range` above.
    pub treated_to: Option<f64>,
    /// See `treated_to`.
    pub treated_range: f64,
    /// Never below.
    pub low: f64,
    /// Never above.
    pub high: f64,
}

impl Default for Usual {
    fn default() -> Usual {
        Usual {
            mean: 0.0,
            male: None,
            female: None,
            by_age: Vec::new(),
            per_bmi: 0.0,
            between: 0.0,
            within: 0.0,
            log: false,
            pregnancy: Vec::new(),
            follows: None,
            treated_to: None,
            treated_range: 1.0,
            low: f64::MIN,
            high: f64::MAX,
        }
    }
}

/// Another unit: value × `times` + `plus`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub unit: String,
    pub ucum: String,
    pub times: f64,
    #[serde(default)]
    pub plus: f64,
    pub digits: u8,
    /// Share of measurements that are reported so.
    pub share: f64,
    /// Its own LOINC code and display, where the unit belongs to the code.
    pub loinc: Option<String>,
    pub display: Option<String>,
}

/// Measures drawn together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    pub id: String,
    pub members: Vec<String>,
    pub report: Option<String>,
    pub report_display: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Medicines {
    pub medicine: Vec<Medicine>,
}

/// A product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Medicine {
    pub id: String,
    /// Products of the same class are not given together on purpose.
    pub class: Option<String>,
    pub rxcui: String,
    pub display: String,
    pub ingredient: String,
    /// Blank where the subset at hand does not resolve it (never guessed).
    pub ingredient_rxcui: Option<String>,
    pub days: i32,
    pub cents: i64,
    pub dose: String,
    /// How much at a time, in `unit`, and how often; absent where the text has no one plain dose.
    pub amount: Option<u32>,
    pub unit: Option<String>,
    pub times_a_day: Option<u32>,
    #[serde(default)]
    pub as_needed: bool,
    /// What it does to measured values.
    #[serde(default)]
    pub effect: Vec<MedicineEffect>,
    /// How it is taken: `oral`, `inhaled`, `subcutaneous`, `nasal`.
    #[serde(default = "oral")]
    pub route: String,
    /// The next strength up.
    pub stronger: Option<String>,
    /// Share of people who stop it within some months because of side effects.
    #[serde(default)]
    pub intolerance: f64,
    /// Neither begun nor continued in pregnancy.
    #[serde(default)]
    pub avoid_in_pregnancy: bool,
}

/// What a medicine does to a measure when it is taken as it should be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MedicineEffect {
    pub measure: String,
    #[serde(default)]
    pub add: f64,
    #[serde(default = "unchanged")]
    pub times: f64,
    /// Days until it works fully.
    #[serde(default = "a_month")]
    pub full_after_days: i32,
}

fn oral() -> String {
    "oral".to_owned()
}

fn unchanged() -> f64 {
    1.0
}

fn a_month() -> i32 {
    30
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Illnesses {
    pub source: String,
    pub care_seeking: f64,
    pub emergency_poor: f64,
    pub emergency_others: f64,
    pub illness: Vec<Illness>,
}

/// An acute illness or injury.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Illness {
    pub id: String,
    pub syndrome: String,
    /// Visits per 1,000 a year by age band, see [`age_band`].
    pub rates: [f64; 6],
    /// Amplitude 0–1 and day of the year of the peak.
    pub season: [f64; 2],
    /// Share to clinic, telehealth, urgent care, emergency.
    pub places: [f64; 4],
    pub fever_share: f64,
    /// Weights of emergency levels 3, 4, 5.
    pub acuity: [f64; 3],
    pub codes: Vec<(String, f64)>,
    pub medicines: Vec<String>,
    pub medicine_share: f64,
    /// Share who get a medicine, for codes that begin so; others: `medicine_share`.
    #[serde(default)]
    pub medicine_share_of: Vec<(String, f64)>,
    /// What is looked at.
    #[serde(default)]
    pub studies: Vec<Looked>,
    /// Chief complaints; `CODE: words` belongs to codes that begin so, others to any.
    #[serde(default)]
    pub complaints: Vec<String>,
    pub needs: Option<String>,
}

/// A study that goes with an illness.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looked {
    /// Codes that begin so.
    pub code: String,
    /// Which study.
    pub study: String,
    /// Share of visits in person.
    pub share: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Admissions {
    pub source: String,
    pub admission: Vec<Admission>,
}

/// A reason for a hospital stay.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    pub id: String,
    pub code: String,
    pub secondary: Vec<String>,
    pub drg: String,
    pub drg_display: String,
    pub drg_weight: f64,
    /// Stays per 1,000 a year by age band (among those with `needs`).
    pub rates: [f64; 6],
    pub days_mean: f64,
    pub planned: bool,
    pub emergency_share: f64,
    /// Share readmitted within 30 days.
    pub readmission: f64,
    pub death: f64,
    /// ICD-10-PCS code and display.
    pub procedures: Vec<(String, String)>,
    /// Diseases or states without which it does not happen; one is enough.
    #[serde(default)]
    pub needs: Vec<String>,
    pub only: Option<String>,
}

/// Index of the age bands 0–4, 5–17, 18–44, 45–64, 65–74, 75+.
#[must_use]
pub(super) fn age_band(age: i32) -> usize {
    match age {
        ..5 => 0,
        5..18 => 1,
        18..45 => 2,
        45..65 => 3,
        65..75 => 4,
        _ => 5,
    }
}

impl Medicine {
    /// Units handed over for its usual days of supply, with their name.
    #[must_use]
    pub fn quantity(&self) -> Option<(i64, &str)> {
        let (amount, times) = (self.amount?, self.times_a_day?);
        let each_day = i64::from(amount) * i64::from(times);
        Some((each_day * i64::from(self.days), self.unit.as_deref()?))
    }
}

impl Illness {
    /// The complaints that go with a code.
    pub fn complaints_of<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> {
        self.complaints
            .iter()
            .filter_map(move |complaint| match complaint.split_once(": ") {
                Some((prefix, words)) => code.starts_with(prefix).then_some(words),
                None => Some(complaint.as_str()),
            })
    }

    /// Share who get a medicine for a code.
    #[must_use]
    pub fn medicine_share_for(&self, code: &str) -> f64 {
        let mut own = self.medicine_share_of.iter();
        own.find(|(prefix, _)| code.starts_with(prefix.as_str()))
            .map_or(self.medicine_share, |(_, share)| *share)
    }

    /// Visits per person-year at an age.
    #[must_use]
    pub fn rate(&self, age: i32) -> f64 {
        self.rates.get(age_band(age)).copied().unwrap_or(0.0) / 1000.0
    }
}

impl Admission {
    /// Stays per person-year at an age.
    #[must_use]
    pub fn rate(&self, age: i32) -> f64 {
        self.rates.get(age_band(age)).copied().unwrap_or(0.0) / 1000.0
    }
}

/// Immunization and screening.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prevention {
    pub immunization: Vec<Immunization>,
    pub influenza: Influenza,
    pub colorectal: Colorectal,
    pub depression_screening: DepressionScreening,
}

/// A vaccine with its due ages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Immunization {
    pub cvx: String,
    pub display: String,
    pub ages_months: Vec<i32>,
    pub uptake: f64,
}

/// Yearly influenza vaccine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Influenza {
    pub source: String,
    pub cvx: String,
    pub display: String,
    pub uptake: Vec<[f64; 2]>,
}

impl Influenza {
    /// Uptake at an age: the last step not above it.
    #[must_use]
    pub fn uptake_at(&self, age: i32) -> f64 {
        let age = f64::from(age);
        self.uptake
            .iter()
            .rev()
            .find(|[from, _]| *from <= age)
            .map_or(0.0, |[_, share]| *share)
    }
}

/// Colorectal cancer screening.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colorectal {
    pub source: String,
    pub from_age: i32,
    pub to_age: i32,
    pub high_risk_share: f64,
    pub colonoscopy_years: i32,
    pub stool_test_years: i32,
    pub prefers_stool_test: f64,
    pub ever_screened: Vec<[f64; 2]>,
}

impl Colorectal {
    /// Share ever screened at an age.
    #[must_use]
    pub fn ever_screened_at(&self, age: f64) -> f64 {
        if age < f64::from(self.from_age) {
            0.0
        } else {
            interpolate(&self.ever_screened, age)
        }
    }
}

/// Depression screening at wellness visits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepressionScreening {
    pub source: String,
    pub from_age: i32,
    pub share: f64,
}

/// Kinds of encounter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitKind {
    AdultWellness,
    ChildWellness,
    FollowUp,
    Problem,
    Telehealth,
    UrgentCare,
    Emergency,
    Inpatient,
    Colonoscopy,
    Vaccination,
    Prenatal,
    Specialist,
    Operation,
}

/// Encounter kinds, week shapes, kidney stages and flaws.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visits {
    pub visit: Vec<Visit>,
    pub week: Week,
    pub kidney_stage: Vec<KidneyStage>,
    pub flaws: Flaws,
}

/// A kind of encounter as FHIR sees it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    pub kind: VisitKind,
    pub class: String,
    pub class_display: String,
    pub snomed: String,
    pub display: String,
    pub reason: Option<String>,
    pub service: String,
    pub minutes: i32,
}

/// Shares of arrivals by weekday, Monday first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Week {
    pub source: String,
    pub clinic: [f64; 7],
    pub urgent_care: [f64; 7],
    pub emergency: [f64; 7],
    pub elective: [f64; 7],
}

/// A KDIGO G stage.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KidneyStage {
    pub name: String,
    pub egfr_from: f64,
}

/// Rates of flaws in the record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flaws {
    pub observation_without_unit: f64,
    pub observation_without_date: f64,
    pub condition_without_code: f64,
    pub condition_without_onset: f64,
    pub encounter_without_end: f64,
}

/// High-priority pairs among our medicines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interactions {
    pub pair: Vec<Pair>,
    pub qt: Qt,
}

/// A pair of ingredients.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub item: u32,
    pub object: String,
    pub precipitant: String,
}

/// QT-prolonging ingredients: any two of them are item 21.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qt {
    pub item: u32,
    pub members: Vec<String>,
}

impl Interactions {
    /// The number of the list's item that names this pair, in either order.
    #[must_use]
    pub fn item(&self, a: &str, b: &str) -> Option<u32> {
        let same = |p: &&Pair| {
            (p.object == a && p.precipitant == b) || (p.object == b && p.precipitant == a)
        };
        let named = self.pair.iter().find(same).map(|p| p.item);
        let both = || {
            let member = |x: &str| self.qt.members.iter().any(|m| m == x);
            (a != b && member(a) && member(b)).then_some(self.qt.item)
        };
        named.or_else(both)
    }
}
