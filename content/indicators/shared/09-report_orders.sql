/*
title = "Active medicines of living patients, as ordered or stated"
*/
SELECT m.patient, m.resource_type, m.id, coalesce(m.code, '') AS code, coalesce(m.display, '') AS display,
       CAST(m.start AS DATE) AS start_date
FROM medications m
JOIN report_people p ON p.patient = m.patient
WHERE m.active AND m.kind IN ('order', 'statement') AND (m.code IS NOT NULL OR m.display IS NOT NULL)
