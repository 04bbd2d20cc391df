//! The next and the previous decimal of CQL, 10⁻⁸ away (CQL 1.5.3 §16 `Successor`, `Predecessor`).

use super::Decimal;

/// The smallest step between two decimals of CQL.
const STEP: Decimal = Decimal::from_inner(rust_decimal::Decimal::from_parts(1, 0, 0, false, 8));

impl Decimal {
    /// The next decimal; `None` after [`Decimal::MAX`].
    #[must_use]
    pub fn successor(self) -> Option<Decimal> {
        self.checked_add(STEP).filter(|next| *next <= Decimal::MAX)
    }

    /// The previous decimal; `None` before [`Decimal::MIN`].
    #[must_use]
    pub fn predecessor(self) -> Option<Decimal> {
        self.checked_sub(STEP)
            .filter(|previous| *previous >= Decimal::MIN)
    }
}
