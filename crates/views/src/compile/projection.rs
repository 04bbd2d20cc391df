//! Which elements of a resource the paths of a view look at: what is read of NDJSON, and of a lake's files.

use salus_columns::{Extent, Projection};
use salus_fhir::schema::TypeId;
use salus_fhirpath::syntax::{Expr, ExprKind, TypeOperator};

/// Where elements stand: steps from the resource down.
pub(super) type ElementPath = Vec<Step>;

/// A step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// The element's name.
    name: String,
    /// The type that is kept of it, as written.
    of_type: Option<String>,
}

impl Step {
    /// The name in JSON if the element is a choice: `valueQuantity`.
    fn json_name(&self) -> String {
        let mut name = self.name.clone();
        if let Some(ty) = &self.of_type {
            let mut letters = ty.chars();
            name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            name.push_str(letters.as_str());
        }
        name
    }
}

/// What has been looked at.
#[derive(Debug, Default)]
pub(super) struct Wants {
    paths: Vec<(ElementPath, Extent)>,
    /// A path goes where this analysis does not follow.
    everything: bool,
}

/// Functions that give items of their input.
const GIVE_INPUT: [&str; 12] = [
    "first", "last", "tail", "skip", "take", "single", "distinct", "trace", "as", "ofType", "sort",
    "where",
];
/// Functions that only count their input.
const COUNT_INPUT: [&str; 5] = ["all", "exists", "empty", "count", "hasValue"];
/// Functions that look no further than into the values of their input, and give new ones.
const LOOK_AT_VALUES: [&str; 67] = [
    "abs",
    "allFalse",
    "allTrue",
    "anyFalse",
    "anyTrue",
    "avg",
    "ceiling",
    "combineText",
    "comparable",
    "contains",
    "convertsToBoolean",
    "convertsToDate",
    "convertsToDateTime",
    "convertsToDecimal",
    "convertsToInteger",
    "convertsToLong",
    "convertsToQuantity",
    "convertsToString",
    "convertsToTime",
    "dayOf",
    "decode",
    "encode",
    "endsWith",
    "escape",
    "exp",
    "floor",
    "getValue",
    "highBoundary",
    "indexOf",
    "isDistinct",
    "join",
    "lastIndexOf",
    "length",
    "ln",
    "log",
    "lowBoundary",
    "lower",
    "matches",
    "matchesFull",
    "max",
    "min",
    "monthOf",
    "not",
    "power",
    "precision",
    "replace",
    "replaceMatches",
    "round",
    "split",
    "sqrt",
    "startsWith",
    "substring",
    "sum",
    "toBoolean",
    "toChars",
    "toDate",
    "toDateTime",
    "toDecimal",
    "toInteger",
    "toLong",
    "toQuantity",
    "toString",
    "toTime",
    "trim",
    "truncate",
    "unescape",
    "upper",
];
/// Functions that give what their argument gives on each item, or on all.
const GIVE_ARGUMENTS: [&str; 3] = ["select", "iif", "coalesce"];
/// Functions that put two collections together.
const GIVE_BOTH: [&str; 5] = ["union", "combine", "intersect", "exclude", "subsetOf"];

impl Wants {
    /// Wants the elements at these paths, this much of them.
    pub(super) fn want(&mut self, paths: &[ElementPath], extent: Extent) {
        self.paths
            .extend(paths.iter().map(|path| (path.clone(), extent)));
    }

    /// The projection of all that is wanted.
    pub(super) fn projection(&self, resource: TypeId) -> Projection {
        let mut projection = Projection::new(resource);
        for (path, extent) in &self.paths {
            // The resource as a whole.
            if self.everything || (path.is_empty() && *extent == Extent::Whole) {
                return Projection::whole(resource);
            }
            let json_names: Vec<String> = path.iter().map(Step::json_name).collect();
            if projection.want(&json_names, *extent).is_err() {
                // No choice. An element that R4 does not have is in no resource.
                let names: Vec<&str> = path.iter().map(|step| step.name.as_str()).collect();
                let _ = projection.want(&names, *extent);
            }
        }
        match self.everything {
            true => Projection::whole(resource),
            false => projection,
        }
    }

    /// Notes what an expression looks at on items that stand at these paths, and gives where what it finds stands.
    pub(super) fn look(&mut self, expr: &Expr, focus: &[ElementPath]) -> Vec<ElementPath> {
        match &expr.kind {
            ExprKind::Empty | ExprKind::Literal(_) | ExprKind::Index => Vec::new(),
            ExprKind::This => focus.to_vec(),
            ExprKind::Variable { name } => {
                let is_outside = matches!(&*name.text, "context" | "resource" | "rootResource");
                self.everything |= is_outside;
                Vec::new()
            }
            ExprKind::Member { on, name } => self.member(on.as_deref(), &name.text, focus),
            ExprKind::Call {
                on,
                name,
                arguments,
            } => self.call(on.as_deref(), &name.text, arguments, focus),
            ExprKind::Item { on, index } => {
                self.value(index, focus);
                self.look(on, focus)
            }
            ExprKind::Polarity { operand, .. } => self.value(operand, focus),
            ExprKind::TypeTest {
                operand,
                operator,
                ty,
            } => {
                let on = self.look(operand, focus);
                if *operator == TypeOperator::Is {
                    self.want(&on, Extent::Element);
                    return Vec::new();
                }
                of_type(on, &ty.name.text)
            }
            ExprKind::Binary { left, right, .. } => {
                let mut found = self.look(left, focus);
                found.extend(self.look(right, focus));
                self.want(&found, Extent::Whole);
                // `|` gives items of both.
                found
            }
            ExprKind::Total | ExprKind::Error => {
                self.everything = true;
                Vec::new()
            }
        }
    }

    /// An expression whose value counts, whole.
    fn value(&mut self, expr: &Expr, focus: &[ElementPath]) -> Vec<ElementPath> {
        let found = self.look(expr, focus);
        self.want(&found, Extent::Whole);
        Vec::new()
    }

    fn member(&mut self, on: Option<&Expr>, name: &str, focus: &[ElementPath]) -> Vec<ElementPath> {
        // A leading type name: the focus itself.
        if on.is_none() && name.starts_with(|c: char| c.is_ascii_uppercase()) {
            return focus.to_vec();
        }
        let on = on.map_or_else(|| focus.to_vec(), |on| self.look(on, focus));
        below(&on, name)
    }

    fn call(
        &mut self,
        on: Option<&Expr>,
        name: &str,
        arguments: &[Expr],
        focus: &[ElementPath],
    ) -> Vec<ElementPath> {
        let input = on.map_or_else(|| focus.to_vec(), |on| self.look(on, focus));
        match name {
            "is" => {
                self.want(&input, Extent::Element);
                return Vec::new();
            }
            "ofType" | "as" => {
                let ty = arguments.first().and_then(Expr::as_type);
                return match ty {
                    Some(ty) => of_type(input, &ty.name.text),
                    None => input,
                };
            }
            "extension" => {
                let extensions = below(&input, "extension");
                self.want(&below(&extensions, "url"), Extent::Element);
                return extensions;
            }
            "getResourceKey" => {
                self.want(&below(&input, "id"), Extent::Element);
                return Vec::new();
            }
            "getReferenceKey" => {
                self.want(&below(&input, "reference"), Extent::Element);
                return Vec::new();
            }
            _ => {}
        }
        if COUNT_INPUT.contains(&name) {
            self.want(&input, Extent::Element);
            self.arguments(arguments, &input);
            return Vec::new();
        }
        if GIVE_INPUT.contains(&name) {
            self.arguments(arguments, &input);
            return input;
        }
        if GIVE_ARGUMENTS.contains(&name) {
            let mut found = Vec::new();
            for argument in arguments {
                found.extend(self.look(argument, &input));
            }
            // The condition of `iif`, and whatever is compared.
            self.want(&found, Extent::Element);
            return found;
        }
        if GIVE_BOTH.contains(&name) {
            let mut found = input;
            for argument in arguments {
                found.extend(self.look(argument, focus));
            }
            self.want(&found, Extent::Whole);
            return found;
        }
        self.want(&input, Extent::Whole);
        self.arguments(arguments, &input);
        self.arguments(arguments, focus);
        self.everything |= !LOOK_AT_VALUES.contains(&name);
        Vec::new()
    }

    /// Arguments whose values count, on the items of the input.
    fn arguments(&mut self, arguments: &[Expr], input: &[ElementPath]) {
        for argument in arguments {
            self.value(argument, input);
        }
    }
}

fn below(paths: &[ElementPath], name: &str) -> Vec<ElementPath> {
    let below = |path: &ElementPath| {
        let mut path = path.clone();
        path.push(Step {
            name: name.to_owned(),
            of_type: None,
        });
        path
    };
    paths.iter().map(below).collect()
}

/// Of these elements only those of a type.
fn of_type(mut paths: Vec<ElementPath>, ty: &str) -> Vec<ElementPath> {
    for path in &mut paths {
        if let Some(last) = path.last_mut() {
            last.of_type = Some(ty.to_owned());
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use salus_fhir::schema::r4;

    /// The columns that a lake's table of Observations would have to have for a path.
    fn wanted(path: &str) -> Vec<String> {
        let mut wants = Wants::default();
        let expr = salus_fhirpath::syntax::parse(path).expr;
        let found = wants.look(&expr, &[ElementPath::new()]);
        wants.want(&found, Extent::Element);
        let mut names: Vec<String> = wants
            .paths
            .iter()
            .map(|(path, _)| {
                path.iter()
                    .map(Step::json_name)
                    .collect::<Vec<_>>()
                    .join(".")
            })
            .collect();
        names.sort();
        names.dedup();
        if wants.everything {
            names.push("everything".to_owned());
        }
        let _ = wants.projection(r4().resource("Observation").unwrap());
        names
    }

    #[test]
    fn a_path_wants_what_it_looks_at_and_nothing_else() {
        for (path, names) in [
            ("id", "id"),
            ("Observation.code.coding.code", "code.coding.code"),
            (
                "code.coding.where(system = 's').code.first()",
                "code.coding.code code.coding.system",
            ),
            ("value.ofType(Quantity).value", "valueQuantity.value"),
            ("(value as Quantity).unit", "valueQuantity.unit"),
            ("value is Quantity", "value"),
            (
                "component.exists(code.text = 'x')",
                "component component.code.text",
            ),
            ("component.all(value.exists())", "component component.value"),
            ("getResourceKey()", "id"),
            ("subject.getReferenceKey(Patient)", "subject.reference"),
            (
                "extension('u').value.ofType(string)",
                "extension.url extension.valueString",
            ),
            (
                "iif(status = 'final', issued, effective)",
                "effective issued status",
            ),
            (
                "category.coding.select(system & code)",
                "category.coding.code category.coding.system",
            ),
            ("note.text.first().upper()", "note.text"),
            ("%rowIndex + 1", ""),
        ] {
            assert_eq!(wanted(path).join(" "), names, "{path}");
        }
    }

    #[test]
    fn what_goes_anywhere_wants_everything() {
        for path in [
            "subject.resolve()",
            "descendants().count()",
            "%resource.id",
            "repeat(component)",
        ] {
            assert!(wanted(path).contains(&"everything".to_owned()), "{path}");
        }
    }
}
