-- One row per coding of an allergy or intolerance.
-- @reads AllergyIntolerance: code{coding[]{system,code,display},text}, clinicalStatus{coding[]{code}}, verificationStatus{coding[]{code}}, type, category[], criticality, recordedDate, onsetDateTime, encounter{reference}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: always `AllergyIntolerance`
-- @column id VARCHAR: id of the AllergyIntolerance
-- @column coding_index INTEGER: place of the coding, from 0
-- @column system VARCHAR: code system of the coding
-- @column code VARCHAR: code of the substance (or of the negation, such as "no known allergies")
-- @column display VARCHAR: words of the coding, else the text of the concept
-- @column clinical_status VARCHAR: active, inactive, resolved
-- @column verification_status VARCHAR: confirmed, unconfirmed, refuted, entered-in-error
-- @column type VARCHAR: allergy or intolerance
-- @column category VARCHAR: first category: food, medication, environment, biologic
-- @column criticality VARCHAR: low, high, unable-to-assess
-- @column onset TIMESTAMP: when it began
-- @column recorded TIMESTAMP: when it was recorded
-- @column encounter VARCHAR: id of the Encounter
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  patient, resource_type, id,
  coding['index'] AS coding_index,
  coding['system'] AS system,
  coding['code'] AS code,
  coding['display'] AS display,
  clinical_status, verification_status, type, category, criticality, onset, recorded, encounter,
  source, source_offset
FROM (
  SELECT *, unnest(codings) AS coding FROM (
    SELECT
      salus_patient AS patient,
      'AllergyIntolerance' AS resource_type,
      id,
      codings(code) AS codings,
      concept_code("clinicalStatus") AS clinical_status,
      concept_code("verificationStatus") AS verification_status,
      type,
      category[1] AS category,
      criticality,
      fhir_datetime("onsetDateTime") AS onset,
      fhir_datetime("recordedDate") AS recorded,
      reference_id(encounter['reference'], 'Encounter') AS encounter,
      source_name(salus_source) AS source,
      salus_offset AS source_offset
    FROM {AllergyIntolerance}
  )
)
