/*
order = 3
title = "Stage worsened within 12 months"
kind = "share"
direction = "lower"
strata = true
meaning = "Of the people whose disease can be staged now and a year ago, how many are worse."
denominator = "Registry patients with a stage in the period and one in the 12 months before: CKD by eGFR, diabetes by HbA1c, depression by PHQ-9."
numerator = "CKD: a worse G category and an eGFR at least 25 % lower. Diabetes: a higher HbA1c band (below 7, 7, 8, above 9 %). Depression: a higher PHQ-9 band (5, 10, 15, 20)."
source = "KDIGO 2024 (drop in category with 25 % or more); ADA Standards of Care 2025, section 6; Kroenke K et al., J Gen Intern Med 2001;16:606 (PHQ-9 bands)"
url = "https://kdigo.org/guidelines/ckd-evaluation-and-management/"

[[needs]]
view = "report_registries"
where = "registry IN ('Chronic kidney disease', 'Diabetes', 'Depression')"
missing = "nobody in the CKD, diabetes or depression registry"
*/
WITH staged AS (
    SELECT patient, 'Chronic kidney disease' AS registry, date, egfr AS value, stage_rank AS band, stage AS label, resource_type, id
    FROM report_kidney
    UNION ALL
    SELECT patient, 'Diabetes', date, value, CASE WHEN value < 7 THEN 1 WHEN value < 8 THEN 2 WHEN value <= 9 THEN 3 ELSE 4 END,
           concat('HbA1c ', round(value, 1), ' %'), resource_type, id
    FROM report_measurements WHERE set_name = 'hba1c' AND value BETWEEN 3 AND 25
    UNION ALL
    SELECT patient, 'Depression', date, value,
           CASE WHEN value < 5 THEN 1 WHEN value < 10 THEN 2 WHEN value < 15 THEN 3 WHEN value < 20 THEN 4 ELSE 5 END,
           concat('PHQ-9 ', round(value)), resource_type, id
    FROM report_measurements WHERE set_name = 'phq-9' AND value BETWEEN 0 AND 27
),
ranked AS (
    SELECT s.*, date >= $period_start AS recent,
           row_number() OVER (PARTITION BY patient, registry, date >= $period_start ORDER BY date DESC, id) AS place
    FROM staged s
    WHERE date BETWEEN $lookback_start AND $period_end
),
judged AS (
    SELECT n.patient, n.registry,
           n.band > b.band AND (n.registry <> 'Chronic kidney disease' OR n.value <= 0.75 * b.value) AS numerator,
           n.resource_type AS now_type, n.id AS now_id, n.date AS now_date, n.label AS now_label,
           b.resource_type AS before_type, b.id AS before_id, b.date AS before_date, b.label AS before_label
    FROM ranked n
    JOIN ranked b ON b.patient = n.patient AND b.registry = n.registry AND b.place = 1 AND NOT b.recent
    JOIN (SELECT DISTINCT patient, registry FROM report_registries) r ON r.patient = n.patient AND r.registry = n.registry
    WHERE n.recent AND n.place = 1
)
SELECT patient, concat(patient, ' ', registry) AS subject, registry AS stratum, numerator, now_type AS evidence_type,
       now_id AS evidence_id, now_date AS date, concat('now: ', now_label) AS detail
FROM judged
UNION ALL
SELECT patient, concat(patient, ' ', registry), registry, numerator, before_type, before_id, before_date, concat('before: ', before_label)
FROM judged
