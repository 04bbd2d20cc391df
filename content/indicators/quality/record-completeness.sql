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
-- One pass over each table: every record meets each question that its table is asked.
WITH questions AS (
    SELECT * FROM (VALUES
        ('Patient', 'code', 'Patients without a birth date'),
        ('Condition', 'code', 'Conditions without a code'),
        ('Condition', 'date', 'Conditions without a date'),
        ('Medicine', 'code', 'Medicines without a code'),
        ('Medicine', 'date', 'Medicines without a date'),
        ('Allergy', 'code', 'Allergies without a code'),
        ('Observation', 'code', 'Observations without a code'),
        ('Observation', 'date', 'Observations without a date'),
        ('Observation', 'unit', 'Measurements without a unit'),
        ('Visit', 'date', 'Visits without a date'),
        ('Procedure', 'code', 'Procedures without a code'),
        ('Procedure', 'date', 'Procedures without a date'),
        ('Claim', 'code', 'Adjudicated claims without an allowed amount')
    ) AS q (kind, part, stratum)
),
records AS (
    SELECT 'Patient' AS kind, patient, resource_type, id, birth_date IS NOT NULL AS has_code, CAST(NULL AS BOOLEAN) AS has_date,
           CAST(NULL AS BOOLEAN) AS has_unit
    FROM patients
    UNION ALL
    SELECT 'Condition', patient, resource_type, id, code IS NOT NULL, onset IS NOT NULL OR recorded IS NOT NULL, NULL FROM conditions
    UNION ALL
    SELECT 'Medicine', patient, resource_type, id, code IS NOT NULL, start IS NOT NULL, NULL FROM medications
    UNION ALL
    SELECT 'Allergy', patient, resource_type, id, code IS NOT NULL, NULL, NULL FROM allergies
    UNION ALL
    SELECT 'Observation', patient, resource_type, id, CASE WHEN component_index IS NULL THEN code IS NOT NULL END,
           CASE WHEN component_index IS NULL THEN date IS NOT NULL END,
           CASE WHEN value_number IS NOT NULL AND category IN ('laboratory', 'vital-signs') THEN value_unit IS NOT NULL END
    FROM observations
    UNION ALL
    SELECT 'Visit', patient, resource_type, id, NULL, start IS NOT NULL, NULL FROM encounters
    UNION ALL
    SELECT 'Procedure', patient, resource_type, id, code IS NOT NULL, performed IS NOT NULL, NULL FROM procedures
    UNION ALL
    SELECT 'Claim', patient, resource_type, id, allowed IS NOT NULL, NULL, NULL FROM claims WHERE kind = 'eob'
),
asked AS (
    SELECT r.patient, r.resource_type, r.id, q.stratum,
           NOT CASE q.part WHEN 'code' THEN r.has_code WHEN 'date' THEN r.has_date ELSE r.has_unit END AS numerator
    FROM records r
    JOIN questions q ON q.kind = r.kind
)
SELECT patient, concat(resource_type, '/', id) AS subject, stratum, numerator, resource_type AS evidence_type, id AS evidence_id
FROM asked
WHERE numerator IS NOT NULL
