//! `salus explain CODE`: the long words behind a diagnostic.

use clap::Args;
use salus_base::{Explanation, explanation, registry, suggest};

use crate::app::Outcome;
use crate::error::CliError;
use crate::face::{Face, Ink};

/// Arguments of `salus explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The code, for instance SAL-LOAD-0001; without it, all codes are listed
    code: Option<String>,
}

impl Explain {
    /// Writes the explanation, or the list of codes.
    pub fn run(self, face: &Face) -> Result<Outcome, CliError> {
        let text = match &self.code {
            Some(code) => one(face, find(code)?),
            None => registry()
                .iter()
                .map(|one| format!("{}  {}\n", one.code, one.title))
                .collect(),
        };
        face.data(&text)?;
        Ok(Outcome::Done)
    }
}

fn find(code: &str) -> Result<&'static Explanation, CliError> {
    explanation(code).ok_or_else(|| CliError::UnknownCode {
        code: code.to_owned(),
        nearest: suggest::closest(code, registry().iter().map(|one| one.code)),
    })
}

fn one(face: &Face, found: &Explanation) -> String {
    let heading = face.ink_data(Ink::Strong, &format!("{}: {}", found.code, found.title));
    format!("{heading}\n\n{}\n", found.text)
}
