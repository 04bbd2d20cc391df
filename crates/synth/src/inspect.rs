//! Reads the truth off a finished chart.

use crate::calendar::{Day, date_text, weekday};
use crate::chart::{Chart, ErrorAt, Observation, Order, PlantedError, ProcedureCode, Value};
use crate::content::{Label, Plant, PlantKind, WELL};
use crate::emit::ids;
use crate::household::Role;
use crate::truth::{
    AllergyTruth, CareGap, Duplicate, ErrorRow, HouseholdRow, InfectionRow, InteractionTruth,
    KidneyTruth, Latent, OrderTruth, OutbreakCase, OutbreakTruth, PlantTruth, Readmission,
    RenalTruth, Rows, StateRow, Truth, Uninsured,
};
use crate::world::World;

/// Adds what is true of one patient.
pub fn inspect(world: &World, chart: &Chart<'_>, rows: &mut Rows) {
    let truth = &mut rows.truth;
    let inspection = Inspection {
        world,
        chart,
        patient: format!("Patient/{}", chart.person.id),
    };
    inspection.latent(&mut rows.latent);
    let living = chart.person.death.is_none();
    truth.people.all += 1;
    truth.people.living += u64::from(living);
    inspection.outbreak_cases(truth);
    inspection.readmissions(truth);
    inspection.flaws(truth);
    inspection.uninsured(truth);
    if let Some(plant) = chart.person.plant {
        inspection.plant(plant, truth);
    }
    if living {
        inspection.interactions(truth);
        inspection.allergies(truth);
        inspection.metformin(truth);
        inspection.gaps(truth);
        inspection.kidney(truth);
        inspection.registries(truth);
    }
}

struct Inspection<'a> {
    world: &'a World,
    chart: &'a Chart<'a>,
    patient: String,
}

impl Inspection<'_> {
    fn plant_id(&self, kinds: &[PlantKind]) -> Option<String> {
        let plant = self.chart.person.plant.filter(|p| kinds.contains(&p.kind));
        plant.map(|p| p.id.clone())
    }

    fn plant(&self, plant: &Plant, truth: &mut Truth) {
        truth.plants.push(PlantTruth {
            plant: plant.id.clone(),
            kind: plant.kind,
            label: plant.label,
            patient: self.patient.clone(),
            why: plant.why.clone(),
        });
        if plant.kind == PlantKind::Duplicate {
            let encounters = self.chart.encounters.iter().enumerate();
            let moved = encounters.filter(|(_, e)| e.duplicate);
            truth.duplicates.push(Duplicate {
                survivor: self.patient.clone(),
                replaced: format!("Patient/{}", ids::duplicate(&self.chart.person.id)),
                encounters_on_replaced: moved.map(|(at, _)| self.encounter(at)).collect(),
            });
        }
    }

    fn encounter(&self, at: usize) -> String {
        format!("Encounter/{}", ids::encounter(&self.chart.person.id, at))
    }

    fn observation(&self, at: usize) -> String {
        format!(
            "Observation/{}",
            ids::observation(&self.chart.person.id, at)
        )
    }

    fn order(&self, at: usize, order: &Order<'_>) -> OrderTruth {
        OrderTruth {
            order: format!(
                "MedicationRequest/{}",
                ids::order(&self.chart.person.id, at)
            ),
            rxcui: order.medicine.rxcui.clone(),
            ingredient: order.medicine.ingredient.clone(),
            status: order.status.code(),
            running: order.running(self.world.end),
        }
    }

    fn latent(&self, latent: &mut Latent) {
        for course in &self.chart.courses {
            let ends = course.stays.iter().skip(1).map(|s| Some(s.from));
            for (stay, to) in course.stays.iter().zip(ends.chain([None])) {
                latent.states.push(StateRow {
                    patient: self.patient.clone(),
                    disease: course.disease.id.clone(),
                    state: stay.state.map_or(WELL, |s| s.id.as_str()).to_owned(),
                    from: date_text(stay.from),
                    to: to.map(date_text),
                });
            }
        }
        for (infection, encounter) in &self.chart.infections {
            let epidemics = &self.world.epidemics;
            let pathogen = epidemics.pathogens.get(infection.pathogen);
            latent.infections.push(InfectionRow {
                patient: self.patient.clone(),
                pathogen: pathogen.map_or(String::new(), |p| p.id.clone()),
                exposed: date_text(infection.exposed),
                onset: date_text(infection.onset),
                severity: infection.severity.word(),
                origin: epidemics.origin(infection, &self.world.prefix),
                outbreak: infection
                    .outbreak
                    .and_then(|at| epidemics.outbreaks.get(at))
                    .map(|planted| planted.outbreak.id.clone()),
                encounter: encounter.map(|at| self.encounter(at)),
            });
        }
        let person = &self.chart.person;
        latent.households.push(HouseholdRow {
            patient: self.patient.clone(),
            household: format!("{}h{}", self.world.prefix, person.household),
            area: person.area.code.clone(),
            role: match person.role {
                Role::Head => "head",
                Role::Partner => "partner",
                Role::Child => "child",
            },
        });
        latent
            .errors
            .extend(self.chart.errors.iter().map(|e| self.error(e)));
    }

    fn error(&self, error: &PlantedError<'_>) -> ErrorRow {
        let id = &self.chart.person.id;
        let resource = match error.at {
            ErrorAt::Order(at) => format!("MedicationRequest/{}", ids::order(id, at)),
            ErrorAt::Observation(at) => self.observation(at),
            ErrorAt::Report(at) => format!("DiagnosticReport/{}", ids::report(id, at)),
            ErrorAt::Study(at) => format!("DiagnosticReport/{}", ids::study(id, at)),
            ErrorAt::Bill(at) => format!("ExplanationOfBenefit/{}", ids::benefit(id, at)),
            ErrorAt::SecondRecord => format!("Patient/{}", ids::duplicate(id)),
        };
        ErrorRow {
            kind: error.kind.to_owned(),
            label: if error.twin {
                Label::Harmless
            } else {
                Label::Harmful
            },
            patient: self.patient.clone(),
            resource,
            why: error.why.to_owned(),
        }
    }

    fn outbreak_cases(&self, truth: &mut Truth) {
        for (at, id) in &self.chart.outbreak_cases {
            let Some(encounter) = self.chart.encounters.get(*at) else {
                continue;
            };
            let day = encounter.start.day;
            truth.absorb(Truth {
                outbreaks: vec![OutbreakTruth {
                    outbreak: (*id).to_owned(),
                    weeks: vec![date_text(day - weekday(day))],
                    cases: vec![OutbreakCase {
                        patient: self.patient.clone(),
                        encounter: self.encounter(*at),
                        date: date_text(day),
                        class: encounter.visit.class.clone(),
                        code: encounter.reason.unwrap_or("").to_owned(),
                    }],
                    ..OutbreakTruth::default()
                }],
                ..Truth::default()
            });
        }
    }

    fn readmissions(&self, truth: &mut Truth) {
        for (at, encounter) in self.chart.encounters.iter().enumerate() {
            let Some(stay) = &encounter.stay else {
                continue;
            };
            let Some((index, before)) = stay
                .readmission_of
                .and_then(|i| self.chart.encounters.get(i).map(|e| (i, e)))
            else {
                continue;
            };
            truth.readmissions.push(Readmission {
                patient: self.patient.clone(),
                index: self.encounter(index),
                readmission: self.encounter(at),
                days: encounter.start.day - before.end.day,
                planned: stay.planned,
            });
        }
    }

    fn flaws(&self, truth: &mut Truth) {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let chart = self.chart;
        let flaws = &mut truth.flaws;
        let observations = &chart.observations;
        flaws.observation_without_unit += count(observations.iter().filter(|o| o.unitless).count());
        flaws.observation_without_date += count(observations.iter().filter(|o| o.undated).count());
        flaws.condition_without_code += count(chart.problems.iter().filter(|p| p.uncoded).count());
        flaws.condition_without_onset +=
            count(chart.problems.iter().filter(|p| p.onset.is_none()).count());
        let running = |e: &&crate::chart::Encounter<'_>| {
            e.stay.as_ref().is_some_and(|s| s.discharge.is_empty())
        };
        let open = chart.encounters.iter().filter(|e| e.open && !running(e));
        flaws.encounter_without_end += count(open.count());
    }

    fn uninsured(&self, truth: &mut Truth) {
        let person = &self.chart.person;
        let last = person.death.map_or(self.world.end, |d| d - 1);
        let mut day = self.world.start.max(person.birth);
        let plant = self.plant_id(&[PlantKind::Uninsured]);
        let mut gap = |from: Day, to: Day| {
            if from <= to {
                truth.uninsured.push(Uninsured {
                    patient: self.patient.clone(),
                    plant: plant.clone(),
                    from: date_text(from),
                    to: date_text(to),
                    at_end: to == self.world.end,
                });
            }
        };
        for spell in &self.chart.cover {
            gap(day, (spell.from - 1).min(last));
            day = spell.to.map_or(last + 1, |to| day.max(to + 1));
        }
        gap(day, last);
    }

    fn interactions(&self, truth: &mut Truth) {
        let end = self.world.end;
        let orders: Vec<(usize, &Order<'_>)> = self.chart.orders.iter().enumerate().collect();
        let harmless = self
            .chart
            .person
            .plant
            .is_some_and(|p| p.label == Label::Harmless);
        for (n, (at, a)) in orders.iter().enumerate() {
            for (other, b) in orders.iter().skip(n + 1) {
                let pair = (&a.medicine.ingredient, &b.medicine.ingredient);
                let Some(item) = self.world.content.interactions.item(pair.0, pair.1) else {
                    continue;
                };
                let both = a.running(end) && b.running(end);
                let twin = harmless && a.planted && b.planted;
                if !both && !twin {
                    continue;
                }
                let planted = a.planted && b.planted;
                let plant = self.plant_id(&[PlantKind::Interaction, PlantKind::Duplicate]);
                truth.interactions.push(InteractionTruth {
                    patient: self.patient.clone(),
                    plant: plant.filter(|_| planted),
                    label: if both {
                        Label::Harmful
                    } else {
                        Label::Harmless
                    },
                    item,
                    orders: [self.order(*at, a), self.order(*other, b)],
                });
            }
        }
    }

    fn allergies(&self, truth: &mut Truth) {
        let penicillin = |rxcui: &str| matches!(rxcui, "723" | "7984");
        for (number, allergy) in self.chart.allergies.iter().enumerate() {
            for (at, order) in self.chart.orders.iter().enumerate() {
                let rxcui = order.medicine.ingredient_rxcui.as_deref().unwrap_or("");
                let relation = match () {
                    () if rxcui == allergy.rxcui => "same-ingredient",
                    () if penicillin(rxcui) && penicillin(allergy.rxcui) => "same-class",
                    () => "other",
                };
                let counts =
                    relation != "other" && allergy.counts() && order.running(self.world.end);
                if !counts && !order.planted {
                    continue;
                }
                let Some(plant) = Some(self.plant_id(&[PlantKind::Allergy]))
                    .filter(|plant| counts || plant.is_some())
                else {
                    continue;
                };
                truth.allergy_conflicts.push(AllergyTruth {
                    patient: self.patient.clone(),
                    plant,
                    label: if counts {
                        Label::Harmful
                    } else {
                        Label::Harmless
                    },
                    allergy: format!(
                        "AllergyIntolerance/{}",
                        ids::allergy(&self.chart.person.id, number)
                    ),
                    relation,
                    order: self.order(at, order),
                });
            }
        }
    }

    fn metformin(&self, truth: &mut Truth) {
        let Some((seen, egfr, value)) = self.latest("egfr", Day::MIN, self.world.end) else {
            return;
        };
        let plant = self.plant_id(&[PlantKind::Renal]);
        for (at, order) in self.chart.orders.iter().enumerate() {
            if order.medicine.ingredient != "metformin" {
                continue;
            }
            let harmful = value < 30.0 && order.running(self.world.end);
            let twin = order.planted && plant.is_some();
            if !harmful && !twin {
                continue;
            }
            truth.renal_conflicts.push(RenalTruth {
                patient: self.patient.clone(),
                plant: plant.clone().filter(|_| order.planted),
                label: if harmful {
                    Label::Harmful
                } else {
                    Label::Harmless
                },
                order: self.order(at, order),
                egfr: self.observation(seen),
                egfr_value: value,
                egfr_date: date_text(egfr.at.day),
            });
        }
    }

    /// The last dated number of a measure within days: index, observation, value.
    fn latest(&self, measure: &str, from: Day, to: Day) -> Option<(usize, &Observation<'_>, f64)> {
        let all = self.chart.observations.iter().enumerate();
        all.filter(|(_, o)| o.measure.id == measure && !o.undated && !o.void)
            .filter(|(_, o)| (from..=to).contains(&o.at.day))
            .filter_map(|(at, o)| match o.value {
                Value::Number(number) => Some((at, o, number.value())),
                _ => None,
            })
            .max_by_key(|(at, o, _)| (o.at, *at))
    }

    fn listed(&self, condition: &str) -> bool {
        let mut problems = self.chart.problems.iter();
        problems.any(|p| {
            let proper = p.state.is_some_and(|s| s.proper);
            p.condition == Some(condition) && p.abatement.is_none() && proper
        })
    }

    fn gaps(&self, truth: &mut Truth) {
        let age = crate::calendar::age_years(self.chart.person.birth, self.world.end);
        if self.listed("diabetes") && (18..=75).contains(&age) {
            self.sugar_gap(truth);
        }
        if self.listed("hypertension") && (18..=85).contains(&age) {
            self.pressure_gap(truth);
        }
        if (45..=75).contains(&age) {
            self.colorectal_gap(truth);
        }
        let content = &self.world.content;
        let chronic = content
            .diseases
            .iter()
            .any(|d| d.registry && self.listed(&d.id));
        if chronic {
            self.lapse(truth);
        }
    }

    fn gap(&self, gap: &'static str, evidence: Option<(String, Day)>) -> CareGap {
        let plant = self.plant_id(&[PlantKind::CareGap]);
        let (evidence, since) = evidence.map(|(e, d)| (e, date_text(d))).unzip();
        CareGap {
            patient: self.patient.clone(),
            plant,
            gap,
            evidence,
            since,
        }
    }

    fn year_ago(&self) -> Day {
        self.world.end - 364
    }

    fn sugar_gap(&self, truth: &mut Truth) {
        let last = self.latest("hba1c", Day::MIN, self.world.end);
        let evidence = last.map(|(at, o, _)| (self.observation(at), o.at.day));
        match last {
            Some((_, o, value)) if o.at.day >= self.year_ago() => {
                if value > 9.0 {
                    truth.care_gaps.push(self.gap("hba1c-above-9", evidence));
                }
            }
            _ => truth.care_gaps.push(self.gap("hba1c-missing", evidence)),
        }
    }

    fn pressure_gap(&self, truth: &mut Truth) {
        let all = self.chart.observations.iter().enumerate();
        let last = all
            .filter(|(_, o)| !o.undated)
            .filter_map(|(at, o)| match o.value {
                Value::Pressure(systolic, diastolic) => Some((at, o, systolic, diastolic)),
                _ => None,
            })
            .max_by_key(|(at, o, _, _)| (o.at, *at));
        let evidence = last.map(|(at, o, _, _)| (self.observation(at), o.at.day));
        match last {
            Some((_, o, systolic, diastolic)) if o.at.day >= self.year_ago() => {
                if systolic >= 140 || diastolic >= 90 {
                    truth
                        .care_gaps
                        .push(self.gap("blood-pressure-uncontrolled", evidence));
                }
            }
            _ => truth
                .care_gaps
                .push(self.gap("blood-pressure-missing", evidence)),
        }
    }

    fn colorectal_gap(&self, truth: &mut Truth) {
        let rules = &self.world.content.prevention.colorectal;
        let within = |day: Day, years: i32| day > self.world.end - years * 365 - years / 4;
        let done = self.chart.procedures.iter().any(|p| match p.code {
            ProcedureCode::Hcpcs("G0328", _) => within(p.day, rules.stool_test_years),
            ProcedureCode::Hcpcs(_, _) => within(p.day, rules.colonoscopy_years),
            ProcedureCode::Pcs(_, _) => false,
        });
        if !done {
            let last = self.chart.procedures.iter().enumerate().rev();
            let last = last
                .filter(|(_, p)| matches!(p.code, ProcedureCode::Hcpcs(..)))
                .map(|(at, p)| {
                    (
                        format!("Procedure/{}", ids::procedure(&self.chart.person.id, at)),
                        p.day,
                    )
                });
            truth
                .care_gaps
                .push(self.gap("colorectal-overdue", last.max_by_key(|(_, day)| *day)));
        }
    }

    fn lapse(&self, truth: &mut Truth) {
        let last = self
            .chart
            .encounters
            .iter()
            .enumerate()
            .max_by_key(|(_, e)| e.start);
        let seen = last.is_some_and(|(_, e)| e.start.day >= self.year_ago());
        if !seen {
            let evidence = last.map(|(at, e)| (self.encounter(at), e.start.day));
            truth.care_gaps.push(self.gap("lapsed", evidence));
        }
    }

    fn kidney(&self, truth: &mut Truth) {
        if !self.listed("ckd") {
            return;
        }
        let year = self.year_ago();
        let after = self.latest("egfr", year, self.world.end);
        let before = self.latest("egfr", year - 365, year - 1);
        let (Some((before, _, old)), Some((after, _, new))) = (before, after) else {
            return;
        };
        let stage = |egfr: f64| self.world.content.kidney_stage(egfr);
        let (Some((from, old)), Some((to, new))) = (stage(old), stage(new)) else {
            return;
        };
        truth.kidney.push(KidneyTruth {
            patient: self.patient.clone(),
            plant: self.plant_id(&[PlantKind::KidneyDecline]),
            before: self.observation(before),
            before_stage: old.name.clone(),
            after: self.observation(after),
            after_stage: new.name.clone(),
            worsened: to > from,
        });
    }

    fn registries(&self, truth: &mut Truth) {
        for disease in self.world.content.diseases.iter().filter(|d| d.registry) {
            if self.listed(&disease.id) {
                let list = truth.registries.entry(disease.id.clone()).or_default();
                list.push(self.patient.clone());
            }
        }
    }
}
