/*
title = "Chronic-disease registries"
source = "Diagnoses by value set; CKD also by two eGFR below 60 at least 90 days apart with none above between (KDIGO 2024, chronicity)"
*/
WITH normal AS (
    SELECT patient, max(date) AS date FROM report_kidney WHERE egfr >= 60 GROUP BY patient
),
low AS (
    SELECT k.patient, k.date, k.egfr, k.resource_type, k.id, min(k.date) OVER (PARTITION BY k.patient) AS first_date,
           row_number() OVER (PARTITION BY k.patient ORDER BY k.date DESC) AS newest
    FROM report_kidney k
    LEFT JOIN normal n ON n.patient = k.patient
    WHERE k.egfr < 60 AND (n.date IS NULL OR k.date > n.date)
),
members AS (
    SELECT patient,
           CASE set_name
               WHEN 'diabetes' THEN 'Diabetes'
               WHEN 'hypertension-registry' THEN 'Hypertension'
               WHEN 'ckd' THEN 'Chronic kidney disease'
               WHEN 'copd' THEN 'COPD'
               WHEN 'heart-failure' THEN 'Heart failure'
               WHEN 'depression' THEN 'Depression'
           END AS registry,
           date, display AS detail, resource_type, id
    FROM report_diagnoses
    WHERE active AND set_name IN ('diabetes', 'hypertension-registry', 'ckd', 'copd', 'heart-failure', 'depression')
    UNION ALL
    SELECT patient, 'Chronic kidney disease', date, concat('eGFR ', round(egfr), ', below 60 since ', first_date), resource_type, id
    FROM low
    WHERE newest = 1 AND CAST(date AS INT) - CAST(first_date AS INT) >= 90
)
SELECT m.patient, m.registry, m.date, m.detail, m.resource_type, m.id
FROM members m
JOIN report_people p ON p.patient = m.patient
