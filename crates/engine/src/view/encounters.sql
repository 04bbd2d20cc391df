-- One row per encounter: visit, stay or contact.
-- @reads Encounter: status, class{code}, type[]{coding[]{system,code,display},text}, serviceType{coding[]{code},text}, period{start,end}, reasonCode[]{coding[]{code,display},text}, location[]{location{reference,display}}, serviceProvider{reference,display}, participant[]{individual{reference,display}}, hospitalization{dischargeDisposition{coding[]{code},text},admitSource{coding[]{code},text}}, partOf{reference}
-- @reads Location: identifier[]{system,value}
-- @reads Organization: identifier[]{system,value}
-- @reads Practitioner: identifier[]{system,value}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: always `Encounter`
-- @column id VARCHAR: id of the Encounter
-- @column status VARCHAR: finished, in-progress, planned, cancelled, …
-- @column class VARCHAR: v3 ActCode: AMB ambulatory, EMER emergency, IMP inpatient, ACUTE, OBSENC observation, HH home, VR virtual, …
-- @column type_system VARCHAR: code system of the first type's first coding
-- @column type_code VARCHAR: its code
-- @column type_display VARCHAR: the first type in words
-- @column service_type VARCHAR: service type in words
-- @column start TIMESTAMP: when it began
-- @column "end" TIMESTAMP: when it ended
-- @column length_of_stay_days INTEGER: midnights between start and end, by the days as written; 0 for a visit within one day; null if not ended
-- @column reason_code VARCHAR: first code of the first reason
-- @column reason_display VARCHAR: the first reason in words
-- @column location VARCHAR: id of the first Location; a conditional reference (`Location?identifier=…`) is followed
-- @column location_name VARCHAR: its name as the encounter tells it
-- @column provider VARCHAR: id of the Organization that provides the encounter; conditional references are followed
-- @column provider_name VARCHAR: its name as the encounter tells it
-- @column practitioner VARCHAR: id of the first participating Practitioner; conditional references are followed
-- @column discharge_disposition VARCHAR: code of the discharge disposition, else its words
-- @column admit_source VARCHAR: code of the admission source, else its words
-- @column part_of VARCHAR: id of the Encounter that this one is a part of
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
WITH met AS (
  SELECT
    salus_patient AS patient, id, status, class['code'] AS class, type, "serviceType" AS service,
    salus_date AS start, period,
    "reasonCode" AS reason, hospitalization AS stay, "partOf"['reference'] AS whole,
    location[1]['location']['reference'] AS place, location[1]['location']['display'] AS location_name,
    "serviceProvider"['reference'] AS served_by, "serviceProvider"['display'] AS provider_name,
    participant[1]['individual']['reference'] AS seen_by,
    salus_source, salus_offset
  FROM {Encounter}
),
places AS (
  SELECT place_key, min(place_id) AS place_id
  FROM (SELECT id AS place_id, unnest(identifier_keys(identifier)) AS place_key FROM {Location})
  GROUP BY place_key
),
providers AS (
  SELECT provider_key, min(provider_id) AS provider_id
  FROM (SELECT id AS provider_id, unnest(identifier_keys(identifier)) AS provider_key FROM {Organization})
  GROUP BY provider_key
),
people AS (
  SELECT person_key, min(person_id) AS person_id
  FROM (SELECT id AS person_id, unnest(identifier_keys(identifier)) AS person_key FROM {Practitioner})
  GROUP BY person_key
)
SELECT
  patient,
  'Encounter' AS resource_type,
  id,
  status,
  class,
  concept_system(type) AS type_system,
  concept_code(type) AS type_code,
  concept_text(type) AS type_display,
  concept_text(service) AS service_type,
  start,
  fhir_datetime(period['end']) AS "end",
  CAST(fhir_date(period['end']) AS INT) - CAST(fhir_date(period['start']) AS INT) AS length_of_stay_days,
  concept_code(reason) AS reason_code,
  concept_text(reason) AS reason_display,
  coalesce(reference_id(place, 'Location'), place_id) AS location,
  location_name,
  coalesce(reference_id(served_by, 'Organization'), provider_id) AS provider,
  provider_name,
  coalesce(reference_id(seen_by, 'Practitioner'), person_id) AS practitioner,
  coalesce(concept_code(stay['dischargeDisposition']), concept_text(stay['dischargeDisposition'])) AS discharge_disposition,
  coalesce(concept_code(stay['admitSource']), concept_text(stay['admitSource'])) AS admit_source,
  reference_id(whole, 'Encounter') AS part_of,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM met
LEFT JOIN places ON conditional_key(place, 'Location') = place_key
LEFT JOIN providers ON conditional_key(served_by, 'Organization') = provider_key
LEFT JOIN people ON conditional_key(seen_by, 'Practitioner') = person_key
