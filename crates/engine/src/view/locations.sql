-- One row per place of care.
-- @reads Location: status, name, type[]{coding[]{code},text}, address{city,state,postalCode}, position{latitude:double,longitude:double}, managingOrganization{reference}
-- @column resource_type VARCHAR: always `Location`
-- @column id VARCHAR: id of the Location
-- @column name VARCHAR: name
-- @column status VARCHAR: active, suspended, inactive
-- @column type_code VARCHAR: code of the first type
-- @column city VARCHAR: city
-- @column state VARCHAR: state, as written
-- @column postal_code VARCHAR: postal code, as written
-- @column latitude DOUBLE: degrees north (WGS 84)
-- @column longitude DOUBLE: degrees east (WGS 84)
-- @column organization VARCHAR: id of the managing Organization
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  'Location' AS resource_type,
  id,
  name,
  status,
  concept_code(type) AS type_code,
  address['city'] AS city,
  address['state'] AS state,
  address['postalCode'] AS postal_code,
  position['latitude'] AS latitude,
  position['longitude'] AS longitude,
  reference_id("managingOrganization"['reference'], 'Organization') AS organization,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM {Location}
