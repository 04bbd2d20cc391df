-- One row per coding of an immunization.
-- @reads Immunization: status, vaccineCode{coding[]{system,code,display},text}, occurrenceDateTime, encounter{reference}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: always `Immunization`
-- @column id VARCHAR: id of the Immunization
-- @column status VARCHAR: completed, not-done, entered-in-error
-- @column coding_index INTEGER: place of the coding, from 0
-- @column system VARCHAR: code system of the coding, such as CVX
-- @column code VARCHAR: code of the vaccine
-- @column display VARCHAR: words of the coding, else the text of the concept
-- @column date TIMESTAMP: when it was given
-- @column encounter VARCHAR: id of the Encounter
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  patient, resource_type, id, status,
  coding['index'] AS coding_index,
  coding['system'] AS system,
  coding['code'] AS code,
  coding['display'] AS display,
  date, encounter, source, source_offset
FROM (
  SELECT *, unnest(codings) AS coding FROM (
    SELECT
      salus_patient AS patient,
      'Immunization' AS resource_type,
      id,
      status,
      codings("vaccineCode") AS codings,
      fhir_datetime("occurrenceDateTime") AS date,
      reference_id(encounter['reference'], 'Encounter') AS encounter,
      source_name(salus_source) AS source,
      salus_offset AS source_offset
    FROM {Immunization}
  )
)
