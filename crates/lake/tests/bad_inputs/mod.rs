//! Inputs that are bad in every way we could think of, each made by code.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bundles;
mod compressed;
mod files;
mod json;
mod lines;

use std::path::Path;

/// One good resource, to see that it survives its neighbours.
pub const GOOD: &str = r#"{"resourceType":"Patient","id":"good","gender":"female"}"#;

/// One bad input.
pub struct Case {
    pub name: &'static str,
    pub make: Make,
}

/// How a bad input is made.
pub enum Make {
    /// A file with these bytes.
    Bytes(Box<dyn Fn() -> Vec<u8> + Send + Sync>),
    /// Anything, in a folder of its own; gives what the user names.
    Paths(fn(&Path) -> Vec<String>),
}

/// A file with bytes that are made when they are wanted.
pub fn bytes(name: &'static str, make: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Case {
    Case {
        name,
        make: Make::Bytes(Box::new(make)),
    }
}

/// A file with this text.
pub fn text(name: &'static str, text: impl Into<Vec<u8>>) -> Case {
    let text = text.into();
    bytes(name, move || text.clone())
}

/// NDJSON of one bad line between two good ones.
pub fn line(name: &'static str, line: impl AsRef<[u8]>) -> Case {
    let mut text = format!("{GOOD}\n").into_bytes();
    text.extend(line.as_ref());
    text.extend(format!("\n{}\n", GOOD.replace("good", "good-too")).bytes());
    bytes(name, move || text.clone())
}

/// Something else than one file.
pub fn paths(name: &'static str, make: fn(&Path) -> Vec<String>) -> Case {
    Case {
        name,
        make: Make::Paths(make),
    }
}

/// All of them.
pub fn all() -> Vec<Case> {
    let groups = [
        lines::cases(),
        json::cases(),
        bundles::cases(),
        compressed::cases(),
        files::cases(),
    ];
    groups.into_iter().flatten().collect()
}

impl Case {
    /// Makes the input in `folder` and gives what the user names.
    pub fn place(&self, folder: &Path) -> Vec<String> {
        match &self.make {
            Make::Paths(make) => make(folder),
            Make::Bytes(make) => {
                let path = folder.join("input");
                std::fs::write(&path, make()).unwrap();
                vec![path.display().to_string()]
            }
        }
    }
}
