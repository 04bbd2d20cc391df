//! The body of a define or function.

use std::sync::Arc;

use salus_values::Precision;

use super::{Compiler, DEPTH_MAX, deeper, place_of};
use crate::elm::{Kind, Node};
use crate::program::error::{ProgramError, ProgramProblem};
use crate::program::expression::{Case, Cast, Conversion, Expression, ExpressionKind, Property};
use crate::program::operator::Unary;
use crate::program::path::Path;
use crate::program::types::{SystemType, Type, UnknownType};

/// What is known while a body is compiled.
pub(super) struct Body<'c, 'l> {
    pub compiler: &'c mut Compiler<'l>,
    /// The library that the body is in.
    pub library: usize,
    define: Arc<str>,
    /// Names in scope and their slots, the innermost last.
    names: Vec<(Arc<str>, u32)>,
    slots_used: u32,
    slots_max: u32,
    /// Where the item of the innermost `sort` is.
    pub sorted: Option<u32>,
    depth: usize,
}

impl<'c, 'l> Body<'c, 'l> {
    pub fn new(compiler: &'c mut Compiler<'l>, library: usize, define: Arc<str>) -> Body<'c, 'l> {
        Body {
            compiler,
            library,
            define,
            names: Vec::new(),
            slots_used: 0,
            slots_max: 0,
            sorted: None,
            depth: 0,
        }
    }

    /// How many slots the frame needs.
    pub fn slots(&self) -> u32 {
        self.slots_max
    }

    /// A slot for a name, from here to the end of the scope.
    pub fn declare(&mut self, name: &str) -> u32 {
        let slot = self.slot();
        self.names.push((name.into(), slot));
        slot
    }

    /// A slot without a name.
    pub fn slot(&mut self) -> u32 {
        let slot = self.slots_used;
        self.slots_used += 1;
        self.slots_max = self.slots_max.max(self.slots_used);
        slot
    }

    /// The slot of a name.
    pub fn named(&self, name: &str) -> Option<u32> {
        let mut names = self.names.iter().rev();
        names
            .find(|(known, _)| **known == *name)
            .map(|(_, slot)| *slot)
    }

    pub fn names_in_scope(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| &**name)
    }

    /// Compiles something in a scope of its own: its names and slots end with it.
    pub fn scope<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let (names, slots) = (self.names.len(), self.slots_used);
        let done = work(self);
        self.names.truncate(names);
        self.slots_used = slots;
        done
    }

    /// The number of a node's place.
    pub fn place(&mut self, node: &Node) -> u32 {
        let place = place_of(node, &self.title(), "");
        let place = crate::program::ElmPlace {
            define: self.define.clone(),
            ..place
        };
        let number = u32::try_from(self.compiler.places.len()).unwrap_or(u32::MAX);
        self.compiler.places.push(place);
        number
    }

    fn title(&self) -> Arc<str> {
        let linked = self.compiler.libraries.get(self.library);
        linked
            .map(|linked| linked.title.clone())
            .unwrap_or_default()
    }

    /// Notes that something is wrong, and goes on with null in its place.
    pub fn report(&mut self, node: &Node, problem: ProgramProblem) -> ExpressionKind {
        let place = place_of(node, &self.title(), &self.define);
        self.compiler.errors.push(ProgramError { problem, place });
        ExpressionKind::Null
    }

    pub fn malformed(&mut self, node: &Node, field: &'static str) -> ExpressionKind {
        let kind = node.kind().name();
        self.report(node, ProgramProblem::Malformed { kind, field })
    }

    /// The expression in a field that must be there.
    pub fn field(&mut self, node: &'l Node, field: &'static str) -> Expression {
        match node.node(field) {
            Some(found) => self.expression(found),
            None => {
                let kind = self.malformed(node, field);
                self.step(node, kind)
            }
        }
    }

    /// The expression in a field that may not be there: null then.
    pub fn field_or_null(&mut self, node: &'l Node, field: &str) -> Expression {
        match node.node(field) {
            Some(found) => self.expression(found),
            None => self.step(node, ExpressionKind::Null),
        }
    }

    /// The expression in a field, if it is there.
    pub fn optional(&mut self, node: &'l Node, field: &str) -> Option<Expression> {
        node.node(field).map(|found| self.expression(found))
    }

    pub fn step(&mut self, node: &Node, kind: ExpressionKind) -> Expression {
        Expression {
            place: self.place(node),
            kind,
        }
    }

    /// Compiles an expression.
    pub fn expression(&mut self, node: &'l Node) -> Expression {
        if self.depth == DEPTH_MAX {
            let problem = ProgramProblem::TooDeep {
                depth_max: DEPTH_MAX,
            };
            let kind = self.report(node, problem);
            return self.step(node, kind);
        }
        self.depth += 1;
        let kind = deeper(|| self.kind(node));
        self.depth -= 1;
        self.step(node, kind)
    }

    fn kind(&mut self, node: &'l Node) -> ExpressionKind {
        match node.kind() {
            Kind::Null => ExpressionKind::Null,
            Kind::Literal
            | Kind::Quantity
            | Kind::Ratio
            | Kind::Code
            | Kind::Concept
            | Kind::CodeRef
            | Kind::ConceptRef
            | Kind::MinValue
            | Kind::MaxValue => self.literal(node),
            Kind::Negate => self.negate(node),
            Kind::ExpressionRef
            | Kind::FunctionRef
            | Kind::ParameterRef
            | Kind::OperandRef
            | Kind::AliasRef
            | Kind::QueryLetRef
            | Kind::IterationRef
            | Kind::IdentifierRef
            | Kind::Current
            | Kind::Iteration
            | Kind::Total
            | Kind::ValueSetRef
            | Kind::CodeSystemRef
            | Kind::InValueSet
            | Kind::AnyInValueSet
            | Kind::InCodeSystem
            | Kind::AnyInCodeSystem
            | Kind::ExpandValueSet => self.reference(node),
            Kind::Property => self.property(node),
            Kind::Query => self.query(node),
            Kind::Retrieve => self.retrieve(node),
            Kind::If => {
                let condition = self.field(node, "condition");
                let then = self.field(node, "then");
                let otherwise = self.field_or_null(node, "else");
                ExpressionKind::If(Box::new([condition, then, otherwise]))
            }
            Kind::Case => self.case(node),
            Kind::And => self
                .two(node)
                .map_or(ExpressionKind::Null, ExpressionKind::And),
            Kind::Or => self
                .two(node)
                .map_or(ExpressionKind::Null, ExpressionKind::Or),
            Kind::Implies => {
                let two = self.two(node);
                two.map_or(ExpressionKind::Null, ExpressionKind::Implies)
            }
            Kind::Coalesce => ExpressionKind::Coalesce(self.all(node, "operand")),
            Kind::Is | Kind::As | Kind::Convert | Kind::CanConvert => self.type_operator(node),
            Kind::Tuple | Kind::Instance | Kind::Interval | Kind::List => self.selector(node),
            Kind::Filter
            | Kind::ForEach
            | Kind::Repeat
            | Kind::Sort
            | Kind::Aggregate
            | Kind::Children
            | Kind::Descendents => self.list_operator(node),
            Kind::Message => {
                let fields = ["source", "condition", "code", "severity", "message"];
                let operands = fields.map(|field| self.field_or_null(node, field));
                ExpressionKind::Message(Box::new(operands))
            }
            _ => self.operator(node),
        }
    }

    /// The expressions in a list.
    pub fn all(&mut self, node: &'l Node, field: &str) -> Box<[Expression]> {
        node.nodes(field).map(|one| self.expression(one)).collect()
    }

    /// The two operands.
    pub fn two(&mut self, node: &'l Node) -> Option<Box<[Expression; 2]>> {
        let operands: Vec<&Node> = node.operands().collect();
        let [left, right] = operands.as_slice() else {
            self.malformed(node, "operand");
            return None;
        };
        Some(Box::new(
            [left, right].map(|operand| self.expression(operand)),
        ))
    }

    pub fn precision(&mut self, node: &Node) -> Option<Precision> {
        let text = node.text("precision")?;
        let word = text.to_ascii_lowercase();
        let found = word.parse().ok();
        if found.is_none() {
            self.malformed(node, "precision");
        }
        found
    }

    /// The type in a field or in the specifier beside it.
    pub fn ty(&mut self, node: &Node, field: &'static str) -> Type {
        let found = Type::in_fields(node, field, self.compiler.models);
        match found {
            Ok(Some(ty)) => ty,
            Ok(None) => {
                self.malformed(node, field);
                Type::Any
            }
            Err(UnknownType { name }) => {
                self.report(node, ProgramProblem::UnknownType { name });
                Type::Any
            }
        }
    }

    fn case(&mut self, node: &'l Node) -> ExpressionKind {
        let comparand = self.optional(node, "comparand");
        let items = node.nodes("caseItem").map(|item| {
            let when = self.field(item, "when");
            (when, self.field(item, "then"))
        });
        let items = items.collect();
        ExpressionKind::Case(Box::new(Case {
            comparand,
            items,
            otherwise: self.optional(node, "else"),
        }))
    }

    fn property(&mut self, node: &'l Node) -> ExpressionKind {
        let Some(path) = node.text("path").and_then(Path::parse) else {
            return self.malformed(node, "path");
        };
        let source = match (node.node("source"), node.text("scope")) {
            (Some(source), _) => self.expression(source),
            (None, Some(scope)) => match self.named(scope) {
                Some(slot) => self.step(node, ExpressionKind::Local(slot)),
                None => {
                    let kind = self.unknown_name(node, "alias", scope);
                    return kind;
                }
            },
            // In a `sort`, a path alone is one of the item.
            (None, None) => match self.sorted {
                Some(slot) => self.step(node, ExpressionKind::Local(slot)),
                None => return self.malformed(node, "source"),
            },
        };
        ExpressionKind::Property(Box::new(Property { source, path }))
    }

    fn type_operator(&mut self, node: &'l Node) -> ExpressionKind {
        let operand = self.field(node, "operand");
        match node.kind() {
            Kind::Is => {
                let ty = self.ty(node, "isType");
                ExpressionKind::Is(Box::new((operand, ty)))
            }
            Kind::As => {
                let ty = self.ty(node, "asType");
                ExpressionKind::As(Box::new(Cast {
                    operand,
                    ty,
                    strict: node.boolean("strict") == Some(true),
                }))
            }
            kind => {
                let ty = self.ty(node, "toType");
                let operator = conversion(&ty);
                let conversion = Box::new(Conversion {
                    operand,
                    ty,
                    operator,
                });
                match kind {
                    Kind::CanConvert => ExpressionKind::CanConvert(conversion),
                    _ => ExpressionKind::Convert(conversion),
                }
            }
        }
    }
}

/// The operator that converts to a type.
fn conversion(ty: &Type) -> Option<Unary> {
    let Type::System(ty) = ty else {
        return None;
    };
    let kind = match ty {
        SystemType::Boolean => Kind::ToBoolean,
        SystemType::Integer => Kind::ToInteger,
        SystemType::Long => Kind::ToLong,
        SystemType::Decimal => Kind::ToDecimal,
        SystemType::String => Kind::ToString,
        SystemType::Date => Kind::ToDate,
        SystemType::DateTime => Kind::ToDateTime,
        SystemType::Time => Kind::ToTime,
        SystemType::Quantity => Kind::ToQuantity,
        SystemType::Ratio => Kind::ToRatio,
        SystemType::Concept => Kind::ToConcept,
        SystemType::Code
        | SystemType::Vocabulary
        | SystemType::ValueSet
        | SystemType::CodeSystem => {
            return None;
        }
    };
    Unary::of(kind)
}
