//! Retrieves and queries.

use super::{Ends, Parser};
use crate::syntax::operator::SortDirection;
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    Aggregate, CodeFilter, Comparator, Direction, Expr, ExprKind, Let, QualifiedName, Query,
    Relationship, Retrieve, Return, Sort, SortItem, Source, Span, TypeKind, TypeSpecifier,
};

const ALIAS_HELP: &str =
    "give the source a name, which the clauses can use: `[Encounter] E where …`";

impl Parser<'_> {
    /// `[context -> Type: path in terminology]`
    pub(super) fn retrieve(&mut self) -> Expr {
        let comments = self.take_comments();
        let open = self.next();
        let (context, ty) = self.retrieved();
        let codes = self.accept(TokenKind::Colon).then(|| self.code_filter());
        self.close(open, TokenKind::BracketClose);
        let retrieve = Retrieve { context, ty, codes };
        self.leaf(ExprKind::Retrieve(Box::new(retrieve)), open)
            .after(comments)
    }

    fn retrieved(&mut self) -> (Option<QualifiedName>, TypeSpecifier) {
        let start = self.peek();
        let kind = self.named_type();
        let first = TypeSpecifier {
            kind,
            span: self.since(start),
        };
        if !self.accept(TokenKind::Arrow) {
            return (None, first);
        }
        let context = match first.kind {
            TypeKind::Named(parts) => Some(QualifiedName { parts }),
            _ => None,
        };
        let start = self.peek();
        let kind = self.named_type();
        let span = self.since(start);
        (context, TypeSpecifier { kind, span })
    }

    fn code_filter(&mut self) -> CodeFilter {
        let path = self.at_code_path().then(|| self.code_path());
        CodeFilter {
            path,
            terminology: self.inner_expression(),
        }
    }

    /// Whether a path (`name`, `name.name`, `name[0].name`) comes next and then `in`, `=` or `~`.
    fn at_code_path(&self) -> bool {
        let mut ahead = 0;
        loop {
            let name = self.peek_at(ahead).kind;
            if !matches!(
                name,
                TokenKind::Word | TokenKind::Delimited | TokenKind::Keyword
            ) {
                return false;
            }
            ahead += 1;
            while self.peek_at(ahead).kind == TokenKind::BracketOpen
                && self.peek_at(ahead + 2).kind == TokenKind::BracketClose
            {
                ahead += 3;
            }
            match self.peek_at(ahead).kind {
                TokenKind::Dot => ahead += 1,
                TokenKind::Equal | TokenKind::Tilde => return true,
                _ => return self.word_at(ahead) == "in",
            }
        }
    }

    fn code_path(&mut self) -> (Expr, Comparator) {
        let first = self.primary();
        let path = self.invocations(first);
        let token = self.next();
        let comparator = match token.kind {
            TokenKind::Equal => Comparator::Equal,
            TokenKind::Tilde => Comparator::Equivalent,
            _ => Comparator::In,
        };
        (path, comparator)
    }

    /// The expression, or the query whose first source it is.
    pub(super) fn query_on(&mut self, source: Expr) -> Expr {
        if !self.at_alias() || !self.can_be_source(&source) {
            return source;
        }
        let start = source.span;
        let first = self.aliased(source);
        self.query(first, start, false)
    }

    /// Literals are no sources unless they are in parentheses; what could not be read is none.
    fn can_be_source(&self, source: &Expr) -> bool {
        let in_parentheses = self
            .before()
            .is_some_and(|before| before.kind == TokenKind::ParenClose);
        match &source.kind {
            ExprKind::Error => false,
            ExprKind::Literal(_) | ExprKind::Unary { .. } => in_parentheses,
            _ => true,
        }
    }

    fn at_alias(&self) -> bool {
        let after = self.word_at(1);
        match self.peek().kind {
            TokenKind::Delimited => true,
            TokenKind::Word => match self.word_at(0) {
                "on" => after != "or",
                "included" => after != "in",
                "less" | "more" => after != "than",
                "such" => after != "that",
                _ => true,
            },
            _ => false,
        }
    }

    /// `from source alias, …`
    pub(super) fn query_from(&mut self) -> Expr {
        let comments = self.take_comments();
        let from = self.next();
        let first = self.source();
        self.query(first, from.span, true).after(comments)
    }

    fn source(&mut self) -> Source {
        let expr = match self.peek().kind {
            TokenKind::BracketOpen => self.retrieve(),
            _ => {
                let first = self.primary();
                self.invocations(first)
            }
        };
        self.aliased(expr)
    }

    fn aliased(&mut self, expr: Expr) -> Source {
        let alias = match self.at_alias() {
            true => self.name(false),
            false => None,
        };
        let alias = alias.unwrap_or_else(|| self.expect_name("a name for the source", ALIAS_HELP));
        Source { expr, alias }
    }

    fn query(&mut self, first: Source, start: Span, from: bool) -> Expr {
        let mut sources = vec![first];
        while (from || !self.ends.at_comma) && self.accept(TokenKind::Comma) {
            sources.push(self.source());
        }
        let query = Query {
            sources,
            lets: self.lets(),
            relationships: self.relationships(),
            filter: self.accept_word("where").then(|| self.expression(None)),
            aggregate: self.aggregate(),
            result: self.result(),
            sort: self.sort(),
        };
        let span = self.before().map_or(start, |before| start.to(before.span));
        self.expr(ExprKind::Query(Box::new(query)), span)
    }

    fn lets(&mut self) -> Vec<Let> {
        let mut lets = Vec::new();
        if !self.accept_word("let") {
            return lets;
        }
        loop {
            let name = self.expect_name("the name of what `let` defines", "write `let name: …`");
            self.expect(TokenKind::Colon, "`:`", "write `let name: …`");
            let expr = self.item_expression();
            lets.push(Let { name, expr });
            if !self.accept(TokenKind::Comma) {
                return lets;
            }
        }
    }

    fn relationships(&mut self) -> Vec<Relationship> {
        let mut relationships = Vec::new();
        while matches!(self.word_at(0), "with" | "without") {
            let without = self.word_at(0) == "without";
            self.next();
            let source = self.source();
            if !self.accept_words(&["such", "that"]) {
                self.unexpected(
                    "`such that`",
                    "say how the two are related: `with [Condition] C such that …`",
                );
            }
            let condition = self.expression(None);
            relationships.push(Relationship {
                without,
                source,
                condition,
            });
        }
        relationships
    }

    fn aggregate(&mut self) -> Option<Aggregate> {
        if !self.accept_word("aggregate") {
            return None;
        }
        let distinct = self.accept_word("distinct");
        self.accept_word("all");
        let help = "write `aggregate Result starting 0: Result + X`";
        let name = self.expect_name("the name of the result", help);
        let starting = self.accept_word("starting").then(|| self.starting());
        self.expect(TokenKind::Colon, "`:`", help);
        Some(Aggregate {
            distinct,
            name,
            starting,
            expr: self.expression(None),
        })
    }

    fn starting(&mut self) -> Expr {
        match self.peek().kind {
            TokenKind::Number => self.starting_number(),
            _ => {
                let first = self.primary();
                self.invocations(first)
            }
        }
    }

    fn result(&mut self) -> Option<Return> {
        if !self.accept_word("return") {
            return None;
        }
        let all = self.accept_word("all");
        if !all {
            self.accept_word("distinct");
        }
        Some(Return {
            all,
            expr: self.expression(None),
        })
    }

    fn sort(&mut self) -> Option<Sort> {
        if !self.accept_word("sort") {
            return None;
        }
        if !self.accept_word("by") {
            let direction = self.direction();
            if direction.is_none() {
                self.unexpected("`asc`, `desc` or `by`", "write `sort asc` or `sort by …`");
            }
            return direction.map(Sort::Direction);
        }
        let ends = Ends {
            at_comma: true,
            ..self.ends
        };
        let mut items = Vec::new();
        loop {
            let expr = self.with_ends(ends, |parser| parser.term(None));
            let direction = self.direction();
            items.push(SortItem { expr, direction });
            if !self.accept(TokenKind::Comma) {
                return Some(Sort::By(items));
            }
        }
    }

    fn direction(&mut self) -> Option<Direction> {
        let direction = match self.word_at(0) {
            "asc" | "ascending" => SortDirection::Ascending,
            "desc" | "descending" => SortDirection::Descending,
            _ => return None,
        };
        let span = self.next().span;
        Some(Direction { direction, span })
    }
}
