-- One row per coding of a condition (diagnosis or problem); a condition without a coding has one row with a null code.
-- @reads Condition: code{coding[]{system,code,display},text}, clinicalStatus{coding[]{code}}, verificationStatus{coding[]{code}}, category[]{coding[]{code},text}, onsetDateTime, onsetPeriod{start}, abatementDateTime, abatementPeriod{end}, recordedDate, encounter{reference}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: always `Condition`
-- @column id VARCHAR: id of the Condition
-- @column coding_index INTEGER: place of the coding, from 0; `coding_index = 0` counts each condition once, as long as it is coded
-- @column system VARCHAR: code system of the coding
-- @column code VARCHAR: code
-- @column display VARCHAR: words of the coding, else the text of the concept
-- @column clinical_status VARCHAR: active, recurrence, relapse, inactive, remission, resolved
-- @column verification_status VARCHAR: confirmed, provisional, differential, refuted, entered-in-error
-- @column category VARCHAR: code of the first category, such as problem-list-item or encounter-diagnosis
-- @column onset TIMESTAMP: when it began (onsetDateTime, or the start of onsetPeriod)
-- @column abatement TIMESTAMP: when it ended
-- @column recorded TIMESTAMP: when it was recorded
-- @column encounter VARCHAR: id of the Encounter it was recorded in
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  patient, resource_type, id,
  coding['index'] AS coding_index,
  coding['system'] AS system,
  coding['code'] AS code,
  coding['display'] AS display,
  clinical_status, verification_status, category, onset, abatement, recorded, encounter,
  source, source_offset
FROM (
  SELECT *, unnest(codings) AS coding FROM (
    SELECT
      salus_patient AS patient,
      'Condition' AS resource_type,
      id,
      codings(code) AS codings,
      concept_code("clinicalStatus") AS clinical_status,
      concept_code("verificationStatus") AS verification_status,
      concept_code(category) AS category,
      coalesce(fhir_datetime("onsetDateTime"), fhir_datetime("onsetPeriod"['start'])) AS onset,
      coalesce(fhir_datetime("abatementDateTime"), fhir_datetime("abatementPeriod"['end'])) AS abatement,
      fhir_datetime("recordedDate") AS recorded,
      reference_id(encounter['reference'], 'Encounter') AS encounter,
      source_name(salus_source) AS source,
      salus_offset AS source_offset
    FROM {Condition}
  )
)
