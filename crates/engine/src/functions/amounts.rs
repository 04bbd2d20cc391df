//! What a claim cost: from adjudications and totals to five amounts.
//!
//! Rules, in the words of CARIN Blue Button (<http://hl7.org/fhir/us/carin-bb>, value set
//! C4BBAdjudication), of HL7's adjudication codes
//! (<http://terminology.hl7.org/CodeSystem/adjudication>) and of CMS's Blue Button 2.0
//! variables (<https://bluebutton.cms.gov/resources/variables/>):
//!
//! - `submitted`: `submitted`, or the charge variables of CMS.
//! - `allowed`: `eligible` or `allowed`, `line_alowd_chrg_amt`; for a pharmacy event the
//!   gross drug cost. Where none is told: paid + patient's share, if both are told.
//! - `paid` (by the plan): `benefit`; else `paidtoprovider` + `paidtopatient`.
//! - `patient_paid` (the patient's share): `memberliability`; else `paidbypatient`; else
//!   `deductible` + `coinsurance` + `copay`.
//! - `noncovered`: `noncovered`.
//!
//! One adjudication counts once, however many codings it has. Nothing told is null, not 0.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Builder, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::Result;
use datafusion::logical_expr::ColumnarValue;

use super::function::{Function, array};
use super::nested::{Lists, Numbers, Text, child};

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new(
            "adjudication_amounts",
            &[1],
            |_| Ok(amounts_type()),
            of_adjudications,
        ),
        Function::new("claim_amounts", &[4], |_| Ok(amounts_type()), of_claims),
        Function::new("billed_amounts", &[2], |_| Ok(amounts_type()), of_bills),
    ]
}

const NAMES: [&str; 5] = ["submitted", "allowed", "paid", "patient_paid", "noncovered"];

fn fields() -> Fields {
    NAMES
        .iter()
        .map(|name| Field::new(*name, DataType::Float64, true))
        .collect()
}

fn amounts_type() -> DataType {
    DataType::Struct(fields())
}

/// What one adjudication or total is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Submitted,
    Allowed,
    DrugCost,
    Benefit,
    ToProvider,
    ToPatient,
    Liability,
    ByPatient,
    Deductible,
    Coinsurance,
    Copay,
    NonCovered,
}

const ROLES: usize = 12;

/// Where CMS's variables are named as codes: the part after the last `/`.
fn role(code: &str) -> Option<Role> {
    let variable = code.rsplit_once('/').map_or(code, |(_, variable)| variable);
    Some(match variable {
        "submitted"
        | "line_sbmtd_chrg_amt"
        | "rev_cntr_tot_chrg_amt"
        | "clm_tot_chrg_amt"
        | "nch_carr_clm_sbmtd_chrg_amt" => Role::Submitted,
        "eligible" | "allowed" | "line_alowd_chrg_amt" | "nch_carr_clm_alowd_amt" => Role::Allowed,
        "drugcost" | "tot_rx_cst_amt" => Role::DrugCost,
        "benefit" | "line_nch_pmt_amt" | "rev_cntr_pmt_amt_amt" | "cvrd_d_plan_pd_amt" => {
            Role::Benefit
        }
        "paidtoprovider" | "line_prvdr_pmt_amt" | "rev_cntr_prvdr_pmt_amt" => Role::ToProvider,
        "paidtopatient" | "line_bene_pmt_amt" | "rev_cntr_bene_pmt_amt" => Role::ToPatient,
        "memberliability" | "rev_cntr_ptnt_rspnsblty_pmt" => Role::Liability,
        "paidbypatient" | "ptnt_pay_amt" => Role::ByPatient,
        "deductible" | "line_bene_ptb_ddctbl_amt" | "rev_cntr_cash_ddctbl_amt" => Role::Deductible,
        "coinsurance" | "line_coinsrnc_amt" | "rev_cntr_coinsrnc_wge_adjstd_c" => Role::Coinsurance,
        "copay" => Role::Copay,
        "noncovered" | "rev_cntr_ncvrd_chrg_amt" => Role::NonCovered,
        _ => return None,
    })
}

/// Sums per role.
#[derive(Clone, Copy, Default)]
struct Sums([Option<f64>; ROLES]);

impl Sums {
    // Money as f64: FHIR decimals of a claim have two digits, and sums of them stay exact
    // to the cent below 2^53 cents.
    fn add(&mut self, role: Role, amount: f64) {
        if let Some(sum) = self.0.get_mut(role as usize) {
            *sum = Some(sum.unwrap_or(0.0) + amount);
        }
    }

    fn get(&self, role: Role) -> Option<f64> {
        self.0.get(role as usize).copied().flatten()
    }

    fn sum(&self, roles: &[Role]) -> Option<f64> {
        let told = roles.iter().filter_map(|&role| self.get(role));
        told.fold(None, |sum, amount| Some(sum.unwrap_or(0.0) + amount))
    }

    fn told(&self) -> Amounts {
        let paid = self
            .get(Role::Benefit)
            .or_else(|| self.sum(&[Role::ToProvider, Role::ToPatient]));
        let patient_paid = self
            .get(Role::Liability)
            .or_else(|| self.get(Role::ByPatient))
            .or_else(|| self.sum(&[Role::Deductible, Role::Coinsurance, Role::Copay]));
        Amounts {
            submitted: self.get(Role::Submitted),
            allowed: self.get(Role::Allowed).or_else(|| self.get(Role::DrugCost)),
            paid,
            patient_paid,
            noncovered: self.get(Role::NonCovered),
        }
    }
}

/// The five amounts of a line or a claim.
#[derive(Clone, Copy, Default)]
struct Amounts {
    submitted: Option<f64>,
    allowed: Option<f64>,
    paid: Option<f64>,
    patient_paid: Option<f64>,
    noncovered: Option<f64>,
}

impl Amounts {
    fn or(self, other: Self) -> Self {
        Self {
            submitted: self.submitted.or(other.submitted),
            allowed: self.allowed.or(other.allowed),
            paid: self.paid.or(other.paid),
            patient_paid: self.patient_paid.or(other.patient_paid),
            noncovered: self.noncovered.or(other.noncovered),
        }
    }

    fn plus(self, other: Self) -> Self {
        let add = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        Self {
            submitted: add(self.submitted, other.submitted),
            allowed: add(self.allowed, other.allowed),
            paid: add(self.paid, other.paid),
            patient_paid: add(self.patient_paid, other.patient_paid),
            noncovered: add(self.noncovered, other.noncovered),
        }
    }

    fn with_allowed_from_shares(mut self) -> Self {
        if let (None, Some(paid), Some(share)) = (self.allowed, self.paid, self.patient_paid) {
            self.allowed = Some(paid + share);
        }
        self
    }
}

/// A column of adjudications or totals: lists of `{category{coding[]}, amount{value}}`.
struct Adjudications<'a> {
    list: Lists<'a>,
    codings: Lists<'a>,
    code: Text<'a>,
    value: Numbers<'a>,
}

impl<'a> Adjudications<'a> {
    fn of(list: Lists<'a>) -> Self {
        let codings = Lists::field(child(list.items, "category"), "coding");
        let code = Text::field(codings.items, "code");
        let value = Numbers::field(child(list.items, "amount"), "value");
        Self {
            list,
            codings,
            code,
            value,
        }
    }

    fn row(&self, row: usize) -> Amounts {
        let mut sums = Sums::default();
        for place in self.list.row(row) {
            let Some(amount) = self.value.get(place) else {
                continue;
            };
            let codes = self
                .codings
                .row(place)
                .filter_map(|coding| self.code.get(coding));
            if let Some(role) = codes.filter_map(role).next() {
                sums.add(role, amount);
            }
        }
        sums.told()
    }
}

/// `adjudication_amounts(adjudication)`, for one line of a claim.
fn of_adjudications(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let values = array(args, 0, rows)?;
    let adjudications = Adjudications::of(Lists::of(&values));
    amounts_array(
        values.len(),
        (0..values.len()).map(|row| adjudications.row(row).with_allowed_from_shares()),
    )
}

/// `claim_amounts(total, adjudication, item, payment)`: each amount from the first of the
/// payment's amount (paid only), the totals, the adjudication of the whole claim, the sum
/// over the items (where their adjudication is silent about the charge: their net).
fn of_claims(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let total = array(args, 0, rows)?;
    let header = array(args, 1, rows)?;
    let item = array(args, 2, rows)?;
    let payment = array(args, 3, rows)?;
    let payment = Numbers::of(&payment);
    let totals = Adjudications::of(Lists::of(&total));
    let headers = Adjudications::of(Lists::of(&header));
    let items = Lists::of(&item);
    let lines = Adjudications::of(Lists::field(items.items, "adjudication"));
    let net = Numbers::field(child(items.items, "net"), "value");
    let of_row = |row: usize| {
        let lines = items.row(row).map(|line| {
            let mut amounts = lines.row(line).with_allowed_from_shares();
            amounts.submitted = amounts.submitted.or_else(|| net.get(line));
            amounts
        });
        let lines = lines.fold(Amounts::default(), Amounts::plus);
        let paid = Amounts {
            paid: payment.get(row),
            ..Amounts::default()
        };
        paid.or(totals.row(row))
            .or(headers.row(row))
            .or(lines)
            .with_allowed_from_shares()
    };
    amounts_array(rows, (0..rows).map(of_row))
}

/// `billed_amounts(total, item)`, for a claim that is not adjudicated: its total, else the
/// sum of the items' net, as `submitted`; the others are null.
fn of_bills(args: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let total = array(args, 0, rows)?;
    let item = array(args, 1, rows)?;
    let (total, items) = (Numbers::of(&total), Lists::of(&item));
    let net = Numbers::field(child(items.items, "net"), "value");
    let of_row = |row: usize| {
        let lines = items.row(row).filter_map(|line| net.get(line));
        let lines = lines.fold(None, |sum, amount| Some(sum.unwrap_or(0.0) + amount));
        Amounts {
            submitted: total.get(row).or(lines),
            ..Amounts::default()
        }
    };
    amounts_array(rows, (0..rows).map(of_row))
}

fn amounts_array(rows: usize, amounts: impl Iterator<Item = Amounts>) -> Result<ArrayRef> {
    let mut columns: [Float64Builder; 5] =
        std::array::from_fn(|_| Float64Builder::with_capacity(rows));
    for row in amounts {
        let values = [
            row.submitted,
            row.allowed,
            row.paid,
            row.patient_paid,
            row.noncovered,
        ];
        for (column, value) in columns.iter_mut().zip(values) {
            column.append_option(value);
        }
    }
    let columns = columns
        .iter_mut()
        .map(|column| Arc::new(column.finish()) as ArrayRef)
        .collect();
    Ok(Arc::new(StructArray::try_new(fields(), columns, None)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cms_variable_has_the_role_of_its_hl7_code() {
        let url = "https://bluebutton.cms.gov/resources/variables/line_alowd_chrg_amt";
        assert_eq!(role(url), Some(Role::Allowed));
        assert_eq!(role("eligible"), Some(Role::Allowed));
        assert_eq!(role("line_prcsg_ind_cd"), None);
    }

    #[test]
    fn a_benefit_is_not_added_to_the_payments_it_is_made_of() {
        let mut sums = Sums::default();
        sums.add(Role::Benefit, 80.0);
        sums.add(Role::ToProvider, 80.0);
        sums.add(Role::Coinsurance, 20.0);
        let amounts = sums.told().with_allowed_from_shares();
        assert_eq!(amounts.paid, Some(80.0));
        assert_eq!(amounts.allowed, Some(100.0));
        assert_eq!(amounts.submitted, None);
    }
}
