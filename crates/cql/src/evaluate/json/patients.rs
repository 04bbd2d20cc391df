//! Whom references name.

use foldhash::HashMap;
use salus_fhir::bundle::BundleIndex;
use salus_fhir::reference;
use salus_fhir::view::{ElementView, JsonElement, PrimitiveText};

/// The resources by the references that name them.
#[derive(Default)]
pub(super) struct Entries {
    index: BundleIndex,
    /// By `Type/id`.
    numbers: HashMap<String, u32>,
}

impl Entries {
    pub fn insert(&mut self, full_url: &str, type_name: &str, id: &str, number: u32) {
        self.index.insert(full_url, type_name, id);
        self.numbers
            .entry(format!("{type_name}/{id}"))
            .or_insert(number);
    }

    /// The resource of a type that a reference names. An absolute reference to a server is taken by its type and id
    /// where no entry has it as its `fullUrl`.
    pub fn find(&self, literal: &str, type_name: &str) -> Option<u32> {
        let by_index = self.index.resolve(literal, None);
        let target = by_index.or_else(|| {
            let (name, id) = reference::parse(literal).target()?;
            Some(format!("{name}/{id}"))
        })?;
        let is_of_type = target
            .split_once('/')
            .is_some_and(|(name, _)| name == type_name);
        is_of_type
            .then(|| self.numbers.get(&target).copied())
            .flatten()
    }
}

/// Gives the literal references under a path of element names.
pub(super) fn references(resource: &JsonElement<'_>, path: &str, give: &mut dyn FnMut(&str)) {
    match path.split_once('.') {
        Some((first, rest)) => {
            let mut found = Vec::new();
            resource.children(first, &mut |child| found.push(child));
            found.iter().for_each(|child| references(child, rest, give));
        }
        None => resource.children(path, &mut |child| {
            if let Some(literal) = text(&child, "reference") {
                give(&literal);
            }
        }),
    }
}

/// The text of a primitive child.
pub(super) fn text(element: &JsonElement<'_>, name: &str) -> Option<String> {
    let mut found = None;
    element.children(name, &mut |child| {
        if let (None, Some(PrimitiveText::Text(text))) = (&found, child.primitive()) {
            found = Some(text.into_owned());
        }
    });
    found
}
