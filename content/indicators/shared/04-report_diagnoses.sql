/*
title = "Diagnoses in a value set, from the problem list, visits and claims"
*/
SELECT c.patient, s.set_name, CAST(coalesce(c.onset, c.recorded) AS DATE) AS date,
       CAST(c.abatement AS DATE) AS ended,
       coalesce(c.clinical_status, 'active') IN ('active', 'recurrence', 'relapse')
           AND coalesce(CAST(c.abatement AS DATE) > $as_of, TRUE) AS active,
       c.encounter, c.display, c.resource_type, c.id
FROM conditions c
JOIN report_code_sets s ON s.system = c.system AND s.code = c.code
WHERE coalesce(c.verification_status, '') NOT IN ('refuted', 'entered-in-error')
UNION ALL
SELECT d.patient, s.set_name, CAST(coalesce(k.service_start, k.created) AS DATE), NULL, TRUE, NULL,
       d.code, k.resource_type, k.id
FROM claim_diagnoses d
JOIN report_code_sets s ON s.system = d.system AND s.code = d.code
JOIN claims k ON k.id = d.claim_id AND k.resource_type = d.resource_type
WHERE coalesce(k.status, 'active') = 'active'
