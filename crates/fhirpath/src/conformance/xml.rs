//! FHIR's XML as JSON, by the R4 tables: inputs of the suite are published as XML.

use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use salus_fhir::schema::{self, Element, Kind, Primitive, TypeId};

/// The resource in an XML text as JSON text. `None` when it is no XML or has no resource that R4 knows.
pub(super) fn to_json(xml: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    let root = loop {
        match reader.read_event().ok()? {
            Event::Start(start) => break tree(&mut reader, &start, xml)?,
            Event::Empty(start) => break Xml::of(&start)?,
            Event::Eof => return None,
            _ => {}
        }
    };
    let mut out = String::new();
    resource(&root, &mut out)?;
    Some(out)
}

/// The character of an entity or character reference.
pub(super) fn character(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return Some(letter);
    }
    match &**reference {
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"amp" => Some('&'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        _ => None,
    }
}

/// An element as it was read.
#[derive(Default)]
struct Xml {
    name: String,
    value: Option<String>,
    id: Option<String>,
    url: Option<String>,
    children: Vec<Xml>,
    /// The whole text of a `div`.
    text: Option<String>,
}

impl Xml {
    fn of(start: &BytesStart<'_>) -> Option<Xml> {
        let attribute = |name: &str| {
            let found = start.try_get_attribute(name).ok().flatten()?;
            Some(found.unescape_value().ok()?.into_owned())
        };
        Some(Xml {
            name: std::str::from_utf8(start.local_name().as_ref())
                .ok()?
                .to_owned(),
            value: attribute("value"),
            id: attribute("id"),
            url: attribute("url"),
            ..Xml::default()
        })
    }
}

/// Reads an element to its end.
fn tree(reader: &mut Reader<&[u8]>, start: &BytesStart<'_>, whole: &str) -> Option<Xml> {
    let mut out = Xml::of(start)?;
    if out.name == "div" {
        let span = reader.read_to_end(start.name()).ok()?;
        let inside =
            whole.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)?;
        let head = std::str::from_utf8(start).ok()?;
        out.text = Some(format!("<{head}>{inside}</div>"));
        return Some(out);
    }
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => out.children.push(tree(reader, &start, whole)?),
            Event::Empty(start) => out.children.push(Xml::of(&start)?),
            Event::End(_) => return Some(out),
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn resource(xml: &Xml, out: &mut String) -> Option<()> {
    let ty = schema::r4().resource(&xml.name)?;
    out.push_str("{\"resourceType\":");
    quoted(&xml.name, out);
    members(xml, ty, true, out)?;
    out.push('}');
    Some(())
}

/// The children of an element as members of an object that is open.
fn members(xml: &Xml, ty: TypeId, mut comma: bool, out: &mut String) -> Option<()> {
    let mut key = |name: &str, out: &mut String| {
        out.push_str(if std::mem::replace(&mut comma, true) {
            ","
        } else {
            ""
        });
        quoted(name, out);
        out.push(':');
    };
    for (name, value) in [("id", &xml.id), ("url", &xml.url)] {
        if let Some(value) = value {
            key(name, out);
            quoted(value, out);
        }
    }
    let schema = schema::r4();
    let mut rest = xml.children.as_slice();
    while let Some(first) = rest.first() {
        let count = rest
            .iter()
            .take_while(|child| child.name == first.name)
            .count();
        let (group, after) = rest.split_at(count);
        rest = after;
        let element = schema.get(ty).element(&first.name)?;
        let primitive = match schema.get(element.ty).kind {
            Kind::Primitive(primitive) => Some(primitive),
            Kind::Complex | Kind::Resource => None,
        };
        key(&first.name, out);
        list(group, element, out, |child, out| {
            value(child, element, primitive, out)
        })?;
        if primitive.is_some() && group.iter().any(has_sibling) {
            key(&format!("_{}", first.name), out);
            list(group, element, out, |child, out| {
                sibling(child, element, out)
            })?;
        }
    }
    Some(())
}

fn list(
    group: &[Xml],
    element: &Element,
    out: &mut String,
    mut item: impl FnMut(&Xml, &mut String) -> Option<()>,
) -> Option<()> {
    out.push_str(if element.list { "[" } else { "" });
    for (nth, child) in group.iter().enumerate() {
        out.push_str(if nth > 0 { "," } else { "" });
        item(child, out)?;
    }
    out.push_str(if element.list { "]" } else { "" });
    Some(())
}

fn has_sibling(xml: &Xml) -> bool {
    xml.id.is_some() || !xml.children.is_empty()
}

fn value(
    xml: &Xml,
    element: &Element,
    primitive: Option<Primitive>,
    out: &mut String,
) -> Option<()> {
    let Some(primitive) = primitive else {
        if element.open_resource {
            return resource(xml.children.first()?, out);
        }
        out.push('{');
        members(xml, element.ty, false, out)?;
        out.push('}');
        return Some(());
    };
    let bare = matches!(
        primitive,
        Primitive::Boolean
            | Primitive::Integer
            | Primitive::PositiveInt
            | Primitive::UnsignedInt
            | Primitive::Decimal
    );
    match (xml.text.as_ref().or(xml.value.as_ref()), bare) {
        (None, _) => out.push_str("null"),
        (Some(text), true) => out.push_str(text),
        (Some(text), false) => quoted(text, out),
    }
    Some(())
}

fn sibling(xml: &Xml, element: &Element, out: &mut String) -> Option<()> {
    if !has_sibling(xml) {
        out.push_str("null");
        return Some(());
    }
    out.push('{');
    members(xml, element.ty, false, out)?;
    out.push('}');
    Some(())
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            control if control < ' ' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::to_json;

    #[test]
    fn lists_siblings_choices_resources_and_narratives_become_what_json_has() {
        let xml = r#"<?xml version="1.0"?><Patient xmlns="http://hl7.org/fhir"><id value="p"/>
            <text><status value="generated"/><div xmlns="x"><p>a &lt; b</p></div></text>
            <contained><Organization><id value="o"/></Organization></contained>
            <extension url="u"><valueDecimal value="1.50"/></extension>
            <active value="true"/><name id="n"><given value="A"/><given><extension url="e"><valueCode value="c"/></extension></given></name>
            <birthDate value="1974"><extension url="t"/></birthDate></Patient>"#;
        let expected = concat!(
            r#"{"resourceType":"Patient","id":"p","text":{"status":"generated","div":"<div xmlns=\"x\"><p>a &lt; b</p></div>"},"#,
            r#""contained":[{"resourceType":"Organization","id":"o"}],"extension":[{"url":"u","valueDecimal":1.50}],"#,
            r#""active":true,"name":[{"id":"n","given":["A",null],"_given":[null,{"extension":[{"url":"e","valueCode":"c"}]}]}],"#,
            r#""birthDate":"1974","_birthDate":{"extension":[{"url":"t"}]}}"#
        );
        assert_eq!(to_json(xml).as_deref(), Some(expected));
    }

    #[test]
    fn what_is_no_resource_is_nothing() {
        assert_eq!(to_json("<a/>"), None);
        assert_eq!(to_json("<Patient><name>"), None);
        assert_eq!(to_json(""), None);
    }
}
