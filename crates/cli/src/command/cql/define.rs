//! The defines of a library that can be asked for, and in which context each is.

use salus_base::suggest;
use salus_cql::elm::{Kind, Library};

use crate::error::CliError;

/// A define.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Define {
    /// Its name.
    pub name: String,
    /// What it is for one of: `Patient`; all records if `None`.
    pub context: Option<String>,
}

/// The defines that are asked for; without names, all public ones, in the order of the library.
pub fn chosen(library: &Library, names: &[String]) -> Result<Vec<Define>, CliError> {
    let all: Vec<Define> = library
        .statements()
        .filter(|def| def.kind() == Kind::ExpressionDef)
        .filter(|def| def.text("accessLevel") != Some("Private"))
        .filter_map(|def| {
            let name = def.text("name")?;
            let context = def.text("context").filter(|name| !is_of_all(name));
            // What a context is about is a define of that name, which nobody wrote.
            let is_written = context != Some(name);
            is_written.then(|| Define {
                name: name.to_owned(),
                context: context.map(str::to_owned),
            })
        })
        .collect();
    if names.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| {
        let found = all.iter().find(|define| define.name == *name).cloned();
        found.ok_or_else(|| CliError::NoDefine {
            name: name.clone(),
            nearest: suggest::closest(name, all.iter().map(|one| one.name.as_str()))
                .map(str::to_owned),
        })
    };
    names.iter().map(find).collect()
}

fn is_of_all(context: &str) -> bool {
    matches!(context, "Unfiltered" | "Population" | "")
}

/// The contexts of these defines, each once, `None` first.
pub fn contexts(defines: &[Define]) -> Vec<Option<&str>> {
    let mut contexts: Vec<Option<&str>> = Vec::new();
    for define in defines {
        let context = define.context.as_deref();
        if !contexts.contains(&context) {
            contexts.push(context);
        }
    }
    contexts.sort_by_key(Option::is_some);
    contexts
}
