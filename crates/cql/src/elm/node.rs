//! Nodes and their fields.

use std::borrow::Cow;

use super::kind::Kind;

/// A node: an expression, a type, a definition, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    kind: Kind,
    fields: Vec<(Box<str>, Field)>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number, as written.
    Number(Box<str>),
    /// A text.
    Text(Box<str>),
    /// A list.
    List(Vec<Field>),
    /// A node.
    Node(Box<Node>),
}

/// The name of a type as ELM writes it: `{http://hl7.org/fhir}Patient`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QualifiedType<'n> {
    /// The URI of its model.
    pub url: &'n str,
    /// Its name in the model.
    pub name: &'n str,
}

impl<'n> QualifiedType<'n> {
    /// Reads such a name; one without a URI has an empty one.
    #[must_use]
    pub fn parse(text: &'n str) -> QualifiedType<'n> {
        let qualified = text.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let (url, name) = qualified.unwrap_or(("", text));
        QualifiedType { url, name }
    }
}

impl Node {
    /// A node without fields but its `type`, which parts of others do not need.
    #[must_use]
    pub fn new(kind: Kind) -> Node {
        let ty = Field::Text(kind.name().into());
        Node {
            kind,
            fields: vec![("type".into(), ty)],
        }
    }

    /// A node whose kind is clear from where it stands, such as the items of a `Case`.
    #[must_use]
    pub fn part(kind: Kind) -> Node {
        Node {
            kind,
            fields: Vec::new(),
        }
    }

    /// A node with these fields. Its kind is what its `type` says; if there is none, [`Kind::Unknown`] until
    /// [`Node::settle`].
    pub(super) fn of_fields(fields: Vec<(Box<str>, Field)>) -> Node {
        let mut node = Node {
            kind: Kind::Unknown,
            fields,
        };
        node.kind = node.text("type").map_or(Kind::Unknown, Kind::of);
        node
    }

    /// The node with a field more, or with another value for one that it has.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Field>) -> Node {
        self.set(name, value);
        self
    }

    /// Sets a field.
    pub fn set(&mut self, name: &str, value: impl Into<Field>) {
        let value = value.into();
        match self.fields.iter_mut().find(|(other, _)| &**other == name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((name.into(), value)),
        }
    }

    /// How many nodes it is, with those below it.
    #[must_use]
    pub fn size(&self) -> usize {
        fn of(field: &Field) -> usize {
            match field {
                Field::Node(node) => node.size(),
                Field::List(fields) => fields.iter().map(of).sum(),
                _ => 0,
            }
        }
        1 + self
            .fields
            .iter()
            .map(|(_, field)| of(field))
            .sum::<usize>()
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its fields, in the order in which they were read or set; `type` is one.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.fields.iter().map(|(name, field)| (&**name, field))
    }

    /// A field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let found = self.fields.iter().find(|(other, _)| &**other == name);
        found.map(|(_, field)| field)
    }

    /// A field, to change it.
    pub(super) fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        let mut fields = self.fields.iter_mut();
        fields
            .find(|(other, _)| &**other == name)
            .map(|(_, field)| field)
    }

    /// The node in a field.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Node> {
        match self.field(name)? {
            Field::Node(node) => Some(node),
            _ => None,
        }
    }

    /// The nodes in a field: those of a list, or the one that it holds.
    pub fn nodes<'n>(&'n self, name: &str) -> impl DoubleEndedIterator<Item = &'n Node> {
        let fields = match self.field(name) {
            Some(Field::List(fields)) => fields.as_slice(),
            Some(field) => std::slice::from_ref(field),
            None => &[],
        };
        fields.iter().filter_map(|field| match field {
            Field::Node(node) => Some(&**node),
            _ => None,
        })
    }

    /// What an operator is applied to, whatever its [`Shape`](super::Shape).
    pub fn operands(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes("operand")
    }

    /// The text in a field; numbers are texts, too.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.field(name)? {
            Field::Text(text) | Field::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The Boolean in a field.
    #[must_use]
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.field(name)? {
            Field::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The name of a type in a field: `valueType`, `dataType`, `asType`, …
    #[must_use]
    pub fn qualified(&self, name: &str) -> Option<QualifiedType<'_>> {
        self.text(name).map(QualifiedType::parse)
    }

    /// Its number in the library, which annotations and coverage refer to.
    #[must_use]
    pub fn local_id(&self) -> Option<&str> {
        self.text("localId")
    }

    /// Where it stands in the CQL: `3:5-3:12`.
    #[must_use]
    pub fn locator(&self) -> Option<&str> {
        self.text("locator")
    }

    /// The type of its result when that has a name.
    #[must_use]
    pub fn result_type_name(&self) -> Option<QualifiedType<'_>> {
        self.qualified("resultTypeName")
    }

    /// The type of its result when that has none: a list, an interval, a tuple, a choice.
    #[must_use]
    pub fn result_type_specifier(&self) -> Option<&Node> {
        self.node("resultTypeSpecifier")
    }

    /// The types of the operands by which an overload was chosen.
    pub fn signature(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes("signature")
    }

    /// Its annotations.
    pub fn annotations(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes("annotation")
    }

    /// Gives this node, if it does not say what it is, and the nodes below it the kinds that follow from where they
    /// are.
    pub(super) fn settle(&mut self, implied: Kind) {
        if self.kind == Kind::Unknown && self.text("type").is_none() {
            self.kind = implied;
        }
        for (name, field) in &mut self.fields {
            let below = match (self.kind, &**name) {
                (Kind::Library, part) => match Kind::implied(Kind::Library, part) {
                    Kind::Defs => {
                        field.settle_definitions(part);
                        continue;
                    }
                    kind => kind,
                },
                (kind, name) => Kind::implied(kind, name),
            };
            field.settle(below);
        }
    }
}

impl Field {
    fn settle(&mut self, implied: Kind) {
        match self {
            Field::Node(node) => node.settle(implied),
            Field::List(fields) => fields.iter_mut().for_each(|field| field.settle(implied)),
            _ => {}
        }
    }

    /// The definitions in a part of a library.
    fn settle_definitions(&mut self, part: &str) {
        let Field::Node(definitions) = self else {
            self.settle(Kind::Unknown);
            return;
        };
        definitions.kind = Kind::Defs;
        for (_, field) in &mut definitions.fields {
            field.settle(Kind::defined_in(part));
        }
    }
}

impl From<&str> for Field {
    fn from(text: &str) -> Field {
        Field::Text(text.into())
    }
}

impl From<String> for Field {
    fn from(text: String) -> Field {
        Field::Text(text.into())
    }
}

impl From<Cow<'_, str>> for Field {
    fn from(text: Cow<'_, str>) -> Field {
        Field::Text(text.into())
    }
}

impl From<bool> for Field {
    fn from(value: bool) -> Field {
        Field::Boolean(value)
    }
}

impl From<Node> for Field {
    fn from(node: Node) -> Field {
        Field::Node(Box::new(node))
    }
}

impl From<Vec<Node>> for Field {
    fn from(nodes: Vec<Node>) -> Field {
        Field::List(nodes.into_iter().map(Field::from).collect())
    }
}
