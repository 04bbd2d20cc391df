/*
order = 2
title = "Paid per member per month"
kind = "rate"
unit = "USD"
scale = 1
direction = "none"
strata = true
meaning = "What the plan itself paid out, spread over the months its members were covered."
numerator = "Amount paid by the plan of adjudicated claims with a service date in the period."
denominator = "Member months (12 at most per person): covered months, or months alive where the records hold no Coverage."
source = "NCQA HEDIS member months (2024) and CMS Cost and Use definitions; paid = payment amount or benefit (HL7 adjudication)"
url = "https://terminology.hl7.org/CodeSystem-adjudication.html"

[[needs]]
view = "report_claims"
where = "paid IS NOT NULL"
missing = "no adjudicated claim (ExplanationOfBenefit) with a paid amount in the period"
*/
SELECT patient, CAST(NULL AS VARCHAR) AS stratum, CAST(0 AS DOUBLE) AS amount, months AS exposure,
       resource_type AS evidence_type, id AS evidence_id, CAST(NULL AS DATE) AS date, basis AS detail
FROM report_members
UNION ALL
SELECT patient, category, paid, CAST(0 AS DOUBLE), resource_type, id, service_date, concat('paid ', round(paid, 2))
FROM report_claims
WHERE paid IS NOT NULL
