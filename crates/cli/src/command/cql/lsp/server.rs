//! Answers to what an editor asks.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use salus_base::Severity;
use salus_cql::editor::{CompletionKind, Document};
use salus_cql::resolve::{LibraryName, Problem, Sources};
use serde_json::{Value, json};

use super::place::{byte, path, range, uri};
use crate::command::cql::folders::{Folders, Places};

/// A method that there is not (JSON-RPC 2.0 §5.1).
const METHOD_NOT_FOUND: i32 = -32601;

/// The open documents, and how far the talk is.
pub struct Server {
    places: Places,
    documents: HashMap<String, Document>,
    is_shut_down: bool,
    left: Option<bool>,
}

impl Server {
    /// A server that looks for libraries in these places, too.
    pub fn new(places: Places) -> Self {
        Self {
            places,
            documents: HashMap::new(),
            is_shut_down: false,
            left: None,
        }
    }

    /// Whether the editor has left, and whether orderly.
    pub fn left(&self) -> Option<bool> {
        self.left
    }

    /// Takes a message; gives what is to be sent.
    pub fn take(&mut self, message: &Value) -> Vec<Value> {
        let none = Value::Null;
        let method = message
            .get("method")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let given = message.get("params").unwrap_or(&none);
        let Some(id) = message.get("id") else {
            return self.notified(method, given);
        };
        let result = match method {
            "initialize" => capabilities(),
            "shutdown" => {
                self.is_shut_down = true;
                Value::Null
            }
            "textDocument/hover" => self.hover(given).unwrap_or_default(),
            "textDocument/definition" => self.definition(given).unwrap_or_default(),
            "textDocument/completion" => self.completion(given).unwrap_or_else(|| json!([])),
            "textDocument/formatting" => self.formatting(given).unwrap_or_default(),
            // An answer to something that was never asked.
            "" => return Vec::new(),
            _ => {
                let error =
                    json!({"code": METHOD_NOT_FOUND, "message": format!("there is no `{method}`")});
                return vec![json!({"jsonrpc": "2.0", "id": id, "error": error})];
            }
        };
        vec![json!({"jsonrpc": "2.0", "id": id, "result": result})]
    }

    fn notified(&mut self, method: &str, given: &Value) -> Vec<Value> {
        match method {
            "textDocument/didOpen" => {
                let text = text_at(given, &["textDocument", "text"]).unwrap_or_default();
                self.changed(given, text)
            }
            "textDocument/didChange" => {
                // Whole texts only, as the capabilities say: the last one counts.
                let changes = given.get("contentChanges").and_then(Value::as_array);
                let last = changes.and_then(|all| all.last()?.get("text")?.as_str());
                last.map_or_else(Vec::new, |text| self.changed(given, text))
            }
            "textDocument/didSave" => self.again(),
            "textDocument/didClose" => {
                let Some(uri) = uri_of(given) else {
                    return Vec::new();
                };
                self.documents.remove(uri);
                vec![published(uri, "", &[])]
            }
            "exit" => {
                self.left = Some(self.is_shut_down);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn changed(&mut self, given: &Value, text: &str) -> Vec<Value> {
        let Some(uri) = uri_of(given) else {
            return Vec::new();
        };
        let document = Document::open(text, &self.folders(uri));
        let published = published(uri, text, document.problems());
        self.documents.insert(uri.to_owned(), document);
        vec![published]
    }

    /// All documents again: one that was saved may be included by others.
    fn again(&mut self) -> Vec<Value> {
        let mut uris: Vec<String> = self.documents.keys().cloned().collect();
        uris.sort();
        let mut answers = Vec::new();
        for uri in uris {
            let Some(text) = self
                .documents
                .get(&uri)
                .map(|document| document.text().to_owned())
            else {
                continue;
            };
            let document = Document::open(&text, &self.folders(&uri));
            answers.push(published(&uri, &text, document.problems()));
            self.documents.insert(uri, document);
        }
        answers
    }

    /// Where a document's libraries are looked for. A model info that cannot be read is told by `salus cql check`.
    fn folders(&self, uri: &str) -> Folders {
        let file = path(uri).unwrap_or_else(|| PathBuf::from("untitled.cql"));
        let without_models = Places {
            models: Vec::new(),
            ..self.places.clone()
        };
        Folders::of(&self.places, &file)
            .or_else(|_| Folders::of(&without_models, &file))
            .unwrap_or_default()
    }

    /// The document that is asked about, and the byte.
    fn asked<'s>(&'s self, given: &'s Value) -> Option<(&'s str, &'s Document, usize)> {
        let uri = uri_of(given)?;
        let document = self.documents.get(uri)?;
        let at = byte(document.text(), given.get("position")?)?;
        Some((uri, document, at))
    }

    fn hover(&self, given: &Value) -> Option<Value> {
        let (_, document, at) = self.asked(given)?;
        let hover = document.hover(at)?;
        let words = format!("```cql\n{}\n```", hover.text);
        let (start, end) = (hover.span.start as usize, hover.span.end as usize);
        Some(json!({
            "contents": {"kind": "markdown", "value": words},
            "range": range(document.text(), start, end),
        }))
    }

    fn definition(&self, given: &Value) -> Option<Value> {
        let (own, document, at) = self.asked(given)?;
        let target = document.definition(at)?;
        let (uri, text) = match &target.library {
            None => (own.to_owned(), document.text().to_owned()),
            Some(name) => self.library(own, name)?,
        };
        let span = target.span(&text)?;
        Some(json!({"uri": uri, "range": range(&text, span.start as usize, span.end as usize)}))
    }

    /// The file of a library that a document includes, and its text.
    fn library(&self, own: &str, name: &LibraryName) -> Option<(String, String)> {
        let folders = self.folders(own);
        // Only what lies in a file can be shown: not what Salus carries itself.
        folders.library(name).ok()?;
        let source = folders.text_of(&name.name)?;
        Some((uri(Path::new(&source.file)), source.text.to_string()))
    }

    fn completion(&self, given: &Value) -> Option<Value> {
        let (uri, document, at) = self.asked(given)?;
        let found = document.completions(at, &self.folders(uri));
        let items: Vec<Value> = found
            .iter()
            .map(|one| {
                let mut item = json!({"label": one.label, "kind": kind(one.kind)});
                if let (Some(item), Some(detail)) = (item.as_object_mut(), &one.detail) {
                    item.insert("detail".to_owned(), detail.as_str().into());
                }
                item
            })
            .collect();
        Some(items.into())
    }

    fn formatting(&self, given: &Value) -> Option<Value> {
        let document = self.documents.get(uri_of(given)?)?;
        let text = document.text();
        let layout = document.layout()?;
        if layout == text {
            return Some(json!([]));
        }
        Some(json!([{"range": range(text, 0, text.len()), "newText": layout}]))
    }
}

fn capabilities() -> Value {
    json!({
        "capabilities": {
            // Whole texts at each change.
            "textDocumentSync": {"openClose": true, "change": 1, "save": true},
            "hoverProvider": true,
            "definitionProvider": true,
            "completionProvider": {"triggerCharacters": [".", "[", "\""]},
            "documentFormattingProvider": true,
        },
        "serverInfo": {"name": "salus", "version": env!("CARGO_PKG_VERSION")},
    })
}

fn published(uri: &str, text: &str, problems: &[Problem]) -> Value {
    let all: Vec<Value> = problems
        .iter()
        .map(|problem| shown(text, problem))
        .collect();
    json!({
        "jsonrpc": "2.0",
        "method": "textDocument/publishDiagnostics",
        "params": {"uri": uri, "diagnostics": all},
    })
}

fn shown(text: &str, problem: &Problem) -> Value {
    let found = problem.diagnostic("");
    let more = [found.cause, found.help].into_iter().flatten();
    let message = more.fold(found.message, |text, more| format!("{text}\n{more}"));
    json!({
        "range": range(text, problem.span.start as usize, problem.span.end as usize),
        "severity": match found.severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Advice => 4,
        },
        "code": found.code.as_str(),
        "source": "salus",
        "message": message,
    })
}

/// The kinds of completion items of the protocol.
fn kind(kind: CompletionKind) -> u8 {
    match kind {
        CompletionKind::Function => 3,
        CompletionKind::Element => 5,
        CompletionKind::Definition => 6,
        CompletionKind::Type => 7,
        CompletionKind::Library => 9,
        CompletionKind::Keyword => 14,
    }
}

fn uri_of(given: &Value) -> Option<&str> {
    text_at(given, &["textDocument", "uri"])
}

fn text_at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    let found = path.iter().try_fold(value, |value, name| value.get(name));
    found.and_then(Value::as_str)
}
