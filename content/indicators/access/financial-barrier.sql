/*
order = 3
title = "Uninsured, or paying more than 10 % out of pocket"
kind = "share"
direction = "lower"
strata = true
unknown = "have no coverage on record and no claim of the last year that names an insurer"
meaning = "How many people have no coverage, or carry more than a tenth of the allowed cost of their care themselves."
denominator = "Living patients whose coverage, or whose own payments, the records tell."
numerator = "No coverage at the end of the period, or payments of their own above 10 % of the allowed amount of the period."
source = "US Census Bureau, uninsured at a point in time; Commonwealth Fund Biennial Health Insurance Survey 2022 (10 % threshold, here on allowed cost since income is not in the record)"
url = "https://www.commonwealthfund.org/publications/surveys/2022/sep/state-us-health-insurance-2022-biennial-survey"

[[needs]]
view = "(SELECT id FROM coverages UNION ALL SELECT id FROM report_people WHERE insured_by IS NOT NULL UNION ALL SELECT id FROM report_claims WHERE patient_paid IS NOT NULL AND allowed > 0) AS told"
missing = "no Coverage, no claim that names an insurer, and no adjudicated claim with both an allowed amount and the patient's own share"
*/
WITH insured AS (
    SELECT patient, min(resource_type) AS resource_type, min(id) AS id, min(coalesce(type_display, payor)) AS detail
    FROM coverages
    WHERE coalesce(status, 'active') = 'active' AND coalesce(CAST(start AS DATE) <= $as_of, TRUE)
      AND coalesce(CAST("end" AS DATE) >= $as_of, TRUE)
      AND coalesce(type_code, '') NOT IN (SELECT code FROM value_sets WHERE name = 'no-coverage')
      AND NOT regexp_like(lower(concat(coalesce(type_display, ''), ' ', coalesce(payor, ''))), 'uninsured|self-pay|selfpay|no.insurance')
    GROUP BY patient
),
own_share AS (
    SELECT patient, sum(patient_paid) AS own, sum(allowed) AS allowed
    FROM report_claims WHERE patient_paid IS NOT NULL AND allowed > 0 GROUP BY patient
)
SELECT p.patient, 'Uninsured' AS stratum,
       CASE
           WHEN c.covers > 0 THEN i.patient IS NULL
           ELSE regexp_like(lower(p.insured_by), 'uninsured|self-pay|selfpay|no.insurance')
       END AS numerator,
       coalesce(i.resource_type, p.resource_type) AS evidence_type, coalesce(i.id, p.id) AS evidence_id,
       CAST(NULL AS DATE) AS date, coalesce(i.detail, p.insured_by, 'no coverage at the end of the period') AS detail
FROM report_people p
LEFT JOIN insured i ON i.patient = p.patient
CROSS JOIN (SELECT count(*) AS covers FROM coverages) c
UNION ALL
SELECT p.patient, 'Own share above 10 % of allowed', o.own > 0.1 * o.allowed, c.resource_type, c.id, c.service_date,
       concat('own share ', round(c.patient_paid, 2), ' of ', round(c.allowed, 2))
FROM report_people p
JOIN own_share o ON o.patient = p.patient
JOIN report_claims c ON c.patient = p.patient
WHERE c.patient_paid IS NOT NULL AND c.allowed > 0
