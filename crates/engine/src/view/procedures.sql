-- One row per coding of a procedure.
-- @reads Procedure: status, code{coding[]{system,code,display},text}, category{coding[]{code},text}, performedPeriod{end}, encounter{reference}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: always `Procedure`
-- @column id VARCHAR: id of the Procedure
-- @column status VARCHAR: completed, in-progress, not-done, entered-in-error, …
-- @column coding_index INTEGER: place of the coding, from 0
-- @column system VARCHAR: code system of the coding
-- @column code VARCHAR: code
-- @column display VARCHAR: words of the coding, else the text of the concept
-- @column category VARCHAR: code of the category
-- @column performed TIMESTAMP: when it was performed (performedDateTime, or the start of performedPeriod)
-- @column performed_end TIMESTAMP: end of performedPeriod
-- @column encounter VARCHAR: id of the Encounter
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  patient, resource_type, id, status,
  coding['index'] AS coding_index,
  coding['system'] AS system,
  coding['code'] AS code,
  coding['display'] AS display,
  category, performed, performed_end, encounter, source, source_offset
FROM (
  SELECT *, unnest(codings) AS coding FROM (
    SELECT
      salus_patient AS patient,
      'Procedure' AS resource_type,
      id,
      status,
      codings(code) AS codings,
      concept_code(category) AS category,
      salus_date AS performed,
      fhir_datetime("performedPeriod"['end']) AS performed_end,
      reference_id(encounter['reference'], 'Encounter') AS encounter,
      source_name(salus_source) AS source,
      salus_offset AS source_offset
    FROM {Procedure}
  )
)
