//! What a file that is no FHIR JSON looks like, by its first bytes.

use std::fmt;

/// A kind of file that is not FHIR JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// HL7 v2 messages or batches.
    Hl7V2,
    /// FHIR as XML.
    FhirXml,
    /// A C-CDA or other CDA document.
    Cda,
    /// A web page.
    Html,
    /// Other XML.
    Xml,
    /// X12 EDI (claims, eligibility).
    X12,
    /// Text in UTF-16.
    Utf16,
    /// Text in UTF-32.
    Utf32,
    /// Comma-, semicolon- or tab-separated values.
    Csv,
    /// Other text.
    Text,
    /// Parquet.
    Parquet,
    /// A zip archive (or an Office document, which is one).
    Zip,
    /// A tar archive.
    Tar,
    /// gzip within the compressed source.
    NestedGzip,
    /// zstd within the compressed source.
    NestedZstd,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// 7-Zip.
    SevenZip,
    /// PDF.
    Pdf,
    /// A DICOM image.
    Dicom,
    /// A picture.
    Picture,
    /// A SQLite database.
    Sqlite,
    /// Avro.
    Avro,
    /// ORC.
    Orc,
    /// Other binary data.
    Binary,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hl7V2 => "HL7 v2 messages",
            Self::FhirXml => "FHIR as XML; convert it to JSON first",
            Self::Cda => "a CDA document (XML)",
            Self::Html => "a web page (HTML)",
            Self::Xml => "XML",
            Self::X12 => "X12 EDI",
            Self::Utf16 => "text in UTF-16; convert it to UTF-8 first",
            Self::Utf32 => "text in UTF-32; convert it to UTF-8 first",
            Self::Csv => "a table of separated values (CSV)",
            Self::Text => "plain text",
            Self::Parquet => "Parquet",
            Self::Zip => "a zip archive; unpack it first",
            Self::Tar => "a tar archive; unpack it first",
            Self::NestedGzip => "gzip within the compressed data; decompress it once first",
            Self::NestedZstd => "zstd within the compressed data; decompress it once first",
            Self::Bzip2 => "bzip2; decompress it first, or use gzip or zstd",
            Self::Xz => "xz; decompress it first, or use gzip or zstd",
            Self::SevenZip => "a 7-Zip archive; unpack it first",
            Self::Pdf => "a PDF document",
            Self::Dicom => "a DICOM image",
            Self::Picture => "a picture",
            Self::Sqlite => "a SQLite database",
            Self::Avro => "Avro",
            Self::Orc => "ORC",
            Self::Binary => "binary data",
        })
    }
}

/// First bytes that tell a kind.
const MAGIC: &[(&[u8], Foreign)] = &[
    (b"MSH|", Foreign::Hl7V2),
    (b"FHS|", Foreign::Hl7V2),
    (b"BHS|", Foreign::Hl7V2),
    (b"\x0bMSH", Foreign::Hl7V2),
    (b"\x00\x00\xfe\xff", Foreign::Utf32),
    (b"\xff\xfe\x00\x00", Foreign::Utf32),
    (b"\xff\xfe", Foreign::Utf16),
    (b"\xfe\xff", Foreign::Utf16),
    (b"{\x00", Foreign::Utf16),
    (b"[\x00", Foreign::Utf16),
    (b"\x00{", Foreign::Utf16),
    (b"\x00[", Foreign::Utf16),
    (b"ISA*", Foreign::X12),
    (b"PAR1", Foreign::Parquet),
    (b"PK\x03\x04", Foreign::Zip),
    (b"PK\x05\x06", Foreign::Zip),
    (b"\x1f\x8b", Foreign::NestedGzip),
    (b"\x28\xb5\x2f\xfd", Foreign::NestedZstd),
    (b"BZh", Foreign::Bzip2),
    (b"\xfd7zXZ\x00", Foreign::Xz),
    (b"7z\xbc\xaf\x27\x1c", Foreign::SevenZip),
    (b"%PDF", Foreign::Pdf),
    (b"\x89PNG", Foreign::Picture),
    (b"\xff\xd8\xff", Foreign::Picture),
    (b"GIF8", Foreign::Picture),
    (b"SQLite format 3\x00", Foreign::Sqlite),
    (b"Obj\x01", Foreign::Avro),
    (b"ORC", Foreign::Orc),
];

/// What `head`, the first bytes of a source, is by its magic bytes. What may be JSON is none.
pub(super) fn by_magic(head: &[u8]) -> Option<Foreign> {
    let by_start = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    if let Some((_, foreign)) = by_start {
        return Some(*foreign);
    }
    let at = |start: usize, magic: &[u8]| head.get(start..).is_some_and(|b| b.starts_with(magic));
    if at(128, b"DICM") {
        return Some(Foreign::Dicom);
    }
    at(257, b"ustar").then_some(Foreign::Tar)
}

/// What `head`, which does not begin as JSON does, is by how its text looks.
pub(super) fn by_look(head: &[u8]) -> Foreign {
    let head = head.get(..4096).unwrap_or(head);
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    if text.starts_with('<') {
        return xml(text);
    }
    let controls = head
        .iter()
        .filter(|b| **b < b' ' && !b.is_ascii_whitespace())
        .count();
    if controls * 20 > head.len() || text.chars().filter(|c| *c == '\u{fffd}').count() > 8 {
        return Foreign::Binary;
    }
    let lines: Vec<&str> = text.lines().take(3).collect();
    let is_table = [',', ';', '\t', '|'].iter().any(|separator| {
        let mut counts = lines.iter().map(|line| line.matches(*separator).count());
        let first = counts.next().unwrap_or(0);
        first > 0 && counts.next().is_none_or(|second| second >= first)
    });
    if is_table {
        Foreign::Csv
    } else {
        Foreign::Text
    }
}

fn xml(text: &str) -> Foreign {
    let lower = text.to_ascii_lowercase();
    if lower.contains("http://hl7.org/fhir") {
        Foreign::FhirXml
    } else if lower.contains("clinicaldocument") {
        Foreign::Cda
    } else if lower.contains("<html") {
        Foreign::Html
    } else {
        Foreign::Xml
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        assert_eq!(by_magic(b"MSH|^~\\&|A|B"), Some(Foreign::Hl7V2));
        assert_eq!(by_magic(b"PAR1\x15"), Some(Foreign::Parquet));
        assert_eq!(by_magic(b"\xff\xfe{\x00"), Some(Foreign::Utf16));
        assert_eq!(by_magic(b"{\"resourceType\""), None);
        assert_eq!(by_magic(b""), None);
        let mut tar = vec![b'a'; 257];
        tar.extend(b"ustar");
        assert_eq!(by_magic(&tar), Some(Foreign::Tar));
    }

    #[test]
    fn text_is_told_by_its_look() {
        assert_eq!(by_look(b"id,name\n1,a\n"), Foreign::Csv);
        assert_eq!(by_look(b"Dear reader,\nthis is prose"), Foreign::Text);
        assert_eq!(
            by_look(b"<Patient xmlns=\"http://hl7.org/fhir\">"),
            Foreign::FhirXml
        );
        assert_eq!(
            by_look(b"<?xml version='1.0'?><ClinicalDocument>"),
            Foreign::Cda
        );
        assert_eq!(by_look(b"\x01\x02\x03\x04\x05"), Foreign::Binary);
        assert_eq!(by_look(b""), Foreign::Text);
    }
}
