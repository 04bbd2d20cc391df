//! What every comparison of a record pays: reading and comparing dates, decimals and quantities. Each must stay below
//! 50 ns, and allocate nothing.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use salus_values::{Date, DateTime, Decimal, Grain, Interval, Precision, Quantity, Unit, Value};

fn read(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    group.bench_function("date", |b| b.iter(|| Date::parse(black_box("2024-02-29"))));
    group.bench_function("date_time", |b| {
        b.iter(|| DateTime::parse(black_box("2024-02-29T14:30:05.250+02:00")));
    });
    group.bench_function("decimal", |b| {
        b.iter(|| Decimal::parse(black_box("120.50")))
    });
    group.bench_function("decimal_long", |b| {
        b.iter(|| Decimal::parse(black_box("1234567.890123456789012345")));
    });
    group.bench_function("unit", |b| b.iter(|| Unit::ucum(black_box("mg/dL"))));
    group.finish();
}

fn compare(c: &mut Criterion) {
    let mut group = c.benchmark_group("compare");
    let (Some(day), Some(month)) = (Date::parse("2024-02-29"), Date::parse("2024-03")) else {
        return;
    };
    group.bench_function("dates", |b| {
        b.iter(|| black_box(day).compare(&black_box(day)))
    });
    group.bench_function("partial_dates", |b| {
        b.iter(|| black_box(day).compare(&black_box(month)))
    });
    let (Some(here), Some(there)) = (
        DateTime::parse("2024-02-29T14:30:05.250+02:00"),
        DateTime::parse("2024-02-29T14:30:05.250-05:00"),
    ) else {
        return;
    };
    group.bench_function("moments", |b| {
        b.iter(|| black_box(here).compare(&black_box(here)))
    });
    group.bench_function("moments_apart", |b| {
        b.iter(|| black_box(here).compare(&black_box(there)))
    });
    group.bench_function("moments_to_day", |b| {
        b.iter(|| black_box(here).compare_to(&black_box(there), Precision::Day, 60));
    });
    let (Some(left), Some(right)) = (Decimal::parse("120.50"), Decimal::parse("140")) else {
        return;
    };
    group.bench_function("decimals", |b| {
        b.iter(|| black_box(left).cmp(&black_box(right)))
    });
    let quantity = |value, unit| Quantity::new(value, Unit::ucum(unit));
    let (left, right, other) = (
        quantity(left, "mg/dL"),
        quantity(right, "mg/dL"),
        quantity(right, "g/L"),
    );
    group.bench_function("quantities", |b| {
        b.iter(|| black_box(&left).compare(black_box(&right)))
    });
    group.bench_function("quantities_converted", |b| {
        b.iter(|| black_box(&left).compare(black_box(&other)));
    });
    group.finish();
}

fn relate(c: &mut Criterion) {
    let mut group = c.benchmark_group("relate");
    let moment = |text| Value::<()>::from(DateTime::parse(text));
    let period = Interval::new(
        moment("2024-01-01T00:00:00.000Z"),
        true,
        moment("2025-01-01T00:00:00.000Z"),
        false,
    );
    let stay = Interval::closed(
        moment("2024-03-01T10:00:00.000Z"),
        moment("2024-03-09T12:00:00.000Z"),
    );
    let (point, grain) = (moment("2024-05-01T10:00:00.000Z"), Grain::default());
    group.bench_function("during", |b| {
        b.iter(|| black_box(&period).includes(black_box(&stay), &grain))
    });
    group.bench_function("contains", |b| {
        b.iter(|| black_box(&period).contains(black_box(&point), &grain))
    });
    group.finish();
}

criterion_group!(benches, read, compare, relate);
criterion_main!(benches);
