/*
title = "Visits and stays that took place"
*/
SELECT patient, id, resource_type, class, type_code, type_display, reason_code, reason_display, location,
       discharge_disposition, coalesce(class, 'AMB') NOT IN ('EMER', 'IMP', 'ACUTE', 'NONAC', 'OBSENC') AS outpatient,
       CAST(start AS DATE) AS start_date, CAST("end" AS DATE) AS end_date
FROM encounters
WHERE coalesce(status, 'finished') IN ('finished', 'completed', 'in-progress', 'onleave', 'discharged', 'triaged', 'arrived', 'unknown')
  AND start < $as_of + INTERVAL '1 day'
