/*
title = "Measurements in a value set, in one unit each (HbA1c %, creatinine mg/dL)"
*/
WITH chosen AS (
    SELECT o.patient, s.set_name, CAST(o.date AS DATE) AS date, o.value_number AS number, lower(o.value_unit) AS unit,
           o.encounter, o.resource_type, o.id
    FROM observations o
    JOIN report_code_sets s ON s.system = o.system AND s.code = o.code
    WHERE o.value_number IS NOT NULL AND o.date < $as_of + INTERVAL '1 day'
      AND coalesce(o.status, 'final') IN ('final', 'amended', 'corrected')
)
SELECT patient, CASE set_name WHEN 'hba1c-ifcc' THEN 'hba1c' ELSE set_name END AS set_name, date,
       CASE
           WHEN set_name = 'hba1c-ifcc' OR (set_name = 'hba1c' AND unit = 'mmol/mol') THEN number * 0.09148 + 2.152
           WHEN set_name = 'creatinine' AND unit IN ('umol/l', 'µmol/l') THEN number / 88.42
           ELSE number
       END AS value,
       encounter, resource_type, id
FROM chosen
