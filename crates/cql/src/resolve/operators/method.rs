//! Functions of the system that are called on their first operand, as FHIRPath has them: `list.where(…)`,
//! `text.length()` (Developer's Guide, Appendix I).

use super::super::problem::TypeMistake;
use super::super::translator::Translator;
use super::super::typed::{Typed, choice_of, list_of, system};
use crate::elm::{Kind, Node};
use crate::model::{Class, Spec};
use crate::syntax::{Expr, ExprKind, Literal, Name, Span, TypeKind, TypeSpecifier};

/// The alias of the query that a method is.
const THIS: &str = "$this";
/// The name of the result in the query that `select` is.
const RESULT: &str = "$a";

/// The methods that are an operator on what they are called on and their arguments.
const OPERATORS: &[(&str, Kind)] = &[
    ("abs", Kind::Abs),
    ("allTrue", Kind::AllTrue),
    ("anyTrue", Kind::AnyTrue),
    ("ceiling", Kind::Ceiling),
    ("convertsToBoolean", Kind::ConvertsToBoolean),
    ("convertsToDate", Kind::ConvertsToDate),
    ("convertsToDateTime", Kind::ConvertsToDateTime),
    ("convertsToDecimal", Kind::ConvertsToDecimal),
    ("convertsToInteger", Kind::ConvertsToInteger),
    ("convertsToQuantity", Kind::ConvertsToQuantity),
    ("convertsToString", Kind::ConvertsToString),
    ("convertsToTime", Kind::ConvertsToTime),
    ("count", Kind::Count),
    ("distinct", Kind::Distinct),
    ("endsWith", Kind::EndsWith),
    ("exclude", Kind::Except),
    ("exp", Kind::Exp),
    ("first", Kind::First),
    ("floor", Kind::Floor),
    ("intersect", Kind::Intersect),
    ("last", Kind::Last),
    ("length", Kind::Length),
    ("ln", Kind::Ln),
    ("log", Kind::Log),
    ("lower", Kind::Lower),
    ("matches", Kind::Matches),
    ("not", Kind::Not),
    ("power", Kind::Power),
    ("replaceMatches", Kind::ReplaceMatches),
    ("round", Kind::Round),
    ("single", Kind::SingletonFrom),
    ("startsWith", Kind::StartsWith),
    ("subsetOf", Kind::IncludedIn),
    ("substring", Kind::Substring),
    ("subsumedBy", Kind::SubsumedBy),
    ("subsumes", Kind::Subsumes),
    ("supersetOf", Kind::Includes),
    ("toBoolean", Kind::ToBoolean),
    ("toChars", Kind::ToChars),
    ("toDate", Kind::ToDate),
    ("toDateTime", Kind::ToDateTime),
    ("toDecimal", Kind::ToDecimal),
    ("toInteger", Kind::ToInteger),
    ("toQuantity", Kind::ToQuantity),
    ("toString", Kind::ToString),
    ("toTime", Kind::ToTime),
    ("truncate", Kind::Truncate),
    ("union", Kind::Union),
    ("upper", Kind::Upper),
];

/// The other methods of the system.
const OTHERS: [&str; 25] = [
    "all",
    "as",
    "children",
    "combine",
    "contains",
    "descendants",
    "descendents",
    "empty",
    "exists",
    "hasValue",
    "iif",
    "indexOf",
    "is",
    "lastIndexOf",
    "memberOf",
    "ofType",
    "repeat",
    "select",
    "skip",
    "sqrt",
    "tail",
    "take",
    "trace",
    "where",
    "toLong",
];

/// The names of the methods of the system, for suggestions.
pub(in super::super) fn system_methods() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|(name, _)| *name).chain(OTHERS)
}

impl Translator<'_> {
    /// A function called on its first operand, `on.name(…)`: one of the system, or a fluent function that is defined.
    pub fn method(
        &mut self,
        on: &Expr,
        name: &Name,
        arguments: &[Expr],
        span: Span,
    ) -> Option<Typed> {
        let on = self.expression(on);
        match &*name.text {
            "where" | "all" | "select" | "repeat" => {
                let [criterion] = arguments else {
                    self.arguments(arguments);
                    return self.wrong_number(name, 1, arguments.len());
                };
                self.method_of_items(on?, &name.text, criterion, span)
            }
            "exists" if !arguments.is_empty() => {
                let [criterion] = arguments else {
                    self.arguments(arguments);
                    return self.wrong_number(name, 1, arguments.len());
                };
                let found = self.method_of_items(on?, "where", criterion, span)?;
                self.apply(Kind::Exists, "exists", vec![found], span)
            }
            "is" | "as" | "ofType" => {
                let [ty] = arguments else {
                    return self.wrong_number(name, 1, arguments.len());
                };
                let ty = self.type_argument(ty);
                self.method_of_type(on?, &name.text, ty?, span)
            }
            _ => {
                let arguments = self.arguments(arguments);
                self.method_of_values(on?, name, arguments?, span)
            }
        }
    }

    fn wrong_number<T>(&mut self, name: &Name, wanted: usize, operands: usize) -> Option<T> {
        let written = name.text.clone();
        let mistake = TypeMistake::Arguments {
            written,
            wanted,
            operands,
        };
        self.refuse(mistake, name.span)
    }

    /// Methods whose argument is looked at for each item: `where`, `all`, `select`, `repeat`.
    fn method_of_items(
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

    /// `on.all(criterion)`: the criterion holds for each item. What the reference writes, `true` for each item for which
    /// it holds, is true of every list; so this looks for one for which it does not.
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
    fn type_argument(&mut self, argument: &Expr) -> Option<Spec> {
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

    fn method_of_type(&mut self, on: Typed, name: &str, ty: Spec, span: Span) -> Option<Typed> {
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

    /// Methods whose arguments are values.
    fn method_of_values(
        &mut self,
        on: Typed,
        name: &Name,
        mut arguments: Vec<Typed>,
        span: Span,
    ) -> Option<Typed> {
        let written = &*name.text;
        if let Some((_, kind)) = OPERATORS.iter().find(|(method, _)| *method == written) {
            arguments.insert(0, on);
            return self.apply(*kind, written, arguments, span);
        }
        match (written, arguments.len()) {
            ("exists", 0) => self.apply(Kind::Exists, written, vec![on], span),
            ("empty", 0) => {
                let exists = self.apply(Kind::Exists, written, vec![on], span)?;
                self.apply(Kind::Not, written, vec![exists], span)
            }
            ("hasValue", 0) => {
                let is_null = self.apply(Kind::IsNull, written, vec![on], span)?;
                self.apply(Kind::Not, written, vec![is_null], span)
            }
            ("sqrt", 0) => {
                let half = self.value("Decimal", "0.5");
                self.apply(Kind::Power, written, vec![on, half], span)
            }
            ("toLong", 0) => self.apply(Kind::ToLong, written, vec![on], span),
            ("children", 0) => Some(self.parts(Kind::Children, on)),
            ("descendants" | "descendents", 0) => Some(self.parts(Kind::Descendents, on)),
            ("skip" | "take", 1) | ("tail", 0) => {
                arguments.insert(0, on);
                let function = match written {
                    "skip" => "Skip",
                    "take" => "Take",
                    _ => "Tail",
                };
                self.slice(function, arguments, span)
            }
            ("iif", 1 | 2) => self.iif(on, arguments, span),
            (_, 1) => match arguments.pop() {
                Some(argument) => self.method_of_one(on, name, argument, span),
                None => None,
            },
            _ => self.method_of_library(on, name, arguments),
        }
    }

    /// Methods with one value as argument.
    fn method_of_one(
        &mut self,
        on: Typed,
        name: &Name,
        argument: Typed,
        span: Span,
    ) -> Option<Typed> {
        let written = &*name.text;
        match written {
            "combine" => {
                let item = self.common(&on.ty, &argument.ty);
                let items = [self.fit(on, &item, span), self.fit(argument, &item, span)];
                let items: Vec<Node> = items
                    .into_iter()
                    .map(|item| item.map(|item| item.node))
                    .collect::<Option<_>>()?;
                let list = Node::new(Kind::List).with("element", items);
                let list = Typed::new(list, list_of(item));
                self.apply(Kind::Flatten, written, vec![list], span)
            }
            "contains" => {
                let at = self.apply(Kind::PositionOf, written, vec![argument, on], span)?;
                let zero = self.value("Integer", "0");
                self.apply(Kind::GreaterOrEqual, written, vec![at, zero], span)
            }
            "indexOf" => self.apply(Kind::PositionOf, written, vec![argument, on], span),
            "lastIndexOf" => self.apply(Kind::LastPositionOf, written, vec![argument, on], span),
            "memberOf" => self.in_terminology_of(on, argument, span),
            "trace" => {
                let operands = vec![
                    on,
                    self.value("Boolean", "true"),
                    self.value("String", "TRACE"),
                    self.value("String", "Trace"),
                    argument,
                ];
                self.apply(Kind::Message, written, operands, span)
            }
            _ => self.method_of_library(on, name, vec![argument]),
        }
    }

    /// A fluent function that a library defines.
    fn method_of_library(
        &mut self,
        on: Typed,
        name: &Name,
        mut arguments: Vec<Typed>,
    ) -> Option<Typed> {
        arguments.insert(0, on);
        match self.defined_function(None, name, &arguments, true) {
            Some(result) => result,
            None => self.unknown_function(name, true),
        }
    }

    /// `condition.iif(then, otherwise)`
    fn iif(&mut self, on: Typed, arguments: Vec<Typed>, span: Span) -> Option<Typed> {
        let test = match on.ty {
            Spec::List(_) => self.apply(Kind::SingletonFrom, "iif", vec![on], span)?,
            _ => on,
        };
        let test = self.fit(test, &system("Boolean"), span)?;
        let mut arguments = arguments.into_iter();
        let then = arguments.next()?;
        let otherwise = arguments.next().unwrap_or_else(Typed::null);
        self.choose_between(test, then, otherwise, span)
    }

    /// `children()` and `descendants()`: the values of the elements, and of theirs.
    fn parts(&self, kind: Kind, on: Typed) -> Typed {
        let mut types = Vec::new();
        self.gather_parts(&on.ty, kind == Kind::Descendents, &mut types);
        let ty = list_of(choice_of(types));
        Typed::new(Node::new(kind).with("source", on.node), ty)
    }

    fn gather_parts(&self, of: &Spec, deep: bool, types: &mut Vec<Spec>) {
        let parts: Vec<Spec> = match of {
            Spec::Named(name) => match self.models.class_of(name) {
                Ok(class) if !class.is_simple() => self
                    .models
                    .lineage(class)
                    .flat_map(Class::elements)
                    .map(|element| element.ty().clone())
                    .collect(),
                _ => vec![system("Any")],
            },
            Spec::Tuple(elements) => elements.iter().map(|(_, ty)| ty.clone()).collect(),
            Spec::List(item) => vec![(**item).clone()],
            Spec::Interval(_) | Spec::Choice(_) => vec![system("Any")],
        };
        for part in parts {
            let part = match part {
                Spec::List(item) => *item,
                other => other,
            };
            if !types.contains(&part) {
                types.push(part.clone());
                if deep {
                    self.gather_parts(&part, deep, types);
                }
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
