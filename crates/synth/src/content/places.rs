//! Content about places, people and money: `region.toml`, `people.toml`, `coverage.toml`, `prices.toml`.

use serde::Deserialize;

/// The county.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    pub county: String,
    pub state: String,
    pub country: String,
    pub utc_offset_minutes: i32,
    pub area: Vec<Area>,
    pub facility: Vec<Facility>,
    pub staff: Vec<Staff>,
}

/// A ZCTA-like area.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    pub code: String,
    pub city: String,
    pub latitude: f64,
    pub longitude: f64,
    pub spread_degrees: f64,
    pub population: f64,
    /// Income relative to the county.
    pub income: f64,
    pub hispanic: f64,
}

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FacilityKind {
    Hospital,
    Clinic,
    UrgentCare,
    Pharmacy,
}

/// A place of care.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    pub id: String,
    pub kind: FacilityKind,
    pub name: String,
    pub area: String,
    pub latitude: f64,
    pub longitude: f64,
    pub line: String,
    #[serde(default)]
    pub safety_net: bool,
}

/// What a practitioner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StaffRole {
    PrimaryCare,
    UrgentCare,
    Emergency,
    Hospitalist,
    Surgery,
    Gastroenterology,
    Specialist,
}

/// How many practitioners of a role a kind of facility has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    pub facility_kind: FacilityKind,
    pub role: StaffRole,
    pub specialty_code: String,
    pub specialty: String,
    /// What people are referred to that they see to, as the referral begins, in small letters.
    #[serde(default)]
    pub serves: Vec<String>,
    pub count: u32,
}

/// Who lives there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    pub age: Vec<AgeBand>,
    pub mortality: Mortality,
    pub race: Vec<Race>,
    pub language: Language,
    pub body: Bodies,
    pub smoking: Smoking,
    pub income: Income,
    pub engagement: Engagement,
    pub names: Names,
}

/// A share of the population by age.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeBand {
    pub from: i32,
    pub to: i32,
    pub share: f64,
}

/// Deaths per 1,000 a year by age.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mortality {
    pub source: String,
    /// Share of the deaths from 40 years that the disease files do not bring about themselves.
    pub without_diseases: f64,
    pub curve: Vec<[f64; 2]>,
}

/// An OMB race category.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Race {
    pub code: String,
    pub display: String,
    pub share: f64,
}

/// Languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    pub source: String,
    pub spanish_share_of_hispanic: f64,
    pub other_share: f64,
}

/// Adult bodies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bodies {
    pub height_cm_male: [f64; 2],
    pub height_cm_female: [f64; 2],
    pub bmi_median: f64,
    pub bmi_log_sd: f64,
    pub obese_from: f64,
}

/// Smoking among adults.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smoking {
    pub current: f64,
    pub former: f64,
}

/// Income in multiples of the federal poverty level.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Income {
    pub median_fpl: f64,
    pub log_sd: f64,
}

/// How people keep to care.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engagement {
    pub mean: f64,
    pub sd: f64,
    pub lapse_per_year: f64,
}

/// Made-up names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub family: Vec<String>,
    pub female: Vec<String>,
    pub male: Vec<String>,
    pub street: Vec<String>,
}

/// Insurance.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    pub source: String,
    pub change: Change,
    pub plan: Vec<Plan>,
}

/// How cover begins and ends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub medicaid_below_fpl: f64,
    pub medicaid_take_up: f64,
    pub children_medicaid_below_fpl: f64,
    pub employer_share_poor: f64,
    pub employer_share: f64,
    pub marketplace_share: f64,
    pub loss_per_year: f64,
    pub gap_days: [i32; 2],
    pub medicare_from_age: i32,
    pub disabled_medicare_share: f64,
}

/// An insurance plan and its cost sharing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub id: String,
    pub payer: String,
    pub name: String,
    pub type_code: String,
    pub type_display: String,
    /// Allowed amounts relative to Medicare.
    pub price_factor: f64,
    pub deductible_cents: i64,
    pub primary_copay_cents: i64,
    pub urgent_copay_cents: i64,
    pub emergency_copay_cents: i64,
    pub coinsurance: f64,
    pub out_of_pocket_max_cents: i64,
    pub drug_coinsurance: f64,
    /// Share of claims (not a pharmacy's) that it denies at first.
    pub denied_share: f64,
}

/// What services cost.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    pub charge_factor: f64,
    pub drg_base_cents: f64,
    pub inpatient_professional_share: f64,
    pub self_pay_factor: f64,
    pub service: Vec<Service>,
}

/// A priced service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: String,
    /// HCPCS level II; empty where only CPT has a code (CPT may not be shipped).
    pub hcpcs: String,
    pub display: String,
    pub allowed_cents: i64,
    /// CMS place of service.
    pub place_of_service: String,
}
