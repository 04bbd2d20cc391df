//! What type a value can be used as without saying so (Developer's Guide §3, Conversion Precedence).

use crate::model::{Models, Spec, TypeName};

/// How a value of one type becomes one of another, from the closest to the farthest: a call means the signature whose
/// farthest step is the closest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The types are the same.
    Exact,
    /// It is a kind of the other.
    Subtype,
    /// It is null, which is of every type.
    Null,
    /// It is a choice of which the other is one, or that holds kinds of it: `as` at run time.
    Cast,
    /// A conversion between simple types: Integer to Decimal.
    Simple,
    /// A conversion to a class: Code to Concept, or one that a model info declares.
    Class,
    /// The ends of an interval, or the items of a list, are converted each.
    Inner,
}

/// A way to use a value as another type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usable {
    /// How far the types are apart.
    pub step: Step,
    /// The function that converts, for [`Step::Simple`] and [`Step::Class`]: an operator of ELM (`ToDecimal`) or a
    /// function of a library (`FHIRHelpers.ToCode`). For [`Step::Inner`], the one for the ends or items.
    pub function: Option<Box<str>>,
}

/// The conversions that CQL makes by itself (Reference, Appendix: Implicit Conversions): operator, from, to.
const SYSTEM: [(&str, &str, &str); 9] = [
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

/// The types whose values have no elements.
const SIMPLE: [&str; 8] = [
    "Boolean", "Date", "DateTime", "Decimal", "Integer", "Long", "String", "Time",
];

/// The conversions of CQL and of the models in use.
#[derive(Debug)]
pub struct Conversions<'m> {
    models: &'m Models,
    all: Vec<(Box<str>, Spec, Spec)>,
}

impl<'m> Conversions<'m> {
    /// Those of CQL and those that the model infos declare.
    #[must_use]
    pub fn of(models: &'m Models) -> Conversions<'m> {
        let system = |text: &str| match text.strip_prefix("List<") {
            Some(of) => Spec::List(Box::new(named(of.trim_end_matches('>')))),
            None => named(text),
        };
        let own = SYSTEM
            .iter()
            .map(|(function, from, to)| (Box::from(*function), system(from), system(to)));
        let declared = models.iter().flat_map(|model| {
            let conversions = model.conversions().iter();
            conversions.map(|one| (one.function.clone(), one.from.clone(), one.to.clone()))
        });
        Conversions {
            models,
            all: own.chain(declared).collect(),
        }
    }

    /// How a value of the type `from` can be used as one of `to`; the closest way, or none.
    #[must_use]
    pub fn usable(&self, from: &Spec, to: &Spec) -> Option<Usable> {
        let step = |step| {
            Some(Usable {
                step,
                function: None,
            })
        };
        if from == to {
            return step(Step::Exact);
        }
        if self.models.is_kind_of(from, to) {
            return step(Step::Subtype);
        }
        if is_any(from) {
            return step(Step::Null);
        }
        if let Spec::Choice(types) = from
            && types.iter().any(|one| self.models.is_kind_of(one, to))
        {
            return step(Step::Cast);
        }
        self.declared(from, to).or_else(|| self.inner(from, to))
    }

    /// A conversion from the type or a type that it is a kind of, to the other or a kind of it.
    fn declared(&self, from: &Spec, to: &Spec) -> Option<Usable> {
        let (function, _, made) = self.all.iter().find(|(_, source, made)| {
            self.models.is_kind_of(from, source) && self.models.is_kind_of(made, to)
        })?;
        let simple = made
            .name()
            .is_some_and(|name| &*name.model == "System" && SIMPLE.contains(&&*name.name));
        Some(Usable {
            step: if simple { Step::Simple } else { Step::Class },
            function: Some(function.clone()),
        })
    }

    /// Intervals and lists convert when their points and items do.
    fn inner(&self, from: &Spec, to: &Spec) -> Option<Usable> {
        match (from, to) {
            (Spec::List(from), Spec::List(to)) | (Spec::Interval(from), Spec::Interval(to)) => {
                let function = self.usable(from, to)?.function;
                let step = Step::Inner;
                Some(Usable { step, function })
            }
            _ => None,
        }
    }
}

/// A type of System.
pub(super) fn named(name: &str) -> Spec {
    Spec::Named(TypeName::new("System", name))
}

/// Whether it is the type of null.
pub(super) fn is_any(spec: &Spec) -> bool {
    *spec == named("Any")
}
