//! The tables of the truth: which there are, and how rows get into them.
//!
//! Ids stand without their type (`s42p17-e3`, not `Encounter/s42p17-e3`), so that they join with the `id` of
//! the records; the name of the column says the type, or a column `…_type` does. Dates are dates.

use std::io::Write;

use super::table::{Cell, Kind, Layout, Table, TableError};
use crate::content::{Label, PlantKind};
use crate::truth::{OrderTruth, OutbreakTruth, Rows, StateRow, Truth};
use Kind::{Date, Flag, Number, Text};

macro_rules! layouts {
    ($($(#[$doc:meta])* $field:ident: $($column:ident $kind:expr),+;)*) => {
        /// All tables.
        pub(super) struct Tables<W: Write + Send> {
            $($(#[$doc])* $field: Table<W>,)*
        }

        /// Names of all tables, in order.
        pub(super) const NAMES: &[&str] = &[$(stringify!($field)),*];

        impl<W: Write + Send> Tables<W> {
            /// Opens a place for each table by its name.
            pub(super) fn new<E: From<TableError>>(
                mut open: impl FnMut(&str) -> Result<W, E>,
            ) -> Result<Tables<W>, E> {
                Ok(Tables {
                    $($field: Table::new(
                        Layout {
                            name: stringify!($field),
                            columns: &[$((stringify!($column), $kind)),+],
                        },
                        open(stringify!($field))?,
                    )?,)*
                })
            }

            /// Writes what is left and gives the places back.
            pub(super) fn finish(self) -> Result<Vec<W>, TableError> {
                Ok(vec![$(self.$field.finish()?),*])
            }
        }
    };
}

layouts! {
    /// Who lives with whom and where.
    households: patient Text, household Text, area Text, role Text;
    /// What is planted in whom.
    plants: plant Text, kind Text, label Text, patient Text, why Text;
    /// Orders with their true label: `harmful` or `harmless`. `other` is the second order, the allergy or the
    /// laboratory result.
    order_labels: finding Text, label Text, patient Text, plant Text, medication_request Text, rxcui Text,
        ingredient Text, status Text, running Flag, other Text, other_type Text, why Text;
    /// What should have been done and was not.
    care_gaps: gap Text, patient Text, plant Text, evidence Text, evidence_type Text, since Date;
    /// Kidney stages of the last two years.
    kidney: patient Text, plant Text, observation_before Text, stage_before Text, observation_after Text,
        stage_after Text, worsened Flag;
    /// Times without cover.
    uninsured: patient Text, plant Text, start Date, stop Date, at_end Flag;
    /// Stays within 30 days of another.
    readmissions: patient Text, encounter_before Text, encounter Text, days Number, planned Flag;
    /// People with two records.
    duplicates: patient Text, replaced Text, encounter_on_replaced Text;
    /// Who has which condition at the end.
    registries: condition Text, patient Text;
    /// True states by time, two years beyond the records included.
    states: patient Text, disease Text, state Text, start Date, stop Date;
    /// What comes next: for each state the one after it.
    next_events: patient Text, disease Text, state Text, since Date, next_state Text, next_date Date;
    /// Every infection, with or without a record.
    infections: patient Text, pathogen Text, exposed Date, onset Date, severity Text, origin Text, outbreak Text,
        encounter Text;
    /// Planted outbreaks.
    outbreaks: outbreak Text, syndrome Text, area Text, exposure_date Date, why Text;
    /// Whose visits belong to an outbreak.
    outbreak_cases: outbreak Text, patient Text, encounter Text, date Date, class Text, code Text;
    /// Errors and gaps planted at rates.
    errors: kind Text, label Text, patient Text, resource Text, resource_type Text, why Text;
}

/// Outbreaks come anew with every group of patients; each is written once.
#[derive(Debug, Default)]
pub(super) struct Known {
    outbreaks: Vec<String>,
}

impl<W: Write + Send> Tables<W> {
    /// Adds what is true of a group of patients.
    pub(super) fn push(&mut self, rows: &Rows, known: &mut Known) -> Result<(), TableError> {
        let truth = &rows.truth;
        self.push_plants(truth)?;
        self.push_orders(truth)?;
        self.push_care(truth)?;
        self.push_money_and_stays(truth)?;
        for outbreak in &truth.outbreaks {
            self.push_outbreak(outbreak, known)?;
        }
        self.push_latent(rows)
    }

    fn push_plants(&mut self, truth: &Truth) -> Result<(), TableError> {
        for plant in &truth.plants {
            self.plants.push(&[
                Cell::Text(&plant.plant),
                Cell::Text(kind_word(plant.kind)),
                Cell::Text(label_word(plant.label)),
                Cell::id(&plant.patient),
                Cell::Text(&plant.why),
            ])?;
        }
        for duplicate in &truth.duplicates {
            for encounter in &duplicate.encounters_on_replaced {
                self.duplicates.push(&[
                    Cell::id(&duplicate.survivor),
                    Cell::id(&duplicate.replaced),
                    Cell::id(encounter),
                ])?;
            }
        }
        for (condition, patients) in &truth.registries {
            for patient in patients {
                self.registries
                    .push(&[Cell::Text(condition), Cell::id(patient)])?;
            }
        }
        Ok(())
    }

    fn push_orders(&mut self, truth: &Truth) -> Result<(), TableError> {
        for pair in &truth.interactions {
            let why = format!("item {} of the ONC high-priority list", pair.item);
            let [first, second] = &pair.orders;
            for (order, other) in [(first, second), (second, first)] {
                let finding = Finding {
                    name: "interaction",
                    label: pair.label,
                    patient: &pair.patient,
                    plant: pair.plant.as_deref(),
                    other: &other.order,
                    why: &why,
                };
                self.push_order(&finding, order)?;
            }
        }
        for conflict in &truth.allergy_conflicts {
            let finding = Finding {
                name: "allergy",
                label: conflict.label,
                patient: &conflict.patient,
                plant: conflict.plant.as_deref(),
                other: &conflict.allergy,
                why: conflict.relation,
            };
            self.push_order(&finding, &conflict.order)?;
        }
        for conflict in &truth.renal_conflicts {
            let why = format!("eGFR {} on {}", conflict.egfr_value, conflict.egfr_date);
            let finding = Finding {
                name: "renal",
                label: conflict.label,
                patient: &conflict.patient,
                plant: conflict.plant.as_deref(),
                other: &conflict.egfr,
                why: &why,
            };
            self.push_order(&finding, &conflict.order)?;
        }
        Ok(())
    }

    fn push_order(&mut self, finding: &Finding<'_>, order: &OrderTruth) -> Result<(), TableError> {
        self.order_labels.push(&[
            Cell::Text(finding.name),
            Cell::Text(label_word(finding.label)),
            Cell::id(finding.patient),
            Cell::maybe(finding.plant),
            Cell::id(&order.order),
            Cell::Text(&order.rxcui),
            Cell::Text(&order.ingredient),
            Cell::Text(order.status),
            Cell::Flag(order.running),
            Cell::id(finding.other),
            type_of(finding.other),
            Cell::Text(finding.why),
        ])
    }

    fn push_care(&mut self, truth: &Truth) -> Result<(), TableError> {
        for gap in &truth.care_gaps {
            let evidence = gap.evidence.as_deref();
            self.care_gaps.push(&[
                Cell::Text(gap.gap),
                Cell::id(&gap.patient),
                Cell::maybe(gap.plant.as_deref()),
                evidence.map_or(Cell::Null, Cell::id),
                evidence.map_or(Cell::Null, type_of),
                Cell::maybe_date(gap.since.as_deref()),
            ])?;
        }
        for kidney in &truth.kidney {
            self.kidney.push(&[
                Cell::id(&kidney.patient),
                Cell::maybe(kidney.plant.as_deref()),
                Cell::id(&kidney.before),
                Cell::Text(&kidney.before_stage),
                Cell::id(&kidney.after),
                Cell::Text(&kidney.after_stage),
                Cell::Flag(kidney.worsened),
            ])?;
        }
        Ok(())
    }

    fn push_money_and_stays(&mut self, truth: &Truth) -> Result<(), TableError> {
        for spell in &truth.uninsured {
            self.uninsured.push(&[
                Cell::id(&spell.patient),
                Cell::maybe(spell.plant.as_deref()),
                Cell::Date(&spell.from),
                Cell::Date(&spell.to),
                Cell::Flag(spell.at_end),
            ])?;
        }
        for stay in &truth.readmissions {
            self.readmissions.push(&[
                Cell::id(&stay.patient),
                Cell::id(&stay.index),
                Cell::id(&stay.readmission),
                Cell::Number(f64::from(stay.days)),
                Cell::Flag(stay.planned),
            ])?;
        }
        Ok(())
    }

    fn push_outbreak(
        &mut self,
        outbreak: &OutbreakTruth,
        known: &mut Known,
    ) -> Result<(), TableError> {
        if !known.outbreaks.contains(&outbreak.outbreak) && !outbreak.exposure_date.is_empty() {
            known.outbreaks.push(outbreak.outbreak.clone());
            self.outbreaks.push(&[
                Cell::Text(&outbreak.outbreak),
                Cell::Text(&outbreak.syndrome),
                Cell::Text(&outbreak.postal_code),
                Cell::Date(&outbreak.exposure_date),
                Cell::Text(&outbreak.why),
            ])?;
        }
        for case in &outbreak.cases {
            self.outbreak_cases.push(&[
                Cell::Text(&outbreak.outbreak),
                Cell::id(&case.patient),
                Cell::id(&case.encounter),
                Cell::Date(&case.date),
                Cell::Text(&case.class),
                Cell::Text(&case.code),
            ])?;
        }
        Ok(())
    }

    fn push_latent(&mut self, rows: &Rows) -> Result<(), TableError> {
        let latent = &rows.latent;
        for home in &latent.households {
            self.households.push(&[
                Cell::id(&home.patient),
                Cell::Text(&home.household),
                Cell::Text(&home.area),
                Cell::Text(home.role),
            ])?;
        }
        for (at, state) in latent.states.iter().enumerate() {
            self.push_state(state, latent.states.get(at + 1))?;
        }
        for infection in &latent.infections {
            self.infections.push(&[
                Cell::id(&infection.patient),
                Cell::Text(&infection.pathogen),
                Cell::Date(&infection.exposed),
                Cell::Date(&infection.onset),
                Cell::Text(infection.severity),
                Cell::Text(&infection.origin),
                Cell::maybe(infection.outbreak.as_deref()),
                infection.encounter.as_deref().map_or(Cell::Null, Cell::id),
            ])?;
        }
        for error in &latent.errors {
            self.errors.push(&[
                Cell::Text(&error.kind),
                Cell::Text(label_word(error.label)),
                Cell::id(&error.patient),
                Cell::id(&error.resource),
                type_of(&error.resource),
                Cell::Text(&error.why),
            ])?;
        }
        Ok(())
    }

    fn push_state(&mut self, state: &StateRow, next: Option<&StateRow>) -> Result<(), TableError> {
        let own = [
            Cell::id(&state.patient),
            Cell::Text(&state.disease),
            Cell::Text(&state.state),
            Cell::Date(&state.from),
        ];
        let [patient, disease, name, from] = own;
        let to = Cell::maybe_date(state.to.as_deref());
        self.states.push(&[patient, disease, name, from, to])?;
        let same = |n: &&StateRow| n.patient == state.patient && n.disease == state.disease;
        let Some(next) = next.filter(same) else {
            return Ok(());
        };
        let after = [Cell::Text(&next.state), Cell::Date(&next.from)];
        let [after, when] = after;
        self.next_events
            .push(&[patient, disease, name, from, after, when])
    }
}

/// What a label belongs to.
struct Finding<'a> {
    name: &'a str,
    label: Label,
    patient: &'a str,
    plant: Option<&'a str>,
    other: &'a str,
    why: &'a str,
}

/// The type of a reference `Type/id`.
fn type_of(reference: &str) -> Cell<'_> {
    Cell::maybe(reference.rsplit_once('/').map(|(kind, _)| kind))
}

fn label_word(label: Label) -> &'static str {
    match label {
        Label::Harmful => "harmful",
        Label::Harmless => "harmless",
    }
}

fn kind_word(kind: PlantKind) -> &'static str {
    match kind {
        PlantKind::Interaction => "interaction",
        PlantKind::Allergy => "allergy",
        PlantKind::Renal => "renal",
        PlantKind::KidneyDecline => "kidney-decline",
        PlantKind::CareGap => "care-gap",
        PlantKind::Uninsured => "uninsured",
        PlantKind::Duplicate => "duplicate",
    }
}
