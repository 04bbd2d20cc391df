//! EARS C2, the CDC's Early Aberration Reporting System detector for short baselines.
//!
//! A count is compared with the mean and the standard deviation (n − 1) of a baseline that ends `lag` periods before
//! it, so that an outbreak does not raise its own threshold:
//! threshold = mean + `threshold_sd` × max(sd, `sd_min`). With baseline 7, lag 2 and 3 standard deviations this is
//! the C2 of Hutwagner L et al., J Urban Health 2003;80(2 Suppl 1):i89-96 and of `surveillance::earsC(method = "C2")`
//! (which writes 3 as the 99.9 % point of the normal distribution). On weekly counts a period is a week.
//!
//! Every `f64` here is a mean, a standard deviation or a bound on them: statistics, not money or counts.

/// Settings of the detector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct C2 {
    /// Periods in the baseline.
    pub baseline: usize,
    /// Periods between the end of the baseline and the count.
    pub lag: usize,
    /// Standard deviations above the mean at which a signal is raised.
    pub threshold_sd: f64,
    /// The standard deviation is taken to be at least this, so that a flat baseline does not make every case a signal.
    pub sd_min: f64,
    /// Fewer cases than this are no signal.
    pub count_min: u64,
}

impl Default for C2 {
    /// What the weekly indicators use.
    fn default() -> Self {
        Self {
            baseline: 7,
            lag: 2,
            threshold_sd: 3.0,
            sd_min: 0.5,
            count_min: 3,
        }
    }
}

/// What the detector says about one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Index of the period in the counts.
    pub index: usize,
    /// The bound that the count was held against.
    pub threshold: f64,
    /// Whether the count is above it.
    pub signal: bool,
}

impl C2 {
    /// Periods at the start of a series that have no full baseline yet.
    #[must_use]
    pub fn warm_up(&self) -> usize {
        self.baseline + self.lag
    }

    /// One verdict for every period that has a full baseline.
    #[must_use]
    pub fn judge(&self, counts: &[u64]) -> Vec<Verdict> {
        counts
            .iter()
            .enumerate()
            .skip(self.warm_up())
            .filter_map(|(index, &count)| {
                let from = index - self.warm_up();
                let baseline = counts.get(from..from + self.baseline)?;
                let threshold = self.threshold(baseline);
                let signal = count >= self.count_min && count as f64 > threshold;
                Some(Verdict {
                    index,
                    threshold,
                    signal,
                })
            })
            .collect()
    }

    fn threshold(&self, baseline: &[u64]) -> f64 {
        let n = baseline.len() as f64;
        let mean = baseline.iter().sum::<u64>() as f64 / n;
        let squares: f64 = baseline
            .iter()
            .map(|&count| (count as f64 - mean).powi(2))
            .sum();
        let sd = (squares / (n - 1.0)).sqrt();
        mean + self.threshold_sd * sd.max(self.sd_min)
    }
}

#[cfg(test)]
mod tests {
    use super::C2;

    #[test]
    fn a_burst_above_a_quiet_baseline_is_a_signal() {
        let mut counts = vec![2, 3, 2, 2, 3, 2, 3, 2, 2];
        counts.push(12);
        let verdicts = C2::default().judge(&counts);
        assert_eq!(verdicts.len(), 1);
        assert!(verdicts[0].signal);
    }

    #[test]
    fn an_outbreak_does_not_raise_its_own_threshold_within_the_lag() {
        let counts = [2, 3, 2, 2, 3, 2, 3, 2, 2, 12, 13];
        let verdicts = C2::default().judge(&counts);
        assert!(verdicts.iter().all(|verdict| verdict.signal));
    }

    #[test]
    fn two_cases_after_silence_are_no_signal() {
        let counts = [0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
        assert!(!C2::default().judge(&counts)[0].signal);
    }

    #[test]
    fn a_series_without_a_full_baseline_has_no_verdict() {
        assert!(C2::default().judge(&[1, 2, 3]).is_empty());
    }
}
