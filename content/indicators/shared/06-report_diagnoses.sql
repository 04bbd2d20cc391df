/*
title = "Diagnoses in a value set, from conditions; from claims for patients without any condition on record"
*/
-- active: holds at the end of the period. current: held at some time within the period.
-- A diagnosis on a claim is active for two years (as in the CCW algorithms) and current for the claim's own period.
WITH stated AS (
    SELECT c.patient, s.set_name, coalesce(CAST(c.onset AS DATE), CAST(c.recorded AS DATE), v.start_date) AS date, CAST(c.abatement AS DATE) AS ended,
           coalesce(c.clinical_status, 'active') IN ('active', 'recurrence', 'relapse') AS stands,
           c.encounter, c.display, c.resource_type, c.id
    FROM conditions c
    JOIN report_code_sets s ON s.system = c.system AND s.code = c.code
    LEFT JOIN report_visits v ON v.id = c.encounter
    WHERE coalesce(c.verification_status, '') NOT IN ('refuted', 'entered-in-error')
),
billed AS (
    SELECT d.patient, s.set_name, CAST(coalesce(k.service_start, k.created) AS DATE) AS date, d.display, k.resource_type, k.id
    FROM claim_diagnoses d
    JOIN report_code_sets s ON s.system = d.system AND s.code = d.code
    JOIN claims k ON k.id = d.claim_id AND k.resource_type = d.resource_type
    LEFT JOIN (SELECT DISTINCT patient FROM conditions) c ON c.patient = d.patient
    WHERE coalesce(k.status, 'active') = 'active' AND c.patient IS NULL
)
SELECT patient, set_name, date, stands AND coalesce(ended > $as_of, TRUE) AS active,
       coalesce(ended >= $period_start, stands) AND coalesce(date <= $period_end, TRUE) AS current,
       encounter, display, resource_type, id
FROM stated
UNION ALL
SELECT patient, set_name, date, date >= $lookback_start, date BETWEEN $period_start AND $period_end,
       NULL, display, resource_type, id
FROM billed
