-- One row per coding of an observation, and one per coding of each of its components: systolic blood pressure (LOINC 8480-6) is found whether it came alone or as a component.
-- @reads Observation: status, category[]{coding[]{code},text}, code{coding[]{system,code,display},text}, valueQuantity{value:double,comparator,unit,code}, valueInteger:int, valueCodeableConcept{coding[]{code,display},text}, valueString, valueBoolean:bool, valueDateTime, valueTime, interpretation[]{coding[]{code},text}, encounter{reference}, component[]{code{coding[]{system,code,display},text},valueQuantity{value:double,comparator,unit,code},valueInteger:int,valueCodeableConcept{coding[]{code,display},text},valueString,valueBoolean:bool,valueDateTime,valueTime,interpretation[]{coding[]{code},text}}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: always `Observation`
-- @column id VARCHAR: id of the Observation
-- @column component_index INTEGER: null for the observation itself, else the place of the component, from 0
-- @column coding_index INTEGER: place of the coding, from 0
-- @column status VARCHAR: final, amended, corrected, preliminary, entered-in-error, …
-- @column category VARCHAR: code of the first category, such as vital-signs or laboratory
-- @column system VARCHAR: code system of the coding, such as LOINC
-- @column code VARCHAR: code
-- @column display VARCHAR: words of the coding, else the text of the concept
-- @column date TIMESTAMP: when it was observed (effective[x], its start), else when it was issued
-- @column value_number DOUBLE: value of a quantity or integer
-- @column value_unit VARCHAR: unit of a quantity: its code (UCUM as a rule), else its words
-- @column value_comparator VARCHAR: `<`, `<=`, `>=`, `>` where the true value lies beyond value_number
-- @column value_code VARCHAR: first code of a coded value
-- @column value_text VARCHAR: value as text: a string, the words of a coded value, a date, true or false
-- @column interpretation VARCHAR: code of the first interpretation, such as H or L
-- @column encounter VARCHAR: id of the Encounter
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
WITH measured AS (
  SELECT
    salus_patient AS patient, id, CAST(NULL AS INT) AS component_index, status,
    concept_code(category) AS category, codings(code) AS codings,
    salus_date AS date,
    coalesce("valueQuantity"['value'], CAST("valueInteger" AS DOUBLE)) AS value_number,
    coalesce("valueQuantity"['code'], "valueQuantity"['unit']) AS value_unit,
    "valueQuantity"['comparator'] AS value_comparator,
    concept_code("valueCodeableConcept") AS value_code,
    coalesce("valueString", concept_text("valueCodeableConcept"), "valueDateTime", "valueTime",
      CAST("valueBoolean" AS VARCHAR)) AS value_text,
    concept_code(interpretation) AS interpretation,
    reference_id(encounter['reference'], 'Encounter') AS encounter,
    salus_source, salus_offset
  FROM {Observation}
  UNION ALL
  SELECT
    patient, id, part['index'], status, category,
    codings(part['item']['code']),
    date,
    coalesce(part['item']['valueQuantity']['value'], CAST(part['item']['valueInteger'] AS DOUBLE)),
    coalesce(part['item']['valueQuantity']['code'], part['item']['valueQuantity']['unit']),
    part['item']['valueQuantity']['comparator'],
    concept_code(part['item']['valueCodeableConcept']),
    coalesce(part['item']['valueString'], concept_text(part['item']['valueCodeableConcept']),
      part['item']['valueDateTime'], part['item']['valueTime'],
      CAST(part['item']['valueBoolean'] AS VARCHAR)),
    concept_code(part['item']['interpretation']),
    encounter, salus_source, salus_offset
  FROM (
    SELECT *, unnest(parts) AS part FROM (
      SELECT
        salus_patient AS patient, id, numbered(component) AS parts, status,
        concept_code(category) AS category,
        salus_date AS date,
        reference_id(encounter['reference'], 'Encounter') AS encounter,
        salus_source, salus_offset
      FROM {Observation}
      WHERE component IS NOT NULL
    )
  )
)
SELECT
  patient, 'Observation' AS resource_type, id, component_index,
  coding['index'] AS coding_index,
  status, category,
  coding['system'] AS system,
  coding['code'] AS code,
  coding['display'] AS display,
  date, value_number, value_unit, value_comparator, value_code, value_text, interpretation, encounter,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM (SELECT *, unnest(codings) AS coding FROM measured)
