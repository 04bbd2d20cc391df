-- One row per claim (Claim) and per adjudicated claim (ExplanationOfBenefit). Most lakes hold both for one event: count one `kind` only. Amounts by the rules of the function claim_amounts (CARIN Blue Button, HL7 adjudication codes, CMS Blue Button variables); an amount that is not told is null, never 0.
-- @reads ExplanationOfBenefit: status, use, type{coding[]{system,code},text}, subType{coding[]{code},text}, created, billablePeriod{start,end}, provider{reference,display,identifier{value}}, insurer{reference,display,identifier{value}}, insurance[]{coverage{reference,display}}, claim{reference}, outcome, total[]{category{coding[]{code}},amount{value:double,currency}}, adjudication[]{category{coding[]{code}},amount{value:double}}, item[]{net{value:double},servicedDate,servicedPeriod{start,end},locationCodeableConcept{coding[]{code},text},encounter[]{reference},adjudication[]{category{coding[]{code}},amount{value:double}}}, payment{amount{value:double,currency}}
-- @reads Claim: status, use, type{coding[]{system,code},text}, subType{coding[]{code},text}, created, billablePeriod{start,end}, provider{reference,display,identifier{value}}, insurer{reference,display,identifier{value}}, insurance[]{coverage{reference,display}}, total{value:double,currency}, item[]{net{value:double},servicedDate,servicedPeriod{start,end},locationCodeableConcept{coding[]{code},text},encounter[]{reference}}
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: Claim or ExplanationOfBenefit
-- @column id VARCHAR: id of that resource
-- @column kind VARCHAR: claim (as billed) or eob (as adjudicated)
-- @column claim VARCHAR: for an eob, id of the Claim it adjudicates
-- @column status VARCHAR: active, cancelled, draft, entered-in-error
-- @column "use" VARCHAR: claim, preauthorization or predetermination
-- @column type_code VARCHAR: institutional, professional, pharmacy, oral or vision; else the first code of the type
-- @column sub_type_code VARCHAR: code of the sub type, such as inpatient or outpatient
-- @column place_code VARCHAR: place-of-service code of the first item
-- @column created TIMESTAMP: when the claim was made
-- @column service_start TIMESTAMP: start of the billable period, else of the first item's service, else when it was made
-- @column service_end TIMESTAMP: end of the billable period, else of the first item's service
-- @column provider VARCHAR: id of the provider (Practitioner or Organization), else its name or identifier
-- @column provider_name VARCHAR: name of the provider as the claim tells it
-- @column insurer VARCHAR: name of the insurer, else of the coverage, else the insurer's identifier or id
-- @column encounter VARCHAR: id of the Encounter of the first item
-- @column total_submitted DOUBLE: amount charged
-- @column allowed DOUBLE: amount the plan allows, the plan's and the patient's shares together
-- @column paid DOUBLE: amount the plan paid
-- @column patient_paid DOUBLE: the patient's share: member liability, else what the patient paid, else deductible + coinsurance + copay
-- @column noncovered DOUBLE: amount not covered
-- @column currency VARCHAR: currency of the amounts, ISO 4217
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
WITH billed AS (
  SELECT
    salus_patient AS patient, 'ExplanationOfBenefit' AS resource_type, id, 'eob' AS kind,
    reference_id(claim['reference'], 'Claim') AS claim,
    status, "use", type, "subType" AS sub_type, created AS made, "billablePeriod" AS billable,
    provider AS billed_by, insurer AS billed_to, insurance[1]['coverage']['display'] AS covered,
    item[1]['servicedDate'] AS served, item[1]['servicedPeriod'] AS served_period,
    item[1]['locationCodeableConcept'] AS place, item[1]['encounter'][1]['reference'] AS met,
    claim_amounts(total, adjudication, item, payment['amount']['value']) AS amounts,
    coalesce(payment['amount']['currency'], total[1]['amount']['currency']) AS currency,
    salus_source, salus_offset
  FROM {ExplanationOfBenefit}
  UNION ALL
  SELECT
    salus_patient, 'Claim', id, 'claim', NULL,
    status, "use", type, "subType", created, "billablePeriod",
    provider, insurer, insurance[1]['coverage']['display'],
    item[1]['servicedDate'], item[1]['servicedPeriod'],
    item[1]['locationCodeableConcept'], item[1]['encounter'][1]['reference'],
    billed_amounts(total['value'], item),
    total['currency'],
    salus_source, salus_offset
  FROM {Claim}
)
SELECT
  patient, resource_type, id, kind, claim, status, "use",
  coalesce(
    coding_code(type, 'http://terminology.hl7.org/CodeSystem/claim-type'),
    coding_code(type, 'http://hl7.org/fhir/ex-claimtype'),
    concept_code(type)) AS type_code,
  concept_code(sub_type) AS sub_type_code,
  concept_code(place) AS place_code,
  fhir_datetime(made) AS created,
  coalesce(fhir_datetime(billable['start']), fhir_datetime(served_period['start']), fhir_datetime(served), fhir_datetime(made)) AS service_start,
  coalesce(fhir_datetime(billable['end']), fhir_datetime(served_period['end']), fhir_datetime(served)) AS service_end,
  coalesce(reference_id(billed_by['reference']), billed_by['display'], billed_by['identifier']['value']) AS provider,
  billed_by['display'] AS provider_name,
  coalesce(billed_to['display'], covered, billed_to['identifier']['value'], reference_id(billed_to['reference'])) AS insurer,
  reference_id(met, 'Encounter') AS encounter,
  amounts['submitted'] AS total_submitted,
  amounts['allowed'] AS allowed,
  amounts['paid'] AS paid,
  amounts['patient_paid'] AS patient_paid,
  amounts['noncovered'] AS noncovered,
  currency,
  source_name(salus_source) AS source,
  salus_offset AS source_offset
FROM billed
