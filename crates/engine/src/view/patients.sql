-- One row per living-on patient: a patient record that was merged into another is not shown here.
-- @reads Patient: gender, birthDate, deceasedBoolean:bool, deceasedDateTime, extension[]{url,valueString,valueCode,valueCoding{code,display},extension[]{url,valueString,valueCoding{code,display}}}, address[]{city,state,postalCode,country,extension[]{url,extension[]{url,valueDecimal:double}}}, communication[]{language{coding[]{code},text}}, name[]{family,given[],text}, maritalStatus{coding[]{code}}
-- @column patient VARCHAR: patient key, the id of the Patient resource; what `patient` in every other view points to
-- @column resource_type VARCHAR: always `Patient`
-- @column id VARCHAR: id of the Patient resource
-- @column family_name VARCHAR: family name of the first name
-- @column given_name VARCHAR: first given name of the first name
-- @column birth_date DATE: date of birth; a partial one gives its first day
-- @column age INTEGER: completed years at the session's day, or at death if that was before
-- @column sex VARCHAR: administrative gender: male, female, other, unknown
-- @column birth_sex VARCHAR: US Core birth sex: F, M, UNK
-- @column race VARCHAR: US Core race in words
-- @column ethnicity VARCHAR: US Core ethnicity in words
-- @column language VARCHAR: code of the first language of communication
-- @column marital_status VARCHAR: code of the marital status
-- @column deceased BOOLEAN: whether the patient is recorded as dead; null only if nothing is recorded either way
-- @column death_date DATE: day of death, where it is recorded
-- @column city VARCHAR: city of the first address
-- @column state VARCHAR: state of the first address, as written
-- @column postal_code VARCHAR: postal code of the first address, as written
-- @column latitude DOUBLE: degrees north of the first address (FHIR geolocation extension)
-- @column longitude DOUBLE: degrees east of the first address
-- @column insured_by VARCHAR: payer on the session's day: of a Coverage in force, else the insurer of the newest claim of the 365 days before; null if neither is known
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
WITH people AS (
  SELECT
    id,
    name[1] AS called,
    fhir_date("birthDate") AS birth_date,
    gender,
    extension,
    communication[1]['language'] AS spoken,
    "maritalStatus" AS marital,
    CASE WHEN "deceasedDateTime" IS NOT NULL THEN true ELSE "deceasedBoolean" END AS deceased,
    fhir_date("deceasedDateTime") AS death_date,
    address[1] AS home,
    source_name(salus_source) AS source,
    salus_offset AS source_offset
  FROM {Patient}
  WHERE survivor(id) = id
),
payers AS (
  SELECT patient, payor, 2 AS rank, start
  FROM coverages
  WHERE status = 'active'
    AND (start IS NULL OR start < as_of() + INTERVAL '1' DAY)
    AND ("end" IS NULL OR "end" >= as_of())
  UNION ALL
  SELECT patient, insurer, 1, service_start
  FROM claims
  WHERE service_start >= as_of() - INTERVAL '365' DAY
    AND service_start < as_of() + INTERVAL '1' DAY
),
insured AS (
  SELECT patient AS insured_patient, last_value(payor ORDER BY rank, start) AS insured_by
  FROM payers
  WHERE payor IS NOT NULL
  GROUP BY patient
)
SELECT
  id AS patient,
  'Patient' AS resource_type,
  id,
  called['family'] AS family_name,
  called['given'][1] AS given_name,
  birth_date,
  age_years(birth_date, CASE WHEN death_date < as_of() THEN death_date ELSE as_of() END) AS age,
  gender AS sex,
  extension_text(extension, 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex') AS birth_sex,
  extension_text(extension, 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race') AS race,
  extension_text(extension, 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity') AS ethnicity,
  concept_code(spoken) AS language,
  concept_code(marital) AS marital_status,
  deceased,
  death_date,
  home['city'] AS city,
  home['state'] AS state,
  home['postalCode'] AS postal_code,
  extension_number(home['extension'], 'http://hl7.org/fhir/StructureDefinition/geolocation', 'latitude') AS latitude,
  extension_number(home['extension'], 'http://hl7.org/fhir/StructureDefinition/geolocation', 'longitude') AS longitude,
  insured_by,
  source,
  source_offset
FROM people
LEFT JOIN insured ON id = insured_patient
