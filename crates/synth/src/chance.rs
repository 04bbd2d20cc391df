//! Chance: a ChaCha8 stream per patient and purpose, and the few distributions that are needed.
//!
//! A stream is chosen by seed, patient number and purpose, so the result for a patient depends
//! neither on the order nor on the number of the others, and a change in one purpose does not
//! shift the draws of another. `f64` is enough: values are rounded before they are written.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What a stream is drawn for. New purposes go at the end; after 15 the factor in [`Chance::new`] must grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Places and staff (patient number 0).
    World = 0,
    /// Who the person is.
    Person = 1,
    /// Which diseases, and how they run.
    Health = 2,
    /// When things happen.
    Agenda = 3,
    /// What is done and measured.
    Care = 4,
    /// What it costs.
    Money = 5,
    /// Flaws of the record.
    Flaws = 6,
    /// What things cost.
    Billing = 7,
    /// Birth and sex, which households are made of.
    Identity = 8,
    /// Who lives with whom (number: the neighbourhood).
    Neighbourhood = 9,
    /// What a household shares (number: its head).
    Home = 10,
    /// The county's epidemics (number 0) and contagion in a household (number: its head).
    Contagion = 11,
    /// Pregnancies.
    Pregnancy = 12,
    /// What is planted at rates rather than by number.
    Errors = 13,
    /// What is done without need.
    Needless = 14,
    /// Which claims are denied.
    Denials = 15,
}

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of one patient (0: the world) for one purpose.
    #[must_use]
    pub fn new(seed: u64, patient: u64, purpose: Purpose) -> Chance {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(patient.wrapping_mul(16).wrapping_add(purpose as u64));
        Chance(rng)
    }

    /// Uniform in 0..1.
    pub fn unit(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// True with probability `p`.
    pub fn happens(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Normal by Box and Muller.
    pub fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        let u = 1.0 - self.unit();
        let v = self.unit();
        mean + sd * (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }

    /// Log-normal by median and standard deviation of the logarithm.
    pub fn log_normal(&mut self, median: f64, log_sd: f64) -> f64 {
        median * self.normal(0.0, log_sd).exp()
    }

    /// Exponential by mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Poisson by Knuth's product; `mean` is small here (a person's events in a year).
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let limit = (-mean.clamp(0.0, 200.0)).exp();
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// Uniform whole number from `low` to `high`, both included; `low` where the range is empty.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        if high <= low {
            low
        } else {
            self.0.random_range(low..=high)
        }
    }

    /// One of the items, or `None` of none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let last = i32::try_from(items.len()).unwrap_or(i32::MAX) - 1;
        let at = self.between(0, last.max(0));
        items.get(usize::try_from(at).unwrap_or(0))
    }

    /// One of the items by weight, or `None` of none.
    pub fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> f64) -> Option<&'a T> {
        let at = self.weighted_index(items.iter().map(&weight))?;
        items.get(at)
    }

    /// An index by weight, or `None` where there are no weights.
    pub fn weighted_index(&mut self, weights: impl Iterator<Item = f64> + Clone) -> Option<usize> {
        let total: f64 = weights.clone().sum();
        let mut left = self.unit() * total;
        let mut chosen = None;
        for (index, weight) in weights.enumerate() {
            if weight <= 0.0 {
                continue;
            }
            chosen = Some(index);
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
        chosen
    }
}

/// Linear interpolation in a curve of `[x, y]` points with rising x; flat beyond its ends.
#[must_use]
pub fn interpolate(curve: &[[f64; 2]], x: f64) -> f64 {
    let mut before: Option<[f64; 2]> = None;
    for &[px, py] in curve {
        if x <= px {
            return match before {
                Some([bx, by]) if px > bx => by + (py - by) * (x - bx) / (px - bx),
                _ => py,
            };
        }
        before = Some([px, py]);
    }
    before.map_or(0.0, |[_, y]| y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_patient_and_purpose_and_repeat() {
        let draw = |p, q| Chance::new(7, p, q).unit().to_bits();
        assert_eq!(draw(1, Purpose::Care), draw(1, Purpose::Care));
        assert_ne!(draw(1, Purpose::Care), draw(2, Purpose::Care));
        assert_ne!(draw(1, Purpose::Care), draw(1, Purpose::Person));
    }

    #[test]
    fn a_curve_interpolates() {
        let curve = [[20.0, 0.0], [40.0, 0.2], [60.0, 0.4]];
        assert!((interpolate(&curve, 30.0) - 0.1).abs() < 1e-12);
        assert_eq!(interpolate(&curve, 90.0), 0.4);
    }

    #[test]
    fn distributions_have_their_means() {
        let mut c = Chance::new(1, 1, Purpose::Care);
        let n = 20_000;
        let mean = |f: &mut dyn FnMut() -> f64| (0..n).map(|_| f()).sum::<f64>() / f64::from(n);
        assert!((mean(&mut || c.normal(5.0, 2.0)) - 5.0).abs() < 0.06);
        assert!((mean(&mut || f64::from(c.poisson(0.7))) - 0.7).abs() < 0.03);
        assert!((mean(&mut || c.exponential(3.0)) - 3.0).abs() < 0.1);
    }
}
