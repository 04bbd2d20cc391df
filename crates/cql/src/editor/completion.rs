//! What could stand at a place.

use super::{Document, node, options, word, written};
use crate::elm::Kind;
use crate::model::Models;
use crate::resolve::{Sources, translate};
use crate::syntax::{ItemKind, Span, keywords};

/// Something that could stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// As CQL writes it.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// Its type, if it has one and it is known.
    pub detail: Option<String>,
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A define, parameter, code, code system, value set or concept.
    Definition,
    /// A function.
    Function,
    /// An included library.
    Library,
    /// An element of a value.
    Element,
    /// A type of records.
    Type,
    /// A word of the language.
    Keyword,
}

/// What could stand at a place: after a point what has one before it, after `[` types of records, elsewhere names and
/// words of the language. Which of them fit what was begun is for the editor to say.
pub(super) fn at(document: &Document, at: usize, sources: &dyn Sources) -> Vec<Completion> {
    let text = document.text();
    let begun = text.get(..at).map_or(at, start_of_word);
    let before = text.get(..begun).unwrap_or_default().trim_end();
    if let Some(owner) = before.strip_suffix('.') {
        return after_point(document, owner.len(), at, sources);
    }
    if before.ends_with('[') {
        return models(document, sources).map_or_else(Vec::new, |models| types(&models));
    }
    let mut all = names(document);
    all.extend(keywords().map(|word| Completion {
        label: word.to_owned(),
        kind: CompletionKind::Keyword,
        detail: None,
    }));
    all
}

/// Where the name starts that is being written.
fn start_of_word(before: &str) -> usize {
    let plain = |one: char| word::is_name_part(one) || one == '"';
    before.trim_end_matches(plain).len()
}

/// What the library defines and includes.
fn names(document: &Document) -> Vec<Completion> {
    let library = document.elm();
    let items = document.tree.items.iter();
    items
        .filter_map(|item| {
            let name = item.kind.name()?;
            let kind = match &item.kind {
                ItemKind::Function(_) => CompletionKind::Function,
                ItemKind::Include { .. } => CompletionKind::Library,
                ItemKind::Using { .. } => return None,
                _ => CompletionKind::Definition,
            };
            let detail = library.statement(&name.text).and_then(node::type_of);
            Some(Completion {
                label: written(&name.text),
                kind,
                detail,
            })
        })
        .collect()
}

/// What can be taken from what ends at `owner`.
fn after_point(
    document: &Document,
    owner: usize,
    at: usize,
    sources: &dyn Sources,
) -> Vec<Completion> {
    let text = document.text();
    let place = u32::try_from(owner + 1).unwrap_or(u32::MAX);
    let qualifier = word::before(text, Span::new(place, place));
    if let Some(name) = qualifier.and_then(|word| document.included(&word.name)) {
        return exports(document, &name.name);
    }
    // Without the point and what follows it the text can be read.
    let (Some(before), Some(after)) = (text.get(..owner), text.get(at..)) else {
        return Vec::new();
    };
    let whole = format!("{before} {after}");
    let translation = translate(&whole, sources, &options());
    let Some(found) = node::ending_at(&translation.library, &whole, owner) else {
        return Vec::new();
    };
    let Some(models) = models(document, sources) else {
        return Vec::new();
    };
    let (named, tuple) = node::elements_of(found.node);
    let element = |name: &str, detail: Option<String>| Completion {
        label: written(name),
        kind: CompletionKind::Element,
        detail,
    };
    let mut all: Vec<Completion> = tuple.into_iter().map(|name| element(name, None)).collect();
    for (url, name) in named {
        let Some(class) = models.of_url(url).and_then(|model| model.class(name)) else {
            continue;
        };
        for one in models.lineage(class).flat_map(|class| class.elements()) {
            if !one.is_prohibited() && all.iter().all(|known| known.label != written(one.name())) {
                all.push(element(one.name(), Some(one.ty().to_string())));
            }
        }
    }
    all
}

/// What an included library lets others use.
fn exports(document: &Document, library: &str) -> Vec<Completion> {
    let included = document.translation.included.iter();
    let Some(library) = included.rev().find(|one| one.identifier().id == library) else {
        return Vec::new();
    };
    let parts = [
        "parameters",
        "codeSystems",
        "valueSets",
        "codes",
        "concepts",
        "statements",
    ];
    let mut all: Vec<Completion> = Vec::new();
    for def in parts.iter().flat_map(|part| library.definitions(part)) {
        let is_public = def.text("accessLevel") != Some("Private");
        let (true, Some(name)) = (is_public, def.text("name")) else {
            continue;
        };
        // What a context is about is a define, too.
        if def.text("context") == Some(name) {
            continue;
        }
        let completion = Completion {
            label: written(name),
            kind: match def.kind() {
                Kind::FunctionDef => CompletionKind::Function,
                _ => CompletionKind::Definition,
            },
            detail: node::type_of(def),
        };
        if !all.contains(&completion) {
            all.push(completion);
        }
    }
    all
}

fn types(models: &Models) -> Vec<Completion> {
    let classes = models.iter().flat_map(|model| model.classes());
    let types = classes.filter(|class| class.is_retrievable());
    types
        .map(|class| Completion {
            label: written(class.label().unwrap_or(class.name())),
            kind: CompletionKind::Type,
            detail: None,
        })
        .collect()
}

/// The models that the library uses.
fn models(document: &Document, sources: &dyn Sources) -> Option<Models> {
    let mut models = Models::new().ok()?;
    for item in &document.tree.items {
        if let ItemKind::Using { model, version, .. } = &item.kind {
            let version = version.as_ref().map(|version| &*version.text);
            if let Ok(model) = sources.model(model.name(), version) {
                let _ = models.add(model);
            }
        }
    }
    Some(models)
}
