/*
order = 2
title = "No primary-care visit in 12 months"
kind = "share"
direction = "lower"
meaning = "How many people have not seen primary care for a year."
denominator = "Living patients."
numerator = "No visit in the period that is recognisable as primary care."
source = "NCQA Adults' Access to Preventive/Ambulatory Health Services (HEDIS 2024), turned round and without the enrolment rule"
url = "https://www.ncqa.org/hedis/measures/adults-access-to-preventive-ambulatory-health-services/"

[[needs]]
view = "report_visits v JOIN value_sets s ON s.code = v.type_code AND s.name = 'primary-care-visit'"
missing = "no visit type is recognisable as primary care (known SNOMED CT or HCPCS code of Encounter.type)"
*/
WITH visits AS (
    SELECT v.patient, v.resource_type, v.id, v.start_date, v.type_display,
           row_number() OVER (PARTITION BY v.patient ORDER BY v.start_date DESC, v.id) AS place
    FROM report_visits v
    WHERE v.type_code IN (SELECT code FROM value_sets WHERE name = 'primary-care-visit')
      AND v.outpatient
)
SELECT p.patient, coalesce(v.start_date < $period_start, TRUE) AS numerator, v.resource_type AS evidence_type, v.id AS evidence_id,
       v.start_date AS date, coalesce(concat('last primary-care visit: ', v.type_display), 'no primary-care visit on record') AS detail
FROM report_people p
LEFT JOIN visits v ON v.patient = p.patient AND v.place = 1
