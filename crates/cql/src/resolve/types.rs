//! Types, from the text to ELM.

use super::translator::Translator;
use super::typed::{interval_of, list_of};
use crate::elm::{Kind, Node};
use crate::model::{Spec, TypeName};

impl Translator<'_> {
    /// The name of a type as ELM writes it: `{http://hl7.org/fhir}Patient`.
    pub fn type_name(&self, name: &TypeName) -> String {
        let url = self.models.get(&name.model).map_or("", |model| model.url());
        format!("{{{url}}}{}", name.name)
    }

    /// A type as ELM writes it where it may have no name.
    pub fn type_specifier(&self, spec: &Spec) -> Node {
        match spec {
            Spec::Named(name) => {
                Node::new(Kind::NamedTypeSpecifier).with("name", self.type_name(name))
            }
            Spec::List(item) => {
                Node::new(Kind::ListTypeSpecifier).with("elementType", self.type_specifier(item))
            }
            Spec::Interval(point) => {
                Node::new(Kind::IntervalTypeSpecifier).with("pointType", self.type_specifier(point))
            }
            Spec::Choice(types) => {
                let types: Vec<Node> = types.iter().map(|ty| self.type_specifier(ty)).collect();
                Node::new(Kind::ChoiceTypeSpecifier).with("choice", types)
            }
            Spec::Tuple(elements) => {
                let element = |(name, ty): &(Box<str>, Spec)| {
                    Node::part(Kind::TupleElementDefinition)
                        .with("name", &**name)
                        .with("elementType", self.type_specifier(ty))
                };
                let elements: Vec<Node> = elements.iter().map(element).collect();
                Node::new(Kind::TupleTypeSpecifier).with("element", elements)
            }
        }
    }

    /// The type that a specifier of ELM says; nothing when it is of a model that is not in use.
    pub fn spec_of(&self, specifier: &Node) -> Option<Spec> {
        match specifier.kind() {
            Kind::NamedTypeSpecifier => self.spec_of_name(specifier.text("name")?),
            Kind::ListTypeSpecifier => self.spec_of(specifier.node("elementType")?).map(list_of),
            Kind::IntervalTypeSpecifier => {
                self.spec_of(specifier.node("pointType")?).map(interval_of)
            }
            Kind::ChoiceTypeSpecifier => {
                let field = if specifier.field("choice").is_some() {
                    "choice"
                } else {
                    "type"
                };
                let types = specifier.nodes(field).map(|ty| self.spec_of(ty));
                types.collect::<Option<_>>().map(Spec::Choice)
            }
            Kind::TupleTypeSpecifier => {
                let elements = specifier.nodes("element").map(|element| {
                    let ty = element.node("elementType").or(element.node("type"))?;
                    Some((element.text("name")?.into(), self.spec_of(ty)?))
                });
                elements.collect::<Option<_>>().map(Spec::Tuple)
            }
            _ => None,
        }
    }

    /// The type of this name in ELM.
    pub fn spec_of_name(&self, qualified: &str) -> Option<Spec> {
        let name = crate::elm::QualifiedType::parse(qualified);
        let model = self.models.of_url(name.url)?;
        Some(Spec::Named(TypeName::new(model.name(), name.name)))
    }

    /// The type of an expression of ELM, from its `resultTypeName` or `resultTypeSpecifier`.
    pub fn result_type(&self, node: &Node) -> Option<Spec> {
        match node.text("resultTypeName") {
            Some(name) => self.spec_of_name(name),
            None => self.spec_of(node.result_type_specifier()?),
        }
    }
}
