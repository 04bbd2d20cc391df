//! Lists `src/explanations/*.md` so that the library embeds each of them: one file per code.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let folder = Path::new("src/explanations");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let text = std::fs::read_to_string(file)?;
        let title = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("# "))
            .unwrap_or_default();
        let body = text.split_once('\n').map_or("", |(_, body)| body.trim());
        let code = file.file_stem().unwrap_or_default().to_string_lossy();
        let entry = format!("Explanation {{ code: {code:?}, title: {title:?}, text: {body:?} }},");
        writeln!(list, "    {entry}").map_err(io::Error::other)?;
    }
    list.push_str("]\n");
    let out =
        std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo gave no OUT_DIR"))?;
    std::fs::write(Path::new(&out).join("explanations.rs"), list)
}
