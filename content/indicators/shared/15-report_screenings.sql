/*
title = "Screening tests and procedures for colorectal cancer, done or resulted"
*/
SELECT p.patient, s.set_name, CAST(p.performed AS DATE) AS date, p.display, p.resource_type, p.id
FROM procedures p
JOIN report_code_sets s ON s.system = p.system AND s.code = p.code
WHERE coalesce(p.status, 'completed') = 'completed'
  AND s.set_name IN ('colonoscopy', 'flexible-sigmoidoscopy', 'stool-blood-test', 'stool-dna-test')
UNION ALL
SELECT o.patient, s.set_name, CAST(o.date AS DATE), o.display, o.resource_type, o.id
FROM observations o
JOIN report_code_sets s ON s.system = o.system AND s.code = o.code
WHERE s.set_name IN ('stool-blood-test', 'stool-dna-test')
  AND coalesce(o.status, 'final') IN ('final', 'amended', 'corrected')
