//! What no column can hold: kept as `[[path, raw], …]` in `salus_rest`, so that nothing is ever lost.
//!
//! An entry is written when an element is not in the R4 tables, has another JSON type than they say, is an
//! empty object or list, or was rewritten by the load (a `urn:uuid` reference: then a third member names the
//! cause). A path holds keys and list positions. Writing a resource back lays the entries over what the
//! columns say ([`Patch`]).

use foldhash::{HashMap, HashSet};
use memchr::memmem::Finder;
use twox_hash::XxHash3_128;

use crate::cursor::{Cursor, JsonError};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// A key of an object.
    Key(String),
    /// A position in a list, from 0.
    Item(usize),
}

/// The way from the resource down to the element being read: a list on the stack, so that it costs nothing
/// until it is written.
#[derive(Debug, Clone, Copy)]
pub struct Trail<'p> {
    above: Option<&'p Trail<'p>>,
    step: TrailStep<'p>,
}

#[derive(Debug, Clone, Copy)]
enum TrailStep<'p> {
    Root,
    Key(&'p str),
    Item(usize),
}

impl<'p> Trail<'p> {
    /// The resource itself.
    pub const ROOT: Trail<'static> = Trail {
        above: None,
        step: TrailStep::Root,
    };

    /// The element `key` below.
    #[must_use]
    pub fn key(&'p self, key: &'p str) -> Trail<'p> {
        Trail {
            above: Some(self),
            step: TrailStep::Key(key),
        }
    }

    /// The item at `position` below.
    #[must_use]
    pub fn item(&'p self, position: usize) -> Trail<'p> {
        Trail {
            above: Some(self),
            step: TrailStep::Item(position),
        }
    }

    fn write(&self, out: &mut String) {
        if let Some(above) = self.above {
            above.write(out);
        }
        let comma = if out.ends_with('[') { "" } else { "," };
        match self.step {
            TrailStep::Root => {}
            TrailStep::Key(key) => {
                out.push_str(comma);
                write_string(key, out);
            }
            TrailStep::Item(position) => {
                out.push_str(comma);
                out.push_str(&position.to_string());
            }
        }
    }
}

/// Writes `text` as a JSON string.
pub fn write_string(text: &str, out: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(text.get(from..at).unwrap_or_default());
        if escape.is_empty() {
            out.push_str("\\u00");
            out.extend(
                [
                    HEX.get(usize::from(byte >> 4)),
                    HEX.get(usize::from(byte & 15)),
                ]
                .into_iter()
                .flatten(),
            );
        } else {
            out.push_str(escape);
        }
        from = at + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out.push('"');
}

/// Gathers the entries of one resource.
#[derive(Debug, Default)]
pub struct Rest {
    text: String,
    count: usize,
    /// Hashes of the paths so far.
    paths: HashSet<u128>,
    duplicate: bool,
}

impl Rest {
    /// Keeps the raw value at `trail`.
    pub fn keep(&mut self, trail: &Trail<'_>, raw: &str) {
        self.push(trail, raw, "");
    }

    /// Keeps what the value at `trail` was before the load rewrote it.
    pub fn keep_original(&mut self, trail: &Trail<'_>, raw: &str) {
        self.push(trail, raw, ",\"rewritten\"");
        self.count -= 1;
    }

    fn push(&mut self, trail: &Trail<'_>, raw: &str, cause: &str) {
        let mut path = String::from("[[");
        trail.write(&mut path);
        path.push_str("],");
        self.duplicate |= !self.paths.insert(XxHash3_128::oneshot(path.as_bytes()));
        self.text.push(if self.text.is_empty() { '[' } else { ',' });
        self.text.push_str(&path);
        self.text.push_str(raw);
        self.text.push_str(cause);
        self.text.push(']');
        self.count += 1;
    }

    /// How many elements could not be held by a column.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether two entries came for the same place: the resource had a key twice.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.duplicate
    }

    /// The text of the entries, if there are any; empties itself.
    pub fn take(&mut self) -> Option<String> {
        self.count = 0;
        self.duplicate = false;
        self.paths.clear();
        if self.text.is_empty() {
            return None;
        }
        self.text.push(']');
        Some(std::mem::take(&mut self.text))
    }
}

/// Tells cells of `salus_rest` that hold nothing but originals of rewritten references: in a lake loaded from
/// Bundles every row has them, and they need not be read.
#[derive(Debug)]
pub(crate) struct OriginalsOnly {
    next_entry: Finder<'static>,
}

impl OriginalsOnly {
    pub(crate) fn new() -> Self {
        Self {
            next_entry: Finder::new(",[["),
        }
    }

    /// Whether `text` surely holds nothing else. The original of a reference is a string, so its entry ends in
    /// `","rewritten"]`; the entry of anything else does not, since no string ends so and whatever is no string
    /// ends in another way. What looks like the next entry inside a value only makes the answer no.
    pub(crate) fn are_all_of(&self, text: &str) -> bool {
        const END: &[u8] = b"\",\"rewritten\"]";
        let Some(mut left) = text.as_bytes().strip_suffix(b"]") else {
            return false;
        };
        while let Some(at) = self.next_entry.find(left) {
            match left.split_at_checked(at) {
                Some((entry, rest)) if entry.ends_with(END) => left = rest.get(1..).unwrap_or(b""),
                _ => return false,
            }
        }
        left.ends_with(END)
    }
}

/// Entries of `salus_rest`, as a tree that the JSON writer walks beside the columns.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Patch<'a> {
    /// What stands here instead of what the columns say.
    pub raw: Option<&'a str>,
    /// Patches below, in the order of their entries.
    pub below: Vec<(Step, Patch<'a>)>,
    /// Where a step is in `below`.
    places: HashMap<Step, usize>,
}

impl<'a> Patch<'a> {
    /// Reads the text of a `salus_rest` cell. With `originals`, rewritten references get back what they were.
    ///
    /// # Errors
    /// When the text is not what [`Rest::take`] writes.
    pub fn read(text: &'a str, originals: bool) -> Result<Self, JsonError> {
        let mut root = Patch::default();
        let mut cursor = Cursor::new(text);
        cursor.expect(b'[')?;
        let mut first = true;
        while cursor.next_item(first)? {
            first = false;
            let entry = Entry::read(&mut cursor)?;
            if originals || !entry.rewritten {
                root.insert(entry.path, entry.raw);
            }
        }
        Ok(root)
    }

    fn insert(&mut self, path: Vec<Step>, raw: &'a str) {
        let mut here = self;
        for step in path {
            let next = here.below.len();
            let index = *here.places.entry(step.clone()).or_insert(next);
            if index == next {
                here.below.push((step, Patch::default()));
            }
            match here.below.get_mut(index) {
                Some((_, below)) => here = below,
                None => return,
            }
        }
        here.raw = Some(raw);
    }

    /// The patch for `key`, if any.
    #[must_use]
    pub fn key(&self, key: &str) -> Option<&Patch<'a>> {
        if self.below.is_empty() {
            return None;
        }
        let place = *self.places.get(&Step::Key(key.to_owned()))?;
        self.below.get(place).map(|(_, patch)| patch)
    }

    /// The patch for the item at `position`, if any.
    #[must_use]
    pub fn item(&self, position: usize) -> Option<&Patch<'a>> {
        let place = *self.places.get(&Step::Item(position))?;
        self.below.get(place).map(|(_, patch)| patch)
    }

    /// How many items a list must have for its patches to find their place.
    #[must_use]
    pub fn items(&self) -> usize {
        let positions = self.below.iter().filter_map(|(step, _)| match step {
            Step::Item(position) => Some(position + 1),
            Step::Key(_) => None,
        });
        positions.max().unwrap_or(0)
    }
}

struct Entry<'a> {
    path: Vec<Step>,
    raw: &'a str,
    rewritten: bool,
}

impl<'a> Entry<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, JsonError> {
        let mut scratch = String::new();
        cursor.expect(b'[')?;
        cursor.next_item(true)?;
        cursor.expect(b'[')?;
        let mut path = Vec::new();
        while cursor.next_item(path.is_empty())? {
            if cursor.peek() == b'"' {
                path.push(Step::Key(cursor.string(&mut scratch)?.to_owned()));
            } else {
                path.push(Step::Item(cursor.number()?.parse().unwrap_or(usize::MAX)));
            }
        }
        cursor.next_item(false)?;
        let raw = cursor.raw_value(usize::MAX, &mut scratch)?;
        let rewritten = cursor.next_item(false)?;
        if rewritten {
            cursor.string(&mut scratch)?;
            cursor.next_item(false)?;
        }
        Ok(Self {
            path,
            raw,
            rewritten,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_nothing_but_originals_are_told() {
        let originals = OriginalsOnly::new();
        let root = Trail::ROOT;
        let text = |odd: Option<&str>, after: bool| {
            let mut rest = Rest::default();
            let subject = root.key("subject");
            rest.keep_original(&subject.key("reference"), "\"urn:uuid:1\"");
            odd.into_iter()
                .for_each(|odd| rest.keep(&root.key("odd"), odd));
            let performer = root.key("performer");
            let first = performer.item(0);
            if after {
                rest.keep_original(&first.key("reference"), "\"urn:\\\",[[\"");
            }
            rest.take().unwrap()
        };
        assert!(originals.are_all_of(&text(None, false)));
        let ordinary =
            r#"[[["a"],"urn:uuid:1","rewritten"],[["b",0,"reference"],"x","rewritten"]]"#;
        assert!(originals.are_all_of(ordinary));
        for odd in [
            "\"rewritten\"",
            "5",
            "[]",
            r#"["a","rewritten"]"#,
            r#"[1,["a","rewritten"],[["b","rewritten"]]]"#,
            r#"[[1,"rewritten"],[["b","rewritten"]]]"#,
            r#"",\"rewritten""#,
            r#""a\",\"rewritten""#,
        ] {
            assert!(!originals.are_all_of(&text(Some(odd), false)), "{odd}");
            assert!(!originals.are_all_of(&text(Some(odd), true)), "{odd}");
        }
    }

    #[test]
    fn entries_come_back_as_a_tree() {
        let mut rest = Rest::default();
        let root = Trail::ROOT;
        let name = root.key("name");
        let item = name.item(1);
        rest.keep(&item.key("fo\"o"), "1.50");
        rest.keep(&root.key("empty"), "[]");
        rest.keep_original(&root.key("subject").key("reference"), "\"urn:uuid:1\"");
        assert_eq!(rest.count(), 2);
        let text = rest.take().unwrap();
        assert_eq!(
            text,
            r#"[[["name",1,"fo\"o"],1.50],[["empty"],[]],[["subject","reference"],"urn:uuid:1","rewritten"]]"#
        );
        let patch = Patch::read(&text, false).unwrap();
        assert_eq!(patch.key("name").unwrap().items(), 2);
        let below = patch
            .key("name")
            .and_then(|p| p.item(1))
            .and_then(|p| p.key("fo\"o"))
            .unwrap();
        assert_eq!(below.raw, Some("1.50"));
        assert!(patch.key("subject").is_none());
        assert!(Patch::read(&text, true).unwrap().key("subject").is_some());
        assert_eq!(rest.take(), None);
    }
}
