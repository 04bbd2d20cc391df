//! The guide's table of functions is the registration table.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::fmt::Write;
use std::path::Path;

use salus_fhirpath::functions;

const START: &str = "<!-- functions: made from the registration table -->\n";
const END: &str = "<!-- /functions -->";

fn table() -> String {
    let mut out = String::new();
    let mut section = "";
    for (of, signature) in functions::signatures() {
        if of != section {
            section = of;
            write!(
                out,
                "\n### {of}\n\n| Function | What it gives |\n|---|---|\n"
            )
            .unwrap();
        }
        let call = signature.to_string().replace('|', "\\|");
        writeln!(
            out,
            "| `{call}` | {} |",
            signature.summary.replace('|', "\\|")
        )
        .unwrap();
    }
    out
}

/// With `UPDATE_GUIDE=1` the guide is written anew.
#[test]
fn the_guide_lists_every_function_as_it_is_registered() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fhirpath.md");
    let guide = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = guide.split_once(START).unwrap();
    let (listed, after) = rest.split_once(END).unwrap();
    let expected = format!("{}\n", table());
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        std::fs::write(&path, format!("{before}{START}{expected}{END}{after}")).unwrap();
        return;
    }
    assert!(
        listed == expected,
        "docs/fhirpath.md is stale: run `UPDATE_GUIDE=1 cargo test -p salus-fhirpath --test guide`"
    );
}

#[test]
fn no_name_is_registered_twice() {
    let mut names: Vec<&str> = functions::signatures()
        .map(|(_, signature)| signature.name)
        .collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(
        names
            .iter()
            .all(|name| functions::signature(name).is_some())
    );
}
