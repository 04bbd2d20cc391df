//! Claim and ExplanationOfBenefit, CARIN Blue Button shaped.

use super::places::{diagnosis, location_id, organization_id, payer_id, practitioner_id};
use super::systems::{DRG, HCPCS, PLACE_OF_SERVICE, RXNORM};
use super::{Emitter, Kind, hl7, hl7_body, ids, money, reference, subject};
use crate::calendar::Moment;
use crate::chart::{Bill, BillKind, Chart, Line};
use crate::content::{Admission, Denial};
use crate::json::Json;
use crate::world::World;

/// Claim adjustment reason codes of X12.
const ADJUSTMENT_REASON: &str = "https://x12.org/codes/claim-adjustment-reason-codes";

/// Prefix of CARIN Blue Button code systems.
const C4BB: &str = "http://hl7.org/fhir/us/carin-bb/CodeSystem/";

impl<'w> Emitter<'w> {
    /// Every bill gives a Claim, except a pharmacy's; with cover it gives an ExplanationOfBenefit.
    pub(super) fn bills(&mut self, chart: &Chart<'w>) {
        for (index, bill) in chart.bills.iter().enumerate() {
            if bill.kind != BillKind::Pharmacy {
                self.claim(chart, index, bill);
            }
            if bill.spell.is_some() {
                self.benefit(chart, index, bill);
            }
        }
    }

    fn claim(&mut self, chart: &Chart<'w>, index: usize, bill: &Bill<'w>) {
        let world = self.world;
        let id = ids::claim(&chart.person.id, index);
        self.put(Kind::Claim, &id, None, |j| {
            j.str("status", "active");
            hl7(j, "type", "claim-type", claim_type(bill.kind));
            j.str("use", "claim");
            subject(j, "patient", chart, bill.encounter);
            period(j, bill);
            j.date("created", bill.sent);
            provider(j, world, chart, bill);
            hl7(j, "priority", "processpriority", "normal");
            related(j, chart, bill);
            diagnoses(j, world, chart, bill);
            insurance(j, chart, bill, true);
            items(j, chart, bill, false);
            money(j, "total", bill.lines.iter().map(|l| l.submitted).sum());
        })
    }

    fn benefit(&mut self, chart: &Chart<'w>, index: usize, bill: &Bill<'w>) {
        let world = self.world;
        let id = ids::benefit(&chart.person.id, index);
        let profile = [
            "http://hl7.org/fhir/us/carin-bb/StructureDefinition/",
            profile(bill.kind),
        ];
        self.put(
            Kind::ExplanationOfBenefit,
            &id,
            Some(&profile.concat()),
            |j| {
                j.one("identifier", |j| {
                    j.obj("type", |j| {
                        j.one("coding", |j| {
                            j.parts("system", &[C4BB, "C4BBIdentifierType"]);
                            j.str("code", "uc");
                        });
                    });
                    j.str("system", "https://salus.example/synth/claim");
                    j.str("value", &id);
                });
                j.str("status", "active");
                hl7(j, "type", "claim-type", claim_type(bill.kind));
                sub_type(j, bill.kind);
                j.str("use", "claim");
                subject(j, "patient", chart, benefit_encounter(chart, bill));
                period(j, bill);
                j.date_time(
                    "created",
                    Moment {
                        day: (bill.sent + 9).min(world.end),
                        minute: 600,
                    },
                );
                if let Some(spell) = bill.spell.and_then(|s| chart.cover.get(s)) {
                    reference(
                        j,
                        "insurer",
                        "Organization",
                        &payer_id(world, &spell.plan.id),
                    );
                }
                provider(j, world, chart, bill);
                if bill.kind != BillKind::Pharmacy {
                    let claim = ids::claim(&chart.person.id, index);
                    reference(j, "claim", "Claim", &claim);
                }
                related(j, chart, bill);
                j.str("outcome", "complete");
                if let Some(denial) = bill.denied {
                    j.parts("disposition", &["Denied: ", &denial.text]);
                }
                supporting(j, chart, bill);
                diagnoses(j, world, chart, bill);
                insurance(j, chart, bill, false);
                items(j, chart, bill, true);
                totals(j, bill);
                payment(j, world, bill);
            },
        )
    }
}

fn claim_type(kind: BillKind) -> &'static str {
    match kind {
        BillKind::Professional => "professional",
        BillKind::Outpatient | BillKind::Inpatient => "institutional",
        BillKind::Pharmacy => "pharmacy",
    }
}

fn profile(kind: BillKind) -> &'static str {
    match kind {
        BillKind::Professional => "C4BB-ExplanationOfBenefit-Professional-NonClinician",
        BillKind::Outpatient => "C4BB-ExplanationOfBenefit-Outpatient-Institutional",
        BillKind::Inpatient => "C4BB-ExplanationOfBenefit-Inpatient-Institutional",
        BillKind::Pharmacy => "C4BB-ExplanationOfBenefit-Pharmacy",
    }
}

fn sub_type(j: &mut Json, kind: BillKind) {
    let code = match kind {
        BillKind::Inpatient => "inpatient",
        BillKind::Outpatient => "outpatient",
        BillKind::Professional | BillKind::Pharmacy => return,
    };
    j.obj("subType", |j| {
        j.one("coding", |j| {
            j.parts("system", &[C4BB, "C4BBInstitutionalClaimSubType"]);
            j.str("code", code);
        });
    });
}

fn period(j: &mut Json, bill: &Bill<'_>) {
    j.obj("billablePeriod", |j| {
        j.date("start", bill.from);
        j.date("end", bill.to);
    });
}

/// The encounter behind a bill, through the order for a fill.
fn benefit_encounter(chart: &Chart<'_>, bill: &Bill<'_>) -> Option<usize> {
    let dispense = || bill.dispense.and_then(|d| chart.dispenses.get(d));
    let order = || dispense().and_then(|d| chart.orders.get(d.order));
    bill.encounter.or_else(|| order().map(|o| o.encounter))
}

fn provider(j: &mut Json, world: &World, chart: &Chart<'_>, bill: &Bill<'_>) {
    let encounter = bill.encounter.and_then(|e| chart.encounters.get(e));
    let pharmacy = bill
        .dispense
        .and_then(|d| chart.dispenses.get(d))
        .map(|d| d.pharmacy);
    let facility = encounter.map(|e| e.facility).or(pharmacy).unwrap_or(0);
    reference(
        j,
        "provider",
        "Organization",
        &organization_id(world, facility),
    );
    let Some(encounter) = encounter else { return };
    if bill.kind != BillKind::Professional {
        reference(j, "facility", "Location", &location_id(world, facility));
    }
    j.one("careTeam", |j| {
        j.int("sequence", 1);
        let id = practitioner_id(world, encounter.practitioner);
        reference(j, "provider", "Practitioner", &id);
        hl7(j, "role", "claimcareteamrole", "primary");
    });
}

/// Diagnosis-related group and discharge of an inpatient claim.
fn supporting(j: &mut Json, chart: &Chart<'_>, bill: &Bill<'_>) {
    let stay = bill
        .encounter
        .and_then(|e| chart.encounters.get(e))
        .and_then(|e| e.stay.as_ref());
    if let (Some(stay), BillKind::Inpatient) = (stay, bill.kind) {
        j.arr("supportingInfo", |j| j.item(|j| drg(j, stay.admission)));
    }
}

fn drg(j: &mut Json, admission: &Admission) {
    j.int("sequence", 1);
    j.obj("category", |j| {
        j.one("coding", |j| {
            j.parts("system", &[C4BB, "C4BBSupportingInfoType"]);
            j.str("code", "drg");
        });
    });
    super::concept(j, "code", DRG, &admission.drg, &admission.drg_display);
}

fn diagnoses(j: &mut Json, world: &World, chart: &Chart<'_>, bill: &Bill<'_>) {
    let Some(encounter) = bill.encounter.and_then(|e| chart.encounters.get(e)) else {
        return;
    };
    if encounter.reason.is_none() {
        return;
    }
    j.arr("diagnosis", |j| {
        let codes = encounter.reason.iter().chain(&encounter.secondary);
        for (sequence, code) in (1..).zip(codes) {
            j.item(|j| {
                j.int("sequence", sequence);
                diagnosis(j, world, "diagnosisCodeableConcept", code);
                j.arr("type", |j| {
                    j.item(|j| {
                        if sequence == 1 {
                            hl7_body(j, "ex-diagnosistype", "principal");
                        } else {
                            j.one("coding", |j| {
                                j.parts("system", &[C4BB, "C4BBClaimDiagnosisType"]);
                                j.str("code", "secondary");
                            });
                        }
                    });
                });
            });
        }
    });
}

fn insurance(j: &mut Json, chart: &Chart<'_>, bill: &Bill<'_>, claim: bool) {
    j.one("insurance", |j| {
        if claim {
            j.int("sequence", 1);
        }
        j.bool("focal", true);
        match bill.spell {
            Some(spell) => {
                reference(
                    j,
                    "coverage",
                    "Coverage",
                    &ids::coverage(&chart.person.id, spell),
                );
            }
            None => j.obj("coverage", |j| {
                j.str("display", "Self-pay: no cover on this day")
            }),
        }
    });
}

fn items(j: &mut Json, chart: &Chart<'_>, bill: &Bill<'_>, adjudicated: bool) {
    j.arr("item", |j| {
        for (sequence, line) in (1..).zip(&bill.lines) {
            j.item(|j| {
                j.int("sequence", sequence);
                if bill.encounter.is_some() {
                    // The principal diagnosis.
                    j.numbers("diagnosisSequence", &[1]);
                }
                service(j, line);
                if bill.from == bill.to {
                    j.date("servicedDate", bill.from);
                } else {
                    j.obj("servicedPeriod", |j| {
                        j.date("start", bill.from);
                        j.date("end", bill.to);
                    });
                }
                j.obj("locationCodeableConcept", |j| {
                    j.one("coding", |j| {
                        j.str("system", PLACE_OF_SERVICE);
                        j.str("code", bill.place);
                    });
                });
                j.obj("quantity", |j| j.int("value", line.quantity));
                money(j, "net", line.submitted);
                if let Some(encounter) = bill.encounter {
                    j.arr("encounter", |j| {
                        j.item(|j| {
                            let id = ids::encounter(&chart.person.id, encounter);
                            super::reference_body(j, "Encounter", &id);
                        });
                    });
                }
                if adjudicated {
                    adjudications(j, line, bill.denied);
                }
            });
        }
    });
}

fn service(j: &mut Json, line: &Line<'_>) {
    if !line.category.is_empty() {
        hl7(j, "category", "ex-benefitcategory", line.category);
    }
    j.obj("productOrService", |j| {
        if let Some((system, code)) = line.code {
            let system = if system == "rxnorm" { RXNORM } else { HCPCS };
            j.one("coding", |j| super::coding_body(j, system, code, line.text));
        }
        j.str("text", line.text);
    });
}

/// The claim that a claim sends again.
fn related(j: &mut Json, chart: &Chart<'_>, bill: &Bill<'_>) {
    let Some(before) = bill.again else { return };
    j.one("related", |j| {
        let claim = ids::claim(&chart.person.id, before);
        reference(j, "claim", "Claim", &claim);
        hl7(j, "relationship", "ex-relatedclaimrelationship", "prior");
    });
}

/// Why a line was denied, by its adjustment reason code.
fn denial_reason(j: &mut Json, denial: &Denial) {
    j.obj("category", |j| {
        j.one("coding", |j| {
            j.parts("system", &[C4BB, "C4BBAdjudicationDiscriminator"]);
            j.str("code", "denialreason");
        });
    });
    j.obj("reason", |j| {
        super::concept_body(j, ADJUSTMENT_REASON, &denial.code, &denial.text);
    });
}

/// Amounts of a line. Parts of the patient's share that are nothing are left out.
fn adjudications(j: &mut Json, line: &Line<'_>, denied: Option<&Denial>) {
    let split = line.split;
    j.arr("adjudication", |j| {
        if let Some(denial) = denied {
            j.item(|j| denial_reason(j, denial));
            j.item(|j| {
                c4bb_adjudication(j, "noncovered");
                money(j, "amount", line.submitted);
            });
        }
        for (code, cents, always) in [
            ("submitted", line.submitted, true),
            ("eligible", line.allowed, true),
            ("deductible", split.deductible, false),
            ("copay", split.copay, false),
            ("benefit", split.paid, true),
        ] {
            if always || cents != 0 {
                j.item(|j| {
                    hl7(j, "category", "adjudication", code);
                    money(j, "amount", cents);
                });
            }
        }
        for (code, cents, always) in [
            ("coinsurance", split.coinsurance, false),
            ("memberliability", split.patient(), true),
        ] {
            if always || cents != 0 {
                j.item(|j| {
                    c4bb_adjudication(j, code);
                    money(j, "amount", cents);
                });
            }
        }
    });
}

fn c4bb_adjudication(j: &mut Json, code: &str) {
    j.obj("category", |j| {
        j.one("coding", |j| {
            j.parts("system", &[C4BB, "C4BBAdjudication"]);
            j.str("code", code);
        });
    });
}

fn totals(j: &mut Json, bill: &Bill<'_>) {
    let sum = |amount: fn(&Line<'_>) -> i64| bill.lines.iter().map(amount).sum::<i64>();
    j.arr("total", |j| {
        for (code, cents) in [
            ("submitted", sum(|l| l.submitted)),
            ("eligible", sum(|l| l.allowed)),
            ("benefit", sum(|l| l.split.paid)),
        ] {
            j.item(|j| {
                hl7(j, "category", "adjudication", code);
                money(j, "amount", cents);
            });
        }
        j.item(|j| {
            c4bb_adjudication(j, "memberliability");
            money(j, "amount", sum(|l| l.split.patient()));
        });
        if bill.denied.is_some() {
            j.item(|j| {
                c4bb_adjudication(j, "noncovered");
                money(j, "amount", sum(|l| l.submitted));
            });
        }
    });
}

fn payment(j: &mut Json, world: &World, bill: &Bill<'_>) {
    j.obj("payment", |j| {
        let status = if bill.denied.is_some() {
            "denied"
        } else {
            "paid"
        };
        j.obj("type", |j| {
            j.one("coding", |j| {
                j.parts("system", &[C4BB, "C4BBPayerClaimPaymentStatusCode"]);
                j.str("code", status);
            });
        });
        // Run-out of claims is not modelled: all are settled by the last day.
        j.date("date", (bill.sent + 12).min(world.end));
        money(j, "amount", bill.lines.iter().map(|l| l.split.paid).sum());
    });
}
