//! XML as a tree, bounded in size and depth: model infos and ELM are read through it.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// How long a document may be, in bytes. The longest model info has 4 MiB.
pub(crate) const BYTES_MAX: usize = 1 << 26;
/// How deep elements may nest.
pub(crate) const DEPTH_MAX: usize = 800;

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// The document is not well-formed.
    #[error("the document is not well-formed XML at byte {byte}: {cause}")]
    NotWellFormed {
        /// Where reading stopped.
        byte: u64,
        /// What the reader says.
        cause: String,
    },
    /// The document is too long.
    #[error("the document has {bytes} bytes, more than {bytes_max}")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// The bound.
        bytes_max: usize,
    },
    /// The document nests too deep.
    #[error("the document nests deeper than {depth_max} elements")]
    TooDeep {
        /// The bound.
        depth_max: usize,
    },
    /// The document has no element.
    #[error("the document has no element")]
    Empty,
}

/// An element.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Its name without prefix.
    pub name: String,
    /// Its attributes, prefixes kept (`xsi:type`), `xmlns` ones included.
    pub attributes: Vec<(String, String)>,
    /// The elements in it.
    pub children: Vec<Element>,
    /// The text right in it.
    pub text: String,
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether an attribute says `true`.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.attribute(name), Some("true" | "1"))
    }

    /// The `xsi:type` without prefix.
    pub fn xsi_type(&self) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| {
            name.rsplit_once(':')
                .is_some_and(|(_, local)| local == "type")
        });
        found.map(|(_, value)| local(value))
    }

    /// The elements in it of this name.
    pub fn named<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element in it of this name.
    pub fn first(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Reads a document.
pub(crate) fn read(text: &str) -> Result<Element, XmlError> {
    if text.len() > BYTES_MAX {
        return Err(XmlError::TooLong {
            bytes: text.len(),
            bytes_max: BYTES_MAX,
        });
    }
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let event = reader.read_event();
        let byte = reader.buffer_position();
        let failed = |cause: String| XmlError::NotWellFormed { byte, cause };
        match event.map_err(|error| failed(error.to_string()))? {
            Event::Start(tag) => {
                if open.len() >= DEPTH_MAX {
                    return Err(XmlError::TooDeep {
                        depth_max: DEPTH_MAX,
                    });
                }
                open.push(start(&tag).map_err(failed)?);
            }
            Event::Empty(tag) => {
                let element = start(&tag).map_err(failed)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::End(_) => {
                let Some(element) = open.pop() else { continue };
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::Eof => {
                return Err(match open.is_empty() {
                    true => XmlError::Empty,
                    false => failed("it ends inside an element".to_owned()),
                });
            }
            other => {
                let text = text_of(&other).map_err(failed)?;
                if let (Some(parent), Some(text)) = (open.last_mut(), text) {
                    parent.text.push_str(&text);
                }
            }
        }
    }
}

fn start(tag: &BytesStart<'_>) -> Result<Element, String> {
    let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
    let mut element = Element {
        name: local(&name).to_owned(),
        ..Element::default()
    };
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .unescape_value()
            .map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        element.attributes.push((name, value.into_owned()));
    }
    Ok(element)
}

/// The text that an event stands for.
fn text_of(event: &Event<'_>) -> Result<Option<String>, String> {
    Ok(match event {
        Event::Text(text) => Some(
            text.decode()
                .map_err(|error| error.to_string())?
                .into_owned(),
        ),
        Event::CData(text) => Some(
            text.decode()
                .map_err(|error| error.to_string())?
                .into_owned(),
        ),
        Event::GeneralRef(entity) => {
            let character = entity
                .resolve_char_ref()
                .map_err(|error| error.to_string())?;
            match character {
                Some(character) => Some(character.to_string()),
                None => {
                    let name = entity.decode().map_err(|error| error.to_string())?;
                    let known = quick_xml::escape::resolve_xml_entity(&name);
                    Some(
                        known
                            .ok_or_else(|| format!("there is no entity `{name}`"))?
                            .to_owned(),
                    )
                }
            }
        }
        _ => None,
    })
}
