-- One row per insurance coverage.
-- @reads Coverage: status, type{coding[]{code,display},text}, beneficiary{reference}, payor[]{reference,display,identifier{value}}, period{start,end}, class[]{name,value}, relationship{coding[]{code}}
-- @reads Organization: name
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: always `Coverage`
-- @column id VARCHAR: id of the Coverage
-- @column status VARCHAR: active, cancelled, draft, entered-in-error
-- @column type_code VARCHAR: code of the type of coverage
-- @column type_display VARCHAR: the type in words
-- @column payor VARCHAR: name of the first payor, else its identifier or id
-- @column plan VARCHAR: name of the first class (group or plan), else its value
-- @column start TIMESTAMP: first moment in force
-- @column "end" TIMESTAMP: last moment in force, its start where only a day is told
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
WITH covered AS (
  SELECT
    salus_patient AS patient, id, status, type, payor[1] AS payer, class[1] AS grouped,
    period, salus_source, salus_offset
  FROM {Coverage}
),
payers AS (
  SELECT id AS payer_id, name AS payer_name FROM {Organization}
)
SELECT
  patient,
  'Coverage' AS resource_type,
  id,
  status,
  concept_code(type) AS type_code,
  concept_text(type) AS type_display,
  coalesce(payer['display'], payer_name, payer['identifier']['value'], reference_id(payer['reference'])) AS payor,
  coalesce(grouped['name'], grouped['value']) AS plan,
  fhir_datetime(period['start']) AS start,
  fhir_datetime(period['end']) AS "end",
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM covered
LEFT JOIN payers ON reference_id(payer['reference'], 'Organization') = payer_id
