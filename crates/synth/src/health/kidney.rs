//! The CKD-EPI 2021 equation, without race (Inker 2021, NEJM 385:1737).

/// Creatinine in mg/dL that gives this eGFR.
#[must_use]
pub fn creatinine_for(egfr: f64, age: f64, female: bool) -> f64 {
    let (kappa, alpha, sex) = ckd_epi(female);
    let at_kappa = 142.0 * 0.9938f64.powf(age) * sex;
    let exponent = if egfr >= at_kappa {
        1.0 / alpha
    } else {
        1.0 / -1.2
    };
    kappa * (egfr / at_kappa).powf(exponent)
}

/// eGFR in mL/min/1.73 m² from creatinine in mg/dL.
#[must_use]
pub fn egfr_from(creatinine: f64, age: f64, female: bool) -> f64 {
    let (kappa, alpha, sex) = ckd_epi(female);
    let ratio = creatinine / kappa;
    142.0 * ratio.min(1.0).powf(alpha) * ratio.max(1.0).powf(-1.2) * 0.9938f64.powf(age) * sex
}

fn ckd_epi(female: bool) -> (f64, f64, f64) {
    if female {
        (0.7, -0.241, 1.012)
    } else {
        (0.9, -0.302, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creatinine_and_egfr_are_inverse_and_match_a_known_value() {
        // Inker 2021: a woman of 60 with creatinine 1.0 mg/dL has about 65 mL/min/1.73 m².
        assert!((egfr_from(1.0, 60.0, true) - 64.6).abs() < 0.7);
        for egfr in [12.0, 35.0, 70.0, 110.0] {
            for female in [true, false] {
                let creatinine = creatinine_for(egfr, 57.0, female);
                assert!((egfr_from(creatinine, 57.0, female) - egfr).abs() < 1e-6);
            }
        }
    }
}
