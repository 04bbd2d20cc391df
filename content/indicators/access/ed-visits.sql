/*
order = 1
title = "Emergency visits per 1,000 a year"
kind = "rate"
unit = "visits per 1,000 members per year"
scale = 12000
direction = "lower"
meaning = "How often people need, or fall back on, the emergency department."
numerator = "Emergency visits (class EMER) that started in the period."
denominator = "Member months of the period, divided by 12,000: covered months, or months alive where the records hold no Coverage."
source = "NCQA Emergency Department Utilization (HEDIS 2024), observed rate without exclusions"
url = "https://www.ncqa.org/hedis/measures/emergency-department-utilization/"

[[needs]]
view = "report_visits"
where = "class = 'EMER'"
missing = "no visit of class EMER in the records"

[[needs]]
view = "report_members"
missing = "no member month in the period"
*/
SELECT patient, CAST(0 AS DOUBLE) AS amount, months AS exposure, resource_type AS evidence_type, id AS evidence_id,
       CAST(NULL AS DATE) AS date, basis AS detail
FROM report_members
UNION ALL
SELECT patient, CAST(1 AS DOUBLE), CAST(0 AS DOUBLE), resource_type, id, start_date, coalesce(reason_display, type_display)
FROM report_visits
WHERE class = 'EMER' AND start_date BETWEEN $period_start AND $period_end
  AND patient IN (SELECT patient FROM report_members)
