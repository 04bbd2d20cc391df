//! Libraries, definitions, statements.

use super::doc::{Doc, enclosed, indent, text};
use super::expression::expr;
use super::{comments, name, names, string};
use crate::syntax::tree::{
    Access, CodeRef, Expr, Function, Header, Item, ItemKind, Library, Name, QualifiedName,
};

/// The whole library. Definitions of one kind stand together; statements have an empty line between them.
pub(super) fn library(library: &Library) -> Doc {
    let mut docs = Vec::new();
    if let Some(header) = &library.header {
        docs.extend(paragraph(header_doc(header)));
    }
    let mut before = None;
    for item in &library.items {
        let kind = std::mem::discriminant(&item.kind);
        let apart = item.kind.is_statement() || !item.comments.is_empty() || before != Some(kind);
        if apart && !docs.is_empty() {
            docs.push(Doc::Line);
        }
        before = Some(kind);
        docs.extend(paragraph(item_doc(item)));
    }
    if !library.comments.is_empty() {
        if !docs.is_empty() {
            docs.push(Doc::Line);
        }
        docs.extend(comments(&library.comments));
    }
    Doc::All(docs)
}

fn paragraph(doc: Doc) -> [Doc; 2] {
    [doc, Doc::Line]
}

impl ItemKind {
    fn is_statement(&self) -> bool {
        matches!(
            self,
            ItemKind::Define { .. } | ItemKind::Function(_) | ItemKind::Context(_)
        )
    }
}

fn header_doc(header: &Header) -> Doc {
    let mut docs = comments(&header.comments);
    let version = after("version", header.version.as_ref());
    docs.push(text(format!("library {}{version}", header.name)));
    Doc::All(docs)
}

/// ` word 'text'`, if there is a text.
fn after(word: &str, said: Option<&Name>) -> String {
    said.map_or(String::new(), |said| {
        format!(" {word} {}", string(&said.text))
    })
}

fn item_doc(item: &Item) -> Doc {
    let mut docs = comments(&item.comments);
    let access = match item.access {
        Access::Public => "",
        Access::Private => "private ",
    };
    let kind = match &item.kind {
        ItemKind::Define { name: of, expr } => {
            define(&format!("define {access}{}:", name(of)), expr)
        }
        ItemKind::Function(function) => function_doc(access, function),
        kind => Doc::All(vec![text(access), definition(kind)]),
    };
    docs.push(kind);
    Doc::All(docs)
}

fn define(head: &str, body: &Expr) -> Doc {
    Doc::All(vec![text(head), indent(vec![Doc::Line, expr(body)])])
}

fn function_doc(access: &str, function: &Function) -> Doc {
    let fluent = if function.fluent { "fluent " } else { "" };
    let operands = function
        .operands
        .iter()
        .map(|operand| text(format!("{} {}", name(&operand.name), operand.ty)))
        .collect();
    let returns = function
        .returns
        .as_ref()
        .map_or(String::new(), |ty| format!(" returns {ty}"));
    let head = vec![
        text(format!(
            "define {access}{fluent}function {}",
            name(&function.name)
        )),
        enclosed("(", operands, ")"),
        text(format!("{returns}:")),
    ];
    let body = match &function.body {
        Some(body) => indent(vec![Doc::Line, expr(body)]),
        None => text(" external"),
    };
    Doc::All(vec![Doc::All(head), body])
}

fn definition(kind: &ItemKind) -> Doc {
    match kind {
        ItemKind::Using {
            model,
            version,
            called,
        } => text(used("using", model, version, called)),
        ItemKind::Include {
            library,
            version,
            called,
        } => text(used("include", library, version, called)),
        ItemKind::CodeSystem {
            name: of,
            id,
            version,
        } => text(format!(
            "codesystem {}: {}{}",
            name(of),
            string(&id.text),
            after("version", version.as_ref())
        )),
        ItemKind::ValueSet {
            name: of,
            id,
            version,
            code_systems,
        } => {
            let version = after("version", version.as_ref());
            let head = text(format!(
                "valueset {}: {}{version}",
                name(of),
                string(&id.text)
            ));
            match code_systems.is_empty() {
                true => head,
                false => Doc::All(vec![head, text(" codesystems "), in_braces(code_systems)]),
            }
        }
        ItemKind::Code { name: of, code } => text(format!("code {}: {}", name(of), code_ref(code))),
        ItemKind::Concept {
            name: of,
            codes,
            display,
        } => Doc::All(vec![
            text(format!("concept {}: ", name(of))),
            in_braces(codes),
            text(after("display", display.as_ref())),
        ]),
        ItemKind::Parameter {
            name: of,
            ty,
            default,
        } => {
            let ty = ty.as_ref().map_or(String::new(), |ty| format!(" {ty}"));
            let mut docs = vec![text(format!("parameter {}{ty}", name(of)))];
            if let Some(default) = default {
                docs.push(text(" default "));
                docs.push(indent(vec![expr(default)]));
            }
            Doc::All(docs)
        }
        ItemKind::Context(context) => text(format!("context {context}")),
        // Nothing that can be read: the tree of a text with mistakes is not to be read again.
        _ => text("\u{fffd}"),
    }
}

fn used(word: &str, what: &QualifiedName, version: &Option<Name>, called: &Option<Name>) -> String {
    let called = called
        .as_ref()
        .map_or(String::new(), |called| format!(" called {}", name(called)));
    format!(
        "{word} {what}{}{called}",
        after("version", version.as_ref())
    )
}

/// `'id' from system display '…'`
pub(super) fn code_ref(code: &CodeRef) -> String {
    let display = after("display", code.display.as_ref());
    format!("{} from {}{display}", string(&code.id.text), code.system)
}

/// ` display '…'`, if there is one.
pub(super) fn display(display: Option<&Name>) -> String {
    after("display", display)
}

fn in_braces(all: &[QualifiedName]) -> Doc {
    let all = all.iter().map(|one| text(names(&one.parts))).collect();
    enclosed("{ ", all, " }")
}
