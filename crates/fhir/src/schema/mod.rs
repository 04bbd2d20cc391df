//! What FHIR R4 (4.0.1) defines, as tables: types, search parameters, compartments, clustering.
//!
//! The tables are text made by `cargo xtask codegen`, kept in the binary and read once, when first
//! asked for. They are data, not structs: the whole of R4 is a few hundred kilobytes and no compile time.
//!
//! ```
//! let r4 = salus_fhir::schema::r4();
//! let observation = r4.get(r4.resource("Observation").unwrap());
//! let value = observation.element("valueQuantity").unwrap();
//! assert_eq!(value.choice_of, Some("value"));
//! assert_eq!(r4.get(value.ty).name, "Quantity");
//! ```

mod clustering;
mod lines;
mod lookup;
mod read;
mod search;
mod types;

use std::sync::OnceLock;

pub use clustering::{Clustering, clustering};
pub use read::TableError;
pub use search::{CompartmentParam, SearchParam, SearchType};
pub use types::{Element, Kind, Primitive, TypeDef, TypeId};

use foldhash::HashMap;
use search::SearchTables;

/// Everything R4 defines that Salus asks about.
#[derive(Debug, Default)]
pub struct Schema {
    types: Vec<TypeDef>,
    by_name: HashMap<&'static str, TypeId>,
    search: SearchTables,
    clustering: HashMap<&'static str, Clustering>,
}

/// The R4 (4.0.1) tables. Read from the embedded text at the first call (a few milliseconds), then shared.
pub fn r4() -> &'static Schema {
    static R4: OnceLock<Schema> = OnceLock::new();
    // That the embedded text can be read is proven by a test; an empty schema knows no resource.
    R4.get_or_init(|| Schema::read_embedded().unwrap_or_default())
}

impl Schema {
    fn read_embedded() -> Result<Schema, TableError> {
        let types = read::types(include_str!("../r4/types.txt"))?;
        let by_name = types.iter().map(|t| (t.name, t.id)).collect();
        let search = search::read(
            include_str!("../r4/search.txt"),
            include_str!("../r4/compartments.txt"),
            types
                .iter()
                .filter(|t| t.kind == Kind::Resource && !t.is_abstract),
        )?;
        let clustering = clustering::read(include_str!("../r4/clustering.txt"))?;
        Ok(Schema {
            types,
            by_name,
            search,
            clustering,
        })
    }

    /// The resource type of this name; abstract ones (`Resource`, `DomainResource`) are not found.
    pub fn resource(&self, name: &str) -> Option<TypeId> {
        let id = self.named(name)?;
        let found = self.get(id);
        (found.kind == Kind::Resource && !found.is_abstract).then_some(id)
    }

    /// The type of this name: a resource, a data type, a primitive, or a backbone element by its path.
    pub fn named(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// The type of an id that this schema gave.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        self.types.get(id.index()).unwrap_or(TypeDef::unknown())
    }

    /// Whether a type is another one or specialises it: `Age` is a `Quantity`, `code` is a `string`.
    pub fn is_a(&self, ty: TypeId, base: TypeId) -> bool {
        let mut at = Some(ty);
        while let Some(id) = at {
            if id == base {
                return true;
            }
            at = self.get(id).base;
        }
        false
    }

    /// All resource types that can be instantiated, in the order of the definitions.
    pub fn resources(&self) -> impl Iterator<Item = &TypeDef> {
        self.types
            .iter()
            .filter(|t| t.kind == Kind::Resource && !t.is_abstract)
    }

    /// All types: resources, data types, primitives, backbone elements.
    pub fn types(&self) -> &[TypeDef] {
        &self.types
    }

    /// The search parameters of a resource type, those of `Resource` and `DomainResource` among them; by code.
    pub fn search_params(&self, resource: &str) -> &[SearchParam] {
        self.search.parameters(resource)
    }

    /// Element paths (`subject`, `participant.actor`) whose reference puts a resource of this type into
    /// the compartment `name` (`Patient`, `Encounter`, …). `id` means: the resource is itself the compartment.
    pub fn compartment(&self, name: &str, resource: &str) -> &[&'static str] {
        self.search
            .compartment(name, resource)
            .map_or(&[], |found| found.paths.as_slice())
    }

    /// As [`Schema::compartment`], by search parameter.
    pub fn compartment_params(&self, name: &str, resource: &str) -> &[CompartmentParam] {
        self.search
            .compartment(name, resource)
            .map_or(&[], |found| found.params.as_slice())
    }

    /// What a resource type is clustered by; empty for a name that is no resource.
    pub fn clustering(&self, resource: &str) -> &Clustering {
        self.clustering.get(resource).unwrap_or(Clustering::none())
    }
}

#[cfg(test)]
mod tests;
