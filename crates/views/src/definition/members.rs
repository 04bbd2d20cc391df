//! The members of a JSON object of a view, taken out one by one: what is left over is unknown.

use salus_base::Diagnostic;
use salus_fhir::json::{Node, NodeKind};

use super::model::{At, PathText};
use crate::problem::{self, code};

/// An object being read.
pub(super) struct Members<'a> {
    at: At,
    left: Vec<(String, Node<'a>)>,
}

/// Members that any element may have and that mean nothing here.
fn is_ignored(key: &str) -> bool {
    key.starts_with('_')
        || key.starts_with('$')
        || matches!(
            key,
            "id" | "extension" | "modifierExtension" | "fhir_comments"
        )
}

impl<'a> Members<'a> {
    /// The members of an object; `None`, with a problem, when it is none.
    pub(super) fn of(
        node: Node<'a>,
        path: String,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Members<'a>> {
        let at = At {
            path,
            offset: node.offset(),
        };
        if node.kind() != NodeKind::Object {
            wrong_type(&at, "an object", &node, problems);
            return None;
        }
        let left = node
            .fields()
            .filter(|(key, node)| node.has_value() && !is_ignored(key))
            .map(|(key, node)| (key.into_owned(), node))
            .collect();
        Some(Members { at, left })
    }

    /// Where the object stands.
    pub(super) fn at(&self) -> &At {
        &self.at
    }

    /// Where a member of it stands.
    pub(super) fn at_member(&self, key: &str, node: &Node<'_>) -> At {
        At {
            path: join(&self.at.path, key),
            offset: node.offset(),
        }
    }

    /// Whether a member is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.left.iter().any(|(known, _)| known == key)
    }

    /// Takes a member out.
    pub(super) fn take(&mut self, key: &str) -> Option<Node<'a>> {
        let index = self.left.iter().position(|(known, _)| known == key)?;
        Some(self.left.swap_remove(index).1)
    }

    /// Takes out the members whose key is such.
    pub(super) fn take_others(&mut self, such: impl Fn(&str) -> bool) -> Vec<String> {
        let (taken, left) = self.left.drain(..).partition(|(key, _)| such(key));
        self.left = left;
        let taken: Vec<(String, Node<'a>)> = taken;
        taken.into_iter().map(|(key, _)| key).collect()
    }

    /// A text.
    pub(super) fn text(&mut self, key: &str, problems: &mut Vec<Diagnostic>) -> Option<String> {
        self.text_at(key, problems).map(|found| found.text)
    }

    /// A text with its place.
    fn text_at(&mut self, key: &str, problems: &mut Vec<Diagnostic>) -> Option<PathText> {
        let node = self.take(key)?;
        let at = self.at_member(key, &node);
        match node.string() {
            Some(text) => Some(PathText {
                text: text.into_owned(),
                at,
            }),
            None => {
                wrong_type(&at, "a text", &node, problems);
                None
            }
        }
    }

    /// An expression.
    pub(super) fn expression(
        &mut self,
        key: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<PathText> {
        let found = self.text_at(key, problems)?;
        if found.text.trim().is_empty() {
            let message = format!("{} is empty", found.at);
            problems.push(problem::error(code::PATH_SYNTAX, &found.at, message));
            return None;
        }
        Some(found)
    }

    /// An expression that must be there.
    pub(super) fn required_expression(
        &mut self,
        key: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<PathText> {
        self.require(key, problems)?;
        self.expression(key, problems)
    }

    /// A text that must be there.
    pub(super) fn required_text(
        &mut self,
        key: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        self.require(key, problems)?;
        self.text(key, problems)
    }

    /// A name that must be there, usable in SQL (invariant `sql-name`).
    pub(super) fn name(&mut self, key: &str, problems: &mut Vec<Diagnostic>) -> Option<String> {
        self.require(key, problems)?;
        self.optional_name(key, problems)
    }

    /// A name usable in SQL (invariant `sql-name`).
    pub(super) fn optional_name(
        &mut self,
        key: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let found = self.text_at(key, problems)?;
        let mut chars = found.text.chars();
        let good = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
        if good {
            return Some(found.text);
        }
        let message = format!("{} is no name: `{}`", found.at, found.text);
        problems.push(
            problem::error(code::BAD_NAME, &found.at, message)
                .help("names are letters, digits and `_`, and begin with a letter"),
        );
        None
    }

    /// `true` or `false`; `false` when absent.
    pub(super) fn flag(&mut self, key: &str, problems: &mut Vec<Diagnostic>) -> bool {
        let Some(node) = self.take(key) else {
            return false;
        };
        node.boolean().unwrap_or_else(|| {
            let at = self.at_member(key, &node);
            wrong_type(&at, "`true` or `false`", &node, problems);
            false
        })
    }

    /// The items of a list with their paths; none when absent.
    pub(super) fn list(
        &mut self,
        key: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<(String, Node<'a>)> {
        let Some(node) = self.take(key) else {
            return Vec::new();
        };
        let at = self.at_member(key, &node);
        if node.kind() != NodeKind::Array {
            wrong_type(&at, "a list", &node, problems);
            return Vec::new();
        }
        node.items()
            .enumerate()
            .map(|(index, item)| (format!("{}[{index}]", at.path), item))
            .collect()
    }

    /// Says that a member is missing, if it is.
    pub(super) fn require(&self, key: &str, problems: &mut Vec<Diagnostic>) -> Option<()> {
        if self.has(key) {
            return Some(());
        }
        let message = format!("{} has no `{key}`", self.at);
        let near = self.left.iter().map(|(known, _)| known.as_str());
        let mut found = problem::error(code::MISSING, &self.at, message);
        found.help = salus_base::suggest::closest(key, near)
            .map(|near| format!("is `{near}` meant to be `{key}`?"));
        problems.push(found);
        None
    }

    /// Says what is left over. A near miss of a known name is an error: the view would mean something else.
    pub(super) fn finish(self, known: &[&str], problems: &mut Vec<Diagnostic>) {
        for (key, node) in &self.left {
            let at = self.at_member(key, node);
            let message = format!("{} has a member that no view has: `{key}`", self.at);
            problems.push(match problem::did_you_mean(key, known.iter().copied()) {
                Some(help) => problem::error(code::UNKNOWN_MEMBER, &at, message).help(help),
                None => problem::warning(code::UNKNOWN_MEMBER, &at, message),
            });
        }
    }
}

/// Says that a value is of another JSON type.
pub(super) fn wrong_type(at: &At, wanted: &str, node: &Node<'_>, problems: &mut Vec<Diagnostic>) {
    let found = match node.kind() {
        NodeKind::Absent => "null",
        NodeKind::Boolean => "a boolean",
        NodeKind::Number => "a number",
        NodeKind::String => "a text",
        NodeKind::Array => "a list",
        NodeKind::Object => "an object",
    };
    let message = format!("{at} must be {wanted}, and is {found}");
    problems.push(problem::error(code::WRONG_JSON_TYPE, at, message));
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}
