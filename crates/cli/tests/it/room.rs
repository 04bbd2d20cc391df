//! A folder of its own for each test, and the binary run in it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Three patients, two of them with a reading of blood pressure; one line that is no resource, one of an unknown type.
pub const RECORDS: &str = r#"{"resourceType":"Patient","id":"ann","birthDate":"1960-05-01","gender":"female"}
{"resourceType":"Patient","id":"bob","birthDate":"1971-01","gender":"male","extension":[{"url":"http://x","valueDecimal":1.50}]}
{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"Patient/ann"},"effectiveDateTime":"2026-03-01","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":151.0,"unit":"mm[Hg]"}}
this is no JSON
{"resourceType":"Patiend","id":"x"}
{"resourceType":"Observation","id":"o2","status":"final","subject":{"reference":"Patient/bob"},"effectiveDateTime":"2026-04-01T10:00:00+02:00","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":128,"unit":"mm[Hg]"}}
{"resourceType":"Patient","id":"cat","birthDate":"1999-12-31"}
"#;

/// A test's folder.
pub struct Room {
    folder: TempDir,
}

/// What a run of the binary gave.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub talk: String,
}

impl Room {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// One with [`RECORDS`] loaded into the lake.
    pub fn with_records() -> Self {
        let room = Self::new();
        room.write("records.ndjson", RECORDS);
        let ran = room.salus(&["load", "records.ndjson"]);
        assert_eq!(ran.code, 3, "{}{}", ran.out, ran.talk);
        room
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The binary, ready to start in the folder, with an environment that knows nothing.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_salus"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_clear();
        command
            .env("HOME", self.folder.path())
            .env("COLUMNS", "100")
            .env("TMPDIR", std::env::temp_dir());
        command.stdin(Stdio::null());
        command
    }

    /// Runs the binary.
    pub fn salus(&self, words: &[&str]) -> Ran {
        ran(self.command(words).output().unwrap())
    }

    /// Runs the binary with text on its standard input.
    pub fn salus_reading(&self, words: &[&str], input: &str) -> Ran {
        use std::io::Write;
        let mut command = self.command(words);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        ran(child.wait_with_output().unwrap())
    }

    /// Compares text with a snapshot; what differs from run to run is covered up.
    pub fn assert(&self, name: &str, text: &str) {
        let mut settings = insta::Settings::clone_current();
        let folder = self.folder.path().canonicalize().unwrap();
        for path in [folder.as_path(), self.folder.path()] {
            settings.add_filter(&regex_of(&path.display().to_string()), "[ROOM]");
        }
        settings.add_filter(
            r"in \d+\.\d s: [\d,]+ resources/s, [\d.]+ \w+/s",
            "in [TIME]",
        );
        settings.add_filter(
            r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+00|Z)?",
            "[MOMENT]",
        );
        settings.add_filter(r"[ \t]+\n", "\n");
        settings.set_prepend_module_to_snapshot(false);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

fn ran(output: Output) -> Ran {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        talk: text(output.stderr),
    }
}

/// A path as a pattern that means only itself.
fn regex_of(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_alphanumeric() || c == '/' {
                vec![c]
            } else {
                vec!['\\', c]
            }
        })
        .collect()
}
