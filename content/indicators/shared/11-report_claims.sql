/*
title = "Adjudicated claims of the period with a service category"
source = "Categories by claim type (HL7 claim-type, CMS NCH claim type) and, for institutional claims, by the class of the claim's encounter, else of the patient's visit that began or ended that day"
*/
WITH dated AS (
    SELECT c.patient, c.resource_type, c.id, c.type_code, c.sub_type_code, c.encounter, c.insurer, c.allowed, c.paid,
           c.patient_paid,
           CAST(coalesce(c.service_start, c.created) AS DATE) AS service_date
    FROM claims c
    WHERE c.kind = 'eob' AND coalesce(c.status, 'active') = 'active' AND coalesce(c."use", 'claim') = 'claim'
),
ranks AS (
    SELECT patient, id, start_date, end_date,
           CASE class WHEN 'IMP' THEN 3 WHEN 'ACUTE' THEN 3 WHEN 'EMER' THEN 2 ELSE 1 END AS class_rank
    FROM report_visits
),
days AS (
    SELECT patient, visit_date, max(class_rank) AS class_rank
    FROM (
        SELECT patient, class_rank, start_date AS visit_date FROM ranks
        UNION
        SELECT patient, class_rank, end_date FROM ranks
    )
    GROUP BY patient, visit_date
),
placed AS (
    SELECT d.*, coalesce(r.class_rank, v.class_rank) AS class_rank
    FROM dated d
    LEFT JOIN ranks r ON r.id = d.encounter
    LEFT JOIN days v ON v.patient = d.patient AND v.visit_date = d.service_date AND d.encounter IS NULL
)
SELECT patient, resource_type, id, service_date, insurer, allowed, paid, patient_paid,
       CASE
           WHEN type_code IN ('pharmacy', 'PDE') THEN 'Pharmacy'
           WHEN type_code IN ('60', '61') THEN 'Inpatient'
           WHEN type_code = 'institutional' AND (class_rank = 3 OR sub_type_code = 'inpatient') THEN 'Inpatient'
           WHEN type_code = 'institutional' AND class_rank = 2 THEN 'Emergency'
           WHEN type_code IN ('institutional', '40') THEN 'Outpatient facility'
           WHEN type_code IN ('professional', '71', '72') THEN 'Professional'
           WHEN type_code IN ('20', '30') THEN 'Skilled nursing'
           WHEN type_code = '10' THEN 'Home health'
           WHEN type_code = '50' THEN 'Hospice'
           WHEN type_code IN ('81', '82') THEN 'Equipment'
           WHEN type_code = 'oral' THEN 'Dental'
           WHEN type_code = 'vision' THEN 'Vision'
           ELSE 'Other'
       END AS category
FROM placed
WHERE service_date BETWEEN $period_start AND $period_end
