//! The type table against an independent account of R4: HL7's FHIR 4.0.1 model info for CQL.
//!
//! The definitions that codegen reads came through a package that had changed some of them
//! (`r4/corrections.txt`); this test says when another such change is missed.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;

use salus_fhir::schema::{Kind, Schema, TypeDef, r4};

/// An element by the model info: its one type when it has one, and whether it repeats.
#[derive(Debug, Default)]
struct Told {
    ty: Option<String>,
    list: bool,
}

type Types = HashMap<String, BTreeMap<String, Told>>;

/// Reads `<typeInfo name=…>`, `<element name=… elementType=…>` and their type specifiers.
fn read(xml: &str) -> Types {
    let mut types = Types::new();
    let (mut ty, mut element) = (String::new(), String::new());
    for tag in xml.split('<') {
        let value = |name: &str| {
            let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
            let rest = tag.get(start..)?;
            rest.split('"')
                .next()
                .map(|v| v.trim_start_matches("FHIR.").to_owned())
        };
        let here = types.get_mut(&ty).and_then(|t| t.get_mut(&element));
        if tag.starts_with("typeInfo ") {
            ty = value("name").unwrap();
            types.insert(ty.clone(), BTreeMap::new());
        } else if tag.starts_with("element ") {
            element = value("name").unwrap();
            let told = Told {
                ty: value("elementType"),
                list: false,
            };
            types.get_mut(&ty).unwrap().insert(element.clone(), told);
        } else if tag.starts_with("elementTypeSpecifier ")
            && let Some(told) = here
        {
            told.list |= tag.contains("xsi:type=\"ListTypeSpecifier\"");
            let named = value("elementType").or_else(|| value("name"));
            told.ty = told.ty.take().or(named);
        }
    }
    types
}

/// Own elements of a type by element name, choices once.
fn own<'a>(r4: &'a Schema, def: &'a TypeDef) -> BTreeMap<&'a str, (&'a TypeDef, bool)> {
    let base = def.base.map(|b| r4.get(b));
    let inherited = |name: &str| base.is_some_and(|b| b.element(name).is_some());
    let own = def.elements().iter().filter(|e| !inherited(e.name));
    own.map(|e| (e.choice_of.unwrap_or(e.name), (r4.get(e.ty), e.list)))
        .collect()
}

fn compare(
    r4: &Schema,
    def: &TypeDef,
    told: &str,
    types: &Types,
    differences: &mut BTreeSet<String>,
) {
    let ours = own(r4, def);
    let theirs = types.get(told).unwrap_or_else(|| panic!("no {told}"));
    for name in theirs.keys().filter(|n| !ours.contains_key(n.as_str())) {
        differences.insert(format!("{}.{name} is missing", def.name));
    }
    for (name, (ty, list)) in ours {
        let Some(told) = theirs.get(name) else {
            differences.insert(format!("{}.{name} is not of R4", def.name));
            continue;
        };
        if told.list != list {
            differences.insert(format!("{}.{name} repeats: {list}", def.name));
        }
        if ty.name.starts_with(&format!("{}.", def.name)) {
            compare(r4, ty, told.ty.as_deref().unwrap_or(""), types, differences);
        }
    }
}

#[test]
fn types_have_the_elements_that_the_model_info_of_hl7_has() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = shared.join("modelinfo/fhir-modelinfo-4.0.1.xml.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        let ci = std::env::var("CI").is_ok_and(|v| v == "true");
        assert!(
            !ci,
            "put HL7's model info at {} (see ../shared/README.md)",
            path.display()
        );
        return;
    };
    let mut xml = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut xml)
        .unwrap();
    let types = read(&xml);
    let r4 = r4();
    let mut differences = BTreeSet::new();
    let whole = r4.types().iter().filter(|t| !t.name.contains('.'));
    for def in whole.filter(|t| matches!(t.kind, Kind::Resource | Kind::Complex)) {
        compare(r4, def, def.name, &types, &mut differences);
    }
    assert_eq!(differences, BTreeSet::new());
}
