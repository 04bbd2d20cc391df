//! Finding what references point at: in the record itself, then through the host.

use std::cell::OnceCell;

use foldhash::HashMap;
use salus_fhir::bundle::BundleIndex;
use salus_fhir::schema;
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_values::Value;

use super::machine::Machine;

/// The entries of the Bundle that is evaluated, made when the first reference is resolved.
pub(super) type Entries<V> = OnceCell<Option<BundleEntries<V>>>;

/// The resources of a Bundle by their references.
pub(super) struct BundleEntries<V> {
    index: BundleIndex,
    /// By `Type/id`.
    resources: HashMap<String, Entry<V>>,
}

struct Entry<V> {
    resource: V,
    full_url: String,
}

impl<V: ElementView> Machine<'_, V> {
    /// The resource that a reference points at, from an element: a contained resource, an entry of the same Bundle,
    /// or one that the host knows.
    pub(crate) fn resolve(&self, reference: &str, from: Option<&V>) -> Option<V> {
        if let Some(id) = reference.strip_prefix('#') {
            let container = match (&self.environment.root_resource, from) {
                (Some(root), _) => Some(root.clone()),
                (None, from) => from.and_then(ElementView::root_resource),
            };
            return contained(&container?, id);
        }
        self.in_bundle(reference, from).or_else(|| {
            self.environment
                .host
                .and_then(|host| host.resolve(reference, from))
        })
    }

    fn in_bundle(&self, reference: &str, from: Option<&V>) -> Option<V> {
        let entries = self.entries.get_or_init(|| {
            let Some(Value::Node(root)) = self.focus.first() else {
                return None;
            };
            let root = self.environment.root_resource.as_ref().unwrap_or(root);
            (type_name(root) == "Bundle").then(|| BundleEntries::of(root))
        });
        let entries = entries.as_ref()?;
        let holder = from
            .and_then(ElementView::root_resource)
            .and_then(|holder| key(&holder));
        let holder = holder.and_then(|key| entries.resources.get(&key));
        let found = entries
            .index
            .resolve(reference, holder.map(|holder| holder.full_url.as_str()))?;
        entries
            .resources
            .get(&found)
            .map(|entry| entry.resource.clone())
    }
}

impl<V: ElementView> BundleEntries<V> {
    fn of(bundle: &V) -> BundleEntries<V> {
        let mut entries = BundleEntries {
            index: BundleIndex::default(),
            resources: HashMap::default(),
        };
        bundle.children("entry", &mut |entry| {
            let mut resource = None;
            entry.children("resource", &mut |found| {
                resource.get_or_insert(found);
            });
            let full_url = words(&entry, "fullUrl").unwrap_or_default();
            if let Some(resource) = resource {
                // An entry without id is found by its fullUrl only.
                let id = words(&resource, "id").unwrap_or_else(|| full_url.clone());
                entries.index.insert(&full_url, type_name(&resource), &id);
                let key = format!("{}/{id}", type_name(&resource));
                entries
                    .resources
                    .entry(key)
                    .or_insert(Entry { resource, full_url });
            }
        });
        entries
    }
}

fn contained<V: ElementView>(container: &V, id: &str) -> Option<V> {
    if id.is_empty() {
        return Some(container.clone());
    }
    let mut found = None;
    container.children("contained", &mut |resource| {
        if found.is_none() && words(&resource, "id").as_deref() == Some(id) {
            found = Some(resource);
        }
    });
    found
}

fn type_name<V: ElementView>(element: &V) -> &'static str {
    schema::r4().get(element.type_id()).name
}

fn key<V: ElementView>(resource: &V) -> Option<String> {
    Some(format!(
        "{}/{}",
        type_name(resource),
        words(resource, "id")?
    ))
}

fn words<V: ElementView>(element: &V, name: &str) -> Option<String> {
    let mut found = None;
    element.children(name, &mut |child| {
        if let (None, Some(PrimitiveText::Text(text))) = (&found, child.primitive()) {
            found = Some(text.into_owned());
        }
    });
    found
}
