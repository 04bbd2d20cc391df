//! A synthetic health system with known truth.
//!
//! Real records may not be shared and carry no answer key. This crate makes a small county with its
//! people, places, illness, care and money, writes it as FHIR R4 (US Core 6.1 shaped, claims CARIN
//! Blue Button shaped), and says in [`Truth`] what is so: which orders are harmful, which week holds
//! an outbreak, who fell out of care.
//!
//! ```text
//!  content/synth/**.toml ──► World (places, staff, window, the county's epidemics)
//!                              │   for each household and patient, by streams of their own:
//!                              ▼
//!  Household ─► Person ─► Health (courses, body) ─► Agenda ─► Care (chart) ─► Billing ─► Emitter ─► Sink
//!      └─► infections ────────────────────────────────┘           └────────► inspect ─► Rows of truth
//! ```
//!
//! ```
//! use salus_synth::{Collected, Options, generate};
//!
//! let options = Options { patients: 20, years: 2, seed: 7, ..Options::default() };
//! let mut records = Collected::default();
//! let truth = generate(&options, &mut records)?;
//! assert_eq!(truth.people.all, 20);
//! assert!(records.by_type["Observation"].lines().count() > 20);
//! # Ok::<(), salus_synth::SynthError>(())
//! ```
//!
//! # Invariants
//! - No input or output, no clock: lines go to a [`Sink`], "today" is [`Options::end_date`].
//! - The same options give the same bytes, whatever the number of threads. A patient depends on seed,
//!   number, years, end date, region and scenario only: not on how many patients there are. So
//!   households are made of neighbouring numbers, and epidemics run on a population of their own.
//!   Plants go by patient number for the same reason.
//! - Memory does not grow with the number of patients, unless [`generate()`] is asked to keep the truth.
//! - Clinical content is data in `content/synth`, each rate with its source. Codes are ICD-10-CM,
//!   ICD-10-PCS, LOINC, RxNorm, CVX, HCPCS level II, UCUM; SNOMED CT only where US Core or FHIR's own
//!   value sets ask for it; never CPT.
//! - [`Truth`] is read off the finished records, so it cannot say what they do not hold.
//!
//! # What it does not do (yet)
//! Appointments and no-shows, moves between addresses, deaths in the household, radiology beyond a
//! conclusion, pharmacy denials, vaccines against COVID-19; a vaccine spares visits but does not slow the
//! county's epidemic. Notes are put together from what the record holds. Floating point functions come
//! from the platform, so bytes are promised equal on one platform, not between two.

mod agenda;
mod billing;
#[cfg(test)]
mod book;
mod calendar;
mod care;
mod chance;
mod chart;
mod check;
mod content;
mod cover;
mod emit;
mod epidemic;
mod error;
#[cfg(feature = "folder")]
mod folder;
mod generate;
mod health;
mod hl7v2;
mod household;
mod inspect;
mod json;
mod person;
mod sink;
mod truth;
mod weave;
mod world;

pub use check::{Census, Figure, Measure, Report, Row, Whom, check};
pub use content::{Label, PlantKind};
pub use error::{SinkError, SynthError};
#[cfg(feature = "folder")]
pub use folder::{Folder, FolderError, TableError};
pub use generate::{Options, Summary, generate, sources, stream};
pub use hl7v2::{Message, batch_begin, batch_end};
pub use sink::{Chunk, Chunks, Collected, Sink};
pub use truth::{
    About, AllergyTruth, CareGap, Duplicate, ErrorRow, FlawCounts, HouseholdRow, InfectionRow,
    InteractionTruth, KidneyTruth, Latent, OrderTruth, OutbreakCase, OutbreakTruth, People,
    PlantTruth, Readmission, RenalTruth, Rows, StateRow, Truth, Uninsured,
};
