//! Elements over JSON text.

use smallvec::SmallVec;

use super::{ElementView, PrimitiveText};
use crate::json::{Document, Node, NodeKind, Place};
use crate::schema::{self, Element, Kind, Schema, TypeDef, TypeId};

/// An element of a JSON document. Copied freely: 24 bytes.
#[derive(Clone, Copy)]
pub struct JsonElement<'a> {
    document: &'a Document<'a>,
    place: Place,
    ty: TypeId,
}

impl<'a> JsonElement<'a> {
    /// The resource that a document holds. `None` when it is no object with a `resourceType`. A resource type
    /// that R4 does not know has only the elements of every resource.
    pub fn resource(document: &'a Document<'a>) -> Option<JsonElement<'a>> {
        let root = document.root();
        let ty = resource_type(schema::r4(), &root)?;
        Some(JsonElement::new(document, &root, ty))
    }

    /// The value of a document as an element of this type: a fragment of a resource.
    pub fn fragment(document: &'a Document<'a>, ty: TypeId) -> JsonElement<'a> {
        JsonElement::new(document, &document.root(), ty)
    }

    fn new(document: &'a Document<'a>, node: &Node<'a>, ty: TypeId) -> JsonElement<'a> {
        JsonElement {
            document,
            place: node.place(),
            ty,
        }
    }

    /// The place as JSON.
    pub fn node(&self) -> Node<'a> {
        self.document.node(self.place)
    }

    /// The object that has this element's children: itself, or the `_` sibling of a primitive.
    fn object(&self) -> Option<Node<'a>> {
        let node = self.node();
        match node.kind() {
            NodeKind::Object => Some(node),
            _ => node.sibling().filter(|s| s.kind() == NodeKind::Object),
        }
    }

    /// Gives the items of what stands under an element's JSON name.
    fn items(&self, element: &Element, found: Node<'a>, into: &mut impl FnMut(Self)) {
        let schema = schema::r4();
        let mut give = |node: Node<'a>| {
            let ty = match element.open_resource {
                true => resource_type(schema, &node).unwrap_or(element.ty),
                false => element.ty,
            };
            into(JsonElement::new(self.document, &node, ty));
        };
        match found.kind() {
            // By far the most common: no list to walk, no sibling to align with.
            NodeKind::Object | NodeKind::String | NodeKind::Number | NodeKind::Boolean => {
                give(found);
            }
            NodeKind::Array | NodeKind::Absent => found
                .items()
                .filter(|item| item.has_value() || item.sibling().is_some())
                .for_each(give),
        }
    }

    /// The resources that this element is in or is.
    fn around(&self) -> Around<'a> {
        let schema = schema::r4();
        let mut around = Around {
            innermost: None,
            root: None,
        };
        let mut next = Some(self.document.root());
        while let (Some(node), Some(at)) = (next, self.place.position()) {
            if let Some(ty) = resource_type(schema, &node) {
                let resource = JsonElement::new(self.document, &node, ty);
                let outer = around.innermost.map(|outer| schema.get(outer.ty).name);
                if matches!(outer, None | Some("Bundle" | "Parameters")) {
                    around.root = Some(resource);
                }
                around.innermost = Some(resource);
            }
            next = node.child_around(at);
        }
        around
    }

    /// A choice by its element name: the JSON names that begin with it, in the order of R4's types.
    fn choice(&self, ty: &TypeDef, object: Node<'a>, name: &str, into: &mut impl FnMut(Self)) {
        let Some(choice) = object.choice_name(name, |json_name| {
            ty.element(json_name)
                .filter(|element| element.choice_of == Some(name))
        }) else {
            return;
        };
        if let Some(found) = object.get(choice.name) {
            self.items(choice, found, into);
        }
    }
}

/// The resources around an element.
struct Around<'a> {
    innermost: Option<JsonElement<'a>>,
    /// The innermost one that is not contained.
    root: Option<JsonElement<'a>>,
}

impl ElementView for JsonElement<'_> {
    fn type_id(&self) -> TypeId {
        self.ty
    }

    fn children(&self, name: &str, into: &mut impl FnMut(Self)) {
        let Some(object) = self.object() else {
            return;
        };
        let schema = schema::r4();
        let ty = schema.get(self.ty);
        match ty.element(name) {
            Some(element) if element.choice_of.is_none() => {
                let has_sibling = matches!(schema.get(element.ty).kind, Kind::Primitive(_));
                let found = match has_sibling {
                    true => object.get(name),
                    false => object.value_of(name),
                };
                if let Some(found) = found {
                    self.items(element, found, into);
                }
            }
            Some(_) => {}
            None => self.choice(ty, object, name, into),
        }
    }

    fn all_children(&self, into: &mut impl FnMut(&'static str, Self)) {
        let Some(object) = self.object() else {
            return;
        };
        let ty = schema::r4().get(self.ty);
        let mut found: SmallVec<[(&Element, Node<'_>); 32]> = object
            .fields()
            .filter_map(|(name, node)| Some((ty.element(&name)?, node)))
            .collect();
        // Elements stand in one slice, in the order of the definitions.
        found.sort_by_key(|(element, _)| std::ptr::from_ref(*element).addr());
        for (element, node) in found {
            let name = element.choice_of.unwrap_or(element.name);
            self.items(element, node, &mut |item| into(name, item));
        }
    }

    fn primitive(&self) -> Option<PrimitiveText<'_>> {
        let node = self.node();
        match node.kind() {
            NodeKind::Boolean => node.boolean().map(PrimitiveText::Boolean),
            NodeKind::Number => node.number().map(|n| PrimitiveText::Number(n.into())),
            NodeKind::String => node.string().map(PrimitiveText::Text),
            NodeKind::Absent | NodeKind::Array | NodeKind::Object => None,
        }
    }

    fn resource(&self) -> Option<Self> {
        match schema::r4().get(self.ty).kind {
            Kind::Resource => Some(*self),
            _ => self.around().innermost,
        }
    }

    fn root_resource(&self) -> Option<Self> {
        self.around().root
    }

    fn write_json(&self, out: &mut String) {
        let node = self.node();
        match node.has_value() {
            true => out.push_str(node.raw()),
            false => out.push_str("null"),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.place == other.place
    }
}

impl std::fmt::Debug for JsonElement<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", schema::r4().get(self.ty).name, self.node())
    }
}

/// The type that an object says it is; `Resource` for one that R4 does not know.
fn resource_type(schema: &Schema, node: &Node<'_>) -> Option<TypeId> {
    let name = node.value_of("resourceType")?.string()?;
    schema.resource(&name).or_else(|| schema.named("Resource"))
}
