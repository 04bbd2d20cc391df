//! A diagnostic as a panel: code, message, place and cause below it, the words that it is about, help last.

use std::error::Error;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode, ThemeCharacters,
    ThemeStyles,
};
use salus_base::{Diagnostic, Severity};

/// The words of a text that a diagnostic is about.
#[derive(Debug, Clone, Copy)]
pub struct Excerpt<'t> {
    /// The name of the text: its file.
    pub name: &'t str,
    /// All of it.
    pub text: &'t str,
    /// The first byte of the words.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// The panel as text, ending in a line end.
pub fn render(
    found: &Diagnostic,
    excerpt: Option<Excerpt<'_>>,
    width: usize,
    color: bool,
) -> String {
    let theme = GraphicalTheme {
        characters: ThemeCharacters::unicode(),
        styles: if color {
            ThemeStyles::ansi()
        } else {
            ThemeStyles::none()
        },
    };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_links(false);
    match handler.render_report(&mut text, &Panel::new(found, excerpt)) {
        Ok(()) => text,
        Err(fmt::Error) => format!("{found}\n"),
    }
}

/// What miette asks for.
#[derive(Debug)]
struct Panel {
    code: &'static str,
    severity: Severity,
    help: Option<String>,
    chain: Link,
    source: Option<NamedSource<String>>,
    words: Option<LabeledSpan>,
}

/// The message, and below it the place and the cause.
#[derive(Debug)]
struct Link {
    text: String,
    next: Option<Box<Link>>,
}

impl Panel {
    fn new(found: &Diagnostic, excerpt: Option<Excerpt<'_>>) -> Self {
        let place = found.place.as_ref().map(|place| format!("in {place}"));
        // Where the words are shown, they say the place.
        let place = place.filter(|_| excerpt.is_none());
        let below = [place, found.cause.clone()].into_iter().flatten();
        let next = below
            .rev()
            .fold(None, |next, text| Some(Box::new(Link { text, next })));
        Self {
            code: found.code.as_str(),
            severity: found.severity,
            help: found.help.clone(),
            chain: Link {
                text: found.message.clone(),
                next,
            },
            source: excerpt.map(|one| NamedSource::new(one.name, one.text.to_owned())),
            words: excerpt.map(|one| LabeledSpan::underline(one.words())),
        }
    }
}

impl Excerpt<'_> {
    /// The words, of their first line only: a definition of a hundred lines is not to be seen whole.
    fn words(&self) -> std::ops::Range<usize> {
        let start = self.start.min(self.text.len());
        let words = self.text.get(start..self.end).unwrap_or_default();
        let line = words.find('\n').unwrap_or(words.len());
        start..start + line
    }
}

impl fmt::Display for Panel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain.text)
    }
}

impl Error for Panel {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.chain.source()
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Link {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.next
            .as_deref()
            .map(|next| next as &(dyn Error + 'static))
    }
}

impl miette::Diagnostic for Panel {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let words = self.words.clone()?;
        Some(Box::new(std::iter::once(words)))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

#[cfg(test)]
mod tests {
    use salus_base::{Code, Diagnostic, Place};

    use super::{Excerpt, render};

    #[test]
    fn a_panel_shows_code_message_place_cause_and_help() {
        let found = Diagnostic::error(Code::new("SAL-SRC-0001"), "cannot read the file")
            .at(Place::in_file("a.ndjson").byte(12))
            .because("permission denied")
            .help("look at its rights");
        insta::assert_snapshot!(render(&found, None, 80, false));
    }
    #[test]
    fn a_panel_points_at_the_words_that_it_is_about() {
        let found = Diagnostic::error(Code::new("SAL-CQL-0020"), "there is no `Adlut`")
            .at(Place::in_file("a.cql").byte(12))
            .help("did you mean `Adult`?");
        let excerpt = Excerpt {
            name: "a.cql",
            text: "define Adult: true\ndefine B: Adlut\n",
            start: 29,
            end: 34,
        };
        insta::assert_snapshot!(render(&found, Some(excerpt), 80, false));
    }
}
