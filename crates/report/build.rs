//! Builds the list of content files, so that a new indicator is one new file and nothing else.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../content");
    let mut files = Vec::new();
    for folder in ["indicators", "knowledge", "valuesets"] {
        collect(&root.join(folder), &mut files)?;
        tell_cargo(&root.join(folder));
    }
    files.sort();
    let mut list = String::from("pub(crate) const FILES: &[(&str, &str)] = &[\n");
    for file in &files {
        let name = file
            .strip_prefix(&root)?
            .to_string_lossy()
            .replace('\\', "/");
        writeln!(
            list,
            "    ({name:?}, include_str!({:?})),",
            file.canonicalize()?
        )?;
    }
    list.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("content.rs"), list)?;
    Ok(())
}

/// Content files below a folder: `.sql`, `.toml` and `.tsv`.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            tell_cargo(&path);
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|end| ["sql", "toml", "tsv"].iter().any(|known| end == *known))
        {
            files.push(path);
        }
    }
    Ok(())
}

fn tell_cargo(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}
