//! As much of each resource type as the census reads.

use std::borrow::Cow;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Resource<'j> {
    #[serde(borrow)]
    pub id: Cow<'j, str>,
    #[serde(borrow)]
    pub status: Cow<'j, str>,
    #[serde(borrow)]
    pub birth_date: Cow<'j, str>,
    #[serde(borrow)]
    pub deceased_date_time: Option<Cow<'j, str>>,
    #[serde(borrow)]
    pub gender: Cow<'j, str>,
    pub link: Vec<Link<'j>>,
    pub subject: Option<Reference<'j>>,
    pub patient: Option<Reference<'j>>,
    pub beneficiary: Option<Reference<'j>>,
    pub code: Option<Concept<'j>>,
    pub class: Option<Class<'j>>,
    pub category: Many<Concept<'j>>,
    pub clinical_status: Option<Concept<'j>>,
    pub reason_code: Many<Concept<'j>>,
    pub medication_codeable_concept: Option<Concept<'j>>,
    pub vaccine_code: Option<Concept<'j>>,
    pub period: Option<Period<'j>>,
    pub dispense_request: Option<DispenseRequest<'j>>,
    #[serde(borrow)]
    pub effective_date_time: Option<Cow<'j, str>>,
    #[serde(borrow)]
    pub occurrence_date_time: Option<Cow<'j, str>>,
    pub value_quantity: Option<Quantity<'j>>,
    pub value_codeable_concept: Option<Concept<'j>>,
    pub component: Vec<Component<'j>>,
    pub insurance: Vec<Insurance<'j>>,
    pub total: Many<Total<'j>>,
}

/// `Encounter.class` is a coding, `Coverage.class` a list with values.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Class<'j> {
    Coding(#[serde(borrow)] Coding<'j>),
    Values(#[serde(borrow)] Vec<ClassValue<'j>>),
}

#[derive(Debug, Deserialize)]
pub(super) struct ClassValue<'j> {
    #[serde(borrow, default)]
    pub value: Cow<'j, str>,
}

/// One or many: `Claim.total` is one, `ExplanationOfBenefit.total` are many.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Many<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> Default for Many<T> {
    fn default() -> Many<T> {
        Many::Many(Vec::new())
    }
}

impl<T> Many<T> {
    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            Many::Many(items) => items,
            Many::One(item) => std::slice::from_ref(item),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Link<'j> {
    #[serde(borrow)]
    pub other: Reference<'j>,
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'j, str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reference<'j> {
    #[serde(borrow)]
    pub reference: Cow<'j, str>,
}

impl Reference<'_> {
    /// The id behind the last slash.
    pub(super) fn id(&self) -> &str {
        let whole = self.reference.as_ref();
        whole.rsplit_once('/').map_or(whole, |(_, id)| id)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Concept<'j> {
    #[serde(borrow)]
    pub coding: Vec<Coding<'j>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Coding<'j> {
    #[serde(borrow)]
    pub code: Cow<'j, str>,
    #[serde(borrow)]
    pub display: Cow<'j, str>,
}

impl Concept<'_> {
    /// The first code, or nothing.
    pub(super) fn code(&self) -> &str {
        self.coding.first().map_or("", |c| c.code.as_ref())
    }

    /// The display of the first code.
    pub(super) fn display(&self) -> &str {
        self.coding.first().map_or("", |c| c.display.as_ref())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Period<'j> {
    #[serde(borrow)]
    pub start: Option<Cow<'j, str>>,
    #[serde(borrow)]
    pub end: Option<Cow<'j, str>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DispenseRequest<'j> {
    #[serde(borrow)]
    pub validity_period: Option<Period<'j>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quantity<'j> {
    pub value: Option<f64>,
    #[serde(borrow)]
    pub code: Cow<'j, str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Component<'j> {
    #[serde(borrow)]
    pub code: Concept<'j>,
    #[serde(borrow)]
    pub value_quantity: Option<Quantity<'j>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Insurance<'j> {
    #[serde(borrow)]
    pub coverage: Reference<'j>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Total<'j> {
    #[serde(borrow)]
    pub category: Concept<'j>,
    pub amount: Amount,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Amount {
    pub value: f64,
}
