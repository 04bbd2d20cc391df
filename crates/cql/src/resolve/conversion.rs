//! What type a value can be used as without saying so (Developer's Guide §3, Conversion Precedence).

use foldhash::HashMap;

use super::kinship::pairwise;
use super::typed::system;
use crate::model::{Models, Spec, TypeName};

/// How a value of one type becomes one of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// It is one: the types are the same, or it is a kind of the other.
    Same,
    /// `as` at run time: it is null, or a choice of which the other is one, or the other is a choice that has it.
    Cast,
    /// A conversion: an operator of ELM (`ToDecimal`), or a function of a library (`FHIRHelpers.ToCode`).
    Operator(Box<str>),
    /// Of a choice: each of its types that becomes one, and how.
    Narrow(Vec<(Spec, Usable)>),
    /// Into a choice: to the first of its types that it becomes one of.
    Widen(Box<Usable>),
    /// The items of a list are converted each.
    Items(Box<Usable>),
    /// The ends of an interval are converted both.
    Points(Box<Usable>),
    /// The single item of a list.
    SingleItem(Box<Usable>),
    /// A list of the value alone.
    IntoList(Box<Usable>),
    /// The single point of an interval.
    SinglePoint(Box<Usable>),
    /// The interval that starts and ends with the value.
    IntoInterval(Box<Usable>),
}

/// A way to use a value as another type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usable {
    /// How it becomes one.
    pub way: Way,
    /// How far the types are apart, 0 for the same type. A call means the signature to whose types it is least far.
    pub distance: u32,
    /// The type that it becomes.
    pub to: Spec,
}

impl Usable {
    /// Of the same type.
    pub(super) fn same(ty: &Spec) -> Usable {
        usable(Way::Same, 0, ty)
    }
}

/// Which steps between single values and lists or intervals are taken without being asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Leniency {
    /// A list for its single item.
    pub list_demotion: bool,
    /// A value for a list of it alone.
    pub list_promotion: bool,
    /// An interval for its single point.
    pub interval_demotion: bool,
    /// A point for the interval of it alone.
    pub interval_promotion: bool,
}

impl Leniency {
    /// All of them.
    pub const ALL: Leniency = Leniency {
        list_demotion: true,
        list_promotion: true,
        interval_demotion: true,
        interval_promotion: true,
    };
}

/// How far apart types are, by the way from one to the other.
mod distance {
    pub const SUBTYPE: u32 = 1;
    pub const CAST: u32 = 2;
    /// A cast as part of another conversion.
    pub const INNER_CAST: u32 = 3;
    pub const SIMPLE: u32 = 4;
    pub const CLASS: u32 = 5;
    pub const INTO_INTERVAL: u32 = 6;
    pub const SINGLE_ITEM: u32 = 7;
    pub const SINGLE_POINT: u32 = 8;
    pub const INTO_LIST: u32 = 9;
}

/// The conversions that CQL makes by itself (Author's Guide §8, Implicit Conversions): operator, from, to.
const IMPLICIT: [(&str, &str, &str); 9] = [
    ("ToLong", "Integer", "Long"),
    ("ToDecimal", "Integer", "Decimal"),
    ("ToDecimal", "Long", "Decimal"),
    ("ToDateTime", "Date", "DateTime"),
    ("ToQuantity", "Integer", "Quantity"),
    ("ToQuantity", "Long", "Quantity"),
    ("ToQuantity", "Decimal", "Quantity"),
    ("ToConcept", "Code", "Concept"),
    ("ExpandValueSet", "ValueSet", "List<Code>"),
];

/// The conversions that `convert … to …` makes besides: the types that each operator takes.
const EXPLICIT: [(&str, &str, &[&str]); 10] = [
    (
        "ToString",
        "String",
        &[
            "Boolean", "Integer", "Long", "Decimal", "DateTime", "Date", "Time", "Quantity",
            "Ratio",
        ],
    ),
    (
        "ToBoolean",
        "Boolean",
        &["String", "Integer", "Long", "Decimal"],
    ),
    ("ToInteger", "Integer", &["String", "Long", "Boolean"]),
    ("ToLong", "Long", &["String", "Boolean"]),
    ("ToDecimal", "Decimal", &["String", "Boolean"]),
    ("ToDateTime", "DateTime", &["String"]),
    ("ToDate", "Date", &["String", "DateTime"]),
    ("ToTime", "Time", &["String"]),
    ("ToQuantity", "Quantity", &["String", "Ratio"]),
    ("ToRatio", "Ratio", &["String"]),
];

/// How a way is made of the way of a part.
type Make = fn(Box<Usable>) -> Way;

/// A conversion from a type.
#[derive(Debug)]
struct Conversion {
    function: Box<str>,
    to: Spec,
    implicit: bool,
}

/// The conversions of CQL and of the models in use.
#[derive(Debug)]
pub struct Conversions<'m> {
    pub(super) models: &'m Models,
    by_source: HashMap<TypeName, Vec<Conversion>>,
    leniency: Leniency,
}

impl<'m> Conversions<'m> {
    /// Those of CQL and those that the model infos declare.
    #[must_use]
    pub fn of(models: &'m Models) -> Conversions<'m> {
        let mut conversions = Conversions {
            models,
            by_source: HashMap::default(),
            leniency: Leniency::default(),
        };
        for (function, from, to) in IMPLICIT {
            let to = match to.strip_prefix("List<") {
                Some(item) => Spec::List(Box::new(system(item.trim_end_matches('>')))),
                None => system(to),
            };
            conversions.add(function, &system(from), to, true);
        }
        for (function, to, sources) in EXPLICIT {
            for from in sources {
                conversions.add(function, &system(from), system(to), false);
            }
        }
        let codes = Spec::List(Box::new(system("String")));
        conversions.add("ToChars", &system("String"), codes, false);
        for one in models.iter().flat_map(|model| model.conversions()) {
            conversions.add(&one.function, &one.from, one.to.clone(), true);
        }
        conversions
    }

    /// The same, with these steps between single values and lists or intervals.
    #[must_use]
    pub fn lenient(mut self, leniency: Leniency) -> Conversions<'m> {
        self.leniency = leniency;
        self
    }

    fn add(&mut self, function: &str, from: &Spec, to: Spec, implicit: bool) {
        if let Some(name) = from.name() {
            self.by_source
                .entry(name.clone())
                .or_default()
                .push(Conversion {
                    function: function.into(),
                    to,
                    implicit,
                });
        }
    }

    /// Which steps between single values and lists or intervals are taken.
    pub(super) fn leniency(&self) -> Leniency {
        self.leniency
    }

    /// How a value of the type `from` can be used as one of `to`; the closest way, or none.
    #[must_use]
    pub fn usable(&self, from: &Spec, to: &Spec) -> Option<Usable> {
        self.reach(from, to, self.leniency)
    }

    /// The same, with other steps between single values and lists or intervals.
    pub(super) fn reach(&self, from: &Spec, to: &Spec, leniency: Leniency) -> Option<Usable> {
        self.usable_by(from, to, leniency, true).map(|mut usable| {
            if usable.way == Way::Cast {
                usable.distance = distance::CAST;
            }
            usable
        })
    }

    /// How `convert … to …` converts: also by the conversions that are not made by themselves.
    pub(super) fn convertible(&self, from: &Spec, to: &Spec) -> Option<Usable> {
        self.usable_by(from, to, Leniency::ALL, false)
    }

    fn usable_by(
        &self,
        from: &Spec,
        to: &Spec,
        leniency: Leniency,
        implicit: bool,
    ) -> Option<Usable> {
        if from == to {
            return Some(usable(Way::Same, 0, to));
        }
        if self.is_kind_of(from, to) {
            return Some(usable(Way::Same, distance::SUBTYPE, to));
        }
        if self.is_compatible(from, to) {
            return Some(usable(Way::Cast, distance::INNER_CAST, to));
        }
        self.declared(from, to, implicit)
            .or_else(|| self.composed(from, to, leniency))
    }

    /// A conversion from the type, or from the nearest type that it is a kind of.
    fn declared(&self, from: &Spec, to: &Spec, implicit: bool) -> Option<Usable> {
        let class = self.models.find(from.name()?)?;
        self.models.lineage(class).find_map(|class| {
            let name = TypeName::new(class.model().name(), class.name());
            let all = self.by_source.get(&name)?;
            let allowed = || all.iter().filter(|one| one.implicit || !implicit);
            let found = allowed()
                .find(|one| one.to == *to)
                .or_else(|| allowed().find(|one| self.is_kind_of(&one.to, to)))?;
            let far = if self.is_class(&found.to) {
                distance::CLASS
            } else {
                distance::SIMPLE
            };
            Some(usable(Way::Operator(found.function.clone()), far, to))
        })
    }

    /// Conversions of parts: of items and points, between these and single values, and of the types of choices.
    fn composed(&self, from: &Spec, to: &Spec, leniency: Leniency) -> Option<Usable> {
        let part = |from: &Spec, to: &Spec| self.usable_by(from, to, self.leniency, true);
        let inner_far = |part: &Spec| {
            if self.is_simple(part) {
                distance::SIMPLE
            } else {
                distance::CLASS
            }
        };
        let (make, far, inner): (Make, u32, Option<Usable>) = match (from, to) {
            (Spec::List(one), Spec::List(other)) => {
                (Way::Items, inner_far(other), part(one, other))
            }
            (Spec::Interval(one), Spec::Interval(other)) => {
                (Way::Points, inner_far(other), part(one, other))
            }
            (Spec::List(item), _) if leniency.list_demotion => {
                (Way::SingleItem, distance::SINGLE_ITEM, part(item, to))
            }
            (_, Spec::List(item)) if leniency.list_promotion => {
                (Way::IntoList, distance::INTO_LIST, part(from, item))
            }
            (Spec::Interval(point), _) if leniency.interval_demotion => {
                (Way::SinglePoint, distance::SINGLE_POINT, part(point, to))
            }
            (_, Spec::Interval(point)) if leniency.interval_promotion => (
                Way::IntoInterval,
                distance::INTO_INTERVAL,
                part(from, point),
            ),
            _ => return self.alternative(from, to, leniency),
        };
        let inner = inner?;
        let inner_far = if inner.way == Way::Same {
            0
        } else {
            inner.distance
        };
        Some(usable(make(Box::new(inner)), far + inner_far, to))
    }

    /// Conversions of a choice and into one, and of tuples, whose elements may be null.
    fn alternative(&self, from: &Spec, to: &Spec, leniency: Leniency) -> Option<Usable> {
        let part = |from: &Spec, to: &Spec| self.usable_by(from, to, leniency, true);
        match (from, to) {
            (Spec::Choice(types), _) => {
                let ways = types
                    .iter()
                    .filter_map(|one| Some((one.clone(), part(one, to)?)));
                let ways: Vec<(Spec, Usable)> = ways.collect();
                let (_, first) = ways.first()?;
                let far = distance::INNER_CAST + first.distance;
                Some(usable(Way::Narrow(ways), far, to))
            }
            (Spec::Tuple(some), Spec::Tuple(others)) => {
                let fits = |one: &Spec, other: &Spec| {
                    self.is_kind_of(one, other) || self.is_compatible(one, other)
                };
                pairwise(some, others, fits).then(|| usable(Way::Cast, distance::INNER_CAST, to))
            }
            (_, Spec::Choice(types)) => types.iter().find_map(|one| {
                let inner = part(from, one)?;
                let far = distance::INNER_CAST + inner.distance;
                Some(usable(Way::Widen(Box::new(inner)), far, to))
            }),
            _ => None,
        }
    }

    /// The types that a value of this type converts to, also only when asked for.
    pub(super) fn targets(&self, from: &Spec) -> impl Iterator<Item = &Spec> {
        let all = from.name().and_then(|name| self.by_source.get(name));
        all.map_or(&[][..], Vec::as_slice).iter().map(|one| &one.to)
    }
}

fn usable(way: Way, distance: u32, to: &Spec) -> Usable {
    Usable {
        way,
        distance,
        to: to.clone(),
    }
}
