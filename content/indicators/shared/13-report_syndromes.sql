/*
title = "Visits with a syndrome, by the patient's place"
*/
WITH coded AS (
    SELECT d.patient, d.set_name AS syndrome, coalesce(v.start_date, d.date) AS date, d.display, d.resource_type, d.id
    FROM report_diagnoses d
    LEFT JOIN report_visits v ON v.id = d.encounter
    UNION ALL
    SELECT v.patient, s.set_name, v.start_date, v.reason_display, v.resource_type, v.id
    FROM report_visits v
    JOIN report_reason_sets s ON s.code = v.reason_code
)
SELECT c.patient, c.syndrome, c.date, c.display, c.resource_type, c.id,
       coalesce(p.place, 'place not recorded') AS place
FROM coded c
LEFT JOIN report_patients p ON p.patient = c.patient
WHERE c.syndrome IN ('respiratory', 'gastrointestinal', 'fever-rash')
  AND c.date BETWEEN $period_start - INTERVAL '70 days' AND $period_end
