-- One row per coding of a medicine that was ordered, reported, dispensed or given. Where a record points to a Medication resource, the codes are that resource's; a mixture without a code has those of each of its ingredients.
-- @reads MedicationRequest: status, intent, medicationCodeableConcept{coding[]{system,code,display},text}, medicationReference{reference,display}, authoredOn, encounter{reference}, dispenseRequest{validityPeriod{start,end}}, dosageInstruction[]{timing{repeat{boundsPeriod{start,end}}}}
-- @reads MedicationStatement: status, medicationCodeableConcept{coding[]{system,code,display},text}, medicationReference{reference,display}, effectiveDateTime, effectivePeriod{start,end}, dateAsserted, context{reference}
-- @reads MedicationDispense: status, medicationCodeableConcept{coding[]{system,code,display},text}, medicationReference{reference,display}, whenHandedOver, whenPrepared, daysSupply{value:double}, context{reference}
-- @reads MedicationAdministration: status, medicationCodeableConcept{coding[]{system,code,display},text}, medicationReference{reference,display}, effectiveDateTime, effectivePeriod{start,end}, context{reference}
-- @reads Medication: code{coding[]{system,code,display},text}, ingredient[]{itemCodeableConcept{coding[]{system,code,display},text},itemReference{reference}}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: MedicationRequest, MedicationStatement, MedicationDispense or MedicationAdministration
-- @column id VARCHAR: id of that resource
-- @column kind VARCHAR: order, statement, dispense or administration
-- @column status VARCHAR: status as written
-- @column intent VARCHAR: intent of an order: proposal, plan, order, …; null for the other kinds
-- @column coding_index INTEGER: place of the coding, from 0
-- @column system VARCHAR: code system of the coding, such as RxNorm
-- @column code VARCHAR: code
-- @column display VARCHAR: words of the coding, else the text of the concept
-- @column start TIMESTAMP: order: when it was written; statement and administration: when taken; dispense: when handed over
-- @column "end" TIMESTAMP: where the record tells one: end of the order's validity or dosing period, of the period taken, of the days supplied
-- @column active BOOLEAN: on the session's day begun and not ended, and status active (or completed or stopped with a known later end); an order must be an order, not a plan or proposal; an administration must be in progress
-- @column encounter VARCHAR: id of the Encounter
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
WITH uses AS (
  SELECT
    salus_patient AS patient, 'MedicationRequest' AS resource_type, id, 'order' AS kind,
    status, intent, "medicationCodeableConcept" AS concept, "medicationReference" AS pointer,
    fhir_datetime("authoredOn") AS start,
    coalesce(
      fhir_datetime("dosageInstruction"[1]['timing']['repeat']['boundsPeriod']['end']),
      fhir_datetime("dispenseRequest"['validityPeriod']['end'])) AS "end",
    reference_id(encounter['reference'], 'Encounter') AS encounter, salus_source, salus_offset
  FROM {MedicationRequest}
  UNION ALL
  SELECT
    salus_patient, 'MedicationStatement', id, 'statement',
    status, NULL, "medicationCodeableConcept", "medicationReference",
    coalesce(fhir_datetime("effectiveDateTime"), fhir_datetime("effectivePeriod"['start']), fhir_datetime("dateAsserted")),
    fhir_datetime("effectivePeriod"['end']),
    reference_id(context['reference'], 'Encounter'), salus_source, salus_offset
  FROM {MedicationStatement}
  UNION ALL
  SELECT
    salus_patient, 'MedicationDispense', id, 'dispense',
    status, NULL, "medicationCodeableConcept", "medicationReference",
    coalesce(fhir_datetime("whenHandedOver"), fhir_datetime("whenPrepared")),
    plus_days(coalesce(fhir_datetime("whenHandedOver"), fhir_datetime("whenPrepared")), "daysSupply"['value']),
    reference_id(context['reference'], 'Encounter'), salus_source, salus_offset
  FROM {MedicationDispense}
  UNION ALL
  SELECT
    salus_patient, 'MedicationAdministration', id, 'administration',
    status, NULL, "medicationCodeableConcept", "medicationReference",
    coalesce(fhir_datetime("effectiveDateTime"), fhir_datetime("effectivePeriod"['start'])),
    fhir_datetime("effectivePeriod"['end']),
    reference_id(context['reference'], 'Encounter'), salus_source, salus_offset
  FROM {MedicationAdministration}
),
coded AS (
  SELECT id AS coded_medicine, code AS part_code FROM {Medication} WHERE code IS NOT NULL
),
parts AS (
  SELECT id AS medicine, unnest(ingredient) AS part
  FROM {Medication}
  WHERE code IS NULL AND ingredient IS NOT NULL
),
medicines AS (
  SELECT id AS medicine, code AS medicine_code
  FROM {Medication}
  WHERE code IS NOT NULL OR ingredient IS NULL
  UNION ALL
  SELECT medicine, concept_or(part['itemCodeableConcept'], part_code)
  FROM parts
  LEFT JOIN coded ON reference_id(part['itemReference']['reference'], 'Medication') = coded_medicine
),
named AS (
  SELECT
    uses.*,
    codings(concept_or(concept, medicine_code)) AS codings,
    pointer['display'] AS pointer_display
  FROM uses LEFT JOIN medicines ON reference_id(pointer['reference'], 'Medication') = medicine
)
SELECT
  patient, resource_type, id, kind, status, intent,
  coding['index'] AS coding_index,
  coding['system'] AS system,
  coding['code'] AS code,
  coalesce(coding['display'], pointer_display) AS display,
  start, "end",
  CASE
    WHEN kind = 'administration' THEN status = 'in-progress'
    WHEN kind = 'order' AND intent IN ('proposal', 'plan', 'option') THEN false
    ELSE status = 'active' OR ("end" IS NOT NULL AND status IN ('completed', 'stopped'))
  END
    AND (start IS NULL OR start < as_of() + INTERVAL '1' DAY)
    AND ("end" IS NULL OR "end" >= as_of()) AS active,
  encounter,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM (SELECT *, unnest(codings) AS coding FROM named)
