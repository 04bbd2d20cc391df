/*
order = 3
title = "Screened for colorectal cancer"
kind = "share"
direction = "higher"
meaning = "Of the people aged 45 to 75, how many are up to date with a stool test, a sigmoidoscopy or a colonoscopy."
denominator = "Patients aged 45 to 75 with at least one outpatient visit in the period; without colorectal cancer, total colectomy, hospice or palliative care."
numerator = "Stool blood test in the period, stool DNA test within 3 years, flexible sigmoidoscopy within 5 years or colonoscopy within 10 years."
source = "CMS130v13 Colorectal Cancer Screening (2025 reporting; USPSTF 2021, from age 45); CT colonography is not looked for, and CPT codes are not (licence)"
url = "https://ecqi.healthit.gov/ecqm/ec/2025/cms0130v13"

[[needs]]
view = "report_people"
where = "age BETWEEN 45 AND 75"
missing = "no living patient aged 45 to 75 in the records"

[[needs]]
view = "report_screenings"
missing = "no screening test or procedure with a known code (LOINC, SNOMED CT, HCPCS, ICD-10-PCS) in the records; sites that code colonoscopy in CPT only must add their codes to the value set"
*/
WITH denominator AS (
    SELECT p.patient, v.resource_type, v.id, v.start_date
    FROM report_people p
    JOIN (
        SELECT patient, resource_type, id, start_date,
               row_number() OVER (PARTITION BY patient ORDER BY start_date DESC, id) AS place
        FROM report_visits WHERE outpatient AND start_date BETWEEN $period_start AND $period_end
    ) v ON v.patient = p.patient AND v.place = 1
    WHERE p.age BETWEEN 45 AND 75
      AND p.patient NOT IN (
          SELECT patient FROM report_diagnoses
          WHERE (set_name = 'colorectal-cancer' OR set_name = 'hospice-or-palliative' AND current) AND patient IS NOT NULL
      )
),
current_tests AS (
    SELECT * FROM report_screenings
    WHERE date <= $period_end AND (
        (set_name = 'stool-blood-test' AND date >= $period_start)
        OR (set_name = 'stool-dna-test' AND date > $period_end - INTERVAL '3 years')
        OR (set_name = 'flexible-sigmoidoscopy' AND date > $period_end - INTERVAL '5 years')
        OR (set_name = 'colonoscopy' AND date > $period_end - INTERVAL '10 years')
    )
),
judged AS (
    SELECT d.patient, c.patient IS NOT NULL AS numerator
    FROM denominator d
    LEFT JOIN (SELECT DISTINCT patient FROM current_tests) c ON c.patient = d.patient
)
SELECT j.patient, j.numerator, d.resource_type AS evidence_type, d.id AS evidence_id, d.start_date AS date,
       'last outpatient visit of the period' AS detail
FROM judged j JOIN denominator d ON d.patient = j.patient
UNION ALL
SELECT j.patient, j.numerator, c.resource_type, c.id, c.date, c.display
FROM judged j JOIN current_tests c ON c.patient = j.patient
