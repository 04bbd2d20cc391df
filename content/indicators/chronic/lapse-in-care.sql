/*
order = 4
title = "Fell out of care"
kind = "share"
direction = "lower"
strata = true
meaning = "Of the people with a long-term condition, how many had neither a visit nor a laboratory test for a year."
denominator = "Living patients of each registry."
numerator = "No visit and no laboratory result in the period."
source = "Salus definition, after NCQA HEDIS 2024 (annual contact in chronic-care measures)"
url = "https://www.ncqa.org/hedis/measures/"

[[needs]]
view = "report_registries"
missing = "no registry has a member"

[[needs]]
view = "report_visits"
missing = "no visit in the records"
*/
SELECT r.patient, r.registry AS stratum, coalesce(l.date < $period_start, TRUE) AS numerator,
       coalesce(l.resource_type, r.resource_type) AS evidence_type, coalesce(l.id, r.id) AS evidence_id, l.date,
       coalesce(concat('last contact: ', l.detail), 'no contact on record') AS detail
FROM (SELECT patient, registry, min(resource_type) AS resource_type, min(id) AS id FROM report_registries GROUP BY patient, registry) r
LEFT JOIN report_contacts l ON l.patient = r.patient
