//! What a library uses and includes.

use std::sync::Arc;

use super::include::{HELPERS_NAME, Loader, Unit, helpers_name};
use crate::elm::{Kind, Node};
use crate::model::{Model, Models};
use crate::resolve::names::{Include, NameMistake, Using};
use crate::resolve::problem::{Mistake, Problem};
use crate::resolve::sources::LibraryName;
use crate::resolve::translator::Translator;
use crate::syntax::{self, ItemKind, Name, QualifiedName, Span};

/// The model whose types the library of conversions converts.
const FHIR: &str = "FHIR";

/// What stands at the top of a library, loaded.
pub(super) struct Header {
    /// The models in use, and those of the included libraries, whose types may come up.
    pub models: Models,
    pub usings: Vec<Using>,
    pub includes: Vec<Include>,
    pub include_nodes: Vec<Node>,
    /// The library of conversions that can be included without being named.
    pub helpers: Option<Arc<Unit>>,
}

impl Loader<'_> {
    /// Loads models and included libraries.
    pub(super) fn header(
        &mut self,
        tree: &syntax::Library,
        models: Models,
        problems: &mut Vec<Problem>,
    ) -> Header {
        let mut header = Header {
            models,
            usings: vec![Using {
                local: "System".into(),
                model: "System".into(),
            }],
            includes: Vec::new(),
            include_nodes: Vec::new(),
            helpers: None,
        };
        for item in &tree.items {
            let mistake = match &item.kind {
                ItemKind::Using {
                    model,
                    version,
                    called,
                } => self.using(&mut header, model, version.as_ref(), called.as_ref()),
                _ => continue,
            };
            if let Err(mistake) = mistake {
                let span = item.span;
                problems.push(Problem { mistake, span });
            }
        }
        for item in &tree.items {
            if let ItemKind::Include {
                library,
                version,
                called,
            } = &item.kind
            {
                let found = self.include(&mut header, library, version.as_ref(), called.as_ref());
                if let Err(mistake) = found {
                    let (mistake, span) = (Mistake::Name(mistake), item.span);
                    problems.push(Problem { mistake, span });
                }
            }
        }
        self.implied_helpers(&mut header, problems);
        header
    }

    /// Loads the library of conversions, if the models need it and it is not included.
    fn implied_helpers(&mut self, header: &mut Header, problems: &mut Vec<Problem>) {
        let mut usings = header.usings.iter().map(|using| &*using.model);
        let needs = usings.any(|model| {
            let model = header.models.get(model);
            model.is_some_and(|model| model.name() == FHIR || model.target_url().is_some())
        });
        let is_helpers = |name: &LibraryName| &*name.name == HELPERS_NAME;
        let there = self.open.iter().any(is_helpers)
            || header.includes.iter().any(|include| match &include.unit {
                Some(unit) => &*unit.exports.name == HELPERS_NAME,
                None => &*include.alias == HELPERS_NAME,
            });
        if !needs || there || !self.options.implicit_helpers {
            return;
        }
        match self.load(&helpers_name(None)) {
            Ok(unit) => {
                header.add_models(&unit);
                header.helpers = Some(unit);
            }
            Err(mistake) => {
                let (mistake, span) = (Mistake::Name(mistake), Span::default());
                problems.push(Problem { mistake, span });
            }
        }
    }

    fn using(
        &self,
        header: &mut Header,
        model: &QualifiedName,
        version: Option<&Name>,
        called: Option<&Name>,
    ) -> Result<(), Mistake> {
        let name = model.name();
        let version = version.map(|version| &*version.text);
        if let Some(used) = header.models.get(name)
            && let Some(wanted) = version
            && used.version().is_some_and(|used| used != wanted)
        {
            let versions = NameMistake::ModelVersions {
                model: name.into(),
                used: used.version().unwrap_or_default().into(),
                wanted: wanted.into(),
            };
            return Err(versions.into());
        }
        if header.models.get(name).is_none() {
            let model = self.sources.model(name, version)?;
            header.models.add(model)?;
        }
        let local = called.map_or(name, |called| &*called.text).into();
        let model = name.into();
        if !header.usings.iter().any(|using| using.local == local) {
            header.usings.push(Using { local, model });
        }
        Ok(())
    }

    fn include(
        &mut self,
        header: &mut Header,
        library: &QualifiedName,
        version: Option<&Name>,
        called: Option<&Name>,
    ) -> Result<(), NameMistake> {
        let namespace: Vec<&str> = library
            .qualifiers()
            .iter()
            .map(|part| &*part.text)
            .collect();
        let namespace = namespace.join(".");
        let name = LibraryName {
            namespace: (!namespace.is_empty()).then(|| namespace.as_str().into()),
            name: library.name().into(),
            version: version.map(|version| version.text.clone()),
        };
        let alias: Box<str> = called.map_or(library.name(), |called| &*called.text).into();
        let path = match &name.namespace {
            Some(namespace) => format!("{namespace}/{}", name.name),
            None => name.name.to_string(),
        };
        let mut node = Node::part(Kind::IncludeDef)
            .with("localIdentifier", &*alias)
            .with("path", path);
        if let Some(version) = &name.version {
            node.set("version", &**version);
        }
        header.include_nodes.push(node);
        let found = self.load(&name);
        if let Ok(unit) = &found {
            header.add_models(unit);
        }
        let unit = found.as_ref().ok().cloned();
        header.includes.push(Include { alias, unit });
        found.map(|_| ())
    }
}

impl Header {
    /// Adds the models whose types an included library may give.
    fn add_models(&mut self, unit: &Unit) {
        for model in &unit.models {
            if self.models.get(model.name()).is_none() {
                // A model that could be loaded there can be added here.
                let _ = self.models.add(Arc::clone(model));
            }
        }
    }
}

impl Translator<'_> {
    /// The models in use. One that is written over another is named by the data's.
    pub(super) fn using_nodes(&mut self, tree: &syntax::Library) -> Vec<Node> {
        let usings = self.names.usings.clone();
        let spans: Vec<(Box<str>, Span)> = tree
            .items
            .iter()
            .filter(|item| matches!(item.kind, ItemKind::Using { .. }))
            .filter_map(|item| Some((item.kind.name()?.text.clone(), item.span)))
            .collect();
        let nodes = usings.iter().map(|using| {
            let mut node = Node::part(Kind::UsingDef).with("localIdentifier", &*using.local);
            if let Some(model) = self.models.get(&using.model) {
                uri(&mut node, model);
            }
            if let Some((_, span)) = spans.iter().find(|(name, _)| *name == using.local) {
                self.mark_place(&mut node, *span);
            }
            node
        });
        nodes.collect()
    }
}

fn uri(node: &mut Node, model: &Model) {
    let (url, version) = match model.target_url() {
        Some(url) => (url, model.target_version()),
        None => (model.url(), model.version()),
    };
    node.set("uri", url);
    if let Some(version) = version
        && model.name() != "System"
    {
        node.set("version", version);
    }
}
