//! FHIR's rules for the XHTML of a narrative (R4 `narrative.html`): what `htmlChecks()` asks.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements that a narrative may have.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

/// Attributes that each element may have.
const ATTRIBUTES: &[&str] = &[
    "title",
    "style",
    "class",
    "id",
    "lang",
    "xml:lang",
    "dir",
    "accesskey",
    "tabindex",
    "xmlns",
];

/// Attributes that one element may have besides.
const OWN_ATTRIBUTES: &[(&str, &[&str])] = &[
    (
        "a",
        &[
            "href", "name", "charset", "type", "hreflang", "rel", "rev", "shape", "coords",
        ],
    ),
    (
        "img",
        &[
            "src", "alt", "longdesc", "height", "width", "usemap", "ismap",
        ],
    ),
    ("blockquote", &["cite"]),
    ("q", &["cite"]),
    (
        "table",
        &[
            "summary",
            "width",
            "border",
            "frame",
            "rules",
            "cellspacing",
            "cellpadding",
            "bgcolor",
        ],
    ),
    (
        "col",
        &["align", "valign", "span", "width", "char", "charoff"],
    ),
    (
        "colgroup",
        &["align", "valign", "span", "width", "char", "charoff"],
    ),
    ("thead", &["align", "valign", "char", "charoff"]),
    ("tbody", &["align", "valign", "char", "charoff"]),
    ("tfoot", &["align", "valign", "char", "charoff"]),
    ("tr", &["align", "valign", "char", "charoff", "bgcolor"]),
    (
        "td",
        &[
            "abbr", "align", "valign", "axis", "char", "charoff", "colspan", "headers", "rowspan",
            "scope", "width", "height", "nowrap", "bgcolor",
        ],
    ),
    (
        "th",
        &[
            "abbr", "align", "valign", "axis", "char", "charoff", "colspan", "headers", "rowspan",
            "scope", "width", "height", "nowrap", "bgcolor",
        ],
    ),
    ("ol", &["start", "type"]),
    ("ul", &["type"]),
    ("li", &["value", "type"]),
    ("pre", &["space"]),
];

/// Whether the text is one `div` of allowed elements and attributes that has something to show (txt-1, txt-2).
pub(crate) fn is_allowed(html: &str) -> bool {
    check(html).unwrap_or(false)
}

/// `None` when the text is no XML or an element is not allowed.
fn check(html: &str) -> Option<bool> {
    let mut reader = Reader::from_str(html);
    let (mut depth, mut divs, mut shows) = (0_usize, 0_usize, false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                shows |= element(&start, depth)?;
                divs += usize::from(depth == 0);
                depth += 1;
            }
            Event::Empty(start) => {
                shows |= element(&start, depth)?;
                divs += usize::from(depth == 0);
            }
            Event::End(_) => depth = depth.checked_sub(1)?,
            Event::Text(text) => {
                let has_text = !text.iter().all(u8::is_ascii_whitespace);
                if has_text && depth == 0 {
                    return None;
                }
                shows |= has_text;
            }
            Event::GeneralRef(_) | Event::CData(_) => shows = true,
            Event::Eof => return Some(depth == 0 && divs == 1 && shows),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::DocType(_) => return None,
        }
    }
}

/// `None` when an element is not allowed here, otherwise whether it shows something itself.
fn element(start: &BytesStart<'_>, depth: usize) -> Option<bool> {
    let name = start.name();
    let name = std::str::from_utf8(name.as_ref()).ok()?;
    if !ELEMENTS.contains(&name) || (depth == 0 && name != "div") {
        return None;
    }
    let own = OWN_ATTRIBUTES
        .iter()
        .find(|(of, _)| *of == name)
        .map_or(&[][..], |(_, own)| own);
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let key = std::str::from_utf8(attribute.key.as_ref()).ok()?;
        if !ATTRIBUTES.contains(&key) && !own.contains(&key) {
            return None;
        }
    }
    Some(name == "img")
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn a_div_with_formatting_is_allowed() {
        assert!(is_allowed(
            r#"<div xmlns="http://www.w3.org/1999/xhtml"><p class="x">a <b>b</b></p></div>"#
        ));
        assert!(is_allowed(r#"<div><img src="a.png"/></div>"#));
    }

    #[test]
    fn scripts_events_empty_and_broken_texts_are_not() {
        for html in [
            "<div><script>x</script></div>",
            r#"<div onclick="x">a</div>"#,
            "<div> </div>",
            "<p>a</p>",
            "<div>a",
            "<div>a</div><div>b</div>",
            "a",
        ] {
            assert!(!is_allowed(html), "{html}");
        }
    }
}
