/*
order = 3
title = "Top 10 cost drivers"
kind = "ranking"
unit = "USD"
limit = 10
direction = "none"
meaning = "The services that the most allowed money went to."
numerator = "Allowed amount of the service lines of the period; a claim without line amounts counts as a whole under its first service."
denominator = "Allowed amount of all adjudicated claims of the period."
source = "NCQA Relative Resource Use (HEDIS 2024) by concept: allowed amounts by service, the code on the line"
url = "https://terminology.hl7.org/CodeSystem-adjudication.html"

[[needs]]
view = "report_claims"
where = "allowed IS NOT NULL"
missing = "no adjudicated claim (ExplanationOfBenefit) with an allowed amount in the period"
*/
WITH lines AS (
    SELECT k.patient, k.resource_type, k.id, k.service_date, k.category, k.allowed AS claim_allowed, i.allowed,
           min(coalesce(i.display, i.code)) OVER (PARTITION BY i.system, coalesce(i.code, i.display)) AS service, i.sequence,
           sum(i.allowed) OVER (PARTITION BY k.resource_type, k.id) AS lines_allowed,
           row_number() OVER (PARTITION BY k.resource_type, k.id ORDER BY i.sequence, i.code) AS line
    FROM report_claims k
    LEFT JOIN claim_items i ON i.claim_id = k.id AND i.resource_type = k.resource_type
    WHERE k.allowed > 0
)
SELECT patient, regexp_replace(coalesce(service, concat(category, ', service not coded')), ' \((procedure|finding|disorder)\)$', '') AS label,
       CASE WHEN lines_allowed > 0 THEN allowed ELSE claim_allowed END AS amount,
       resource_type AS evidence_type, id AS evidence_id, service_date AS date, category AS detail
FROM lines
WHERE CASE WHEN lines_allowed > 0 THEN allowed > 0 ELSE line = 1 END
