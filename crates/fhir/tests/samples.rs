//! The view and the tables over samples of real and synthetic records in ../shared/data.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use salus_fhir::date;
use salus_fhir::json::{Node, NodeKind, Resource};
use salus_fhir::reference::{self, Reference};
use salus_fhir::schema::{Element, Kind, Primitive, TypeDef, r4};

/// Lines looked at in each file: enough to meet every quirk, quick enough for every run.
const LINES_MAX: usize = 150;

/// Where the records do not follow R4: what, and an example.
#[derive(Default)]
struct Departures {
    found: BTreeMap<String, String>,
    resources: usize,
    dates: usize,
    references: usize,
}

impl Departures {
    fn add(&mut self, what: String, example: &str) {
        self.found
            .entry(what)
            .or_insert_with(|| example.chars().take(60).collect());
    }

    fn resource(&mut self, text: &str) {
        let resource = Resource::parse(text).unwrap();
        self.resources += 1;
        let Some(id) = r4().resource(resource.type_name()) else {
            return self.add(format!("unknown type {}", resource.type_name()), text);
        };
        self.object(r4().get(id), resource.root());
    }

    fn object(&mut self, def: &TypeDef, node: Node<'_>) {
        if node.kind() != NodeKind::Object {
            return self.add(format!("{} is no object", def.name), node.raw());
        }
        for (name, value) in node.fields() {
            if name == "resourceType" {
                continue;
            }
            match def.element(&name) {
                Some(element) => self.element(def, element, value),
                None => self.add(format!("unknown element {}.{name}", def.name), value.raw()),
            }
        }
    }

    fn element(&mut self, def: &TypeDef, element: &Element, value: Node<'_>) {
        let path = format!("{}.{}", def.name, element.name);
        if value.has_value() && (value.kind() == NodeKind::Array) != element.list {
            self.add(format!("cardinality of {path}"), value.raw());
        }
        for item in value.items() {
            let ty = r4().get(element.ty);
            match ty.kind {
                _ if element.open_resource => self.resource(item.raw()),
                Kind::Primitive(primitive) => self.primitive(&path, primitive, item),
                Kind::Complex | Kind::Resource => self.object(ty, item),
            }
        }
        if element.name == "reference" && def.name == "Reference" {
            self.references += 1;
            let text = value.string().unwrap_or_default();
            if let Reference::Other(other) = reference::parse(&text) {
                self.add("shape of Reference.reference".to_owned(), other);
            }
        }
    }

    fn primitive(&mut self, path: &str, primitive: Primitive, node: Node<'_>) {
        for extension in node.extensions() {
            self.object(r4().get(r4().named("Extension").unwrap()), extension);
        }
        let text = node.string();
        let text = text.as_deref();
        let good = match (primitive, node.kind()) {
            (_, NodeKind::Absent) => true,
            (Primitive::Boolean, kind) => kind == NodeKind::Boolean,
            (Primitive::Decimal, kind) => kind == NodeKind::Number,
            (Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt, _) => {
                node.integer().is_some_and(|i| i32::try_from(i).is_ok())
            }
            (Primitive::Date, _) => text.is_some_and(date::is_date),
            (Primitive::DateTime, _) => text.is_some_and(date::is_date_time),
            (Primitive::Instant, _) => text.is_some_and(date::is_instant),
            (Primitive::Time, _) => text.is_some_and(date::is_time),
            _ => text.is_some(),
        };
        if let (Primitive::Date | Primitive::DateTime | Primitive::Instant, Some(text)) =
            (primitive, text)
        {
            self.dates += 1;
            if date::parse(text).is_none() {
                self.add(format!("no date at {path}"), text);
            }
        }
        if !good {
            self.add(format!("value of {path}"), node.raw());
        }
    }
}

#[test]
fn shared_records_are_read_by_the_tables_with_known_departures_only() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.is_dir() {
        let ci = std::env::var("CI").is_ok_and(|v| v == "true");
        assert!(
            !ci,
            "put the shared records at {} (see ../shared/README.md)",
            data.display()
        );
        return;
    }
    let mut departures = Departures::default();
    for path in ndjson_files(&data) {
        let file = std::fs::File::open(&path).unwrap();
        let lines = BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
        for line in lines.take(LINES_MAX) {
            let line = line.unwrap();
            if line.contains("\"resourceType\"") {
                departures.resource(&line);
            }
        }
    }
    for (what, example) in &departures.found {
        println!("{what}: {example}");
    }
    println!(
        "{} resources, {} dates, {} references",
        departures.resources, departures.dates, departures.references
    );
    assert!(
        departures.resources > 5_000 && departures.dates > 5_000 && departures.references > 10_000
    );
    let found: BTreeSet<&str> = departures.found.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = KNOWN.into_iter().collect();
    assert_eq!(found, known);
}

/// What the shared records are known to do otherwise than R4: CMS's claims samples are partly STU3 and have
/// place-holders.
const KNOWN: [&str; 21] = [
    "cardinality of ExplanationOfBenefit.insurance",
    "no date at Claim.created",
    "no date at ClaimResponse.created",
    "no date at ExplanationOfBenefit.created",
    "no date at Meta.lastUpdated",
    "shape of Reference.reference",
    "unknown element Coverage.grouping",
    "unknown element ExplanationOfBenefit.hospitalization",
    "unknown element ExplanationOfBenefit.information",
    "unknown element ExplanationOfBenefit.item.careTeamLinkId",
    "unknown element ExplanationOfBenefit.item.diagnosisLinkId",
    "unknown element ExplanationOfBenefit.item.service",
    "unknown element ExplanationOfBenefit.organization",
    "unknown element ExplanationOfBenefit.totalCost",
    "unknown element MedicationAdministration.dosage.doseAndRate",
    "unknown element Money.code",
    "unknown element Money.system",
    "value of Claim.created",
    "value of ClaimResponse.created",
    "value of ExplanationOfBenefit.created",
    "value of Meta.lastUpdated",
];

/// All `*.ndjson.gz` below a folder, in order.
fn ndjson_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(ndjson_files(&path));
        } else if path.to_string_lossy().ends_with(".ndjson.gz") {
            found.push(path);
        }
    }
    found
}
