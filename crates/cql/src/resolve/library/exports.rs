//! What an included library gives to those that include it.

use foldhash::HashMap;

use crate::elm::{self, Kind, Node, QualifiedType};
use crate::model::{Models, Spec, TypeName};
use crate::resolve::names::{Names, State, What};

/// The definitions of a library, with their types.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Exports {
    /// The name of the library.
    pub name: Box<str>,
    named: HashMap<Box<str>, Export>,
    functions: HashMap<Box<str>, Vec<FunctionExport>>,
}

/// A definition that is no function.
#[derive(Debug, Clone)]
pub(in crate::resolve) struct Export {
    pub what: What,
    /// The type of its result; nothing when it has errors.
    pub ty: Option<Spec>,
    pub private: bool,
    pub context: Box<str>,
}

/// A function.
#[derive(Debug, Clone)]
pub(in crate::resolve) struct FunctionExport {
    pub operands: Vec<Spec>,
    /// The type of its result; nothing when it has errors.
    pub result: Option<Spec>,
    pub private: bool,
    pub fluent: bool,
}

impl Exports {
    /// Those of a library that was translated.
    pub fn of_names(name: &str, names: &Names<'_>) -> Exports {
        let mut exports = Exports {
            name: name.into(),
            ..Exports::default()
        };
        for one in &names.definitions {
            let ty = match &one.state {
                State::Done(ty) => Some(ty.clone()),
                _ => None,
            };
            let name: Box<str> = one.name.text.clone();
            match &one.what {
                What::Using | What::Include(_) => {}
                What::Function(head) => {
                    exports
                        .functions
                        .entry(name)
                        .or_default()
                        .push(FunctionExport {
                            operands: head.signature.operands.clone(),
                            result: ty,
                            private: one.is_private(),
                            fluent: head.fluent,
                        });
                }
                what => {
                    // A second definition of a name has been refused: the first counts.
                    exports.named.entry(name).or_insert_with(|| Export {
                        what: what.clone(),
                        ty,
                        private: one.is_private(),
                        context: (&*one.context).into(),
                    });
                }
            }
        }
        exports
    }

    /// Those of a library in ELM, whose types are of these models.
    pub fn of_elm(library: &elm::Library, models: &Models) -> Exports {
        let mut exports = Exports {
            name: library.identifier().id.into(),
            ..Exports::default()
        };
        let types = ElmTypes::of(library, models);
        for (part, what, ty) in PARTS {
            for def in library.definitions(part) {
                let ty = Some(Spec::Named(TypeName::new("System", ty)));
                exports.add(def, what.clone(), ty);
            }
        }
        for def in library.definitions("parameters") {
            let ty = def
                .node("parameterTypeSpecifier")
                .and_then(|ty| types.specifier(ty));
            let default = || types.result(def.node("default")?);
            let ty = ty.or_else(|| types.result(def)).or_else(default);
            exports.add(def, What::Parameter, ty);
        }
        for def in library.statements() {
            if def.kind() == Kind::FunctionDef {
                exports.add_function(def, &types);
            } else {
                let ty = types
                    .result(def)
                    .or_else(|| types.result(def.node("expression")?));
                exports.add(def, What::Expression, ty);
            }
        }
        exports
    }

    fn add(&mut self, def: &Node, what: What, ty: Option<Spec>) {
        let name = def.text("name").unwrap_or_default().into();
        self.named.entry(name).or_insert_with(|| Export {
            what,
            ty,
            private: is_private(def),
            context: def.text("context").unwrap_or_default().into(),
        });
    }

    fn add_function(&mut self, def: &Node, types: &ElmTypes<'_>) {
        let operand = |operand: &Node| {
            let written = operand.node("operandTypeSpecifier");
            let ty = written.and_then(|ty| types.specifier(ty));
            let named = || types.named(operand.text("operandType")?);
            ty.or_else(named).or_else(|| types.result(operand))
        };
        let Some(operands) = def.nodes("operand").map(operand).collect() else {
            return;
        };
        let result = types
            .result(def)
            .or_else(|| types.result(def.node("expression")?));
        let name = def.text("name").unwrap_or_default().into();
        self.functions
            .entry(name)
            .or_default()
            .push(FunctionExport {
                operands,
                result,
                private: is_private(def),
                fluent: def.boolean("fluent").unwrap_or_default(),
            });
    }

    /// The definition of this name; functions are none.
    pub fn get(&self, name: &str) -> Option<&Export> {
        self.named.get(name)
    }

    /// The functions of this name.
    pub fn functions(&self, name: &str) -> &[FunctionExport] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names that others may use.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let public = self.named.iter().filter(|(_, export)| !export.private);
        public.map(|(name, _)| &**name)
    }

    /// The names of the functions that others may use.
    pub fn function_names(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(|name| &**name)
    }
}

/// The parts of a library whose definitions are all of one type of System.
const PARTS: [(&str, What, &str); 4] = [
    ("codeSystems", What::CodeSystem, "CodeSystem"),
    ("valueSets", What::ValueSet, "ValueSet"),
    ("codes", What::Code, "Code"),
    ("concepts", What::Concept, "Concept"),
];

fn is_private(def: &Node) -> bool {
    def.text("accessLevel") == Some("Private")
}

/// The types of a library in ELM. It names the types of a profile by those of the data, so that it is from its models
/// that what is meant is found.
struct ElmTypes<'m> {
    models: &'m Models,
    /// The models of the library that are written over another one.
    mapped: Vec<&'m str>,
}

impl<'m> ElmTypes<'m> {
    fn of(library: &elm::Library, models: &'m Models) -> ElmTypes<'m> {
        let used = library.definitions("usings");
        let model = |using: &Node| models.get(using.text("localIdentifier")?);
        let mapped = used
            .filter_map(model)
            .filter(|model| model.target_url().is_some());
        ElmTypes {
            models,
            mapped: mapped.map(crate::model::Model::name).collect(),
        }
    }

    fn named(&self, qualified: &str) -> Option<Spec> {
        let name = QualifiedType::parse(qualified);
        for model in &self.mapped {
            let model = self.models.get(model)?;
            if model.target_url() == Some(name.url) {
                let named = model.class(name.name);
                let targeted = || {
                    model
                        .classes()
                        .find(|class| class.target() == Some(name.name))
                };
                if let Some(class) = named.or_else(targeted) {
                    return Some(Spec::Named(TypeName::new(model.name(), class.name())));
                }
            }
        }
        let model = self.models.of_url(name.url)?;
        Some(Spec::Named(TypeName::new(model.name(), name.name)))
    }

    fn result(&self, node: &Node) -> Option<Spec> {
        match node.text("resultTypeName") {
            Some(name) => self.named(name),
            None => self.specifier(node.result_type_specifier()?),
        }
    }

    fn specifier(&self, specifier: &Node) -> Option<Spec> {
        let inner = |field: &str| self.specifier(specifier.node(field)?).map(Box::new);
        match specifier.kind() {
            Kind::NamedTypeSpecifier => self.named(specifier.text("name")?),
            Kind::ListTypeSpecifier => inner("elementType").map(Spec::List),
            Kind::IntervalTypeSpecifier => inner("pointType").map(Spec::Interval),
            Kind::ChoiceTypeSpecifier => {
                let types = specifier.nodes("choice").chain(specifier.nodes("type"));
                let types = types.map(|ty| self.specifier(ty));
                types.collect::<Option<_>>().map(Spec::Choice)
            }
            Kind::TupleTypeSpecifier => {
                let elements = specifier.nodes("element").map(|element| {
                    let ty = element.node("elementType").or(element.node("type"))?;
                    Some((element.text("name")?.into(), self.specifier(ty)?))
                });
                elements.collect::<Option<_>>().map(Spec::Tuple)
            }
            _ => None,
        }
    }
}
