/*
order = 1
title = "Two medicines that must not be together"
kind = "share"
direction = "lower"
meaning = "Patients whose active medicines hold a pair that experts agree should interrupt the prescriber every time."
denominator = "Living patients with two or more active medicines whose ingredient is known."
numerator = "At least one high-priority interacting pair among them."
unknown = "have two or more active medicines, but fewer than two whose ingredient is known"
source = "ONC high-priority drug-drug interactions, Phansalkar S et al., JAMIA 2012;19:735; item 21 (QT) by US labels"
url = "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3422823/"

[[needs]]
view = "report_medicines"
missing = "no active medicine (order or statement) in the records"
*/
WITH people AS (
    SELECT patient, count(DISTINCT id) AS medicines, count(DISTINCT ingredient_code) AS known
    FROM report_medicines GROUP BY patient
    HAVING count(DISTINCT id) >= 2 OR count(DISTINCT ingredient_code) >= 2
),
found AS (
    SELECT l.patient, p.rule, p.item, l.id AS left_id, l.resource_type AS left_type, l.display AS left_display, l.start_date AS left_start,
           r.id AS right_id, r.resource_type AS right_type, r.display AS right_display, r.start_date AS right_start
    FROM report_medicines l
    JOIN interacting_pairs p ON p.left_code = l.ingredient_code
    JOIN report_medicines r ON r.patient = l.patient AND r.ingredient_code = p.right_code
    WHERE l.id <> r.id
),
judged AS (
    SELECT p.patient, CASE WHEN f.patient IS NOT NULL THEN TRUE WHEN p.known >= 2 THEN FALSE END AS numerator
    FROM people p
    LEFT JOIN (SELECT DISTINCT patient FROM found) f ON f.patient = p.patient
)
SELECT j.patient, j.numerator, f.left_type AS evidence_type, f.left_id AS evidence_id, f.left_start AS date,
       concat(f.left_display, ' (ONC item ', f.item, ': ', f.rule, ')') AS detail
FROM judged j LEFT JOIN found f ON f.patient = j.patient
UNION ALL
SELECT f.patient, TRUE, f.right_type, f.right_id, f.right_start,
       concat(f.right_display, ' (ONC item ', f.item, ': ', f.rule, ')')
FROM found f
