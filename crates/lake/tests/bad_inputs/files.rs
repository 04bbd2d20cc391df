//! Files of another kind, and paths that lead to no file.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Case, GOOD, paths, text};

pub fn cases() -> Vec<Case> {
    let mut cases = foreign();
    cases.extend(places());
    cases
}

fn foreign() -> Vec<Case> {
    vec![
        text(
            "HL7 v2",
            "MSH|^~\\&|LAB|A|B|C|202001010000||ORU^R01|1|P|2.5\rPID|1||123\r",
        ),
        text(
            "FHIR as XML",
            "<?xml version=\"1.0\"?>\n<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"1\"/></Patient>",
        ),
        text(
            "C-CDA",
            "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"></ClinicalDocument>",
        ),
        text(
            "a web page",
            "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>",
        ),
        text(
            "CSV",
            "id,birthDate,gender\n1,1970-01-01,male\n2,1980-01-01,female\n",
        ),
        text(
            "X12",
            "ISA*00*          *00*          *ZZ*A              *ZZ*B~",
        ),
        text("YAML", "resourceType: Patient\nid: a\n"),
        text(
            "plain text",
            "These are not the records you are looking for.\n",
        ),
        text("a zip archive", b"PK\x03\x04\x14\0\0\0\x08\0".as_slice()),
        text("Parquet", b"PAR1\x15\x04\x15\x10".as_slice()),
        text("PDF", "%PDF-1.7\n1 0 obj\n"),
        text("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice()),
        text("a SQLite database", b"SQLite format 3\0\x10\0".as_slice()),
        text("xz", b"\xfd7zXZ\0\0\x04".as_slice()),
        text("bzip2", b"BZh91AY&SY".as_slice()),
        text(
            "random bytes",
            (0..500_u32)
                .map(|i| (i * i * 31 + 128) as u8)
                .collect::<Vec<u8>>(),
        ),
        text(
            "JSON that is no FHIR",
            "{\n  \"name\": \"left-pad\",\n  \"version\": \"1.0.0\"\n}\n",
        ),
    ]
}

fn places() -> Vec<Case> {
    vec![
        paths("a path that leads nowhere", |folder| {
            fs::write(folder.join("patients.ndjson"), GOOD).unwrap();
            vec![folder.join("patient.ndjson").display().to_string()]
        }),
        paths("a folder that is misspelt", |folder| {
            fs::create_dir(folder.join("bulk")).unwrap();
            vec![folder.join("bluk/Patient.ndjson").display().to_string()]
        }),
        paths("a pattern that matches nothing", |folder| {
            vec![folder.join("*.ndjson").display().to_string()]
        }),
        paths("a pattern that is none", |folder| {
            vec![folder.join("a[.ndjson").display().to_string()]
        }),
        paths("an empty folder", named),
        paths("a folder with a name like a file", |folder| {
            fs::create_dir(folder.join("x.ndjson")).unwrap();
            fs::write(folder.join("x.ndjson/y"), GOOD).unwrap();
            vec![folder.join("x.ndjson").display().to_string()]
        }),
        paths("a loop of links", |folder| {
            fs::write(folder.join("a.ndjson"), GOOD).unwrap();
            fs::create_dir(folder.join("below")).unwrap();
            link(folder, &folder.join("below/up"));
            named(folder)
        }),
        paths("a link to itself", |folder| {
            link(&folder.join("self"), &folder.join("self"));
            vec![folder.join("self").display().to_string()]
        }),
        paths("a link that dangles", |folder| {
            link(Path::new("gone.ndjson"), &folder.join("link.ndjson"));
            vec![folder.join("link.ndjson").display().to_string()]
        }),
        paths("a link that dangles in a folder", |folder| {
            link(Path::new("gone.ndjson"), &folder.join("link.ndjson"));
            fs::write(folder.join("a.ndjson"), GOOD).unwrap();
            named(folder)
        }),
        paths("the same file twice", |folder| {
            fs::write(folder.join("a.ndjson"), GOOD).unwrap();
            link(&folder.join("a.ndjson"), &folder.join("b.ndjson"));
            named(folder)
        }),
        paths("a named pipe in a folder", |folder| {
            let made = Command::new("mkfifo")
                .arg(folder.join("pipe"))
                .status()
                .unwrap();
            assert!(made.success());
            fs::write(folder.join("a.ndjson"), GOOD).unwrap();
            named(folder)
        }),
        paths("hidden files in a folder", |folder| {
            fs::write(folder.join(".DS_Store"), [0, 0, 0, 1]).unwrap();
            fs::write(folder.join("a.ndjson"), GOOD).unwrap();
            named(folder)
        }),
        paths("a lake in a folder", |folder| {
            fs::create_dir_all(folder.join("salus-lake/data")).unwrap();
            fs::write(folder.join("salus-lake/catalog.sqlite"), "").unwrap();
            fs::write(folder.join("a.ndjson"), GOOD).unwrap();
            named(folder)
        }),
        // We run as root, whom no permission stops; this one fails when it is read.
        paths("a file that cannot be read", |_| {
            vec!["/proc/self/mem".to_owned()]
        }),
        paths("a path with a NUL", |_| vec!["a\0b".to_owned()]),
        paths("an empty path", |_| vec![String::new()]),
    ]
}

fn named(folder: &Path) -> Vec<String> {
    vec![folder.display().to_string()]
}

fn link(to: &Path, at: &Path) {
    std::os::unix::fs::symlink(to, at).unwrap();
}
