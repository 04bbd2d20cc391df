//! From words to the tree.
//!
//! Operators by precedence climbing, the rest by recursive descent. Where something is missing or too much there is a
//! diagnostic, and reading goes on at the next word that can be made sense of.

mod recovery;
mod term;

use super::error::SyntaxError;
use super::lexer;
use super::operator::{BinaryOperator, Binding, TypeOperator};
use super::token::{Token, TokenKind};
use super::tree::{Expr, ExprKind, Name, Span, TypeSpecifier};

/// How deep parentheses, arguments and signs may nest: each level takes several frames of the stack.
const NESTING_MAX: usize = 100;
/// No text has more mistakes worth reading than this.
const ERRORS_MAX: usize = 20;

/// An expression with what its parents need to know.
struct Node {
    expr: Expr,
    /// With the parentheses around it.
    span: Span,
    /// Levels of the tree below and with this one.
    height: usize,
}

/// What stands after an operand.
enum Operator {
    Binary(BinaryOperator),
    Type(TypeOperator),
}

pub(super) struct Parser<'t> {
    text: &'t str,
    /// The words; the last one is [`TokenKind::End`].
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
    errors: Vec<SyntaxError>,
    /// Whether a bound was passed, after which nothing more is said.
    gave_up: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Parser<'t> {
        let (tokens, errors) = lexer::words(text);
        Parser {
            text,
            tokens,
            at: 0,
            nesting: 0,
            errors,
            gave_up: false,
        }
    }

    /// The whole text as one expression, and all that is wrong with it in the order of the text.
    pub(super) fn parse(mut self) -> (Expr, Vec<SyntaxError>) {
        let mut whole = self.expression(None);
        while self.peek().kind != TokenKind::End {
            self.unexpected(
                "an operator or the end",
                "put a `.` or an operator before it, or take it away",
            );
            whole = self.after_unexpected(whole);
        }
        self.errors.sort_by_key(|error| error.span().start);
        self.errors.truncate(ERRORS_MAX);
        (whole.expr, self.errors)
    }

    /// Reads on after what does not belong there: a closing parenthesis too much is stepped over, and what starts an
    /// expression is read for its own mistakes.
    fn after_unexpected(&mut self, whole: Node) -> Node {
        match self.peek().kind {
            TokenKind::ParenClose
            | TokenKind::BracketClose
            | TokenKind::BraceClose
            | TokenKind::Bad => {
                self.next();
                self.operators(whole, None)
            }
            TokenKind::Comma => {
                self.next();
                self.expression(None);
                whole
            }
            _ => {
                let before = self.at;
                self.expression(None);
                if self.at == before {
                    self.next();
                }
                whole
            }
        }
    }

    /// An expression whose operators bind tighter than `above`.
    fn expression(&mut self, above: Option<Binding>) -> Node {
        if self.nesting == NESTING_MAX {
            return self.too_deep(self.peek().span);
        }
        self.nesting += 1;
        let first = self.operand();
        let node = self.operators(first, above);
        self.nesting -= 1;
        node
    }

    /// What follows an operand, as long as it binds tighter than `above`.
    fn operators(&mut self, mut left: Node, above: Option<Binding>) -> Node {
        loop {
            left = match (self.peek().kind, self.operator()) {
                (TokenKind::Dot, _) => self.invocation(left),
                (TokenKind::BracketOpen, _) => self.item(left),
                (_, Some(Operator::Type(operator))) if Some(Binding::Type) > above => {
                    self.type_test(left, operator)
                }
                (_, Some(Operator::Binary(operator))) if Some(operator.binding()) > above => {
                    self.binary(left, operator)
                }
                _ => return left,
            };
        }
    }

    fn operator(&self) -> Option<Operator> {
        let token = self.peek();
        let written = token.span.of(self.text);
        let operator = match token.kind {
            TokenKind::Word if written == "is" => return Some(Operator::Type(TypeOperator::Is)),
            TokenKind::Word if written == "as" => return Some(Operator::Type(TypeOperator::As)),
            TokenKind::Word => word_operator(written)?,
            kind => symbol_operator(kind)?,
        };
        Some(Operator::Binary(operator))
    }

    fn binary(&mut self, left: Node, operator: BinaryOperator) -> Node {
        self.next();
        let right = self.expression(Some(operator.binding()));
        let (span, height) = (left.span.to(right.span), left.height.max(right.height));
        let kind = ExprKind::Binary {
            operator,
            left: Box::new(left.expr),
            right: Box::new(right.expr),
        };
        self.node(kind, span, height)
    }

    fn type_test(&mut self, operand: Node, operator: TypeOperator) -> Node {
        self.next();
        let Some(ty) = self.type_specifier() else {
            self.unexpected(
                "a type",
                "write a type without parentheses: `is Quantity`, `as FHIR.Period`",
            );
            return self.error(operand.span);
        };
        let (span, height) = (operand.span.to(ty.span()), operand.height);
        let kind = ExprKind::TypeTest {
            operand: Box::new(operand.expr),
            operator,
            ty,
        };
        self.node(kind, span, height)
    }

    /// Names with dots between them; the last dot before a function is none of them.
    fn type_specifier(&mut self) -> Option<TypeSpecifier> {
        let mut name = self.name()?;
        let mut namespace = None;
        while self.peek().kind == TokenKind::Dot
            && self.peek_at(1).is_name()
            && self.peek_at(2).kind != TokenKind::ParenOpen
        {
            self.next();
            let Some(part) = self.name() else { break };
            name = match namespace {
                None => {
                    namespace = Some(name);
                    part
                }
                Some(_) => Name {
                    text: format!("{}.{}", name.text, part.text).into(),
                    span: name.span.to(part.span),
                },
            };
        }
        Some(TypeSpecifier { namespace, name })
    }

    /// `.name`, `.function(…)`, `.$this`.
    fn invocation(&mut self, on: Node) -> Node {
        let dot = self.next();
        match self.peek().kind {
            // The grammar lets `$this` follow a dot, where it is what it always is.
            TokenKind::This => self.leaf(ExprKind::This),
            TokenKind::Index => self.leaf(ExprKind::Index),
            TokenKind::Total => self.leaf(ExprKind::Total),
            _ => match self.name() {
                Some(name) => self.named(Some(on), name),
                None => {
                    self.unexpected("a name after `.`", "write an element or a function there");
                    if self.peek().kind == TokenKind::Number {
                        self.next();
                    }
                    self.error(on.span.to(dot.span))
                }
            },
        }
    }
}

fn word_operator(word: &str) -> Option<BinaryOperator> {
    Some(match word {
        "and" => BinaryOperator::And,
        "or" => BinaryOperator::Or,
        "xor" => BinaryOperator::Xor,
        "implies" => BinaryOperator::Implies,
        "in" => BinaryOperator::In,
        "contains" => BinaryOperator::Contains,
        "div" => BinaryOperator::DivideTruncated,
        "mod" => BinaryOperator::Modulo,
        _ => return None,
    })
}

fn symbol_operator(symbol: TokenKind) -> Option<BinaryOperator> {
    Some(match symbol {
        TokenKind::Star => BinaryOperator::Multiply,
        TokenKind::Slash => BinaryOperator::Divide,
        TokenKind::Plus => BinaryOperator::Add,
        TokenKind::Minus => BinaryOperator::Subtract,
        TokenKind::Ampersand => BinaryOperator::Concatenate,
        TokenKind::Bar => BinaryOperator::Union,
        TokenKind::LessOrEqual => BinaryOperator::LessOrEqual,
        TokenKind::Less => BinaryOperator::Less,
        TokenKind::Greater => BinaryOperator::Greater,
        TokenKind::GreaterOrEqual => BinaryOperator::GreaterOrEqual,
        TokenKind::Equal => BinaryOperator::Equal,
        TokenKind::NotEqual => BinaryOperator::NotEqual,
        TokenKind::Tilde => BinaryOperator::Equivalent,
        TokenKind::NotTilde => BinaryOperator::NotEquivalent,
        _ => return None,
    })
}
