//! Parameters, contexts, definitions and functions (Author's Guide §2, Developer's Guide §1).

use std::rc::Rc;

use super::access;
use super::order::Order;
use crate::elm::{Kind, Node};
use crate::model::{ModelError, Spec};
use crate::resolve::names::{Definition, Head, NameMistake, Scopes, State, What, is_unfiltered};
use crate::resolve::signature::Signature;
use crate::resolve::translator::Translator;
use crate::resolve::typed::{Typed, list_of, system};
use crate::syntax::{self, Expr, Function, Item, ItemKind, Name, QualifiedName, TypeSpecifier};

/// The statements of a library in ELM, in the order in which they were made: each after those that it needs.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Statements {
    pub parameters: Vec<Node>,
    pub contexts: Vec<Node>,
    pub statements: Vec<Node>,
}

impl<'t> Translator<'t> {
    /// Takes up the names of all definitions, whose contexts are those of the text.
    pub(super) fn define_names(&mut self, tree: &'t syntax::Library) {
        let mut context: Rc<str> = "Unfiltered".into();
        let mut includes = 0;
        for item in &tree.items {
            let what = match &item.kind {
                ItemKind::Using { .. } => What::Using,
                ItemKind::Include { .. } => {
                    includes += 1;
                    What::Include(includes - 1)
                }
                ItemKind::CodeSystem { .. } => What::CodeSystem,
                ItemKind::ValueSet { .. } => What::ValueSet,
                ItemKind::Code { .. } => What::Code,
                ItemKind::Concept { .. } => What::Concept,
                ItemKind::Parameter { .. } => What::Parameter,
                ItemKind::Define { .. } => What::Expression,
                ItemKind::Context(name) => {
                    context = name.name().into();
                    self.define_context(item, name);
                    continue;
                }
                ItemKind::Function(function) => match self.head(function) {
                    Some(head) => What::Function(head),
                    None => continue,
                },
                ItemKind::Error => continue,
            };
            if let Some(name) = item.kind.name() {
                self.define_name(name, what, item, &context);
            }
        }
        self.settle_terms();
    }

    fn define_name(&mut self, name: &'t Name, what: What, item: &'t Item, context: &Rc<str>) {
        let taken = match &what {
            What::Function(head) => self.is_overload_taken(&name.text, &head.signature.operands),
            _ => None,
        };
        // Of two functions that take the same, the first counts.
        let before = taken.or_else(|| {
            self.names.define(Definition {
                name,
                what,
                item,
                context: Rc::clone(context),
                state: State::Waiting,
            })
        });
        if let Some(before) = before.and_then(|at| self.names.get(at)) {
            let (line, _) = before.name.span.line_column(self.text);
            let name_text = name.text.clone();
            self.refuse::<()>(
                NameMistake::Duplicate {
                    name: name_text,
                    line,
                },
                name.span,
            );
        }
    }

    /// What a context is about, which the library can name: `Patient`.
    fn define_context(&mut self, item: &'t Item, context: &'t QualifiedName) {
        let Some(name) = context.parts.last() else {
            return;
        };
        if is_unfiltered(&name.text) {
            return;
        }
        let Some(ty) = self.context_type(context) else {
            return;
        };
        if self.names.named(&name.text).is_some() {
            return;
        }
        self.names.define(Definition {
            name,
            what: What::Context,
            item,
            context: (&*name.text).into(),
            state: State::Done(ty),
        });
    }

    /// The type of what a context is about. Without a model it is any.
    fn context_type(&mut self, context: &QualifiedName) -> Option<Spec> {
        let Some(first) = self.names.default_model().map(str::to_owned) else {
            return Some(system("Any"));
        };
        let qualifier = context.qualifiers().first();
        let named = qualifier.and_then(|model| self.names.model(&model.text));
        let model = named.map_or(first, str::to_owned);
        match self.models.context(&model, context.name()) {
            Ok(found) => Some(found.ty.clone()),
            Err(error @ ModelError::UnknownContext { .. }) => {
                let others = self.names.usings.iter();
                let mut others = others
                    .filter_map(|using| self.models.context(&using.model, context.name()).ok());
                match others.next() {
                    Some(found) => Some(found.ty.clone()),
                    None => self.refuse(error, context.span()),
                }
            }
            Err(error) => self.refuse(error, context.span()),
        }
    }

    fn head(&mut self, function: &'t Function) -> Option<Head> {
        let operands = function.operands.iter();
        let operands: Vec<_> = operands.map(|one| self.type_of(&one.ty)).collect();
        Some(Head {
            signature: Signature {
                operands: operands.into_iter().collect::<Option<_>>()?,
                result: system("Any"),
            },
            fluent: function.fluent,
        })
    }

    /// Translates all statements.
    pub(super) fn statements(&mut self, tree: &'t syntax::Library) -> Statements {
        let mut order = Order::default();
        let mut at = 0;
        for item in &tree.items {
            // Definitions stand in the order of the text, but those that could not be taken up.
            let here = self
                .names
                .get(at)
                .is_some_and(|one| std::ptr::eq(one.item, item));
            if let ItemKind::Context(name) = &item.kind {
                self.context(item, name, here);
            } else if here {
                for next in order.upto(&self.names, at) {
                    if self
                        .names
                        .get(next)
                        .is_some_and(|one| one.state == State::Waiting)
                    {
                        self.translate_definition(next);
                    }
                }
            }
            at += usize::from(here);
        }
        std::mem::take(&mut self.made)
    }

    /// `context Patient`, and what it is about: the one patient of the data.
    fn context(&mut self, item: &Item, name: &QualifiedName, is_first: bool) {
        let mut node = Node::part(Kind::ContextDef).with("name", name.name());
        self.mark_place(&mut node, item.span);
        self.made.contexts.push(node);
        let own = self
            .names
            .named(name.name())
            .and_then(|at| self.names.get(at));
        let Some((What::Context, State::Done(ty))) = own.map(|one| (&one.what, &one.state)) else {
            return;
        };
        if !is_first {
            return;
        }
        let ty = ty.clone();
        let mut def = Node::part(Kind::ExpressionDef)
            .with("name", name.name())
            .with("context", name.name());
        let mut expression = match ty.name().and_then(|ty| self.models.find(ty)) {
            Some(class) if class.is_retrievable() => {
                let mut retrieve = Node::new(Kind::Retrieve);
                if let Some(ty) = ty.name() {
                    retrieve.set("dataType", self.type_name(ty));
                }
                if let Some(identifier) = class.identifier() {
                    retrieve.set("templateId", identifier);
                }
                self.mark_type(&mut retrieve, &list_of(ty.clone()));
                Node::new(Kind::SingletonFrom).with("operand", retrieve)
            }
            _ => Node::new(Kind::Null),
        };
        self.mark_type(&mut expression, &ty);
        self.mark(&mut def, &ty, item.span);
        def.set("expression", expression);
        self.made.statements.push(def);
    }

    /// Translates a statement: a parameter, a definition or a function.
    pub fn translate_definition(&mut self, at: usize) {
        let Some(definition) = self.names.get(at) else {
            return;
        };
        let (item, context) = (definition.item, Rc::clone(&definition.context));
        let outer_scopes = std::mem::take(&mut self.names.scopes);
        let outer_context = std::mem::replace(&mut self.names.context, context);
        let outer_constant = std::mem::take(&mut self.names.constant);
        self.names.set_state(at, State::Open);
        self.names.open.push(at);
        let ty = match &item.kind {
            ItemKind::Define { name, expr } => self.define(item, name, expr),
            ItemKind::Parameter { name, ty, default } => {
                self.parameter(item, name, ty.as_ref(), default.as_ref())
            }
            ItemKind::Function(function) => self.function(at, item, function),
            _ => None,
        };
        self.names.open.pop();
        self.names
            .set_state(at, ty.map_or(State::Failed, State::Done));
        self.names.constant = outer_constant;
        self.names.context = outer_context;
        self.names.scopes = outer_scopes;
    }

    fn define(&mut self, item: &Item, name: &Name, expr: &Expr) -> Option<Spec> {
        let mut def = Node::part(Kind::ExpressionDef)
            .with("name", &*name.text)
            .with("context", &*self.names.context)
            .with("accessLevel", access(item.access));
        let from = self.places.len();
        let typed = self.expression(expr);
        let ty = self.finish(&mut def, item, typed, from);
        self.made.statements.push(def);
        ty
    }

    /// Gives a definition its expression.
    fn finish(
        &mut self,
        def: &mut Node,
        item: &Item,
        typed: Option<Typed>,
        from: usize,
    ) -> Option<Spec> {
        match typed {
            Some(typed) => {
                self.mark(def, &typed.ty, item.span);
                self.annotate(def, item, from);
                def.set("expression", typed.node);
                Some(typed.ty)
            }
            None => {
                self.mark_place(def, item.span);
                self.annotate(def, item, from);
                None
            }
        }
    }

    fn parameter(
        &mut self,
        item: &Item,
        name: &Name,
        written: Option<&TypeSpecifier>,
        default: Option<&Expr>,
    ) -> Option<Spec> {
        let mut def = Node::part(Kind::ParameterDef)
            .with("name", &*name.text)
            .with("accessLevel", access(item.access));
        let from = self.places.len();
        self.names.constant = true;
        let value = default.map(|default| (self.expression(default), default.span));
        let said = written.map(|ty| (self.type_of(ty), ty.span));
        let ty = match (said, value) {
            (Some((ty, span)), value) => {
                let ty = ty?;
                let mut specifier = self.type_specifier(&ty);
                self.mark_specifier(&mut specifier, &ty, span);
                if let Some((value, span)) = value {
                    let value = self.convert(value?, &ty, span)?;
                    def.set("default", value.node);
                }
                def.set("parameterTypeSpecifier", specifier);
                ty
            }
            (None, Some((value, _))) => {
                let value = value?;
                def.set("default", value.node);
                value.ty
            }
            (None, None) => {
                let name_text = name.text.clone();
                return self.refuse(NameMistake::UntypedParameter { name: name_text }, name.span);
            }
        };
        self.mark(&mut def, &ty, item.span);
        self.annotate(&mut def, item, from);
        self.made.parameters.push(def);
        Some(ty)
    }

    fn function(&mut self, at: usize, item: &Item, function: &Function) -> Option<Spec> {
        let What::Function(head) = &self.names.get(at)?.what else {
            return None;
        };
        let types = head.signature.operands.clone();
        let mut def = Node::new(Kind::FunctionDef)
            .with("name", &*function.name.text)
            .with("context", &*self.names.context)
            .with("accessLevel", access(item.access));
        if function.fluent {
            def.set("fluent", true);
        }
        let from = self.places.len();
        let said = function
            .returns
            .as_ref()
            .map(|ty| (self.type_of(ty), ty.span));
        let mut operands = Vec::new();
        for (operand, ty) in function.operands.iter().zip(&types) {
            self.warn_hiding("operand", &operand.name);
            self.names
                .scopes
                .add_operand(&operand.name.text, ty.clone());
            let mut specifier = self.type_specifier(ty);
            self.mark_specifier(&mut specifier, ty, operand.ty.span);
            let node = Node::part(Kind::OperandDef)
                .with("name", &*operand.name.text)
                .with("operandTypeSpecifier", specifier);
            operands.push(node);
        }
        let ty = match &function.body {
            Some(body) => {
                let typed = self.expression(body);
                let typed = self.as_said(function, typed, said);
                self.finish(&mut def, item, typed, from)
            }
            None => self.external(&mut def, item, function, said, from),
        };
        self.names.scopes = Scopes::default();
        def.set("operand", operands);
        self.made.statements.push(def);
        ty
    }

    /// The body of a function as what the function says that it returns.
    fn as_said(
        &mut self,
        function: &Function,
        body: Option<Typed>,
        said: Option<(Option<Spec>, syntax::Span)>,
    ) -> Option<Typed> {
        let Some((said, span)) = said else {
            return body;
        };
        let (body, said) = (body?, said?);
        if self.models.is_kind_of(&body.ty, &said) {
            return Some(body);
        }
        if self.conversions.usable(&body.ty, &said).is_some() {
            return self.convert(body, &said, span);
        }
        let (name, given) = (function.name.text.clone(), body.ty);
        self.refuse(NameMistake::Returns { name, said, given }, span)
    }

    fn external(
        &mut self,
        def: &mut Node,
        item: &Item,
        function: &Function,
        said: Option<(Option<Spec>, syntax::Span)>,
        from: usize,
    ) -> Option<Spec> {
        def.set("external", true);
        let Some((said, _)) = said else {
            let name = function.name.text.clone();
            return self.refuse(NameMistake::UntypedExternal { name }, function.name.span);
        };
        let ty = said?;
        self.mark(def, &ty, item.span);
        self.annotate(def, item, from);
        Some(ty)
    }
}
