//! Retrieves (Author's Guide §3, Developer's Guide §2).

use crate::elm::{Kind, Node};
use crate::model::{Class, Spec};
use crate::resolve::names::NameMistake;
use crate::resolve::problem::Mistake;
use crate::resolve::translator::Translator;
use crate::resolve::typed::{Typed, is_system, list_of, system};
use crate::resolve::types::spec_of_class;
use crate::syntax::{
    CodeFilter, Comparator, Expr, ExprKind, QualifiedName, Retrieve, Span, TypeKind,
};

/// The resources whose medication may be a reference to a resource with the code.
const MEDICATION_BY_REFERENCE: [&str; 4] = [
    "MedicationRequest",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationStatement",
];

/// What a retrieve compares.
struct Filter {
    path: String,
    /// The type at the end of the path; one of its types when that is a choice.
    ty: Spec,
    comparator: Option<Comparator>,
    terminology: Typed,
}

impl<'t> Translator<'t> {
    pub fn retrieve(&mut self, retrieve: &Retrieve, span: Span) -> Option<Typed> {
        let class = self.retrieved_class(retrieve);
        let context = retrieve
            .context
            .as_ref()
            .map(|name| self.context_value(name));
        let filter = retrieve.codes.as_ref().map(|codes| match class {
            Some(class) => self.filter(class, codes, span),
            None => self.expression(&codes.terminology).and(None),
        });
        let class = class?;
        let context = match context {
            Some(context) => Some(context?.node),
            None => None,
        };
        let Some(filter) = filter else {
            return Some(self.retrieve_of(class, context, None));
        };
        let filter = filter?;
        let Spec::Choice(types) = &filter.ty else {
            return self.filtered(class, context, &filter, span);
        };
        if filter.comparator.is_some() {
            return self.filtered(class, context, &filter, span);
        }
        // Each of the types that the element can have is compared in its own way.
        let types = types.clone();
        let mut all: Option<Typed> = None;
        for ty in types {
            let one = if let Some(medication) = self.medication_of(class, &ty) {
                self.by_medication((class, medication), context.clone(), &filter, span)?
            } else {
                let filter = Filter {
                    path: filter.path.clone(),
                    ty,
                    comparator: None,
                    terminology: filter.terminology.clone(),
                };
                self.filtered(class, context.clone(), &filter, span)?
            };
            all = Some(match all {
                None => one,
                Some(before) => self.set_operator(Kind::Union, before, one, span)?,
            });
        }
        all
    }

    /// The type of which there are to be records.
    fn retrieved_class(&mut self, retrieve: &Retrieve) -> Option<Class<'t>> {
        let TypeKind::Named(parts) = &retrieve.ty.kind else {
            return None;
        };
        match self.written_class(parts) {
            Ok(class) if class.is_retrievable() => Some(class),
            Ok(class) => {
                let ty = class.to_string().into();
                self.refuse(NameMistake::NotRetrievable { ty }, retrieve.ty.span)
            }
            Err(error) => self.refuse(error, retrieve.ty.span),
        }
    }

    /// What stands before `->`.
    fn context_value(&mut self, name: &QualifiedName) -> Option<Typed> {
        let (first, rest) = name.parts.split_first()?;
        let identifier =
            |name: &crate::syntax::Name| Expr::new(ExprKind::Identifier(name.clone()), name.span);
        let expr = rest.iter().fold(identifier(first), |on, name| {
            let span = on.span.to(name.span);
            let (on, name) = (Box::new(on), name.clone());
            Expr::new(ExprKind::Member { on, name }, span)
        });
        self.expression(&expr)
    }

    fn filter(&mut self, class: Class<'t>, codes: &CodeFilter, span: Span) -> Option<Filter> {
        let terminology = self.expression(&codes.terminology);
        let (path, path_span) = match &codes.path {
            Some((path, _)) => (path_text(path), path.span),
            None => (self.primary_code_path(class).map(str::to_owned), span),
        };
        let Some(path) = path else {
            let ty = class.to_string().into();
            return self.refuse(NameMistake::NoCodePath { ty }, path_span);
        };
        let of = spec_of_class(class);
        let ty = self.code_type(&of, &path, path_span)?;
        Some(Filter {
            path,
            ty,
            comparator: codes.path.as_ref().map(|(_, comparator)| *comparator),
            terminology: terminology?,
        })
    }

    /// The path to the main code of a type. A profile that says none has that of the data.
    fn primary_code_path(&self, class: Class<'t>) -> Option<&'t str> {
        class.primary_code_path().or_else(|| {
            let data = self.models.of_url(class.model().target_url()?)?;
            let path = data.class(class.target()?)?.primary_code_path()?;
            self.type_at(&spec_of_class(class), path).and(Some(path))
        })
    }

    /// The type at the end of the path.
    fn code_type(&mut self, of: &Spec, path: &str, span: Span) -> Option<Spec> {
        if let Some(ty) = self.type_at(of, path) {
            return Some(ty);
        }
        let first = path.split('.').next().unwrap_or(path);
        let mistake: Mistake = match of.name().map(|name| self.models.class_of(name)) {
            Some(Ok(class)) => match self.models.element(class, first) {
                Err(error) => error.into(),
                Ok(_) => NameMistake::NoElements {
                    ty: of.clone(),
                    name: path.into(),
                }
                .into(),
            },
            _ => NameMistake::NoElements {
                ty: of.clone(),
                name: path.into(),
            }
            .into(),
        };
        self.refuse(mistake, span)
    }

    /// A retrieve of all records of the type.
    fn retrieve_of(&self, class: Class<'t>, context: Option<Node>, path: Option<&str>) -> Typed {
        let ty = spec_of_class(class);
        let mut node = Node::new(Kind::Retrieve);
        if let Some(name) = ty.name() {
            node.set("dataType", self.type_name(name));
        }
        if let Some(identifier) = class.identifier() {
            node.set("templateId", identifier);
        }
        if let Some(path) = path {
            node.set("codeProperty", path);
        }
        if let Some(context) = context {
            node.set("context", context);
        }
        let ty = list_of(ty);
        self.mark_type(&mut node, &ty);
        Typed::new(node, ty)
    }

    fn filtered(
        &mut self,
        class: Class<'t>,
        context: Option<Node>,
        filter: &Filter,
        span: Span,
    ) -> Option<Typed> {
        let mut typed = self.retrieve_of(class, context, Some(&filter.path));
        let comparator = filter.comparator.unwrap_or_else(|| self.comparator(filter));
        let codes = self.codes(filter.terminology.clone(), span)?;
        let sign = match comparator {
            Comparator::In => "in",
            Comparator::Equal => "=",
            Comparator::Equivalent => "~",
        };
        typed.node.set("codeComparator", sign);
        typed.node.set("codes", codes);
        Some(typed)
    }

    /// How codes compare when that is not said: as members of value sets and lists, else as equivalent.
    fn comparator(&self, filter: &Filter) -> Comparator {
        match &filter.terminology.ty {
            Spec::List(_) => Comparator::In,
            // An element that is itself a value set is the one that stands there.
            ty if self.is_vocabulary(ty) && !self.is_vocabulary(&filter.ty) => Comparator::In,
            _ => Comparator::Equivalent,
        }
    }

    fn is_vocabulary(&self, ty: &Spec) -> bool {
        self.models.is_kind_of(ty, &system("Vocabulary"))
    }

    /// The codes that are compared with: a value set, or a list of codes.
    fn codes(&mut self, terminology: Typed, span: Span) -> Option<Node> {
        let ty = terminology.ty.clone();
        if self.is_vocabulary(&ty) {
            return Some(terminology.node);
        }
        match &ty {
            Spec::List(item) if is_system(item, "Code") || is_system(item, "String") => {
                return Some(terminology.node);
            }
            // The codes of all the concepts.
            Spec::List(item) if is_system(item, "Concept") => {
                let codes = self.element(terminology, "codes", span)?;
                return Some(codes.node);
            }
            _ => {}
        }
        if is_system(&ty, "Concept") {
            return Some(self.codes_of_concept(terminology));
        }
        if is_system(&ty, "Code") || is_system(&ty, "String") {
            return Some(
                self.implied(Kind::ToList, terminology.node, list_of(ty))
                    .node,
            );
        }
        for wanted in [list_of(system("Code")), system("Concept"), system("Code")] {
            if let Some(usable) = self.conversions.usable(&ty, &wanted) {
                let converted = self.converted(terminology, &usable, span)?;
                return self.codes(converted, span);
            }
        }
        self.refuse(NameMistake::NotTerminology { ty }, span)
    }

    fn codes_of_concept(&self, concept: Typed) -> Node {
        let mut node = Node::new(Kind::Property)
            .with("path", "codes")
            .with("source", concept.node);
        self.mark_type(&mut node, &list_of(system("Code")));
        node
    }

    /// The type of Medications, when a reference to one can stand where codes are compared, and can be followed.
    fn medication_of(&self, class: Class<'t>, ty: &Spec) -> Option<Class<'t>> {
        let is_reference = ty.name().is_some_and(|name| &*name.name == "Reference");
        let by_reference = is_reference && MEDICATION_BY_REFERENCE.contains(&data_name(class));
        if !by_reference || self.names.alias_of("FHIRHelpers").is_none() {
            return None;
        }
        let model = class.model();
        let is_it = |one: &Class<'t>| one.is_retrievable() && one.target() == Some("Medication");
        let named = model.class("Medication");
        named.or_else(|| model.classes().find(is_it))
    }

    /// The records whose medication is a reference to a Medication with the code:
    /// `[Type] MR with [Medication] M such that M.id = Last(Split(MR.medication.reference, '/')) and M.code in codes`.
    fn by_medication(
        &mut self,
        (class, medication): (Class<'t>, Class<'t>),
        context: Option<Node>,
        filter: &Filter,
        span: Span,
    ) -> Option<Typed> {
        let records = self.retrieve_of(class, context, None);
        let medications = self.retrieve_of(medication, None, None);
        let id = self.path_of("M", medication, "id")?;
        let reference = self.path_of("MR", class, "medication.reference")?;
        let reference = self.as_text(reference, span)?;
        let mut split = Node::new(Kind::Split)
            .with("stringToSplit", reference.node)
            .with("separator", self.value("String", "/").node);
        self.mark_type(&mut split, &list_of(system("String")));
        let mut last = Node::new(Kind::Last).with("source", split);
        self.mark_type(&mut last, &system("String"));
        let id = self.as_text(id, span)?;
        let same = self.apply(
            Kind::Equal,
            "=",
            vec![id, Typed::system(last, "String")],
            span,
        )?;
        let code = self.path_of("M", medication, "code")?;
        let code = self.convert(code, &system("Concept"), span)?;
        let coded = self.coded(code, filter.terminology.clone(), span)?;
        let condition = self.apply(Kind::And, "and", vec![same, coded], span)?;
        let ty = records.ty.clone();
        let mut source = Node::part(Kind::AliasedQuerySource)
            .with("alias", "MR")
            .with("expression", records.node);
        self.mark_type(&mut source, &ty);
        let mut with = Node::new(Kind::With)
            .with("alias", "M")
            .with("expression", medications.node)
            .with("suchThat", condition.node);
        self.mark_type(&mut with, &medications.ty);
        let mut query = Node::new(Kind::Query)
            .with("source", vec![source])
            .with("relationship", vec![with]);
        self.mark_type(&mut query, &ty);
        Some(Typed::new(query, ty))
    }

    /// A path from an alias, as the data has it.
    fn path_of(&self, alias: &str, class: Class<'t>, path: &str) -> Option<Typed> {
        let ty = self.type_at(&spec_of_class(class), path)?;
        let is_text = is_system(&ty, "String") && class.model().target_url().is_some();
        let value = if is_text { ".value" } else { "" };
        let mut node = Node::new(Kind::Property)
            .with("path", format!("{path}{value}"))
            .with("scope", alias);
        self.mark_type(&mut node, &ty);
        if is_system(&ty, "Concept") && class.model().target_url().is_some() {
            node = Node::new(Kind::FunctionRef)
                .with("libraryName", &*self.conversion_library("FHIRHelpers"))
                .with("name", "ToConcept")
                .with("operand", vec![node]);
            self.mark_type(&mut node, &ty);
        }
        Some(Typed::new(node, ty))
    }

    fn as_text(&mut self, value: Typed, span: Span) -> Option<Typed> {
        self.convert(value, &system("String"), span)
    }

    /// Whether a concept has one of the codes.
    fn coded(&mut self, concept: Typed, terminology: Typed, span: Span) -> Option<Typed> {
        match &terminology.ty {
            Spec::List(_) => self.apply(Kind::In, "in", vec![concept, terminology], span),
            ty if self.is_vocabulary(ty) => self.in_terminology_of(concept, terminology, span),
            _ => self.apply(Kind::Equivalent, "~", vec![concept, terminology], span),
        }
    }
}

/// The name of a class as the data has it.
fn data_name(class: Class<'_>) -> &str {
    class.target().unwrap_or(class.name())
}

/// A path as it is written: names with dots between them.
fn path_text(path: &Expr) -> Option<String> {
    match &path.kind {
        ExprKind::Identifier(name) => Some(name.text.to_string()),
        ExprKind::Member { on, name } => Some(format!("{}.{}", path_text(on)?, name.text)),
        _ => None,
    }
}
