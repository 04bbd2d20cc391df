//! Names that hide others, and texts that look like names: legal, and often not meant.

use super::mistake::NameMistake;
use super::{Local, What};
use crate::resolve::translator::Translator;
use crate::syntax::{Name, Span};

impl Translator<'_> {
    /// Warns when a new alias, `let` or operand hides something.
    pub fn warn_hiding(&mut self, what: &'static str, name: &Name) {
        if let Some(hidden) = self.known(&name.text) {
            let name_text = name.text.clone();
            self.warn(
                NameMistake::Hides {
                    what,
                    name: name_text,
                    hidden,
                },
                name.span,
            );
        }
    }

    /// Warns when a text says the same as a name in scope: double quotes may have been meant.
    pub fn warn_of_text(&mut self, text: &str, span: Span) {
        if let Some(hidden) = self.known(text) {
            let name = text.into();
            self.warn(NameMistake::LooksLikeName { name, hidden }, span);
        }
    }

    /// The word for what has this name.
    fn known(&self, name: &str) -> Option<&'static str> {
        if let Some(local) = self.names.scopes.find(name) {
            return match local {
                Local::Alias(_) => Some("alias"),
                Local::Let(_) => Some("let"),
                Local::Operand(_) => Some("operand"),
                Local::Unknown => None,
            };
        }
        let definition = self.names.get(self.names.named(name)?)?;
        (definition.what != What::Context).then(|| definition.what.word())
    }
}
