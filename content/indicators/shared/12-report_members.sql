/*
title = "Member months of the period"
source = "Months covered by a Coverage; where the records hold no dated Coverage at all, months in which the patient is known to be alive"
*/
WITH covered AS (
    SELECT c.patient, greatest(CAST(c.start AS DATE), $period_start) AS from_date,
           least(coalesce(CAST(c."end" AS DATE), $period_end), $period_end) AS to_date,
           c.resource_type, c.id
    FROM coverages c
    WHERE c.start IS NOT NULL AND coalesce(c.status, 'active') IN ('active', 'cancelled')
      AND coalesce(c.type_code, '') NOT IN (SELECT code FROM value_sets WHERE name = 'no-coverage')
      AND NOT regexp_like(lower(coalesce(c.type_display, '')), 'uninsured|self-pay|no insurance')
),
alive AS (
    SELECT patient, greatest(coalesce(birth_date, $period_start), $period_start) AS from_date,
           least(coalesce(death_date, $period_end), $period_end) AS to_date, resource_type, id
    FROM report_patients
    WHERE NOT deceased OR death_date >= $period_start
),
spans AS (
    SELECT patient, from_date, to_date, resource_type, id, 'covered months' AS basis FROM covered WHERE to_date >= from_date
    UNION ALL
    SELECT patient, from_date, to_date, resource_type, id, 'months alive (no Coverage in the records)' FROM alive
    WHERE to_date >= from_date AND NOT EXISTS (SELECT 1 FROM covered)
)
SELECT patient, min(basis) AS basis, min(resource_type) AS resource_type, min(id) AS id,
       least(12.0, sum(CAST(to_date AS INT) - CAST(from_date AS INT) + 1) / 30.4375) AS months
FROM spans
GROUP BY patient
