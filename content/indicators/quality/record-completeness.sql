/*
order = 4
title = "Gaps in the record itself"
kind = "share"
direction = "lower"
strata = true
subject = "records"
meaning = "How many records lack the code, date or unit that every other number here stands on."
denominator = "All records of the table; for units, laboratory results and vital signs with a number."
numerator = "Records without a code, without a date, or a number without a unit."
source = "Kahn MG et al., A Harmonized Data Quality Assessment Terminology and Framework, eGEMs 2016;4(1):18 (completeness)"
url = "https://doi.org/10.13063/2327-9214.1244"
period = "all"

[[needs]]
view = "patients"
missing = "no patient in the records"
*/
SELECT patient, concat(resource_type, '/', id) AS subject, 'Patients without a birth date' AS stratum,
       birth_date IS NULL AS numerator, resource_type AS evidence_type, id AS evidence_id
FROM patients
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Conditions without a code', code IS NULL, resource_type, id FROM conditions
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Conditions without a date', onset IS NULL AND recorded IS NULL, resource_type, id
FROM conditions
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Medicines without a code', code IS NULL, resource_type, id FROM medications
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Medicines without a date', start IS NULL, resource_type, id FROM medications
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Allergies without a code', code IS NULL, resource_type, id FROM allergies
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Observations without a code', code IS NULL, resource_type, id
FROM observations WHERE component_index IS NULL
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Observations without a date', date IS NULL, resource_type, id
FROM observations WHERE component_index IS NULL
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Measurements without a unit', value_unit IS NULL, resource_type, id
FROM observations WHERE value_number IS NOT NULL AND category IN ('laboratory', 'vital-signs')
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Visits without a date', start IS NULL, resource_type, id FROM encounters
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Procedures without a code', code IS NULL, resource_type, id FROM procedures
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Procedures without a date', performed IS NULL, resource_type, id FROM procedures
UNION ALL
SELECT patient, concat(resource_type, '/', id), 'Adjudicated claims without an allowed amount', allowed IS NULL, resource_type, id
FROM claims WHERE kind = 'eob'
