//! EARS C2 against `surveillance::earsC(method = "C2")`, the golden outputs of ../shared.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use salus_report::ears::C2;

/// z(1 - alpha) of the normal distribution, as R's `qnorm` gives it.
const Z_001: f64 = 3.090_232_306_167_813_5;
const Z_01: f64 = 2.326_347_874_040_841;

fn golden() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden/surveillance");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "golden outputs are missing: clone the project's shared data beside the repository, as ../shared"
    );
    None
}

/// Fields of the data lines of a CSV without quoted commas.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

fn check(id: &str, data: &str, count_column: &str, settings: C2) {
    let Some(folder) = golden() else { return };
    let series = folder.join(format!("data/{data}.csv"));
    let header = fs::read_to_string(&series).unwrap();
    let column = header
        .lines()
        .next()
        .unwrap()
        .split(',')
        .position(|name| name == count_column)
        .unwrap();
    let counts: Vec<u64> = rows(&series)
        .iter()
        .map(|row| row[column].parse().unwrap())
        .collect();
    let verdicts = settings.judge(&counts);
    let expected = rows(&folder.join(format!("cases/{id}.csv")));
    let mut compared = 0;
    for row in &expected {
        let (t, bound): (usize, f64) =
            (row[0].parse().unwrap(), row[2].parse().unwrap_or(f64::NAN));
        let Some(verdict) = verdicts.iter().find(|verdict| verdict.index == t - 1) else {
            continue;
        };
        if bound.is_nan() {
            continue;
        }
        let off = (verdict.threshold - bound).abs() / bound.abs().max(1.0);
        assert!(
            off < 1e-9,
            "{id} t={t}: {} is not {bound}",
            verdict.threshold
        );
        assert_eq!(u8::from(verdict.signal).to_string(), row[3], "{id} t={t}");
        compared += 1;
    }
    assert!(
        compared > expected.len() / 2,
        "{id}: only {compared} of {} compared",
        expected.len()
    );
}

fn settings(baseline: usize, threshold_sd: f64, sd_min: f64) -> C2 {
    C2 {
        baseline,
        lag: 2,
        threshold_sd,
        sd_min,
        count_min: 0,
    }
}

#[test]
fn salmonella_newport_in_germany_agrees_with_surveillance() {
    check(
        "ears_c2__newport_de__default",
        "newport_de",
        "count",
        settings(7, Z_001, 0.0),
    );
}

#[test]
fn a_flat_series_of_mostly_zeros_agrees_with_surveillance() {
    check(
        "ears_c2__newport_hh__zeros",
        "newport_hh",
        "count",
        settings(7, Z_001, 0.0),
    );
}

#[test]
fn salmonella_agona_agrees_with_surveillance() {
    check(
        "ears_c2__agona__b14_a01",
        "agona",
        "count",
        settings(14, Z_01, 0.2),
    );
}

#[test]
fn a_daily_series_with_a_long_baseline_agrees_with_surveillance() {
    check(
        "ears_c2__daily7__b28_sig05",
        "daily7",
        "count",
        settings(28, Z_001, 0.5),
    );
}

#[test]
fn a_daily_series_without_weekends_agrees_with_surveillance() {
    check(
        "ears_c2__daily5__weekendzero",
        "daily5",
        "count",
        settings(7, Z_001, 0.5),
    );
}
