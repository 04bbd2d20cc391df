//! Implicit conversions, made explicit (Developer's Guide §3, Conversion Precedence).

use super::conversion::{Step, Usable};
use super::problem::TypeMistake;
use super::translator::Translator;
use super::typed::Typed;
use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::syntax::Span;

impl Translator<'_> {
    /// The value as one of this type, converted if need be.
    pub fn convert(&mut self, value: Typed, to: &Spec, span: Span) -> Option<Typed> {
        match self.conversions.usable(&value.ty, to) {
            Some(usable) => Some(self.converted(value, to, &usable)),
            None => {
                let (given, wanted) = (value.ty, to.clone());
                self.refuse(TypeMistake::Mismatch { given, wanted }, span)
            }
        }
    }

    /// The value as one of this type, in the way that was found.
    pub fn converted(&self, value: Typed, to: &Spec, usable: &Usable) -> Typed {
        match usable.step {
            Step::Exact | Step::Subtype => value,
            Step::Null | Step::Cast => self.cast(value, to),
            Step::Simple | Step::Class => {
                let function = usable.function.as_deref().unwrap_or_default();
                self.called(function, value, to)
            }
            Step::Inner => value,
        }
    }

    /// `As` this type, not strict: another value becomes null.
    pub fn cast(&self, value: Typed, to: &Spec) -> Typed {
        let mut typed = self.implied(Kind::As, value.node, to.clone());
        match to {
            Spec::Named(name) => typed.node.set("asType", self.type_name(name)),
            other => typed
                .node
                .set("asTypeSpecifier", self.type_specifier(other)),
        }
        typed
    }

    /// An operator (`ToDecimal`) or function of a library (`FHIRHelpers.ToCode`) on the value.
    fn called(&self, function: &str, value: Typed, to: &Spec) -> Typed {
        let Some((library, name)) = function.split_once('.') else {
            return self.implied(Kind::of(function), value.node, to.clone());
        };
        let mut node = Node::new(Kind::FunctionRef)
            .with("libraryName", library)
            .with("name", name)
            .with("operand", vec![value.node]);
        self.mark_type(&mut node, to);
        Typed::new(node, to.clone())
    }
}
