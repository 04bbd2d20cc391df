/*
title = "Codes of the value sets, prefixes opened to the codes that occur"
*/
WITH used AS (
    SELECT system, code FROM conditions WHERE code IS NOT NULL
    UNION
    SELECT system, code FROM procedures WHERE code IS NOT NULL
    UNION
    SELECT system, code FROM claim_diagnoses WHERE code IS NOT NULL
)
SELECT name AS set_name, system, code FROM value_sets WHERE NOT prefix
UNION ALL
SELECT DISTINCT v.name, u.system, u.code
FROM used u
JOIN value_sets v ON v.system = u.system AND v.prefix AND starts_with(replace(u.code, '.', ''), v.code)
