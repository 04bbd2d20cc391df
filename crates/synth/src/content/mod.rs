//! Clinical content as data: the TOML files of `content/synth`, embedded, parsed and checked.

mod check;
mod clinical;
mod disease;
mod diseases;
mod errors;
mod places;
mod plants;
mod services;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use clinical::{
    Admission, Illness, Immunization, Interactions, KidneyStage, Measure, Medicine, Panel,
    Prevention, Risk, Variant, Visit, VisitKind, Visits,
};
pub use disease::{Disease, Effect, Line, Move, State, WELL, names};
pub use errors::{ErrorKind, ErrorSpec};
pub use places::{
    Area, Coverage, Facility, FacilityKind, People, Plan, Prices, Race, Region, Service, StaffRole,
};
pub use plants::{Allergy, Label, Order, OrderStatus, Outbreak, Plant, PlantKind};

pub use services::{Denial, Department, LowValue, Occasion, Operation, StudyKind};

use crate::check::Figure;
use crate::error::SynthError;

/// Everything that the content files say.
#[derive(Debug)]
pub struct Content {
    pub region: Region,
    pub people: People,
    pub coverage: Coverage,
    pub prices: Prices,
    /// A disease that raises the risk of another stands before it.
    pub diseases: Vec<Disease>,
    pub measures: Vec<Measure>,
    pub panels: Vec<Panel>,
    pub medicines: Vec<Medicine>,
    pub illnesses: Vec<Illness>,
    pub admissions: Vec<Admission>,
    pub prevention: Prevention,
    pub visits: Visits,
    pub plants: Vec<Plant>,
    pub outbreaks: Vec<Outbreak>,
    pub interactions: Interactions,
    pub errors: Vec<ErrorSpec>,
    pub studies: Vec<StudyKind>,
    pub operations: Vec<Operation>,
    pub low_value: Vec<LowValue>,
    pub denials: Vec<Denial>,
    denial_source: String,
    /// Multiplies all rates of acute illness.
    pub care_seeking: f64,
    /// Multiplies the emergency share: for poor people, for others.
    pub emergency_factor: (f64, f64),
    illness_source: String,
    admission_source: String,
    operation_source: String,
    displays: BTreeMap<String, String>,
    /// Figures to be met that came with diseases.
    pub figures: Vec<Figure>,
    ids: Ids,
}

/// Where each named thing stands in its list.
#[derive(Debug, Default)]
struct Ids {
    medicines: BTreeMap<String, usize>,
    measures: BTreeMap<String, usize>,
    panels: BTreeMap<String, usize>,
    services: BTreeMap<String, usize>,
}

macro_rules! read {
    ($file:literal) => {
        parse(
            $file,
            include_str!(concat!("../../../../content/synth/", $file)),
        )
    };
}

impl Content {
    /// Parses the embedded files and checks that every name resolves.
    ///
    /// # Errors
    /// [`SynthError::Content`] for a file of the wrong shape, [`SynthError::Unknown`] for a name
    /// that nothing defines, [`SynthError::Empty`] for a table without rows.
    pub fn embedded() -> Result<Content, SynthError> {
        Content::of(None, &[])
    }

    /// The same with the region of a file's text in place of the embedded county, and with further
    /// diseases by the texts of their files.
    ///
    /// # Errors
    /// As for [`Content::embedded`], and [`SynthError::Circle`] for diseases that wait for each other.
    pub fn of(region: Option<&str>, more: &[String]) -> Result<Content, SynthError> {
        let measures: clinical::Measures = read!("measures.toml")?;
        let plants: plants::Plants = read!("plants.toml")?;
        let acute: clinical::Illnesses = read!("acute.toml")?;
        let stays: clinical::Admissions = read!("admissions.toml")?;
        let codes: Displays = read!("icd10cm.toml")?;
        let day_surgery: services::Operations = read!("operations.toml")?;
        let denials: services::Denials = read!("denials.toml")?;
        let mut content = Content {
            region: match region {
                Some(text) => parse("the region file", text)?,
                None => read!("region.toml")?,
            },
            people: read!("people.toml")?,
            coverage: read!("coverage.toml")?,
            prices: read!("prices.toml")?,
            diseases: diseases::embedded()?,
            measures: measures.measure,
            panels: measures.panel,
            medicines: read!("medicines.toml").map(|m: clinical::Medicines| m.medicine)?,
            care_seeking: acute.care_seeking,
            emergency_factor: (acute.emergency_poor, acute.emergency_others),
            illnesses: acute.illness,
            admissions: stays.admission,
            illness_source: acute.source,
            admission_source: stays.source,
            prevention: read!("prevention.toml")?,
            visits: read!("visits.toml")?,
            plants: plants.plant,
            outbreaks: plants.outbreak,
            interactions: read!("interactions.toml")?,
            errors: read!("errors.toml").map(|e: errors::Errors| e.error)?,
            studies: read!("studies.toml").map(|s: services::Studies| s.study)?,
            operations: day_surgery.operation,
            operation_source: day_surgery.source,
            denials: denials.denial,
            denial_source: denials.source,
            low_value: read!("low-value.toml").map(|s: services::LowValues| s.service)?,
            displays: codes.display,
            figures: Vec::new(),
            ids: Ids::default(),
        };
        diseases::add(&mut content, more)?;
        for (number, measure) in content.measures.iter_mut().enumerate() {
            measure.number = number;
        }
        content.ids = content.index();
        content.check()?;
        Ok(content)
    }

    /// The medicine of this id.
    #[must_use]
    pub fn medicine(&self, id: &str) -> Option<&Medicine> {
        self.ids
            .medicines
            .get(id)
            .and_then(|&at| self.medicines.get(at))
    }

    /// The measure of this id.
    #[must_use]
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.ids
            .measures
            .get(id)
            .and_then(|&at| self.measures.get(at))
    }

    /// The panel of this id.
    #[must_use]
    pub fn panel(&self, id: &str) -> Option<&Panel> {
        self.ids.panels.get(id).and_then(|&at| self.panels.get(at))
    }

    /// The kind of study of this id.
    #[must_use]
    pub fn study(&self, id: &str) -> Option<&StudyKind> {
        self.studies.iter().find(|s| s.id == id)
    }

    /// The priced service of this id.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.ids
            .services
            .get(id)
            .and_then(|&at| self.prices.service.get(at))
    }

    /// The kind of visit.
    #[must_use]
    pub fn visit(&self, kind: VisitKind) -> Option<&Visit> {
        self.visits.visit.iter().find(|v| v.kind == kind)
    }

    /// An admission by id.
    #[must_use]
    pub fn admission(&self, id: &str) -> Option<&Admission> {
        self.admissions.iter().find(|a| a.id == id)
    }

    /// An acute illness by id.
    #[must_use]
    pub fn illness(&self, id: &str) -> Option<&Illness> {
        self.illnesses.iter().find(|i| i.id == id)
    }

    /// The display of an ICD-10-CM code.
    #[must_use]
    pub fn display(&self, icd10cm: &str) -> &str {
        self.displays.get(icd10cm).map_or("", String::as_str)
    }

    /// The KDIGO stage of an eGFR in mL/min/1.73 m².
    #[must_use]
    pub fn kidney_stage(&self, egfr: f64) -> Option<(usize, &KidneyStage)> {
        self.visits
            .kidney_stage
            .iter()
            .enumerate()
            .find(|(_, s)| egfr >= s.egfr_from)
    }

    /// Where the rates come from: subject and citation.
    #[must_use]
    pub fn sources(&self) -> Vec<(String, String)> {
        let of_moves = self.diseases.iter().flat_map(|d| {
            let moves = d.moves.iter().filter(|m| !m.source.is_empty());
            moves.map(|m| (d.name.as_str(), &m.source))
        });
        let diseases = self.diseases.iter().map(|d| (d.name.as_str(), &d.source));
        let diseases = diseases.chain(of_moves);
        let tables = [
            ("Mortality", &self.people.mortality.source),
            ("Language", &self.people.language.source),
            ("Coverage", &self.coverage.source),
            ("Acute illness", &self.illness_source),
            ("Hospital stays", &self.admission_source),
            ("Day surgery", &self.operation_source),
            ("Denied claims", &self.denial_source),
            ("Influenza vaccine", &self.prevention.influenza.source),
            ("Colorectal screening", &self.prevention.colorectal.source),
            (
                "Depression screening",
                &self.prevention.depression_screening.source,
            ),
            ("Day of the week", &self.visits.week.source),
        ];
        let low_value = self.low_value.iter().map(|s| (s.id.as_str(), &s.source));
        diseases
            .chain(tables)
            .chain(low_value)
            .map(|(what, by)| (what.to_owned(), by.clone()))
            .collect()
    }

    fn index(&self) -> Ids {
        fn by<T>(items: &[T], id: impl Fn(&T) -> &String) -> BTreeMap<String, usize> {
            items
                .iter()
                .enumerate()
                .map(|(at, item)| (id(item).clone(), at))
                .collect()
        }
        Ids {
            medicines: by(&self.medicines, |m| &m.id),
            measures: by(&self.measures, |m| &m.id),
            panels: by(&self.panels, |p| &p.id),
            services: by(&self.prices.service, |s| &s.id),
        }
    }

    fn check(&self) -> Result<(), SynthError> {
        check::names(self)?;
        for (table, rows) in [
            ("area", self.region.area.len()),
            ("facility", self.region.facility.len()),
            ("plan", self.coverage.plan.len()),
            ("age", self.people.age.len()),
            ("race", self.people.race.len()),
            ("kidney_stage", self.visits.kidney_stage.len()),
        ] {
            if rows == 0 {
                return Err(SynthError::Empty { table });
            }
        }
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Displays {
    display: BTreeMap<String, String>,
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, SynthError> {
    toml::from_str(text).map_err(|source| SynthError::Content {
        file,
        source: Box::new(source),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_content_parses_and_every_name_resolves() {
        let content = Content::embedded().unwrap();
        assert_eq!(content.region.area.len(), 12);
        assert_eq!(
            content.kidney_stage(44.0).map(|(_, s)| s.name.as_str()),
            Some("G3b")
        );
    }
}
