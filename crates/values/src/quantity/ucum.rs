//! UCUM units, read once each.
//!
//! A unit is an `Arc` to what its code means. Codes are interned: each thread keeps those it met, in front of one table
//! for all, so that a unit's number ([`UcumUnit::id`]) names it everywhere, and a record's millionth `mg/dL` costs a
//! look into a small map. Both tables are bounded; beyond their bound units still work, they are only read again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use foldhash::fast::RandomState;
use octofhir_ucum::{EvalResult, UnitExpr};

use crate::error::UnitError;

/// So many units are kept for all threads, and by each. UCUM's own tables have some 300 atoms; records use a few
/// hundred combinations of them.
const UNITS_MAX: usize = 8192;
/// Longer codes are no units.
const CODE_BYTES_MAX: usize = 256;

type Table = HashMap<Box<str>, UcumUnit, RandomState>;

static UNITS: LazyLock<Mutex<Table>> = LazyLock::new(Mutex::default);
static NEXT_ID: AtomicU64 = AtomicU64::new(0);
static ONE: LazyLock<UcumUnit> = LazyLock::new(|| UcumUnit::new("1"));

thread_local! {
    static SEEN: RefCell<Table> = RefCell::default();
}

/// A unit of UCUM, or a text that stands where one should.
#[derive(Clone)]
pub struct UcumUnit(Arc<Inner>);

struct Inner {
    code: Box<str>,
    id: u64,
    meaning: Option<Meaning>,
}

/// What a valid code says.
pub(super) struct Meaning {
    /// Its terms.
    pub(super) terms: UnitExpr,
    /// Its size and dimension.
    pub(super) value: EvalResult,
}

impl UcumUnit {
    /// The unit of a code; an invalid one is kept as it is.
    #[must_use]
    pub fn new(code: &str) -> UcumUnit {
        let seen = SEEN.try_with(|seen| {
            let mut seen = seen.borrow_mut();
            if let Some(unit) = seen.get(code) {
                return unit.clone();
            }
            let unit = UcumUnit::interned(code);
            if seen.len() >= UNITS_MAX {
                seen.clear();
            }
            seen.insert(code.into(), unit.clone());
            unit
        });
        // A thread that ends has no table any more.
        seen.unwrap_or_else(|_| UcumUnit::interned(code))
    }

    /// The unit of a valid code.
    ///
    /// # Errors
    /// When UCUM has no such unit.
    pub fn parse(code: &str) -> Result<UcumUnit, UnitError> {
        let unit = UcumUnit::new(code);
        match unit.is_valid() {
            true => Ok(unit),
            false => Err(UnitError::new(code)),
        }
    }

    /// The unit of bare numbers, `1`.
    #[must_use]
    pub fn one() -> UcumUnit {
        ONE.clone()
    }

    /// As it is written.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// Whether UCUM has such a unit.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.0.meaning.is_some()
    }

    /// Whether this is `1`.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.code() == "1"
    }

    pub(super) fn meaning(&self) -> Option<&Meaning> {
        self.0.meaning.as_ref()
    }

    /// A number that no other unit has in this process.
    pub(super) fn id(&self) -> u64 {
        self.0.id
    }

    fn interned(code: &str) -> UcumUnit {
        // A panic while a unit was inserted leaves a table that misses it: still a good one.
        let mut units = UNITS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(unit) = units.get(code) {
            return unit.clone();
        }
        let unit = UcumUnit::read(code);
        if units.len() < UNITS_MAX {
            units.insert(code.into(), unit.clone());
        }
        unit
    }

    fn read(code: &str) -> UcumUnit {
        UcumUnit(Arc::new(Inner {
            code: code.into(),
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            meaning: meaning(code),
        }))
    }
}

fn meaning(code: &str) -> Option<Meaning> {
    if code.is_empty() || code.len() > CODE_BYTES_MAX {
        return None;
    }
    let terms = octofhir_ucum::parse_expression(code).ok()?;
    let value = octofhir_ucum::evaluate(&terms).ok()?;
    Some(Meaning { terms, value })
}

impl PartialEq for UcumUnit {
    fn eq(&self, other: &UcumUnit) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.code == other.0.code
    }
}

impl Eq for UcumUnit {}

impl Hash for UcumUnit {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.code.hash(state);
    }
}

impl fmt::Display for UcumUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for UcumUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.code())
    }
}
