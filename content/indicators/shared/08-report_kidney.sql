/*
title = "Estimated GFR, one per patient and day, CKD-EPI 2021 before older equations"
source = "CKD-EPI 2021 creatinine equation, Inker LA et al., N Engl J Med 2021;385:1737; KDIGO 2024 for the G stages"
*/
WITH creatinine AS (
    SELECT m.patient, m.date, m.value, p.sex, m.resource_type, m.id,
           CAST(date_part('year', m.date) - date_part('year', p.birth_date) AS INT)
               - CASE WHEN date_part('month', m.date) * 100 + date_part('day', m.date)
                         < date_part('month', p.birth_date) * 100 + date_part('day', p.birth_date)
                      THEN 1 ELSE 0 END AS age,
           CASE WHEN p.sex = 'female' THEN 0.7 ELSE 0.9 END AS kappa,
           CASE WHEN p.sex = 'female' THEN -0.241 ELSE -0.302 END AS alpha
    FROM report_measurements m
    JOIN report_patients p ON p.patient = m.patient
    WHERE m.set_name = 'creatinine' AND m.value BETWEEN 0.1 AND 30
      AND p.sex IN ('female', 'male') AND p.birth_date IS NOT NULL
),
results AS (
    SELECT patient, date, value AS egfr, 'reported, CKD-EPI 2021' AS method, 1 AS preference, resource_type, id
    FROM report_measurements WHERE set_name = 'egfr-2021'
    UNION ALL
    SELECT patient, date,
           142 * power(least(value / kappa, 1.0), alpha) * power(greatest(value / kappa, 1.0), -1.2)
               * power(0.9938, age) * CASE WHEN sex = 'female' THEN 1.012 ELSE 1.0 END,
           'computed from creatinine, CKD-EPI 2021', 2, resource_type, id
    FROM creatinine WHERE age >= 18
    UNION ALL
    SELECT patient, date, value, 'reported, older equation', 3, resource_type, id
    FROM report_measurements WHERE set_name = 'egfr-older'
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY patient, date ORDER BY preference, egfr, id) AS place
    FROM results
    WHERE egfr BETWEEN 1 AND 200
)
SELECT patient, date, egfr, method, resource_type, id,
       CASE WHEN egfr >= 90 THEN 1 WHEN egfr >= 60 THEN 2 WHEN egfr >= 45 THEN 3
            WHEN egfr >= 30 THEN 4 WHEN egfr >= 15 THEN 5 ELSE 6 END AS stage_rank,
       CASE WHEN egfr >= 90 THEN 'G1' WHEN egfr >= 60 THEN 'G2' WHEN egfr >= 45 THEN 'G3a'
            WHEN egfr >= 30 THEN 'G3b' WHEN egfr >= 15 THEN 'G4' ELSE 'G5' END AS stage,
       row_number() OVER (PARTITION BY patient ORDER BY date DESC) AS newest
FROM ranked
WHERE place = 1
