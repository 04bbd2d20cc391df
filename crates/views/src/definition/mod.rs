//! What a view says: its model, and the strict reader of its JSON.

mod check;
mod constant;
mod members;
mod model;
mod read;

use salus_base::Diagnostic;

pub use constant::{Constant, ConstantValue};
pub use model::{At, Column, Iteration, PathText, Select, ViewDefinition};
pub use read::{COLUMNS_MAX, SELECT_DEPTH_MAX};

use crate::problem;

impl ViewDefinition {
    /// Reads the JSON of a ViewDefinition; `resourceType` may be left out, as the published tests do.
    ///
    /// Paths are not looked into here: [`crate::CompiledView::compile`] does.
    ///
    /// # Errors
    /// Everything that keeps the view from running, at once.
    pub fn parse(json: &str) -> Result<ViewDefinition, Vec<Diagnostic>> {
        let (view, problems) = ViewDefinition::read(json);
        match view {
            Some(view) if !problem::has_errors(&problems) => Ok(view),
            _ => Err(problems),
        }
    }

    /// As far as the JSON can be read as a view, with all that is to be said about it.
    pub(crate) fn read(json: &str) -> (Option<ViewDefinition>, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let view = read::read(json, &mut problems);
        if let Some(view) = &view {
            check::check(view, &mut problems);
        }
        (view, problems)
    }
}

#[cfg(test)]
mod tests;
