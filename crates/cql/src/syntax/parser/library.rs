//! Libraries, definitions, statements.

use super::Parser;
use crate::syntax::error::SyntaxError;
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    Access, CodeRef, Comment, Function, Header, Item, ItemKind, Library, Name, Operand,
    QualifiedName, Span,
};

const NAME_HELP: &str = "write a name, in double quotes if it is not one plain word";

impl Parser<'_> {
    pub(super) fn whole_library(&mut self) -> Library {
        let header = (self.word_at(0) == "library").then(|| self.header());
        let mut items: Vec<Item> = Vec::new();
        let mut statements = false;
        while self.peek().kind != TokenKind::End {
            let item = self.item();
            statements |= self.in_order(&item, statements);
            items.push(item);
        }
        let end = self.peek().span.end;
        Library {
            header,
            items,
            comments: self.take_comments_before(u32::MAX),
            span: Span::new(0, end),
        }
    }

    fn header(&mut self) -> Header {
        let comments = self.take_comments();
        let start = self.next();
        let name = self.qualified("the name of the library");
        let version = self.version();
        let span = self.since(start);
        Header {
            name,
            version,
            comments: self.with_comments_inside(comments, span),
            span,
        }
    }

    /// Whether the item is a statement. A definition after one is reported.
    fn in_order(&mut self, item: &Item, statements: bool) -> bool {
        let keyword = match &item.kind {
            ItemKind::Using { .. } => "using",
            ItemKind::Include { .. } => "include",
            ItemKind::CodeSystem { .. } => "codesystem",
            ItemKind::ValueSet { .. } => "valueset",
            ItemKind::Code { .. } => "code",
            ItemKind::Concept { .. } => "concept",
            ItemKind::Parameter { .. } => "parameter",
            ItemKind::Error => return false,
            _ => return true,
        };
        if statements {
            self.report(SyntaxError::Misplaced {
                keyword,
                span: item.span,
            });
        }
        false
    }

    fn item(&mut self) -> Item {
        let comments = self.take_comments();
        let start = self.peek();
        let mut access = self.access();
        let kind = self.item_kind(&mut access);
        let span = self.since(start);
        if self.peek().kind != TokenKind::End && !self.at_item_word() {
            self.unexpected(
                "an operator or the next definition",
                "put a `.` or an operator before it, or take it away",
            );
            self.skip_to_item();
        }
        Item {
            kind,
            access,
            comments: self.with_comments_inside(comments, span),
            span,
        }
    }

    fn access(&mut self) -> Access {
        match self.accept_word("private") {
            true => Access::Private,
            false => {
                self.accept_word("public");
                Access::Public
            }
        }
    }

    /// The comments before something, with those in it that nothing took, and the one after it on its last line.
    fn with_comments_inside(&mut self, before: Box<[Comment]>, span: Span) -> Box<[Comment]> {
        let rest = self.text.get(span.end as usize..).unwrap_or_default();
        let line = rest.find('\n').unwrap_or(rest.len());
        let line_end = span
            .end
            .saturating_add(u32::try_from(line).unwrap_or(u32::MAX));
        let mut comments = before.into_vec();
        let upto = line_end.min(self.peek().span.start.max(span.end));
        comments.extend(self.take_comments_before(upto));
        comments.into()
    }

    fn item_kind(&mut self, access: &mut Access) -> ItemKind {
        match self.word_at(0) {
            "using" => self.using(),
            "include" => self.include(),
            "codesystem" => self.code_system(),
            "valueset" => self.value_set(),
            "code" => self.code(),
            "concept" => self.concept(),
            "parameter" => self.parameter(),
            "context" => {
                self.next();
                ItemKind::Context(self.qualified("the name of a context"))
            }
            "define" => self.define(access),
            _ => {
                self.unexpected(
                    "a definition",
                    "start it with `define`, `parameter`, `valueset`, … and a name",
                );
                self.next();
                ItemKind::Error
            }
        }
    }

    fn version(&mut self) -> Option<Name> {
        self.string_after("version", "a version")
    }

    fn called(&mut self) -> Option<Name> {
        self.accept_word("called")
            .then(|| self.expect_name("a name after `called`", NAME_HELP))
    }

    fn using(&mut self) -> ItemKind {
        self.next();
        ItemKind::Using {
            model: self.qualified("the name of a model"),
            version: self.version(),
            called: self.called(),
        }
    }

    fn include(&mut self) -> ItemKind {
        self.next();
        ItemKind::Include {
            library: self.qualified("the name of a library"),
            version: self.version(),
            called: self.called(),
        }
    }

    /// The keyword at hand, a name and a colon.
    fn named(&mut self, expected: &'static str) -> Name {
        self.next();
        let name = self.expect_name(expected, NAME_HELP);
        self.colon();
        name
    }

    fn colon(&mut self) {
        self.expect(
            TokenKind::Colon,
            "`:`",
            "write `:` between the name and what it stands for",
        );
    }

    fn id(&mut self, expected: &'static str) -> Name {
        let at = self.peek().span.start;
        self.string(expected).unwrap_or(Name {
            text: Box::default(),
            span: Span::new(at, at),
        })
    }

    fn code_system(&mut self) -> ItemKind {
        ItemKind::CodeSystem {
            name: self.named("the name of the code system"),
            id: self.id("the URI of the code system"),
            version: self.version(),
        }
    }

    fn value_set(&mut self) -> ItemKind {
        let name = self.named("the name of the value set");
        let id = self.id("the URI of the value set");
        let version = self.version();
        let code_systems = match self.accept_word("codesystems") {
            true => self.names_in_braces("the name of a code system"),
            false => Vec::new(),
        };
        ItemKind::ValueSet {
            name,
            id,
            version,
            code_systems,
        }
    }

    fn names_in_braces(&mut self, expected: &'static str) -> Vec<QualifiedName> {
        let open = self.peek();
        self.expect(
            TokenKind::BraceOpen,
            "`{`",
            "write the names in braces: `{ a, b }`",
        );
        self.list(open, TokenKind::BraceClose, |parser| {
            Some(parser.qualified(expected))
        })
    }

    fn code(&mut self) -> ItemKind {
        ItemKind::Code {
            name: self.named("the name of the code"),
            code: self.code_ref(),
        }
    }

    /// `'id' from system display '…'`
    pub(super) fn code_ref(&mut self) -> CodeRef {
        let id = self.id("a code");
        self.expect_word("from", "`from`", "name the code system after `from`");
        CodeRef {
            id,
            system: self.qualified("the name of a code system"),
            display: self.display(),
        }
    }

    pub(super) fn display(&mut self) -> Option<Name> {
        self.string_after("display", "a text after `display`")
    }

    fn concept(&mut self) -> ItemKind {
        ItemKind::Concept {
            name: self.named("the name of the concept"),
            codes: self.names_in_braces("the name of a code"),
            display: self.display(),
        }
    }

    fn parameter(&mut self) -> ItemKind {
        self.next();
        let name = self.expect_name("the name of the parameter", NAME_HELP);
        let typed =
            self.word_at(0) != "default" && !self.at_item() && self.peek().kind != TokenKind::End;
        let ty = typed.then(|| self.type_specifier());
        let default = self.accept_word("default").then(|| self.expression(None));
        if ty.is_none() && default.is_none() {
            self.unexpected("a type or `default`", "say what the parameter is");
        }
        ItemKind::Parameter { name, ty, default }
    }

    fn define(&mut self, access: &mut Access) -> ItemKind {
        self.next();
        if matches!(self.word_at(0), "public" | "private") {
            *access = self.access();
        }
        let fluent = self.at_words(&["fluent", "function"]) && self.accept_word("fluent");
        if self.word_at(0) == "function" && self.peek_at(1).kind != TokenKind::Colon {
            self.next();
            return self.function(fluent);
        }
        let name = self.expect_name("the name of the definition", NAME_HELP);
        self.colon();
        ItemKind::Define {
            name,
            expr: self.expression(None),
        }
    }

    fn function(&mut self, fluent: bool) -> ItemKind {
        let name = match self.name(true) {
            Some(name) => name,
            None => self.expect_name("the name of the function", NAME_HELP),
        };
        let open = self.peek();
        if !self.accept(TokenKind::ParenOpen) {
            self.unexpected("`(`", "write the operands of the function in parentheses");
            return ItemKind::Error;
        }
        let operands = self.list(open, TokenKind::ParenClose, Self::operand_definition);
        let returns = self.accept_word("returns").then(|| self.type_specifier());
        self.colon();
        let body = match self.accept_word("external") {
            true => None,
            false => Some(self.expression(None)),
        };
        ItemKind::Function(Box::new(Function {
            fluent,
            name,
            operands,
            returns,
            body,
        }))
    }

    fn operand_definition(&mut self) -> Option<Operand> {
        let Some(name) = self.name(true) else {
            self.unexpected("the name of an operand", "write its name, then its type");
            return None;
        };
        Some(Operand {
            name,
            ty: self.type_specifier(),
        })
    }
}
