-- One row per practitioner.
-- @reads Practitioner: active:bool, gender, name[]{family,given[],text}, identifier[]{system,value}, qualification[]{code{coding[]{code,display},text}}
-- @column resource_type VARCHAR: always `Practitioner`
-- @column id VARCHAR: id of the Practitioner
-- @column name VARCHAR: first name: its text, else given and family name
-- @column npi VARCHAR: US National Provider Identifier
-- @column gender VARCHAR: administrative gender
-- @column qualification VARCHAR: the first qualification in words
-- @column active BOOLEAN: whether the record is in use
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  'Practitioner' AS resource_type,
  id,
  coalesce(name[1]['text'], concat_ws(' ', name[1]['given'][1], name[1]['family'])) AS name,
  identifier_value(identifier, 'http://hl7.org/fhir/sid/us-npi') AS npi,
  gender,
  concept_text(qualification[1]['code']) AS qualification,
  active,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM {Practitioner}
