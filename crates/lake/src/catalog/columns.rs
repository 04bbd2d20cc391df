//! Column trees: out of the rows of `ducklake_column`, and compared between two writers.

use std::collections::{HashMap, HashSet};

use super::{CatalogError, Collision, Column, ColumnType, Damage, Fault};

/// A row of `ducklake_column`.
pub(super) struct ColumnRow {
    pub(super) id: i64,
    pub(super) parent: Option<i64>,
    pub(super) name: String,
    pub(super) ty: String,
}

/// The tree of a table's columns out of its rows, which come in the order of the columns; or the reason
/// why Salus cannot read them.
pub(super) fn tree(
    table: i64,
    rows: Vec<ColumnRow>,
) -> Result<Result<Vec<Column>, String>, CatalogError> {
    let known: HashSet<i64> = rows.iter().map(|row| row.id).collect();
    let mut children: HashMap<Option<i64>, Vec<Column>> = HashMap::new();
    for row in rows {
        if let Some(parent) = row.parent
            && !known.contains(&parent)
        {
            return Err(CatalogError::Damaged {
                what: Damage::Orphan {
                    table,
                    column: row.id,
                    parent,
                },
            });
        }
        let Some(ty) = ColumnType::from_ducklake_name(&row.ty) else {
            return Ok(Err(format!(
                "column `{}` has the type `{}`",
                row.name, row.ty
            )));
        };
        let siblings = children.entry(row.parent).or_default();
        siblings.push(Column::leaf(row.id, row.name, ty));
    }
    let mut top = children.remove(&None).unwrap_or_default();
    for column in &mut top {
        adopt(column, &mut children);
    }
    Ok(Ok(top))
}

/// Hangs the children under their parent; each is taken once, so a circle ends.
fn adopt(column: &mut Column, children: &mut HashMap<Option<i64>, Vec<Column>>) {
    column.children = children.remove(&Some(column.id)).unwrap_or_default();
    for child in &mut column.children {
        adopt(child, children);
    }
}

/// A column without its children, and the column it hangs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flat<'a> {
    pub(super) id: i64,
    pub(super) parent: Option<i64>,
    pub(super) name: &'a str,
    pub(super) ty: ColumnType,
}

/// The columns of a tree, each after its parent.
pub(super) fn flatten(columns: &[Column]) -> Vec<Flat<'_>> {
    let mut flat = Vec::new();
    flatten_under(None, columns, &mut flat);
    flat
}

fn flatten_under<'a>(parent: Option<i64>, columns: &'a [Column], flat: &mut Vec<Flat<'a>>) {
    for column in columns {
        flat.push(Flat {
            id: column.id,
            parent,
            name: &column.name,
            ty: column.ty,
        });
        flatten_under(Some(column.id), &column.children, flat);
    }
}

/// Why a column tree cannot be committed.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Another writer was there first.
    Collision(Collision),
    /// The commit is wrong in itself.
    Fault(Fault),
}

/// Which columns of `wanted` are new to the table as it is now.
///
/// `base` is what the writer saw, `current` what is there now (the same unless somebody else committed),
/// `used_max` the highest id ever used. Columns that others added meanwhile are left alone.
pub(super) fn new_columns<'a>(
    wanted: &'a [Column],
    base: &[Column],
    current: &[Column],
    used_max: i64,
) -> Result<Vec<Flat<'a>>, Refusal> {
    check_shape(wanted).map_err(Refusal::Fault)?;
    let wanted = flatten(wanted);
    let base: HashMap<i64, Flat<'_>> = by_id(flatten(base));
    let current_flat = flatten(current);
    let names: HashMap<(Option<i64>, String), i64> = current_flat
        .iter()
        .map(|column| ((column.parent, column.name.to_lowercase()), column.id))
        .collect();
    let current = by_id(current_flat);
    let mut seen = HashSet::new();
    let mut new = Vec::new();
    for column in wanted {
        if !seen.insert(column.id) {
            return Err(Refusal::Fault(Fault::ColumnIdTwice { id: column.id }));
        }
        match current.get(&column.id) {
            Some(there) if *there == column => {}
            Some(there) => return Err(clash(&column, there, base.contains_key(&column.id))),
            None => {
                check_free(&column, &names, &base, used_max)?;
                new.push(column);
            }
        }
    }
    match base.values().find(|column| !seen.contains(&column.id)) {
        Some(lost) => Err(Refusal::Fault(Fault::ColumnLost {
            name: lost.name.to_owned(),
        })),
        None => Ok(new),
    }
}

fn by_id(columns: Vec<Flat<'_>>) -> HashMap<i64, Flat<'_>> {
    columns
        .into_iter()
        .map(|column| (column.id, column))
        .collect()
}

fn clash(ours: &Flat<'_>, theirs: &Flat<'_>, in_base: bool) -> Refusal {
    if in_base {
        Refusal::Fault(Fault::ColumnChanged {
            name: theirs.name.to_owned(),
        })
    } else {
        Refusal::Collision(Collision::ColumnId {
            id: ours.id,
            ours: ours.name.to_owned(),
            theirs: theirs.name.to_owned(),
        })
    }
}

/// A new column needs an id and, among its siblings, a name of its own (DuckDB ignores case).
fn check_free(
    column: &Flat<'_>,
    names: &HashMap<(Option<i64>, String), i64>,
    base: &HashMap<i64, Flat<'_>>,
    used_max: i64,
) -> Result<(), Refusal> {
    if names.contains_key(&(column.parent, column.name.to_lowercase())) {
        return Err(Refusal::Collision(Collision::ColumnName {
            name: column.name.to_owned(),
        }));
    }
    if base.contains_key(&column.id) {
        return Err(Refusal::Collision(Collision::TableGone));
    }
    if column.id <= used_max {
        return Err(Refusal::Fault(Fault::ColumnIdUsed { id: column.id }));
    }
    Ok(())
}

/// Lists have one child called `element`, values have none.
fn check_shape(columns: &[Column]) -> Result<(), Fault> {
    for column in columns {
        let fits = match (column.ty, column.children.as_slice()) {
            (ColumnType::List, [only]) => only.name == "element",
            (ColumnType::List, _) | (ColumnType::Struct, []) => false,
            (ColumnType::Struct, _) | (_, []) => true,
            _ => false,
        };
        if !fits {
            return Err(Fault::ColumnChildren {
                name: column.name.clone(),
            });
        }
        check_shape(&column.children)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: i64, name: &str) -> Column {
        Column::leaf(id, name, ColumnType::Varchar)
    }

    fn list(id: i64, name: &str, element: Column) -> Column {
        Column {
            children: vec![element],
            ..Column::leaf(id, name, ColumnType::List)
        }
    }

    fn ids(new: Result<Vec<Flat<'_>>, Refusal>) -> Vec<i64> {
        new.unwrap().iter().map(|column| column.id).collect()
    }

    #[test]
    fn rows_become_a_tree_and_the_tree_flattens_to_rows() {
        let row = |id, parent, name: &str, ty: &str| ColumnRow {
            id,
            parent,
            name: name.to_owned(),
            ty: ty.to_owned(),
        };
        let rows = vec![
            row(1, None, "id", "varchar"),
            row(2, None, "given", "list"),
            row(3, Some(2), "element", "varchar"),
        ];
        let columns = tree(1, rows).unwrap().unwrap();
        assert_eq!(
            columns,
            [text(1, "id"), list(2, "given", text(3, "element"))]
        );
        let parents: Vec<_> = flatten(&columns).iter().map(|c| c.parent).collect();
        assert_eq!(parents, [None, None, Some(2)]);
        let odd = tree(1, vec![row(1, None, "m", "map")]).unwrap();
        assert_eq!(odd.unwrap_err(), "column `m` has the type `map`");
        assert!(tree(1, vec![row(1, Some(9), "x", "varchar")]).is_err());
    }

    #[test]
    fn only_columns_that_are_not_there_are_new() {
        let base = [text(1, "id")];
        let wanted = [text(1, "id"), list(2, "given", text(3, "element"))];
        assert_eq!(ids(new_columns(&wanted, &base, &base, 1)), [2, 3]);
        assert_eq!(
            ids(new_columns(&wanted, &base, &wanted, 3)),
            Vec::<i64>::new()
        );
    }

    #[test]
    fn what_another_writer_added_stays() {
        let base = [text(1, "id")];
        let current = [text(1, "id"), text(2, "theirs")];
        assert_eq!(
            ids(new_columns(&base, &base, &current, 2)),
            Vec::<i64>::new()
        );
        let ours = [text(1, "id"), text(2, "ours")];
        assert!(matches!(
            new_columns(&ours, &base, &current, 2),
            Err(Refusal::Collision(Collision::ColumnId { id: 2, .. }))
        ));
        let same_name = [text(1, "id"), text(3, "Theirs")];
        assert!(matches!(
            new_columns(&same_name, &base, &current, 2),
            Err(Refusal::Collision(Collision::ColumnName { .. }))
        ));
    }

    #[test]
    fn a_commit_that_loses_or_reuses_columns_is_a_fault() {
        let base = [text(1, "id"), text(2, "a")];
        let fault = |wanted: &[Column]| match new_columns(wanted, &base, &base, 5) {
            Err(Refusal::Fault(fault)) => fault,
            other => panic!("{other:?}"),
        };
        assert!(matches!(fault(&[text(1, "id")]), Fault::ColumnLost { .. }));
        assert!(matches!(
            fault(&[text(1, "id"), text(2, "a"), text(4, "b")]),
            Fault::ColumnIdUsed { id: 4 }
        ));
        assert!(matches!(
            fault(&[text(1, "id"), text(2, "b")]),
            Fault::ColumnChanged { .. }
        ));
        assert!(matches!(
            fault(&[text(1, "id"), text(2, "a"), text(6, "b"), text(6, "c")]),
            Fault::ColumnIdTwice { id: 6 }
        ));
        let bare = Column::leaf(6, "l", ColumnType::List);
        assert!(matches!(fault(&[bare]), Fault::ColumnChildren { .. }));
    }
}
