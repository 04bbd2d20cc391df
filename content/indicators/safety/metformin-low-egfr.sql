/*
order = 3
title = "Metformin with eGFR below 30"
kind = "share"
direction = "lower"
meaning = "Patients on metformin although their kidneys no longer clear it."
denominator = "Living patients with active metformin and an eGFR on record."
numerator = "Last eGFR below 30 mL/min/1.73 m²."
unknown = "take metformin but have no eGFR and no creatinine on record"
source = "FDA Drug Safety Communication 2016-04-08 and US metformin label, section 4 (contraindicated below 30); KDIGO 2022 Diabetes in CKD"
url = "https://www.fda.gov/drugs/drug-safety-and-availability/fda-drug-safety-communication-fda-revises-warnings-regarding-use-diabetes-medicine-metformin-certain"

[[needs]]
view = "report_medicines"
where = "ingredient_code = '6809'"
missing = "no active metformin in the records"

[[needs]]
view = "report_kidney"
missing = "no eGFR and no creatinine with a number in the records"
*/
WITH judged AS (
    SELECT m.patient, m.resource_type, m.id, m.start_date, m.display, k.egfr < 30 AS numerator,
           k.egfr, k.date, k.method, k.resource_type AS egfr_type, k.id AS egfr_id
    FROM report_medicines m
    LEFT JOIN report_kidney k ON k.patient = m.patient AND k.newest = 1
    WHERE m.ingredient_code = '6809'
)
SELECT patient, numerator, resource_type AS evidence_type, id AS evidence_id, start_date AS date, display AS detail FROM judged
UNION ALL
SELECT patient, numerator, egfr_type, egfr_id, date, concat('eGFR ', round(egfr), ' (', method, ')')
FROM judged WHERE egfr IS NOT NULL
