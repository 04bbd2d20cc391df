/*
title = "The last visit or laboratory result of each patient"
*/
WITH contacts AS (
    SELECT patient, start_date AS date, resource_type, id, coalesce(type_display, 'visit') AS detail FROM report_visits
    UNION ALL
    SELECT patient, CAST(date AS DATE), resource_type, id, display
    FROM observations WHERE category = 'laboratory' AND date < $as_of + INTERVAL '1 day'
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY patient ORDER BY date DESC, resource_type, id) AS newest
    FROM contacts
    WHERE date IS NOT NULL
)
SELECT patient, date, resource_type, id, detail FROM ranked WHERE newest = 1
