//! Resources of a group of patients as NDJSON text, one buffer per type.

/// The resource types that are written.
macro_rules! kinds {
    ($($name:ident,)*) => {
        /// A resource type.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $(
                #[doc = concat!("`", stringify!($name), "`.")]
                $name,
            )*
        }

        impl Kind {
            /// All of them, in the order in which they are handed over.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];

            /// As in `resourceType`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$name => stringify!($name),)*
                }
            }
        }
    };
}

kinds! {
    Organization, Location, Practitioner, PractitionerRole,
    Patient, RelatedPerson, Coverage, CareTeam, Encounter, Condition, AllergyIntolerance,
    Goal, CarePlan, ServiceRequest, Specimen, Observation, DiagnosticReport, DocumentReference,
    MedicationRequest, MedicationDispense, Immunization, Procedure, Claim, ExplanationOfBenefit,
    Provenance,
}

/// NDJSON by type, with counts.
#[derive(Debug)]
pub struct Buffers {
    by_kind: Vec<Buffer>,
}

/// The resources of one type.
#[derive(Debug, Default, Clone)]
pub struct Buffer {
    /// One JSON object a line, each with its line end.
    pub text: String,
    /// How many.
    pub count: u64,
}

impl Default for Buffers {
    fn default() -> Buffers {
        Buffers {
            by_kind: vec![Buffer::default(); Kind::ALL.len()],
        }
    }
}

impl Buffers {
    /// Empties them and keeps the room.
    pub fn clear(&mut self) {
        for buffer in &mut self.by_kind {
            buffer.text.clear();
            buffer.count = 0;
        }
    }

    /// The buffer of a type.
    pub fn of(&mut self, kind: Kind) -> Option<&mut Buffer> {
        self.by_kind.get_mut(kind as usize)
    }

    /// The types that have something, in order.
    pub fn filled(&self) -> impl Iterator<Item = (Kind, &Buffer)> {
        let kinds = Kind::ALL.iter().copied();
        kinds.zip(&self.by_kind).filter(|(_, b)| b.count > 0)
    }
}
