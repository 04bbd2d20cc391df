-- One row per encounter: visit, stay or contact.
-- @reads Encounter: status, class{code}, type[]{coding[]{system,code,display},text}, serviceType{coding[]{code},text}, period{start,end}, reasonCode[]{coding[]{code,display},text}, location[]{location{reference,display}}, serviceProvider{reference,display}, participant[]{individual{reference,display}}, hospitalization{dischargeDisposition{coding[]{code},text},admitSource{coding[]{code},text}}, partOf{reference}
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
-- @column location VARCHAR: id of the first Location
-- @column location_name VARCHAR: its name as the encounter tells it
-- @column provider VARCHAR: id of the Organization that provides the encounter
-- @column provider_name VARCHAR: its name as the encounter tells it
-- @column practitioner VARCHAR: id of the first participating Practitioner
-- @column discharge_disposition VARCHAR: code of the discharge disposition, else its words
-- @column admit_source VARCHAR: code of the admission source, else its words
-- @column part_of VARCHAR: id of the Encounter that this one is a part of
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  salus_patient AS patient,
  'Encounter' AS resource_type,
  id,
  status,
  class['code'] AS class,
  concept_system(type) AS type_system,
  concept_code(type) AS type_code,
  concept_text(type) AS type_display,
  concept_text("serviceType") AS service_type,
  salus_date AS start,
  fhir_datetime(period['end']) AS "end",
  CAST(fhir_date(period['end']) AS INT) - CAST(fhir_date(period['start']) AS INT) AS length_of_stay_days,
  concept_code("reasonCode") AS reason_code,
  concept_text("reasonCode") AS reason_display,
  reference_id(location[1]['location']['reference'], 'Location') AS location,
  location[1]['location']['display'] AS location_name,
  reference_id("serviceProvider"['reference'], 'Organization') AS provider,
  "serviceProvider"['display'] AS provider_name,
  reference_id(participant[1]['individual']['reference'], 'Practitioner') AS practitioner,
  coalesce(concept_code(hospitalization['dischargeDisposition']), concept_text(hospitalization['dischargeDisposition'])) AS discharge_disposition,
  coalesce(concept_code(hospitalization['admitSource']), concept_text(hospitalization['admitSource'])) AS admit_source,
  reference_id("partOf"['reference'], 'Encounter') AS part_of,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM {Encounter}
