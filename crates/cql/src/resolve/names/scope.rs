//! What names mean inside an expression: aliases, `let`s, operands, `$this` (Author's Guide §3, Developer's Guide §4).

use crate::model::Spec;

/// What an expression can name beside the definitions of its library, the innermost last.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Scopes {
    all: Vec<Scope>,
}

/// What one query, function or `$this` adds.
#[derive(Debug)]
enum Scope {
    /// An alias of a query, and the type of one of its items.
    Alias(Box<str>, Spec),
    /// A `let` of a query, or the name of an `aggregate` clause.
    Let(Box<str>, Spec),
    /// An operand of a function.
    Operand(Box<str>, Spec),
    /// A name whose expression has errors, which have been reported.
    Unknown(Box<str>),
    /// `$this`, of which elements can be named alone.
    This(Spec),
    /// The result of a query of many, inside its `sort by`: names are its elements.
    Sorted(Spec),
}

/// What a name means inside an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::resolve) enum Local {
    /// An alias: the type of an item.
    Alias(Spec),
    /// A `let`.
    Let(Spec),
    /// An operand.
    Operand(Spec),
    /// Something that has errors.
    Unknown,
}

/// How many scopes there were: going back to it forgets what came later.
#[derive(Debug, Clone, Copy)]
pub(in crate::resolve) struct Mark(usize);

impl Scopes {
    /// Where the scopes stand, to go back to with [`Scopes::forget`].
    pub fn mark(&self) -> Mark {
        Mark(self.all.len())
    }

    /// Forgets what was added after `mark`.
    pub fn forget(&mut self, mark: Mark) {
        self.all.truncate(mark.0);
    }

    pub fn add_alias(&mut self, name: &str, item: Spec) {
        self.all.push(Scope::Alias(name.into(), item));
    }

    pub fn add_let(&mut self, name: &str, ty: Spec) {
        self.all.push(Scope::Let(name.into(), ty));
    }

    pub fn add_operand(&mut self, name: &str, ty: Spec) {
        self.all.push(Scope::Operand(name.into(), ty));
    }

    pub fn add_unknown(&mut self, name: &str) {
        self.all.push(Scope::Unknown(name.into()));
    }

    pub fn add_this(&mut self, ty: Spec) {
        self.all.push(Scope::This(ty));
    }

    pub fn add_sorted(&mut self, item: Spec) {
        self.all.push(Scope::Sorted(item));
    }

    /// What a name means; the innermost counts.
    pub fn find(&self, name: &str) -> Option<Local> {
        self.all.iter().rev().find_map(|scope| match scope {
            Scope::Alias(own, ty) if &**own == name => Some(Local::Alias(ty.clone())),
            Scope::Let(own, ty) if &**own == name => Some(Local::Let(ty.clone())),
            Scope::Operand(own, ty) if &**own == name => Some(Local::Operand(ty.clone())),
            Scope::Unknown(own) if &**own == name => Some(Local::Unknown),
            _ => None,
        })
    }

    /// The type of `$this`, if there is one.
    pub fn this(&self) -> Option<&Spec> {
        self.all.iter().rev().find_map(|scope| match scope {
            Scope::This(ty) => Some(ty),
            _ => None,
        })
    }

    /// The type of what is sorted, when the innermost scope that is no name is a `sort by`.
    pub fn sorted(&self) -> Option<&Spec> {
        match self.all.last()? {
            Scope::Sorted(ty) => Some(ty),
            _ => None,
        }
    }

    /// The type of `$this` when its elements can be named alone: nothing of a query stands between.
    pub fn implied(&self) -> Option<&Spec> {
        match self.all.last()? {
            Scope::This(ty) => Some(ty),
            _ => None,
        }
    }

    /// All names, for what may have been meant.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().filter_map(|scope| match scope {
            Scope::Alias(name, _) | Scope::Let(name, _) | Scope::Operand(name, _) => Some(&**name),
            _ => None,
        })
    }
}
