//! Which chronic conditions a patient has and when they began, and the body underneath: latent
//! blood pressure, sugar, kidney function, lipids and mood over time.

use crate::calendar::{Day, YEAR_DAYS};
use crate::chance::{Chance, Purpose, interpolate, reaches};
use crate::content::{Condition, Risk};
use crate::person::{Person, Smoking};
use crate::world::World;

/// A condition of a patient.
#[derive(Debug)]
pub struct Episode<'w> {
    /// Which one.
    pub condition: &'w Condition,
    /// When it was first told.
    pub onset: Day,
    /// When it was over.
    pub abatement: Option<Day>,
    /// Its ICD-10-CM code (kidney disease: chosen later, by stage).
    pub code: &'w str,
}

impl Episode<'_> {
    /// Whether it is there on a day.
    #[must_use]
    pub fn active(&self, day: Day) -> bool {
        self.onset <= day && self.abatement.is_none_or(|end| day < end)
    }
}

/// Conditions and the body.
#[derive(Debug)]
pub struct Health<'w> {
    /// All conditions that begin before the end of the data.
    pub episodes: Vec<Episode<'w>>,
    body: Body,
}

/// Latent values; measured ones add noise. Units as in `measures.toml`.
#[derive(Debug)]
struct Body {
    systolic: f64,
    diastolic: f64,
    hba1c: f64,
    sugar_at_onset: f64,
    kidney: Kidney,
    ldl: f64,
    hdl: f64,
    triglycerides: f64,
    albuminuria: f64,
    mood: f64,
    obstruction: f64,
    /// 0–1: share of medicine that is taken.
    adherence: f64,
}

/// How kidney function runs.
#[derive(Debug)]
enum Kidney {
    /// Falls with age only: value at 40, loss a year after.
    Ageing { at_40: f64, loss: f64 },
    /// Kidney disease: value at onset, loss a year after.
    Disease {
        onset: Day,
        at_onset: f64,
        loss: f64,
    },
    /// Planted: value at the end, loss a year before.
    Planted { end: Day, at_end: f64, loss: f64 },
}

impl<'w> Health<'w> {
    /// Draws conditions and body.
    #[must_use]
    pub fn draw(world: &'w World, person: &Person<'_>) -> Health<'w> {
        let chance = &mut Chance::new(world.seed, person.number, Purpose::Health);
        let mut episodes: Vec<Episode<'w>> = Vec::new();
        for condition in &world.content.conditions {
            // The draws are made for everybody, so that one condition does not shift the next.
            let (u, code, length) = (
                chance.unit(),
                chance.weighted(&condition.code, |c| c.weight),
                chance.exponential(condition.remission_years.unwrap_or(1.0)),
            );
            let years_before = 1.5 + 8.0 * chance.unit();
            let named = |ids: &[String]| ids.contains(&condition.id);
            let forced = person.plant.is_some_and(|p| named(&p.make.force));
            let onset = if forced {
                Some(world.end - days(years_before) - 500)
            } else if person.plant.is_some_and(|p| named(&p.make.forbid)) {
                None
            } else {
                onset(world, person, condition, &episodes, u)
            };
            let last = person.death.unwrap_or(world.end);
            if let (Some(onset), Some(code)) = (onset.filter(|&d| d < last), code) {
                let over = condition
                    .remission_years
                    .map(|_| onset + days(length.max(0.4)));
                let abatement = over.filter(|_| !forced).filter(|&d| d < last);
                episodes.push(Episode {
                    condition,
                    onset,
                    abatement,
                    code: &code.icd10cm,
                });
            }
        }
        let body = Body::draw(world, person, &episodes, chance);
        Health { episodes, body }
    }

    /// Whether a condition is there on a day.
    #[must_use]
    pub fn has(&self, id: &str, day: Day) -> bool {
        self.episodes
            .iter()
            .any(|e| e.condition.id == id && e.active(day))
    }

    /// Share of medicine that is taken, 0–1.
    #[must_use]
    pub fn adherence(&self) -> f64 {
        self.body.adherence
    }

    /// Latent systolic pressure in mmHg with so many medicines for it.
    #[must_use]
    pub fn systolic(&self, person: &Person<'_>, day: Day, medicines: usize) -> f64 {
        let age = person.age(day);
        let with_age = interpolate(
            &[
                [3.0, -24.0],
                [12.0, -13.0],
                [20.0, -6.0],
                [40.0, 0.0],
                [80.0, 11.0],
            ],
            age,
        );
        let base = self.body.systolic + with_age + (person.bmi - 27.0) * 0.35;
        let raised = if self.has("hypertension", day) {
            21.5
        } else {
            0.0
        };
        base + raised - self.relief(medicines, 9.5)
    }

    /// Latent diastolic pressure in mmHg.
    #[must_use]
    pub fn diastolic(&self, person: &Person<'_>, day: Day, medicines: usize) -> f64 {
        let with_age = interpolate(
            &[
                [3.0, -20.0],
                [12.0, -14.0],
                [20.0, -6.0],
                [50.0, 2.0],
                [85.0, -9.0],
            ],
            person.age(day),
        );
        let raised = if self.has("hypertension", day) {
            10.0
        } else {
            0.0
        };
        self.body.diastolic + with_age + raised - self.relief(medicines, 5.0)
    }

    /// Latent HbA1c in percent with so many medicines for diabetes.
    #[must_use]
    pub fn hba1c(&self, day: Day, medicines: usize) -> f64 {
        let Some(diabetes) = self.episodes.iter().find(|e| e.condition.id == "diabetes") else {
            return self.body.hba1c;
        };
        if !diabetes.active(day) {
            return (self.body.hba1c + 0.4).min(6.4);
        }
        let years = f64::from(day - diabetes.onset) / YEAR_DAYS;
        let drift = 0.03 * years.min(15.0);
        (self.body.sugar_at_onset + drift - self.relief(medicines, 1.25)).max(5.7)
    }

    /// Latent eGFR in mL/min/1.73 m².
    #[must_use]
    pub fn egfr(&self, person: &Person<'_>, day: Day) -> f64 {
        let years_since = |from: Day| f64::from(day - from) / YEAR_DAYS;
        match self.body.kidney {
            Kidney::Ageing { at_40, loss } => {
                (at_40 - loss * (person.age(day) - 40.0)).clamp(52.0, 128.0)
            }
            Kidney::Disease {
                onset,
                at_onset,
                loss,
            } => {
                let years = years_since(onset);
                // Before it was told, function was already on its way down.
                (at_onset - if years > 0.0 { loss * years } else { years }).clamp(7.0, 115.0)
            }
            Kidney::Planted { end, at_end, loss } => {
                (at_end - loss * years_since(end)).clamp(6.0, 92.0)
            }
        }
    }

    /// Latent LDL cholesterol in mg/dL; statins lower it by about 40 %.
    #[must_use]
    pub fn ldl(&self, day: Day, on_statin: bool) -> f64 {
        let raised = if self.has("hyperlipidaemia", day) {
            42.0
        } else {
            0.0
        };
        let kept = if on_statin {
            1.0 - 0.42 * self.body.adherence
        } else {
            1.0
        };
        (self.body.ldl + raised) * kept
    }

    /// HDL cholesterol in mg/dL.
    #[must_use]
    pub fn hdl(&self) -> f64 {
        self.body.hdl
    }

    /// Triglycerides in mg/dL.
    #[must_use]
    pub fn triglycerides(&self) -> f64 {
        self.body.triglycerides
    }

    /// Urine albumin to creatinine in mg/g.
    #[must_use]
    pub fn albuminuria(&self, day: Day) -> f64 {
        let sugar = if self.has("diabetes", day) { 1.9 } else { 1.0 };
        let kidney = if self.has("ckd", day) { 2.6 } else { 1.0 };
        self.body.albuminuria * sugar * kidney
    }

    /// Latent PHQ-9 total; `treated_days` since an antidepressant was begun.
    #[must_use]
    pub fn phq9(&self, day: Day, treated_days: Option<i32>) -> f64 {
        if !self.has("depression", day) {
            return (self.body.mood - 9.5).max(0.0) * 0.45;
        }
        let relief = treated_days.map_or(0.0, |d| {
            self.body.adherence
                * 9.0
                * interpolate(&[[0.0, 0.0], [60.0, 0.6], [240.0, 1.0]], f64::from(d))
        });
        // Mood swings with a period of about eight months.
        let swing = 2.6 * (f64::from(day) / 39.0 + self.body.mood * 7.0).sin();
        (self.body.mood + swing - relief).clamp(0.0, 27.0)
    }

    /// FEV1/FVC as a share.
    #[must_use]
    pub fn fev1_fvc(&self, day: Day) -> f64 {
        if self.has("copd", day) {
            self.body.obstruction
        } else {
            0.79
        }
    }

    fn relief(&self, medicines: usize, each: f64) -> f64 {
        // Each further medicine gives a little less.
        let effect: f64 = [1.0, 0.85, 0.7].iter().take(medicines.min(3)).sum();
        each * effect * self.body.adherence
    }
}

impl Body {
    fn draw(
        world: &World,
        person: &Person<'_>,
        episodes: &[Episode<'_>],
        chance: &mut Chance,
    ) -> Body {
        let kidney_onset = episodes
            .iter()
            .find(|e| e.condition.id == "ckd")
            .map(|e| e.onset);
        let planted = person.plant.and_then(|p| p.make.egfr);
        let (at_40, loss_40) = (chance.normal(103.0, 9.0), chance.normal(0.85, 0.2).max(0.3));
        let (at_onset, loss) = (chance.normal(57.0, 8.0), chance.log_normal(0.8, 0.6));
        let kidney = match (planted, kidney_onset) {
            (Some([at_end, loss]), _) => Kidney::Planted {
                end: world.end,
                at_end,
                loss,
            },
            (None, Some(onset)) => Kidney::Disease {
                onset,
                at_onset,
                loss: loss.min(6.0),
            },
            (None, None) => Kidney::Ageing {
                at_40,
                loss: loss_40,
            },
        };
        let hdl_mean = if person.female { 57.0 } else { 47.0 };
        Body {
            systolic: chance.normal(119.0, 7.5),
            diastolic: chance.normal(74.0, 6.0),
            hba1c: chance.normal(5.42, 0.27).clamp(4.6, 6.4),
            sugar_at_onset: chance.normal(8.3, 1.55).clamp(6.6, 14.0),
            kidney,
            ldl: chance.normal(108.0, 26.0).max(45.0),
            hdl: chance.normal(hdl_mean, 11.0).max(22.0),
            triglycerides: chance.log_normal(112.0, 0.42) * (1.0 + (person.bmi - 27.0) * 0.012),
            albuminuria: chance.log_normal(8.0, 0.85),
            mood: chance.normal(13.0, 4.0).clamp(4.0, 26.0),
            obstruction: chance.normal(0.58, 0.08).clamp(0.28, 0.69),
            adherence: (0.25 + 0.62 * person.engagement + chance.normal(0.0, 0.15))
                .clamp(0.05, 1.0),
        }
    }
}

/// The onset of a condition: the age at which the curve of "told by that age" passes the draw.
fn onset(
    world: &World,
    person: &Person<'_>,
    condition: &Condition,
    so_far: &[Episode<'_>],
    u: f64,
) -> Option<Day> {
    let obese_from = world.content.people.body.obese_from;
    let allowed = match condition.only.as_deref() {
        Some("obese") => person.bmi >= obese_from,
        Some("female") => person.female,
        Some("male") => !person.female,
        _ => true,
    };
    if !allowed {
        return None;
    }
    let after: f64 = condition
        .after
        .iter()
        .map(|a| {
            let there = so_far.iter().any(|e| e.condition.id == a.condition);
            // Normalised as if one in six had the other condition.
            (if there { a.factor } else { 1.0 }) / (1.0 + (a.factor - 1.0) / 6.0)
        })
        .product();
    let ratio = risk_ratio(&condition.risk, person, obese_from) * after;
    let age = reaches(&condition.onset, u / ratio.max(0.01))?;
    let day = person.birth + days(age);
    (day <= world.end).then_some(day)
}

/// Product of the risk ratios, each divided by its mean over people so that the curve keeps its level.
fn risk_ratio(risk: &Risk, person: &Person<'_>, obese_from: f64) -> f64 {
    let black = person.race.is_some_and(|r| r.code == "2054-5");
    [
        (risk.obese, person.bmi >= obese_from, 0.40),
        (risk.smoker, person.smoking == Smoking::Current, 0.12),
        (risk.former_smoker, person.smoking == Smoking::Former, 0.21),
        (risk.never_smoker, person.smoking == Smoking::Never, 0.67),
        (risk.black, black, 0.17),
        (risk.hispanic, person.hispanic, 0.15),
        (risk.female, person.female, 0.51),
        (risk.male, !person.female, 0.49),
        (risk.poor, person.poor(), 0.18),
    ]
    .into_iter()
    .filter_map(|(ratio, applies, share)| ratio.map(|r| (r, applies, share)))
    .map(|(ratio, applies, share)| {
        (if applies { ratio } else { 1.0 }) / (1.0 + (ratio - 1.0) * share)
    })
    .product()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a life in days is far inside i32"
)]
fn days(years: f64) -> Day {
    (years * YEAR_DAYS) as Day
}

/// Creatinine in mg/dL that gives this eGFR by the CKD-EPI 2021 equation (Inker 2021, NEJM 385:1737).
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

/// eGFR in mL/min/1.73 m² by the CKD-EPI 2021 equation, without race.
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
