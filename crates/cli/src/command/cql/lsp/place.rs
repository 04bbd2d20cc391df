//! Places of the protocol: lines and UTF-16 units from 0; and of files: `file://` URIs.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The byte of a text at a position.
pub fn byte(text: &str, position: &Value) -> Option<usize> {
    let number = |name: &str| usize::try_from(position.get(name)?.as_u64()?).ok();
    let (line, units) = (number("line")?, number("character")?);
    let mut start = 0;
    for _ in 0..line {
        start += text.get(start..)?.find('\n')? + 1;
    }
    let rest = text.get(start..)?;
    let rest = rest.split('\n').next().unwrap_or(rest);
    let mut left = units;
    for (at, one) in rest.char_indices() {
        if left == 0 {
            return Some(start + at);
        }
        left = left.saturating_sub(one.len_utf16());
    }
    Some(start + rest.len())
}

/// The position of a byte of a text.
pub fn position(text: &str, byte: usize) -> Value {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count();
    let last = before.rsplit('\n').next().unwrap_or_default();
    json!({"line": line, "character": last.encode_utf16().count()})
}

/// The range of some bytes of a text.
pub fn range(text: &str, start: usize, end: usize) -> Value {
    json!({"start": position(text, start), "end": position(text, end)})
}

/// The path of a `file://` URI.
pub fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let mut bytes = Vec::new();
    let mut all = rest.bytes();
    while let Some(byte) = all.next() {
        let byte = match byte {
            b'%' => {
                let digits = [all.next()?, all.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// The URI of a file.
pub fn uri(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut uri = "file://".to_owned();
    for byte in whole.to_string_lossy().bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_utf_16_units() {
        let text = "a\nä𝄞b\n";
        let at = json!({"line": 1, "character": 3});
        assert_eq!(byte(text, &at), text.find('b'));
        assert_eq!(position(text, text.find('b').unwrap()), at);
        assert_eq!(
            byte(text, &json!({"line": 1, "character": 99})),
            Some(text.len() - 1)
        );
        assert_eq!(byte(text, &json!({"line": 9, "character": 0})), None);
    }

    #[test]
    fn uris_and_paths_go_back_and_forth() {
        let path_ = Path::new("/tmp/a folder/ä.cql");
        assert_eq!(uri(path_), "file:///tmp/a%20folder/%C3%A4.cql");
        assert_eq!(path(&uri(path_)).unwrap(), path_);
        assert_eq!(path("untitled:1"), None);
    }
}
