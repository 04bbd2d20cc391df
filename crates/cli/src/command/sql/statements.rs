//! Cutting a text into statements at each `;` that is not inside quotes or comments.

/// The statements of a script, without their `;`. Empty ones and mere comments are left out.
pub fn split(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut rest = text;
    loop {
        let (statement, more) = first(rest);
        if has_words(statement) {
            statements.push(statement.trim().to_owned());
        }
        match more {
            Some(more) => rest = more,
            None => return statements,
        }
    }
}

/// The first statement, and what stands behind its `;`; `None` if there is no `;` yet.
pub fn first(text: &str) -> (&str, Option<&str>) {
    let mut place = Place::Open;
    let mut characters = text.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        if place == Place::Open && character == ';' {
            return text
                .split_at_checked(offset)
                .map_or((text, None), |(statement, behind)| {
                    (statement, behind.strip_prefix(';'))
                });
        }
        let (after, takes_two) = place.step(character, next);
        place = after;
        if takes_two {
            characters.next();
        }
    }
    (text, None)
}

/// Whether anything but space and comments is there.
fn has_words(text: &str) -> bool {
    let mut place = Place::Open;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let (after, takes_two) = place.step(character, characters.peek().copied());
        let in_comment = |place| matches!(place, Place::LineComment | Place::BlockComment);
        if !character.is_whitespace() && !in_comment(place) && !in_comment(after) {
            return true;
        }
        place = after;
        if takes_two {
            characters.next();
        }
    }
    false
}

/// Where in a text we are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Open,
    /// Inside this quote; a doubled quote leaves and enters again.
    Quoted(char),
    LineComment,
    BlockComment,
}

impl Place {
    /// Where we are behind `character`, and whether `next` belongs to it.
    fn step(self, character: char, next: Option<char>) -> (Self, bool) {
        match (self, character, next) {
            (Self::Open, '\'' | '"', _) => (Self::Quoted(character), false),
            (Self::Open, '-', Some('-')) => (Self::LineComment, true),
            (Self::Open, '/', Some('*')) => (Self::BlockComment, true),
            (Self::Quoted(quote), _, _) if character == quote => (Self::Open, false),
            (Self::LineComment, '\n', _) => (Self::Open, false),
            (Self::BlockComment, '*', Some('/')) => (Self::Open, true),
            _ => (self, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{first, split};

    #[test]
    fn each_semicolon_ends_a_statement() {
        assert_eq!(split("select 1; select 2;\n"), ["select 1", "select 2"]);
        assert_eq!(split("select 1"), ["select 1"]);
    }

    #[test]
    fn semicolons_in_quotes_and_comments_do_not() {
        let text = "select ';', \"a;b\", 'it''s;' -- one; two\n, /* ; */ 3; select 4";
        assert_eq!(split(text).len(), 2);
    }

    #[test]
    fn mere_comments_are_no_statement() {
        assert_eq!(split("-- nothing\n;; /* ; */ ;"), Vec::<String>::new());
        assert_eq!(split("-- why\nselect 1;"), ["-- why\nselect 1"]);
    }

    #[test]
    fn an_open_quote_waits_for_more() {
        assert_eq!(first("select 'a;").1, None);
        assert_eq!(first("select 1; x").1, Some(" x"));
    }
}
