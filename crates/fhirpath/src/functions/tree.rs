//! Tree navigation (§5.8).

use salus_fhir::view::ElementView;

use super::{Call, Function, Input, Returns, Section, Signature};
use crate::evaluate::{Collection, Machine, Outcome, all_children};

pub(super) const fn section<'t, V: ElementView + 't>() -> Section<'t, V> {
    Section {
        name: "5.8 Tree navigation",
        functions: const {
            &[
                Function::new(
                    Signature::new(
                        "children",
                        Input::ANY,
                        &[],
                        Returns::Children,
                        "All child elements.",
                    ),
                    children,
                ),
                Function::new(
                    Signature::new(
                        "descendants",
                        Input::ANY,
                        &[],
                        Returns::Descendants,
                        "All elements at any depth below the input.",
                    ),
                    descendants,
                ),
            ]
        },
    }
}

fn children<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut out = Collection::new();
    for item in &input {
        all_children(item, &mut out);
        machine.check_size(&out, call.span)?;
    }
    machine.spend(out.len() as u64, call.span)?;
    Ok(out)
}

/// Level by level, as `repeatAll(children())` would: an element is there once because it is in one place only.
fn descendants<V: ElementView>(
    machine: &mut Machine<'_, V>,
    call: &Call<'_, V>,
    input: Collection<V>,
) -> Outcome<Collection<V>> {
    let mut out = Collection::new();
    let mut level = input;
    loop {
        level = children(machine, call, level)?;
        if level.is_empty() {
            return Ok(out);
        }
        out.extend(level.iter().cloned());
        machine.check_size(&out, call.span)?;
    }
}
