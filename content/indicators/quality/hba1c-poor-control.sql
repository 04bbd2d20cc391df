/*
order = 2
title = "HbA1c above 9 % or missing"
kind = "share"
direction = "lower"
meaning = "Of the adults with diabetes who were seen this year, how many have poor glucose control, or no test at all."
denominator = "Patients aged 18 to 75 with diabetes and at least one outpatient visit in the period; without hospice or palliative care."
numerator = "Last HbA1c of the period above 9 %, or none in the period."
source = "CMS122v13 Diabetes: Glycemic Status Assessment Greater Than 9% (2025 reporting); glucose management indicator and frailty exclusions are not applied"
url = "https://ecqi.healthit.gov/ecqm/ec/2025/cms0122v13"

[[needs]]
view = "report_diagnoses"
where = "set_name = 'diabetes'"
missing = "no diagnosis of diabetes (ICD-10-CM E08 to E13 or a known SNOMED CT code) in the records"

[[needs]]
view = "report_measurements"
where = "set_name = 'hba1c'"
missing = "no HbA1c (LOINC 4548-4 and its like) with a number in the records, so missing tests cannot be told from tests kept elsewhere"
*/
WITH diagnosed AS (
    SELECT patient, resource_type, id, date, display,
           row_number() OVER (PARTITION BY patient ORDER BY date DESC, id) AS place
    FROM report_diagnoses
    WHERE set_name = 'diabetes' AND active AND coalesce(date, $period_start) <= $period_end
),
denominator AS (
    SELECT d.patient, d.resource_type, d.id, d.date, d.display
    FROM diagnosed d
    JOIN report_people p ON p.patient = d.patient AND p.age BETWEEN 18 AND 75
    WHERE d.place = 1
      AND d.patient IN (
          SELECT patient FROM report_visits WHERE outpatient AND start_date BETWEEN $period_start AND $period_end
      )
      AND d.patient NOT IN (
          SELECT patient FROM report_diagnoses
          WHERE set_name = 'hospice-or-palliative' AND current AND patient IS NOT NULL
      )
),
tests AS (
    SELECT patient, date, value, resource_type, id,
           row_number() OVER (PARTITION BY patient ORDER BY date DESC, value, id) AS place
    FROM report_measurements
    WHERE set_name = 'hba1c' AND value BETWEEN 3 AND 25 AND date BETWEEN $period_start AND $period_end
),
judged AS (
    SELECT d.patient, coalesce(t.value > 9, TRUE) AS numerator
    FROM denominator d
    LEFT JOIN tests t ON t.patient = d.patient AND t.place = 1
)
SELECT j.patient, j.numerator, d.resource_type AS evidence_type, d.id AS evidence_id, d.date, d.display AS detail
FROM judged j JOIN denominator d ON d.patient = j.patient
UNION ALL
SELECT j.patient, j.numerator, t.resource_type, t.id, t.date, concat('HbA1c ', round(t.value, 1), ' %')
FROM judged j JOIN tests t ON t.patient = j.patient AND t.place = 1
