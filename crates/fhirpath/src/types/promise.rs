//! Whether a collection is what its shape says: what typing promises of evaluation, for tests to hold it against.

use salus_fhir::schema;
use salus_fhir::view::ElementView;
use salus_values::Value;

use super::shape::{Shape, Type};
use crate::program::SystemType;

impl Shape {
    /// Whether a collection is one of this shape: every item of one of the types, and as many as there may be.
    #[must_use]
    pub fn admits<V: ElementView>(&self, items: &[Value<V>]) -> bool {
        let count = self.count();
        let is_few_enough = count.most.is_none_or(|most| items.len() <= most);
        items.len() >= count.least && is_few_enough && items.iter().all(|item| self.has(item))
    }

    fn has<V: ElementView>(&self, item: &Value<V>) -> bool {
        self.is_open() || self.types().iter().any(|ty| ty.has(item))
    }
}

impl Type {
    /// Whether an item is of this type or of one that specialises it.
    fn has<V: ElementView>(self, item: &Value<V>) -> bool {
        match (self, item) {
            (Type::Fhir(ty), Value::Node(element)) => schema::r4().is_a(element.type_id(), ty),
            (Type::Information, Value::Tuple(_)) | (Type::System(SystemType::Any), _) => true,
            (Type::System(ty), item) => SystemType::of(item) == Some(ty),
            _ => false,
        }
    }
}
