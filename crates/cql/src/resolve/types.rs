//! Types, from the text to ELM.

use salus_base::suggest;

use super::problem::TypeMistake;
use super::translator::Translator;
use super::typed::{choice_of, interval_of, list_of};
use crate::elm::{Kind, Node};
use crate::model::{Class, Model, ModelError, Spec, TypeName};
use crate::syntax::{Name, Span, TypeKind, TypeSpecifier};

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

    /// Types as ELM writes them in a list.
    pub fn type_specifiers(&self, specs: &[Spec]) -> Vec<Node> {
        specs.iter().map(|spec| self.type_specifier(spec)).collect()
    }

    /// The type that is written.
    pub fn type_of(&mut self, ty: &TypeSpecifier) -> Option<Spec> {
        match &ty.kind {
            TypeKind::Named(parts) => self.named_type(parts, ty.span),
            TypeKind::List(item) => self.type_of(item).map(list_of),
            TypeKind::Interval(point) => self.type_of(point).map(interval_of),
            TypeKind::Choice(types) => {
                let types: Vec<Option<Spec>> = types.iter().map(|one| self.type_of(one)).collect();
                let types: Vec<Spec> = types.into_iter().collect::<Option<_>>()?;
                Some(choice_of(types))
            }
            TypeKind::Tuple(elements) => {
                let types: Vec<_> = elements
                    .iter()
                    .map(|element| Some((element.name.text.clone(), self.type_of(&element.ty)?)))
                    .collect();
                types.into_iter().collect::<Option<_>>().map(Spec::Tuple)
            }
            // What could not be read has been reported.
            TypeKind::Error => None,
        }
    }

    /// A type by its name: of the model before the first dot, or of the only model in use that has it.
    fn named_type(&mut self, parts: &[Name], span: Span) -> Option<Spec> {
        let texts: Vec<&str> = parts.iter().map(|part| &*part.text).collect();
        if let [first, rest @ ..] = texts.as_slice()
            && !rest.is_empty()
            && let Some(model) = self.model_called(first)
        {
            return match self.models.class(&model, &rest.join(".")) {
                Ok(class) => Some(spec_of_class(class)),
                Err(error) => self.refuse(error, span),
            };
        }
        let name = texts.join(".");
        let found: Vec<Spec> = self
            .models_in_use()
            .filter_map(|model| model.class(&name))
            .map(spec_of_class)
            .collect();
        match found.as_slice() {
            [only] => Some(only.clone()),
            [] => self.unknown_type(&name, span),
            several => {
                let candidates = several.to_vec();
                self.refuse(TypeMistake::AmbiguousType { candidates }, span)
            }
        }
    }

    fn unknown_type(&mut self, name: &str, span: Span) -> Option<Spec> {
        let names = self
            .models_in_use()
            .flat_map(Model::classes)
            .map(Class::name);
        let error = ModelError::UnknownType {
            model: self
                .models_in_use()
                .map(Model::name)
                .collect::<Vec<_>>()
                .join(", "),
            name: name.into(),
            suggestion: suggest::closest(name, names).map(Into::into),
        };
        self.refuse(error, span)
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

/// The type of this class.
pub(super) fn spec_of_class(class: Class<'_>) -> Spec {
    Spec::Named(TypeName::new(class.model().name(), class.name()))
}
