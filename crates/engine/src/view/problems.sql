-- The conditions that are active on the session's day: clinical status active, recurrence or relapse, not refuted or entered in error, begun and not ended. Conditions that state no clinical status are not in it.
-- @column patient VARCHAR: patient key, after merges
-- @column resource_type VARCHAR: always `Condition`
-- @column id VARCHAR: id of the Condition
-- @column coding_index INTEGER: place of the coding, from 0
-- @column system VARCHAR: code system of the coding
-- @column code VARCHAR: code
-- @column display VARCHAR: words of the coding, else the text of the concept
-- @column category VARCHAR: code of the first category
-- @column onset TIMESTAMP: when it began
-- @column recorded TIMESTAMP: when it was recorded
-- @column encounter VARCHAR: id of the Encounter it was recorded in
-- @column source VARCHAR: file the record came from
-- @column source_offset BIGINT: byte at which the record starts in the (decompressed) file
SELECT
  patient, resource_type, id, coding_index, system, code, display, category, onset, recorded,
  encounter, source, source_offset
FROM conditions
WHERE clinical_status IN ('active', 'recurrence', 'relapse')
  AND (verification_status IS NULL OR verification_status NOT IN ('refuted', 'entered-in-error'))
  AND (onset IS NULL OR onset < as_of() + INTERVAL '1' DAY)
  AND (abatement IS NULL OR abatement >= as_of())
