//! How a library is translated: the options of the reference translator, with its defaults.

use super::conversion::Leniency;

/// What is written into the ELM, and how much is converted without being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Write `annotation` with the text of each definition, and `localId`.
    pub annotations: bool,
    /// Write `locator`: where in the text a node stands.
    pub locators: bool,
    /// Write `resultTypeName` and `resultTypeSpecifier`.
    pub result_types: bool,
    /// Write the types of the operands of operators and functions.
    pub signatures: Signatures,
    /// A list may stand for its single item.
    pub list_demotion: bool,
    /// A value may stand for a list of it alone.
    pub list_promotion: bool,
    /// An interval may stand for its single point.
    pub interval_demotion: bool,
    /// A point may stand for the interval of it alone.
    pub interval_promotion: bool,
    /// An element of a list means that element of all its items.
    pub list_traversal: bool,
    /// A function may be called on its first operand: `operand.name()`.
    pub method_invocation: bool,
    /// Queries must start with `from`.
    pub requires_from: bool,
    /// A library that needs the conversions of `FHIRHelpers`, and does not include it, includes the one that Salus
    /// carries. Else it is an error, as with the reference translator.
    pub implicit_helpers: bool,
}

/// For which operators and functions the types of the operands are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signatures {
    /// For none.
    None,
    /// For those whose operands were converted.
    Differing,
    /// For functions that have several signatures with as many operands.
    #[default]
    Overloads,
    /// For all.
    All,
}

impl Default for Options {
    /// As the command line of the reference translator has them.
    fn default() -> Options {
        Options {
            annotations: true,
            locators: true,
            result_types: false,
            signatures: Signatures::default(),
            list_demotion: false,
            list_promotion: false,
            interval_demotion: false,
            interval_promotion: false,
            list_traversal: true,
            method_invocation: true,
            requires_from: false,
            implicit_helpers: true,
        }
    }
}

impl Options {
    /// Which steps between single values and lists or intervals are taken.
    pub(super) fn leniency(&self) -> Leniency {
        Leniency {
            list_demotion: self.list_demotion,
            list_promotion: self.list_promotion,
            interval_demotion: self.interval_demotion,
            interval_promotion: self.interval_promotion,
        }
    }

    /// Nothing but what is needed to run: no annotations, no places, but types of results, which including libraries
    /// and the compiler of ELM use.
    #[must_use]
    pub fn bare() -> Options {
        Options {
            annotations: false,
            locators: false,
            result_types: true,
            ..Options::default()
        }
    }

    /// The options that differ from the language's own, by the names that the reference translator has for them.
    pub(super) fn names(&self) -> String {
        let all = [
            (self.annotations, "EnableAnnotations"),
            (self.locators, "EnableLocators"),
            (self.result_types, "EnableResultTypes"),
            (!self.list_traversal, "DisableListTraversal"),
            (!self.list_demotion, "DisableListDemotion"),
            (!self.list_promotion, "DisableListPromotion"),
            (self.interval_demotion, "EnableIntervalDemotion"),
            (self.interval_promotion, "EnableIntervalPromotion"),
            (!self.method_invocation, "DisableMethodInvocation"),
            (self.requires_from, "RequireFromKeyword"),
        ];
        let on = all.iter().filter(|(on, _)| *on).map(|(_, name)| *name);
        on.collect::<Vec<_>>().join(",")
    }
}

impl Signatures {
    /// The name that the reference translator has for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Signatures::None => "None",
            Signatures::Differing => "Differing",
            Signatures::Overloads => "Overloads",
            Signatures::All => "All",
        }
    }
}
