//! How an element of a profile is got from the data that the profile is written over.
//!
//! A model info says it in words of its own, which have no specification; these are the forms that the published ones
//! have:
//!
//! ```text
//! target   := case (';' case)*  |  call  |  sliced  |  '%value' ('.' name)*
//! case     := type ':' target
//! call     := library '.' function '(' target ')'
//! sliced   := '%parent' ('.' name)* '[' path '=' text (',' path '=' text)* ']' ('.' path)?
//! ```

use crate::elm::{Kind, Node};
use crate::model::{Spec, TypeName};
use crate::resolve::translator::Translator;
use crate::resolve::typed::{Typed, list_of, system};

/// The alias of what a mapping goes over.
const THIS: &str = "$this";

/// A mapping that was read.
#[derive(Debug, PartialEq, Eq)]
enum Target<'m> {
    /// The element itself, and a path in it.
    Value(Option<&'m str>),
    /// A function of it.
    Call {
        library: &'m str,
        function: &'m str,
        of: Box<Target<'m>>,
    },
    /// One slice of a list that the parent of the element has.
    Slice {
        path: Vec<&'m str>,
        criteria: Vec<(&'m str, &'m str)>,
        rest: Option<&'m str>,
    },
}

impl<'m> Target<'m> {
    fn parse(text: &'m str) -> Option<Target<'m>> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("%value") {
            return match rest.strip_prefix('.') {
                None => rest.is_empty().then_some(Target::Value(None)),
                path => Some(Target::Value(path)),
            };
        }
        if text.starts_with("%parent") {
            return Target::slice(text);
        }
        let (called, of) = text.strip_suffix(')')?.split_once('(')?;
        let (library, function) = called.split_once('.')?;
        let of = Box::new(Target::parse(of)?);
        Some(Target::Call {
            library,
            function,
            of,
        })
    }

    fn slice(text: &'m str) -> Option<Target<'m>> {
        let (path, rest) = text.split_once('[')?;
        let (criteria, rest) = split_brackets(rest)?;
        let path = path.split('.').skip(1).collect();
        let criteria = split_quoted(criteria).map(|one| {
            let (path, value) = one.split_once('=')?;
            Some((path, value.strip_prefix('\'')?.strip_suffix('\'')?))
        });
        Some(Target::Slice {
            path,
            criteria: criteria.collect::<Option<_>>()?,
            rest: rest.strip_prefix('.').filter(|rest| !rest.is_empty()),
        })
    }
}

/// What stands before the closing bracket, and what after it. Brackets in texts do not count.
fn split_brackets(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = text.find(|character| {
        quoted ^= character == '\'';
        character == ']' && !quoted
    })?;
    let (inside, rest) = text.split_at_checked(end)?;
    Some((inside, rest.strip_prefix(']')?))
}

/// The parts between commas that stand in no text.
fn split_quoted(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '\'';
        character == ',' && !quoted
    })
}

/// The data has no `[x]`: an element of several types has one name.
fn without_choice_mark(target: &str) -> String {
    target.replace("[x]", "")
}

impl Translator<'_> {
    /// The property as the data has it. A mapping that cannot be read is the error.
    pub(super) fn mapped(
        &self,
        source: Typed,
        targets: &[(Spec, Box<str>)],
    ) -> Result<Typed, Box<str>> {
        match targets {
            [] => Ok(source),
            [(_, one)] if one.contains(';') => {
                let cases = one.split(';').filter(|case| !case.is_empty()).map(|case| {
                    let (ty, target) = case.split_once(':').ok_or_else(|| one.clone())?;
                    let ty = self.target_type(ty).ok_or_else(|| one.clone())?;
                    Ok((ty, target.into()))
                });
                let cases: Vec<(Spec, Box<str>)> = cases.collect::<Result<_, Box<str>>>()?;
                self.mapped_by_type(source, &cases)
            }
            [(_, one)] => self.mapped_once(source, one),
            cases => self.mapped_by_type(source, cases),
        }
    }

    /// The type that a case of a mapping is for: `System.Concept`.
    fn target_type(&self, text: &str) -> Option<Spec> {
        let (model, name) = text.split_once('.')?;
        let class = self.models.get(model)?.class(name)?;
        Some(Spec::Named(TypeName::new(model, class.name())))
    }

    /// The first of the mappings whose result is of its type.
    fn mapped_by_type(&self, source: Typed, cases: &[(Spec, Box<str>)]) -> Result<Typed, Box<str>> {
        let mut items = Vec::new();
        for (ty, target) in cases {
            let mut mapped = self.mapped_once(source.clone(), target)?;
            mapped.ty = ty.clone();
            let mut is = Node::new(Kind::Is);
            match ty {
                Spec::Named(name) => is.set("isType", self.type_name(name)),
                other => is.set("isTypeSpecifier", self.type_specifier(other)),
            }
            is.set("operand", mapped.node.clone());
            self.mark_type(&mut is, &system("Boolean"));
            let item = Node::part(Kind::CaseItem)
                .with("when", is)
                .with("then", mapped.node);
            items.push(item);
        }
        let mut otherwise = Node::new(Kind::Null);
        self.mark_type(&mut otherwise, &source.ty);
        let mut case = Node::new(Kind::Case)
            .with("caseItem", items)
            .with("else", otherwise);
        self.mark_type(&mut case, &source.ty);
        Ok(Typed::new(case, source.ty))
    }

    fn mapped_once(&self, source: Typed, target: &str) -> Result<Typed, Box<str>> {
        let text = without_choice_mark(target);
        let parsed = Target::parse(&text).ok_or(target)?;
        self.apply_target(source, &parsed)
            .ok_or_else(|| target.into())
    }

    fn apply_target(&self, source: Typed, target: &Target<'_>) -> Option<Typed> {
        match target {
            Target::Value(None) => Some(source),
            Target::Value(Some(path)) => Some(self.mapped_value(source, path)),
            Target::Call {
                library,
                function,
                of,
            } => {
                let of = self.apply_target(source, of)?;
                Some(self.mapped_call(of, library, function))
            }
            Target::Slice {
                path,
                criteria,
                rest,
            } => self.mapped_slice(source, path, criteria, *rest),
        }
    }

    /// A path in the element; of a list, in each of its items.
    fn mapped_value(&self, source: Typed, path: &str) -> Typed {
        let property = Node::new(Kind::Property).with("path", path);
        match &source.ty {
            Spec::List(item) => {
                let item = Typed::new(property.with("scope", THIS), (**item).clone());
                self.of_each(source, item)
            }
            ty => {
                let mut node = property.with("source", source.node);
                self.mark_type(&mut node, ty);
                Typed::new(node, source.ty)
            }
        }
    }

    /// A function of the element; of a list, of each of its items.
    fn mapped_call(&self, source: Typed, library: &str, function: &str) -> Typed {
        let call = |operand: Node| {
            // The model info does not say of which type the data is. Only periods are mapped to intervals, and no other
            // function that it names has overloads.
            let from = if function == "ToInterval" {
                "Period"
            } else {
                ""
            };
            self.fhir_call(library, function, from, operand)
        };
        match &source.ty {
            Spec::List(item) => {
                let this = Node::new(Kind::AliasRef).with("name", THIS);
                let item = Typed::new(call(this), (**item).clone());
                self.of_each(source, item)
            }
            ty => {
                let mut node = call(source.node);
                self.mark_type(&mut node, ty);
                Typed::new(node, source.ty)
            }
        }
    }

    /// `list $this return all item`
    fn of_each(&self, list: Typed, mut item: Typed) -> Typed {
        self.mark_type(&mut item.node, &item.ty);
        let source = Node::part(Kind::AliasedQuerySource)
            .with("alias", THIS)
            .with("expression", list.node);
        let result = Node::part(Kind::ReturnClause)
            .with("distinct", false)
            .with("expression", item.node);
        let mut query = Node::new(Kind::Query)
            .with("source", vec![source])
            .with("return", result);
        let ty = list_of(item.ty);
        self.mark_type(&mut query, &ty);
        Typed::new(query, ty)
    }

    /// The slice of a list of the parent: `singleton from (parent.path $this where … return all $this.rest)`.
    fn mapped_slice(
        &self,
        source: Typed,
        path: &[&str],
        criteria: &[(&str, &str)],
        rest: Option<&str>,
    ) -> Option<Typed> {
        let parent = match (source.node.node("source"), source.node.text("scope")) {
            (Some(parent), _) => parent.clone(),
            (None, Some(alias)) => Node::new(Kind::AliasRef).with("name", alias),
            (None, None) => return None,
        };
        let list = path.iter().fold(parent, |on, name| {
            Node::new(Kind::Property)
                .with("path", *name)
                .with("source", on)
        });
        let conditions = criteria
            .iter()
            .map(|(path, value)| self.criterion(path, value));
        let condition = conditions.reduce(|left, right| {
            let mut and = Node::new(Kind::And).with("operand", vec![left, right]);
            self.mark_type(&mut and, &system("Boolean"));
            and
        })?;
        let aliased = Node::part(Kind::AliasedQuerySource)
            .with("alias", THIS)
            .with("expression", list);
        let mut node = Node::new(Kind::Query)
            .with("source", vec![aliased])
            .with("where", condition);
        if let Some(rest) = rest {
            let this = Node::new(Kind::AliasRef).with("name", THIS);
            let property = Node::new(Kind::Property)
                .with("path", rest)
                .with("source", this);
            let result = Node::part(Kind::ReturnClause)
                .with("distinct", false)
                .with("expression", property);
            node.set("return", result);
        }
        if !matches!(source.ty, Spec::List(_)) {
            node = Node::new(Kind::SingletonFrom).with("operand", node);
        }
        self.mark_type(&mut node, &source.ty);
        Some(Typed::new(node, source.ty))
    }

    /// `$this.path = 'value'`. What the path leads to is a text of FHIR, and one of CQL is compared with.
    fn criterion(&self, path: &str, value: &str) -> Node {
        let mut left: Option<Node> = None;
        for name in path.split('.') {
            let property = Node::new(Kind::Property).with("path", name);
            let node = match left {
                None => property.with("scope", THIS),
                Some(left) => property.with("source", left),
            };
            left = Some(match name {
                // Only the first coding is looked at: the published mappings are of slices with one.
                "coding" => Node::new(Kind::First).with("source", node),
                "url" => self.fhir_text(node, "uri"),
                _ => node,
            });
        }
        let left = match left {
            Some(left) if path == "code.coding.system" => self.fhir_text(left, "uri"),
            Some(left) if path == "code.coding.code" => self.fhir_text(left, "code"),
            Some(left) => left,
            None => Node::new(Kind::Null),
        };
        let right = self.value("String", value).node;
        let mut equal = Node::new(Kind::Equal).with("operand", vec![left, right]);
        self.mark_type(&mut equal, &system("Boolean"));
        equal
    }

    /// A text of CQL from one of this type of FHIR.
    fn fhir_text(&self, of: Node, from: &str) -> Node {
        let mut node = self.fhir_call("FHIRHelpers", "ToString", from, of);
        self.mark_type(&mut node, &system("String"));
        node
    }

    /// A function of a library of conversions on data of this type.
    fn fhir_call(&self, library: &str, function: &str, from: &str, of: Node) -> Node {
        let library = self.conversion_library(library);
        let mut node = Node::new(Kind::FunctionRef)
            .with("libraryName", &*library)
            .with("name", function);
        let from = Spec::Named(TypeName::new("FHIR", from));
        self.sign_conversion(&mut node, &library, function, &from);
        node.with("operand", vec![of])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EMBEDDED, Model};

    #[test]
    fn every_mapping_of_the_models_that_salus_carries_can_be_read() {
        let mut count = 0;
        for (name, version) in EMBEDDED {
            let model = Model::shared(name, Some(version)).unwrap();
            let elements = model.classes().flat_map(crate::model::Class::elements);
            for target in elements.filter_map(crate::model::Element::target) {
                for case in target.split(';') {
                    let typed = case.strip_prefix("System.");
                    let typed = typed.and_then(|case| case.split_once(':'));
                    let case = typed.map_or(case, |(_, target)| target);
                    let case = without_choice_mark(case);
                    assert!(Target::parse(&case).is_some(), "{name} {version}: {target}");
                    count += 1;
                }
            }
        }
        assert!(count > 3_000, "{count}");
    }

    #[test]
    fn commas_and_brackets_in_texts_do_not_part_a_mapping() {
        let target = Target::parse("%parent.extension[url='a,b]c',code='d'].value.value");
        let criteria = vec![("url", "a,b]c"), ("code", "d")];
        let (path, rest) = (vec!["extension"], Some("value.value"));
        assert_eq!(
            target,
            Some(Target::Slice {
                path,
                criteria,
                rest
            })
        );
    }
}
