//! A diagnostic as a panel: code, message, place and cause below it, help last.

use std::error::Error;
use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};
use salus_base::{Diagnostic, Severity};

/// The panel as text, ending in a line end.
pub fn render(found: &Diagnostic, width: usize, color: bool) -> String {
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
    match handler.render_report(&mut text, &Panel::new(found)) {
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
}

/// The message, and below it the place and the cause.
#[derive(Debug)]
struct Link {
    text: String,
    next: Option<Box<Link>>,
}

impl Panel {
    fn new(found: &Diagnostic) -> Self {
        let place = found.place.as_ref().map(|place| format!("in {place}"));
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
        }
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

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

#[cfg(test)]
mod tests {
    use salus_base::{Code, Diagnostic, Place};

    use super::render;

    #[test]
    fn a_panel_shows_code_message_place_cause_and_help() {
        let found = Diagnostic::error(Code::new("SAL-SRC-0001"), "cannot read the file")
            .at(Place::in_file("a.ndjson").byte(12))
            .because("permission denied")
            .help("look at its rights");
        insta::assert_snapshot!(render(&found, 80, false));
    }
}
