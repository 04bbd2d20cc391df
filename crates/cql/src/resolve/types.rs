//! Types, from the text to ELM.

use super::translator::Translator;
use crate::elm::{Kind, Node};
use crate::model::{Class, Spec, TypeName};
use crate::syntax::Span;

impl Translator<'_> {
    /// The name of a type as ELM writes it: `{http://hl7.org/fhir}Patient`. A profile has the name of the type that the
    /// data has.
    pub fn type_name(&self, name: &TypeName) -> String {
        let Some(model) = self.models.get(&name.model) else {
            return format!("{{}}{}", name.name);
        };
        let url = model.target_url().unwrap_or(model.url());
        let target = model.class(&name.name).and_then(Class::target);
        format!("{{{url}}}{}", target.unwrap_or(&name.name))
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

    /// Types as ELM writes them in a list.
    pub fn type_specifiers(&self, specs: &[Spec]) -> Vec<Node> {
        specs.iter().map(|spec| self.type_specifier(spec)).collect()
    }

    /// Gives the specifier of a written type, and those below it, what the options want.
    pub fn mark_specifier(&mut self, specifier: &mut Node, ty: &Spec, span: Span) {
        self.mark(specifier, ty, span);
    }
}

/// The type of this class.
pub(super) fn spec_of_class(class: Class<'_>) -> Spec {
    Spec::Named(TypeName::new(class.model().name(), class.name()))
}
