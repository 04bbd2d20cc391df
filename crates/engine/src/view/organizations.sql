-- One row per organization: provider, payer, department.
-- @reads Organization: active:bool, name, type[]{coding[]{code},text}, identifier[]{system,value}, address[]{city,state,postalCode}, partOf{reference}
-- @column resource_type VARCHAR: always `Organization`
-- @column id VARCHAR: id of the Organization
-- @column name VARCHAR: name
-- @column type_code VARCHAR: code of the first type, such as prov, pay or dept
-- @column npi VARCHAR: US National Provider Identifier
-- @column city VARCHAR: city of the first address
-- @column state VARCHAR: state of the first address, as written
-- @column postal_code VARCHAR: postal code of the first address, as written
-- @column part_of VARCHAR: id of the Organization it belongs to
-- @column active BOOLEAN: whether the record is in use
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  'Organization' AS resource_type,
  id,
  name,
  concept_code(type) AS type_code,
  identifier_value(identifier, 'http://hl7.org/fhir/sid/us-npi') AS npi,
  address[1]['city'] AS city,
  address[1]['state'] AS state,
  address[1]['postalCode'] AS postal_code,
  reference_id("partOf"['reference'], 'Organization') AS part_of,
  active,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM {Organization}
