//! Which elements of a resource the paths of a view look at: what is read of NDJSON, and of a lake's files.

use salus_columns::{Extent, Projection};
use salus_fhir::schema::TypeId;
use salus_fhirpath::syntax::{Expr, ExprKind};

/// Element names from the resource down.
pub(super) type ElementPath = Vec<String>;

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
const COUNT_INPUT: [&str; 4] = ["exists", "empty", "count", "hasValue"];
/// Functions that look no further than into the values of their input, and give new ones.
const LOOK_AT_VALUES: [&str; 61] = [
    "abs",
    "all",
    "allFalse",
    "allTrue",
    "anyFalse",
    "anyTrue",
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
    "is",
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
    "toQuantity",
    "toString",
    "trim",
];
/// More of them.
const LOOK_AT_VALUES_TOO: [&str; 8] = [
    "avg", "max", "min", "toLong", "toTime", "truncate", "unescape", "upper",
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
            // An element that R4 does not have is in no resource.
            let _ = projection.want(path, *extent);
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
            ExprKind::TypeTest { operand, ty, .. } => {
                let on = self.look(operand, focus);
                self.want(&on, Extent::Element);
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
            "ofType" | "as" => {
                self.want(&input, Extent::Element);
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
        self.everything |= !LOOK_AT_VALUES.contains(&name) && !LOOK_AT_VALUES_TOO.contains(&name);
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
        path.push(name.to_owned());
        path
    };
    paths.iter().map(below).collect()
}

/// Of a choice only the type that is kept: `value` becomes `valueQuantity`, where there is such an element.
fn of_type(paths: Vec<ElementPath>, ty: &str) -> Vec<ElementPath> {
    let mut kept = Vec::new();
    for path in paths {
        let mut typed = path.clone();
        if let Some(last) = typed.last_mut() {
            let mut letters = ty.chars();
            last.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            last.push_str(letters.as_str());
        }
        kept.push(typed);
        kept.push(path);
    }
    kept
}
