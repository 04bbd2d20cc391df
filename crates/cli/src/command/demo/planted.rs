//! What was planted in the made-up records, and can be looked for in the scoreboard.

use std::collections::BTreeMap;
use std::path::Path;

use salus_synth::{Label, Truth};

use crate::face::{Face, Ink, thousands};

/// What was planted, as a short list.
pub fn text(face: &Face, truth: &Truth, file: &Path) -> String {
    let mut lines = vec![face.ink_data(Ink::Strong, "What is true of these records")];
    lines.extend(truth.outbreaks.iter().map(|outbreak| {
        format!(
            "  Outbreak: {} cases of {} around {}, exposed on {}",
            thousands(outbreak.cases.len() as u64),
            outbreak.syndrome,
            outbreak.postal_code,
            outbreak.exposure_date,
        )
    }));
    let orders = [
        (
            "pairs of medicines that harm each other",
            labels(truth.interactions.iter().map(|one| one.label)),
        ),
        (
            "medicines against an allergy",
            labels(truth.allergy_conflicts.iter().map(|one| one.label)),
        ),
        (
            "metformin with an eGFR below 30",
            labels(truth.renal_conflicts.iter().map(|one| one.label)),
        ),
    ];
    lines.extend(orders.into_iter().map(|(what, (harmful, harmless))| {
        let (harmful, harmless) = (thousands(harmful), thousands(harmless));
        format!("  Safety: {harmful} × {what}, beside {harmless} that only look so")
    }));
    lines.extend(gaps(truth));
    let worsened = truth.kidney.iter().filter(|one| one.worsened).count();
    let uninsured = truth.uninsured.iter().filter(|one| one.at_end).count();
    let unplanned = truth.readmissions.iter().filter(|one| !one.planned).count();
    let rest = [
        (
            "Chronic",
            worsened,
            "kidney patients whose stage worsened in the last year",
        ),
        (
            "Access",
            uninsured,
            "patients without cover on the last day",
        ),
        (
            "Cost",
            unplanned,
            "unplanned readmissions within 30 days, in all years",
        ),
        (
            "Records",
            truth.duplicates.len(),
            "people who have two records",
        ),
    ];
    lines.extend(
        rest.into_iter()
            .map(|(topic, count, what)| format!("  {topic}: {} {what}", thousands(count as u64))),
    );
    lines.push(format!(
        "  All of it, patient by patient: {}",
        file.display()
    ));
    format!("\n{}\n", lines.join("\n"))
}

/// How many are harmful and how many only look so.
fn labels(labels: impl Iterator<Item = Label>) -> (u64, u64) {
    labels.fold((0, 0), |(harmful, harmless), label| match label {
        Label::Harmful => (harmful + 1, harmless),
        Label::Harmless => (harmful, harmless + 1),
    })
}

fn gaps(truth: &Truth) -> Vec<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for gap in &truth.care_gaps {
        *counts.entry(gap.gap).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(gap, count)| {
            format!(
                "  Care gap: {} × {}",
                thousands(count),
                gap.replace('-', " ").replace("hba1c", "HbA1c")
            )
        })
        .collect()
}
