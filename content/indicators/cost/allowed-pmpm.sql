/*
order = 1
title = "Allowed per member per month"
kind = "rate"
unit = "USD"
scale = 1
direction = "none"
strata = true
meaning = "What care costs before anyone's share is taken off: the amount the plan allows, spread over the months its members were covered."
numerator = "Allowed amount of adjudicated claims with a service date in the period."
denominator = "Member months (12 at most per person): covered months, or months alive where the records hold no Coverage."
source = "NCQA HEDIS member months (2024) and CMS Cost and Use definitions; allowed = eligible (HL7 adjudication) or line allowed charge (CMS)"
url = "https://terminology.hl7.org/CodeSystem-adjudication.html"

[[needs]]
view = "report_claims"
where = "allowed IS NOT NULL"
missing = "no adjudicated claim (ExplanationOfBenefit) with an allowed amount in the period"
*/
SELECT patient, CAST(NULL AS VARCHAR) AS stratum, CAST(0 AS DOUBLE) AS amount, months AS exposure,
       resource_type AS evidence_type, id AS evidence_id, CAST(NULL AS DATE) AS date, basis AS detail
FROM report_members
UNION ALL
SELECT patient, category, allowed, CAST(0 AS DOUBLE), resource_type, id, service_date, concat('allowed ', round(allowed, 2))
FROM report_claims
WHERE allowed IS NOT NULL
