//! Resources that a batch holds as JSON text: contained ones, and rows that no columns can show. Parsed when first
//! looked at, then kept.

use std::sync::OnceLock;

use salus_fhir::json::Document;
use salus_fhir::schema::TypeId;
use salus_fhir::view::{ElementView, JsonElement};

use super::element::RowElement;

/// A resource that was parsed.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    document: Document<'a>,
    /// The resource that it is in: a row of columns. `None` when it is a row itself.
    pub around: Option<RowElement<'a>>,
}

impl<'a> Opened<'a> {
    /// Whether an element is the resource itself.
    pub(super) fn is_root(&'a self, element: &JsonElement<'a>) -> bool {
        JsonElement::resource(&self.document).is_some_and(|root| root.is_same(element))
    }
}

/// The resources in columns of JSON text.
#[derive(Debug)]
pub(super) struct OpenPlaces<'a> {
    /// By column, by value. Made when the column is first looked at.
    places: Vec<OnceLock<Box<[Slot<'a>]>>>,
    lengths: Vec<usize>,
}

/// One resource; `None` where the text is no JSON, which the columns do not take.
type Slot<'a> = OnceLock<Option<Opened<'a>>>;

impl<'a> OpenPlaces<'a> {
    pub(super) fn new(lengths: impl Iterator<Item = usize>) -> Self {
        let lengths: Vec<usize> = lengths.collect();
        Self {
            places: lengths.iter().map(|_| OnceLock::new()).collect(),
            lengths,
        }
    }

    /// The resource of one value of a column, declared as `ty`. `around` gives what it is in.
    pub(super) fn element(
        &'a self,
        place: usize,
        value: usize,
        text: &'a str,
        ty: TypeId,
        around: impl FnOnce() -> RowElement<'a>,
    ) -> Option<RowElement<'a>> {
        let length = self.lengths.get(place).copied().unwrap_or(0);
        let slots = self
            .places
            .get(place)?
            .get_or_init(|| (0..length).map(|_| Slot::new()).collect());
        let opened = slots.get(value)?.get_or_init(|| {
            Some(Opened {
                document: Document::parse(text).ok()?,
                around: Some(around()),
            })
        });
        let opened = opened.as_ref()?;
        let element = JsonElement::resource(&opened.document)
            .unwrap_or_else(|| JsonElement::fragment(&opened.document, ty));
        Some(RowElement::json(element, opened))
    }
}

/// A row that is shown by its JSON.
#[derive(Debug)]
pub(super) struct Whole<'a> {
    text: String,
    opened: Slot<'a>,
}

impl<'a> Whole<'a> {
    pub(super) fn new(text: String) -> Self {
        Self {
            text,
            opened: Slot::new(),
        }
    }

    /// The resource.
    pub(super) fn element(&'a self) -> Option<RowElement<'a>> {
        let opened = self.opened.get_or_init(|| {
            Some(Opened {
                document: Document::parse(&self.text).ok()?,
                around: None,
            })
        });
        let opened = opened.as_ref()?;
        let element = JsonElement::resource(&opened.document)?;
        Some(RowElement::json(element, opened))
    }
}
