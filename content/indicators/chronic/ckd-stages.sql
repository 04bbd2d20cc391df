/*
order = 2
title = "Chronic kidney disease by G stage"
kind = "ranking"
unit = "patients"
sort = "label"
direction = "none"
meaning = "How far the kidney disease of the people in the registry has gone."
numerator = "Patients of the CKD registry by the stage of their last eGFR (CKD-EPI 2021, computed from creatinine, age and sex where it is not reported)."
denominator = "Living patients of the CKD registry."
source = "KDIGO 2024 Clinical Practice Guideline for CKD, table 1 (G stages); CKD-EPI 2021, Inker LA et al., NEJM 2021;385:1737"
url = "https://kdigo.org/guidelines/ckd-evaluation-and-management/"

[[needs]]
view = "report_registries"
where = "registry = 'Chronic kidney disease'"
missing = "nobody in the CKD registry: no diagnosis with a known code, and no two eGFR below 60 at least 90 days apart"
*/
SELECT r.patient, coalesce(k.stage, 'no eGFR on record') AS label, coalesce(k.resource_type, r.resource_type) AS evidence_type,
       coalesce(k.id, r.id) AS evidence_id, coalesce(k.date, r.date) AS date,
       coalesce(concat('eGFR ', round(k.egfr), ' (', k.method, ')'), r.detail) AS detail
FROM report_registries r
LEFT JOIN report_kidney k ON k.patient = r.patient AND k.newest = 1
WHERE r.registry = 'Chronic kidney disease'
