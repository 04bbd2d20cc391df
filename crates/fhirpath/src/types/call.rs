//! Calls of functions, by their signatures.

use salus_base::suggest;

use super::checker::{Checker, any_resource, shown};
use super::count::Count;
use super::model;
use super::operators::{self, convertible};
use super::problem::TypeProblem;
use super::shape::{Shape, Type};
use crate::functions::{self, Argument, ArgumentKind, Returns, Signature, Types};
use crate::syntax::{Expr, ExprKind, Literal, Name, Span};

/// How often the projection of `repeat` is followed to new types. R4's structures close after three.
const REPEATS_MAX: usize = 8;

/// A call whose input is known.
struct Call<'e> {
    signature: &'static Signature,
    input: Shape,
    arguments: &'e [Expr],
    span: Span,
}

impl Checker<'_> {
    /// The shape of a call.
    pub(super) fn call(
        &mut self,
        on: Option<&Expr>,
        name: &Name,
        arguments: &[Expr],
        span: Span,
    ) -> Shape {
        let input = match on {
            Some(on) => self.expression(on),
            None => self.this.clone(),
        };
        let Some(signature) = functions::signature(&name.text) else {
            self.no_such_function(&input, name);
            return Shape::unknown();
        };
        let call = Call {
            signature,
            input,
            arguments,
            span,
        };
        if !signature.takes(arguments.len()) {
            self.error(TypeProblem::WrongArity {
                signature: signature.to_string(),
                count: arguments.len(),
                span,
            });
            return Shape::unknown();
        }
        self.input(&call, on.map_or(name.span, |on| on.span));
        let shapes = self.arguments(&call);
        self.returned(&call, &shapes)
    }

    fn no_such_function(&mut self, input: &Shape, name: &Name) {
        let is_element = |ty: &Type| model::member(*ty, &name.text).is_some();
        let known = functions::signatures().map(|(_, signature)| signature.name);
        let suggestion = match input.types().iter().any(is_element) {
            true => Some(&*name.text),
            false => suggest::closest(&name.text, known),
        };
        self.error(TypeProblem::NoSuchFunction {
            name: name.text.to_string(),
            suggestion: suggestion.map(str::to_owned),
            span: name.span,
        });
    }

    fn input(&mut self, call: &Call<'_>, span: Span) {
        let (input, signature) = (&call.input, call.signature);
        if GOES_BY_ORDER.contains(&signature.name) {
            self.ordered(input, &format!("`{}`", signature.name), call.span);
        }
        if signature.input.single {
            self.single(input, || format!("the input of `{}`", signature.name), span);
        }
        let allowed = signature.input.types;
        if !input.is_empty() && !input.system_types().meets(convertible(allowed)) {
            self.error(TypeProblem::WrongInput {
                function: signature.name.to_owned(),
                expected: allowed.to_string(),
                found: shown(input),
                span: call.span,
            });
        }
    }

    /// The shapes of the arguments; that of a type is what the function keeps of its input.
    fn arguments(&mut self, call: &Call<'_>) -> Vec<Shape> {
        let arguments = call.arguments.iter().enumerate();
        arguments
            .filter_map(|(nth, expr)| Some((call.signature.argument(nth)?, expr)))
            .map(|(argument, expr)| self.argument(call, argument, expr))
            .collect()
    }

    fn argument(&mut self, call: &Call<'_>, argument: &Argument, expr: &Expr) -> Shape {
        let shape = match argument.kind {
            ArgumentKind::Type => return self.type_argument(call, expr),
            ArgumentKind::Value => self.enclosed(expr),
            ArgumentKind::Lambda => self.lambda(call, expr),
            ArgumentKind::Branch => self.within(call.input.clone(), expr),
        };
        self.accepts(call.signature, argument, &shape, expr.span);
        shape
    }

    /// An expression with another `$this`.
    fn within(&mut self, this: Shape, expr: &Expr) -> Shape {
        let outer = (std::mem::replace(&mut self.this, this), self.is_lazy);
        self.is_lazy = true;
        let shape = self.enclosed(expr);
        (self.this, self.is_lazy) = outer;
        shape
    }

    /// An expression that is evaluated for each item.
    fn lambda(&mut self, call: &Call<'_>, expr: &Expr) -> Shape {
        let index = Shape::system(Types::INTEGER, Count::AT_MOST_ONE);
        let outer = std::mem::replace(&mut self.index, index);
        let shape = match (call.signature.name, &expr.kind) {
            ("aggregate", _) => self.aggregated(&call.input, expr),
            ("repeat" | "repeatAll", _) => self.repeated(&call.input, expr),
            // The sign of a key of `sort` is its direction, whatever its type.
            ("sort", ExprKind::Polarity { operand, .. }) => self.within(call.input.item(), operand),
            _ => self.within(call.input.item(), expr),
        };
        self.index = outer;
        shape
    }

    /// An expression that is evaluated for each item with its last result as `$total`, of which nothing is known.
    fn aggregated(&mut self, input: &Shape, expr: &Expr) -> Shape {
        let outer = std::mem::replace(&mut self.total, Shape::unknown());
        let shape = self.within(input.item(), expr);
        self.total = outer;
        shape
    }

    fn type_argument(&mut self, call: &Call<'_>, expr: &Expr) -> Shape {
        let Some(ty) = expr.as_type() else {
            self.error(TypeProblem::NotAType {
                function: call.signature.name.to_owned(),
                span: expr.span,
            });
            return Shape::unknown();
        };
        match call.signature.returns {
            Returns::OfType(_) => self.only(&call.input, &ty),
            _ if call.signature.name == "is" => self.is(&call.input, &ty),
            _ => {
                self.specifier(&ty);
                Shape::empty()
            }
        }
    }

    /// Says so if an argument is not what the function takes.
    fn accepts(&mut self, signature: &Signature, argument: &Argument, shape: &Shape, span: Span) {
        let what = || format!("the argument `{}` of `{}`", argument.name, signature.name);
        if argument.types == Types::BOOLEAN && argument.kind != ArgumentKind::Value {
            return self.condition(shape, what, span);
        }
        if argument.single {
            self.single(shape, what, span);
        }
        if !shape.is_empty() && !shape.system_types().meets(convertible(argument.types)) {
            self.error(TypeProblem::WrongArgument {
                function: signature.name.to_owned(),
                argument: argument.name,
                expected: argument.types.to_string(),
                found: shown(shape),
                span,
            });
        }
    }

    fn returned(&mut self, call: &Call<'_>, arguments: &[Shape]) -> Shape {
        let input = &call.input;
        let nth = |nth: usize| arguments.get(nth).cloned().unwrap_or_else(Shape::empty);
        if call.signature.name == "defineVariable" {
            self.define(call, arguments);
        }
        match call.signature.returns {
            Returns::One(types) => Shape::system(types, Count::AT_MOST_ONE),
            Returns::Many(types) => Shape::system(types, Count::MANY),
            Returns::Input => input.clone().with_count(input.count().or_fewer()),
            Returns::InputItem => item_of(call.signature, input),
            Returns::InputAnd(other) => {
                let other = nth(other);
                input.join(&other, input.count().and(other.count()))
            }
            // Without items it is what it starts with.
            Returns::Argument(of) if call.signature.name == "aggregate" => {
                let any = nth(of).either(&nth(of + 1));
                let count = any.count().or_fewer();
                any.with_count(count)
            }
            Returns::Argument(of) => {
                let each = nth(of);
                let count = input.count().each(each.count());
                each.with_count(count)
            }
            Returns::AnyArgument(first) => {
                let branches = arguments.iter().skip(first).cloned();
                let any = branches.reduce(|a, b| a.either(&b));
                let any = any.unwrap_or_else(Shape::empty);
                let count = any.count().or_fewer();
                any.with_count(count)
            }
            Returns::Repeated(of) => nth(of).with_count(Count::MANY),
            Returns::OfType(of) => nth(of),
            Returns::Children => children(input),
            Returns::Descendants => match input.is_empty() {
                true => Shape::empty(),
                false => Shape::unknown().unordered(),
            },
            Returns::Extensions => match salus_fhir::schema::r4().named("Extension") {
                Some(id) => Shape::of(Type::Fhir(id), Count::MANY),
                None => Shape::unknown(),
            },
            Returns::Resources => any_resource(input.count().or_fewer()),
            Returns::TypeInfo => Shape::of(Type::Information, input.count()),
        }
    }

    /// What a projection gives, and what it gives on that, until there are no new types.
    fn repeated(&mut self, input: &Shape, projection: &Expr) -> Shape {
        let mut on = input.clone().with_count(Count::MANY);
        for _ in 0..REPEATS_MAX {
            let next = self.silently(|checker| checker.within(on.item(), projection));
            let both = on.join(&next, Count::MANY);
            if both == on {
                break;
            }
            on = both;
        }
        self.within(on.item(), projection)
    }

    /// `defineVariable`: what it defines holds from here to the end of the path.
    fn define(&mut self, call: &Call<'_>, arguments: &[Shape]) {
        let name = call.arguments.first().map(|name| &name.kind);
        let Some(ExprKind::Literal(Literal::String(name))) = name else {
            self.defines_unknown = true;
            return;
        };
        let shape = arguments.get(1).unwrap_or(&call.input).clone();
        self.defined.push((name.as_ref().into(), shape));
    }
}

/// Functions that give something else when the items are in another order.
const GOES_BY_ORDER: [&str; 5] = ["first", "last", "tail", "skip", "take"];

/// One item of the input: of its System values, when the function works on values.
fn item_of(signature: &Signature, input: &Shape) -> Shape {
    let count = input.count().or_one().or_fewer();
    if signature.input.types == Types::ANY && !COMPARES.contains(&signature.name) {
        return input.item().with_count(count);
    }
    let values = input.as_system().with_count(count);
    match BOUNDARIES.contains(&signature.name) && !input.is_open() {
        true => Shape::system(operators::bounded(values.system_types()), count),
        false => values,
    }
}

/// Functions that compare the values of items of any type.
const COMPARES: [&str; 2] = ["min", "max"];

/// Functions that give the bound of an Integer as a Decimal.
const BOUNDARIES: [&str; 2] = ["lowBoundary", "highBoundary"];

fn children(input: &Shape) -> Shape {
    if input.is_open() {
        return Shape::unknown().unordered();
    }
    let of_each = input.types().iter().map(|ty| model::children(*ty));
    let all = of_each.reduce(|a, b| a.join(&b, Count::MANY));
    all.unwrap_or_else(Shape::empty).unordered()
}
