//! A synthetic health system with known truth.
