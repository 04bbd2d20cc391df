-- One row per line of a claim or of an adjudicated claim. Amounts by the rules of the function adjudication_amounts.
-- @reads ExplanationOfBenefit: created, billablePeriod{start}, item[]{sequence:int,productOrService{coding[]{system,code,display},text},category{coding[]{code},text},revenue{coding[]{code}},servicedDate,servicedPeriod{start},locationCodeableConcept{coding[]{code},text},quantity{value:double},net{value:double},encounter[]{reference},adjudication[]{category{coding[]{code}},amount{value:double}}}
-- @reads Claim: created, billablePeriod{start}, item[]{sequence:int,productOrService{coding[]{system,code,display},text},category{coding[]{code},text},revenue{coding[]{code}},servicedDate,servicedPeriod{start},locationCodeableConcept{coding[]{code},text},quantity{value:double},net{value:double},encounter[]{reference}}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: Claim or ExplanationOfBenefit
-- @column claim_id VARCHAR: id of that resource; `claims.id`
-- @column kind VARCHAR: claim (as billed) or eob (as adjudicated)
-- @column sequence INTEGER: number of the line, as written
-- @column system VARCHAR: code system of the product or service
-- @column code VARCHAR: first code of the product or service
-- @column display VARCHAR: the product or service in words
-- @column category VARCHAR: code of the line's category
-- @column revenue_code VARCHAR: code of the revenue centre
-- @column place_code VARCHAR: place-of-service code
-- @column service_date TIMESTAMP: when it was served: the line's date, else the claim's start, else when the claim was made
-- @column quantity DOUBLE: how many
-- @column encounter VARCHAR: id of the line's first Encounter
-- @column submitted DOUBLE: amount charged, else the line's net
-- @column allowed DOUBLE: amount the plan allows
-- @column paid DOUBLE: amount the plan paid
-- @column patient_paid DOUBLE: the patient's share
-- @column noncovered DOUBLE: amount not covered
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
WITH lines AS (
  SELECT
    patient, resource_type, claim_id, kind, line, begun, created,
    adjudication_amounts(line['adjudication']) AS amounts, salus_source, salus_offset
  FROM (
    SELECT
      salus_patient AS patient, 'ExplanationOfBenefit' AS resource_type, id AS claim_id, 'eob' AS kind,
      unnest(item) AS line, "billablePeriod"['start'] AS begun, created, salus_source, salus_offset
    FROM {ExplanationOfBenefit}
    WHERE item IS NOT NULL
  )
),
billed AS (
  SELECT
    salus_patient AS patient, 'Claim' AS resource_type, id AS claim_id, 'claim' AS kind,
    unnest(item) AS line, "billablePeriod"['start'] AS begun, created, salus_source, salus_offset
  FROM {Claim}
  WHERE item IS NOT NULL
),
parts AS (
  SELECT
    patient, resource_type, claim_id, kind,
    line['sequence'] AS sequence, line['productOrService'] AS product, line['category'] AS grouped,
    line['revenue'] AS revenue, line['locationCodeableConcept'] AS place,
    line['servicedPeriod']['start'] AS period_start, line['servicedDate'] AS serviced,
    begun, created, line['quantity']['value'] AS quantity, line['encounter'][1]['reference'] AS met,
    coalesce(amounts['submitted'], line['net']['value']) AS submitted,
    amounts['allowed'] AS allowed, amounts['paid'] AS paid,
    amounts['patient_paid'] AS patient_paid, amounts['noncovered'] AS noncovered,
    salus_source, salus_offset
  FROM lines
  UNION ALL
  SELECT
    patient, resource_type, claim_id, kind,
    line['sequence'], line['productOrService'], line['category'],
    line['revenue'], line['locationCodeableConcept'],
    line['servicedPeriod']['start'], line['servicedDate'],
    begun, created, line['quantity']['value'], line['encounter'][1]['reference'],
    line['net']['value'], CAST(NULL AS DOUBLE), CAST(NULL AS DOUBLE), CAST(NULL AS DOUBLE), CAST(NULL AS DOUBLE),
    salus_source, salus_offset
  FROM billed
)
SELECT
  patient, resource_type, claim_id, kind, sequence,
  concept_system(product) AS system,
  concept_code(product) AS code,
  concept_text(product) AS display,
  concept_code(grouped) AS category,
  concept_code(revenue) AS revenue_code,
  concept_code(place) AS place_code,
  coalesce(fhir_datetime(serviced), fhir_datetime(period_start), fhir_datetime(begun), fhir_datetime(created)) AS service_date,
  quantity,
  reference_id(met, 'Encounter') AS encounter,
  submitted, allowed, paid, patient_paid, noncovered,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM parts
