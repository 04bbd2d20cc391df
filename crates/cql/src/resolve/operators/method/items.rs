//! Methods that go through items, and methods with a type as argument: each is a query whose items are `$this`.

use crate::elm::{Kind, Node};
use crate::model::Spec;
use crate::resolve::translator::Translator;
use crate::resolve::type_mistake::TypeMistake;
use crate::resolve::typed::{Typed, list_of, system};
use crate::syntax::{Expr, ExprKind, Literal, Name, Span, TypeKind, TypeSpecifier};

/// The alias of the query that a method is.
const THIS: &str = "$this";
/// The name of the result in the query that `select` is.
const RESULT: &str = "$a";

impl Translator<'_> {
    /// Methods whose argument is looked at for each item: `where`, `all`, `select`, `repeat`.
    pub(super) fn method_of_items(
        &mut self,
        on: Typed,
        name: &str,
        criterion: &Expr,
        span: Span,
    ) -> Option<Typed> {
        let item = match &on.ty {
            Spec::List(item) => (**item).clone(),
            other => other.clone(),
        };
        let translated = self.in_scope_of_this(item, |translator| translator.expression(criterion));
        let translated = translated?;
        match name {
            "where" => {
                let condition = self.fit(translated, &system("Boolean"), criterion.span)?;
                let ty = on.ty.clone();
                Some(Typed::new(query_of(on).with("where", condition.node), ty))
            }
            "all" => {
                let condition = self.fit(translated, &system("Boolean"), criterion.span)?;
                self.all(on, condition, span)
            }
            "select" => self.select(on, translated, span),
            _ => {
                let ty = match (&on.ty, translated.ty) {
                    (Spec::List(_), list @ Spec::List(_)) => list,
                    (_, item) => list_of(item),
                };
                let node = Node::new(Kind::Repeat)
                    .with("source", on.node)
                    .with("element", translated.node)
                    .with("scope", THIS);
                Some(Typed::new(node, ty))
            }
        }
    }

    /// `on.all(criterion)`: the criterion holds for each item. What the reference writes, `true` for each item for
    /// which it holds, is true of every list; so this looks for one for which it does not.
    fn all(&mut self, on: Typed, condition: Typed, span: Span) -> Option<Typed> {
        let is_list = matches!(on.ty, Spec::List(_));
        // `AllTrue` leaves nulls out; a criterion that is null does not hold.
        let condition = self.apply(Kind::IsTrue, "all", vec![condition], span)?;
        let ty = if is_list {
            list_of(system("Boolean"))
        } else {
            system("Boolean")
        };
        let result = Node::part(Kind::ReturnClause)
            .with("distinct", false)
            .with("expression", condition.node);
        let query = Typed::new(query_of(on).with("return", result), ty);
        if !is_list {
            return Some(query);
        }
        self.apply(Kind::AllTrue, "all", vec![query], span)
    }

    /// `on.select(result)`: the results that are not null; those that are lists, all in one.
    fn select(&mut self, on: Typed, result: Typed, span: Span) -> Option<Typed> {
        let is_list = matches!(on.ty, Spec::List(_));
        let is_flat = !matches!(result.ty, Spec::List(_));
        let mut of_result = Node::new(Kind::QueryLetRef).with("name", RESULT);
        self.mark_type(&mut of_result, &result.ty);
        let again = Typed::new(of_result.clone(), result.ty.clone());
        let is_null = self.apply(Kind::IsNull, "select", vec![again], span)?;
        let not_null = self.apply(Kind::Not, "select", vec![is_null], span)?;
        let ty = if is_list {
            list_of(result.ty)
        } else {
            result.ty
        };
        let binding = Node::part(Kind::LetClause)
            .with("identifier", RESULT)
            .with("expression", result.node);
        let node = query_of(on)
            .with("let", vec![binding])
            .with("where", not_null.node)
            .with(
                "return",
                Node::part(Kind::ReturnClause).with("expression", of_result),
            );
        let query = Typed::new(node, ty);
        if is_flat || !is_list {
            return Some(query);
        }
        self.apply(Kind::Flatten, "select", vec![query], span)
    }

    /// The type that is the argument of `is`, `as` and `ofType`: a name, or a text with one.
    pub(super) fn type_argument(&mut self, argument: &Expr) -> Option<Spec> {
        let mut parts = Vec::new();
        match &argument.kind {
            ExprKind::Literal(Literal::String(text)) => {
                parts.extend(text.split('.').map(|part| Name {
                    text: part.into(),
                    span: argument.span,
                }))
            }
            _ => {
                let mut at = argument;
                while let ExprKind::Member { on, name } = &at.kind {
                    parts.push(name.clone());
                    at = on;
                }
                match &at.kind {
                    ExprKind::Identifier(name) => parts.push(name.clone()),
                    _ => return self.refuse(TypeMistake::NoType, argument.span),
                }
                parts.reverse();
            }
        }
        self.type_of(&TypeSpecifier {
            kind: TypeKind::Named(parts),
            span: argument.span,
        })
    }

    pub(super) fn method_of_type(
        &mut self,
        on: Typed,
        name: &str,
        ty: Spec,
        span: Span,
    ) -> Option<Typed> {
        match name {
            "is" => Some(self.is_of(on.node, &ty)),
            "as" => {
                if !self.is_castable(&on.ty, &ty) {
                    let (given, wanted) = (on.ty, ty);
                    return self.refuse(TypeMistake::NeverA { given, wanted }, span);
                }
                Some(self.cast(on, &ty))
            }
            _ => {
                let item = match &on.ty {
                    Spec::List(item) => (**item).clone(),
                    other => other.clone(),
                };
                let mut this = Node::new(Kind::AliasRef).with("name", THIS);
                self.mark_type(&mut this, &item);
                let test = self.is_of(this, &ty);
                let result = on.ty.clone();
                Some(Typed::new(query_of(on).with("where", test.node), result))
            }
        }
    }
}

/// The query of this source alone, whose items are `$this`.
fn query_of(on: Typed) -> Node {
    let source = Node::part(Kind::AliasedQuerySource)
        .with("alias", THIS)
        .with("expression", on.node);
    Node::new(Kind::Query).with("source", vec![source])
}
