/*
order = 4
title = "Unplanned readmission within 30 days"
kind = "share"
direction = "lower"
subject = "hospital stays"
meaning = "Of the people sent home from hospital, how many were back in a bed within 30 days without that being the plan."
denominator = "Acute inpatient stays of adults that ended alive in the period, at least 30 days before its end; stays that follow each other within a day are one."
numerator = "Another unplanned inpatient stay that starts 1 to 30 days after the discharge; maintenance chemotherapy, rehabilitation, device care and delivery count as planned."
source = "NCQA Plan All-Cause Readmissions (HEDIS 2024) and CMS Planned Readmission Algorithm v4.0 (2021), simplified to the reason of admission; not risk-adjusted"
url = "https://www.ncqa.org/hedis/measures/plan-all-cause-readmissions/"

[[needs]]
view = "report_visits"
where = "class IN ('IMP', 'ACUTE') AND end_date BETWEEN $period_start AND $period_end"
missing = "no inpatient stay (class IMP or ACUTE) that ended in the period"
*/
WITH stays AS (
    SELECT v.patient, v.resource_type, v.id, v.start_date, v.end_date, coalesce(v.reason_display, v.type_display) AS reason,
           s.code IS NOT NULL AS planned,
           lead(v.start_date) OVER (PARTITION BY v.patient ORDER BY v.start_date, v.end_date, v.id) AS next_start
    FROM report_visits v
    JOIN report_patients p ON p.patient = v.patient
    LEFT JOIN report_reason_sets s ON s.set_name = 'planned-care' AND s.code = v.reason_code
    WHERE v.class IN ('IMP', 'ACUTE') AND v.end_date IS NOT NULL
      AND (p.birth_date IS NULL OR p.birth_date <= v.start_date - INTERVAL '18 years')
      AND (p.death_date IS NULL OR p.death_date > v.end_date)
      AND coalesce(v.discharge_disposition, '') <> 'exp'
),
discharges AS (
    SELECT * FROM stays
    WHERE end_date BETWEEN $period_start AND $period_end - INTERVAL '30 days'
      AND (next_start IS NULL OR CAST(next_start AS INT) - CAST(end_date AS INT) > 1)
),
returns AS (
    SELECT d.id AS index_id, s.resource_type, s.id, s.start_date, s.reason
    FROM discharges d
    JOIN stays s ON s.patient = d.patient AND s.id <> d.id
    WHERE CAST(s.start_date AS INT) - CAST(d.end_date AS INT) BETWEEN 1 AND 30 AND NOT s.planned
)
SELECT d.patient, d.id AS subject, r.index_id IS NOT NULL AS numerator,
       d.resource_type AS evidence_type, d.id AS evidence_id, d.end_date AS date, concat('discharged: ', d.reason) AS detail
FROM discharges d
LEFT JOIN (SELECT DISTINCT index_id FROM returns) r ON r.index_id = d.id
UNION ALL
SELECT d.patient, d.id, TRUE, r.resource_type, r.id, r.start_date, concat('back in hospital: ', r.reason)
FROM returns r JOIN discharges d ON d.id = r.index_id
