-- One row per coding of a diagnosis on a claim. Where the claim points to a Condition, the codes are that resource's.
-- @reads ExplanationOfBenefit: diagnosis[]{sequence:int,diagnosisCodeableConcept{coding[]{system,code,display},text},diagnosisReference{reference},type[]{coding[]{code},text}}
-- @reads Claim: diagnosis[]{sequence:int,diagnosisCodeableConcept{coding[]{system,code,display},text},diagnosisReference{reference},type[]{coding[]{code},text}}
-- @reads Condition: code{coding[]{system,code,display},text}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: Claim or ExplanationOfBenefit
-- @column claim_id VARCHAR: id of that resource; `claims.id`
-- @column kind VARCHAR: claim (as billed) or eob (as adjudicated)
-- @column sequence INTEGER: number of the diagnosis, as written
-- @column coding_index INTEGER: place of the coding, from 0
-- @column system VARCHAR: code system of the coding
-- @column code VARCHAR: code
-- @column display VARCHAR: words of the coding, else the text of the concept
-- @column type_code VARCHAR: code of the first type, such as principal or admitting
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
WITH listed AS (
  SELECT
    salus_patient AS patient, 'ExplanationOfBenefit' AS resource_type, id AS claim_id, 'eob' AS kind,
    unnest(diagnosis) AS entry, salus_source, salus_offset
  FROM {ExplanationOfBenefit}
  WHERE diagnosis IS NOT NULL
  UNION ALL
  SELECT
    salus_patient, 'Claim', id, 'claim', unnest(diagnosis), salus_source, salus_offset
  FROM {Claim}
  WHERE diagnosis IS NOT NULL
),
known AS (
  SELECT id AS condition, code AS condition_code FROM {Condition}
)
SELECT
  patient, resource_type, claim_id, kind, sequence,
  coding['index'] AS coding_index,
  coding['system'] AS system,
  coding['code'] AS code,
  coding['display'] AS display,
  type_code,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM (
  SELECT *, unnest(codings) AS coding FROM (
    SELECT
      patient, resource_type, claim_id, kind,
      entry['sequence'] AS sequence,
      codings(concept_or(entry['diagnosisCodeableConcept'], condition_code)) AS codings,
      concept_code(entry['type']) AS type_code,
      salus_source, salus_offset
    FROM listed
    LEFT JOIN known ON reference_id(entry['diagnosisReference']['reference'], 'Condition') = condition
  )
)
