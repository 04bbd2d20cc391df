//! From model info XML to tables.

use super::error::ModelError;
use super::spec::{Spec, TypeName};
use super::table::{ClassRow, Context, Conversion, ElementRow, Id, Model, Relationship};
use crate::xml::{self, Element};

/// The model of CQL's own types, whose name may stand before a dot in every model.
const SYSTEM: &str = "System";

impl Model {
    /// Reads a model info (schema `urn:hl7-org:elm-modelinfo:r1`).
    ///
    /// # Errors
    /// [`ModelError`] when the text is no model info, or lacks what one must have.
    pub fn parse(text: &str) -> Result<Model, ModelError> {
        let root = xml::read(text).map_err(|source| ModelError::NotXml { source })?;
        if root.name != "modelInfo" {
            return Err(ModelError::NotModelInfo { found: root.name });
        }
        let mut reader = ModelReader {
            models: vec![
                SYSTEM.to_owned(),
                attribute(&root, "modelInfo", "name")?.to_owned(),
            ],
            model: Model::default(),
        };
        reader.head(&root)?;
        for info in root.named("typeInfo") {
            reader.class(info)?;
        }
        for info in root.named("contextInfo") {
            reader.context(info)?;
        }
        for info in root.named("conversionInfo") {
            reader.conversion(info)?;
        }
        Ok(reader.model)
    }
}

fn attribute<'e>(
    element: &'e Element,
    of: &'static str,
    name: &'static str,
) -> Result<&'e str, ModelError> {
    element.attribute(name).ok_or(ModelError::Incomplete {
        element: of,
        attribute: name,
    })
}

fn boxed(text: Option<&str>) -> Option<Box<str>> {
    text.map(Into::into)
}

struct ModelReader {
    /// The names that are models when they stand before a dot.
    models: Vec<String>,
    model: Model,
}

impl ModelReader {
    fn head(&mut self, root: &Element) -> Result<(), ModelError> {
        self.model.name = attribute(root, "modelInfo", "name")?.into();
        self.model.url = attribute(root, "modelInfo", "url")?.into();
        self.model.version = boxed(root.attribute("version"));
        self.model.target_url = boxed(root.attribute("targetUrl"));
        self.model.target_version = boxed(root.attribute("targetVersion"));
        self.model.target_qualifier = boxed(root.attribute("targetQualifier"));
        self.model.patient_birth_date = boxed(root.attribute("patientBirthDatePropertyName"));
        self.model.default_context = boxed(root.attribute("defaultContext"));
        for required in root.named("requiredModelInfo") {
            let name = attribute(required, "requiredModelInfo", "name")?;
            self.models.push(name.to_owned());
            let version = boxed(required.attribute("version"));
            self.model.required.push((name.into(), version));
        }
        let patient = root.attribute("patientClassName");
        self.model.patient_class = patient.map(|name| self.spec(name)).transpose()?;
        Ok(())
    }

    fn spec(&self, text: &str) -> Result<Spec, ModelError> {
        let models: Vec<&str> = self.models.iter().map(String::as_str).collect();
        Spec::parse(text, &self.model.name, &models)
    }

    fn name(&mut self, text: &str) -> Id {
        self.model.names.add(text.into())
    }

    fn optional(&mut self, text: Option<&str>) -> Option<Id> {
        text.map(|text| self.name(text))
    }

    /// The name of a type without its model.
    fn class_name(&self, info: &Element) -> Result<String, ModelError> {
        let name = attribute(info, "typeInfo", "name")?;
        let before = format!("{}.", self.model.name);
        Ok(name.strip_prefix(&before).unwrap_or(name).to_owned())
    }

    fn class(&mut self, info: &Element) -> Result<(), ModelError> {
        let name = self.class_name(info)?;
        let base = self.base(info)?;
        let elements = self.len(self.model.elements.len());
        for element in info.named("element") {
            self.element(element)?;
        }
        let relationships = self.len(self.model.relationships.len());
        for relationship in info.named("contextRelationship") {
            self.model.relationships.push(Relationship {
                context: attribute(relationship, "contextRelationship", "context")?.into(),
                related_key_element: boxed(relationship.attribute("relatedKeyElement")),
            });
        }
        let row = ClassRow {
            name: self.name(&name),
            base: base.map(|base| self.model.specs.add(base)),
            identifier: self.optional(info.attribute("identifier")),
            label: self.optional(info.attribute("label")),
            target: self.optional(info.attribute("target")),
            primary_code_path: self.optional(info.attribute("primaryCodePath")),
            retrievable: info.is("retrievable"),
            simple: info.xsi_type() == Some("SimpleTypeInfo"),
            elements: elements..self.len(self.model.elements.len()),
            relationships: relationships..self.len(self.model.relationships.len()),
        };
        let at = self.len(self.model.classes.len());
        self.model.classes.push(row);
        if let Some(label) = info.attribute("label") {
            self.model.by_label.entry(label.into()).or_insert(at);
        }
        self.model.by_name.insert(name.into(), at);
        Ok(())
    }

    fn len(&self, length: usize) -> u32 {
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    fn base(&self, info: &Element) -> Result<Option<Spec>, ModelError> {
        if let Some(specifier) = info.first("baseTypeSpecifier") {
            return self.specifier(specifier).map(Some);
        }
        info.attribute("baseType")
            .map(|base| self.spec(base))
            .transpose()
    }

    fn element(&mut self, info: &Element) -> Result<(), ModelError> {
        // Some extensions of the published profiles have no type: theirs is any.
        let ty = match self.type_of(info, "element") {
            Err(ModelError::Incomplete { .. }) => Spec::Named(TypeName::new(SYSTEM, "Any")),
            ty => ty?,
        };
        let row = ElementRow {
            name: self.name(attribute(info, "element", "name")?),
            ty: self.model.specs.add(ty),
            target: self.optional(info.attribute("target")),
            prohibited: info.is("prohibited"),
        };
        self.model.elements.push(row);
        Ok(())
    }

    /// The type of an element, in one of the four ways to say it.
    fn type_of(&self, info: &Element, of: &'static str) -> Result<Spec, ModelError> {
        let child = info
            .first("elementTypeSpecifier")
            .or_else(|| info.first("typeSpecifier"))
            .or_else(|| info.first("pointTypeSpecifier"));
        if let Some(child) = child {
            return self.specifier(child);
        }
        let text = ["elementType", "type", "pointType"]
            .iter()
            .find_map(|name| info.attribute(name));
        let text = text.ok_or(ModelError::Incomplete {
            element: of,
            attribute: "elementType",
        })?;
        self.spec(text)
    }

    fn specifier(&self, specifier: &Element) -> Result<Spec, ModelError> {
        match specifier.xsi_type() {
            Some("ListTypeSpecifier") => {
                let of = self.type_of(specifier, "ListTypeSpecifier")?;
                Ok(Spec::List(Box::new(of)))
            }
            Some("IntervalTypeSpecifier") => {
                let of = self.type_of(specifier, "IntervalTypeSpecifier")?;
                Ok(Spec::Interval(Box::new(of)))
            }
            Some("ChoiceTypeSpecifier") => {
                let choices = specifier.named("choice").chain(specifier.named("type"));
                choices
                    .map(|choice| self.specifier(choice))
                    .collect::<Result<_, _>>()
                    .map(Spec::Choice)
            }
            Some("TupleTypeSpecifier") => {
                let elements = specifier.named("element").map(|element| {
                    let name = attribute(element, "TupleTypeSpecifierElement", "name")?;
                    Ok((
                        name.into(),
                        self.type_of(element, "TupleTypeSpecifierElement")?,
                    ))
                });
                elements.collect::<Result<_, _>>().map(Spec::Tuple)
            }
            _ => self.named(specifier),
        }
    }

    fn named(&self, specifier: &Element) -> Result<Spec, ModelError> {
        let name = attribute(specifier, "NamedTypeSpecifier", "name")?;
        let model = specifier
            .attribute("modelName")
            .or_else(|| specifier.attribute("namespace"));
        match model {
            Some(model) => Ok(Spec::Named(TypeName::new(model, name))),
            None => self.spec(name),
        }
    }

    fn context(&mut self, info: &Element) -> Result<(), ModelError> {
        let name = attribute(info, "contextInfo", "name")?;
        let ty = match info.first("contextType") {
            Some(ty) => self.named(ty)?,
            None => self.spec(name)?,
        };
        self.model.contexts.push(Context {
            name: name.into(),
            ty,
            key_element: boxed(info.attribute("keyElement")),
            birth_date_element: boxed(info.attribute("birthDateElement")),
        });
        Ok(())
    }

    fn conversion(&mut self, info: &Element) -> Result<(), ModelError> {
        let side = |specifier: &'static str, name: &'static str| match info.first(specifier) {
            Some(specifier) => self.specifier(specifier),
            None => self.spec(attribute(info, "conversionInfo", name)?),
        };
        let conversion = Conversion {
            function: attribute(info, "conversionInfo", "functionName")?.into(),
            from: side("fromTypeSpecifier", "fromType")?,
            to: side("toTypeSpecifier", "toType")?,
        };
        self.model.conversions.push(conversion);
        Ok(())
    }
}
