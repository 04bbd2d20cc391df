//! The binary `salus`: the only place that prints, exits, reads settings and knows the clock.

mod app;
mod clock;
mod command;
mod config;
mod error;
mod face;
mod grid;
mod lake;
mod panel;
mod progress;
mod work;

use std::process::ExitCode;

fn main() -> ExitCode {
    app::run()
}
