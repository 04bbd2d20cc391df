//! Which rows of a table have codes that a retrieve wants: column by column, each code looked up once.

use foldhash::HashMap;
use salus_columns::{ElementColumn, Items, Rows};
use salus_cql::evaluate::{CodeFilter, RecordsError};
use salus_cql::operators::Terminology;
use salus_fhir::schema::{self, Kind};
use salus_fhir::view::{ElementView, PrimitiveText};
use salus_values::Code;

use arrow::array::{Array, AsArray};

use super::portion::TableRows;

/// A system, and whether a code of it is wanted.
type InSystem = (Option<Box<str>>, bool);

/// What is known of codes: whether they are wanted.
struct Known<'f> {
    filter: &'f CodeFilter,
    terminology: &'f dyn Terminology,
    /// By code: the systems in which it was met, mostly one.
    by_code: HashMap<Box<str>, Vec<InSystem>>,
    failure: Option<RecordsError>,
}

/// Whether each row, by its position in the order of the table, has a code that is wanted in the element at `path`.
pub(super) fn matching<'r>(
    rows: &'r TableRows<'r>,
    path: &str,
    filter: &CodeFilter,
    terminology: &dyn Terminology,
) -> Result<Vec<bool>, RecordsError> {
    // A value set that is missing is missed even where no record has a code.
    if let CodeFilter::ValueSet(value_set) = filter {
        terminology.expand(value_set)?;
    }
    let mut known = Known {
        filter,
        terminology,
        by_code: HashMap::default(),
        failure: None,
    };
    let batches = rows.batches.iter();
    let by_batch: Vec<Vec<bool>> = batches.map(|batch| known.rows(batch, path)).collect();
    if let Some(failure) = known.failure {
        return Err(failure);
    }
    let has = rows.table.order.iter().map(|at| {
        let batch = by_batch.get(at.batch as usize);
        batch
            .and_then(|batch| batch.get(at.row as usize).copied())
            .unwrap_or(false)
    });
    Ok(has.collect())
}

impl Known<'_> {
    fn rows<'r>(&mut self, rows: &'r Rows<'r>, path: &str) -> Vec<bool> {
        let mut has = vec![false; rows.len()];
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let all: Vec<u32> = (0..count).collect();
        let owners = all.clone();
        self.below(rows.column(), &all, &owners, &mut path.split('.'), &mut has);
        for &row in rows.shown_by_json() {
            let record = rows.element(row as usize);
            let found = self.element_has(&record, &mut path.split('.'));
            if let Some(slot) = has.get_mut(row as usize) {
                *slot = found;
            }
        }
        has
    }

    /// Goes down a path: `at` are the rows of `column` to look at, `owners` the rows of the table that they are in.
    fn below<'p>(
        &mut self,
        column: ElementColumn<'_>,
        at: &[u32],
        owners: &[u32],
        path: &mut (impl Iterator<Item = &'p str> + Clone),
        has: &mut [bool],
    ) {
        let Some(name) = path.next() else {
            self.coded(column, at, owners, has);
            return;
        };
        for member in column.member(name) {
            let items = member.items(at);
            let owners = of_owners(&items, owners);
            self.below(member, &items.values, &owners, &mut path.clone(), has);
        }
    }

    /// Elements that have codes: concepts, codings, primitives.
    fn coded(&mut self, column: ElementColumn<'_>, at: &[u32], owners: &[u32], has: &mut [bool]) {
        match schema::r4().get(column.ty()).name {
            "CodeableConcept" => {
                for codings in column.member("coding") {
                    let items = codings.items(at);
                    let owners = of_owners(&items, owners);
                    self.codings(codings, &items.values, &owners, has);
                }
            }
            "Coding" => self.codings(column, at, owners, has),
            _ => {
                let texts = column
                    .values()
                    .and_then(|values| values.as_string_opt::<i32>());
                for (value, owner) in at.iter().zip(owners) {
                    let code = texts.and_then(|texts| text(texts, *value));
                    self.mark(None, code, *owner, has);
                }
            }
        }
    }

    fn codings(&mut self, column: ElementColumn<'_>, at: &[u32], owners: &[u32], has: &mut [bool]) {
        let part = |name: &str| {
            let member = column.member(name).next();
            member.and_then(|member| member.values()?.as_string_opt::<i32>())
        };
        let (codes, systems) = (part("code"), part("system"));
        for (value, owner) in at.iter().zip(owners) {
            let code = codes.and_then(|codes| text(codes, *value));
            let system = systems.and_then(|systems| text(systems, *value));
            self.mark(system, code, *owner, has);
        }
    }

    fn mark(&mut self, system: Option<&str>, code: Option<&str>, owner: u32, has: &mut [bool]) {
        let Some(code) = code else { return };
        if let Some(slot) = has.get_mut(owner as usize)
            && !*slot
        {
            *slot = self.is_wanted(system, code);
        }
    }

    fn is_wanted(&mut self, system: Option<&str>, code: &str) -> bool {
        let known = self.by_code.get(code).into_iter().flatten();
        for (of, is_wanted) in known {
            if of.as_deref() == system {
                return *is_wanted;
            }
        }
        let asked = Code {
            code: code.into(),
            system: system.map(Into::into),
            version: None,
            display: None,
        };
        let found = match self.filter.has(&asked, self.terminology) {
            Ok(found) => found,
            Err(error) => {
                self.failure.get_or_insert(error.into());
                false
            }
        };
        let systems = self.by_code.entry(code.into()).or_default();
        systems.push((system.map(Box::from), found));
        found
    }

    /// As [`Known::below`], for one record.
    fn element_has<'p, V: ElementView>(
        &mut self,
        element: &V,
        path: &mut (impl Iterator<Item = &'p str> + Clone),
    ) -> bool {
        let mut found = false;
        let name = path.next();
        let def = schema::r4().get(element.type_id());
        let mut below = Vec::new();
        match name {
            Some(name) => element.children(name, &mut |child| below.push(child)),
            None if def.name == "CodeableConcept" => {
                element.children("coding", &mut |child| below.push(child));
            }
            None if def.name == "Coding" => {
                let (system, code) = (word(element, "system"), word(element, "code"));
                return code.is_some_and(|code| self.is_wanted(system.as_deref(), &code));
            }
            None if matches!(def.kind, Kind::Primitive(_)) => {
                let code = element.primitive().and_then(primitive_text);
                return code.is_some_and(|code| self.is_wanted(None, &code));
            }
            None => {}
        }
        for child in &below {
            found |= self.element_has(child, &mut path.clone());
        }
        found
    }
}

fn of_owners(items: &Items, owners: &[u32]) -> Vec<u32> {
    let owner = |position: &u32| owners.get(*position as usize).copied();
    items
        .owners
        .iter()
        .map(|position| owner(position).unwrap_or(Items::NONE))
        .collect()
}

fn text(array: &arrow::array::StringArray, row: u32) -> Option<&str> {
    let row = row as usize;
    (row < array.len() && array.is_valid(row)).then(|| array.value(row))
}

fn word<V: ElementView>(element: &V, name: &str) -> Option<String> {
    let mut found = None;
    element.children(name, &mut |child| {
        found = child.primitive().and_then(primitive_text);
    });
    found
}

fn primitive_text(primitive: PrimitiveText<'_>) -> Option<String> {
    match primitive {
        PrimitiveText::Text(text) => Some(text.into_owned()),
        _ => None,
    }
}
