/*
order = 2
title = "Active medicine against a recorded allergy"
kind = "share"
direction = "lower"
meaning = "Patients who are on a medicine that their own allergy list speaks against."
denominator = "Living patients with an active medicine of known ingredient and a recorded allergy to a medicine."
numerator = "An active medicine is the allergen itself, or of the class that its label warns against (penicillins, sulfonamide antibiotics, ACE inhibitors, NSAIDs with aspirin)."
source = "Joint Commission NPSG.03.06.01 (2024) in spirit; cross-reactivity by section 4 of the US labels"
url = "https://www.jointcommission.org/standards/national-patient-safety-goals/"

[[needs]]
view = "report_medicines"
where = "ingredient_code IS NOT NULL"
missing = "no active medicine with a known ingredient in the records"

[[needs]]
view = "allergies a LEFT JOIN allergens g ON g.system = a.system AND g.code = a.code LEFT JOIN ingredients i ON i.ingredient_code = a.code AND a.system LIKE '%rxnorm'"
where = "g.code IS NOT NULL OR i.ingredient_code IS NOT NULL OR a.category = 'medication'"
missing = "no recorded allergy to a medicine in the records"
*/
WITH recorded AS (
    SELECT a.patient, a.resource_type, a.id, a.display, CAST(a.recorded AS DATE) AS date, a.system, a.code
    FROM allergies a
    WHERE coalesce(a.clinical_status, 'active') = 'active'
      AND coalesce(a.verification_status, 'confirmed') NOT IN ('refuted', 'entered-in-error')
),
allergic AS (
    SELECT r.patient, r.resource_type, r.id, r.display, r.date, g.ingredient_code, g.why
    FROM recorded r JOIN allergens g ON g.system = r.system AND g.code = r.code
    UNION
    SELECT r.patient, r.resource_type, r.id, r.display, r.date, i.ingredient_code, 'the same substance'
    FROM recorded r JOIN ingredients i ON i.ingredient_code = r.code
    WHERE r.system = 'http://www.nlm.nih.gov/research/umls/rxnorm'
    UNION
    SELECT r.patient, r.resource_type, r.id, r.display, r.date, d.ingredient_code, 'the same substance'
    FROM recorded r JOIN drug_ingredients d ON d.product_code = r.code
    WHERE r.system = 'http://www.nlm.nih.gov/research/umls/rxnorm'
),
found AS (
    SELECT m.patient, m.resource_type, m.id, m.display, m.start_date, a.resource_type AS allergy_type, a.id AS allergy_id,
           a.display AS allergy_display, a.date AS allergy_date, a.why
    FROM report_medicines m
    JOIN allergic a ON a.patient = m.patient AND a.ingredient_code = m.ingredient_code
),
judged AS (
    SELECT DISTINCT a.patient, a.resource_type, a.id, a.display, a.date, f.patient IS NOT NULL AS numerator
    FROM allergic a
    LEFT JOIN (SELECT DISTINCT patient FROM found) f ON f.patient = a.patient
    JOIN report_medicines m ON m.patient = a.patient AND m.ingredient_code IS NOT NULL
)
SELECT patient, numerator, resource_type AS evidence_type, id AS evidence_id, date, concat('allergy: ', display) AS detail
FROM judged
UNION ALL
SELECT patient, TRUE, resource_type, id, start_date, concat(display, ' against allergy to ', allergy_display, ' (', why, ')')
FROM found
