//! `cargo xtask ci`: the steps every change must pass, each with a heading that says how long it all took so far.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::say;

/// Why CI says no.
#[derive(Debug, thiserror::Error)]
pub enum CiError {
    /// The program of a step could not be started.
    #[error("cannot start the step `{step}`")]
    Start {
        /// Its name.
        step: &'static str,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A step ended badly.
    #[error("the step `{step}` failed after {seconds} s: `cargo {words}`")]
    Failed {
        /// Its name.
        step: &'static str,
        /// Seconds since the first step began.
        seconds: u64,
        /// The words given to cargo.
        words: String,
    },
}

struct Step {
    name: &'static str,
    words: &'static [&'static str],
    variables: &'static [(&'static str, &'static str)],
    slow: bool,
}

const fn step(name: &'static str, words: &'static [&'static str]) -> Step {
    Step {
        name,
        words,
        variables: &[],
        slow: false,
    }
}

const STEPS: &[Step] = &[
    step("format", &["fmt", "--all", "--check"]),
    step("tidy", &["xtask", "tidy"]),
    step("layers", &["xtask", "layers"]),
    step("FHIR tables are fresh", &["xtask", "codegen", "--check"]),
    step(
        "clippy",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    ),
    Step {
        name: "documentation",
        words: &[
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ],
        variables: &[(
            "RUSTDOCFLAGS",
            "-D warnings -A rustdoc::private_intra_doc_links",
        )],
        slow: false,
    },
    step("tests", &["test", "--workspace"]),
    Step {
        slow: true,
        ..step(
            "conformance: FHIRPath",
            &[
                "run",
                "--release",
                "--",
                "conformance",
                "fhirpath",
                "../shared/conformance/fhirpath",
            ],
        )
    },
    Step {
        slow: true,
        ..step(
            "conformance: SQL on FHIR",
            &[
                "run",
                "--release",
                "--",
                "conformance",
                "views",
                "../shared/conformance/sql-on-fhir/tests",
            ],
        )
    },
    Step {
        slow: true,
        ..step(
            "conformance: CQL",
            &[
                "run",
                "--release",
                "--",
                "conformance",
                "cql",
                "../shared/conformance/cql-tests",
                "--exclusions",
                "crates/cql/conformance/exclusions.txt",
            ],
        )
    },
    Step {
        slow: true,
        ..step("demo, release build", &["run", "--release", "--", "demo"])
    },
];

/// Cargo, without what `cargo run` tells this program about itself: build scripts (that of `ring`) are run again, and
/// all that stands on them is built again, when those variables are not what they were.
fn cargo() -> Command {
    const OWN: [&str; 4] = [
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_MANIFEST_",
        "CARGO_PKG_",
    ];
    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let own = name
            .to_str()
            .is_some_and(|name| OWN.iter().any(|prefix| name.starts_with(prefix)));
        if own {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Runs the steps one after another and stops at the first that fails.
pub fn run(root: &Path, fast: bool) -> Result<(), CiError> {
    let started = Instant::now();
    for step in STEPS.iter().filter(|step| !(fast && step.slow)) {
        say(&format!(
            "\n=== {} ({} s)",
            step.name,
            started.elapsed().as_secs()
        ));
        let status = cargo()
            .args(step.words)
            .envs(step.variables.iter().copied())
            .current_dir(root)
            .status()
            .map_err(|source| CiError::Start {
                step: step.name,
                source,
            })?;
        if !status.success() {
            let seconds = started.elapsed().as_secs();
            return Err(CiError::Failed {
                step: step.name,
                seconds,
                words: step.words.join(" "),
            });
        }
    }
    say(&format!(
        "\n=== all steps passed ({} s)",
        started.elapsed().as_secs()
    ));
    Ok(())
}
