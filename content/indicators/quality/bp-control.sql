/*
order = 1
title = "Blood pressure controlled"
kind = "share"
direction = "higher"
meaning = "Of the adults with hypertension who were seen this year, how many had a blood pressure below 140/90 at their last reading."
denominator = "Patients aged 18 to 85 with essential hypertension known by the middle of the period and at least one outpatient visit in it; without end-stage renal disease, dialysis, kidney transplant, pregnancy, hospice or palliative care."
numerator = "Last day with an office or home reading in the period: lowest systolic below 140 and lowest diastolic below 90 mmHg. No reading counts as not controlled."
source = "CMS165v13 Controlling High Blood Pressure (2025 reporting); frailty and long-term-care exclusions are not applied"
url = "https://ecqi.healthit.gov/ecqm/ec/2025/cms0165v13"

[[needs]]
view = "report_diagnoses"
where = "set_name = 'hypertension'"
missing = "no diagnosis of essential hypertension (ICD-10-CM I10 or a known SNOMED CT code) in the records"

[[needs]]
view = "report_measurements"
where = "set_name = 'systolic'"
missing = "no systolic blood pressure (LOINC 8480-6) with a number in the records"
*/
WITH diagnosed AS (
    SELECT patient, resource_type, id, date, display,
           row_number() OVER (PARTITION BY patient ORDER BY date DESC, id) AS place
    FROM report_diagnoses
    WHERE set_name = 'hypertension' AND active
      AND coalesce(date, $period_start) <= $period_start + INTERVAL '6 months'
),
denominator AS (
    SELECT d.patient, d.resource_type, d.id, d.date, d.display
    FROM diagnosed d
    JOIN report_people p ON p.patient = d.patient AND p.age BETWEEN 18 AND 85
    WHERE d.place = 1
      AND d.patient IN (
          SELECT patient FROM report_visits WHERE outpatient AND start_date BETWEEN $period_start AND $period_end
      )
      AND d.patient NOT IN (
          SELECT patient FROM report_diagnoses
          WHERE set_name = 'blood-pressure-exclusion' AND current AND patient IS NOT NULL
      )
),
readings AS (
    SELECT m.patient, m.set_name, m.date, m.value, m.resource_type, m.id,
           dense_rank() OVER (PARTITION BY m.patient ORDER BY m.date DESC) AS place
    FROM report_measurements m
    LEFT JOIN report_visits v ON v.id = m.encounter
    WHERE m.set_name IN ('systolic', 'diastolic') AND m.date BETWEEN $period_start AND $period_end
      AND coalesce(v.outpatient, TRUE)
),
latest AS (
    SELECT patient, min(date) AS date, min(id) AS id, min(resource_type) AS resource_type,
           min(CASE WHEN set_name = 'systolic' THEN value END) AS systolic,
           min(CASE WHEN set_name = 'diastolic' THEN value END) AS diastolic
    FROM readings
    WHERE place = 1
    GROUP BY patient
),
judged AS (
    SELECT d.patient, coalesce(l.systolic < 140 AND l.diastolic < 90, FALSE) AS numerator
    FROM denominator d
    LEFT JOIN latest l ON l.patient = d.patient
)
SELECT j.patient, j.numerator, d.resource_type AS evidence_type, d.id AS evidence_id, d.date, d.display AS detail
FROM judged j JOIN denominator d ON d.patient = j.patient
UNION ALL
SELECT j.patient, j.numerator, l.resource_type, l.id, l.date,
       concat(CAST(round(l.systolic) AS INT), '/', CAST(round(l.diastolic) AS INT), ' mmHg')
FROM judged j JOIN latest l ON l.patient = j.patient
